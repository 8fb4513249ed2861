package connector

import (
	"context"
	"errors"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// listed is one page of a listing and the cursor that follows it.
type listed[T any] struct {
	rows []T
	// page is the page's number since the listing (re)started.
	page int
	// next leads to the following page; nil after the last.
	next *cursor
	// restarted means that there are no rows because the listing begins again.
	restarted bool
	// largest is the most rows of an expanded relation on the pages before.
	largest int
}

// maybeCut are the ids of the rows of a page whose expanded relation may not be
// whole (graph.Expanded). The listing remembers the largest that it has shown.
func maybeCut[T any](page *listed[T], relation func(*T) (id string, rows graph.Expanded)) []string {
	for i := range page.rows {
		_, rows := relation(&page.rows[i])
		page.largest = max(page.largest, len(rows))
	}
	if page.next != nil {
		page.next.Largest = page.largest
	}
	var cut []string
	for i := range page.rows {
		if id, rows := relation(&page.rows[i]); rows.MaybeCut(page.largest) {
			cut = append(cut, objectID(id))
		}
	}
	return cut
}

// readPage reads the page of a collection that the cursor is at. Where Graph
// let the page token expire, the listing begins again, a bounded number of
// times.
func readPage[T any](ctx context.Context, c cursor, read func(context.Context, string) (*sending.Page[T], error)) (*listed[T], error) {
	page, err := read(ctx, c.Next)
	if again := c.beginAgain(ctx, err); again != nil {
		return &listed[T]{next: again, restarted: true}, nil
	}
	if err != nil {
		return nil, err
	}
	result := &listed[T]{rows: page.Items, page: c.Page, largest: c.Largest}
	if page.Next == "" {
		return result, nil
	}
	if err := c.advance(len(page.Items), page.Next); err != nil {
		return nil, err
	}
	result.next = &c
	return result, nil
}

// beginsAgain reports whether a listing can be had by beginning it again: its page
// token expired, or its form was refused on the way.
func beginsAgain(err error) bool {
	return failure.IsExpiredPageToken(err) || errors.Is(err, forms.ErrBeginAgain)
}

// beginAgain is the listing at its beginning, where a further page of it gave an
// error that asks for that; nil where the error stands.
func (c *cursor) beginAgain(ctx context.Context, err error) *cursor {
	if !beginsAgain(err) || c.Restarts >= maxRestarts || c.Next == "" && (c.Held == nil || c.Held.Ref == "") {
		return nil
	}
	ctxzap.Extract(ctx).Info("azure-ad: the listing begins again", zap.Error(err), zap.Int("restart", c.Restarts+1), zap.Int("page", c.Page))
	return &cursor{Version: tokenVersion, Phase: c.Phase, Stored: c.Stored, Restarts: c.Restarts + 1, Trail: c.Trail.again()}
}

// results is the SDK's answer that leads to the following page.
func (l *listed[T]) results() (*rs.SyncOpResults, error) {
	if l.next == nil {
		return nil, nil
	}
	token, err := encodeToken(l.next)
	if err != nil {
		return nil, err
	}
	return results(token), nil
}

// resources are the page's rows as resources, and the SDK's answer that leads to
// the following page.
func (l *listed[T]) resources(resource func(*T) (*v2.Resource, error)) ([]*v2.Resource, *rs.SyncOpResults, error) {
	resources := make([]*v2.Resource, 0, len(l.rows))
	for i := range l.rows {
		r, err := resource(&l.rows[i])
		if err != nil {
			return nil, nil, toStatus(err)
		}
		resources = append(resources, r)
	}
	res, err := l.results()
	return resources, res, err
}

// listResources reads one page of a collection whose rows are resources and
// nothing more.
func listResources[T any](
	ctx context.Context, opts rs.SyncOpAttrs, read func(context.Context, string) (*sending.Page[T], error), resource func(*T) (*v2.Resource, error),
) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := readPage(ctx, c, read)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	return page.resources(resource)
}

// results wraps a next-page token for the SDK.
func results(next string, annos ...annotations.Annotations) *rs.SyncOpResults {
	r := &rs.SyncOpResults{NextPageToken: next}
	for _, a := range annos {
		r.Annotations = append(r.Annotations, a...)
	}
	return r
}

// following is the cursor after a page: the listing's next one, or the listing
// after it; nil if there is neither.
func following[T any](page *listed[T], c cursor, phase string) *cursor {
	if page.next != nil || phase == "" {
		return page.next
	}
	return &cursor{Version: tokenVersion, Phase: phase, Stored: c.Stored}
}
