package graphsim

// listDomains lists the domains of the tenant, one of which nobody has verified (domain-list).
func (c *call) listDomains() (reply, error) {
	row := func(name string, initial, preferred, verified bool) map[string]any {
		return map[string]any{
			"id": name, "authenticationType": "Managed", "availabilityStatus": nil, "isAdminManaged": true, "isDefault": preferred, "isInitial": initial,
			"isRoot": true, "isVerified": verified, "supportedServices": []string{"Email", "OfficeCommunicationsOnline"}, "model": nil, "manufacturer": nil,
			"passwordNotificationWindowInDays": 14, "passwordValidityPeriodInDays": 90, "state": nil,
		}
	}
	return c.plainRows("domains", []map[string]any{
		row(c.tenant.Domain(), true, false, true), row(mailDomain, false, true, true), row("unverified.contoso.com", false, false, false),
	})
}
