package directory

import (
	"fmt"
)

// Set changes properties of an object.
func (t *Tenant) Set(r Ref, values map[string]any) {
	w := &WrittenOf{Values: map[string]any{}}
	if old := t.Written.Objects[r]; old != nil {
		w.made = old.made
		for name, v := range old.Values {
			w.Values[name] = v
		}
	}
	for name, v := range values {
		w.Values[name] = v
	}
	t.Written.Objects[r] = w
	if r.Kind() == KindUser {
		t.Names.forget()
	}
	if r.Kind() == KindGroup {
		t.logGroup(r.Index())
	}
}

// place gives an object made by a write its properties.
func (t *Tenant) place(r Ref, values map[string]any) {
	t.Written.Objects[r] = &WrittenOf{made: true}
	t.Set(r, values)
}

// Remove takes an object out of the directory, or an edge.
func (t *Tenant) Remove(r Ref) {
	if r.Kind() == KindGroup {
		t.freezeMembers(r.Index())
		t.logGroup(r.Index())
	}
	if r.Kind() == KindUser {
		t.Names.forget()
	}
	t.Deleted[r] = struct{}{}
	t.Written.Any = true
}

func (t *Tenant) logGroup(g int) {
	t.Written.Log = append(t.Written.Log, GroupChange{Group: int32(g)}) //nolint:gosec // Group indexes are small.
}

// Delete removes an object, its memberships and its assignments from the directory.
func (t *Tenant) Delete(k Kind, id string) error {
	t.Lock()
	defer t.Unlock()
	r, ok := t.Find(k, id)
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownObject, id)
	}
	t.Remove(r)
	t.Recount()
	return nil
}
