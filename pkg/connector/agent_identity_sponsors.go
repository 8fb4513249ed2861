package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// doSponsors is the task that reads who answers for agent identities.
const doSponsors = "sponsors"

func sponsorEntitlement() *v2.Entitlement {
	return entitlement.NewAssignmentEntitlement(resourceRef(typeAgentIdentity, ""), slugSponsor,
		entitlement.WithDisplayName("Sponsor"),
		entitlement.WithDescription("Answers for the agent identity and its lifecycle"),
		entitlement.WithGrantableTo(userResourceType, groupResourceType))
}

// Grants has nothing to add to GrantsForResourceType.
func (s *agentIdentitySyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType reads who owns and who sponsors agent identities.
func (s *agentIdentitySyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := decodeTask(opts.PageToken.Token, doPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	switch t.Do {
	case doPlan:
		res, err := s.plan(ctx, ix, t)
		return nil, res, toStatus(err)
	case doSponsors:
		return finishTask(s.readSponsors(ctx, ix, t))
	default:
		return s.owners.do(ctx, ix, t)
	}
}

func (s *agentIdentitySyncer) plan(ctx context.Context, ix index, t task) (*rs.SyncOpResults, error) {
	reads, err := s.decider.reads(ctx, ix, dataAgentSponsors)
	if err != nil {
		return nil, err
	}
	return s.owners.plan(ctx, ix, t, func(ids []string) ([]task, error) {
		if !reads {
			return nil, nil
		}
		types, err := get[string](ctx, ix, keyAgent, slices.Clone(ids))
		if err != nil {
			return nil, err
		}
		items := make([]workItem, 0, len(ids))
		for _, id := range ids {
			items = append(items, workItem{ID: id, Type: types[id]})
		}
		return split(doSponsors, items, sending.MaxBatchSize), nil
	})
}

// readSponsors reads the next pages of the sponsors of the task's agents. A
// group that sponsors an agent is shown as such; it does not make its members
// sponsors.
func (s *agentIdentitySyncer) readSponsors(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	read, rest, err := readWorkOf[graph.Reference](ctx, s.client, s.left, dataAgentSponsors, t.Work, func(w workItem) string { return graph.AgentSponsorsRef(w.ID, w.Type) }, 1)
	if err != nil {
		return nil, nil, err
	}
	grants, err := holderGrants(ctx, ix, s.left, typeAgentIdentity, slugSponsor, read)
	return grants, t.withWork(rest), err
}
