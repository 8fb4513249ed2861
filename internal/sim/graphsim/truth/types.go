package truth

import "github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"

// Activation is what it takes to activate a directory role, or a membership or an ownership of a group. Words that say
// whether it takes something are required, not required and unknown: unknown is what the tenant's own policy does not
// say in a way that anybody could read.
type Activation struct {
	RoleID          string      `json:"roleDefinitionId,omitempty"`
	GroupID         string      `json:"groupId,omitempty"`
	Access          string      `json:"accessId,omitempty"` // Of a group: member or owner.
	Approval        string      `json:"approval"`
	Approvers       []Principal `json:"approvers"` // Gone ones included.
	Sets            []string    `json:"sets"`      // Approvers by what they are to who asks.
	MFA             string      `json:"mfa"`
	Justification   string      `json:"justification"`
	Ticket          string      `json:"ticket"`
	Others          []string    `json:"others"`
	Context         string      `json:"authenticationContext"`
	Longest         string      `json:"longest"` // As ISO 8601 has it, unlimited or unknown.
	LongestAssigned string      `json:"longestAssigned"`
	LongestEligible string      `json:"longestEligible"`
}

// Inherited is a permission that the tokens of an agent identity carry because the principal of its blueprint was given
// it: an app role, or some scopes of a consent for everybody.
type Inherited struct {
	BlueprintID string   `json:"blueprintId"` // The service principal of the blueprint.
	AgentID     string   `json:"agentId"`
	ResourceID  string   `json:"resourceId"`
	AppRoleID   string   `json:"appRoleId,omitempty"`
	ConsentID   string   `json:"consentId,omitempty"`
	Scopes      []string `json:"scopes,omitempty"`
}

// PackageCatalog is a catalogue of access packages that the application sees.
type PackageCatalog struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
}

// AccessPackage is an access package. CatalogID is empty where the application does not see the catalogue.
type AccessPackage struct {
	ID          string           `json:"id"`
	DisplayName string           `json:"displayName"`
	CatalogID   string           `json:"catalogId"`
	Policies    []PackagePolicy  `json:"policies"`
	Contents    []PackageContent `json:"contents"`
}

// PackagePolicy is a way in which a package can be had. Approvers are those of each stage: users and groups, and nobody
// where it is a matter of who asks.
type PackagePolicy struct {
	ID          string        `json:"id"`
	Scope       string        `json:"allowedTargetScope"`
	Targets     []Principal   `json:"targets"`
	Requestable bool          `json:"requestable"`
	Approval    bool          `json:"approvalRequired"`
	Approvers   [][]Principal `json:"approvers"`
}

// PackageContent is what a package gives. Type is group, application or role, or empty for what is in no directory; Role
// is member or owner, an app role's id, or assigned or eligible.
type PackageContent struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Role string `json:"role"`
}

// PackageAssignment is a package that somebody has, as a whole or in part, by a policy that is there.
type PackageAssignment struct {
	PackageID string    `json:"packageId"`
	PolicyID  string    `json:"policyId"`
	Principal Principal `json:"principal"`
	State     string    `json:"state"`
	End       string    `json:"endDateTime"`
}

// CatalogRole is a role in a catalogue that the application sees: owner, reader, access_package_manager or
// assignment_manager. What holds in all catalogues is there for each.
type CatalogRole struct {
	CatalogID string    `json:"catalogId"`
	Role      string    `json:"role"`
	Principal Principal `json:"principal"`
}

// Identity is one way a user signs in. ID is empty where the issuer alone knows it.
type Identity struct {
	SignInType string `json:"signInType"`
	Issuer     string `json:"issuer"`
	ID         string `json:"issuerAssignedId"`
}

// License is a product the tenant has units of.
type License struct {
	SkuID      string `json:"skuId"`
	PartNumber string `json:"skuPartNumber"`
	Enabled    int    `json:"enabled"`
	Consumed   int    `json:"consumed"`
}

// LicenseAssignment is a licence given to a user or a group, or how one of a group came to a user.
type LicenseAssignment struct {
	SkuID         string    `json:"skuId"`
	Principal     Principal `json:"principal"`
	GroupID       string    `json:"groupId"` // The group it is inherited from.
	State         string    `json:"state"`   // Empty for a group, whose licences have none, as is the error.
	Error         string    `json:"error"`
	DisabledPlans []string  `json:"disabledPlans"`
}

// Application is an application registration.
type Application struct {
	ID          string `json:"id"`
	AppID       string `json:"appId"`
	DisplayName string `json:"displayName"`
	Blueprint   bool   `json:"blueprint"` // Of the type agentIdentityBlueprint.

	FederatedUnreadable bool `json:"federatedUnreadable"` // Graph cannot give its federated credentials.
}

// Credential is something an application or a service principal signs in with. The password that Entra lists
// beside a key that signs, under the same id, is not another one.
type Credential struct {
	OwnerType          string `json:"ownerType"` // application or ServicePrincipal.
	OwnerID            string `json:"ownerId"`
	KeyID              string `json:"keyId"` // Empty where Graph has none.
	Kind               string `json:"kind"`  // password, certificate or federated.
	DisplayName        string `json:"displayName"`
	Start              string `json:"startDateTime"` // Empty for federated ones, as is the end.
	End                string `json:"endDateTime"`
	Unreadable         bool   `json:"unreadable"`         // Federated, and Graph cannot give it.
	ServicePrincipalID string `json:"servicePrincipalId"` // Who signs in with it; empty where the tenant has no service principal.
}

// Consent is a delegated permission grant. PrincipalID is empty for everybody.
type Consent struct {
	ID          string `json:"id"`
	ClientID    string `json:"clientId"`
	ResourceID  string `json:"resourceId"`
	ConsentType string `json:"consentType"`
	PrincipalID string `json:"principalId"`
	Scope       string `json:"scope"`
}

// PartnerRole is a directory role that a principal of another tenant holds. PrincipalType is
// directoryObjectPartnerReference or remoteTenantGroup.
type PartnerRole struct {
	RoleID        string `json:"roleDefinitionId"`
	Scope         string `json:"directoryScopeId"`
	PrincipalID   string `json:"principalId"`
	PrincipalType string `json:"principalType"`
	TenantID      string `json:"tenantId"` // Where the principal is from.
	Name          string `json:"displayName"`
}

// Unit is an administrative unit.
type Unit struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Dynamic     bool   `json:"dynamic"`
	Restricted  bool   `json:"restricted"`
	Hidden      bool   `json:"hidden"` // Members need Member.Read.Hidden.
}

// GroupEligibility is a direct eligibility to become a member or an owner of a group.
type GroupEligibility struct {
	GroupID   string    `json:"groupId"`
	Access    string    `json:"accessId"` // One of member and owner.
	Principal Principal `json:"principal"`
	Start     string    `json:"startDateTime"`
	End       string    `json:"endDateTime"`
}

// Device is a device.
type Device struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Enabled     bool   `json:"accountEnabled"`
}

// Holders collects principals, each once.
type Holders struct {
	tenant *directory.Tenant
	Seen   map[directory.Ref]struct{}
}
