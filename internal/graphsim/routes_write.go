package graphsim

import "net/http"

// newWriteRoutes is every endpoint that changes the directory. Each costs a resource unit and a write.
func newWriteRoutes() []route {
	const (
		post   = http.MethodPost
		remove = http.MethodDelete
	)
	return []route{
		{method: post, path: "groups/{id}/members/$ref", kind: KindGroup, bodied: true, run: addToGroup(relationMembers)},
		{method: post, path: "groups/{id}/owners/$ref", kind: KindGroup, bodied: true, run: addToGroup(relationOwners)},
		{method: remove, path: "groups/{id}/members/{id}/$ref", kind: KindGroup, run: takeFromGroup(relationMembers)},
		{method: remove, path: "groups/{id}/owners/{id}/$ref", kind: KindGroup, run: takeFromGroup(relationOwners)},
		{method: remove, path: "groups/{id}", kind: KindGroup, run: (*call).deleteGroup},
	}
}
