package paths

import (
	"context"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// index is what a search has to look up by something else than its id. It holds
// nothing of people and memberships, so that it stays small.
type index struct {
	// roles are the names of the tenant's directory roles.
	roles map[string]string
	// custom says that there are roles whose actions the snapshot does not have.
	custom bool
	// scoped are the roles at a scope, by the id of what they are over.
	scoped map[string][]scopedRole
	// restricted are the restricted administrative units.
	restricted map[string]bool
	// watched are they, and whatever somebody has a role over that resets people.
	watched map[string]bool
	// assignable are the groups that can hold directory roles.
	assignable map[string]bool
	// registrations and applications are those of an appId.
	registrations, applications map[string]access.Ref
	// blueprints are the identities of blueprints by every id that an agent can name one by.
	blueprints map[string]access.Ref
	// permissions are the entitlements of Microsoft Graph's permissions that can be
	// dangerous, by their values.
	permissions map[string][]string
}

// scopedRole is a role at a scope.
type scopedRole struct {
	access.Ref
	role string
}

func readIndex(ctx context.Context, s *access.Snapshot) (*index, error) {
	x := &index{
		roles: map[string]string{}, scoped: map[string][]scopedRole{}, restricted: map[string]bool{}, watched: map[string]bool{}, assignable: map[string]bool{},
		registrations: map[string]access.Ref{}, applications: map[string]access.Ref{}, blueprints: map[string]access.Ref{},
		permissions: map[string][]string{},
	}
	for o, err := range s.Objects(ctx, access.TypeRole, access.TypeScopedRole, access.TypeUnit, access.TypeGroup, access.TypeRegistration,
		access.TypeApplication, access.TypeAgentIdentity, access.TypeManagedIdentity) {
		if err != nil {
			return nil, err
		}
		x.add(o)
	}
	x.nameBlueprints()
	graph, ok := x.applications[powers.MicrosoftGraph]
	if !ok {
		return x, nil
	}
	for e, err := range s.EntitlementsOf(ctx, graph) {
		if err != nil {
			return nil, err
		}
		if p := powers.PermissionNamed(powers.MicrosoftGraph, e.Name); p != nil && len(p.Abilities) > 0 {
			x.permissions[p.Value] = append(x.permissions[p.Value], e.ID)
		}
	}
	return x, nil
}

func (x *index) add(o *access.Object) {
	switch o.Type {
	case access.TypeRole:
		x.roles[o.ID] = o.Name
		x.custom = x.custom || !o.Flag("isBuiltIn")
	case access.TypeScopedRole:
		role, scope, _ := strings.Cut(o.ID, "@")
		x.scoped[scope] = append(x.scoped[scope], scopedRole{Ref: o.Ref, role: role})
		if powers.ResetterOf(role) != nil {
			x.watched[scope] = true
		}
	case access.TypeUnit:
		if o.Flag("isMemberManagementRestricted") {
			x.restricted[o.ID], x.watched[o.ID] = true, true
		}
	case access.TypeGroup:
		if o.Flag("isAssignableToRole") {
			x.assignable[o.ID] = true
		}
	case access.TypeRegistration:
		x.registrations[o.Text("appId")] = o.Ref
	default:
		if appID := o.Text("appId"); appID != "" && o.Text("kind") != "agentIdentity" {
			x.applications[appID] = o.Ref
		}
	}
}

// nameBlueprints notes blueprints by their appId, which Microsoft documents as what an
// agent names its blueprint by, and by the object ids of their two halves.
// (https://learn.microsoft.com/graph/api/resources/agentidentity).
func (x *index) nameBlueprints() {
	for appID, app := range x.applications {
		if app.Type != access.TypeAgentIdentity {
			continue
		}
		x.blueprints[appID], x.blueprints[app.ID] = app, app
		if registration, ok := x.registrations[appID]; ok {
			x.blueprints[registration.ID] = app
		}
	}
}

// over are the roles at a scope with an ability.
func (x *index) over(scope string, ability powers.Ability) []access.Ref {
	var found []access.Ref
	for _, s := range x.scoped[scope] {
		if powers.RoleHas(s.role, ability) {
			found = append(found, s.Ref)
		}
	}
	return found
}
