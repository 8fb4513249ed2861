package generate

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// Orphans are principals that no longer exist and of whom nothing but an id in an assignment is left.
const (
	orphanAssigned = 1
	orphanEligible = 3
)

// generateEligibilities makes who may activate which directory role. It follows the role assignments: what is
// activated has to be eligible.
func generateEligibilities(t *directory.Tenant) {
	custom := len(directory.BuiltInRoles)
	t.Eligibilities = []directory.RoleAssignment{
		{Role: directory.RoleGlobalAdministrator, Principal: directory.UserRef(directory.UserPlain)},
		{Role: directory.RoleGlobalAdministrator, Principal: directory.GroupRef(directory.GroupRoleAssignable), Term: directory.TimeBound},
		{Role: directory.RoleGlobalReader, Principal: t.Groups[directory.GroupRoleAssignable].Members[1]}, // Eligible for what the group gives anyway.
		{Role: directory.RoleUserAdministrator, Principal: directory.UserRef(directory.UserPlain), Scope: directory.UnitRef(directory.UnitDynamic), Term: directory.TimeBound},
		{Role: directory.RoleHelpdeskAdministrator, Principal: directory.GroupRef(directory.GroupRoleAssignableApps), Scope: directory.UnitRef(directory.UnitLarge)},
		{Role: directory.RoleHelpdeskAdministrator, Principal: directory.UserRef(directory.UserAdmin), Scope: directory.UnitRef(directory.UnitHidden)},
		{Role: directory.RoleApplicationAdministrator, Principal: directory.SPRef(directory.SPBusyOwner), Scope: directory.MakeRef(directory.KindApplication, directory.SPPayroll)},
		{Role: directory.RoleApplicationAdministrator, Principal: t.FirstSP(directory.SPManagedIdentity), Term: directory.TimeBound},
		{Role: directory.RoleApplicationAdministrator, Principal: directory.UserRef(directory.UserOther), Scope: directory.SPRef(directory.SPWiki)},
		{Role: directory.RoleGroupsAdministrator, Principal: directory.UserRef(directory.UserDisabledAdmin), Scope: directory.GroupRef(directory.GroupMixed)},
		{Role: directory.RoleCloudDeviceAdministrator, Principal: directory.UserRef(directory.UserPlain), Scope: directory.MakeRef(directory.KindDevice, schema.DeviceScope)},
		{Role: custom, Principal: directory.UserRef(directory.UserAdmin), Term: directory.TimeBound},
		{Role: custom, Principal: directory.GroupRef(directory.GroupRoleAssignable), Scope: directory.AttributeSet(1)},
		{Role: directory.RoleUserAdministrator, Orphan: t.GUIDOf(directory.MakeRef(directory.KindMisc, orphanEligible))},
		{Role: directory.RoleGlobalReader, Orphan: t.GUIDOf(t.DeletedUser(1))},
	}
	for _, a := range t.Assignments {
		if a.Term == directory.Activated && !a.ThroughGroup {
			a.Term = directory.Permanent
			t.Eligibilities = append(t.Eligibilities, a)
		}
	}
	randomEligibilities(t)
}

func randomEligibilities(t *directory.Tenant) {
	seen := withoutTerms(t.Eligibilities)
	for k := 0; len(t.Eligibilities) < t.Shape.RoleAssignments; k++ {
		h := t.Hash(directory.MakeRef(directory.KindRoleEligibility, k), directory.SaltRole)
		a := directory.RoleAssignment{
			Role:      directory.Below(h, len(t.Roles)),
			Principal: directory.UserRef(directory.FirstOrdinaryUser + directory.Below(h>>16, t.Shape.Users-directory.FirstOrdinaryUser)),
		}
		if h>>52%5 == 0 {
			a.Scope = directory.UnitRef(directory.Below(h>>56, t.Shape.Units))
		}
		if _, dup := seen[a]; dup {
			continue
		}
		seen[a] = struct{}{}
		if h>>44%3 == 0 {
			a.Term = directory.TimeBound
		}
		t.Eligibilities = append(t.Eligibilities, a)
	}
}

// withoutTerms are assignments whatever their term, for telling whether one is there already.
func withoutTerms(list []directory.RoleAssignment) map[directory.RoleAssignment]struct{} {
	seen := make(map[directory.RoleAssignment]struct{}, len(list))
	for _, a := range list {
		a.Term = directory.Permanent
		seen[a] = struct{}{}
	}
	return seen
}

// generateGroupSchedules brings the role-assignable groups and some others under Privileged Identity Management.
func generateGroupSchedules(t *directory.Tenant) {
	t.GroupEligible, t.GroupActive = directory.NewGroupSchedules(), directory.NewGroupSchedules()
	eligible := func(g int, owner bool, m directory.Term, principals ...directory.Ref) {
		for _, p := range principals {
			t.GroupEligible.Add(t, g, owner, p, m, directory.Period{})
		}
	}
	eligible(directory.GroupRoleAssignable, false, directory.Permanent, append(t.Users(800, 2), t.Groups[directory.GroupRoleAssignable].Members[0])...)
	eligible(directory.GroupRoleAssignable, true, directory.TimeBound, t.Users(805, 1)...)
	eligible(directory.GroupRoleAssignableApps, false, directory.TimeBound, t.Users(810, 3)...)
	eligible(directory.GroupNoDescription, false, directory.Permanent, directory.GroupRef(directory.GroupDiamondTop), directory.UserRef(directory.UserPlain))
	eligible(directory.GroupNoDescription, true, directory.Permanent, t.Users(815, 2)...)
	eligible(directory.GroupSameName, false, directory.TimeBound, t.Groups[directory.GroupSameName].Members[0], directory.UserRef(directory.UserOther))
	eligible(directory.GroupMicrosoft365, true, directory.Permanent, directory.UserRef(directory.UserPlain))
	for g := directory.FirstRandomGroup; g < len(t.Groups); g++ {
		if t.Groups[g].Flags&directory.FlagRoleAssignable != 0 {
			h := t.Hash(directory.GroupRef(g), directory.SaltRole)
			eligible(g, false, directory.Term(h>>32%2), t.Users(directory.Below(h, t.Shape.Users), 1+directory.Below(h>>40, 3))...)
			eligible(g, true, directory.Permanent, t.Users(directory.Below(h>>8, t.Shape.Users), directory.Below(h>>48, 2))...)
		}
	}
	activeGroupSchedules(t)
}

// activeGroupSchedules are the members and owners of every group somebody is eligible for. Who is eligible for what it
// has has activated it.
func activeGroupSchedules(t *directory.Tenant) {
	for g := range t.Groups {
		rows := t.GroupEligible.ByGroup[int32(g)]
		if len(rows) == 0 {
			continue
		}
		termOf := func(r directory.Ref, owner bool) directory.Term {
			for _, i := range rows {
				if row := t.GroupEligible.Rows[i]; row.Principal == r && row.Owner == owner {
					return directory.Activated
				}
			}
			return directory.Permanent
		}
		for _, m := range t.Groups[g].Members {
			if m.Kind() == directory.KindGroup || directory.HoldsRoles(m) {
				t.GroupActive.Add(t, g, false, m, termOf(m, false), directory.Period{})
			}
		}
		for _, o := range t.Groups[g].Owners {
			t.GroupActive.Add(t, g, true, o, termOf(o, true), directory.Period{})
		}
	}
}
