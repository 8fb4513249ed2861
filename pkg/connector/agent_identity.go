package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// phaseObjects reads the agent identities that the walk has found one by one,
// in batches: a listing cannot select what only agents have.
const phaseObjects = "objects"

// agentIdentitySyncer reads agent identities and the principals of the
// blueprints that they are made from, who owns them, and who sponsors them
// (agent_identity_sponsors.go)
// (https://learn.microsoft.com/graph/api/resources/agentid-platform-overview).
type agentIdentitySyncer struct {
	kit

	walk   servicePrincipals
	owners ownership

	ownerChange ownerChanger
}

// newAgentIdentitySyncer reads agent identities and changes who owns them.
func newAgentIdentitySyncer(k kit) *agentIdentitySyncer {
	return &agentIdentitySyncer{
		kit:         k,
		walk:        servicePrincipals{kit: k, kind: graph.ServicePrincipalAgentIdentity},
		owners:      servicePrincipalOwnership(k, typeAgentIdentity),
		ownerChange: servicePrincipalOwners(k),
	}
}

// ResourceType is the agent identity type.
func (s *agentIdentitySyncer) ResourceType(context.Context) *v2.ResourceType {
	return agentIdentityResourceType
}

// List walks the service principals for agents, then reads the agents, then
// what they own.
func (s *agentIdentitySyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	switch c.Phase {
	case phaseOwnership:
		res, err := s.walk.ownershipResults(ctx, ix, c)
		return nil, res, err
	case phaseObjects:
		return s.listObjects(ctx, ix, c)
	}
	page, err := readPage(ctx, c, s.client.ListServicePrincipalMemberships)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if !page.restarted {
		page.rows = slices.DeleteFunc(page.rows, func(sp graph.ServicePrincipal) bool { return sp.Kind() != graph.ServicePrincipalAgentIdentity })
		if err := s.walk.remember(ctx, ix, page); err != nil {
			return nil, nil, toStatus(err)
		}
		if err := put(ctx, ix, keyAgent, agentTypes(page.rows)); err != nil {
			return nil, nil, toStatus(err)
		}
	}
	if page.next == nil {
		page.next = &cursor{Version: tokenVersion, Phase: phaseObjects}
	}
	res, err := page.results()
	return nil, res, err
}

// keyAgent leads to the derived type of a listed agent, which its sponsors'
// address names.
const keyAgent = "agent/"

func agentTypes(agents []graph.ServicePrincipal) map[string]string {
	types := make(map[string]string, len(agents))
	for i := range agents {
		types[objectID(agents[i].ID)] = agents[i].ODataType
	}
	return types
}

// listObjects reads the next batch of the agents that the walk has found.
func (s *agentIdentitySyncer) listObjects(ctx context.Context, ix index, c cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	ids, more, err := getPage[string](ctx, ix, keyListed+typeAgentIdentity, c.Page)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	part := ids[min(c.Offset, len(ids)):min(c.Offset+sending.MaxBatchSize, len(ids))]
	refs := make([]string, 0, len(part))
	for _, id := range part {
		refs = append(refs, graph.ServicePrincipalRef(id))
	}
	var resources []*v2.Resource
	if len(refs) > 0 {
		if resources, err = s.readObjects(ctx, refs); err != nil {
			return nil, nil, toStatus(err)
		}
	}
	switch {
	case c.Offset+len(part) < len(ids):
		c.Offset += len(part)
	case more:
		c.Page, c.Offset = c.Page+1, 0
	default:
		c = cursor{Version: tokenVersion, Phase: phaseOwnership}
	}
	token, err := encodeToken(c)
	return resources, results(token), err
}

func (s *agentIdentitySyncer) readObjects(ctx context.Context, refs []string) ([]*v2.Resource, error) {
	read, err := sending.BatchObjects[graph.ServicePrincipal](ctx, s.client.Sender, refs)
	if err != nil {
		return nil, err
	}
	resources := make([]*v2.Resource, 0, len(read))
	for _, r := range read {
		if failure.IsNotFound(r.Err) {
			s.left.add(leftVanished, 1)
			continue
		}
		if r.Err != nil {
			return nil, r.Err
		}
		resource, err := s.resource(r.Object)
		if err != nil {
			return nil, err
		}
		resources = append(resources, resource)
	}
	return resources, nil
}

// StaticEntitlements are what every agent identity offers.
func (s *agentIdentitySyncer) StaticEntitlements(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	offered := []*v2.Entitlement{ownerEntitlement(typeAgentIdentity, "Can manage the agent identity")}
	reads, err := s.decider.reads(ctx, index{opts.Session}, dataAgentSponsors)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if reads {
		offered = append(offered, sponsorEntitlement())
	}
	return offered, nil, nil
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *agentIdentitySyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

func (s *agentIdentitySyncer) resource(sp *graph.ServicePrincipal) (*v2.Resource, error) {
	id := objectID(sp.ID)
	status, details := servicePrincipalStatus(sp)
	kind := "agentIdentity"
	if sp.ODataType == graph.TypeAgentIdentityBlueprintPrincipal {
		kind = "agentIdentityBlueprintPrincipal"
	}
	profile := map[string]any{"id": sp.ID, fieldKind: kind}
	setNonEmpty(profile, map[string]string{fieldAppID: sp.AppID, "agentIdentityBlueprintId": sp.AgentIdentityBlueprintID})
	options := []rs.ResourceOption{
		rs.WithAgentTrait(),
		rs.WithResourceProfile(profile),
		rs.WithResourceStatus(status, details),
		s.portal.link(applicationBlade, id),
	}
	if created := sp.CreatedDateTime.Time; created != nil {
		options = append(options, rs.WithResourceCreatedAt(*created))
	}
	return rs.NewResource(displayName(sp.DisplayName, sp.AppID, id), agentIdentityResourceType, id, options...)
}

// Get reads one agent identity.
func (s *agentIdentitySyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.AgentIdentity, ofKind(id, graph.ServicePrincipalAgentIdentity, s.resource))
}

// Grant makes a principal an owner of an agent identity; sponsors are not
// changed.
func (s *agentIdentitySyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return s.ownerChange.grant(ctx, principal.GetId(), entitlement)
}

// Revoke ends an ownership.
func (s *agentIdentitySyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	return s.ownerChange.revoke(ctx, grant)
}
