// Package agents is which blueprint an agent identity was made from, and which of the permissions of a blueprint's
// principal its agents inherit. It follows from the tenant and is not stored. It does not know how Graph shows it.
package agents

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// What a blueprint can say of the app roles, or of the scopes, of one resource.
const (
	All     = "allAllowed"
	Listed  = "enumerated"
	None    = "none"
	Strange = "kindOfTomorrow"
	Untold  = "" // The answer does not have it.
)

// Passed is what a blueprint says of one resource.
type Passed struct {
	Resource int // The resource's service principal.
	Roles    string
	Scopes   string
	List     []string // The scopes, where they are listed.
}

// BlueprintOf is the principal of the blueprint that an agent identity was made from.
func BlueprintOf(t *directory.Tenant, agent int) directory.Ref {
	h := t.Hash(directory.SPRef(agent), directory.SaltExtra)
	first := t.FirstSP(directory.SPAgentBlueprint)
	if directory.SPRef(agent) == t.FirstSP(directory.SPAgentIdentity) || h%3 == 0 {
		return first
	}
	var blueprints []directory.Ref
	for i := range t.SPs {
		if t.SPs[i].Kind == directory.SPAgentBlueprint {
			blueprints = append(blueprints, directory.SPRef(i))
		}
	}
	return blueprints[directory.Below(h>>8, len(blueprints))]
}

// NameOf is what an agent identity names its blueprint by: the appId, as documented, or the object id.
func NameOf(t *directory.Tenant, agent int) string {
	blueprint := BlueprintOf(t, agent)
	if agent%2 == 0 {
		return t.AppID(blueprint.Index())
	}
	return t.IDOf(blueprint)
}

// PassedBy is what a blueprint lets its agents inherit, by the blueprint's principal.
func PassedBy(t *directory.Tenant, blueprint int) []Passed {
	if directory.SPRef(blueprint) == t.FirstSP(directory.SPAgentBlueprint) {
		return []Passed{
			{Resource: directory.SPGraph, Roles: All, Scopes: Listed, List: []string{"mail.read", "Calendars.Read", "Sites.Read.All"}},
			{Resource: directory.SPPayroll, Roles: All, Scopes: None},
			{Resource: directory.SPWiki, Roles: All, Scopes: All},
		}
	}
	switch t.Hash(directory.SPRef(blueprint), directory.SaltCity) % 5 {
	case 0:
		return []Passed{{Resource: directory.SPGraph, Roles: None, Scopes: All}, {Resource: directory.SPExchange, Roles: All, Scopes: Strange}}
	case 1:
		return []Passed{{Resource: directory.SPGraph, Roles: Untold, Scopes: All}}
	case 2:
		return []Passed{{Resource: directory.SPGraph, Roles: Strange, Scopes: Untold}}
	case 3:
		return []Passed{{Resource: directory.SPGraph, Roles: All, Scopes: None}}
	default:
		return nil
	}
}

// at is what is said of a resource.
func at(passed []Passed, resource int) Passed {
	for _, p := range passed {
		if p.Resource == resource {
			return p
		}
	}
	return Passed{Roles: None, Scopes: None}
}

// InheritsRole is whether the agents of a blueprint have the app roles that its principal has at a resource.
func InheritsRole(t *directory.Tenant, blueprint, resource int) bool {
	return at(PassedBy(t, blueprint), resource).Roles == All
}

// InheritedScopes are those of some scopes at a resource that the agents of a blueprint have.
func InheritedScopes(t *directory.Tenant, blueprint, resource int, scopes []string) []string {
	p := at(PassedBy(t, blueprint), resource)
	var out []string
	for _, scope := range scopes {
		listed := false
		for _, s := range p.List {
			listed = listed || strings.EqualFold(s, scope)
		}
		if p.Scopes == All || p.Scopes == Listed && listed {
			out = append(out, scope)
		}
	}
	return out
}
