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

// userSignInName is userPrincipalName: Entra puts the id before that of a deleted user, so that another may take it.
func (t *Tenant) userSignInName(i int) string {
	name, written := t.writtenText(userRef(i), "userPrincipalName")
	if !written {
		name = t.userPrincipalName(i)
	}
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
