package graphsim

import (
	"slices"
	"strings"
)

// deletedUsers are soft-deleted. They keep the kind of a user, with indexes beyond those of the users there are, so
// that they have ids of their own and are found nowhere but among the deleted items.
const deletedUsers = 5

// isDeletedUser is whether a user is among the deleted items.
func (t *Tenant) isDeletedUser(i int) bool {
	if i >= t.shape.users && !t.madeUser(i) && !t.userExists(i) {
		return true
	}
	_, binned := t.written.binned[userRef(i)]
	return binned
}

// binnedUsers are the users among the deleted items, in the order of their indexes.
func (t *Tenant) binnedUsers() []Ref {
	var out []Ref
	for n := range deletedUsers {
		out = append(out, t.deletedUser(n))
	}
	for r := range t.written.binned {
		if r.Kind() == KindUser {
			out = append(out, r)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(r Ref) bool { return !t.isDeletedUser(r.index()) })
}

const deletedUsersPath = "directory/deleteditems/microsoft.graph.user"

func (t *Tenant) deletedUser(n int) Ref { return userRef(t.shape.users + n) }

// userDeleted is deletedDateTime.
func userDeleted(t *Tenant, i int) string {
	if !t.isDeletedUser(i) {
		return ""
	}
	if at, binned := t.written.binned[userRef(i)]; binned {
		return at
	}
	return t.timestamp(userRef(i), saltStep)
}

// binnedNow is whether an object is among the deleted items.
func (t *Tenant) binnedNow(r Ref) bool {
	if r.Kind() == KindUser {
		return r.index() < t.shape.users+max(deletedUsers, t.written.users) && t.isDeletedUser(r.index())
	}
	_, binned := t.written.binned[r]
	return binned
}

// restoredName is the sign-in name a deleted user gets back.
func (t *Tenant) restoredName(i int) string {
	if name, written := t.writtenText(userRef(i), "userPrincipalName"); written {
		return name
	}
	return t.userPrincipalName(i)
}

// restore brings back what was deleted. Role assignments that were orphaned by it are no longer.
func (t *Tenant) restore(r Ref) {
	delete(t.written.binned, r)
	delete(t.deleted, r)
	if r.Kind() == KindUser {
		t.names.forget()
	}
	switch {
	case r.Kind() == KindGroup:
		t.logGroup(r.index())
	case r.index() >= t.shape.users && !t.madeUser(r.index()):
		t.written.revived[r] = struct{}{}
		t.written.users = max(t.written.users, deletedUsers)
	}
	for _, s := range []*roleSchedule{t.active, t.eligible} {
		for i := range s.of {
			if a := &s.of[i]; a.principal == 0 && a.orphan == t.guidOf(r) {
				a.principal, a.orphan = r, guid{}
			}
		}
	}
}

// userSignInName is userPrincipalName: Entra puts the id before that of a deleted user, so that another may take it.
func (t *Tenant) userSignInName(i int) string {
	name := t.restoredName(i)
	if t.isDeletedUser(i) {
		return strings.ReplaceAll(t.id(userRef(i)), "-", "") + name
	}
	return name
}

// listDeletedUsers lists the users that can still be restored.
func (c *call) listDeletedUsers() (reply, error) {
	col := refs("directory/deletedItems/microsoft.graph.user", c.tenant.model.of(KindUser), c.tenant.binnedUsers())
	col.gone = true
	return c.list(col, plainOptions)
}
