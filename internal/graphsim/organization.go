package graphsim

func newOrganizationType() *entityType {
	return newEntityType(
		entityType{name: "organization", kind: KindOrganization},
		[]property{
			idProperty(KindOrganization),
			value("assignedPlans", edmComplexes, inDefault, func(t *Tenant, _ int) any { return t.assignedPlans() }),
			list("businessPhones", inDefault, func(*Tenant, int) []string { return []string{"+1 425 555 0100"} }),
			text("city", inDefault, func(*Tenant, int) string { return "Redmond" }),
			text("countryLetterCode", inDefault, func(*Tenant, int) string { return "US" }),
			date("createdDateTime", inDefault, func(*Tenant, int) string { return "2015-05-04T09:00:00Z" }),
			text("displayName", inDefault, func(*Tenant, int) string { return "Contoso" }),
			date("onPremisesLastSyncDateTime", inDefault, func(*Tenant, int) string { return "2026-10-30T02:00:00Z" }),
			flag("onPremisesSyncEnabled", inDefault, func(*Tenant, int) bool { return true }),
			text("preferredLanguage", inDefault, func(*Tenant, int) string { return "en" }),
			list("technicalNotificationMails", inDefault, func(*Tenant, int) []string { return []string{"ops@" + mailDomain} }),
			text("tenantType", inDefault, func(t *Tenant, _ int) string { return t.tenantType() }),
			value("verifiedDomains", edmComplexes, inDefault, func(t *Tenant, _ int) any {
				return []verifiedDomain{
					{Capabilities: "Email, OfficeCommunicationsOnline", IsInitial: true, Name: t.Domain(), Type: "Managed"},
					{Capabilities: "Email", IsDefault: true, Name: mailDomain, Type: "Managed"},
				}
			}),
		},
		unset(edmString, inDefault, "country defaultUsageLocation postalCode state street partnerTenantType"),
		unset(edmString, 0, "mobileDeviceManagementAuthority"),
		unset(edmDate, inDefault, "deletedDateTime"),
		unset(edmStrings, inDefault, "marketingNotificationEmails securityComplianceNotificationMails securityComplianceNotificationPhones"),
		unset(edmComplex, inDefault, "privacyProfile"),
		unset(edmComplexes, inDefault, "provisionedPlans"),
	)
}

type verifiedDomain struct {
	Capabilities string `json:"capabilities"`
	IsDefault    bool   `json:"isDefault"`
	IsInitial    bool   `json:"isInitial"`
	Name         string `json:"name"`
	Type         string `json:"type"`
}

type assignedPlan struct {
	Assigned string `json:"assignedDateTime"`
	Status   string `json:"capabilityStatus"`
	Service  string `json:"service"`
	PlanID   string `json:"servicePlanId"`
}
