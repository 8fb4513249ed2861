package graph

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// InheritablePermission says which of the permissions that a blueprint of agents was
// given at one resource its agents have too, without one of their own
// (https://learn.microsoft.com/graph/api/resources/inheritablepermission).
type InheritablePermission struct {
	// ResourceAppID is the resource's appId.
	ResourceAppID     string       `json:"resourceAppId"`
	InheritableScopes *Inheritance `json:"inheritableScopes"`
	// InheritableRoles are nil where Graph does not tell: v1.0's schema does not have
	// them, but what sets them is documented for v1.0
	// (https://learn.microsoft.com/entra/agent-id/configure-inheritable-permissions-blueprints).
	InheritableRoles *Inheritance `json:"inheritableRoles"`
}

// Inheritance is a set of scopes or of app roles.
type Inheritance struct {
	// Kind is InheritAll, InheritListed or "none"; Microsoft may add others.
	Kind   string   `json:"kind"`
	Scopes []string `json:"scopes"`
}

// The kinds of inheritance.
const (
	InheritAll    = "allAllowed"
	InheritListed = "enumerated"
	InheritNone   = "none"
)

// Known reports whether this build knows what the set has.
func (i *Inheritance) Known() bool {
	return i != nil && (i.Kind == InheritAll || i.Kind == InheritListed || i.Kind == InheritNone)
}

// ScopesOf are those of some scopes that are inherited.
func (i *Inheritance) ScopesOf(given []string) []string {
	if i == nil {
		return nil
	}
	var found []string
	for _, scope := range given {
		listed := false
		for _, s := range i.Scopes {
			listed = listed || strings.EqualFold(s, scope)
		}
		if i.Kind == InheritAll || i.Kind == InheritListed && listed {
			found = append(found, scope)
		}
	}
	return found
}

// InheritablePermissionsRef is the listing of what the agents of a blueprint inherit, as
// InheritablePermission; registrationID is the object id of the blueprint, which is an
// app registration. Permission: AgentIdentityBlueprint.Read.All, or Application.Read.All
// (https://learn.microsoft.com/graph/api/agentidentityblueprint-list-inheritablepermissions).
func InheritablePermissionsRef(registrationID string) string {
	return sending.ObjectPath("applications", registrationID, strings.TrimPrefix(TypeAgentIdentityBlueprint, "#")+"/inheritablePermissions")
}

// RegistrationRef is the app registration of an appId; no row where it is at home in
// another tenant.
func RegistrationRef(appID string) string {
	return sending.Query{Path: "/applications", Fields: []string{"id"}, Filter: sending.AnyOf("appId", appID)}.String()
}
