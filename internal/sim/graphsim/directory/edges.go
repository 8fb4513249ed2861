package directory

const (
	ConsentAll  = "AllPrincipals"
	consentUser = "Principal"
)

// Consent is a delegated permission grant: what a client may do at a resource on behalf of a user, or of everybody.
type Consent struct {
	Client    int
	Resource  int
	Principal Ref // Zero for everybody.
	Scope     string
}

// Kind is whom a consent is for.
func (g Consent) Kind() string {
	if g.Principal == 0 {
		return ConsentAll
	}
	return consentUser
}

// GroupSchedule is a row of Privileged Identity Management for Groups: who may become, or is, a member or an owner.
type GroupSchedule struct {
	Group     int32
	Owner     bool
	Unknown   bool // Neither a membership nor an ownership.
	Principal Ref
	Via       Ref // The group that has it and gives it to the principal; zero for what is direct.
	Term      Term
	Given     Period // Of what a request made.
	Of        int32  // The direct row: this one's own index, or that of the group it comes through.
}

// GroupSchedules are such rows with their indexes: Graph gives them by group or by principal, never all.
type GroupScheduleRows struct {
	Rows        []GroupSchedule
	ByGroup     map[int32][]int32
	ByPrincipal map[Ref][]int32
}

// Append adds a row as it stands.
func (s *GroupScheduleRows) Append(row GroupSchedule) {
	n := int32(len(s.Rows)) //nolint:gosec // Small indexes.
	s.Rows = append(s.Rows, row)
	s.ByGroup[row.Group] = append(s.ByGroup[row.Group], n)
	s.ByPrincipal[row.Principal] = append(s.ByPrincipal[row.Principal], n)
}

// NewGroupSchedules makes a list without rows.
func NewGroupSchedules() *GroupScheduleRows {
	return &GroupScheduleRows{ByGroup: map[int32][]int32{}, ByPrincipal: map[Ref][]int32{}}
}

// Access is whether a row is of members or of owners.
func (s GroupSchedule) Access() string {
	if s.Unknown {
		return AccessUnknown
	}
	if s.Owner {
		return "owner"
	}
	return "member"
}

// DefaultAccess is the role index of an assignment that names no role.
const DefaultAccess = -1

// AppRoleAssignment is one edge from a principal to a role of a resource.
type AppRoleAssignment struct {
	Principal Ref
	Resource  int32 // Index of a service principal.
	Role      int16 // Index in the resource's roles, or DefaultAccess.
}

// RoleDefinition is a directory role.
type RoleDefinition struct {
	ID          GUID
	Name        string
	Description string
	BuiltIn     bool
	Disabled    bool
}

// RoleAssignment is one edge from a principal to a directory role, over a scope: held, or eligible for.
type RoleAssignment struct {
	Principal Ref
	Orphan    GUID // The id of a principal that no longer exists; principal is then zero.
	Role      int
	Scope     Ref // Zero for the whole tenant.
	Term      Term
	Given     Period // Of what a request made.

	ThroughGroup bool // Activated by a member of a group that is eligible.
}

const (
	MemberDirect = "Direct"
	MemberGroup  = "Group"
)

// Term is for how long a principal holds something or may activate it.
type Term uint8

const (
	Permanent Term = iota
	TimeBound
	Activated // Through Privileged Identity Management, from an eligibility.
)

// Period is when something begins and ends, as a request said; the zero period follows from the object.
type Period struct{ Start, End string }

func (p Period) set() bool { return p.Start != "" }

// RoleInstance is a row of the schedule instances of directory roles: an assignment or eligibility itself, or what it
// gives a member of the group that has it.
type RoleInstance struct {
	Of     int32 // Its index.
	Member Ref   // Zero for the assignment or eligibility itself.
}

// RoleSchedule is one of the two lists of schedule instances and what it is made of.
type RoleSchedule struct {
	kind      Kind // Of the instances.
	Origin    Kind // Of what they are instances of.
	suffix    string
	of        []RoleAssignment
	instances []RoleInstance
}

// What has no name of its own, or shares one, or has one that nobody knows.

// AccessUnknown is the access of a row that came after the enumeration a client knows.
const AccessUnknown = "unknownFutureValue"
