package graphsim

import (
	"cmp"
	"slices"
)

// Truth is the directory in Entra's terms, for a test to compare a snapshot with. Every list is sorted.
type Truth struct {
	TenantID           string                   `json:"tenantId"`
	Users              []TruthUser              `json:"users"`
	Groups             []TruthGroup             `json:"groups"`
	Members            []TruthEdge              `json:"members"`
	GroupOwners        []TruthEdge              `json:"groupOwners"`
	ServicePrincipals  []TruthServicePrincipal  `json:"servicePrincipals"`
	ApplicationOwners  []TruthEdge              `json:"applicationOwners"`
	AppRoleAssignments []TruthAppRoleAssignment `json:"appRoleAssignments"`
	RoleDefinitions    []TruthRole              `json:"roleDefinitions"`
	RoleAssignments    []TruthRoleAssignment    `json:"roleAssignments"`
	EffectiveMembers   []TruthAccess            `json:"effectiveMembers"`
	EffectiveRoles     []TruthAccess            `json:"effectiveRoles"`
	EffectiveAppRoles  []TruthAccess            `json:"effectiveAppRoles"`

	PartnerRoleAssignments []TruthPartnerRole `json:"partnerRoleAssignments"` // Held by principals of other tenants, and not among the others.

	AdministrativeUnits         []TruthUnit              `json:"administrativeUnits"`
	UnitMembers                 []TruthEdge              `json:"unitMembers"` // Of units; a group's members are not in its unit.
	RoleEligibilities           []TruthRoleAssignment    `json:"roleEligibilities"`
	GroupEligibilities          []TruthGroupEligibility  `json:"groupEligibilities"`
	Devices                     []TruthDevice            `json:"devices"`
	DeviceOwners                []TruthEdge              `json:"deviceOwners"`
	DeletedUsers                []TruthUser              `json:"deletedUsers"`
	Sponsors                    []TruthEdge              `json:"sponsors"`             // Of service principals that are agents.
	EffectiveScopedRoles        []TruthAccess            `json:"effectiveScopedRoles"` // Of "<role id>@<scope object id>".
	EffectiveEligible           []TruthAccess            `json:"effectiveEligible"`    // Of a role id, or of the same with its scope.
	EffectiveGroupEligibilities []TruthAccess            `json:"effectiveGroupEligibilities"`
	Applications                []TruthApplication       `json:"applications"`
	RegistrationOwners          []TruthEdge              `json:"registrationOwners"` // ObjectID is the registration's.
	Credentials                 []TruthCredential        `json:"credentials"`
	Consents                    []TruthConsent           `json:"consents"`
	Licenses                    []TruthLicense           `json:"licenses"`
	LicenseAssignments          []TruthLicenseAssignment `json:"licenseAssignments"`
	EffectiveLicenses           []TruthAccess            `json:"effectiveLicenses"` // ObjectID is the SKU's.
}

// TruthUser is a user.
type TruthUser struct {
	ID             string   `json:"id"`
	UPN            string   `json:"userPrincipalName"`
	DisplayName    string   `json:"displayName"`
	Mail           string   `json:"mail"`
	Enabled        bool     `json:"accountEnabled"`
	UserType       string   `json:"userType"`
	Agent          bool     `json:"agent"`
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
	Identities          []TruthIdentity   `json:"identities"`
}

// TruthGroup is a group.
type TruthGroup struct {
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
}

// TruthPrincipal is anything that can be a member, an owner or a holder. Type is user, group, servicePrincipal,
// device or orgContact.
type TruthPrincipal struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// TruthEdge is a direct membership or ownership.
type TruthEdge struct {
	ObjectID  string         `json:"objectId"` // The group or service principal.
	Principal TruthPrincipal `json:"principal"`
}

// TruthServicePrincipal is a service principal. Kind is application, managed_identity or agent_identity.
type TruthServicePrincipal struct {
	ID                string         `json:"id"`
	AppID             string         `json:"appId"`
	DisplayName       string         `json:"displayName"`
	Kind              string         `json:"kind"`
	Enabled           bool           `json:"accountEnabled"`
	OwnerTenant       string         `json:"appOwnerOrganizationId"`
	AssignmentNeeded  bool           `json:"appRoleAssignmentRequired"`
	AlternativeNames  []string       `json:"alternativeNames"`
	AppRoles          []TruthAppRole `json:"appRoles"`
	DefaultAccessOnly bool           `json:"defaultAccessOnly"` // It has no app roles.
}

