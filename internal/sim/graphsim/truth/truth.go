// Package truth states what is true of a directory, in words of its own, so that a test can compare a snapshot with it.
// It reads the directory and nothing above it: what Graph hides, caps or shows otherwise does not change the truth.
package truth

import (
	"cmp"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/agents"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

func each(t *directory.Tenant, k directory.Kind, visit func(i int, id string)) {
	for i := range t.Count(k) {
		if r := directory.MakeRef(k, i); t.Live(r) {
			visit(i, t.IDOf(r))
		}
	}
}

// PrincipalOf is an object as the truth names it.
func PrincipalOf(t *directory.Tenant, r directory.Ref) Principal {
	return Principal{Type: t.Model.Of(r.Kind()).Name, ID: t.IDOf(r)}
}

func truthUsers(t *directory.Tenant, out *Statement) {
	each(t, directory.KindUser, func(i int, _ string) { out.Users = append(out.Users, truthUser(t, i)) })
}

func truthUser(t *directory.Tenant, i int) User {
	u := User{
		ID: t.IDOf(directory.UserRef(i)), UPN: t.UserSignInName(i), DisplayName: t.TextOf(directory.UserRef(i), "displayName"), Mail: t.TextOf(directory.UserRef(i), "mail"),
		Enabled: t.Enabled(i), UserType: t.TextOf(directory.UserRef(i), "userType"), ExternalState: t.TextOf(directory.UserRef(i), "externalUserState"),
		Agent:  schema.UserDerivedType(t, i) == schema.AgentUserType,
		Synced: t.FlagOf(directory.UserRef(i), "onPremisesSyncEnabled"), EmployeeID: t.TextOf(directory.UserRef(i), "employeeId"),
		ProxyAddresses: t.ListOf(directory.UserRef(i), "proxyAddresses"), OtherMails: t.ListOf(directory.UserRef(i), "otherMails"),
	}
	if m, ok := t.Manager(i); ok {
		u.ManagerID = t.IDOf(m)
	}
	if u.Agent {
		u.AgentID = t.TextOf(directory.UserRef(i), "identityParentId")
	}
	truthPerson(t, &u, i)
	return u
}

func truthGroups(t *directory.Tenant, out *Statement) {
	each(t, directory.KindGroup, func(i int, id string) {
		f := t.Groups[i].Flags
		g := Group{
			ID: id, DisplayName: t.GroupName(i), Description: t.TextOf(directory.GroupRef(i), "description"), Dynamic: f&directory.FlagDynamic != 0, Synced: f&directory.FlagSynced != 0,
			ExchangeManaged: f.ExchangeManaged(), Unified: f&directory.FlagUnified != 0, RoleAssignable: f&directory.FlagRoleAssignable != 0,
			Hidden: f&directory.FlagHidden != 0, OwnersReadable: f.OwnersReadable(),
			Visibility: t.TextOf(directory.GroupRef(i), "visibility"), MembershipRule: t.TextOf(directory.GroupRef(i), "membershipRule"),
		}
		truthGroup(t, &g, i)
		out.Groups = append(out.Groups, g)
		out.Members = appendEdges(t, out.Members, id, t.Groups[i].Members)
		out.GroupOwners = appendEdges(t, out.GroupOwners, id, t.Groups[i].Owners)
	})
}

func appendEdges(t *directory.Tenant, edges []Edge, id string, ends []directory.Ref) []Edge {
	for _, r := range ends {
		if t.Live(r) {
			edges = append(edges, Edge{ObjectID: id, Principal: PrincipalOf(t, r)})
		}
	}
	return edges
}

func truth(k directory.SPKind) string {
	switch k {
	case directory.SPManagedIdentity:
		return "managed_identity"
	case directory.SPAgentIdentity, directory.SPAgentBlueprint:
		return "agent_identity"
	default:
		return "application"
	}
}

func truthServicePrincipals(t *directory.Tenant, out *Statement) {
	each(t, directory.KindServicePrincipal, func(i int, id string) {
		s := t.SPs[i]
		row := ServicePrincipal{
			ID: id, AppID: t.AppID(i), DisplayName: t.SPName(i), Kind: truth(s.Kind), Enabled: !s.Disabled, OwnerTenant: schema.SPOwnerTenant(t, i),
			AssignmentNeeded: s.AssignmentRequired, AlternativeNames: schema.SPAlternativeNames(t, i),
			Blueprint: s.Kind == directory.SPAgentBlueprint, SecurityAttributes: truthAttributes(t, directory.SPRef(i)),
		}
		if s.Kind == directory.SPAgentIdentity {
			row.BlueprintID = t.IDOf(agents.BlueprintOf(t, i))
		}
		for _, r := range s.Roles {
			if r.Dropped {
				continue
			}
			row.AppRoles = append(row.AppRoles, AppRole{ID: r.ID.String(), Value: r.Value, Enabled: !r.Disabled})
		}
		row.DefaultAccessOnly = len(row.AppRoles) == 0
		out.ServicePrincipals = append(out.ServicePrincipals, row)
		out.ApplicationOwners = appendEdges(t, out.ApplicationOwners, id, s.Owners)
	})
	each(t, directory.KindAppRoleAssignment, func(i int, _ string) {
		a := t.AppAssigned[i]
		if t.Dropped(a) {
			return
		}
		out.AppRoleAssignments = append(out.AppRoleAssignments, AppRoleAssignment{
			ResourceID: t.IDOf(directory.SPRef(int(a.Resource))), AppRoleID: t.RoleID(a), Principal: PrincipalOf(t, a.Principal),
		})
	})
}

func truthRoles(t *directory.Tenant, out *Statement) {
	each(t, directory.KindRoleDefinition, func(i int, id string) {
		d := t.Roles[i]
		out.RoleDefinitions = append(out.RoleDefinitions, Role{ID: id, DisplayName: d.Name, BuiltIn: d.BuiltIn, Enabled: !d.Disabled})
	})
	each(t, directory.KindRoleAssignment, func(i int, _ string) {
		if !schema.OfPartner(t.Assignments[i].Principal) {
			out.RoleAssignments = append(out.RoleAssignments, truthRoleAssignment(t, directory.MakeRef(directory.KindRoleAssignment, i), t.Assignments[i]))
		}
	})
	truthPartners(t, out)
}

func comparePrincipals(a, b Principal) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
}

