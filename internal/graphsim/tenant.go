package graphsim

import (
	"errors"
	"fmt"
	"sync"
)

// Size is one of the prepared sizes of a tenant.
type Size string

// The prepared sizes.
const (
	Small  Size = "small"
	Medium Size = "medium"
	Large  Size = "large"
	// LargeHalf and LargeDouble are Large with half and twice of everything, for telling what grows with a tenant.
	LargeHalf   Size = "large-half"
	LargeDouble Size = "large-double"
	// Heavy has many applications for its people, as tenants with a long history have.
	Heavy Size = "heavy"
)

// shape holds the counts of a size.
type shape struct {
	users, groups, servicePrincipals int
	devices, contacts, units         int
	memberships, appRoleAssignments  int
	bigGroup, wikiUsers              int
	customRoles, roleAssignments     int

	riskyUsers                  int // Exactly so many; zero for one in forty.
	syncedHolders, syncedPeople int // Synchronized groups that hold an app role, and the people in each.
}

var shapes = map[Size]shape{
	Small: {
		users: 1300, groups: 80, servicePrincipals: 60, devices: 120, contacts: 15, units: 8,
		memberships: 5_000, appRoleAssignments: 2_200, bigGroup: 1_205, wikiUsers: 1_100, customRoles: 4, roleAssignments: 140,
		riskyUsers: riskPageMax, // A page of the largest size, exactly.
	},
	Medium: {
		users: 10_000, groups: 2_000, servicePrincipals: 600, devices: 1_500, contacts: 120, units: 12,
		memberships: 100_000, appRoleAssignments: 8_000, bigGroup: 6_000, wikiUsers: 2_100, customRoles: 80, roleAssignments: 600,
		syncedHolders: 8, syncedPeople: 1_000,
	},
	Large: {
		users: 100_000, groups: 20_000, servicePrincipals: 3_000, devices: 20_000, contacts: 1_500, units: 60,
		memberships: 1_000_000, appRoleAssignments: 150_000, bigGroup: 60_000, wikiUsers: 20_000, customRoles: 150, roleAssignments: 3_000,
		syncedHolders: 8, syncedPeople: 1_000,
	},
	LargeHalf: {
		users: 50_000, groups: 10_000, servicePrincipals: 1_500, devices: 10_000, contacts: 750, units: 30,
		memberships: 500_000, appRoleAssignments: 75_000, bigGroup: 30_000, wikiUsers: 10_000, customRoles: 150, roleAssignments: 1_500,
		syncedHolders: 8, syncedPeople: 1_000,
	},
	Heavy: {
		users: 50_000, groups: 20_000, servicePrincipals: 5_000, devices: 10_000, contacts: 750, units: 40,
		memberships: 500_000, appRoleAssignments: 100_000, bigGroup: 30_000, wikiUsers: 10_000, customRoles: 150, roleAssignments: 2_000,
		syncedHolders: 8, syncedPeople: 1_000,
	},
	LargeDouble: {
		users: 200_000, groups: 40_000, servicePrincipals: 6_000, devices: 40_000, contacts: 3_000, units: 120,
		memberships: 2_000_000, appRoleAssignments: 300_000, bigGroup: 120_000, wikiUsers: 40_000, customRoles: 150, roleAssignments: 6_000,
		syncedHolders: 8, syncedPeople: 1_000,
	},
}

// ErrUnknownObject is returned for an id that names no object of the tenant.
var ErrUnknownObject = errors.New("no such object in the tenant")

