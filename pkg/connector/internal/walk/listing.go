package walk

import (
	"context"
	"errors"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Listed is one page of a listing and the cursor that follows it.
type Listed[T any] struct {
	Rows []T
	// Page is the page's number since the listing (re)started.
	Page int
	// Next leads to the following page; nil after the last.
	Next *Cursor
	// Restarted means that there are no rows because the listing begins again.
	Restarted bool
	// largest is the most rows of an expanded relation on the pages before.
	largest int
}

// MaybeCut are the ids of the rows of a page whose expanded relation may not be
// whole (graph.Expanded). The listing remembers the largest that it has shown.
func MaybeCut[T any](page *Listed[T], relation func(*T) (id string, rows graph.Expanded)) []string {
	for i := range page.Rows {
		_, rows := relation(&page.Rows[i])
		page.largest = max(page.largest, len(rows))
	}
	if page.Next != nil {
		page.Next.Largest = page.largest
	}
	var cut []string
	for i := range page.Rows {
		if id, rows := relation(&page.Rows[i]); rows.MaybeCut(page.largest) {
			cut = append(cut, model.ObjectID(id))
		}
	}
	return cut
}

// ReadPage reads the page of a collection that the cursor is at. Where Graph
// let the page token expire, the listing begins again, a bounded number of
// times.
func ReadPage[T any](ctx context.Context, c Cursor, read func(context.Context, string) (*sending.Page[T], error)) (*Listed[T], error) {
	page, err := read(ctx, c.Next)
	if again := c.BeginAgain(ctx, err); again != nil {
		return &Listed[T]{Next: again, Restarted: true}, nil
	}
	if err != nil {
		return nil, err
	}
	result := &Listed[T]{Rows: page.Items, Page: c.Page, largest: c.Largest}
	if page.Next == "" {
		return result, nil
	}
	if err := c.Advance(len(page.Items), page.Next); err != nil {
		return nil, err
	}
	result.Next = &c
	return result, nil
}

// BeginsAgain reports whether a listing can be had by beginning it again: its page
// token expired, or its form was refused on the way.
func BeginsAgain(err error) bool {
	return failure.IsExpiredPageToken(err) || errors.Is(err, forms.ErrBeginAgain)
}

// BeginAgain is the listing at its beginning, where a further page of it gave an
// error that asks for that; nil where the error stands.
func (c *Cursor) BeginAgain(ctx context.Context, err error) *Cursor {
	if !BeginsAgain(err) || c.Restarts >= MaxRestarts || c.Next == "" && (c.Held == nil || c.Held.Ref == "") {
		return nil
	}
	ctxzap.Extract(ctx).Info("azure-ad: the listing begins again", zap.Error(err), zap.Int("restart", c.Restarts+1), zap.Int("page", c.Page))
	return &Cursor{Version: TokenVersion, Phase: c.Phase, Stored: c.Stored, Restarts: c.Restarts + 1, Trail: c.Trail.again()}
}

// Results is the SDK's answer that leads to the following page.
func (l *Listed[T]) Results() (*rs.SyncOpResults, error) {
	if l.Next == nil {
		return nil, nil
	}
	token, err := EncodeToken(l.Next)
	if err != nil {
		return nil, err
	}
	return Results(token), nil
}

// Resources are the page's rows as resources, and the SDK's answer that leads to
// the following page.
func (l *Listed[T]) Resources(resource func(*T) (*v2.Resource, error)) ([]*v2.Resource, *rs.SyncOpResults, error) {
	resources := make([]*v2.Resource, 0, len(l.Rows))
	for i := range l.Rows {
		r, err := resource(&l.Rows[i])
		if err != nil {
			return nil, nil, model.ToStatus(err)
		}
		resources = append(resources, r)
	}
	res, err := l.Results()
	return resources, res, err
}

// ListResources reads one page of a collection whose rows are resources and
// nothing more.
func ListResources[T any](
	ctx context.Context, opts rs.SyncOpAttrs, read func(context.Context, string) (*sending.Page[T], error), resource func(*T) (*v2.Resource, error),
) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := ReadPage(ctx, c, read)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	return page.Resources(resource)
}

// Results wraps a next-page token for the SDK.
func Results(next string, annos ...annotations.Annotations) *rs.SyncOpResults {
	r := &rs.SyncOpResults{NextPageToken: next}
	for _, a := range annos {
		r.Annotations = append(r.Annotations, a...)
	}
	return r
}

// Following is the cursor after a page: the listing's next one, or the listing
// after it; nil if there is neither.
func Following[T any](page *Listed[T], c Cursor, phase string) *Cursor {
	if page.Next != nil || phase == "" {
		return page.Next
	}
	return &Cursor{Version: TokenVersion, Phase: phase, Stored: c.Stored}
}
