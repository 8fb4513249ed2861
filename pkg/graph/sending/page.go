package sending

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
)

// MaxPageSize is the largest $top that directory collections accept
// (https://learn.microsoft.com/graph/paging).
const MaxPageSize = 999

// Page is one page of a collection.
type Page[T any] struct {
	// Items are the rows in Graph's order. A page without rows can still have
	// a next page.
	Items []T
	// Next is the relative reference of the next page; empty after the last.
	// It is valid for minutes, not for hours.
	Next string
	// Last means that Graph said that there is no further page, as only delta
	// queries do.
	Last bool
}

// errNoValue guards against taking an answer that is no collection for an
// empty one.
const errNoValue misshapen = "it has no \"value\", so it is not a page of a collection"

// errNoID guards against rows that stand for nobody knows what. The SDK would
// leave them out.
const errNoID misshapen = "it has a row without an id"

type pageBody[T any] struct {
	Value     *[]T   `json:"value"`
	NextLink  string `json:"@odata.nextLink"`
	DeltaLink string `json:"@odata.deltaLink"`
}

// GetPage reads one page of a collection, in the richest form that is answered
// (package forms).
func GetPage[T any](ctx context.Context, s *Sender, ref string) (*Page[T], error) {
	for k := s.table.Climb(ctx, ref); ; {
		page, err := fetchPage[T](ctx, s, k.Current())
		if err == nil {
			return page, nil
		}
		if failed := k.Down(ctx, err); failed != nil {
			return nil, failed
		}
	}
}

// fetchPage reads one page of a collection as it is asked for.
func fetchPage[T any](ctx context.Context, s *Sender, ref string) (*Page[T], error) {
	var page *Page[T]
	err := s.read(ctx, ref, func(body io.Reader) error {
		var err error
		page, err = decodePage[T](s, ref, body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return page, nil
}

// decodePage reads an answer as a page of rows of type T.
func decodePage[T any](s *Sender, ref string, body io.Reader) (*Page[T], error) {
	var decoded pageBody[T]
	if err := decode(body, &decoded); err != nil {
		return nil, err
	}
	return newPage(s, ref, &decoded)
}

// newPage checks a decoded page and pins its link to the configured host.
func newPage[T any](s *Sender, ref string, body *pageBody[T]) (*Page[T], error) {
	if body.Value == nil {
		return nil, errNoValue
	}
	if !identified(*body.Value) {
		return nil, errNoID
	}
	page := &Page[T]{Items: *body.Value, Last: body.DeltaLink != ""}
	if body.NextLink == "" {
		return page, nil
	}
	next, err := s.relative(body.NextLink)
	if err != nil {
		return nil, err
	}
	if next == ref {
		return nil, fmt.Errorf("%w: the page names itself as its next page", ErrRepeatedLink)
	}
	page.Next = next
	return page, nil
}

// identified reports whether each row has its id, if rows of this type have one.
func identified[T any](rows []T) bool {
	field, ok := reflect.TypeFor[T]().FieldByName("ID")
	if !ok || field.Type.Kind() != reflect.String {
		return true
	}
	for i := range rows {
		if reflect.ValueOf(&rows[i]).Elem().FieldByIndex(field.Index).Len() == 0 {
			return false
		}
	}
	return true
}

// Trail remembers the links that a walk within one call has followed. The zero
// value is the beginning of a walk.
type Trail struct{ seen map[string]struct{} }

// maxTrail is how many pages a walk within one call has at most. It is far above
// the largest honest one, which has ten million rows.
const maxTrail = 10_000

// Follow notes a link. The error wraps ErrRepeatedLink where it was followed
// before, or where the walk does not end.
func (t *Trail) Follow(next string) error {
	if len(t.seen) >= maxTrail {
		return fmt.Errorf("%w: it has more than %d pages", ErrRepeatedLink, maxTrail)
	}
	if _, again := t.seen[next]; again {
		return fmt.Errorf("%w: the next page was read before", ErrRepeatedLink)
	}
	if t.seen == nil {
		t.seen = map[string]struct{}{}
	}
	t.seen[next] = struct{}{}
	return nil
}

// GetObject reads one object.
func GetObject[T any](ctx context.Context, s *Sender, ref string) (*T, error) {
	var object *T
	err := s.read(ctx, ref, func(body io.Reader) error {
		var err error
		object, err = decodeObject[T](body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return object, nil
}

// decodeObject reads an answer as one object of type T.
func decodeObject[T any](body io.Reader) (*T, error) {
	rows := make([]T, 1)
	if err := decode(body, &rows[0]); err != nil {
		return nil, err
	}
	if !identified(rows) {
		return nil, errNoID
	}
	return &rows[0], nil
}

// errNoCount guards against taking an answer without a count for none.
const errNoCount misshapen = "it has no \"@odata.count\""

// Count asks how many objects a collection of the directory has ("/users"). The
// number is from an index that lags a little behind
// (https://learn.microsoft.com/graph/aad-advanced-queries).
func (s *Sender) Count(ctx context.Context, collection string) (int64, error) {
	var count int64
	err := s.do(ctx, call{
		method:   http.MethodGet,
		ref:      collection + "?$count=true&$select=id&$top=1",
		eventual: true,
		consume: func(_ *sent, body io.Reader) error {
			var answer struct {
				Count *int64 `json:"@odata.count"`
			}
			if err := decode(body, &answer); err != nil {
				return err
			}
			if answer.Count == nil {
				return errNoCount
			}
			count = *answer.Count
			return nil
		},
	})
	return count, err
}