// TruthAppRole is an app role.
type TruthAppRole struct {
	ID      string `json:"id"`
	Value   string `json:"value"`
	Enabled bool   `json:"isEnabled"`
}

// TruthAppRoleAssignment is a direct app role assignment; the all-zero role is default access.
type TruthAppRoleAssignment struct {
	ResourceID string         `json:"resourceId"`
	AppRoleID  string         `json:"appRoleId"`
	Principal  TruthPrincipal `json:"principal"`
}

// TruthRole is a directory role.
type TruthRole struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	BuiltIn     bool   `json:"isBuiltIn"`
	Enabled     bool   `json:"isEnabled"`
}

// TruthRoleAssignment is a direct role assignment or eligibility. Principal.Type is empty when the principal is gone.
// ScopeType is administrativeUnit, application, servicePrincipal, group or device, and empty for the whole
// tenant and where the scope is gone.
type TruthRoleAssignment struct {
	RoleID    string         `json:"roleDefinitionId"`
	Scope     string         `json:"directoryScopeId"`
	Principal TruthPrincipal `json:"principal"`

	ScopeType      string `json:"scopeType"`
	ScopeObjectID  string `json:"scopeObjectId"`
	AssignmentType string `json:"assignmentType"` // One of Assigned and Activated.
	Start          string `json:"startDateTime"`
	End            string `json:"endDateTime"`
}

// TruthAccess is who has something in effect. RoleID is set for app roles, and for eligibilities of groups: member or
// owner.
type TruthAccess struct {
	ObjectID   string           `json:"objectId"`
	RoleID     string           `json:"roleId,omitempty"`
	Principals []TruthPrincipal `json:"principals"`
}

// Truth states the whole directory. For a large tenant, use the Each methods, which hold one item at a time.
func (t *Tenant) Truth() Truth {
	out := Truth{TenantID: t.TenantID()}
	t.mu.RLock()
	defer t.mu.RUnlock()
	t.truthUsers(&out)
	t.truthGroups(&out)
	t.truthServicePrincipals(&out)
	t.truthRoles(&out)
	t.truthApplications(&out)
	t.truthLicenses(&out)
	t.eachMemberSet(func(a TruthAccess) bool { out.EffectiveMembers = append(out.EffectiveMembers, a); return true })
	t.eachRoleHolder(func(a TruthAccess) bool { out.EffectiveRoles = append(out.EffectiveRoles, a); return true })
	t.eachAppRoleHolder(func(a TruthAccess) bool { out.EffectiveAppRoles = append(out.EffectiveAppRoles, a); return true })
	t.truthDirectory(&out)
	out.sort()
	out.sortDirectory()
	return out
}

func (t *Tenant) each(k Kind, visit func(i int, id string)) {
	for i := range t.count(k) {
		if r := makeRef(k, i); t.live(r) {
			visit(i, t.id(r))
		}
	}
}

func (t *Tenant) truthPrincipal(r Ref) TruthPrincipal {
	return TruthPrincipal{Type: t.model.of(r.Kind()).name, ID: t.id(r)}
}

func (t *Tenant) truthUsers(out *Truth) {
	t.each(KindUser, func(i int, _ string) { out.Users = append(out.Users, t.truthUser(i)) })
}

func (t *Tenant) truthUser(i int) TruthUser {
	u := TruthUser{
		ID: t.id(userRef(i)), UPN: t.userSignInName(i), DisplayName: t.textOf(userRef(i), "displayName"), Mail: t.textOf(userRef(i), "mail"),
		Enabled: t.enabled(i), UserType: t.textOf(userRef(i), "userType"), Agent: userDerivedType(t, i) == agentUserType,
		Synced: t.flagOf(userRef(i), "onPremisesSyncEnabled"), EmployeeID: t.textOf(userRef(i), "employeeId"),
		ProxyAddresses: t.listOf(userRef(i), "proxyAddresses"), OtherMails: t.listOf(userRef(i), "otherMails"),
	}
	if m, ok := t.manager(i); ok {
		u.ManagerID = t.id(m)
	}
	t.truthPerson(&u, i)
	return u
}

func (t *Tenant) truthGroups(out *Truth) {
	t.each(KindGroup, func(i int, id string) {
		f := t.groups[i].flags
		out.Groups = append(out.Groups, TruthGroup{
			ID: id, DisplayName: t.groupName(i), Description: t.textOf(groupRef(i), "description"), Dynamic: f&groupDynamic != 0, Synced: f&groupSynced != 0,
			ExchangeManaged: f.exchangeManaged(), Unified: f&groupUnified != 0, RoleAssignable: f&groupRoleAssignable != 0,
			Hidden: f&groupHidden != 0, OwnersReadable: f.ownersReadable(),
		})
		out.Members = t.appendEdges(out.Members, id, t.groups[i].members)
		out.GroupOwners = t.appendEdges(out.GroupOwners, id, t.groups[i].owners)
	})
}

