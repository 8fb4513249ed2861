package applications

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/groups"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// doListOwners walks all objects of a type with the owners of each, and hands those
// that may have more to DoOwners.
const doListOwners = "list-owners"

// ownership reads who owns the objects of one resource type: from the objects'
// side, and from the side of the service principals that own some.
type ownership struct {
	kinds.Kit

	resourceType string
	// list reads one page of objects with their owners, those of other types
	// included.
	list func(ctx context.Context, next string) (*sending.Page[graph.ObjectOwners], error)
	// full is the first page of all owners of one object.
	full func(id string) string
}

// grants does the tasks of a type whose only grants are those of owners.
func (o *ownership) grants(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, walk.DoPlan)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if t.Do == walk.DoPlan {
		res, err := o.plan(ctx, ix, t, nil)
		return nil, res, model.ToStatus(err)
	}
	return o.do(ctx, ix, t)
}

// plan enqueues the tasks for one page of the listed objects, with those that
// more makes for them.
func (o *ownership) plan(ctx context.Context, ix walk.Index, t walk.Task, more func(ids []string) ([]walk.Task, error)) (*rs.SyncOpResults, error) {
	ids, follows, err := walk.GetPage[string](ctx, ix, walk.KeyListed+o.resourceType, t.Page)
	if err != nil {
		return nil, err
	}
	var tasks []walk.Task
	if len(ids) > 0 {
		tasks = append(tasks, walk.Task{Version: walk.TokenVersion, Do: groups.DoServicePrincipals, Page: t.Page})
	}
	if more != nil {
		further, err := more(ids)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, further...)
	}
	if t.Page == 0 {
		tasks = append(tasks, walk.Task{Version: walk.TokenVersion, Do: doListOwners})
	}
	return walk.Planned(tasks, t.Page+1, follows)
}

// do does a task other than planning.
func (o *ownership) do(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	switch t.Do {
	case doListOwners:
		return o.listOwners(ctx, ix, t)
	case groups.DoOwners:
		return walk.FinishTask(o.readOwners(ctx, ix, t))
	case groups.DoServicePrincipals:
		return walk.FinishTask(o.replayOwners(ctx, ix, t))
	default:
		return nil, nil, status.Errorf(codes.InvalidArgument, "the page token names an unknown task %q", t.Do)
	}
}

// listOwners reads one page of objects with their owners.
func (o *ownership) listOwners(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *rs.SyncOpResults, error) {
	page, err := walk.ReadPage(ctx, t.Cursor(), o.list)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var read []walk.WorkResult[graph.Reference]
	again := walk.MaybeCut(page, func(o *graph.ObjectOwners) (string, graph.Expanded) { return o.ID, o.Owners })
	var cut []walk.WorkItem
	for i := range page.Rows {
		item := walk.WorkItem{ID: model.ObjectID(page.Rows[i].ID)}
		if slices.Contains(again, item.ID) {
			cut = append(cut, item)
		} else if len(page.Rows[i].Owners) > 0 {
			read = append(read, walk.WorkResult[graph.Reference]{Item: item, Rows: page.Rows[i].Owners})
		}
	}
	grants, err := o.ownerGrants(ctx, ix, read)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := walk.Enqueue(walk.Split(groups.DoOwners, cut, sending.MaxBatchSize), t.ResumeAt(page.Next))
	return grants, res, err
}

// readOwners reads the next pages of the owners of the task's objects.
func (o *ownership) readOwners(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	read, rest, err := walk.ReadWork[graph.Reference](ctx, o.Client, o.Left, t.Work, func(w walk.WorkItem) string { return o.full(w.ID) }, 1)
	if err != nil {
		return nil, nil, err
	}
	grants, err := o.ownerGrants(ctx, ix, read)
	return grants, t.WithWork(rest), err
}

// ownerGrants are the grants for owners. Owners of objects of other types, and
// of objects that are not in the snapshot, are passed over.
func (o *ownership) ownerGrants(ctx context.Context, ix walk.Index, read []walk.WorkResult[graph.Reference]) ([]*v2.Grant, error) {
	var ids []string
	for _, r := range read {
		ids = append(ids, r.Item.ID)
	}
	objects, err := ix.Objects(ctx, ids)
	if err != nil {
		return nil, err
	}
	read = slices.DeleteFunc(read, func(r walk.WorkResult[graph.Reference]) bool { return objects[r.Item.ID] != o.resourceType })
	return HolderGrants(ctx, ix, o.Left, o.resourceType, model.SlugOwner, read)
}

// HolderGrants are the grants of one entitlement for directory objects that hold
// it directly and that nothing is held through.
func HolderGrants(ctx context.Context, ix walk.Index, left *walk.Tally, resourceType, slug string, read []walk.WorkResult[graph.Reference]) ([]*v2.Grant, error) {
	known, err := kinds.PrincipalsOf(ctx, ix, read)
	if err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	for _, r := range read {
		of := model.EntitlementOf(resourceType, r.Item.ID, slug)
		for _, row := range r.Rows {
			id := model.ObjectID(row.ID)
			if principalType, ok := known.TypeOf(row.Kind(), id, left); ok {
				grants = append(grants, model.NewGrant(of, principalType, id))
			}
		}
	}
	return grants, nil
}

// replayOwners gives the service principals that own objects, as read from the
// owners' side.
func (o *ownership) replayOwners(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	ids, _, err := walk.GetPage[string](ctx, ix, walk.KeyListed+o.resourceType, t.Page)
	if err != nil {
		return nil, nil, err
	}
	owners, err := ix.ServicePrincipals(ctx, walk.KeySPOwner, ids)
	if err != nil {
		return nil, nil, err
	}
	replay := walk.Replayer{Skip: t.Offset}
	for _, id := range ids {
		replay.Add(model.EntitlementOf(o.resourceType, id, model.SlugOwner), owners[id], nil)
	}
	return replay.Finish(t)
}
