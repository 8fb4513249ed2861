// Package truth states what is true of a directory, in words of its own, so that a test can compare a snapshot with it.
// It reads the directory and nothing above it: what Graph hides, caps or shows otherwise does not change the truth.
package truth

import (
	"cmp"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/agents"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

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
	Inherited                   []Inherited         `json:"inherited"`   // What agent identities have by their blueprints.
	Activations                 []Activation        `json:"activations"` // What it takes to activate roles, and what groups offer.
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
	ID                string    `json:"id"`
	AppID             string    `json:"appId"`
	DisplayName       string    `json:"displayName"`
	Kind              string    `json:"kind"`
	Enabled           bool      `json:"accountEnabled"`
	OwnerTenant       string    `json:"appOwnerOrganizationId"`
	AssignmentNeeded  bool      `json:"appRoleAssignmentRequired"`
	AlternativeNames  []string  `json:"alternativeNames"`
	AppRoles          []AppRole `json:"appRoles"`
	DefaultAccessOnly bool      `json:"defaultAccessOnly"` // It has no app roles.
	Blueprint         bool      `json:"blueprint"`         // Of agent identities, which are of the same kind.
	BlueprintID       string    `json:"blueprintId"`       // The service principal of the blueprint that an agent identity was made from.
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

// Of states the whole directory. For a large tenant, use the Each functions, which hold one item at a time.
func Of(t *directory.Tenant) Statement {
	out := Statement{TenantID: t.TenantID()}
	t.RLock()
	defer t.RUnlock()
	truthUsers(t, &out)
	truthGroups(t, &out)
	truthServicePrincipals(t, &out)
	truthRoles(t, &out)
	truthApplications(t, &out)
	truthLicenses(t, &out)
	eachMemberSet(t, func(a Access) bool { out.EffectiveMembers = append(out.EffectiveMembers, a); return true })
	eachRoleHolder(t, func(a Access) bool { out.EffectiveRoles = append(out.EffectiveRoles, a); return true })
	eachAppRoleHolder(t, func(a Access) bool { out.EffectiveAppRoles = append(out.EffectiveAppRoles, a); return true })
	truthDirectory(t, &out)
	truthPackages(t, &out)
	out.sort()
	out.sortDirectory()
	return out
}

func each(t *directory.Tenant, k directory.Kind, visit func(i int, id string)) {
	for i := range t.Count(k) {
		if r := directory.MakeRef(k, i); t.Live(r) {
			visit(i, t.IDOf(r))
		}
	}
}

// PrincipalOf is an object as the truth names it.
func PrincipalOf(t *directory.Tenant, r directory.Ref) Principal {
	return Principal{Type: t.Model.Of(r.Kind()).Name, ID: t.IDOf(r)}
}

func truthUsers(t *directory.Tenant, out *Statement) {
	each(t, directory.KindUser, func(i int, _ string) { out.Users = append(out.Users, truthUser(t, i)) })
}

func truthUser(t *directory.Tenant, i int) User {
	u := User{
		ID: t.IDOf(directory.UserRef(i)), UPN: t.UserSignInName(i), DisplayName: t.TextOf(directory.UserRef(i), "displayName"), Mail: t.TextOf(directory.UserRef(i), "mail"),
		Enabled: t.Enabled(i), UserType: t.TextOf(directory.UserRef(i), "userType"), ExternalState: t.TextOf(directory.UserRef(i), "externalUserState"),
		Agent:  schema.UserDerivedType(t, i) == schema.AgentUserType,
		Synced: t.FlagOf(directory.UserRef(i), "onPremisesSyncEnabled"), EmployeeID: t.TextOf(directory.UserRef(i), "employeeId"),
		ProxyAddresses: t.ListOf(directory.UserRef(i), "proxyAddresses"), OtherMails: t.ListOf(directory.UserRef(i), "otherMails"),
	}
	if m, ok := t.Manager(i); ok {
		u.ManagerID = t.IDOf(m)
	}
	if u.Agent {
		u.AgentID = t.TextOf(directory.UserRef(i), "identityParentId")
	}
	truthPerson(t, &u, i)
	return u
}

func truthGroups(t *directory.Tenant, out *Statement) {
	each(t, directory.KindGroup, func(i int, id string) {
		f := t.Groups[i].Flags
		g := Group{
			ID: id, DisplayName: t.GroupName(i), Description: t.TextOf(directory.GroupRef(i), "description"), Dynamic: f&directory.FlagDynamic != 0, Synced: f&directory.FlagSynced != 0,
			ExchangeManaged: f.ExchangeManaged(), Unified: f&directory.FlagUnified != 0, RoleAssignable: f&directory.FlagRoleAssignable != 0,
			Hidden: f&directory.FlagHidden != 0, OwnersReadable: f.OwnersReadable(),
			Visibility: t.TextOf(directory.GroupRef(i), "visibility"), MembershipRule: t.TextOf(directory.GroupRef(i), "membershipRule"),
		}
		truthGroup(t, &g, i)
		out.Groups = append(out.Groups, g)
		out.Members = appendEdges(t, out.Members, id, t.Groups[i].Members)
		out.GroupOwners = appendEdges(t, out.GroupOwners, id, t.Groups[i].Owners)
	})
}

func appendEdges(t *directory.Tenant, edges []Edge, id string, ends []directory.Ref) []Edge {
	for _, r := range ends {
		if t.Live(r) {
			edges = append(edges, Edge{ObjectID: id, Principal: PrincipalOf(t, r)})
		}
	}
	return edges
}

func truth(k directory.SPKind) string {
	switch k {
	case directory.SPManagedIdentity:
		return "managed_identity"
	case directory.SPAgentIdentity, directory.SPAgentBlueprint:
		return "agent_identity"
	default:
		return "application"
	}
}

func truthServicePrincipals(t *directory.Tenant, out *Statement) {
	each(t, directory.KindServicePrincipal, func(i int, id string) {
		s := t.SPs[i]
		row := ServicePrincipal{
			ID: id, AppID: t.AppID(i), DisplayName: t.SPName(i), Kind: truth(s.Kind), Enabled: !s.Disabled, OwnerTenant: schema.SPOwnerTenant(t, i),
			AssignmentNeeded: s.AssignmentRequired, AlternativeNames: schema.SPAlternativeNames(t, i), DefaultAccessOnly: len(s.Roles) == 0,
			Blueprint: s.Kind == directory.SPAgentBlueprint,
		}
		if s.Kind == directory.SPAgentIdentity {
			row.BlueprintID = t.IDOf(agents.BlueprintOf(t, i))
		}
		for _, r := range s.Roles {
			row.AppRoles = append(row.AppRoles, AppRole{ID: r.ID.String(), Value: r.Value, Enabled: !r.Disabled})
		}
		out.ServicePrincipals = append(out.ServicePrincipals, row)
		out.ApplicationOwners = appendEdges(t, out.ApplicationOwners, id, s.Owners)
	})
	each(t, directory.KindAppRoleAssignment, func(i int, _ string) {
		a := t.AppAssigned[i]
		out.AppRoleAssignments = append(out.AppRoleAssignments, AppRoleAssignment{
			ResourceID: t.IDOf(directory.SPRef(int(a.Resource))), AppRoleID: t.RoleID(a), Principal: PrincipalOf(t, a.Principal),
		})
	})
}

func truthRoles(t *directory.Tenant, out *Statement) {
	each(t, directory.KindRoleDefinition, func(i int, id string) {
		d := t.Roles[i]
		out.RoleDefinitions = append(out.RoleDefinitions, Role{ID: id, DisplayName: d.Name, BuiltIn: d.BuiltIn, Enabled: !d.Disabled})
	})
	each(t, directory.KindRoleAssignment, func(i int, _ string) {
		if !schema.OfPartner(t.Assignments[i].Principal) {
			out.RoleAssignments = append(out.RoleAssignments, truthRoleAssignment(t, directory.MakeRef(directory.KindRoleAssignment, i), t.Assignments[i]))
		}
	})
	truthPartners(t, out)
}

func comparePrincipals(a, b Principal) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
}

