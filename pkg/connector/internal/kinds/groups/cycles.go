package groups

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// A cycle of groups is read by one chain of tasks, in this order. The derived
// memberships come first and the direct ones last, so that a member of several
// groups of the cycle ends up as a direct member of each: the SDK keeps the
// grant that was given last.
//
// Expansion never has to follow a membership inside the cycle: what it would
// lead to is given here in full. Members that are groups outside the cycle are
// expanded as everywhere.
const (
	doCycleMembers            = "cycle-members"
	doCycleDirect             = "cycle-direct"
	doCycleDirectApplications = "cycle-direct-sp"
)

// readCycle does the next piece of a cycle's chain and returns the task that
// follows; nil after the last.
func (s *Syncer) readCycle(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, []walk.Task, error) {
	cycles, err := kinds.CyclesOf(ctx, ix, false)
	if err != nil {
		return nil, nil, nil, err
	}
	if t.Cycle < 0 || t.Cycle >= len(cycles) {
		return nil, nil, nil, status.Error(codes.InvalidArgument, "the page token names a cycle of groups that this sync does not know; start the sync over")
	}
	traits, err := walk.Get[model.GroupTraits](ctx, ix, walk.KeyGroup, slices.Clone(cycles[t.Cycle]))
	if err != nil {
		return nil, nil, nil, err
	}
	c := &cycle{Syncer: s, index: ix, groups: cycles[t.Cycle], traits: traits}
	var grants []*v2.Grant
	var next *walk.Task
	switch t.Do {
	case doCycle:
		grants, next, err = c.derivedApplications(ctx, t)
	case doCycleMembers:
		grants, next, err = c.derivedMembers(ctx, t)
	case doCycleDirect:
		return c.directMembers(ctx, t)
	default:
		grants, next, err = c.directApplications(ctx, t)
	}
	return grants, next, nil, err
}

// cycle is one set of groups that contain each other.
type cycle struct {
	*Syncer
	index  walk.Index
	groups []string
	traits map[string]model.GroupTraits
}

// items are the groups as work, all of it still to be done.
func (c *cycle) items() []walk.WorkItem {
	items := make([]walk.WorkItem, 0, len(c.groups))
	for _, id := range c.groups {
		items = append(items, walk.WorkItem{ID: id, Traits: c.traits[id]})
	}
	return items
}

// others are the groups of the cycle but one.
func (c *cycle) others(id string) []string {
	return slices.DeleteFunc(slices.Clone(c.groups), func(other string) bool { return other == id })
}

// derivedApplications makes the applications in each group members of the other
// groups.
func (c *cycle) derivedApplications(ctx context.Context, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	members, err := c.index.ServicePrincipals(ctx, walk.KeySPMember, c.groups)
	if err != nil {
		return nil, nil, err
	}
	replay := walk.Replayer{Skip: t.Offset}
	for _, id := range c.groups {
		for _, other := range c.others(id) {
			for _, application := range members[id] {
				if g := replay.Next(model.EntitlementOf(model.TypeGroup, other, model.SlugMember), application); g != nil {
					c.derive(g, id)
				}
			}
		}
	}
	if replay.Full {
		return replay.Finish(t)
	}
	return replay.Grants, &walk.Task{Version: walk.TokenVersion, Do: doCycleMembers, Cycle: t.Cycle, Work: c.items()}, nil
}

// derivedMembers makes the members of each group members of the other groups.
func (c *cycle) derivedMembers(ctx context.Context, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	copies := len(c.groups) - 1
	top := max(1, min(sending.MaxPageSize, walk.MaxRowsPerAnswer/copies))
	first := func(w walk.WorkItem) string { return graph.GroupMembersRef(w.ID, top) }
	read, rest, err := walk.ReadWork[graph.Reference](ctx, c.Client, c.Left, t.Work, first, copies)
	if err != nil {
		return nil, nil, err
	}
	known, err := kinds.PrincipalsOf(ctx, c.index, read)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		for _, row := range r.Rows {
			id := model.ObjectID(row.ID)
			if slices.Contains(c.groups, id) || known.SkippedGroup(row.Kind(), id, "") {
				continue
			}
			principalType, ok := known.TypeOf(row.Kind(), id, c.Left)
			if !ok {
				continue
			}
			for _, other := range c.others(r.Item.ID) {
				g := model.NewGrant(model.EntitlementOf(model.TypeGroup, other, model.SlugMember), principalType, id)
				if principalType == model.TypeGroup {
					if err := c.Expand.Nested(g, id); err != nil {
						return nil, nil, err
					}
				}
				c.derive(g, r.Item.ID)
				grants = append(grants, g)
			}
		}
	}
	if len(rest) > 0 {
		return grants, t.WithWork(rest), nil
	}
	return grants, &walk.Task{Version: walk.TokenVersion, Do: doCycleDirect, Cycle: t.Cycle, Work: c.items()}, nil
}

