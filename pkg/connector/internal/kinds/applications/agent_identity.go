package applications

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// phaseObjects reads the agent identities that the walk has found one by one,
// in batches: a listing cannot select what only agents have.
const phaseObjects = "objects"

// AgentIdentitySyncer reads agent identities and the principals of the
// blueprints that they are made from, who owns them, and who sponsors them
// (agent_identity_sponsors.go)
// (https://learn.microsoft.com/graph/api/resources/agentid-platform-overview).
type AgentIdentitySyncer struct {
	kinds.Kit

	walk   servicePrincipals
	owners ownership

	ownerChange ownerChanger
}

// NewAgentIdentities reads agent identities and changes who owns them.
func NewAgentIdentities(k kinds.Kit) *AgentIdentitySyncer {
	return &AgentIdentitySyncer{
		Kit:         k,
		walk:        servicePrincipals{Kit: k, kind: graph.ServicePrincipalAgentIdentity},
		owners:      servicePrincipalOwnership(k, model.TypeAgentIdentity),
		ownerChange: servicePrincipalOwners(k),
	}
}

// ResourceType is the agent identity type.
func (s *AgentIdentitySyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.AgentIdentityResourceType
}

// List walks the service principals for agents, then reads the agents, then
// what they own.
func (s *AgentIdentitySyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	switch c.Phase {
	case phaseOwnership:
		res, err := s.walk.ownershipResults(ctx, ix, c)
		return nil, res, err
	case phaseObjects:
		return s.listObjects(ctx, ix, c)
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListServicePrincipalMemberships)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if !page.Restarted {
		page.Rows = slices.DeleteFunc(page.Rows, func(sp graph.ServicePrincipal) bool { return sp.Kind() != graph.ServicePrincipalAgentIdentity })
		if err := s.walk.complete(ctx, page); err != nil {
			return nil, nil, model.ToStatus(err)
		}
		if err := s.walk.remember(ctx, ix, page); err != nil {
			return nil, nil, model.ToStatus(err)
		}
		if err := walk.Put(ctx, ix, keyAgent, agentTypes(page.Rows)); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	if page.Next == nil {
		page.Next = &walk.Cursor{Version: walk.TokenVersion, Phase: phaseObjects}
	}
	res, err := page.Results()
	return nil, res, err
}

// keyAgent leads to the derived type of a listed agent, which its sponsors'
// address names.
const keyAgent = "agent/"

func agentTypes(agents []graph.ServicePrincipal) map[string]string {
	types := make(map[string]string, len(agents))
	for i := range agents {
		types[model.ObjectID(agents[i].ID)] = agents[i].ODataType
	}
	return types
}

// listObjects reads the next batch of the agents that the walk has found.
func (s *AgentIdentitySyncer) listObjects(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	ids, more, err := walk.GetPage[string](ctx, ix, walk.KeyListed+model.TypeAgentIdentity, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	part := ids[min(c.Offset, len(ids)):min(c.Offset+sending.MaxBatchSize, len(ids))]
	refs := make([]string, 0, len(part))
	for _, id := range part {
		refs = append(refs, graph.ServicePrincipalRef(id))
	}
	var resources []*v2.Resource
	if len(refs) > 0 {
		if resources, err = s.readObjects(ctx, ix, refs); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	if err := s.walk.putNames(ctx, ix, resources); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if err := s.walk.putAppIDs(ctx, ix, resources); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	switch {
	case c.Offset+len(part) < len(ids):
		c.Offset += len(part)
	case more:
		c.Page, c.Offset = c.Page+1, 0
	default:
		c = walk.Cursor{Version: walk.TokenVersion, Phase: phaseOwnership}
	}
	token, err := walk.EncodeToken(c)
	return resources, walk.Results(token), err
}

func (s *AgentIdentitySyncer) readObjects(ctx context.Context, ix walk.Index, refs []string) ([]*v2.Resource, error) {
	read, err := sending.BatchObjects[graph.ServicePrincipal](ctx, s.Client.Sender, refs)
	if err != nil {
		return nil, err
	}
	resources := make([]*v2.Resource, 0, len(read))
	agents := make([]*graph.ServicePrincipal, 0, len(read))
	for _, r := range read {
		if failure.IsNotFound(r.Err) {
			s.Left.Add(walk.LeftVanished, 1)
			continue
		}
		if r.Err != nil {
			return nil, r.Err
		}
		resource, err := s.resource(r.Object)
		if err != nil {
			return nil, err
		}
		resources, agents = append(resources, resource), append(agents, r.Object)
	}
	if reads, err := readsInherited(ctx, &s.Kit, ix); err != nil || !reads {
		return resources, err
	}
	return resources, putBlueprints(ctx, ix, agents)
}

// StaticEntitlements are what every agent identity offers.
func (s *AgentIdentitySyncer) StaticEntitlements(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	offered := []*v2.Entitlement{kinds.OwnerEntitlement(model.TypeAgentIdentity, "Can manage the agent identity")}
	reads, err := s.Decider.Reads(ctx, walk.Index{Store: opts.Session}, model.DataAgentSponsors)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if reads {
		offered = append(offered, sponsorEntitlement())
	}
	return offered, nil, nil
}

func (s *AgentIdentitySyncer) resource(sp *graph.ServicePrincipal) (*v2.Resource, error) {
	id := model.ObjectID(sp.ID)
	status, details := servicePrincipalStatus(sp)
	kind := "agentIdentity"
	if sp.ODataType == graph.TypeAgentIdentityBlueprintPrincipal {
		kind = "agentIdentityBlueprintPrincipal"
	}
	profile := map[string]any{"id": sp.ID, model.FieldKind: kind}
	model.SetNonEmpty(profile, map[string]string{model.FieldAppID: sp.AppID, "agentIdentityBlueprintId": sp.AgentIdentityBlueprintID})
	options := []rs.ResourceOption{
		rs.WithAgentTrait(),
		rs.WithResourceProfile(profile),
		rs.WithResourceStatus(status, details),
		s.Portal.Link(model.ApplicationBlade, id),
	}
	if created := sp.CreatedDateTime.Time; created != nil {
		options = append(options, rs.WithResourceCreatedAt(*created))
	}
	return rs.NewResource(kinds.ServicePrincipalName(sp), kinds.AgentIdentityResourceType, id, options...)
}

// Get reads one agent identity.
func (s *AgentIdentitySyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.AgentIdentity, ofKind(id, graph.ServicePrincipalAgentIdentity, s.resource))
}

// Grant makes a principal an owner of an agent identity; sponsors are not
// changed.
func (s *AgentIdentitySyncer) Grant(ctx context.Context, principal *v2.Resource, entitlement *v2.Entitlement) ([]*v2.Grant, annotations.Annotations, error) {
	return s.ownerChange.grant(ctx, principal.GetId(), entitlement)
}

// Revoke ends an ownership.
func (s *AgentIdentitySyncer) Revoke(ctx context.Context, grant *v2.Grant) (annotations.Annotations, error) {
	return s.ownerChange.revoke(ctx, grant)
}
