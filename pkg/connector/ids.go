package connector

import (
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Resource type ids. They are part of the snapshot's contract and never change.
const (
	typeUser        = "user"
	typeGroup       = "group"
	typeRole        = "role"
	typeApplication = "application"
)

// Entitlement slugs. They are part of the snapshot's contract and never change.
// An application's roles use the app role's id as their slug.
const (
	slugMember        = "member"
	slugOwner         = "owner"
	slugAssigned      = "assigned"
	slugDefaultAccess = "default_access"
)

// leafTypes are the principals that expansion carries from a group to what the
// group gives access to. Groups are left out: nesting reaches through them, and
// a group is not itself somebody who uses the access.
var leafTypes = []string{typeUser, typeApplication}

// objectID is an Entra object id in the one spelling that the snapshot uses.
func objectID(id string) string { return strings.ToLower(id) }

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

// servicePrincipalType is the resource type of a service principal of this
// kind, and whether such resources are synced.
func servicePrincipalType(kind graph.ServicePrincipalKind) (string, bool) {
	if kind == graph.ServicePrincipalApplication {
		return typeApplication, true
	}
	return "", false
}
