package graphsim

import "fmt"

// builtInRoles are Microsoft's directory roles; a built-in role's id is its template id (built-in roles reference).
var builtInRoles = []struct{ id, name string }{
	{"62e90394-69f5-4237-9190-012177145e10", "Global Administrator"},
	{"f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader"},
	{"88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers"},
	{"fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator"},
	{"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator"},
	{"fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator"},
	{"729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator"},
	{"e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"},
	{"95e79109-95c0-4d8e-aee3-d01accf2d47b", "Guest Inviter"},
	{"f023fd81-a637-4b56-95fd-791ac0226033", "Service Support Administrator"},
	{"b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator"},
	{"9360feb5-f418-4baa-8175-e2a00bac4301", "Directory Writers"},
	{"29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator"},
	{"f28a1f50-f6e7-4571-818b-6a12f2af6b6c", "SharePoint Administrator"},
	{"17315797-102d-40b4-93e0-432062caca18", "Compliance Administrator"},
	{"d29b2b05-8046-44ba-8758-1e26182fcf32", "Directory Synchronization Accounts"},
	{"cf1c38e5-3621-4004-a7cb-879624dced7c", "Application Developer"},
	{"5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader"},
	{"194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"},
	{"3a2c62db-5318-420d-8d74-23affee5d9d5", "Intune Administrator"},
	{"158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator"},
	{"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", "Conditional Access Administrator"},
	{"7698a772-787b-4ac8-901f-60d6b08affd2", "Cloud Device Administrator"},
	{"c4e39bd9-1100-46d3-8c65-fb160da0071f", "Authentication Administrator"},
	{"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "Privileged Authentication Administrator"},
	{"69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator"},
	{"4d6ac14f-3453-41d0-bef9-a3e0c569773a", "License Administrator"},
	{"4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader"},
	{"966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator"},
	{"45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", "Identity Governance Administrator"},
}

// Indexes of the built-in roles the fixed assignments use.
const (
	RoleGlobalAdministrator = iota
	RoleGlobalReader
	RoleDirectoryReaders
	RoleUserAdministrator
	RoleApplicationAdministrator
	RoleGroupsAdministrator
	RoleHelpdeskAdministrator

	RoleCloudDeviceAdministrator = 22
)

// generateRoles makes the role definitions and who holds them.
func (t *Tenant) generateRoles() {
	for _, b := range builtInRoles {
		id, _ := parseGUID(b.id)
		t.roles = append(t.roles, roleDefinition{id: id, name: b.name, description: "Built-in role " + b.name + ".", builtIn: true})
	}
	for k := range t.shape.customRoles {
		t.roles = append(t.roles, roleDefinition{
			id:          t.guidOf(makeRef(KindRoleDefinition, len(t.roles))),
			name:        fmt.Sprintf("Custom %s Operator %d", pick(groupTopics, t.hash(makeRef(KindRoleDefinition, k), saltName)), k),
			description: "Custom role.",
			disabled:    k == 1,
		})
	}
	t.roleByID = make(map[guid]int, len(t.roles))
	for i := range t.roles {
		t.roleByID[t.roles[i].id] = i
	}
	t.fixedRoleAssignments()
	t.randomRoleAssignments()
}

func (t *Tenant) assignRole(role int, principal, scope Ref) {
	t.assignments = append(t.assignments, roleAssignment{principal: principal, role: role, scope: scope})
}

func (t *Tenant) fixedRoleAssignments() {
	unit := unitRef(UnitLarge)
	custom := len(builtInRoles)
	t.assignRole(RoleGlobalAdministrator, userRef(userAdmin), 0)
	t.assignRole(RoleGlobalAdministrator, userRef(userOther), 0)
	t.assignRole(RoleGlobalAdministrator, userRef(userDisabledAdmin), 0)
	t.assignRole(RoleDirectoryReaders, spRef(SPConnector), 0)
	t.assignRole(RoleDirectoryReaders, t.firstSP(spManagedIdentity), 0)
	t.assignRole(RoleDirectoryReaders, t.firstSP(spAgentIdentity), 0)
	t.assignRole(RoleGlobalReader, groupRef(GroupRoleAssignable), 0)
	t.assignRole(RoleGlobalReader, t.groups[GroupRoleAssignable].members[0], 0) // Held directly and through the group.
	t.assignRole(RoleGroupsAdministrator, groupRef(GroupRoleAssignableApps), 0)
	t.assignRole(RoleUserAdministrator, userRef(userPlain), unit)
	t.assignRole(RoleHelpdeskAdministrator, userRef(userPlain), unit)
	t.assignRole(RoleHelpdeskAdministrator, groupRef(GroupRoleAssignable), unitRef(UnitDynamic))
	t.assignRole(RoleApplicationAdministrator, userRef(userPlain), makeRef(KindApplication, RegistrationPayroll))
	t.assignRole(RoleApplicationAdministrator, spRef(SPBusyOwner), spRef(SPWiki))
	t.assignRole(RoleGroupsAdministrator, userRef(userOther), groupRef(GroupMixed))
	t.assignRole(RoleCloudDeviceAdministrator, userRef(userOther), makeRef(KindDevice, DeviceScope))
	t.assignRole(RoleHelpdeskAdministrator, userRef(userOther), unitRef(UnitHidden))
	t.assignRole(RoleUserAdministrator, userRef(userOther), unitRef(UnitRestricted))
	t.assignRole(custom, userRef(userPlain), 0)
	t.assignRole(custom+1, userRef(userOther), 0) // The disabled role, still held.
	t.assignments = append(t.assignments,
		roleAssignment{role: RoleUserAdministrator, orphan: t.guidOf(makeRef(kindMisc, orphanAssigned))},
		roleAssignment{role: RoleDirectoryReaders, orphan: t.guidOf(t.deletedUser(0))},
	)
	t.fixedTerms()
}

// fixedTerms give some of the fixed assignments an end.
func (t *Tenant) fixedTerms() {
	for i := range t.assignments {
		a := &t.assignments[i]
		switch {
		case a.principal == userRef(userOther) && a.role == RoleGlobalAdministrator,
			a.principal == userRef(userPlain) && a.role == RoleApplicationAdministrator:
			a.term = activated
		case a.principal == t.firstSP(spManagedIdentity), a.scope == groupRef(GroupMixed), a.principal == groupRef(GroupRoleAssignableApps):
			a.term = timeBound
		}
	}
}

func (t *Tenant) randomRoleAssignments() {
	seen := withoutTerms(t.assignments)
	for k := 0; len(t.assignments) < t.shape.roleAssignments; k++ {
		h := t.hash(makeRef(KindRoleAssignment, k), saltRole)
		a := roleAssignment{
			role:      below(h, len(t.roles)),
			principal: userRef(firstOrdinaryUser + below(h>>16, t.shape.users-firstOrdinaryUser)),
		}
		if h>>48%10 == 0 {
			a.principal = spRef(firstRandomSP + below(h>>16, len(t.sps)-firstRandomSP))
		}
		if h>>52%5 == 0 {
			a.scope = unitRef(below(h>>56, t.shape.units))
		}
		if _, dup := seen[a]; dup {
			continue
		}
		seen[a] = struct{}{}
		switch n := h >> 44 % 10; {
		case n == 0:
			a.term = timeBound
		case n == 1 && a.principal.Kind() == KindUser:
			a.term = activated
		}
		t.assignments = append(t.assignments, a)
	}
}
