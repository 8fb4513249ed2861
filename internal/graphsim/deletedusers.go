package graphsim

import "strings"

// deletedUsers are soft-deleted. They keep the kind of a user, with indexes beyond those of the users there are, so
// that they have ids of their own and are found nowhere but among the deleted items.
const deletedUsers = 5

const deletedUsersPath = "directory/deleteditems/microsoft.graph.user"

func (t *Tenant) deletedUser(n int) Ref { return userRef(t.shape.users + n) }

func (t *Tenant) isDeletedUser(i int) bool { return i >= t.shape.users }

// userDeleted is deletedDateTime.
func userDeleted(t *Tenant, i int) string {
	if !t.isDeletedUser(i) {
		return ""
	}
	return t.timestamp(userRef(i), saltStep)
}

// userSignInName is userPrincipalName: Entra puts the id before that of a deleted user, so that another may take it.
func (t *Tenant) userSignInName(i int) string {
	name := t.userPrincipalName(i)
	if t.isDeletedUser(i) {
		return strings.ReplaceAll(t.id(userRef(i)), "-", "") + name
	}
	return name
}

// listDeletedUsers lists the users that can still be restored.
func (c *call) listDeletedUsers() (reply, error) {
	return c.list(collection{
		set: "directory/deletedItems/microsoft.graph.user", entity: c.tenant.model.of(KindUser), size: deletedUsers,
		at: c.tenant.deletedUser,
	}, plainOptions)
}
