// Package directory is the simulated tenant as a directory: which objects there are, what each of them is, who is tied
// to whom, and what writes changed. Ids, names and most values follow from the size, the seed and an index, so that a
// tenant of a million edges fits in memory. It does not know how a tenant is made, what Graph calls a property, nor
// that there are requests.
package directory

import (
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/governance"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/logs"
)

// Tenant is a directory. It is made whole by Tenant; afterwards it changes by writes, and as a test asks it to.
type Tenant struct {
	Size  Size
	Shape Shape
	Seed  uint64
	Model *Schema

	Units         []Unit
	Eligibilities []RoleAssignment
	GroupEligible *GroupScheduleRows
	GroupActive   *GroupScheduleRows
	Groups        []Group
	SPs           []ServicePrincipal
	Registrations []Registration
	Consents      []Consent
	Licensed      map[int][]GroupLicense // By group.
	Bought        []int                  // Units of each SKU.
	Roles         []RoleDefinition
	RoleByID      map[GUID]int
	Assignments   []RoleAssignment
	AppAssigned   []AppRoleAssignment

	// Reverse edges, by principal.
	MemberOf      map[Ref][]int32 // Group indexes.
	UnitsOf       map[Ref][]int32 // Unit indexes.
	Owned         map[Ref][]Ref
	AssignedTo    [][]int32 // By resource: indexes into AppAssigned.
	AssignedByRef map[Ref][]int32

	// What Privileged Identity Management shows of directory roles.
	Active, eligible *RoleSchedule

	sync.RWMutex // Held by whoever reads or changes the directory.

	Deleted map[Ref]struct{}
	Written WrittenState
	Plans   Plan // Those the tenant has.
	Logs    Logs

	Governance *governance.State

	Quirks *QuirkSet // Shared by the copies of a tenant.
	Names  *SignInNames
	Seats  *TakenSeats

	RiskSet bool // The number of risky users is as shape says, also when it is zero.
}

// Logs are the entries in the order in which they became visible.
type Logs struct {
	Audits  []logs.AuditEntry
	SignIns []logs.SignInEntry
	now     func() time.Time
}

// EDMType is as much of a property's type as queries need.
type EDMType uint8

const (
	EDMString EDMType = iota
	EDMBool
	EDMInt
	EDMDate
	EDMGUID
	EDMStrings // Collection of strings.
	EDMComplex
	EDMComplexes // Collection of complex values.
)

// Collection is whether a property of the type holds many values.
func (e EDMType) Collection() bool { return e == EDMStrings || e == EDMComplexes }

// Trait is how Graph treats a property.
type Trait uint16

const (
	InDefault   Trait = 1 << iota // Returned without $select.
	Filterable                    // Usable in $filter as it is.
	Advanced                      // Usable in $filter with the advanced query headers only.
	Sortable                      // Usable in $orderby.
	Basic                         // Readable with the ReadBasic permissions.
	SingleOnly                    // Refused in a list (user-list: properties kept outside the directory).
	OnSelect                      // Needs its own permission; never part of a default.
	DerivedOnly                   // Declared by a derived type: on its rows, but not selectable on the base type.
	Computed                      // Follows from the state of the tenant, whatever was written of the object.
)

// Property is one column of an entity type.
type Property struct {
	Name   string
	EDM    EDMType
	Traits Trait
	Get    func(t *Tenant, i int) any // Nil for what the simulated tenant never sets.
	kind   Kind                       // Of the type it belongs to.
	Alias  func(t *Tenant, i int) any // Another value that $filter takes for it, or nil.
}

// EntityType is what the schema says about the rows of a collection.
type EntityType struct {
	Name    string // In the namespace microsoft.graph.
	Kind    Kind
	Props   []Property
	Derived func(t *Tenant, i int) string // The derived type of a row, or empty.
	byName  map[string]int
}

// Schema is every entity type by kind. directoryObject, which has no kind, stands for the mixed collections.
type Schema struct {
	Types map[Kind]*EntityType
}

// Of is the entity type of an object.
func (s *Schema) Of(k Kind) *EntityType { return s.Types[k] }

// Option says how a tenant is made.
type Option func(t *Tenant)

// Without makes the tenant without some quirks, or without any when none is named.
func Without(quirks ...Quirk) Option { return switched(quirks, false) }

// With makes the tenant with quirks that are off by default.
func With(quirks ...Quirk) Option { return switched(quirks, true) }

func switched(quirks []Quirk, on bool) Option {
	if len(quirks) == 0 {
		quirks = Quirks()
	}
	return func(t *Tenant) {
		for _, q := range quirks {
			t.Quirks.Set(q, on)
		}
	}
}

// SyncedHolders gives the tenant so many synchronized groups, with so many people each, that hold one app role.
func SyncedHolders(groups, people int) Option {
	return func(t *Tenant) { t.Shape.SyncedHolders, t.Shape.SyncedPeople = groups, people }
}
