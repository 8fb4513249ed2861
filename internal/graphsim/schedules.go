package graphsim

import (
	"encoding/base64"
	"time"
)

// term is for how long a principal holds something or may activate it.
type term uint8

const (
	permanent term = iota
	timeBound
	activated // Through Privileged Identity Management, from an eligibility.
)

func (m term) truth() string {
	if m == activated {
		return "Activated"
	}
	return "Assigned"
}

// period is when something begins and ends, as a request said; the zero period follows from the object.
type period struct{ start, end string }

func (p period) set() bool { return p.start != "" }

// startOf is when a term of an object began; nobody keeps that of what was permanent from the beginning.
func (t *Tenant) startOf(r Ref, m term, given period) string {
	if given.set() {
		return given.start
	}
	if m == permanent && t.hash(r, saltScope)%3 == 0 {
		return ""
	}
	return t.timestamp(r, saltStart)
}

// endOf is when a term of an object ends: far enough ahead for every clock, or never.
func (t *Tenant) endOf(r Ref, m term, given period) string {
	if given.set() {
		return given.end
	}
	if m == permanent {
		return ""
	}
	const span = 4 * 365 * 24 * 3600
	first := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	return first.Add(time.Duration(t.hash(r, saltStep)%span) * time.Second).Format(time.RFC3339)
}

// roleInstance is a row of the schedule instances of directory roles: an assignment or eligibility itself, or what it
// gives a member of the group that has it.
type roleInstance struct {
	of     int32 // Its index.
	member Ref   // Zero for the assignment or eligibility itself.
}

// roleSchedule is one of the two lists of schedule instances and what it is made of.
type roleSchedule struct {
	kind      Kind // Of the instances.
	origin    Kind // Of what they are instances of.
	suffix    string
	of        []roleAssignment
	instances []roleInstance
}

func (t *Tenant) newRoleSchedule(kind, origin Kind, suffix string, of []roleAssignment) *roleSchedule {
	s := &roleSchedule{kind: kind, origin: origin, suffix: suffix, of: of}
	for i, a := range of {
		s.instances = append(s.instances, roleInstance{of: int32(i)})
		if a.principal.Kind() != KindGroup {
			continue
		}
		for _, m := range t.groups[a.principal.index()].members {
			if holdsRoles(m) {
				s.instances = append(s.instances, roleInstance{of: int32(i), member: m})
			}
		}
	}
	return s
}

// holdsRoles is whether a member of a group gets the roles of the group: devices and contacts have no use for them,
// and groups within groups do not pass them on.
func holdsRoles(member Ref) bool {
	return member.Kind() == KindUser || member.Kind() == KindServicePrincipal
}

// scheduleOf is the list a schedule instance of a directory role belongs to.
func (t *Tenant) scheduleOf(k Kind) *roleSchedule {
	if k == KindRoleEligibilityInstance {
		return t.eligible
	}
	return t.active
}

// instance is a schedule instance with what it is an instance of.
func (t *Tenant) instance(k Kind, i int) (roleInstance, roleAssignment) {
	s := t.scheduleOf(k)
	return s.instances[i], s.of[s.instances[i].of]
}

// liveInstance is whether a schedule instance of a directory role exists: that of a member goes with the member.
func (t *Tenant) liveInstance(r Ref) bool { return t.instanceStands(r, t.live) }

// instanceStands is liveInstance with another notion of who is there.
func (t *Tenant) instanceStands(r Ref, there func(Ref) bool) bool {
	row, of := t.instance(r.Kind(), r.index())
	if !t.live(makeRef(t.scheduleOf(r.Kind()).origin, int(row.of))) {
		return false
	}
	return row.member == 0 || there(row.member) && t.live(of.principal) && t.isMember(of.principal.index(), row.member)
}

// instanceID has the form of unifiedRoleScheduleInstanceBase ids. An active assignment keeps its own.
func (t *Tenant) instanceID(r Ref) string {
	row, of := t.instance(r.Kind(), r.index())
	s := t.scheduleOf(r.Kind())
	if s.origin == KindRoleAssignment && row.member == 0 {
		return t.roleAssignmentID(int(row.of))
	}
	role, own := t.roles[of.role].id, t.guidOf(r)
	return base64.RawURLEncoding.EncodeToString(append(role[:], own[:]...)) + s.suffix
}
