package expect

import "github.com/conductorone/baton-azure-ad/internal/sim/graphsim"

// Unused are the applications that take part in nothing, by the tenant's own
// account.
func Unused(truth *graphsim.Truth) map[string]bool {
	used := map[string]bool{}
	for _, edges := range [][]graphsim.TruthEdge{truth.Members, truth.GroupOwners, truth.ApplicationOwners, truth.RegistrationOwners, truth.UnitMembers} {
		for _, e := range edges {
			used[e.Principal.ID] = true
		}
	}
	for _, a := range truth.AppRoleAssignments {
		used[a.ResourceID], used[a.Principal.ID] = true, true
	}
	for _, rows := range [][]graphsim.TruthRoleAssignment{truth.RoleAssignments, truth.RoleEligibilities} {
		for _, a := range rows {
			used[a.Principal.ID] = true
		}
	}
	for _, c := range truth.Consents {
		used[c.ClientID] = true
	}
	for _, c := range truth.Credentials {
		used[c.OwnerID] = true
	}
	found := map[string]bool{}
	for _, sp := range truth.ServicePrincipals {
		if sp.Kind == "application" && !used[sp.ID] {
			found[sp.ID] = true
		}
	}
	return found
}
