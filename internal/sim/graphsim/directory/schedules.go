package directory

import (
	"time"
)

// Truth is how the truth calls a term.
func (m Term) Truth() string {
	if m == Activated {
		return "Activated"
	}
	return "Assigned"
}

// StartOf is when a term of an object began; nobody keeps that of what was permanent from the beginning.
func (t *Tenant) StartOf(r Ref, m Term, given Period) string {
	if given.set() {
		return given.Start
	}
	if m == Permanent && t.Hash(r, SaltScope)%3 == 0 {
		return ""
	}
	return t.Timestamp(r, SaltStart)
}

// EndOf is when a term of an object ends: far enough ahead for every clock, or never.
func (t *Tenant) EndOf(r Ref, m Term, given Period) string {
	if given.set() {
		return given.End
	}
	if m == Permanent {
		return ""
	}
	const span = 4 * 365 * 24 * 3600
	first := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	return first.Add(time.Duration(t.Hash(r, SaltStep)%span) * time.Second).Format(time.RFC3339)
}

func (t *Tenant) newRoleSchedule(kind, origin Kind, suffix string, of []RoleAssignment) *RoleSchedule {
	s := &RoleSchedule{kind: kind, Origin: origin, suffix: suffix, of: of}
	for i, a := range of {
		s.instances = append(s.instances, RoleInstance{Of: int32(i)})
		if a.Principal.Kind() != KindGroup {
			continue
		}
		for _, m := range t.Groups[a.Principal.Index()].Members {
			if HoldsRoles(m) {
				s.instances = append(s.instances, RoleInstance{Of: int32(i), Member: m})
			}
		}
	}
	return s
}

const SignInNameProperty = "userPrincipalName"

// Link builds the reverse edges.
func (t *Tenant) Link() {
	t.MemberOf = make(map[Ref][]int32, t.Shape.Users)
	t.Owned = map[Ref][]Ref{}
	for g := range t.Groups {
		for _, m := range t.Groups[g].Members {
			t.MemberOf[m] = append(t.MemberOf[m], int32(g))
		}
		for _, o := range t.Groups[g].Owners {
			t.Owned[o] = append(t.Owned[o], GroupRef(g))
		}
	}
	t.UnitsOf = map[Ref][]int32{}
	for u := range t.Units {
		for _, m := range t.Units[u].Members {
			t.UnitsOf[m] = append(t.UnitsOf[m], int32(u))
		}
	}
	for s := range t.SPs {
		for _, o := range t.SPs[s].Owners {
			t.Owned[o] = append(t.Owned[o], SPRef(s))
		}
	}
	for n := range t.Registrations {
		for _, o := range t.Registrations[n].Owners {
			t.Owned[o] = append(t.Owned[o], MakeRef(KindApplication, n))
		}
	}
	t.Active = t.newRoleSchedule(KindRoleAssignmentInstance, KindRoleAssignment, "-1", t.Assignments)
	t.eligible = t.newRoleSchedule(KindRoleEligibilityInstance, KindRoleEligibility, "-1-e", t.Eligibilities)
	t.AssignedTo = make([][]int32, len(t.SPs))
	t.AssignedByRef = map[Ref][]int32{}
	for n, a := range t.AppAssigned {
		i := int32(n)
		t.AssignedTo[a.Resource] = append(t.AssignedTo[a.Resource], i)
		t.AssignedByRef[a.Principal] = append(t.AssignedByRef[a.Principal], i)
	}
}

// Add adds a direct row, and one for each principal a group passes it on to.
func (s *GroupScheduleRows) Add(t *Tenant, g int, owner bool, principal Ref, m Term, given Period) {
	row := GroupSchedule{Group: int32(g), Owner: owner, Principal: principal, Term: m, Given: given, Of: int32(len(s.Rows))} //nolint:gosec // Small indexes.
	s.Append(row)
	if principal.Kind() != KindGroup {
		return
	}
	row.Via = principal
	for _, member := range t.Groups[principal.Index()].Members {
		if HoldsRoles(member) {
			row.Principal = member
			s.Append(row)
		}
	}
}
