package directory

import (
	"maps"
	"slices"
)

// Copied is a directory that goes on by itself from the state this one has. Lists inside are shared: no write changes
// one in place. Callers hold the lock.
func (t *Tenant) Copied() *Tenant {
	out := &Tenant{
		Size: t.Size, Shape: t.Shape, Seed: t.Seed, Model: t.Model,
		Units: slices.Clone(t.Units), Eligibilities: slices.Clone(t.Eligibilities),
		GroupEligible: t.GroupEligible.copied(), GroupActive: t.GroupActive.copied(),
		Groups: slices.Clone(t.Groups), SPs: slices.Clone(t.SPs), Registrations: slices.Clone(t.Registrations),
		Consents: t.Consents, Licensed: maps.Clone(t.Licensed), Bought: t.Bought, Roles: t.Roles, RoleByID: t.RoleByID,
		Assignments: slices.Clone(t.Assignments), AppAssigned: slices.Clone(t.AppAssigned),
		MemberOf: maps.Clone(t.MemberOf), UnitsOf: maps.Clone(t.UnitsOf), Owned: maps.Clone(t.Owned),
		AssignedTo: slices.Clone(t.AssignedTo), AssignedByRef: maps.Clone(t.AssignedByRef),
		Deleted: maps.Clone(t.Deleted), Written: t.Written.copied(), Plans: t.Plans,
		Quirks: t.Quirks, Names: &SignInNames{}, Seats: &TakenSeats{}, RiskSet: t.RiskSet,
		Governance: t.Governance.Copied(),
	}
	out.Active, out.eligible = t.Active.copied(out.Assignments), t.eligible.copied(out.Eligibilities)
	return out
}

func (s *RoleSchedule) copied(of []RoleAssignment) *RoleSchedule {
	out := *s
	out.of, out.instances = of, slices.Clone(s.instances)
	return &out
}

func (s *GroupScheduleRows) copied() *GroupScheduleRows {
	return &GroupScheduleRows{Rows: slices.Clone(s.Rows), ByGroup: copiedLists(s.ByGroup), ByPrincipal: copiedLists(s.ByPrincipal)}
}

func copiedLists[K comparable](index map[K][]int32) map[K][]int32 {
	out := make(map[K][]int32, len(index))
	for key, list := range index {
		out[key] = slices.Clone(list)
	}
	return out
}

func (w WrittenState) copied() WrittenState {
	w.Objects, w.Managers, w.revived, w.Binned = maps.Clone(w.Objects), maps.Clone(w.Managers), maps.Clone(w.revived), maps.Clone(w.Binned)
	w.Sponsors, w.Jobs = maps.Clone(w.Sponsors), maps.Clone(w.Jobs)
	w.direct, w.unserved, w.Secrets = maps.Clone(w.direct), maps.Clone(w.unserved), maps.Clone(w.Secrets)
	w.Revoked, w.Methods, w.Restarted, w.Log = maps.Clone(w.Revoked), maps.Clone(w.Methods), maps.Clone(w.Restarted), slices.Clone(w.Log)
	return w
}
