package truth

import (
	"cmp"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// truthPartners lists what principals of other tenants hold.
func truthPartners(t *directory.Tenant, out *Statement) {
	each(t, directory.KindRoleAssignment, func(i int, _ string) {
		if a := t.Assignments[i]; schema.OfPartner(a.Principal) {
			out.PartnerRoleAssignments = append(out.PartnerRoleAssignments, PartnerRole{
				RoleID: t.Roles[a.Role].ID.String(), Scope: t.ScopeID(a.Scope), PrincipalID: t.IDOf(a.Principal),
				PrincipalType: t.Model.Of(a.Principal.Kind()).Name, TenantID: partnerTenant(t, a.Principal), Name: partnerName(t, a.Principal),
			})
		}
	})
}

func partnerTenant(t *directory.Tenant, r directory.Ref) string {
	if r.Kind() == directory.KindRemoteTenantGroup {
		return schema.ManagingTenant(t)
	}
	return directory.GalleryTenant
}

func partnerName(t *directory.Tenant, r directory.Ref) string {
	if r.Kind() == directory.KindRemoteTenantGroup {
		return schema.RemoteGroupName(t, r.Index())
	}
	return schema.PartnerName(t, r.Index())
}

// truthDirectory states what there is beside users, groups, applications and roles.
func truthDirectory(t *directory.Tenant, out *Statement) {
	each(t, directory.KindAdministrativeUnit, func(i int, id string) {
		f := t.Units[i].Flags
		out.AdministrativeUnits = append(out.AdministrativeUnits, Unit{
			ID: id, DisplayName: t.UnitName(i), Dynamic: f&directory.UnitFlagDynamic != 0, Restricted: f&directory.UnitFlagRestricted != 0, Hidden: f&directory.UnitFlagHidden != 0,
		})
		out.UnitMembers = appendEdges(t, out.UnitMembers, id, t.Units[i].Members)
	})
	each(t, directory.KindDevice, func(i int, id string) {
		out.Devices = append(out.Devices, Device{ID: id, DisplayName: schema.DeviceName(t, i), Enabled: schema.DeviceEnabled(i)})
		out.DeviceOwners = appendEdges(t, out.DeviceOwners, id, schema.DeviceOwners(t, i))
	})
	each(t, directory.KindUser, func(i int, id string) { out.UserSponsors = appendEdges(t, out.UserSponsors, id, t.Written.Sponsors[i]) })
	each(t, directory.KindServicePrincipal, func(i int, id string) {
		out.Provisioned = appendEdges(t, out.Provisioned, id, t.Written.Jobs[directory.SPRef(i)].Provisioned)
	})
	each(t, directory.KindServicePrincipal, func(i int, id string) { out.Sponsors = appendEdges(t, out.Sponsors, id, t.SPs[i].Sponsors) })
	for _, r := range t.BinnedUsers() {
		out.DeletedUsers = append(out.DeletedUsers, truthUser(t, r.Index()))
	}
	for i, a := range t.Eligibilities {
		if own := directory.MakeRef(directory.KindRoleEligibility, i); t.Live(own) {
			out.RoleEligibilities = append(out.RoleEligibilities, truthRoleAssignment(t, own, a))
		}
	}
	each(t, directory.KindGroupEligibilityInstance, func(i int, _ string) {
		row := t.GroupEligible.Rows[i]
		if row.Via == 0 && !row.Unknown {
			own := directory.MakeRef(directory.KindGroupEligibilityInstance, i)
			out.GroupEligibilities = append(out.GroupEligibilities, GroupEligibility{
				GroupID: t.IDOf(directory.GroupRef(int(row.Group))), Access: row.Access(), Principal: PrincipalOf(t, row.Principal),
				Start: t.StartOf(own, row.Term, row.Given), End: t.EndOf(own, row.Term, row.Given),
			})
		}
	})
	truthEffective(t, out)
	truthActivations(t, out)
	truthInherited(t, out)
	truthConsented(t, out)
	truthChannels(t, out)
}

func truthEffective(t *directory.Tenant, out *Statement) {
	out.EffectiveScopedRoles = roleHolders(t, directory.KindRoleAssignment, t.Assignments, func(a directory.RoleAssignment) bool { return a.Scope != 0 })
	out.EffectiveEligible = roleHolders(t, directory.KindRoleEligibility, t.Eligibilities, func(directory.RoleAssignment) bool { return true })
	out.EffectiveGroupEligibilities = groupEligibleHolders(t)
}

// truthRoleAssignment states an assignment or eligibility; own is the reference its dates come from.
func truthRoleAssignment(t *directory.Tenant, own directory.Ref, a directory.RoleAssignment) RoleAssignment {
	row := RoleAssignment{
		RoleID: t.Roles[a.Role].ID.String(), Scope: t.ScopeID(a.Scope), Principal: Principal{ID: t.PrincipalID(a)},
		AssignmentType: a.Term.Truth(), Start: t.StartOf(own, a.Term, a.Given), End: t.EndOf(own, a.Term, a.Given),
	}
	if a.Principal != 0 && t.Live(a.Principal) {
		row.Principal = PrincipalOf(t, a.Principal)
	}
	if directory.IsAttributeSet(a.Scope) {
		row.ScopeType, row.ScopeObjectID = "attributeSet", strings.ToLower(directory.AttributeSetName(a.Scope))
	} else if a.Scope != 0 && t.Live(a.Scope) {
		row.ScopeType, row.ScopeObjectID = t.Model.Of(a.Scope.Kind()).Name, t.IDOf(a.Scope)
	}
	return row
}

func compareRoleAssignments(a, b RoleAssignment) int {
	return cmp.Or(cmp.Compare(a.RoleID, b.RoleID), cmp.Compare(a.Scope, b.Scope), comparePrincipals(a.Principal, b.Principal))
}

func (t *Statement) sortDirectory() {
	slices.SortFunc(t.AdministrativeUnits, func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.Inherited, compareInherited)
	slices.SortFunc(t.Devices, func(a, b Device) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.DeletedUsers, func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.RoleEligibilities, compareRoleAssignments)
	slices.SortFunc(t.Activations, func(a, b Activation) int {
		return cmp.Or(cmp.Compare(a.RoleID, b.RoleID), cmp.Compare(a.GroupID, b.GroupID), cmp.Compare(a.Access, b.Access))
	})
	slices.SortFunc(t.GroupEligibilities, func(a, b GroupEligibility) int {
		return cmp.Or(cmp.Compare(a.GroupID, b.GroupID), cmp.Compare(a.Access, b.Access), comparePrincipals(a.Principal, b.Principal))
	})
	for _, edges := range [][]Edge{t.UnitMembers, t.DeviceOwners, t.Sponsors, t.UserSponsors, t.Provisioned} {
		slices.SortFunc(edges, compareEdges)
	}
	for _, access := range [][]Access{t.EffectiveScopedRoles, t.EffectiveEligible, t.EffectiveGroupEligibilities} {
		slices.SortFunc(access, compareAccess)
	}
}
