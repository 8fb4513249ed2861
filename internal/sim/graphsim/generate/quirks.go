package generate

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// generateActivatedThrough has a person activate a role that a group of theirs is eligible for: the person holds it by a
// plain assignment, of which Privileged Identity Management says that it came through the group, and when it ends.
func generateActivatedThrough(t *directory.Tenant) {
	if !t.Quirks.Has(directory.QuirkActivatedThrough) {
		return
	}
	t.Assignments = append(t.Assignments, directory.RoleAssignment{
		Role: directory.RoleGlobalAdministrator, Principal: t.Groups[directory.GroupRoleAssignable].Members[2], Term: directory.Activated, ThroughGroup: true,
	})
}

// generateDeletedPeople leaves soft-deleted people in what they had: Graph goes on showing them there, as rows of users
// like all others, while it has no such user.
func generateDeletedPeople(t *directory.Tenant) {
	if !t.Quirks.Has(directory.QuirkDeletedPeople) {
		return
	}
	inRoles, owner, member := t.DeletedUser(directory.DeletedInRoles), t.DeletedUser(directory.DeletedOwner), t.DeletedUser(directory.DeletedMember)
	for _, g := range []int{directory.GroupBig, directory.GroupChain0, directory.GroupMicrosoft365, directory.GroupRoleAssignable, directory.GroupHidden, directory.GroupAppOuter} {
		t.Groups[g].Members = append(t.Groups[g].Members, member)
	}
	for _, g := range []int{directory.GroupEmpty, directory.GroupDiamondTop, directory.GroupManyOwners, directory.GroupRoleAssignable} {
		t.Groups[g].Owners = append(t.Groups[g].Owners, owner)
	}
	for _, u := range []int{directory.UnitLarge, directory.UnitHoldsGroups} {
		t.Units[u].Members = append(t.Units[u].Members, member)
	}
	for _, s := range []int{directory.SPPayroll, directory.SPWiki, directory.SPDisabled} {
		t.SPs[s].Owners = append(t.SPs[s].Owners, owner)
	}
	if agent := t.FirstSP(directory.SPAgentIdentity); agent.Index() < len(t.SPs) {
		t.SPs[agent.Index()].Sponsors = append(t.SPs[agent.Index()].Sponsors, owner)
	}
	for _, n := range []int{directory.RegistrationPayroll, directory.RegistrationPrototype} {
		t.Registrations[n].Owners = append(t.Registrations[n].Owners, owner)
	}
	t.AppAssigned = append(t.AppAssigned,
		directory.AppRoleAssignment{Principal: member, Resource: directory.SPPayroll, Role: directory.PayrollReader},
		directory.AppRoleAssignment{Principal: member, Resource: directory.SPWiki, Role: directory.DefaultAccess},
	)
	t.Consents = append(t.Consents, directory.Consent{Client: directory.SPPayroll, Resource: directory.SPGraph, Principal: member, Scope: "User.Read"})
	t.Assignments = append(t.Assignments,
		directory.RoleAssignment{Role: directory.RoleUserAdministrator, Principal: inRoles},
		directory.RoleAssignment{Role: directory.RoleHelpdeskAdministrator, Principal: inRoles, Scope: directory.UnitRef(directory.UnitLarge)},
		directory.RoleAssignment{Role: len(directory.BuiltInRoles), Principal: inRoles, Term: directory.TimeBound},
	)
	t.Eligibilities = append(t.Eligibilities, directory.RoleAssignment{Role: directory.RoleApplicationAdministrator, Principal: inRoles})
	t.GroupEligible.Add(t, directory.GroupRoleAssignable, false, inRoles, directory.Permanent, directory.Period{})
	t.GroupEligible.Add(t, directory.GroupRoleAssignable, true, owner, directory.TimeBound, directory.Period{})
	t.GroupActive.Add(t, directory.GroupRoleAssignable, false, member, directory.Permanent, directory.Period{})
	t.GroupActive.Add(t, directory.GroupRoleAssignable, true, owner, directory.Permanent, directory.Period{})
}

// generatePartners lets principals of other tenants hold directory roles.
func generatePartners(t *directory.Tenant) {
	if !t.Quirks.Has(directory.QuirkPartners) {
		return
	}
	assignRole(t, directory.RoleHelpdeskAdministrator, directory.MakeRef(directory.KindPartnerReference, 0), 0)
	assignRole(t, directory.RoleGlobalReader, directory.MakeRef(directory.KindRemoteTenantGroup, 0), 0)
}

// generateSyncedHolders adds the large synchronized groups that hold one app role. They come last, after what depends on
// how many groups there are.
func generateSyncedHolders(t *directory.Tenant) {
	if !t.Quirks.Has(directory.QuirkSyncedHolders) {
		return
	}
	people := min(t.Shape.SyncedPeople, t.Shape.Users-directory.FirstOrdinaryUser)
	for n := range t.Shape.SyncedHolders {
		g := len(t.Groups)
		t.Groups = append(t.Groups, directory.Group{Label: fmt.Sprintf("On-premises Branch %d", n), Flags: directory.FlagSynced, Members: t.Users(n*people/2, people)})
		t.AppAssigned = append(t.AppAssigned, directory.AppRoleAssignment{Principal: directory.GroupRef(g), Resource: directory.SPGallery, Role: 0})
	}
}

// generateUnknownAccess makes somebody eligible for what nobody knows.
func generateUnknownAccess(t *directory.Tenant) {
	if t.Quirks.Has(directory.QuirkUnnamed) {
		row := int32(len(t.GroupEligible.Rows)) //nolint:gosec // Small indexes.
		t.GroupEligible.Append(directory.GroupSchedule{
			Group: directory.GroupRoleAssignable, Unknown: true, Principal: directory.UserRef(directory.UserOther), Of: row,
		})
	}
}
