package connector

import (
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
)

// expander lets what a group holds reach its members, of the types that are
// synced.
type expander struct {
	members, identities, people []string
}

func newExpander(f *filters) expander {
	synced := func(types []string) []string {
		return slices.DeleteFunc(slices.Clone(types), func(t string) bool { return !f.syncs(t) })
	}
	return expander{members: synced(memberTypes), identities: synced(identityTypes), people: synced([]string{typeUser})}
}

// nested reaches the members, theirs, and so on: how membership of a group
// works.
func (e *expander) nested(g *v2.Grant, groupID string) error {
	return expand(g, groupID, false, e.members)
}

// direct reaches direct members only: how directory roles of role-assignable
// groups, which do not nest, work
// (https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept).
func (e *expander) direct(g *v2.Grant, groupID string) error {
	return expand(g, groupID, true, e.identities)
}

// toPeople reaches the users that are direct members: how app roles work. The
// token of a service principal in the group has no claim for the group's app roles
// (https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps).
func (e *expander) toPeople(g *v2.Grant, groupID string) error {
	return expand(g, groupID, true, e.people)
}

// expand annotates a grant of a group. No types would mean all to the SDK.
func expand(g *v2.Grant, groupID string, shallow bool, to []string) error {
	if len(to) == 0 {
		return nil
	}
	return annotateWith(g, v2.GrantExpandable_builder{
		EntitlementIds:  []string{entitlementID(typeGroup, groupID, slugMember)},
		Shallow:         shallow,
		ResourceTypeIds: to,
	}.Build())
}
