package directory

import (
	"slices"
)

const Namespace = "microsoft.graph."

// SignInProperty is the property of people that the reports answer for.
const SignInProperty = "signInActivity"

// NewEntityType is an entity type with properties, which it finds by their names.
func NewEntityType(e EntityType, props ...[]Property) *EntityType {
	e.Props = slices.Concat(props...)
	e.byName = make(map[string]int, len(e.Props))
	for i, p := range e.Props {
		e.byName[p.Name] = i
		e.Props[i].kind = e.Kind
	}
	return &e
}

// Property finds a property by its name.
func (e *EntityType) Property(name string) (Property, bool) {
	i, ok := e.byName[name]
	if !ok {
		return Property{}, false
	}
	return e.Props[i], true
}

// Value reads a property of a row; collections are empty, not null, when unset.
func (p Property) Value(t *Tenant, i int) any {
	if len(t.Written.Objects) > 0 {
		if v, ok := t.writtenValue(MakeRef(p.kind, i), p); ok {
			return v
		}
	}
	if p.Get != nil {
		return p.Get(t, i)
	}
	return p.unset()
}

// unset is the value of a property nobody has set.
func (p Property) unset() any {
	if p.EDM.Collection() {
		return []string{}
	}
	return nil
}

// OrNull is a string, or null in the place of an empty one.
func OrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// AnyDirectoryType is whether some type of directory object has a property: a mixed collection may select it.
func (s *Schema) AnyDirectoryType(name string) bool {
	for k := KindUser; k <= KindDirectoryRole; k++ {
		if _, ok := s.Of(k).Property(name); ok {
			return true
		}
	}
	return false
}

// ODataType is the full type annotation of an object.
func (s *Schema) ODataType(t *Tenant, r Ref) string {
	if d := s.DerivedType(t, r); d != "" {
		return "#" + Namespace + d
	}
	return "#" + Namespace + s.Of(r.Kind()).Name
}

// DerivedType is the name of the derived type of an object, or empty.
func (s *Schema) DerivedType(t *Tenant, r Ref) string {
	e := s.Of(r.Kind())
	if e.Derived == nil {
		return ""
	}
	return e.Derived(t, r.Index())
}

// writtenValue is the value of a property that a write decides, if one does.
func (t *Tenant) writtenValue(r Ref, p Property) (any, bool) {
	w := t.Written.Objects[r]
	if w == nil || p.Traits&Computed != 0 {
		return nil, false
	}
	if v, ok := w.Values[p.Name]; ok {
		return v, true
	}
	return p.unset(), w.made
}

// TextOf is a string property as reads show it, empty for null.
func (t *Tenant) TextOf(r Ref, name string) string {
	p, _ := t.Model.Of(r.Kind()).Property(name)
	s, _ := p.Value(t, r.Index()).(string)
	return s
}

// ListOf is a property of strings as reads show it.
func (t *Tenant) ListOf(r Ref, name string) []string {
	p, _ := t.Model.Of(r.Kind()).Property(name)
	s, _ := p.Value(t, r.Index()).([]string)
	return s
}

// FlagOf is a boolean property as reads show it, false for null.
func (t *Tenant) FlagOf(r Ref, name string) bool {
	p, _ := t.Model.Of(r.Kind()).Property(name)
	b, _ := p.Value(t, r.Index()).(bool)
	return b
}

// Enabled is whether a user may sign in.
func (t *Tenant) Enabled(i int) bool {
	if t.Written.Any {
		return t.FlagOf(UserRef(i), "accountEnabled")
	}
	return UserEnabled(i)
}
