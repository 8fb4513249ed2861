package schema

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func newOrganizationType() *directory.EntityType {
	return directory.NewEntityType(
		directory.EntityType{Name: "organization", Kind: directory.KindOrganization},
		[]directory.Property{
			idProperty(directory.KindOrganization),
			value("assignedPlans", directory.EDMComplexes, directory.InDefault, func(t *directory.Tenant, _ int) any { return assignedPlans(t) }),
			list("businessPhones", directory.InDefault, func(*directory.Tenant, int) []string { return []string{"+1 425 555 0100"} }),
			text("city", directory.InDefault, func(*directory.Tenant, int) string { return "Redmond" }),
			text("countryLetterCode", directory.InDefault, func(*directory.Tenant, int) string { return "US" }),
			date("createdDateTime", directory.InDefault, func(*directory.Tenant, int) string { return "2015-05-04T09:00:00Z" }),
			text("displayName", directory.InDefault, func(*directory.Tenant, int) string { return "Contoso" }),
			date("onPremisesLastSyncDateTime", directory.InDefault, func(*directory.Tenant, int) string { return "2026-10-30T02:00:00Z" }),
			flag("onPremisesSyncEnabled", directory.InDefault, func(*directory.Tenant, int) bool { return true }),
			text("preferredLanguage", directory.InDefault, func(*directory.Tenant, int) string { return "en" }),
			list("technicalNotificationMails", directory.InDefault, func(*directory.Tenant, int) []string { return []string{"ops@" + directory.MailDomain} }),
			text("tenantType", directory.InDefault, func(t *directory.Tenant, _ int) string { return tenantType(t) }),
			value("verifiedDomains", directory.EDMComplexes, directory.InDefault, func(t *directory.Tenant, _ int) any {
				return []verifiedDomain{
					{Capabilities: "Email, OfficeCommunicationsOnline", IsInitial: true, Name: t.Domain(), Type: "Managed"},
					{Capabilities: "Email", IsDefault: true, Name: directory.MailDomain, Type: "Managed"},
				}
			}),
		},
		unset(directory.EDMString, directory.InDefault, "country defaultUsageLocation postalCode state street partnerTenantType"),
		unset(directory.EDMString, 0, "mobileDeviceManagementAuthority"),
		unset(directory.EDMDate, directory.InDefault, "deletedDateTime"),
		unset(directory.EDMStrings, directory.InDefault, "marketingNotificationEmails securityComplianceNotificationMails securityComplianceNotificationPhones"),
		unset(directory.EDMComplex, directory.InDefault, "privacyProfile"),
		unset(directory.EDMComplexes, directory.InDefault, "provisionedPlans"),
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

const (
	planService  = "AADPremiumService"
	PlanEnabled  = "Enabled"
	PlanDeleted  = "Deleted"
	planAssigned = "2020-01-01T00:00:00Z"
	PlanIDP1     = "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
	PlanIDP2     = "eec0eb4f-6444-4f95-aba0-50c24d67f998"
)

// assignedPlans are the service plans the organization shows (product names and service plan identifiers). P2 stays
// in the list when it ends, as a deleted plan, while P1 leaves it.
func assignedPlans(t *directory.Tenant) []assignedPlan {
	out := []assignedPlan{}
	if t.Plans&directory.PlanP1 != 0 {
		out = append(out, assignedPlan{Assigned: planAssigned, Status: PlanEnabled, Service: planService, PlanID: PlanIDP1})
	}
	p2 := assignedPlan{Assigned: planAssigned, Status: PlanEnabled, Service: planService, PlanID: PlanIDP2}
	if t.Plans&directory.PlanP2 == 0 {
		p2.Status = PlanDeleted
	}
	return append(out, p2)
}
