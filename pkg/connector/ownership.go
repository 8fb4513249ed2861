package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// doListOwners walks all objects of a type with the owners of each, and hands those
// that may have more to doOwners.
const doListOwners = "list-owners"

// ownership reads who owns the objects of one resource type: from the objects'
// side, and from the side of the service principals that own some.
type ownership struct {
	kit

	resourceType string
	// list reads one page of objects with their owners, those of other types
	// included.
	list func(ctx context.Context, next string) (*sending.Page[graph.ObjectOwners], error)
	// full is the first page of all owners of one object.
	full func(id string) string
}

// grants does the tasks of a type whose only grants are those of owners.
func (o *ownership) grants(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := decodeTask(opts.PageToken.Token, doPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if t.Do == doPlan {
		res, err := o.plan(ctx, ix, t, nil)
		return nil, res, toStatus(err)
	}
	return o.do(ctx, ix, t)
}

// plan enqueues the tasks for one page of the listed objects, with those that
// more makes for them.
func (o *ownership) plan(ctx context.Context, ix index, t task, more func(ids []string) ([]task, error)) (*rs.SyncOpResults, error) {
	ids, follows, err := getPage[string](ctx, ix, keyListed+o.resourceType, t.Page)
	if err != nil {
		return nil, err
	}
	var tasks []task
	if len(ids) > 0 {
		tasks = append(tasks, task{Version: tokenVersion, Do: doServicePrincipals, Page: t.Page})
	}
	if more != nil {
		further, err := more(ids)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, further...)
	}
	if t.Page == 0 {
		tasks = append(tasks, task{Version: tokenVersion, Do: doListOwners})
	}
	return planned(tasks, t.Page+1, follows)
}

// do does a task other than planning.
func (o *ownership) do(ctx context.Context, ix index, t task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	switch t.Do {
	case doListOwners:
		return o.listOwners(ctx, ix, t)
	case doOwners:
		return finishTask(o.readOwners(ctx, ix, t))
	case doServicePrincipals:
		return finishTask(o.replayOwners(ctx, ix, t))
	default:
		return nil, nil, status.Errorf(codes.InvalidArgument, "the page token names an unknown task %q", t.Do)
	}
}

// listOwners reads one page of objects with their owners.
func (o *ownership) listOwners(ctx context.Context, ix index, t task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	page, err := readPage(ctx, t.cursor(), o.list)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	var read []workResult[graph.Reference]
	again := maybeCut(page, func(o *graph.ObjectOwners) (string, graph.Expanded) { return o.ID, o.Owners })
	var cut []workItem
	for i := range page.rows {
		item := workItem{ID: objectID(page.rows[i].ID)}
		if slices.Contains(again, item.ID) {
			cut = append(cut, item)
		} else if len(page.rows[i].Owners) > 0 {
			read = append(read, workResult[graph.Reference]{item: item, rows: page.rows[i].Owners})
		}
	}
	grants, err := o.ownerGrants(ctx, ix, read)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	res, err := enqueue(split(doOwners, cut, sending.MaxBatchSize), t.resumeAt(page.next))
	return grants, res, err
}

// readOwners reads the next pages of the owners of the task's objects.
func (o *ownership) readOwners(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	read, rest, err := readWork[graph.Reference](ctx, o.client, o.left, t.Work, func(w workItem) string { return o.full(w.ID) }, 1)
	if err != nil {
		return nil, nil, err
	}
	grants, err := o.ownerGrants(ctx, ix, read)
	return grants, t.withWork(rest), err
}

// ownerGrants are the grants for owners. Owners of objects of other types, and
// of objects that are not in the snapshot, are passed over.
func (o *ownership) ownerGrants(ctx context.Context, ix index, read []workResult[graph.Reference]) ([]*v2.Grant, error) {
	var ids []string
	for _, r := range read {
		ids = append(ids, r.item.ID)
	}
	objects, err := ix.objects(ctx, ids)
	if err != nil {
		return nil, err
	}
	read = slices.DeleteFunc(read, func(r workResult[graph.Reference]) bool { return objects[r.item.ID] != o.resourceType })
	return holderGrants(ctx, ix, o.left, o.resourceType, slugOwner, read)
}

// holderGrants are the grants of one entitlement for directory objects that hold
// it directly and that nothing is held through.
func holderGrants(ctx context.Context, ix index, left *tally, resourceType, slug string, read []workResult[graph.Reference]) ([]*v2.Grant, error) {
	known, err := principalsOf(ctx, ix, read)
	if err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		of := entitlementOf(resourceType, r.item.ID, slug)
		for _, row := range r.rows {
			id := objectID(row.ID)
			if principalType, ok := known.typeOf(row.Kind(), id, left); ok {
				grants = append(grants, newGrant(of, principalType, id))
			}
		}
	}
	return grants, nil
}

// replayOwners gives the service principals that own objects, as read from the
// owners' side.
func (o *ownership) replayOwners(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	ids, _, err := getPage[string](ctx, ix, keyListed+o.resourceType, t.Page)
	if err != nil {
		return nil, nil, err
	}
	owners, err := ix.servicePrincipals(ctx, keySPOwner, ids)
	if err != nil {
		return nil, nil, err
	}
	replay := replayer{skip: t.Offset}
	for _, id := range ids {
		replay.add(entitlementOf(o.resourceType, id, slugOwner), owners[id], nil)
	}
	return replay.finish(t)
}
