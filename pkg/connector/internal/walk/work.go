package walk

import (
	"context"
	"strings"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// MaxRowsPerAnswer bounds what one call reads and holds: so many grants take some
// 10 MB, and each worker has a call under way. It says nothing of bytes; an
// answer that is too large all the same is given in parts (parts.go).
const MaxRowsPerAnswer = 7000

// WorkItem is one relation of one object that is to be read: a group's members,
// an application's assignments.
type WorkItem struct {
	// ID is the object's id.
	ID string `json:"i"`
	// Traits are what the group's memberships need to know about it.
	Traits model.GroupTraits `json:"t,omitempty"`
	// On is the entitlement that is held through the object.
	On string `json:"e,omitempty"`
	// Type is the object's type where the relation's address names it.
	Type string `json:"y,omitempty"`
	// Next is Graph's reference of the page to read; empty for the first.
	Next string `json:"n,omitempty"`
	// Restarts counts how often the relation was begun again.
	Restarts int `json:"r,omitempty"`
	// Trail is the way that Graph has led the reading.
	Trail Trail `json:"x,omitzero"`
}

// WorkResult is a page of one item's relation.
type WorkResult[T any] struct {
	Item WorkItem
	Rows []T
}

// ReadWork reads the next page of up to a batch of items in one round trip. It
// returns the pages that were read and the items still to be read: those that
// did not fit in this answer, those with further pages, and those that begin
// again because Graph let a page token expire. Each row counts rowCost times
// against the size of the answer. An object that is gone is counted and
// skipped; any other failure is an error, never an empty page.
func ReadWork[T any](
	ctx context.Context, client *graph.Client, left *Tally, items []WorkItem, first func(WorkItem) string, rowCost int,
) ([]WorkResult[T], []WorkItem, error) {
	return readWork[T](ctx, client, left, &Apart{}, items, first, rowCost)
}

// ReadWorkOf is ReadWork for relations that belong to an optional data set: an
// object whose relation Graph does not give in any form is named and left out of
// the data set, whose other objects are read.
func ReadWorkOf[T any](
	ctx context.Context, client *graph.Client, left *Tally, of model.DataSet, items []WorkItem, first func(WorkItem) string, rowCost int,
) ([]WorkResult[T], []WorkItem, error) {
	return readWork[T](ctx, client, left, &Apart{Data: of}, items, first, rowCost)
}

func readWork[T any](
	ctx context.Context, client *graph.Client, left *Tally, of *Apart, items []WorkItem, first func(WorkItem) string, rowCost int,
) ([]WorkResult[T], []WorkItem, error) {
	n := min(len(items), sending.MaxBatchSize)
	refs := make([]string, n)
	for i, item := range items[:n] {
		refs[i] = item.Next
		if refs[i] == "" {
			refs[i] = first(item)
		}
	}
	pages, err := sending.BatchPages[T](ctx, client.Sender, refs)
	if err != nil {
		return nil, nil, err
	}
	single, err := settle(ctx, of, pages)
	if err != nil {
		return nil, nil, err
	}
	var read []WorkResult[T]
	var rest []WorkItem
	rows := 0
	for i, p := range pages {
		item := items[i]
		switch {
		case BeginsAgain(p.Err) && item.Next != "" && item.Restarts < MaxRestarts:
			ctxzap.Extract(ctx).Info("azure-ad: the relation is read again", zap.Error(p.Err), zap.String("object_id", item.ID), zap.Int("restart", item.Restarts+1))
			again := item
			again.Next, again.Trail, again.Restarts = "", item.Trail.again(), item.Restarts+1
			rest = append(rest, again)
		case failure.IsNotFound(p.Err):
			left.Add(LeftVanished, 1)
		case of.Data != "" && !item.Trail.Gave && forms.IsRefused(p.Err):
			left.Add(LeftUnreadable(of.Data), 1)
			ctxzap.Extract(ctx).Warn(MessageUnreadable, zap.String("data", string(of.Data)), zap.String("object_id", item.ID), zap.Error(p.Err))
		case single && !item.Trail.Gave && isDenied(p.Err):
			left.Add(LeftDenied(of.Data), 1)
			of.Denied = append(of.Denied, item.ID)
			ctxzap.Extract(ctx).Warn(MessageDenied, zap.String("data", string(of.Data)), zap.String("object_id", item.ID), zap.Error(p.Err))
		case p.Err != nil:
			return nil, nil, p.Err
		case rows > 0 && rows+len(p.Page.Items)*rowCost > MaxRowsPerAnswer:
			rest = append(rest, item)
		default:
			rows += len(p.Page.Items) * rowCost
			read = append(read, WorkResult[T]{Item: item, Rows: p.Page.Items})
			if p.Page.Next != "" {
				next := item
				if err := next.Trail.Follow(len(p.Page.Items), p.Page.Next); err != nil {
					return nil, nil, err
				}
				next.Next = p.Page.Next
				rest = append(rest, next)
			}
		}
	}
	return read, append(rest, items[n:]...), nil
}

// MessageUnreadable is the line that names an object that is left out.
const MessageUnreadable = "azure-ad: Microsoft Graph does not give this of one object in any form; it is left out"

// LeftUnreadable is why objects are left out of a data set.
func LeftUnreadable(of model.DataSet) string {
	return "objects whose " + string(of) + " Microsoft Graph does not give in any form"
}

// PageOf names the pages that items are at.
func PageOf(items []WorkItem) string {
	var refs strings.Builder
	for _, item := range items {
		refs.WriteString(item.ID + item.Next + " ")
	}
	return refs.String()
}