func compareEdges(a, b Edge) int {
	return cmp.Or(cmp.Compare(a.ObjectID, b.ObjectID), comparePrincipals(a.Principal, b.Principal))
}

func compareAccess(a, b Access) int {
	return cmp.Or(cmp.Compare(a.ObjectID, b.ObjectID), cmp.Compare(a.RoleID, b.RoleID))
}

func (t *Statement) sort() {
	t.sortApplications()
	t.sortLicenses()
	slices.SortFunc(t.Users, func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.Groups, func(a, b Group) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.ServicePrincipals, func(a, b ServicePrincipal) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.RoleDefinitions, func(a, b Role) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.AppRoleAssignments, func(a, b AppRoleAssignment) int {
		return cmp.Or(cmp.Compare(a.ResourceID, b.ResourceID), cmp.Compare(a.AppRoleID, b.AppRoleID), comparePrincipals(a.Principal, b.Principal))
	})
	slices.SortFunc(t.RoleAssignments, compareRoleAssignments)
	slices.SortFunc(t.PartnerRoleAssignments, func(a, b PartnerRole) int { return cmp.Compare(a.PrincipalID, b.PrincipalID) })
	for _, edges := range [][]Edge{t.Members, t.GroupOwners, t.ApplicationOwners} {
		slices.SortFunc(edges, compareEdges)
	}
	for _, access := range [][]Access{t.EffectiveMembers, t.EffectiveRoles, t.EffectiveAppRoles} {
		slices.SortFunc(access, compareAccess)
	}
}