// directMembers gives the memberships as they are.
func (c *cycle) directMembers(ctx context.Context, t walk.Task) ([]*v2.Grant, *walk.Task, []walk.Task, error) {
	first := func(w walk.WorkItem) string { return graph.GroupMembersRef(w.ID, sending.MaxPageSize) }
	read, rest, err := walk.ReadWork[graph.Reference](ctx, c.Client, &walk.Tally{}, t.Work, first, 1)
	if err != nil {
		return nil, nil, nil, err
	}
	known, err := kinds.PrincipalsOf(ctx, c.index, read)
	if err != nil {
		return nil, nil, nil, err
	}
	uncounted := *c.Syncer
	uncounted.Left = &walk.Tally{} // derivedMembers counted what is left out.
	var grants []*v2.Grant
	for _, r := range read {
		of := model.EntitlementOf(model.TypeGroup, r.Item.ID, model.SlugMember)
		for _, row := range r.Rows {
			var g *v2.Grant
			if id := model.ObjectID(row.ID); row.Kind() == graph.KindGroup && slices.Contains(c.groups, id) {
				g = model.NewGrant(of, model.TypeGroup, id)
				model.Annotate(g, c.Immutables[r.Item.Traits.FixedBecause(model.SlugMember, c.Filter.Exchange)])
			} else if g, err = uncounted.relationGrant(of, model.SlugMember, r.Item.Traits, row, known); err != nil {
				return nil, nil, nil, err
			}
			if g != nil {
				grants = append(grants, g)
			}
		}
	}
	next := t.WithWork(rest)
	if next == nil {
		next = &walk.Task{Version: walk.TokenVersion, Do: doCycleDirectApplications, Cycle: t.Cycle}
	}
	return grants, next, c.through(t, known), nil
}

// through are the tasks for memberships through groups that are left out: what
// reaches one group of the cycle reaches all.
func (c *cycle) through(t walk.Task, known *kinds.Principals) []walk.Task {
	if t.Again || len(known.Through) == 0 {
		return nil
	}
	var items []walk.WorkItem
	for _, skipped := range known.Through {
		for _, group := range c.groups {
			items = append(items, walk.WorkItem{ID: skipped.ID, On: model.EntitlementID(model.TypeGroup, group, model.SlugMember)})
		}
	}
	again := &walk.Task{Version: walk.TokenVersion, Do: doCycleDirect, Cycle: t.Cycle, Work: c.items(), Again: true}
	return []walk.Task{{Version: walk.TokenVersion, Do: DoThrough, Work: items, Seen: walk.LinkHash(walk.PageOf(t.Work)), Then: again}}
}

// directApplications gives the memberships of applications as they are.
func (c *cycle) directApplications(ctx context.Context, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	members, err := c.index.ServicePrincipals(ctx, walk.KeySPMember, c.groups)
	if err != nil {
		return nil, nil, err
	}
	replay := walk.Replayer{Skip: t.Offset}
	for _, id := range c.groups {
		replay.Add(model.EntitlementOf(model.TypeGroup, id, model.SlugMember), members[id], c.Immutables[c.traits[id].FixedBecause(model.SlugMember, c.Filter.Exchange)])
	}
	return replay.Finish(t)
}

// derive marks a grant as held through the membership of another group of the
// cycle, and so not to be revoked here.
func (c *cycle) derive(g *v2.Grant, through string) {
	model.DerivedFrom(g, through)
	model.Annotate(g, c.Immutables[model.DerivedReason])
}