func (t *Tenant) appendEdges(edges []TruthEdge, id string, ends []Ref) []TruthEdge {
	for _, r := range ends {
		if t.live(r) {
			edges = append(edges, TruthEdge{ObjectID: id, Principal: t.truthPrincipal(r)})
		}
	}
	return edges
}

func (k spKind) truth() string {
	switch k {
	case spManagedIdentity:
		return "managed_identity"
	case spAgentIdentity, spAgentBlueprint:
		return "agent_identity"
	default:
		return "application"
	}
}

func (t *Tenant) truthServicePrincipals(out *Truth) {
	t.each(KindServicePrincipal, func(i int, id string) {
		s := t.sps[i]
		row := TruthServicePrincipal{
			ID: id, AppID: t.appID(i), DisplayName: t.spName(i), Kind: s.kind.truth(), Enabled: !s.disabled, OwnerTenant: t.spOwnerTenant(i),
			AssignmentNeeded: s.assignmentRequired, AlternativeNames: t.spAlternativeNames(i), DefaultAccessOnly: len(s.roles) == 0,
		}
		for _, r := range s.roles {
			row.AppRoles = append(row.AppRoles, TruthAppRole{ID: r.id.String(), Value: r.value, Enabled: !r.disabled})
		}
		out.ServicePrincipals = append(out.ServicePrincipals, row)
		out.ApplicationOwners = t.appendEdges(out.ApplicationOwners, id, s.owners)
	})
	t.each(KindAppRoleAssignment, func(i int, _ string) {
		a := t.appAssigned[i]
		out.AppRoleAssignments = append(out.AppRoleAssignments, TruthAppRoleAssignment{
			ResourceID: t.id(spRef(int(a.resource))), AppRoleID: t.roleID(a), Principal: t.truthPrincipal(a.principal),
		})
	})
}

func (t *Tenant) truthRoles(out *Truth) {
	t.each(KindRoleDefinition, func(i int, id string) {
		d := t.roles[i]
		out.RoleDefinitions = append(out.RoleDefinitions, TruthRole{ID: id, DisplayName: d.name, BuiltIn: d.builtIn, Enabled: !d.disabled})
	})
	t.each(KindRoleAssignment, func(i int, _ string) {
		if !ofPartner(t.assignments[i].principal) {
			out.RoleAssignments = append(out.RoleAssignments, t.truthRoleAssignment(makeRef(KindRoleAssignment, i), t.assignments[i]))
		}
	})
	t.truthPartners(out)
}

func comparePrincipals(a, b TruthPrincipal) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
}

func compareEdges(a, b TruthEdge) int {
	return cmp.Or(cmp.Compare(a.ObjectID, b.ObjectID), comparePrincipals(a.Principal, b.Principal))
}

func compareAccess(a, b TruthAccess) int {
	return cmp.Or(cmp.Compare(a.ObjectID, b.ObjectID), cmp.Compare(a.RoleID, b.RoleID))
}

func (t *Truth) sort() {
	t.sortApplications()
	t.sortLicenses()
	slices.SortFunc(t.Users, func(a, b TruthUser) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.Groups, func(a, b TruthGroup) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.ServicePrincipals, func(a, b TruthServicePrincipal) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.RoleDefinitions, func(a, b TruthRole) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.AppRoleAssignments, func(a, b TruthAppRoleAssignment) int {
		return cmp.Or(cmp.Compare(a.ResourceID, b.ResourceID), cmp.Compare(a.AppRoleID, b.AppRoleID), comparePrincipals(a.Principal, b.Principal))
	})
	slices.SortFunc(t.RoleAssignments, compareRoleAssignments)
	slices.SortFunc(t.PartnerRoleAssignments, func(a, b TruthPartnerRole) int { return cmp.Compare(a.PrincipalID, b.PrincipalID) })
	for _, edges := range [][]TruthEdge{t.Members, t.GroupOwners, t.ApplicationOwners} {
		slices.SortFunc(edges, compareEdges)
	}
	for _, access := range [][]TruthAccess{t.EffectiveMembers, t.EffectiveRoles, t.EffectiveAppRoles} {
		slices.SortFunc(access, compareAccess)
	}
}
