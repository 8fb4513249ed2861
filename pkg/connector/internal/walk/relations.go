package walk

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// ReadRelations reads relations in full, all pages of each, for the few objects
// whose $expand may have been cut short. As with ReadWorkOf, an object is left out
// of an optional data set; there is nothing of it in the answer then.
func ReadRelations(
	ctx context.Context, client *graph.Client, left *Tally, of model.DataSet, ids []string, first func(string) string,
) (map[string][]graph.Reference, error) {
	return ReadRelationsOf[graph.Reference](ctx, client, left, of, ids, first)
}

// ReadRelationsOf is ReadRelations for rows that say more than ids.
func ReadRelationsOf[T any](
	ctx context.Context, client *graph.Client, left *Tally, of model.DataSet, ids []string, first func(string) string,
) (map[string][]T, error) {
	found := make(map[string][]T, len(ids))
	items := make([]WorkItem, 0, len(ids))
	for _, id := range ids {
		items = append(items, WorkItem{ID: id})
	}
	for len(items) > 0 {
		read, rest, err := ReadWorkOf[T](ctx, client, left, of, items, func(w WorkItem) string { return first(w.ID) }, 0)
		if err != nil {
			return nil, err
		}
		for _, r := range read {
			found[r.Item.ID] = append(found[r.Item.ID], r.Rows...)
		}
		items = rest
	}
	return found, nil
}

// LookUpRows reads the listings that references lead to, all their pages.
func LookUpRows[T any](ctx context.Context, client *graph.Client, refs []string) ([]T, error) {
	var rows []T
	var trail sending.Trail
	for len(refs) > 0 {
		n := min(len(refs), sending.MaxBatchSize)
		pages, err := sending.BatchPages[T](ctx, client.Sender, refs[:n])
		if err != nil {
			return nil, err
		}
		refs = slices.Clone(refs[n:])
		for _, p := range pages {
			if p.Err != nil {
				return nil, p.Err
			}
			rows = append(rows, p.Page.Items...)
			if p.Page.Next != "" {
				if err := trail.Follow(p.Page.Next); err != nil {
					return nil, err
				}
				refs = append(refs, p.Page.Next)
			}
		}
	}
	return rows, nil
}
