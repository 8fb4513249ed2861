package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

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
func (s *groupSyncer) readCycle(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, []task, error) {
	cycles, err := cyclesOf(ctx, ix, false)
	if err != nil {
		return nil, nil, nil, err
	}
	if t.Cycle < 0 || t.Cycle >= len(cycles) {
		return nil, nil, nil, status.Error(codes.InvalidArgument, "the page token names a cycle of groups that this sync does not know; start the sync over")
	}
	traits, err := get[groupTraits](ctx, ix, keyGroup, slices.Clone(cycles[t.Cycle]))
	if err != nil {
		return nil, nil, nil, err
	}
	c := &cycle{groupSyncer: s, index: ix, groups: cycles[t.Cycle], traits: traits}
	var grants []*v2.Grant
	var next *task
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
	*groupSyncer
	index  index
	groups []string
	traits map[string]groupTraits
}

// items are the groups as work, all of it still to be done.
func (c *cycle) items() []workItem {
	items := make([]workItem, 0, len(c.groups))
	for _, id := range c.groups {
		items = append(items, workItem{ID: id, Traits: c.traits[id]})
	}
	return items
}

// others are the groups of the cycle but one.
func (c *cycle) others(id string) []string {
	return slices.DeleteFunc(slices.Clone(c.groups), func(other string) bool { return other == id })
}

// derivedApplications makes the applications in each group members of the other
// groups.
func (c *cycle) derivedApplications(ctx context.Context, t task) ([]*v2.Grant, *task, error) {
	members, err := c.index.servicePrincipals(ctx, keySPMember, c.groups)
	if err != nil {
		return nil, nil, err
	}
	replay := replayer{skip: t.Offset}
	for _, id := range c.groups {
		for _, other := range c.others(id) {
			for _, application := range members[id] {
				if g := replay.next(entitlementOf(typeGroup, other, slugMember), application); g != nil {
					c.derive(g, id)
				}
			}
		}
	}
	if replay.full {
		return replay.finish(t)
	}
	return replay.grants, &task{Version: tokenVersion, Do: doCycleMembers, Cycle: t.Cycle, Work: c.items()}, nil
}

// derivedMembers makes the members of each group members of the other groups.
func (c *cycle) derivedMembers(ctx context.Context, t task) ([]*v2.Grant, *task, error) {
	copies := len(c.groups) - 1
	top := max(1, min(sending.MaxPageSize, maxRowsPerAnswer/copies))
	first := func(w workItem) string { return graph.GroupMembersRef(w.ID, top) }
	read, rest, err := readWork[graph.Reference](ctx, c.client, c.left, t.Work, first, copies)
	if err != nil {
		return nil, nil, err
	}
	known, err := principalsOf(ctx, c.index, read)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		for _, row := range r.rows {
			id := objectID(row.ID)
			if slices.Contains(c.groups, id) || known.skippedGroup(row.Kind(), id, "") {
				continue
			}
			principalType, ok := known.typeOf(row.Kind(), id, c.left)
			if !ok {
				continue
			}
			for _, other := range c.others(r.item.ID) {
				g := newGrant(entitlementOf(typeGroup, other, slugMember), principalType, id)
				if principalType == typeGroup {
					if err := c.expand.nested(g, id); err != nil {
						return nil, nil, err
					}
				}
				c.derive(g, r.item.ID)
				grants = append(grants, g)
			}
		}
	}
	if len(rest) > 0 {
		return grants, t.withWork(rest), nil
	}
	return grants, &task{Version: tokenVersion, Do: doCycleDirect, Cycle: t.Cycle, Work: c.items()}, nil
}

// directMembers gives the memberships as they are.
func (c *cycle) directMembers(ctx context.Context, t task) ([]*v2.Grant, *task, []task, error) {
	first := func(w workItem) string { return graph.GroupMembersRef(w.ID, sending.MaxPageSize) }
	read, rest, err := readWork[graph.Reference](ctx, c.client, &tally{}, t.Work, first, 1)
	if err != nil {
		return nil, nil, nil, err
	}
	known, err := principalsOf(ctx, c.index, read)
	if err != nil {
		return nil, nil, nil, err
	}
	uncounted := *c.groupSyncer
	uncounted.left = &tally{} // derivedMembers counted what is left out.
	var grants []*v2.Grant
	for _, r := range read {
		of := entitlementOf(typeGroup, r.item.ID, slugMember)
		for _, row := range r.rows {
			var g *v2.Grant
			if id := objectID(row.ID); row.Kind() == graph.KindGroup && slices.Contains(c.groups, id) {
				g = newGrant(of, typeGroup, id)
				annotate(g, c.immutables[r.item.Traits.fixedBecause(slugMember)])
			} else if g, err = uncounted.relationGrant(of, slugMember, r.item.Traits, row, known); err != nil {
				return nil, nil, nil, err
			}
			if g != nil {
				grants = append(grants, g)
			}
		}
	}
	next := t.withWork(rest)
	if next == nil {
		next = &task{Version: tokenVersion, Do: doCycleDirectApplications, Cycle: t.Cycle}
	}
	return grants, next, c.through(t, known), nil
}

// through are the tasks for memberships through groups that are left out: what
// reaches one group of the cycle reaches all.
func (c *cycle) through(t task, known *principals) []task {
	if t.Again || len(known.through) == 0 {
		return nil
	}
	var items []workItem
	for _, skipped := range known.through {
		for _, group := range c.groups {
			items = append(items, workItem{ID: skipped.ID, On: entitlementID(typeGroup, group, slugMember)})
		}
	}
	again := &task{Version: tokenVersion, Do: doCycleDirect, Cycle: t.Cycle, Work: c.items(), Again: true}
	return []task{{Version: tokenVersion, Do: doThrough, Work: items, Seen: linkHash(pageOf(t.Work)), Then: again}}
}

// directApplications gives the memberships of applications as they are.
func (c *cycle) directApplications(ctx context.Context, t task) ([]*v2.Grant, *task, error) {
	members, err := c.index.servicePrincipals(ctx, keySPMember, c.groups)
	if err != nil {
		return nil, nil, err
	}
	replay := replayer{skip: t.Offset}
	for _, id := range c.groups {
		replay.add(entitlementOf(typeGroup, id, slugMember), members[id], c.immutables[c.traits[id].fixedBecause(slugMember)])
	}
	return replay.finish(t)
}

// derive marks a grant as held through the membership of another group of the
// cycle, and so not to be revoked here.
func (c *cycle) derive(g *v2.Grant, through string) {
	derivedFrom(g, through)
	annotate(g, c.immutables[derivedReason])
}
