package graphsim

import (
	"fmt"
)

// Edit changes properties of an object as clients see them, with whatever a directory may hold: older rules, other
// tools and other directories let names through that Graph's own writes refuse. A value is a string, a list of strings,
// or a json.RawMessage that is sent as it stands.
func (s *Server) Edit(kind Kind, id string, values map[string]any) error {
	tenants := []*Tenant{s.graph.directory}
	if shown := s.graph.view(); shown != s.graph.directory {
		tenants = append(tenants, shown)
	}
	for _, t := range tenants {
		if err := t.edit(kind, id, values); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tenant) edit(kind Kind, id string, values map[string]any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, ok := t.find(kind, id)
	if kind == KindOrganization {
		r, ok = makeRef(kind, 0), id == t.TenantID()
	}
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownObject, id)
	}
	for name := range values {
		if _, known := t.model.of(kind).property(name); !known {
			return fmt.Errorf("%s has no property %s", t.model.of(kind).name, name)
		}
	}
	t.set(r, values)
	t.recount()
	t.written.any = true
	return nil
}
