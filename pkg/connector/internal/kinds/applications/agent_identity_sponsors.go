package applications

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// doSponsors is the task that reads who answers for agent identities.
const doSponsors = "sponsors"

func sponsorEntitlement() *v2.Entitlement {
	return entitlement.NewAssignmentEntitlement(model.ResourceRef(model.TypeAgentIdentity, ""), model.SlugSponsor,
		entitlement.WithDisplayName("Sponsor"),
		entitlement.WithDescription("Answers for the agent identity and its lifecycle"),
		entitlement.WithGrantableTo(kinds.UserResourceType, kinds.GroupResourceType))
}

// GrantsForResourceType reads who owns and who sponsors agent identities, and gives
// which blueprint each was made from.
func (s *AgentIdentitySyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, walk.DoPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	switch t.Do {
	case walk.DoPlan:
		res, err := s.plan(ctx, ix, t)
		return nil, res, model.ToStatus(err)
	case doSponsors:
		return walk.FinishTask(s.readSponsors(ctx, ix, t))
	case doAgents:
		return walk.FinishTask(s.agentGrants(ctx, ix, t))
	default:
		return s.owners.do(ctx, ix, t)
	}
}

func (s *AgentIdentitySyncer) plan(ctx context.Context, ix walk.Index, t walk.Task) (*rs.SyncOpResults, error) {
	reads, err := s.Decider.Reads(ctx, ix, model.DataAgentSponsors)
	if err != nil {
		return nil, err
	}
	inherited, err := readsInherited(ctx, &s.Kit, ix)
	if err != nil {
		return nil, err
	}
	return s.owners.plan(ctx, ix, t, func(ids []string) ([]walk.Task, error) {
		var tasks []walk.Task
		if inherited && len(ids) > 0 {
			tasks = append(tasks, walk.Task{Version: walk.TokenVersion, Do: doAgents, Page: t.Page})
		}
		if !reads {
			return tasks, nil
		}
		types, err := walk.Get[string](ctx, ix, keyAgent, slices.Clone(ids))
		if err != nil {
			return nil, err
		}
		items := make([]walk.WorkItem, 0, len(ids))
		for _, id := range ids {
			items = append(items, walk.WorkItem{ID: id, Type: types[id]})
		}
		return append(tasks, walk.Split(doSponsors, items, sending.MaxBatchSize)...), nil
	})
}

// readSponsors reads the next pages of the sponsors of the task's agents. A
// group that sponsors an agent is shown as such; it does not make its members
// sponsors.
func (s *AgentIdentitySyncer) readSponsors(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	read, rest, err := walk.ReadWorkOf[graph.Reference](ctx, s.Client, s.Left, model.DataAgentSponsors, t.Work, func(w walk.WorkItem) string { return graph.AgentSponsorsRef(w.ID, w.Type) }, 1)
	if err != nil {
		return nil, nil, err
	}
	grants, err := HolderGrants(ctx, ix, s.Left, model.TypeAgentIdentity, model.SlugSponsor, read)
	return grants, t.WithWork(rest), err
}