// Tenant is a directory. It is made whole by NewTenant; afterwards it changes by writes, and as a test asks it to.
type Tenant struct {
	size  Size
	shape shape
	seed  uint64
	model *schema

	units         []unit
	eligibilities []roleAssignment
	groupEligible *groupSchedules
	groupActive   *groupSchedules
	groups        []group
	sps           []servicePrincipal
	registrations []registration
	consents      []consent
	licensed      map[int][]groupLicense // By group.
	bought        []int                  // Units of each SKU.
	roles         []roleDefinition
	roleByID      map[guid]int
	assignments   []roleAssignment
	appAssigned   []appRoleAssignment

	// Reverse edges, by principal.
	memberOf      map[Ref][]int32 // Group indexes.
	unitsOf       map[Ref][]int32 // Unit indexes.
	owned         map[Ref][]Ref
	assignedTo    [][]int32 // By resource: indexes into appAssigned.
	assignedByRef map[Ref][]int32

	// What Privileged Identity Management shows of directory roles.
	active, eligible *roleSchedule

	mu      sync.RWMutex
	deleted map[Ref]struct{}
	written writtenState
	plans   plan // Those the tenant has.
	logs    logs

	quirks *quirkSet // Shared by the copies of a tenant.
	names  *signInNames
	seats  *takenSeats

	riskSet bool // The number of risky users is as shape says, also when it is zero.
}

// NewTenant makes the tenant of a size and a seed, with every quirk that is on by default, unless options say otherwise.
// The same arguments always give the same tenant; an unknown size gives a small one.
func NewTenant(size Size, seed int64, options ...Option) *Tenant {
	if _, ok := shapes[size]; !ok {
		size = Small
	}
	t := &Tenant{
		size:    size,
		shape:   shapes[size],
		seed:    mix64(uint64(seed)), //nolint:gosec // Any bit pattern is a seed.
		model:   newSchema(),
		deleted: map[Ref]struct{}{},
		written: newWrittenState(),
		plans:   planP1 | planP2,
		quirks:  newQuirkSet(),
		names:   &signInNames{},
		seats:   &takenSeats{},
	}
	for _, option := range options {
		option(t)
	}
	t.generateServicePrincipals()
	t.generateRegistrations()
	t.generateGroups()
	t.generateOwners()
	t.generateAppRoleAssignments()
	t.generateRoles()
	t.generateUnits()
	t.generateEligibilities()
	t.generateGroupSchedules()
	t.generateSponsors()
	t.generateConsents()
	t.generateSyncedHolders()
	t.generatePartners()
	t.generateActivatedThrough()
	t.generateUnknownAccess()
	t.generateDeletedPeople()
	t.link()
	t.generateLicenses()
	return t
}

// link builds the reverse edges.
func (t *Tenant) link() {
	t.memberOf = make(map[Ref][]int32, t.shape.users)
	t.owned = map[Ref][]Ref{}
	for g := range t.groups {
		for _, m := range t.groups[g].members {
			t.memberOf[m] = append(t.memberOf[m], int32(g))
		}
		for _, o := range t.groups[g].owners {
			t.owned[o] = append(t.owned[o], groupRef(g))
		}
	}
	t.unitsOf = map[Ref][]int32{}
	for u := range t.units {
		for _, m := range t.units[u].members {
			t.unitsOf[m] = append(t.unitsOf[m], int32(u))
		}
	}
	for s := range t.sps {
		for _, o := range t.sps[s].owners {
			t.owned[o] = append(t.owned[o], spRef(s))
		}
	}
	for n := range t.registrations {
		for _, o := range t.registrations[n].owners {
			t.owned[o] = append(t.owned[o], makeRef(KindApplication, n))
		}
	}
	t.active = t.newRoleSchedule(KindRoleAssignmentInstance, KindRoleAssignment, "-1", t.assignments)
	t.eligible = t.newRoleSchedule(KindRoleEligibilityInstance, kindRoleEligibility, "-1-e", t.eligibilities)
	t.assignedTo = make([][]int32, len(t.sps))
	t.assignedByRef = map[Ref][]int32{}
	for n, a := range t.appAssigned {
		i := int32(n)
		t.assignedTo[a.resource] = append(t.assignedTo[a.resource], i)
		t.assignedByRef[a.principal] = append(t.assignedByRef[a.principal], i)
	}
}

