package graphsim

import "net/http"

// newWriteRoutes is every endpoint that changes the directory. Each costs a resource unit and a write.
func newWriteRoutes() []route {
	const (
		post   = http.MethodPost
		remove = http.MethodDelete
	)
	return []route{
		{method: post, path: "groups", kind: KindGroup, bodied: true, run: (*call).createGroup},
		{method: post, path: "users", kind: KindUser, bodied: true, run: (*call).createUser},
		{method: http.MethodPatch, path: "users/{id}", kind: KindUser, bodied: true, run: (*call).updateUser},
		{method: remove, path: "users/{id}", kind: KindUser, run: (*call).deleteUser},
		{method: http.MethodPut, path: "users/{id}/manager/$ref", kind: KindUser, bodied: true, run: (*call).setManager},
		{method: remove, path: "users/{id}/manager/$ref", kind: KindUser, run: (*call).removeManager},
		{method: post, path: "users/{id}/revokesigninsessions", kind: KindUser, run: (*call).revokeSessions},
		{method: post, path: "directory/deleteditems/{id}/restore", kind: KindUser, run: (*call).restore},
		{method: post, path: "invitations", kind: KindUser, bodied: true, run: (*call).invite},
		{method: post, path: "groups/{id}/members/$ref", kind: KindGroup, bodied: true, run: addToGroup(relationMembers)},
		{method: post, path: "groups/{id}/owners/$ref", kind: KindGroup, bodied: true, run: addToGroup(relationOwners)},
		{method: remove, path: "groups/{id}/members/{id}/$ref", kind: KindGroup, run: takeFromGroup(relationMembers)},
		{method: remove, path: "groups/{id}/owners/{id}/$ref", kind: KindGroup, run: takeFromGroup(relationOwners)},
		{method: remove, path: "groups/{id}", kind: KindGroup, run: (*call).deleteGroup},
	}
}
