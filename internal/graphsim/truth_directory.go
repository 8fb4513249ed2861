package graphsim

import (
	"cmp"
	"slices"
)

// TruthUnit is an administrative unit.
type TruthUnit struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Dynamic     bool   `json:"dynamic"`
	Restricted  bool   `json:"restricted"`
	Hidden      bool   `json:"hidden"` // Members need Member.Read.Hidden.
}

// TruthGroupEligibility is a direct eligibility to become a member or an owner of a group.
type TruthGroupEligibility struct {
	GroupID   string         `json:"groupId"`
	Access    string         `json:"accessId"` // One of member and owner.
	Principal TruthPrincipal `json:"principal"`
	Start     string         `json:"startDateTime"`
	End       string         `json:"endDateTime"`
}

// TruthDevice is a device.
type TruthDevice struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Enabled     bool   `json:"accountEnabled"`
}

// truthDirectory states what there is beside users, groups, applications and roles.
func (t *Tenant) truthDirectory(out *Truth) {
	t.each(KindAdministrativeUnit, func(i int, id string) {
		f := t.units[i].flags
		out.AdministrativeUnits = append(out.AdministrativeUnits, TruthUnit{
			ID: id, DisplayName: t.unitName(i), Dynamic: f&unitDynamic != 0, Restricted: f&unitRestricted != 0, Hidden: f&unitHidden != 0,
		})
		out.UnitMembers = t.appendEdges(out.UnitMembers, id, t.units[i].members)
	})
	t.each(KindDevice, func(i int, id string) {
		out.Devices = append(out.Devices, TruthDevice{ID: id, DisplayName: deviceName(t, i), Enabled: deviceEnabled(i)})
		out.DeviceOwners = t.appendEdges(out.DeviceOwners, id, t.deviceOwners(i))
	})
	t.each(KindServicePrincipal, func(i int, id string) { out.Sponsors = t.appendEdges(out.Sponsors, id, t.sps[i].sponsors) })
	for _, r := range t.binnedUsers() {
		out.DeletedUsers = append(out.DeletedUsers, t.truthUser(r.index()))
	}
	for i, a := range t.eligibilities {
		if own := makeRef(kindRoleEligibility, i); t.live(own) {
			out.RoleEligibilities = append(out.RoleEligibilities, t.truthRoleAssignment(own, a))
		}
	}
	t.each(KindGroupEligibilityInstance, func(i int, _ string) {
		row := t.groupEligible.rows[i]
		if row.via == 0 && !row.unknown {
			own := makeRef(KindGroupEligibilityInstance, i)
			out.GroupEligibilities = append(out.GroupEligibilities, TruthGroupEligibility{
				GroupID: t.id(groupRef(int(row.group))), Access: row.access(), Principal: t.truthPrincipal(row.principal),
				Start: t.startOf(own, row.term, row.given), End: t.endOf(own, row.term, row.given),
			})
		}
	})
	t.truthEffective(out)
}

func (t *Tenant) truthEffective(out *Truth) {
	out.EffectiveScopedRoles = t.roleHolders(KindRoleAssignment, t.assignments, func(a roleAssignment) bool { return a.scope != 0 })
	out.EffectiveEligible = t.roleHolders(kindRoleEligibility, t.eligibilities, func(roleAssignment) bool { return true })
	out.EffectiveGroupEligibilities = t.groupEligibleHolders()
}

// truthRoleAssignment states an assignment or eligibility; own is the reference its dates come from.
func (t *Tenant) truthRoleAssignment(own Ref, a roleAssignment) TruthRoleAssignment {
	row := TruthRoleAssignment{
		RoleID: t.roles[a.role].id.String(), Scope: t.scopeID(a.scope), Principal: TruthPrincipal{ID: t.principalID(a)},
		AssignmentType: a.term.truth(), Start: t.startOf(own, a.term, a.given), End: t.endOf(own, a.term, a.given),
	}
	if a.principal != 0 && t.live(a.principal) {
		row.Principal = t.truthPrincipal(a.principal)
	}
	if a.scope != 0 && t.live(a.scope) {
		row.ScopeType, row.ScopeObjectID = t.model.of(a.scope.Kind()).name, t.id(a.scope)
	}
	return row
}

func compareRoleAssignments(a, b TruthRoleAssignment) int {
	return cmp.Or(cmp.Compare(a.RoleID, b.RoleID), cmp.Compare(a.Scope, b.Scope), comparePrincipals(a.Principal, b.Principal))
}

func (t *Truth) sortDirectory() {
	slices.SortFunc(t.AdministrativeUnits, func(a, b TruthUnit) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.Devices, func(a, b TruthDevice) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.DeletedUsers, func(a, b TruthUser) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.RoleEligibilities, compareRoleAssignments)
	slices.SortFunc(t.GroupEligibilities, func(a, b TruthGroupEligibility) int {
		return cmp.Or(cmp.Compare(a.GroupID, b.GroupID), cmp.Compare(a.Access, b.Access), comparePrincipals(a.Principal, b.Principal))
	})
	for _, edges := range [][]TruthEdge{t.UnitMembers, t.DeviceOwners, t.Sponsors} {
		slices.SortFunc(edges, compareEdges)
	}
	for _, access := range [][]TruthAccess{t.EffectiveScopedRoles, t.EffectiveEligible, t.EffectiveGroupEligibilities} {
		slices.SortFunc(access, compareAccess)
	}
}
