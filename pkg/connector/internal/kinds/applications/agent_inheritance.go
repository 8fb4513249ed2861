package applications

import (
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// The tokens of an agent identity carry what its blueprint's principal was given at a
// resource, if the blueprint says that this is inherited: app roles, and the scopes of
// consents that an administrator gave for everybody
// (https://learn.microsoft.com/entra/agent-id/concept-inheritable-permissions). So the
// blueprint's principal has an entitlement of its own, "agent", which its agents hold, and
// what is inherited of it expands to them. What a blueprint passes on is read with the
// entitlements, before the grants that need it.

const (
	// keyBlueprint leads to the principal of a blueprint from the ids that an agent can
	// name it by: its appId, which Microsoft documents, and its object id.
	keyBlueprint = "blueprint/"
	// keyAgentOf leads from an agent identity to what it names its blueprint by.
	keyAgentOf = "agentof/"
	// keyAppOf leads to the appId of a listed application, or of a blueprint's principal.
	keyAppOf = "appof/"
	// keyBlueprintApp leads from an appId to the registration of a blueprint.
	keyBlueprintApp = "blueprintapp/"
	// keyInherits leads from the principal of a blueprint to what its agents inherit.
	keyInherits = "inherits/"
)

// doAgents is the task that gives which agents were made from which blueprint.
const doAgents = "agents"

// inherited is what the agents of a blueprint inherit at each resource, by its appId.
type inherited map[string]inheritedAt

type inheritedAt struct {
	// Roles means all app roles.
	Roles bool `json:"r,omitempty"`
	// Scopes are those that are inherited.
	Scopes *graph.Inheritance `json:"s,omitempty"`
}

func agentEntitlement(blueprint string) *v2.Entitlement {
	return entitlement.NewAssignmentEntitlement(model.ResourceRef(model.TypeAgentIdentity, blueprint), model.SlugAgent,
		entitlement.WithDisplayName("Agent"),
		entitlement.WithDescription("Was made from the blueprint, signs in with its credentials and inherits what it passes on"),
		entitlement.WithGrantableTo(kinds.AgentIdentityResourceType))
}

// readsInherited reports whether a sync reads what agents inherit.
func readsInherited(ctx context.Context, k *kinds.Kit, ix walk.Index) (bool, error) {
	return k.Decider.Reads(ctx, ix, model.DataInherited)
}

// putAppIDs notes the appIds of listed service principals.
func (s *servicePrincipals) putAppIDs(ctx context.Context, ix walk.Index, resources []*v2.Resource) error {
	if !s.Filter.Syncs(model.TypeAgentIdentity) {
		return nil
	}
	if reads, err := readsInherited(ctx, &s.Kit, ix); err != nil || !reads {
		return err
	}
	ids := make(map[string]string, len(resources))
	for _, r := range resources {
		if appID := r.GetProfile().GetFields()[model.FieldAppID].GetStringValue(); appID != "" {
			ids[r.GetId().GetResource()] = strings.ToLower(appID)
		}
	}
	return walk.Put(ctx, ix, keyAppOf, ids)
}

// putBlueprints notes which of some agents are principals of blueprints, and what the
// others name theirs by.
func putBlueprints(ctx context.Context, ix walk.Index, agents []*graph.ServicePrincipal) error {
	blueprints, agentOf := map[string]string{}, map[string]string{}
	for _, sp := range agents {
		id := model.ObjectID(sp.ID)
		switch {
		case sp.ODataType == graph.TypeAgentIdentityBlueprintPrincipal:
			blueprints[id] = id
			if sp.AppID != "" {
				blueprints[strings.ToLower(sp.AppID)] = id
			}
		case sp.AgentIdentityBlueprintID != "":
			agentOf[id] = strings.ToLower(sp.AgentIdentityBlueprintID)
		}
	}
	if err := walk.Put(ctx, ix, keyBlueprint, blueprints); err != nil {
		return err
	}
	return walk.Put(ctx, ix, keyAgentOf, agentOf)
}

// putBlueprintApps notes the registrations of blueprints on a page.
func (s *RegistrationSyncer) putBlueprintApps(ctx context.Context, ix walk.Index, rows []graph.Application) error {
	registrations := map[string]string{}
	for i := range rows {
		if rows[i].ODataType == graph.TypeAgentIdentityBlueprint && rows[i].AppID != "" {
			registrations[strings.ToLower(rows[i].AppID)] = model.ObjectID(rows[i].ID)
		}
	}
	return walk.Put(ctx, ix, keyBlueprintApp, registrations)
}

// EntitlementsForResourceType reads what the next blueprints pass on to their agents, and
// gives what those agents hold of each.
func (s *AgentIdentitySyncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := readsInherited(ctx, &s.Kit, ix); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	ids, more, err := walk.GetPage[string](ctx, ix, walk.KeyListed+model.TypeAgentIdentity, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	blueprints, err := blueprintsAmong(ctx, ix, ids)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	part := blueprints[min(c.Offset, len(blueprints)):min(c.Offset+sending.MaxBatchSize, len(blueprints))]
	if err := s.readInherited(ctx, ix, part); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	offered := make([]*v2.Entitlement, 0, len(part))
	for _, id := range part {
		offered = append(offered, agentEntitlement(id))
	}
	switch {
	case c.Offset+len(part) < len(blueprints):
		c.Offset += len(part)
	case more:
		c.Page, c.Offset = c.Page+1, 0
	default:
		return offered, nil, nil
	}
	token, err := walk.EncodeToken(c)
	return offered, walk.Results(token), err
}

func blueprintsAmong(ctx context.Context, ix walk.Index, ids []string) ([]string, error) {
	types, err := walk.Get[string](ctx, ix, keyAgent, slices.Clone(ids))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return types[id] != graph.TypeAgentIdentityBlueprintPrincipal }), nil
}

