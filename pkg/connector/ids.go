package connector

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
	typeUser               = "user"
	typeGroup              = "group"
	typeRole               = "role"
	typeScopedRole         = "scoped_role"
	typeApplication        = "application"
	typeManagedIdentity    = "managed_identity"
	typeAgentIdentity      = "agent_identity"
	typeAppRegistration    = "app_registration"
	typeCredential         = "credential"
	typeAdministrativeUnit = "administrative_unit"
	typeLicense            = "license"
	typeConsent            = "consent"
	typeDevice             = "device"
	typeUserRisk           = "user_risk"
)

// Entitlement slugs. They are part of the snapshot's contract and never change.
// An application's roles use the app role's id as their slug.
const (
	slugMember         = "member"
	slugOwner          = "owner"
	slugEligibleMember = "eligible_member"
	slugEligibleOwner  = "eligible_owner"
	slugAssigned       = "assigned"
	slugEligible       = "eligible"
	slugDefaultAccess  = "default_access"
	slugSponsor        = "sponsor"
	slugGranted        = "granted"
)

// identityTypes are the principals that sign in: people, and what service
// principals stand for. Expansion carries them from a group to the roles and app
// roles that the group holds. Groups are left out: a group is not
// itself somebody who uses the access. Devices are too: none of that can be
// theirs.
var identityTypes = []string{typeUser, typeApplication, typeManagedIdentity, typeAgentIdentity}

// memberTypes are what nesting carries from a group to the groups it is in.
var memberTypes = append([]string{typeDevice}, identityTypes...)

// servicePrincipalTypes are the resource types that service principals are
// split into.
var servicePrincipalTypes = []string{typeApplication, typeManagedIdentity, typeAgentIdentity}

// objectID is an Entra object id in the one spelling that the snapshot uses.
func objectID(id string) string { return strings.ToLower(id) }

// scopedRoleID is the id of a role held in a part of the directory.
func scopedRoleID(definition, scope string) string { return definition + "@" + scope }

// credentialID is the id of a credential: its key's, which is unique within its
// owner only. Of a credential without one see credentialOwner.keyOf.
func credentialID(owner, key string) string { return owner + ":" + objectID(key) }

func resourceID(resourceType, id string) *v2.ResourceId {
	return v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build()
}

// resourceRef is a resource with nothing but its id, as grants refer to it.
func resourceRef(resourceType, id string) *v2.Resource {
	return v2.Resource_builder{Id: resourceID(resourceType, id)}.Build()
}

// entitlementID is the id that baton-sdk's entitlement package builds.
func entitlementID(resourceType, id, slug string) string {
	return resourceType + ":" + id + ":" + slug
}

// appRoleSlug is the slug of an application's role.
func appRoleSlug(appRoleID string) string {
	if appRoleID == graph.DefaultAccessRoleID {
		return slugDefaultAccess
	}
	return objectID(appRoleID)
}

// servicePrincipalType is the resource type of a service principal.
func servicePrincipalType(kind graph.ServicePrincipalKind) string {
	switch kind {
	case graph.ServicePrincipalManagedIdentity:
		return typeManagedIdentity
	case graph.ServicePrincipalAgentIdentity:
		return typeAgentIdentity
	default:
		return typeApplication
	}
}

// entitlementByID is the entitlement that an id stands for, with nothing but
// its ids.
func entitlementByID(id string) *v2.Entitlement {
	resourceType, rest, _ := strings.Cut(id, ":")
	at := strings.LastIndexByte(rest, ':')
	return entitlementOf(resourceType, rest[:max(at, 0)], rest[at+1:])
}

const guidForm = `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`

func malformed(id *v2.ResourceId, form string) error {
	return status.Errorf(codes.InvalidArgument, "%s%q is not the id of a resource of type %s, which is %s", errorPrefix, id.GetResource(), id.GetResourceType(), form)
}

// checkedObjectID is the id of a directory object in the snapshot's spelling.
func checkedObjectID(id *v2.ResourceId) (string, error) {
	checked := objectID(id.GetResource())
	if !objectIDForm.MatchString(checked) {
		return "", malformed(id, "a GUID")
	}
	return checked, nil
}

// notThere says that a resource is not in the snapshot, because it does not
// exist, is of another type, or is left out on purpose.
func notThere(id *v2.ResourceId, why string) error {
	return status.Errorf(codes.NotFound, "%s%s %s %s", errorPrefix, id.GetResourceType(), id.GetResource(), why)
}

// objectIDForm is the form of the ids of directory objects. What does not have the
// form of its type was never given by this connector, and is not sent to Graph.
var objectIDForm = regexp.MustCompile(`^` + guidForm + `$`)

// scopedRoleIDForm is the form of the ids of scoped roles.
var scopedRoleIDForm = regexp.MustCompile(`^(` + guidForm + `)@(` + guidForm + `)$`)

// credentialIDForm is the form of the ids of credentials.
var credentialIDForm = regexp.MustCompile(`^(` + guidForm + `):(` + guidForm + `|` + unnamedKey + `[0-9a-f]{16})$`)

// consentIDForm is the form of the ids of consents.
var consentIDForm = regexp.MustCompile(`^[0-9A-Za-z_-]{1,256}$`)

// unnamedKey begins the key of a credential that Graph gives no id of: old ones
// have none. It is made of what else is known of the credential, and stays the
// same for as long as that does.
const unnamedKey = "unnamed-"
