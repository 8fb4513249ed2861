package graphsim

import "slices"

// A tenant follows from its size and seed. What writes change lies beside that: edges are edited in copies of their
// lists, objects made by writes come after the generated ones, and properties are looked up here first.

// writtenState is what writes made of a tenant. Callers hold t.mu.
type writtenState struct {
	any       bool                    // Whether anything was ever written: if not, nothing below is looked at.
	objects   map[Ref]*writtenOf      // Properties, by object.
	managers  map[int]Ref             // By user; zero for one taken away.
	users     int                     // Users with indexes beyond the generated ones, soft-deleted ones included.
	revived   map[Ref]struct{}        // Of the users that were deleted from the beginning: those restored.
	binned    map[Ref]string          // Soft-deleted by a write, with the moment.
	direct    map[int][]licenseState  // The licences of a user without those of groups, where they do not follow from the index any more.
	unserved  map[licenseKey]struct{} // Licences of groups no unit was left for.
	secrets   map[Ref][]credential    // By owner.
	revoked   map[guid]struct{}       // Credentials taken away.
	methods   map[methodKey]struct{}  // Authentication methods taken away.
	restarted map[Ref]struct{}        // Service principals whose provisioning was started over.
	log       []groupChange
}

// writtenOf is what was written of one object.
type writtenOf struct {
	made   bool // By a write: what has no value here is not set.
	values map[string]any
}

// licenseKey names a licence that a group gives a user.
type licenseKey struct{ user, group, sku int }

// groupChange is one thing that happened to a group. Without a relation it is the group itself that changed.
type groupChange struct {
	group    int32
	relation relation
	end      Ref
	removed  bool
}

// relation is a collection of a group that writes edit.
type relation uint8

const (
	relationNone relation = iota
	relationMembers
	relationOwners
)

func (r relation) String() string {
	if r == relationOwners {
		return "owners"
	}
	return "members"
}

func newWrittenState() writtenState {
	return writtenState{
		objects: map[Ref]*writtenOf{}, managers: map[int]Ref{}, revived: map[Ref]struct{}{}, binned: map[Ref]string{},
		direct: map[int][]licenseState{}, unserved: map[licenseKey]struct{}{}, secrets: map[Ref][]credential{},
		revoked: map[guid]struct{}{}, methods: map[methodKey]struct{}{}, restarted: map[Ref]struct{}{},
	}
}

// writtenValue is the value of a property that a write decides, if one does.
func (t *Tenant) writtenValue(r Ref, p property) (any, bool) {
	w := t.written.objects[r]
	if w == nil || p.traits&computed != 0 {
		return nil, false
	}
	if v, ok := w.values[p.name]; ok {
		return v, true
	}
	return p.unset(), w.made
}

// writtenText is a string property that a write set.
func (t *Tenant) writtenText(r Ref, name string) (string, bool) {
	w := t.written.objects[r]
	if w == nil {
		return "", false
	}
	v, ok := w.values[name]
	s, _ := v.(string)
	return s, ok
}

// textOf is a string property as reads show it, empty for null.
func (t *Tenant) textOf(r Ref, name string) string {
	p, _ := t.model.of(r.Kind()).property(name)
	s, _ := p.value(t, r.index()).(string)
	return s
}

// listOf is a property of strings as reads show it.
func (t *Tenant) listOf(r Ref, name string) []string {
	p, _ := t.model.of(r.Kind()).property(name)
	s, _ := p.value(t, r.index()).([]string)
	return s
}

// flagOf is a boolean property as reads show it, false for null.
func (t *Tenant) flagOf(r Ref, name string) bool {
	p, _ := t.model.of(r.Kind()).property(name)
	b, _ := p.value(t, r.index()).(bool)
	return b
}

// madeUser is whether a user was made by a write.
func (t *Tenant) madeUser(i int) bool { return i >= t.shape.users+deletedUsers }

// userExists is whether a user beyond the generated ones is there.
func (t *Tenant) userExists(i int) bool {
	if t.madeUser(i) {
		return i < t.shape.users+t.written.users
	}
	_, back := t.written.revived[userRef(i)]
	return back
}

// enabled is whether a user may sign in.
func (t *Tenant) enabled(i int) bool {
	if t.written.any {
		return t.flagOf(userRef(i), "accountEnabled")
	}
	return userEnabled(i)
}

// set changes properties of an object.
func (t *Tenant) set(r Ref, values map[string]any) {
	w := &writtenOf{values: map[string]any{}}
	if old := t.written.objects[r]; old != nil {
		w.made = old.made
		for name, v := range old.values {
			w.values[name] = v
		}
	}
	for name, v := range values {
		w.values[name] = v
	}
	t.written.objects[r] = w
	if r.Kind() == KindUser {
		t.names.forget()
	}
	if r.Kind() == KindGroup {
		t.logGroup(r.index())
	}
}

// place gives an object made by a write its properties.
func (t *Tenant) place(r Ref, values map[string]any) {
	t.written.objects[r] = &writtenOf{made: true}
	t.set(r, values)
}

// remove takes an object out of the directory, or an edge.
func (t *Tenant) remove(r Ref) {
	if r.Kind() == KindGroup {
		t.freezeMembers(r.index())
		t.logGroup(r.index())
	}
	if r.Kind() == KindUser {
		t.names.forget()
	}
	t.deleted[r] = struct{}{}
	t.written.any = true
}

func (t *Tenant) logGroup(g int) {
	t.written.log = append(t.written.log, groupChange{group: int32(g)}) //nolint:gosec // Group indexes are small.
}

// linked is a list with one more end. Lists are shared with what reads show, so none is changed in place.
func linked(list []Ref, r Ref) []Ref { return append(slices.Clip(list), r) }

// unlinked is a list without an end. Its place stays, empty, so that the pages of who reads the list at this moment
// do not shift.
func unlinked(list []Ref, r Ref) []Ref {
	out := slices.Clone(list)
	if n := slices.Index(out, r); n >= 0 {
		out[n] = 0
	}
	return out
}

func with[K comparable, V any](index map[K][]V, key K, v V) {
	index[key] = append(slices.Clip(index[key]), v)
}

func without[K, V comparable](index map[K][]V, key K, v V) {
	index[key] = slices.DeleteFunc(slices.Clone(index[key]), func(one V) bool { return one == v })
}
