package directory

// NoServicePrincipal is the index of the service principal of a registration that has none.
const NoServicePrincipal = -1

// Registration is an application object.
type Registration struct {
	SP     int    // The index of its service principal, or NoServicePrincipal.
	Label  string // The name of one without a service principal.
	Owners []Ref
}

// UnitFlags say what sort of administrative unit a unit is.
type UnitFlags uint8

const (
	UnitFlagDynamic UnitFlags = 1 << iota
	UnitFlagRestricted
	UnitFlagHidden
	UnitFlagTyped // Says "Assigned" where others leave the membership type null.
)

// Unit is what cannot be derived from an administrative unit's index.
type Unit struct {
	Flags   UnitFlags
	Label   string
	Members []Ref
}

// GroupFlags say what sort of group a group is.
type GroupFlags uint16

const (
	FlagDynamic GroupFlags = 1 << iota
	FlagSynced
	FlagUnified
	FlagMailSecurity
	FlagDistribution
	FlagRoleAssignable
	FlagHidden
	FlagNoDescription
)

// ExchangeManaged groups are mastered in Exchange Online: Graph shows them but neither their owners nor changes.
func (f GroupFlags) ExchangeManaged() bool { return f&(FlagMailSecurity|FlagDistribution) != 0 }

// OwnersReadable is false for the groups whose owners Graph does not have (group-list-owners).
func (f GroupFlags) OwnersReadable() bool { return !f.ExchangeManaged() && f&FlagSynced == 0 }

// Group is what cannot be derived from a group's index.
type Group struct {
	Flags   GroupFlags
	Label   string // The name of a group that exists for a reason; empty for the rest.
	Members []Ref
	Owners  []Ref
}

// SPKind tells service principals apart.
type SPKind uint8

const (
	SPApplication SPKind = iota
	SPLegacy
	SPManagedIdentity
	SPAgentIdentity
	SPAgentBlueprint
)

// AppRole is an app role a service principal offers.
type AppRole struct {
	ID       GUID
	Value    string
	Name     string
	About    string // The description, where it is not a short one.
	Disabled bool
	ForApps  bool
	ForUsers bool
	Dropped  bool // The application declares it no more. Who was assigned to it is shown to be.
}

// ServicePrincipal is what cannot be derived from a service principal's index.
type ServicePrincipal struct {
	Kind               SPKind
	Label              string
	WellKnownID        string // The appId of a Microsoft application.
	Disabled           bool
	Foreign            bool // Owned by another tenant, as gallery applications are.
	AssignmentRequired bool
	Roles              []AppRole
	Owners             []Ref
	Sponsors           []Ref // Of agent identities and their blueprints.
}

// Plan is a paid plan of Microsoft Entra ID that some of Graph's data needs.
type Plan uint8

const (
	PlanP1 Plan = 1 << iota
	PlanP2
)

const (
	AgentIdentityType  = "agentIdentity"
	AgentBlueprintType = "agentIdentityBlueprintPrincipal"
)
