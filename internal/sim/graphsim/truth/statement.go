package truth

// Statement is the directory in Entra's terms, for a test to compare a snapshot with. Every list is sorted.
type Statement struct {
	TenantID           string              `json:"tenantId"`
	Users              []User              `json:"users"`
	Groups             []Group             `json:"groups"`
	Members            []Edge              `json:"members"`
	GroupOwners        []Edge              `json:"groupOwners"`
	ServicePrincipals  []ServicePrincipal  `json:"servicePrincipals"`
	ApplicationOwners  []Edge              `json:"applicationOwners"`
	AppRoleAssignments []AppRoleAssignment `json:"appRoleAssignments"`
	RoleDefinitions    []Role              `json:"roleDefinitions"`
	RoleAssignments    []RoleAssignment    `json:"roleAssignments"`
	EffectiveMembers   []Access            `json:"effectiveMembers"`
	EffectiveRoles     []Access            `json:"effectiveRoles"`
	EffectiveAppRoles  []Access            `json:"effectiveAppRoles"`

	PartnerRoleAssignments []PartnerRole `json:"partnerRoleAssignments"` // Held by principals of other tenants, and not among the others.

	AdministrativeUnits         []Unit              `json:"administrativeUnits"`
	UnitMembers                 []Edge              `json:"unitMembers"` // Of units; a group's members are not in its unit.
	RoleEligibilities           []RoleAssignment    `json:"roleEligibilities"`
	GroupEligibilities          []GroupEligibility  `json:"groupEligibilities"`
	Devices                     []Device            `json:"devices"`
	Inherited                   []Inherited         `json:"inherited"`        // What agent identities have by their blueprints.
	Activations                 []Activation        `json:"activations"`      // What it takes to activate roles, and what groups offer.
	ResourceConsents            []ResourceConsent   `json:"resourceConsents"` // What applications may do in single groups.
	Channels                    []Channel           `json:"channels"`         // Private and shared ones.
	ChannelMembers              []ChannelMember     `json:"channelMembers"`
	DeviceOwners                []Edge              `json:"deviceOwners"`
	DeletedUsers                []User              `json:"deletedUsers"`
	Sponsors                    []Edge              `json:"sponsors"`             // Of service principals that are agents.
	Provisioned                 []Edge              `json:"provisioned"`          // Who has an account in an application through its provisioning job.
	UserSponsors                []Edge              `json:"userSponsors"`         // Of users.
	EffectiveScopedRoles        []Access            `json:"effectiveScopedRoles"` // Of "<role id>@<scope object id>".
	EffectiveEligible           []Access            `json:"effectiveEligible"`    // Of a role id, or of the same with its scope.
	EffectiveGroupEligibilities []Access            `json:"effectiveGroupEligibilities"`
	Applications                []Application       `json:"applications"`
	RegistrationOwners          []Edge              `json:"registrationOwners"` // ObjectID is the registration's.
	Credentials                 []Credential        `json:"credentials"`
	Consents                    []Consent           `json:"consents"`
	Licenses                    []License           `json:"licenses"`
	LicenseAssignments          []LicenseAssignment `json:"licenseAssignments"`
	EffectiveLicenses           []Access            `json:"effectiveLicenses"` // ObjectID is the SKU's.
	PackageCatalogs             []PackageCatalog    `json:"packageCatalogs"`
	AccessPackages              []AccessPackage     `json:"accessPackages"`
	PackageAssignments          []PackageAssignment `json:"packageAssignments"`
	CatalogRoles                []CatalogRole       `json:"catalogRoles"`
	EffectiveCatalogRoles       []Access            `json:"effectiveCatalogRoles"` // ObjectID is the catalogue's, RoleID the role's name.
}

// User is a user.
type User struct {
	ID             string   `json:"id"`
	UPN            string   `json:"userPrincipalName"`
	DisplayName    string   `json:"displayName"`
	Mail           string   `json:"mail"`
	Enabled        bool     `json:"accountEnabled"`
	UserType       string   `json:"userType"`
	ExternalState  string   `json:"externalUserState"` // Empty for who was never invited.
	Agent          bool     `json:"agent"`
	AgentID        string   `json:"agentId"` // The agent identity that signs in as an agent's user.
	Synced         bool     `json:"synced"`
	ManagerID      string   `json:"managerId"`
	EmployeeID     string   `json:"employeeId"`
	ProxyAddresses []string `json:"proxyAddresses"`
	OtherMails     []string `json:"otherMails"`

	LastSignIn          string            `json:"lastSignIn"`     // Empty for never.
	MFARegistered       *bool             `json:"mfaRegistered"`  // Null where the report has no row.
	MailboxPurpose      string            `json:"mailboxPurpose"` // Empty for no mailbox.
	RiskLevel           string            `json:"riskLevel"`      // Empty where nothing was detected, as is the state.
	RiskState           string            `json:"riskState"`
	ExtensionAttributes map[string]string `json:"extensionAttributes"` // Those with a value.
	Identities          []Identity        `json:"identities"`
	// Details are the further properties with a value, under their names; of the organization data, each of the two.
	Details map[string]string `json:"details"`
	Phones  []string          `json:"businessPhones"`
	// SecurityAttributes are texts, numbers, truth values and lists of them, by set and name.
	SecurityAttributes map[string]map[string]any `json:"customSecurityAttributes"`
}

