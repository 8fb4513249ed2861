// Package access reads a snapshot as people ask about it: objects with names, who
// holds what, through which groups, since and until when, and what the snapshot
// itself says it does not know. It looks things up one by one, so that a question
// about a few objects costs little in a tenant of any size.
//
// It knows the data model of docs/data-model.md and nothing of how a tenant is read:
// whoever has the file has all that it needs.
package access

// The resource types of the data model that have a meaning here.
const (
	TypeTenant          = "tenant"
	TypeUser            = "user"
	TypeGroup           = "group"
	TypeRole            = "role"
	TypeScopedRole      = "scoped_role"
	TypeUnit            = "administrative_unit"
	TypeApplication     = "application"
	TypeManagedIdentity = "managed_identity"
	TypeAgentIdentity   = "agent_identity"
	TypeRegistration    = "app_registration"
	TypeCredential      = "credential"
	TypeLicense         = "license"
	TypeConsent         = "consent"
	TypeDevice          = "device"
	TypeRisk            = "user_risk"
	TypePartner         = "partner_principal"
	TypePackage         = "access_package"
	TypePackageCatalog  = "access_package_catalog"
	TypeChannel         = "channel"
)

// The slugs of its entitlements. An application's roles have their ids as slugs.
const (
	SlugMember         = "member"
	SlugOwner          = "owner"
	SlugEligibleMember = "eligible_member"
	SlugEligibleOwner  = "eligible_owner"
	SlugAssigned       = "assigned"
	SlugEligible       = "eligible"
	SlugDefaultAccess  = "default_access"
	SlugSponsor        = "sponsor"
	SlugAgent          = "agent"
	SlugGranted        = "granted"
	// Of catalogues of access packages, which have owners too. A package's policies have
	// their ids as slugs.
	SlugPackageManager    = "access_package_manager"
	SlugAssignmentManager = "assignment_manager"
)

// typeNames are what the types are called, in the order of reports.
var typeNames = []struct{ id, one, many string }{
	{TypeUser, "user", "users"},
	{TypeGroup, "group", "groups"},
	{TypeRole, "directory role", "directory roles"},
	{TypeScopedRole, "directory role at a scope", "directory roles at a scope"},
	{TypeUnit, "administrative unit", "administrative units"},
	{TypeApplication, "application", "applications"},
	{TypeManagedIdentity, "managed identity", "managed identities"},
	{TypeAgentIdentity, "agent identity", "agent identities"},
	{TypePartner, "principal of another tenant", "principals of other tenants"},
	{TypeRegistration, "app registration", "app registrations"},
	{TypeCredential, "credential", "credentials"},
	{TypeLicense, "licence", "licences"},
	{TypeConsent, "consent", "consents"},
	{TypePackage, "access package", "access packages"},
	{TypePackageCatalog, "catalogue of access packages", "catalogues of access packages"},
	{TypeChannel, "channel", "channels"},
	{TypeDevice, "device", "devices"},
	{TypeRisk, "risk of a user", "risks of users"},
	{TypeTenant, "tenant", "tenants"},
}

// TypeName is what a type is called; a type that is not of the data model is called
// by its id.
func TypeName(id string, many bool) string {
	for i := range typeNames {
		switch {
		case typeNames[i].id != id:
		case many:
			return typeNames[i].many
		default:
			return typeNames[i].one
		}
	}
	return id
}

// TypeIDs are the types of the data model in the order of reports.
func TypeIDs() []string {
	ids := make([]string, 0, len(typeNames))
	for i := range typeNames {
		ids = append(ids, typeNames[i].id)
	}
	return ids
}
