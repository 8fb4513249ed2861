package directory

import (
	"encoding/base64"
	"slices"
)

// appRoleAssignmentID is not a GUID in Graph: it is url-safe base64 that starts with the principal's id.
func (t *Tenant) appRoleAssignmentID(i int) string {
	principal := t.GUIDOf(t.AppAssigned[i].Principal)
	own := t.GUIDOf(MakeRef(KindAppRoleAssignment, i))
	return base64.RawURLEncoding.EncodeToString(append(principal[:], own[:]...))
}

// RoleAssignmentID is url-safe base64 with a suffix, as unifiedRoleAssignment ids are.
func (t *Tenant) RoleAssignmentID(i int) string {
	role := t.Roles[t.Assignments[i].Role].ID
	own := t.GUIDOf(MakeRef(KindRoleAssignment, i))
	return base64.RawURLEncoding.EncodeToString(append(role[:], own[:]...)) + "-1"
}

// PrincipalID is the id of who holds a role assignment, who may be gone.
func (t *Tenant) PrincipalID(a RoleAssignment) string {
	if a.Principal == 0 {
		return a.Orphan.String()
	}
	return t.IDOf(a.Principal)
}

// ScopeID is a directoryScopeId: a slash for the whole tenant.
func (t *Tenant) ScopeID(scope Ref) string {
	switch {
	case scope == 0:
		return "/"
	case scope.Kind() == KindAdministrativeUnit:
		return "/administrativeUnits/" + t.IDOf(scope)
	case IsAttributeSet(scope):
		return "/attributeSets/" + AttributeSetName(scope)
	case scope == AppScope:
		return ""
	default:
		return "/" + t.IDOf(scope)
	}
}

// firstAttributeSet keeps attribute sets, which are no directory objects, apart from what else has no kind of its own.
const firstAttributeSet = 2_000_000

var attributeSetNames = []string{"Engineering", "Marketing2026"}

// AttributeSet is the scope of a role at a set of custom security attributes.
func AttributeSet(n int) Ref { return MakeRef(KindMisc, firstAttributeSet+n) }

// IsAttributeSet is whether a scope is one.
func IsAttributeSet(r Ref) bool { return r.Kind() == KindMisc && r.Index() >= firstAttributeSet }

// AttributeSetName is what a set is known by.
func AttributeSetName(r Ref) string { return attributeSetNames[r.Index()-firstAttributeSet] }

// AppScope is a scope that only an application knows. It is no part of the directory: there it does not exist.
const AppScope = Ref(KindMisc)<<kindShift | (firstAttributeSet - 1)

// AppScopeID is an appScopeId, and empty for a scope in the directory.
func AppScopeID(scope Ref) string {
	if scope == AppScope {
		return "/Region/North"
	}
	return ""
}

// RoleID is the appRoleId of an assignment: all zeros for default access.
func (t *Tenant) RoleID(a AppRoleAssignment) string {
	if a.Role == DefaultAccess {
		return DefaultAppRoleID
	}
	return t.SPs[a.Resource].Roles[a.Role].ID.String()
}

// ConsentID is url-safe base64 of the ends, as Graph's are: upper and lower case matter.
func (t *Tenant) ConsentID(i int) string {
	g := t.Consents[i]
	client, resource := t.GUIDOf(SPRef(g.Client)), t.GUIDOf(SPRef(g.Resource))
	raw := slices.Concat(client[:], resource[:])
	if g.Principal != 0 {
		user := t.GUIDOf(g.Principal)
		raw = append(raw, user[:]...)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// GroupOrigin is the direct row a row stands for.
func (t *Tenant) GroupOrigin(k Kind, i int) Ref {
	return MakeRef(k, int(t.GroupSchedules(k).Rows[i].Of))
}

// GroupScheduleID has the form of privilegedAccessGroup ids: group, access and a part of its own.
func (t *Tenant) GroupScheduleID(r Ref) string {
	row := t.GroupSchedules(r.Kind()).Rows[r.Index()]
	return t.IDOf(GroupRef(int(row.Group))) + "_" + row.Access() + "_" + t.GUIDOf(r).String()
}

const (
	MailDomain    = "contoso.com"
	PartnerDomain = "partner.example"
)

// firstScheduleRole is where the ids begin that Privileged Identity Management has for custom roles, among the ids of
// nothing else.
const firstScheduleRole = 60_000

// ScheduleRoleID is the id that the rows of Privileged Identity Management have for a role: of a custom one it is another
// than that of its definition.
func (t *Tenant) ScheduleRoleID(role int) GUID {
	if t.Roles[role].BuiltIn || !t.Quirks.Has(QuirkScheduleRoleIDs) {
		return t.Roles[role].ID
	}
	return t.GUIDOf(MakeRef(KindMisc, firstScheduleRole+role))
}

// instanceID has the form of unifiedRoleScheduleInstanceBase ids. An active assignment keeps its own.
func (t *Tenant) instanceID(r Ref) string {
	row, of := t.Instance(r.Kind(), r.Index())
	s := t.ScheduleOf(r.Kind())
	if s.Origin == KindRoleAssignment && row.Member == 0 {
		return t.RoleAssignmentID(int(row.Of))
	}
	role, own := t.Roles[of.Role].ID, t.GUIDOf(r)
	return base64.RawURLEncoding.EncodeToString(append(role[:], own[:]...)) + s.suffix
}

// IDOf is the id of an object. Role definitions have Microsoft's own ids.
func (t *Tenant) IDOf(r Ref) string {
	switch r.Kind() {
	case KindRoleDefinition:
		return t.Roles[r.Index()].ID.String()
	case KindAppRoleAssignment:
		return t.appRoleAssignmentID(r.Index())
	case KindRoleAssignment:
		return t.RoleAssignmentID(r.Index())
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance:
		return t.instanceID(r)
	case KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		return t.GroupScheduleID(r)
	case KindConsent:
		return t.ConsentID(r.Index())
	case KindSubscribedSku:
		return t.AccountOf(r.Index()) + "_" + Skus[SkuOf(r.Index())].ID
	case KindRegistrationDetails, KindRiskyUser:
		return t.IDOf(UserRef(r.Index()))
	case KindDirectoryAudit:
		return t.Logs.Audits[r.Index()].ID
	case KindSignIn:
		return t.Logs.SignIns[r.Index()].ID
	default:
		return t.GUIDOf(r).String()
	}
}

// ID is the id of the nth object of a kind, for tests that need one.
func (t *Tenant) ID(k Kind, n int) string {
	t.RLock()
	defer t.RUnlock()
	return t.IDOf(MakeRef(k, n))
}

// TenantID is the directory's id.
func (t *Tenant) TenantID() string { return t.GUIDOf(MakeRef(KindOrganization, 0)).String() }

// Domain is the tenant's initial domain.
func (t *Tenant) Domain() string { return "contoso.onmicrosoft.com" }

// SkuOf is the product of a subscribed one: the row after the last is the other subscription of the first.
func SkuOf(i int) int { return i % len(Skus) }

// AccountOf is the account a product was bought by.
func (t *Tenant) AccountOf(i int) string {
	if i >= len(Skus) {
		return t.GUIDOf(MakeRef(KindMisc, 3)).String()
	}
	return t.TenantID()
}
