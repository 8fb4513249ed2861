package graphsim

import "fmt"

// generateSyncedHolders adds the large synchronized groups that hold one app role. They come last, after what depends on
// how many groups there are.
func (t *Tenant) generateSyncedHolders() {
	if !t.quirks.has(QuirkSyncedHolders) {
		return
	}
	people := min(t.shape.syncedPeople, t.shape.users-firstOrdinaryUser)
	for n := range t.shape.syncedHolders {
		g := len(t.groups)
		t.groups = append(t.groups, group{label: fmt.Sprintf("On-premises Branch %d", n), flags: groupSynced, members: t.users(n*people/2, people)})
		t.appAssigned = append(t.appAssigned, appRoleAssignment{principal: groupRef(g), resource: SPGallery, role: 0})
	}
}
