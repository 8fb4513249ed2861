package directory

import (
	"fmt"
	"slices"
)

// AssignAppRole gives a principal an app role.
func (t *Tenant) AssignAppRole(a AppRoleAssignment, now string) {
	n := len(t.AppAssigned)
	t.AppAssigned = append(t.AppAssigned, a)
	t.AssignedTo[a.Resource] = append(slices.Clip(t.AssignedTo[a.Resource]), int32(n)) //nolint:gosec // Small indexes.
	AddTo(t.AssignedByRef, a.Principal, int32(n))                                      //nolint:gosec // Small indexes.
	t.Set(MakeRef(KindAppRoleAssignment, n), map[string]any{"createdDateTime": now})
}

// Restore brings back what was deleted. Role assignments that were orphaned by it are no longer.
func (t *Tenant) Restore(r Ref) {
	delete(t.Written.Binned, r)
	delete(t.Deleted, r)
	if r.Kind() == KindUser {
		t.Names.forget()
	}
	switch {
	case r.Kind() == KindGroup:
		t.logGroup(r.Index())
	case r.Index() >= t.Shape.Users && !t.MadeUser(r.Index()):
		t.Written.revived[r] = struct{}{}
		t.Written.Users = max(t.Written.Users, DeletedUsers)
	}
	for _, s := range []*RoleSchedule{t.Active, t.eligible} {
		for i := range s.of {
			if a := &s.of[i]; a.Principal == 0 && a.Orphan == t.GUIDOf(r) {
				a.Principal, a.Orphan = r, GUID{}
			}
		}
	}
}

// Edit changes properties of an object to whatever values, also such as Graph's own writes refuse.
func (t *Tenant) Edit(kind Kind, id string, values map[string]any) error {
	t.Lock()
	defer t.Unlock()
	r, ok := t.Find(kind, id)
	if kind == KindOrganization {
		r, ok = MakeRef(kind, 0), id == t.TenantID()
	}
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownObject, id)
	}
	for name := range values {
		if _, known := t.Model.Of(kind).Property(name); !known {
			return fmt.Errorf("%s has no property %s", t.Model.Of(kind).Name, name)
		}
	}
	t.Set(r, values)
	t.Recount()
	t.Written.Any = true
	return nil
}

// PlaceUser gives a user made by a write their properties.
func (t *Tenant) PlaceUser(r Ref, values map[string]any) {
	t.Written.Users = max(t.Written.Users, r.Index()+1-t.Shape.Users)
	t.place(r, values)
}

// GrantRole adds a role assignment or an eligibility, with what it gives the members of a group.
func (t *Tenant) GrantRole(s *RoleSchedule, a RoleAssignment) {
	i := int32(len(s.of)) //nolint:gosec // Small indexes.
	s.of = append(s.of, a)
	if s == t.Active {
		t.Assignments = s.of
	} else {
		t.Eligibilities = s.of
	}
	s.instances = append(s.instances, RoleInstance{Of: i})
	if a.Principal.Kind() != KindGroup {
		return
	}
	for _, m := range t.Groups[a.Principal.Index()].Members {
		if HoldsRoles(m) {
			s.instances = append(s.instances, RoleInstance{Of: i, Member: m})
		}
	}
}

// HeldRole finds who holds, or may activate, a role over a scope. Terms do not count.
func (t *Tenant) HeldRole(s *RoleSchedule, a RoleAssignment) (int, bool) {
	for i, one := range slices.Backward(s.of) {
		if one.Principal == a.Principal && one.Role == a.Role && one.Scope == a.Scope && t.Live(MakeRef(s.Origin, i)) {
			return i, true
		}
	}
	return 0, false
}

// HeldGroup finds a direct eligibility for a group, or an active membership or ownership with its term.
func (t *Tenant) HeldGroup(k Kind, g int, owner bool, r Ref) (Ref, bool) {
	s := t.GroupSchedules(k)
	for _, n := range slices.Backward(s.ByGroup[int32(g)]) { //nolint:gosec // Group indexes are small.
		row, own := s.Rows[n], MakeRef(k, int(n))
		if row.Via == 0 && row.Owner == owner && row.Principal == r && t.Live(own) {
			return own, true
		}
	}
	return 0, false
}
