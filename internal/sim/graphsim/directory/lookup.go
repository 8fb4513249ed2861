package directory

import (
	"encoding/base64"
	"slices"
	"sort"
	"strings"
)

// FindAppRoleAssignment resolves the id of an assignment that exists now.
func (t *Tenant) FindAppRoleAssignment(id string) (Ref, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || len(raw) != 2*len(GUID{}) {
		return 0, false
	}
	r, ok := t.RefOf(GUID(raw[len(GUID{}):]))
	if !ok || r.Kind() != KindAppRoleAssignment || r.Index() >= len(t.AppAssigned) {
		return 0, false
	}
	return r, t.appRoleAssignmentID(r.Index()) == id && t.Live(r)
}

// BinnedUsers are the users among the deleted items, in the order of their indexes.
func (t *Tenant) BinnedUsers() []Ref {
	var out []Ref
	for n := range DeletedUsers {
		out = append(out, t.DeletedUser(n))
	}
	for r := range t.Written.Binned {
		if r.Kind() == KindUser {
			out = append(out, r)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(r Ref) bool { return !t.isDeletedUser(r.Index()) })
}

func (t *Tenant) findRoleAssignment(id string) (Ref, bool) {
	for i := range t.Assignments {
		if r := MakeRef(KindRoleAssignment, i); t.RoleAssignmentID(i) == id {
			return r, t.Live(r)
		}
	}
	return 0, false
}

// FindUserByName resolves a sign-in name, as Graph lets a single user be addressed. Callers hold the lock.
func (t *Tenant) FindUserByName(name string) (Ref, bool) {
	name = strings.ToLower(name)
	rows, keys := t.BySignInName()
	for i := sort.SearchStrings(keys, name); i < len(keys) && keys[i] == name; i++ {
		if t.Live(rows[i]) {
			return rows[i], true
		}
	}
	return 0, false
}

// SetPlans says which plans the tenant has from now on.
func (t *Tenant) SetPlans(p Plan) {
	t.Lock()
	defer t.Unlock()
	t.Plans = p
}

// HasPlan is whether the tenant has a plan or one that includes it. Callers hold the lock.
func (t *Tenant) HasPlan(p Plan) bool {
	return t.Plans&p != 0 || p == PlanP1 && t.Plans&PlanP2 != 0
}

// roleNamed finds a role by either of its ids.
func (t *Tenant) roleNamed(id GUID) (int, bool) {
	if role, known := t.RoleByID[id]; known {
		return role, true
	}
	r, ok := t.RefOf(id)
	role := r.Index() - firstScheduleRole
	known := ok && r.Kind() == KindMisc && role >= 0 && role < len(t.Roles) && t.ScheduleRoleID(role) == id
	return role, known
}

// BySignInName is every user there is room for, gone ones included, in the order of their sign-in names, and the names in
// lower case. Callers hold the lock.
func (t *Tenant) BySignInName() ([]Ref, []string) {
	n := t.Names
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.valid {
		return n.rows, n.keys
	}
	type named struct {
		row Ref
		key string
	}
	all := make([]named, t.Count(KindUser))
	for i := range all {
		all[i] = named{UserRef(i), strings.ToLower(t.UserSignInName(i))}
	}
	slices.SortStableFunc(all, func(a, b named) int { return strings.Compare(a.key, b.key) })
	n.rows, n.keys = make([]Ref, len(all)), make([]string, len(all))
	for i, one := range all {
		n.rows[i], n.keys[i] = one.row, one.key
	}
	n.valid = true
	return n.rows, n.keys
}

// Count is the number of objects of a kind ever made, deleted ones included.
func (t *Tenant) Count(k Kind) int {
	switch k {
	case KindUser:
		return t.Shape.Users + t.Written.Users
	case KindGroup:
		return len(t.Groups)
	case KindServicePrincipal:
		return len(t.SPs)
	case KindApplication:
		return len(t.Registrations)
	case KindDevice:
		return t.Shape.Devices
	case KindContact:
		return t.Shape.Contacts
	case KindAdministrativeUnit:
		return len(t.Units)
	case KindRoleDefinition, KindDirectoryRole:
		return len(t.Roles)
	case KindRoleAssignment:
		return len(t.Assignments)
	case KindAppRoleAssignment:
		return len(t.AppAssigned)
	case KindOrganization:
		return 1
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance:
		return len(t.ScheduleOf(k).instances)
	case KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		return len(t.GroupSchedules(k).Rows)
	case KindConsent:
		return len(t.Consents)
	case KindSubscribedSku:
		return len(Skus) + t.secondSubscriptions()
	case KindRegistrationDetails, KindRiskyUser:
		return t.Count(KindUser)
	default:
		return 0
	}
}

// Find resolves the id of an object of a kind that exists now. Callers hold the lock.
func (t *Tenant) Find(k Kind, id string) (Ref, bool) {
	if k == KindRoleAssignment {
		return t.findRoleAssignment(id)
	}
	g, ok := ParseGUID(id)
	if !ok {
		return 0, false
	}
	if k == KindRoleDefinition {
		i, known := t.roleNamed(g)
		r := MakeRef(k, i)
		return r, known && t.Live(r)
	}
	r, ok := t.RefOf(g)
	if !ok || r.Kind() != k || r.Index() >= t.Count(k) || !t.Live(r) {
		return 0, false
	}
	return r, true
}

// secondSubscriptions is how many rows of products there are beside the first of each: one product was bought twice.
func (t *Tenant) secondSubscriptions() int {
	if t.Quirks.Has(QuirkUnnamed) {
		return 1
	}
	return 0
}
