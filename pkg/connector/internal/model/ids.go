// Package model has the words of the snapshot: ids, types and slugs, the names of
// data sets, links, grants, and errors with the codes that the SDK acts on. It makes
// one thing of one object and asks nobody; it must not know a sync, a page token or
// a decision.
package model

import (
	"regexp"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Resource type ids. They are part of the snapshot's contract and never change.
const (
	TypeTenant             = "tenant"
	TypeUser               = "user"
	TypeGroup              = "group"
	TypeRole               = "role"
	TypeScopedRole         = "scoped_role"
	TypeApplication        = "application"
	TypeManagedIdentity    = "managed_identity"
	TypeAgentIdentity      = "agent_identity"
	TypeAppRegistration    = "app_registration"
	TypeCredential         = "credential"
	TypeAdministrativeUnit = "administrative_unit"
	TypeLicense            = "license"
	TypeConsent            = "consent"
	TypeDevice             = "device"
	TypeUserRisk           = "user_risk"
	TypePartnerPrincipal   = "partner_principal"
	TypePackageCatalog     = "access_package_catalog"
	TypeAccessPackage      = "access_package"
	TypeChannel            = "channel"
	// TypeAttributeSet is what a role can be scoped to; no resource is of it.
	TypeAttributeSet = "attribute_set"
)

// Entitlement slugs. They are part of the snapshot's contract and never change.
// An application's roles use the app role's id as their slug, and an access package's
// policies that of the policy.
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
	// Of a catalogue of access packages, which has owners too.
	SlugReader            = "reader"
	SlugPackageManager    = "access_package_manager"
	SlugAssignmentManager = "assignment_manager"
)

// ResourceConsentSlug is the slug of a permission that an application can have in one
// group alone, such as "application.TeamSettings.Read.Group".
func ResourceConsentSlug(kind, permission string) string {
	return strings.ToLower(kind) + "." + permission
}

// IsResourceConsent reports whether a slug of a group is one of those.
func IsResourceConsent(slug string) bool { return strings.Contains(slug, ".") }

// IdentityTypes are the principals that sign in: people, and what service
// principals stand for. Expansion carries them from a group to the roles and app
// roles that the group holds. Groups are left out: a group is not
// itself somebody who uses the access. Devices are too: none of that can be
// theirs.
var IdentityTypes = []string{TypeUser, TypeApplication, TypeManagedIdentity, TypeAgentIdentity}

// MemberTypes are what nesting carries from a group to the groups it is in.
var MemberTypes = append([]string{TypeDevice}, IdentityTypes...)

// ServicePrincipalTypes are the resource types that service principals are
// split into.
var ServicePrincipalTypes = []string{TypeApplication, TypeManagedIdentity, TypeAgentIdentity}

// ObjectID is an Entra object id in the one spelling that the snapshot uses.
func ObjectID(id string) string { return strings.ToLower(id) }

// ScopedRoleID is the id of a role held in a part of the directory.
func ScopedRoleID(definition, scope string) string { return definition + "@" + scope }

// ChannelID is the id of a channel: its own, which has colons, after that of its team.
func ChannelID(team, channel string) string { return team + ":" + channel }

// SplitChannelID is the team and the channel that an id names, and whether it can be one.
func SplitChannelID(id string) (string, string, bool) {
	team, channel, _ := strings.Cut(id, ":")
	team = ObjectID(team)
	return team, channel, ObjectIDForm.MatchString(team) && channelForm.MatchString(channel)
}

// CredentialID is the id of a credential: its key's, which is unique within its
// owner only. Of a credential without one see credentialOwner.keyOf.
func CredentialID(owner, key string) string { return owner + ":" + ObjectID(key) }

func ResourceID(resourceType, id string) *v2.ResourceId {
	return v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build()
}

// ResourceRef is a resource with nothing but its id, as grants refer to it.
func ResourceRef(resourceType, id string) *v2.Resource {
	return v2.Resource_builder{Id: ResourceID(resourceType, id)}.Build()
}

// EntitlementID is the id that baton-sdk's entitlement package builds.
func EntitlementID(resourceType, id, slug string) string {
	return resourceType + ":" + id + ":" + slug
}

// AppRoleSlug is the slug of an application's role.
func AppRoleSlug(appRoleID string) string {
	if appRoleID == graph.DefaultAccessRoleID {
		return SlugDefaultAccess
	}
	return ObjectID(appRoleID)
}

// ServicePrincipalType is the resource type of a service principal.
func ServicePrincipalType(kind graph.ServicePrincipalKind) string {
	switch kind {
	case graph.ServicePrincipalManagedIdentity:
		return TypeManagedIdentity
	case graph.ServicePrincipalAgentIdentity:
		return TypeAgentIdentity
	default:
		return TypeApplication
	}
}

// EntitlementByID is the entitlement that an id stands for, with nothing but
// its ids.
func EntitlementByID(id string) *v2.Entitlement {
	resourceType, rest, _ := strings.Cut(id, ":")
	at := strings.LastIndexByte(rest, ':')
	return EntitlementOf(resourceType, rest[:max(at, 0)], rest[at+1:])
}

const GUIDForm = `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`

func Malformed(id *v2.ResourceId, form string) error {
	return status.Errorf(codes.InvalidArgument, "%s%q is not the id of a resource of type %s, which is %s", ErrorPrefix, id.GetResource(), id.GetResourceType(), form)
}

// CheckedObjectID is the id of a directory object in the snapshot's spelling.
func CheckedObjectID(id *v2.ResourceId) (string, error) {
	checked := ObjectID(id.GetResource())
	if !ObjectIDForm.MatchString(checked) {
		return "", Malformed(id, "a GUID")
	}
	return checked, nil
}

// NotThere says that a resource is not in the snapshot, because it does not
// exist, is of another type, or is left out on purpose.
func NotThere(id *v2.ResourceId, why string) error {
	return status.Errorf(codes.NotFound, "%s%s %s %s", ErrorPrefix, id.GetResourceType(), id.GetResource(), why)
}

// ObjectIDForm is the form of the ids of directory objects. What does not have the
// form of its type was never given by this connector, and is not sent to Graph.
var ObjectIDForm = regexp.MustCompile(`^` + GUIDForm + `$`)

// ScopedRoleIDForm is the form of the ids of scoped roles.
var ScopedRoleIDForm = regexp.MustCompile(`^(` + GUIDForm + `)@(` + GUIDForm + `|` + attributeSetForm + `)$`)

const attributeSetForm = `[0-9a-z]{1,32}`

// AttributeSetForm is the form of the names of attribute sets, in lower case
// (https://learn.microsoft.com/graph/api/directory-post-attributesets).
var AttributeSetForm = regexp.MustCompile(`^` + attributeSetForm + `$`)

// CredentialIDForm is the form of the ids of credentials.
var CredentialIDForm = regexp.MustCompile(`^(` + GUIDForm + `):(` + GUIDForm + `|` + UnnamedKey + `[0-9a-f]{16})$`)

// channelForm is the form of the ids of channels, such as "19:4b6bed8d24574f6a9e436813cb2617d8@thread.tacv2".
var channelForm = regexp.MustCompile(`^[0-9A-Za-z:@._=-]{1,256}$`)

// ConsentIDForm is the form of the ids of consents.
var ConsentIDForm = regexp.MustCompile(`^[0-9A-Za-z_-]{1,256}$`)

// UnnamedKey begins the key of a credential that Graph gives no id of: old ones
// have none. It is made of what else is known of the credential, and stays the
// same for as long as that does.
const UnnamedKey = "unnamed-"
