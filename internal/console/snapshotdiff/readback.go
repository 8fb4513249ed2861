package snapshotdiff

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
)

func (d *Diff) resourceChanges(ctx context.Context) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for r, err := range d.resources.all() {
			change := &ResourceChange{}
			if err == nil {
				err = d.readResource(ctx, r, change)
			}
			if !yield(change, err) || err != nil {
				return
			}
		}
	}
}

// readResource reads back a change and looks up what the parent is called.
func (d *Diff) readResource(ctx context.Context, r record, change *ResourceChange) error {
	if err := json.Unmarshal(r.value, change); err != nil {
		return fmt.Errorf("reading a change back: %w", err)
	}
	if change.Parent == nil {
		return ctx.Err()
	}
	parent, err := d.names.find(ctx, change.Parent.Type, change.Parent.ID)
	change.Parent = &parent
	return err
}

func (d *Diff) entitlementChanges(ctx context.Context) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for r, err := range d.entitlements.all() {
			change := &EntitlementChange{}
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				err = json.Unmarshal(r.value, change)
			}
			if !yield(change, err) || err != nil {
				return
			}
		}
	}
}

func (d *Diff) accessChanges(ctx context.Context) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for change, err := range each(ctx, d.access) {
			if err == nil {
				err = d.names.complete(ctx, change)
			}
			if !yield(change, err) || err != nil {
				return
			}
		}
	}
}

// each yields the changes of a sorter.
func each(ctx context.Context, changes *sorter) iter.Seq2[*AccessChange, error] {
	return func(yield func(*AccessChange, error) bool) {
		for r, err := range changes.all() {
			if err != nil {
				yield(nil, err)
				return
			}
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			c, err := decodeAccess(r.value)
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}
