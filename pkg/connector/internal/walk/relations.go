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
	return ReadRows[graph.Reference](ctx, client, left, of, ids, first)
}

// ReadRows is ReadRelations for rows of whichever type.
func ReadRows[T any](
	ctx context.Context, client *graph.Client, left *Tally, of model.DataSet, ids []string, first func(string) string,
) (map[string][]T, error) {
	return ReadApart[T](ctx, client, left, &Apart{Data: of}, ids, first)
}

// ReadApart is ReadRows for a data set of which Graph may deny single objects. Whose rows
// were read whole has a key in the answer, also where there are none.
func ReadApart[T any](
	ctx context.Context, client *graph.Client, left *Tally, of *Apart, ids []string, first func(string) string,
) (map[string][]T, error) {
	found := make(map[string][]T, len(ids))
	items := make([]WorkItem, 0, len(ids))
	for _, id := range ids {
		items = append(items, WorkItem{ID: id})
	}
	for len(items) > 0 {
		read, rest, err := readWork[T](ctx, client, left, of, items, func(w WorkItem) string { return first(w.ID) }, 0)
		if err != nil {
			return nil, err
		}
		whole := make(map[string]bool, len(read))
		for _, r := range read {
			found[r.Item.ID] = append(found[r.Item.ID], r.Rows...)
			whole[r.Item.ID] = true
		}
		for _, item := range rest {
			whole[item.ID] = true
		}
		for _, item := range items {
			if !whole[item.ID] { // A part of them would pass for all.
				delete(found, item.ID)
			}
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
