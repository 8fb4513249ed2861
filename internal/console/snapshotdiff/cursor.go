package snapshotdiff

import (
	"fmt"
	"iter"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
)

// rowKey is what identifies a row and orders the rows of a store: the store's
// keys are these strings, one after the other, in an encoding that keeps their
// order.
type rowKey [6]string

func (k *rowKey) compare(other *rowKey) int {
	for i := range k {
		if order := strings.Compare(k[i], other[i]); order != 0 {
			return order
		}
	}
	return 0
}

func resourceKey(r *v2.Resource) rowKey {
	return rowKey{r.GetId().GetResourceType(), r.GetId().GetResource()}
}

// entitlementKey follows the store in keeping ids of the usual form, which
// begin with the resource's, apart from others.
func entitlementKey(e *v2.Entitlement) rowKey {
	on := e.GetResource().GetId()
	if slug, ok := slugOf(e); ok {
		return rowKey{on.GetResourceType(), on.GetResource(), "1", slug}
	}
	return rowKey{on.GetResourceType(), on.GetResource(), "0", e.GetId()}
}

// slugOf is the last part of an entitlement's id.
func slugOf(e *v2.Entitlement) (string, bool) {
	on := e.GetResource().GetId()
	rest, ok := strings.CutPrefix(e.GetId(), on.GetResourceType()+":")
	if !ok {
		return "", false
	}
	return strings.CutPrefix(rest, on.GetResource()+":")
}

func grantKey(g *v2.Grant) rowKey {
	key := entitlementKey(g.GetEntitlement())
	holder := g.GetPrincipal().GetId()
	key[4], key[5] = holder.GetResourceType(), holder.GetResource()
	return key
}

// cursor is a place in the rows of one snapshot.
type cursor[T any] struct {
	pull  func() (T, error, bool)
	stop  func()
	keyOf func(T) rowKey
	path  string
	row   T
	key   rowKey
	live  bool
	begun bool
}

func newCursor[T any](rows iter.Seq2[T, error], keyOf func(T) rowKey, path string) *cursor[T] {
	pull, stop := iter.Pull2(rows)
	return &cursor[T]{pull: pull, stop: stop, keyOf: keyOf, path: path}
}

// advance goes to the next row. A join of rows that are out of order would
// report changes that are none, so that is an error.
func (c *cursor[T]) advance() error {
	row, err, ok := c.pull()
	if err != nil {
		return fmt.Errorf("reading %s: %w", c.path, err)
	}
	if !ok {
		var none T
		c.row, c.live, c.begun = none, false, true
		return nil
	}
	key := c.keyOf(row)
	if c.live && c.key.compare(&key) >= 0 {
		return fmt.Errorf("%s cannot be compared: its rows are not in the order of their ids (%v after %v)", c.path, key, c.key)
	}
	c.row, c.key, c.live, c.begun = row, key, true, true
	return nil
}

// seek goes forward to the row with this key, and is not ok where there is none.
func (c *cursor[T]) seek(key *rowKey) (T, bool, error) {
	var none T
	for !c.begun || c.live && c.key.compare(key) < 0 {
		if err := c.advance(); err != nil {
			return none, false, err
		}
	}
	if !c.live || c.key.compare(key) != 0 {
		return none, false, nil
	}
	return c.row, true, nil
}

// join visits the rows of both snapshots, those with the same key together. The
// zero value stands for the row that one of them has not.
func join[T any](old, recent *cursor[T], visit func(old, recent T) error) error {
	defer old.stop()
	defer recent.stop()
	if err := advanceBoth(old, recent); err != nil {
		return err
	}
	var none T
	for old.live || recent.live {
		order := 0
		switch {
		case !recent.live:
			order = -1
		case !old.live:
			order = 1
		default:
			order = old.key.compare(&recent.key)
		}
		var err error
		switch {
		case order < 0:
			if err = visit(old.row, none); err == nil {
				err = old.advance()
			}
		case order > 0:
			if err = visit(none, recent.row); err == nil {
				err = recent.advance()
			}
		default:
			if err = visit(old.row, recent.row); err == nil {
				err = advanceBoth(old, recent)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func advanceBoth[T any](old, recent *cursor[T]) error {
	if err := old.advance(); err != nil {
		return err
	}
	return recent.advance()
}
