package kinds

import (
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Expander lets what a group holds reach its members, of the types that are
// synced.
type Expander struct {
	members, identities, people, agents []string
}

func NewExpander(f *decide.Filters) Expander {
	synced := func(types []string) []string {
		return slices.DeleteFunc(slices.Clone(types), func(t string) bool { return !f.Syncs(t) })
	}
	return Expander{members: synced(model.MemberTypes), identities: synced(model.IdentityTypes), people: synced([]string{model.TypeUser}), agents: synced([]string{model.TypeAgentIdentity})}
}

// Nested reaches the members, theirs, and so on: how membership of a group
// works.
func (e *Expander) Nested(g *v2.Grant, groupID string) error {
	return expand(g, groupID, false, e.members)
}

// Direct reaches direct members only: how directory roles of role-assignable
// groups, which do not nest, work
// (https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept).
func (e *Expander) Direct(g *v2.Grant, groupID string) error {
	return expand(g, groupID, true, e.identities)
}

// ToPeople reaches the users that are direct members: how app roles work. The
// token of a service principal in the group has no claim for the group's app roles
// (https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps).
func (e *Expander) ToPeople(g *v2.Grant, groupID string) error {
	return expand(g, groupID, true, e.people)
}

// ToAgents reaches the agents that were made from a blueprint, by its principal.
func (e *Expander) ToAgents(g *v2.Grant, blueprint string) error {
	return expandOver(g, model.EntitlementID(model.TypeAgentIdentity, blueprint, model.SlugAgent), true, e.agents)
}

// expand annotates a grant of a group. No types would mean all to the SDK.
func expand(g *v2.Grant, groupID string, shallow bool, to []string) error {
	return expandOver(g, model.EntitlementID(model.TypeGroup, groupID, model.SlugMember), shallow, to)
}

func expandOver(g *v2.Grant, entitlement string, shallow bool, to []string) error {
	if len(to) == 0 {
		return nil
	}
	return model.AnnotateWith(g, v2.GrantExpandable_builder{
		EntitlementIds:  []string{entitlement},
		Shallow:         shallow,
		ResourceTypeIds: to,
	}.Build())
}
