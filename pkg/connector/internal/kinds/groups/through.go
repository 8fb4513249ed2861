package groups

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// DoThrough is the task that reads who holds entitlements through groups that
// are left out of the snapshot.
const DoThrough = "through"

// ThroughTasks make tasks for what people hold through skipped groups. Whoever
// also holds it directly has to end up as a direct holder, and the SDK keeps the
// grant that was given last: direct is the task that gives the direct ones of an
// entitlement's resource once more, after the others. page is the page that the
// skipped groups were seen on: another page that shows one again makes a task of
// its own, where the SDK would warn of one that it knows.
func ThroughTasks(items []walk.WorkItem, page string, direct func(resource string) walk.Task) []walk.Task {
	byResource := map[string][]walk.WorkItem{}
	var order []string
	for _, item := range items {
		resource := model.EntitlementByID(item.On).GetResource().GetId().GetResource()
		if _, seen := byResource[resource]; !seen {
			order = append(order, resource)
		}
		byResource[resource] = append(byResource[resource], item)
	}
	tasks := make([]walk.Task, 0, len(order))
	for _, resource := range order {
		again := direct(resource)
		again.Again = true
		tasks = append(tasks, walk.Task{Version: walk.TokenVersion, Do: DoThrough, Work: byResource[resource], Seen: walk.LinkHash(page), Then: &again})
	}
	return tasks
}

// throughRef is the first page of whom a skipped group gives the entitlement
// to: membership reaches through the groups in it, whatever else is held
// reaches its direct members.
func throughRef(w walk.WorkItem) string {
	if of := model.EntitlementByID(w.On); of.GetResource().GetId().GetResourceType() == model.TypeGroup {
		return graph.GroupTransitiveMembersRef(w.ID)
	}
	return graph.GroupMembersRef(w.ID, sending.MaxPageSize)
}

// passesOn tells whether what a group holds on a resource of a type is its
// members', by their kind, as the SDK would expand it. Groups in the group are
// rows of their own where membership is what is held.
func passesOn(resourceType string, member graph.ObjectKind) bool {
	switch resourceType {
	case model.TypeGroup:
		return member != graph.KindGroup
	case model.TypeApplication:
		return member == graph.KindUser
	default:
		return member != graph.KindGroup && member != graph.KindDevice
	}
}

// ReadThrough gives the people in skipped groups what they hold through them.
// The source of such a grant is the group, so that the SDK does not take it for
// a direct one; nobody can revoke it here.
func ReadThrough(ctx context.Context, client *graph.Client, left *walk.Tally, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	read, rest, err := walk.ReadWork[graph.Reference](ctx, client, left, t.Work, throughRef, 1)
	if err != nil {
		return nil, nil, err
	}
	known, err := kinds.PrincipalsOf(ctx, ix, read)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		of := model.EntitlementByID(r.Item.On)
		resourceType := of.GetResource().GetId().GetResourceType()
		for _, row := range r.Rows {
			if !passesOn(resourceType, row.Kind()) {
				continue
			}
			id := model.ObjectID(row.ID)
			principalType, ok := known.TypeOf(row.Kind(), id, left)
			if !ok {
				continue
			}
			g := model.NewGrant(of, principalType, id)
			model.DerivedFrom(g, r.Item.ID)
			if err := model.ImmutableBecause(g, "it is held through group "+r.Item.ID+", which is synchronized from on-premises Active Directory and left out of the snapshot"); err != nil {
				return nil, nil, err
			}
			grants = append(grants, g)
		}
	}
	if len(rest) == 0 {
		return grants, t.Then, nil
	}
	return grants, t.WithWork(rest), nil
}