func compareEdges(a, b Edge) int {
	return cmp.Or(cmp.Compare(a.ObjectID, b.ObjectID), comparePrincipals(a.Principal, b.Principal))
}

func compareAccess(a, b Access) int {
	return cmp.Or(cmp.Compare(a.ObjectID, b.ObjectID), cmp.Compare(a.RoleID, b.RoleID))
}

func (t *Statement) sort() {
	t.sortApplications()
	t.sortLicenses()
	slices.SortFunc(t.Users, func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.Groups, func(a, b Group) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.ServicePrincipals, func(a, b ServicePrincipal) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.RoleDefinitions, func(a, b Role) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.AppRoleAssignments, func(a, b AppRoleAssignment) int {
		return cmp.Or(cmp.Compare(a.ResourceID, b.ResourceID), cmp.Compare(a.AppRoleID, b.AppRoleID), comparePrincipals(a.Principal, b.Principal))
	})
	slices.SortFunc(t.RoleAssignments, compareRoleAssignments)
	slices.SortFunc(t.PartnerRoleAssignments, func(a, b PartnerRole) int { return cmp.Compare(a.PrincipalID, b.PrincipalID) })
	for _, edges := range [][]Edge{t.Members, t.GroupOwners, t.ApplicationOwners} {
		slices.SortFunc(edges, compareEdges)
	}
	for _, access := range [][]Access{t.EffectiveMembers, t.EffectiveRoles, t.EffectiveAppRoles} {
		slices.SortFunc(access, compareAccess)
	}
}
