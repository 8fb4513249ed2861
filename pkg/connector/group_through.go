package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// doThrough is the task that reads who holds entitlements through groups that
// are left out of the snapshot.
const doThrough = "through"

// throughTasks make tasks for what people hold through skipped groups. Whoever
// also holds it directly has to end up as a direct holder, and the SDK keeps the
// grant that was given last: direct is the task that gives the direct ones of an
// entitlement's resource once more, after the others. page is the page that the
// skipped groups were seen on: another page that shows one again makes a task of
// its own, where the SDK would warn of one that it knows.
func throughTasks(items []workItem, page string, direct func(resource string) task) []task {
	byResource := map[string][]workItem{}
	var order []string
	for _, item := range items {
		resource := entitlementByID(item.On).GetResource().GetId().GetResource()
		if _, seen := byResource[resource]; !seen {
			order = append(order, resource)
		}
		byResource[resource] = append(byResource[resource], item)
	}
	tasks := make([]task, 0, len(order))
	for _, resource := range order {
		again := direct(resource)
		again.Again = true
		tasks = append(tasks, task{Version: tokenVersion, Do: doThrough, Work: byResource[resource], Seen: linkHash(page), Then: &again})
	}
	return tasks
}

// throughRef is the first page of whom a skipped group gives the entitlement
// to: membership reaches through the groups in it, whatever else is held
// reaches its direct members.
func throughRef(w workItem) string {
	if of := entitlementByID(w.On); of.GetResource().GetId().GetResourceType() == typeGroup {
		return graph.GroupTransitiveMembersRef(w.ID)
	}
	return graph.GroupMembersRef(w.ID, sending.MaxPageSize)
}

// passesOn tells whether what a group holds on a resource of a type is its
// members', by their kind, as the SDK would expand it. Groups in the group are
// rows of their own where membership is what is held.
func passesOn(resourceType string, member graph.ObjectKind) bool {
	switch resourceType {
	case typeGroup:
		return member != graph.KindGroup
	case typeApplication:
		return member == graph.KindUser
	default:
		return member != graph.KindGroup && member != graph.KindDevice
	}
}

// readThrough gives the people in skipped groups what they hold through them.
// The source of such a grant is the group, so that the SDK does not take it for
// a direct one; nobody can revoke it here.
func readThrough(ctx context.Context, client *graph.Client, left *tally, ix index, t task) ([]*v2.Grant, *task, error) {
	read, rest, err := readWork[graph.Reference](ctx, client, left, t.Work, throughRef, 1)
	if err != nil {
		return nil, nil, err
	}
	known, err := principalsOf(ctx, ix, read)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		of := entitlementByID(r.item.On)
		resourceType := of.GetResource().GetId().GetResourceType()
		for _, row := range r.rows {
			if !passesOn(resourceType, row.Kind()) {
				continue
			}
			id := objectID(row.ID)
			principalType, ok := known.typeOf(row.Kind(), id, left)
			if !ok {
				continue
			}
			g := newGrant(of, principalType, id)
			derivedFrom(g, r.item.ID)
			if err := immutableBecause(g, "it is held through group "+r.item.ID+", which is synchronized from on-premises Active Directory and left out of the snapshot"); err != nil {
				return nil, nil, err
			}
			grants = append(grants, g)
		}
	}
	if len(rest) == 0 {
		return grants, t.Then, nil
	}
	return grants, t.withWork(rest), nil
}
