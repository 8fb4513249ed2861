package generate

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// generateRoles makes the role definitions and who holds them.
func generateRoles(t *directory.Tenant) {
	for _, b := range directory.BuiltInRoles {
		id, _ := directory.ParseGUID(b.ID)
		t.Roles = append(t.Roles, directory.RoleDefinition{ID: id, Name: b.Name, Description: "Built-in role " + b.Name + ".", BuiltIn: true})
	}
	for k := range t.Shape.CustomRoles {
		t.Roles = append(t.Roles, directory.RoleDefinition{
			ID:          t.GUIDOf(directory.MakeRef(directory.KindRoleDefinition, len(t.Roles))),
			Name:        fmt.Sprintf("Custom %s Operator %d", directory.Pick(directory.GroupTopics, t.Hash(directory.MakeRef(directory.KindRoleDefinition, k), directory.SaltName)), k),
			Description: "Custom role.",
			Disabled:    k == 1,
		})
	}
	t.RoleByID = make(map[directory.GUID]int, len(t.Roles))
	for i := range t.Roles {
		t.RoleByID[t.Roles[i].ID] = i
	}
	fixedRoleAssignments(t)
	randomRoleAssignments(t)
}

func assignRole(t *directory.Tenant, role int, principal, scope directory.Ref) {
	t.Assignments = append(t.Assignments, directory.RoleAssignment{Principal: principal, Role: role, Scope: scope})
}

func fixedRoleAssignments(t *directory.Tenant) {
	unit := directory.UnitRef(directory.UnitLarge)
	custom := len(directory.BuiltInRoles)
	assignRole(t, directory.RoleGlobalAdministrator, directory.UserRef(directory.UserAdmin), 0)
	assignRole(t, directory.RoleGlobalAdministrator, directory.UserRef(directory.UserOther), 0)
	assignRole(t, directory.RoleGlobalAdministrator, directory.UserRef(directory.UserDisabledAdmin), 0)
	assignRole(t, directory.RoleDirectoryReaders, directory.SPRef(directory.SPConnector), 0)
	assignRole(t, directory.RoleDirectoryReaders, t.FirstSP(directory.SPManagedIdentity), 0)
	assignRole(t, directory.RoleDirectoryReaders, t.FirstSP(directory.SPAgentIdentity), 0)
	assignRole(t, directory.RoleGlobalReader, directory.GroupRef(directory.GroupRoleAssignable), 0)
	assignRole(t, directory.RoleGlobalReader, t.Groups[directory.GroupRoleAssignable].Members[0], 0) // Held directly and through the group.
	assignRole(t, directory.RoleGroupsAdministrator, directory.GroupRef(directory.GroupRoleAssignableApps), 0)
	assignRole(t, directory.RoleUserAdministrator, directory.UserRef(directory.UserPlain), unit)
	assignRole(t, directory.RoleHelpdeskAdministrator, directory.UserRef(directory.UserPlain), unit)
	assignRole(t, directory.RoleHelpdeskAdministrator, directory.GroupRef(directory.GroupRoleAssignable), directory.UnitRef(directory.UnitDynamic))
	assignRole(t, directory.RoleApplicationAdministrator, directory.UserRef(directory.UserPlain), directory.MakeRef(directory.KindApplication, directory.RegistrationPayroll))
	assignRole(t, directory.RoleApplicationAdministrator, directory.SPRef(directory.SPBusyOwner), directory.SPRef(directory.SPWiki))
	assignRole(t, directory.RoleGroupsAdministrator, directory.UserRef(directory.UserOther), directory.GroupRef(directory.GroupMixed))
	assignRole(t, directory.RoleCloudDeviceAdministrator, directory.UserRef(directory.UserOther), directory.MakeRef(directory.KindDevice, schema.DeviceScope))
	assignRole(t, directory.RoleHelpdeskAdministrator, directory.UserRef(directory.UserOther), directory.UnitRef(directory.UnitHidden))
	assignRole(t, directory.RoleUserAdministrator, directory.UserRef(directory.UserOther), directory.UnitRef(directory.UnitRestricted))
	assignRole(t, custom, directory.UserRef(directory.UserPlain), 0)
	assignRole(t, custom, directory.UserRef(directory.UserPlain), directory.AttributeSet(0))
	assignRole(t, custom+1, directory.UserRef(directory.UserOther), 0) // The disabled role, still held.
	t.Assignments = append(t.Assignments,
		directory.RoleAssignment{Role: directory.RoleUserAdministrator, Orphan: t.GUIDOf(directory.MakeRef(directory.KindMisc, orphanAssigned))},
		directory.RoleAssignment{Role: directory.RoleDirectoryReaders, Orphan: t.GUIDOf(t.DeletedUser(0))},
	)
	fixedTerms(t)
}

// fixedTerms give some of the fixed assignments an end.
func fixedTerms(t *directory.Tenant) {
	for i := range t.Assignments {
		a := &t.Assignments[i]
		switch {
		case a.Principal == directory.UserRef(directory.UserOther) && a.Role == directory.RoleGlobalAdministrator,
			a.Principal == directory.UserRef(directory.UserPlain) && a.Role == directory.RoleApplicationAdministrator:
			a.Term = directory.Activated
		case a.Principal == t.FirstSP(directory.SPManagedIdentity), a.Scope == directory.GroupRef(directory.GroupMixed), a.Principal == directory.GroupRef(directory.GroupRoleAssignableApps):
			a.Term = directory.TimeBound
		}
	}
}

func randomRoleAssignments(t *directory.Tenant) {
	seen := withoutTerms(t.Assignments)
	for k := 0; len(t.Assignments) < t.Shape.RoleAssignments; k++ {
		h := t.Hash(directory.MakeRef(directory.KindRoleAssignment, k), directory.SaltRole)
		a := directory.RoleAssignment{
			Role:      directory.Below(h, len(t.Roles)),
			Principal: directory.UserRef(directory.FirstOrdinaryUser + directory.Below(h>>16, t.Shape.Users-directory.FirstOrdinaryUser)),
		}
		if h>>48%10 == 0 {
			a.Principal = directory.SPRef(directory.FirstRandomSP + directory.Below(h>>16, len(t.SPs)-directory.FirstRandomSP))
		}
		if h>>52%5 == 0 {
			a.Scope = directory.UnitRef(directory.Below(h>>56, t.Shape.Units))
		}
		if _, dup := seen[a]; dup {
			continue
		}
		seen[a] = struct{}{}
		switch n := h >> 44 % 10; {
		case n == 0:
			a.Term = directory.TimeBound
		case n == 1 && a.Principal.Kind() == directory.KindUser:
			a.Term = directory.Activated
		}
		t.Assignments = append(t.Assignments, a)
	}
}
