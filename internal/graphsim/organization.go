package graphsim

func newOrganizationType() *entityType {
	return newEntityType(
		entityType{name: "organization", kind: KindOrganization},
		[]property{
			idProperty(KindOrganization),
			value("assignedPlans", edmComplexes, inDefault, func(*Tenant, int) any { return tenantPlans }),
			list("businessPhones", inDefault, func(*Tenant, int) []string { return []string{"+1 425 555 0100"} }),
			text("city", inDefault, func(*Tenant, int) string { return "Redmond" }),
			text("countryLetterCode", inDefault, func(*Tenant, int) string { return "US" }),
			date("createdDateTime", inDefault, func(*Tenant, int) string { return "2015-05-04T09:00:00Z" }),
			text("displayName", inDefault, func(*Tenant, int) string { return "Contoso" }),
			date("onPremisesLastSyncDateTime", inDefault, func(*Tenant, int) string { return "2026-10-30T02:00:00Z" }),
			flag("onPremisesSyncEnabled", inDefault, func(*Tenant, int) bool { return true }),
			text("preferredLanguage", inDefault, func(*Tenant, int) string { return "en" }),
			list("technicalNotificationMails", inDefault, func(*Tenant, int) []string { return []string{"ops@" + mailDomain} }),
			text("tenantType", inDefault, func(*Tenant, int) string { return "AAD" }),
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

// tenantPlans are Entra ID P1 and P2 (product names and service plan identifiers).
var tenantPlans = []assignedPlan{
	{Assigned: "2020-01-01T00:00:00Z", Status: "Enabled", Service: "AADPremiumService", PlanID: "41781fb2-bc02-4b7c-bd55-b576c07bb09d"},
	{Assigned: "2020-01-01T00:00:00Z", Status: "Enabled", Service: "AADPremiumService", PlanID: "eec0eb4f-6444-4f95-aba0-50c24d67f998"},
}