// Group is a group.
type Group struct {
	ID              string `json:"id"`
	DisplayName     string `json:"displayName"`
	Description     string `json:"description"`
	Dynamic         bool   `json:"dynamic"`
	Synced          bool   `json:"synced"`
	ExchangeManaged bool   `json:"exchangeManaged"` // Mail-enabled security or distribution.
	Unified         bool   `json:"unified"`
	RoleAssignable  bool   `json:"roleAssignable"`
	Hidden          bool   `json:"hidden"`         // Members need Member.Read.Hidden.
	OwnersReadable  bool   `json:"ownersReadable"` // Graph has the owners.
	Visibility      string `json:"visibility"`
	MembershipRule  string `json:"membershipRule"` // Empty where no rule decides.

	Team    bool              `json:"team"`
	Labels  []GroupLabel      `json:"assignedLabels"` // Those that are one.
	Details map[string]string `json:"details"`        // The further properties with a value, under their names.
}

// GroupLabel is a sensitivity label. Name is empty for one that was deleted.
type GroupLabel struct {
	ID   string `json:"labelId"`
	Name string `json:"displayName"`
}

// Principal is anything that can be a member, an owner or a holder. Type is user, group, ServicePrincipal,
// device or orgContact.
type Principal struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Edge is a direct membership or ownership.
type Edge struct {
	ObjectID  string    `json:"objectId"` // The group or service principal.
	Principal Principal `json:"principal"`
}

// ServicePrincipal is a service principal. Kind is application, managed_identity or agent_identity.
type ServicePrincipal struct {
	ID                 string                    `json:"id"`
	AppID              string                    `json:"appId"`
	DisplayName        string                    `json:"displayName"`
	Kind               string                    `json:"kind"`
	Enabled            bool                      `json:"accountEnabled"`
	OwnerTenant        string                    `json:"appOwnerOrganizationId"`
	AssignmentNeeded   bool                      `json:"appRoleAssignmentRequired"`
	AlternativeNames   []string                  `json:"alternativeNames"`
	AppRoles           []AppRole                 `json:"appRoles"`
	DefaultAccessOnly  bool                      `json:"defaultAccessOnly"` // It has no app roles.
	Blueprint          bool                      `json:"blueprint"`         // Of agent identities, which are of the same kind.
	SecurityAttributes map[string]map[string]any `json:"customSecurityAttributes"`
	BlueprintID        string                    `json:"blueprintId"` // The service principal of the blueprint that an agent identity was made from.
}

// AppRole is an app role.
type AppRole struct {
	ID      string `json:"id"`
	Value   string `json:"value"`
	Enabled bool   `json:"isEnabled"`
}

// AppRoleAssignment is a direct app role assignment; the all-zero role is default access.
type AppRoleAssignment struct {
	ResourceID string    `json:"resourceId"`
	AppRoleID  string    `json:"appRoleId"`
	Principal  Principal `json:"principal"`
}

// Role is a directory role.
type Role struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	BuiltIn     bool   `json:"isBuiltIn"`
	Enabled     bool   `json:"isEnabled"`
}

// RoleAssignment is a direct role assignment or eligibility. Principal.Type is empty when the principal is gone.
// ScopeType is administrativeUnit, application, ServicePrincipal, group or device, and empty for the whole
// tenant and where the scope is gone.
type RoleAssignment struct {
	RoleID    string    `json:"roleDefinitionId"`
	Scope     string    `json:"directoryScopeId"`
	Principal Principal `json:"principal"`

	ScopeType      string `json:"scopeType"`
	ScopeObjectID  string `json:"scopeObjectId"`
	AssignmentType string `json:"assignmentType"` // One of Assigned and Activated.
	Start          string `json:"startDateTime"`
	End            string `json:"endDateTime"`
}

// Access is who has something in effect. RoleID is set for app roles, and for eligibilities of groups: member or
// owner.
type Access struct {
	ObjectID   string      `json:"objectId"`
	RoleID     string      `json:"roleId,omitempty"`
	Principals []Principal `json:"principals"`
}
