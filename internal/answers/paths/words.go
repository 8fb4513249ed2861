package paths

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// The pages of Microsoft's that the rules rest on, where no role's page says it.
const (
	pageRoles        = "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference"
	pageEligible     = "https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-activate-role"
	pageRoleGroups   = "https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept"
	pagePIMGroups    = "https://learn.microsoft.com/entra/id-governance/privileged-identity-management/concept-pim-for-groups"
	pageGroupOwners  = "https://learn.microsoft.com/entra/fundamentals/users-default-permissions#object-ownership"
	pageAppOwners    = "https://learn.microsoft.com/entra/fundamentals/users-default-permissions#object-ownership"
	pageBlueprints   = "https://learn.microsoft.com/entra/agent-id/identity-platform/agent-blueprint"
	pageRestricted   = "https://learn.microsoft.com/entra/identity/role-based-access-control/admin-units-restricted-management"
	pageCertificates = "https://learn.microsoft.com/entra/identity/authentication/concept-certificate-based-authentication"
	pageSync         = "https://learn.microsoft.com/entra/identity/hybrid/connect/reference-connect-accounts-permissions"
	pageMembers      = "https://learn.microsoft.com/entra/fundamentals/concept-learn-about-groups"
	pagePackages     = "https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-resources"
	pageCatalogs     = "https://learn.microsoft.com/entra/id-governance/entitlement-management-delegate"
	pageRequests     = "https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-request-policy"
)

// rules are what each kind of step means, and where Microsoft says so.
var rules = map[Edge]struct{ why, page string }{
	EdgeHoldsRole:        {"holds the directory role", pageRoles},
	EdgeEligibleRole:     {"can activate the directory role", pageEligible},
	EdgeMember:           {"is in the group", pageMembers},
	EdgeEligibleMember:   {"can activate being in the group", pagePIMGroups},
	EdgeOwnsGroup:        {"owns the group, and decides who is in it", pageGroupOwners},
	EdgeEligibleOwner:    {"can activate owning the group, and then decides who is in it", pagePIMGroups},
	EdgeManagesMembers:   {"decides who is in the group", pageRoleGroups},
	EdgeOwnsApplication:  {"owns the application, adds a credential to it, and acts as it", pageAppOwners},
	EdgeOwnsRegistration: {"owns the application's registration, adds a credential to it, and acts as the application", pageAppOwners},
	EdgeAddsCredential:   {"adds a credential to the application, or an owner who can, and acts as it", pageRoles},
	EdgeBlueprint:        {"is the agent's blueprint, with whose credentials the agent signs in", pageBlueprints},
	EdgeResets:           {"gives the person a new password or another way to sign in, and acts as them", powers.ResetsPage},
	EdgeTrustsAuthority:  {"has the tenant trust a certificate authority, and signs in with a certificate for the person", pageCertificates},
	EdgeFederates:        {"has the person's domain signed in by a service of its own, and acts as them", pageRoles},
	EdgeSynchronizes:     {"writes the passwords of people from on premises, and acts as the person", pageSync},
	EdgeGivesRole:        {"gives the directory role", pageRoles},
	EdgeLiftsRestriction: {"gives power over the restricted administrative unit, or takes the object out of it", pageRestricted},
	EdgePackageGives:     {"gives it to whom it is delivered", pagePackages},
	EdgeManagesPackage:   {"manages the access package, and gives it to themselves", pageCatalogs},
	EdgeAsksForPackage:   {"may ask for the access package", pageRequests},
}

// why is what the step says to people, and the page that it rests on.
func (w *search) why(v *visit) (string, string) {
	rule := rules[v.edge]
	why, page := rule.why+v.note, rule.page
	switch {
	case v.power != nil && v.edge != EdgeLiftsRestriction && given(v):
		return "gives itself any permission (" + v.power.Value + "), and with one " + why, v.power.Page
	case v.power != nil:
		return why + " (" + v.power.Value + ")", v.power.Page
	case v.Type == access.TypeRole || v.Type == access.TypeScopedRole:
		id, _, scoped := strings.Cut(v.ID, "@")
		if v.edge == EdgeResets && scoped {
			page = powers.UnitResetsPage
		}
		if page == pageRoles || v.edge == EdgeManagesMembers {
			page = powers.RolePage(id)
		}
		return "lets its holders act: each " + why, page
	case v.edge == EdgeOwnsGroup && w.index.assignable[w.visits[v.next].ID]:
		return why, pageRoleGroups
	default:
		return why, page
	}
}

// given reports whether the step rests on giving oneself another permission.
func given(v *visit) bool {
	for _, ability := range v.power.Abilities {
		if ability == powers.GivesPermissions {
			return true
		}
	}
	return false
}