// count is the number of objects of a kind ever made, deleted ones included.
func (t *Tenant) count(k Kind) int {
	switch k {
	case KindUser:
		return t.shape.users + t.written.users
	case KindGroup:
		return len(t.groups)
	case KindServicePrincipal:
		return len(t.sps)
	case KindApplication:
		return len(t.registrations)
	case KindDevice:
		return t.shape.devices
	case KindContact:
		return t.shape.contacts
	case KindAdministrativeUnit:
		return len(t.units)
	case KindRoleDefinition, KindDirectoryRole:
		return len(t.roles)
	case KindRoleAssignment:
		return len(t.assignments)
	case KindAppRoleAssignment:
		return len(t.appAssigned)
	case KindOrganization:
		return 1
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance:
		return len(t.scheduleOf(k).instances)
	case KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		return len(t.groupSchedules(k).rows)
	case KindConsent:
		return len(t.consents)
	case KindSubscribedSku:
		return len(skus) + t.secondSubscriptions()
	case KindRegistrationDetails, KindRiskyUser:
		return t.count(KindUser)
	default:
		return 0
	}
}

// live is whether an object exists now. An edge lives as long as both its ends do, except a role assignment:
// Entra keeps it, orphaned, when its principal goes. Callers hold t.mu.
func (t *Tenant) live(r Ref) bool {
	if !t.exists(r) {
		return false
	}
	if !t.written.any && !t.quirks.has(QuirkDeletedPeople) {
		return true
	}
	if _, gone := t.deleted[r]; gone {
		return false
	}
	if r.Kind() == KindAppRoleAssignment {
		a := t.appAssigned[r.index()]
		return t.live(a.principal) && t.live(spRef(int(a.resource)))
	}
	switch r.Kind() {
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance:
		return t.liveInstance(r)
	case KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		return t.liveGroupSchedule(r)
	default:
		return true
	}
}

// id is the id of an object. Role definitions have Microsoft's own ids.
func (t *Tenant) id(r Ref) string {
	switch r.Kind() {
	case KindRoleDefinition:
		return t.roles[r.index()].id.String()
	case KindAppRoleAssignment:
		return t.appRoleAssignmentID(r.index())
	case KindRoleAssignment:
		return t.roleAssignmentID(r.index())
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance:
		return t.instanceID(r)
	case KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		return t.groupScheduleID(r)
	case KindConsent:
		return t.consentID(r.index())
	case KindSubscribedSku:
		return t.accountOf(r.index()) + "_" + skus[skuOf(r.index())].id
	case KindRegistrationDetails, KindRiskyUser:
		return t.id(userRef(r.index()))
	case KindDirectoryAudit:
		return t.logs.audits[r.index()].ID
	case KindSignIn:
		return t.logs.signIns[r.index()].ID
	default:
		return t.guidOf(r).String()
	}
}

// find resolves the id of an object of a kind that exists now. Callers hold t.mu.
func (t *Tenant) find(k Kind, id string) (Ref, bool) {
	if k == KindRoleAssignment {
		return t.findRoleAssignment(id)
	}
	g, ok := parseGUID(id)
	if !ok {
		return 0, false
	}
	if k == KindRoleDefinition {
		i, known := t.roleNamed(g)
		r := makeRef(k, i)
		return r, known && t.live(r)
	}
	r, ok := t.refOf(g)
	if !ok || r.Kind() != k || r.index() >= t.count(k) || !t.live(r) {
		return 0, false
	}
	return r, true
}

// ID is the id of the nth object of a kind, for tests that need one.
func (t *Tenant) ID(k Kind, n int) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.id(makeRef(k, n))
}

// Delete removes an object, its memberships and its assignments from the directory.
func (t *Tenant) Delete(k Kind, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, ok := t.find(k, id)
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownObject, id)
	}
	t.remove(r)
	t.recount()
	return nil
}

// TenantID is the directory's id.
func (t *Tenant) TenantID() string { return t.guidOf(makeRef(KindOrganization, 0)).String() }

// Domain is the tenant's initial domain.
func (t *Tenant) Domain() string { return "contoso.onmicrosoft.com" }