// readInherited reads what blueprints pass on. It is said by their registrations, which
// only the blueprint's own tenant has: of a blueprint from elsewhere nothing is known, and
// nothing is shown.
func (s *AgentIdentitySyncer) readInherited(ctx context.Context, ix walk.Index, blueprints []string) error {
	registrations, err := s.registrationsOf(ctx, ix, blueprints)
	if err != nil {
		return err
	}
	var asked []string
	for _, blueprint := range blueprints {
		if registration := registrations[blueprint]; registration != "" {
			asked = append(asked, registration)
		} else {
			s.Left.Add(walk.LeftForeignBlueprint, 1)
		}
	}
	read, err := walk.ReadRows[graph.InheritablePermission](ctx, s.Client, s.Left, model.DataInherited, asked, graph.InheritablePermissionsRef)
	if err != nil {
		return err
	}
	found := map[string]inherited{}
	for _, blueprint := range blueprints {
		passes := inherited{}
		for _, row := range read[registrations[blueprint]] {
			if !row.InheritableScopes.Known() || !row.InheritableRoles.Known() || row.InheritableRoles.Kind == graph.InheritListed {
				s.Left.Add(walk.LeftInheritance, 1)
			}
			at := inheritedAt{Roles: row.InheritableRoles.Known() && row.InheritableRoles.Kind == graph.InheritAll}
			if row.InheritableScopes.Known() {
				at.Scopes = row.InheritableScopes
			}
			passes[strings.ToLower(row.ResourceAppID)] = at
		}
		if len(passes) > 0 {
			found[blueprint] = passes
		}
	}
	return walk.Put(ctx, ix, keyInherits, found)
}

// registrationsOf are the registrations of blueprints by their principals. Where app
// registrations are not synced, they are asked for.
func (s *AgentIdentitySyncer) registrationsOf(ctx context.Context, ix walk.Index, blueprints []string) (map[string]string, error) {
	appIDs, err := walk.Get[string](ctx, ix, keyAppOf, slices.Clone(blueprints))
	if err != nil {
		return nil, err
	}
	all := make([]string, 0, len(appIDs))
	for _, appID := range appIDs {
		all = append(all, appID)
	}
	slices.Sort(all)
	known, err := walk.Get[string](ctx, ix, keyBlueprintApp, slices.Clone(all))
	if err != nil {
		return nil, err
	}
	if _, listed, err := walk.GetValue[int](ctx, ix, walk.KeyListed+model.TypeAppRegistration); err != nil {
		return nil, err
	} else if !listed {
		rows, err := walk.ReadRows[graph.Application](ctx, s.Client, s.Left, "", all, graph.RegistrationRef)
		if err != nil {
			return nil, err
		}
		known = map[string]string{}
		for appID, of := range rows {
			if len(of) > 0 {
				known[appID] = model.ObjectID(of[0].ID)
			}
		}
	}
	found := make(map[string]string, len(blueprints))
	for blueprint, appID := range appIDs {
		found[blueprint] = known[appID]
	}
	return found, nil
}

// agentGrants are which of the agents on a page of the index were made from which
// blueprint.
func (s *AgentIdentitySyncer) agentGrants(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	ids, _, err := walk.GetPage[string](ctx, ix, walk.KeyListed+model.TypeAgentIdentity, t.Page)
	if err != nil {
		return nil, nil, err
	}
	named, err := walk.Get[string](ctx, ix, keyAgentOf, slices.Clone(ids))
	if err != nil {
		return nil, nil, err
	}
	by := make([]string, 0, len(named))
	for _, name := range named {
		by = append(by, name)
	}
	blueprints, err := walk.Get[string](ctx, ix, keyBlueprint, by)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, id := range ids {
		blueprint := blueprints[named[id]]
		if named[id] == "" || blueprint == "" {
			continue
		}
		g := model.NewGrant(model.EntitlementOf(model.TypeAgentIdentity, blueprint, model.SlugAgent), model.TypeAgentIdentity, id)
		if err := model.ImmutableBecause(g, "an agent identity stays with the blueprint that it was made from"); err != nil {
			return nil, nil, err
		}
		grants = append(grants, g)
	}
	return grants, nil, nil
}

// inheritance is what the blueprints among some principals pass on; nothing where it is
// not read.
func inheritance(ctx context.Context, k *kinds.Kit, ix walk.Index, principals []string) (map[string]inherited, error) {
	if reads, err := readsInherited(ctx, k, ix); err != nil || !reads || len(principals) == 0 {
		return nil, err
	}
	return walk.Get[inherited](ctx, ix, keyInherits, principals)
}

// appIDsOf are the appIds of resources, where something is passed on at all.
func appIDsOf(ctx context.Context, ix walk.Index, passes map[string]inherited, resources []string) (map[string]string, error) {
	if len(passes) == 0 {
		return nil, nil
	}
	return walk.Get[string](ctx, ix, keyAppOf, slices.Clone(resources))
}
