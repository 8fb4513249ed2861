package graphsim

// Kind is a kind of directory object.
type Kind uint8

// The kinds of objects the tenant holds.
const (
	KindUser Kind = iota + 1
	KindGroup
	KindServicePrincipal
	KindDevice
	KindContact
	KindAdministrativeUnit
	KindApplication
	KindDirectoryRole
	KindRoleDefinition
	KindRoleAssignment
	KindAppRoleAssignment
	KindOrganization

	// The kinds below have ids but are no directory objects.
	kindAppRole
	kindAppID
	kindMisc

	// The kinds below came later: ids depend on the numbers above.
	KindRoleAssignmentInstance
	KindRoleEligibilityInstance
	KindGroupAssignmentInstance
	KindGroupEligibilityInstance
	kindRoleEligibility
)

const kindShift = 27

// Ref names an object by kind and index in 32 bits, so that a million edges fit in a few megabytes.
type Ref uint32

func makeRef(k Kind, i int) Ref {
	return Ref(uint32(k)<<kindShift | uint32(i)) //nolint:gosec // Indexes are below 1<<27.
}

// Kind is the kind of the object.
func (r Ref) Kind() Kind { return Kind(r >> kindShift) }

func (r Ref) index() int { return int(r & (1<<kindShift - 1)) }

func userRef(i int) Ref  { return makeRef(KindUser, i) }
func groupRef(i int) Ref { return makeRef(KindGroup, i) }
func spRef(i int) Ref    { return makeRef(KindServicePrincipal, i) }

// groupFlags say what sort of group a group is.
type groupFlags uint16

const (
	groupDynamic groupFlags = 1 << iota
	groupSynced
	groupUnified
	groupMailSecurity
	groupDistribution
	groupRoleAssignable
	groupHidden
	groupNoDescription
)

// exchangeManaged groups are mastered in Exchange Online: Graph shows them but neither their owners nor changes.
func (f groupFlags) exchangeManaged() bool { return f&(groupMailSecurity|groupDistribution) != 0 }

// ownersReadable is false for the groups whose owners Graph does not have (group-list-owners).
func (f groupFlags) ownersReadable() bool { return !f.exchangeManaged() && f&groupSynced == 0 }

// group is what cannot be derived from a group's index.
type group struct {
	flags   groupFlags
	label   string // The name of a group that exists for a reason; empty for the rest.
	members []Ref
	owners  []Ref
}

// spKind tells service principals apart.
type spKind uint8

const (
	spApplication spKind = iota
	spLegacy
	spManagedIdentity
	spAgentIdentity
	spAgentBlueprint
)

// appRole is an app role a service principal offers.
type appRole struct {
	id       guid
	value    string
	name     string
	about    string // The description, where it is not a short one.
	disabled bool
	forApps  bool
	forUsers bool
}

// servicePrincipal is what cannot be derived from a service principal's index.
type servicePrincipal struct {
	kind               spKind
	label              string
	wellKnownID        string // The appId of a Microsoft application.
	disabled           bool
	foreign            bool // Owned by another tenant, as gallery applications are.
	assignmentRequired bool
	roles              []appRole
	owners             []Ref
	sponsors           []Ref // Of agent identities and their blueprints.
}

// defaultAccess is the role index of an assignment that names no role.
const defaultAccess = -1

// appRoleAssignment is one edge from a principal to a role of a resource.
type appRoleAssignment struct {
	principal Ref
	resource  int32 // Index of a service principal.
	role      int16 // Index in the resource's roles, or defaultAccess.
}

// roleDefinition is a directory role.
type roleDefinition struct {
	id          guid
	name        string
	description string
	builtIn     bool
	disabled    bool
}

// roleAssignment is one edge from a principal to a directory role, over a scope: held, or eligible for.
type roleAssignment struct {
	principal Ref
	orphan    guid // The id of a principal that no longer exists; principal is then zero.
	role      int
	scope     Ref // Zero for the whole tenant.
	term      term
	given     period // Of what a request made.

	throughGroup bool // Activated by a member of a group that is eligible.
}
