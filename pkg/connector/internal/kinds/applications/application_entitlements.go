package applications

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// EntitlementsForResourceType reads one page of applications with the app roles
// that each defines.
func (s *Syncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListServicePrincipalRoles)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	ids := make([]string, 0, len(page.Rows))
	for i := range page.Rows {
		ids = append(ids, model.ObjectID(page.Rows[i].ID))
	}
	types, err := walk.Index{Store: opts.Session}.Objects(ctx, ids)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var entitlements []*v2.Entitlement
	for i := range page.Rows {
		// One that is not in the index was created since the applications were
		// listed; the next sync has it.
		if types[model.ObjectID(page.Rows[i].ID)] == model.TypeApplication {
			entitlements = append(entitlements, applicationEntitlements(&page.Rows[i])...)
		}
	}
	res, err := page.Results()
	return entitlements, res, err
}

func applicationEntitlements(sp *graph.ServicePrincipalRoles) []*v2.Entitlement {
	on := model.ResourceRef(model.TypeApplication, model.ObjectID(sp.ID))
	of := model.DisplayName(sp.DisplayName, model.ObjectID(sp.ID))
	assignable := entitlement.WithGrantableTo(kinds.GrantableToHolders...)
	offered := []*v2.Entitlement{
		entitlement.NewOwnershipEntitlement(on, model.SlugOwner,
			entitlement.WithDisplayName("Owner"),
			entitlement.WithDescription("Can manage the application"),
			entitlement.WithGrantableTo(kinds.GrantableToIdentities...)),
		entitlement.NewAssignmentEntitlement(on, model.SlugDefaultAccess,
			entitlement.WithDisplayName("Default access to "+of),
			entitlement.WithDescription("Is assigned to the application without one of its app roles"),
			assignable),
	}
	for i := range sp.AppRoles {
		role := &sp.AppRoles[i]
		offered = append(offered, entitlement.NewAssignmentEntitlement(on, model.AppRoleSlug(role.ID),
			entitlement.WithDisplayName(appRoleName(role, of)),
			entitlement.WithDescription(appRoleDescription(role)),
			assignable))
	}
	return offered
}

// appRoleName is what the role is known by, and the application that defines it:
// "Mail.Read on Microsoft Graph". Where somebody's access is listed, each of a
// hundred applications may have a role "Admin".
func appRoleName(r *graph.AppRole, application string) string {
	name := knownBy(r) + " on " + application
	if !r.IsEnabled {
		name += " (disabled)"
	}
	return name
}

// knownBy is the role's value if it is an application permission, and else its
// display name: the values of people's roles are for programs, and can be as long as
// two addresses of Amazon's.
func knownBy(r *graph.AppRole) string {
	name := model.DisplayName(r.DisplayName, r.Value, r.ID)
	if len(r.AllowedMemberTypes) == 1 && r.AllowedMemberTypes[0] == "Application" {
		name = model.DisplayName(r.Value, name)
	}
	return name
}

// appRoleDescription says that a disabled role is one: whoever was assigned to
// it still is, but nobody new can be. Of display name and value it has the one that
// the role is not known by.
func appRoleDescription(r *graph.AppRole) string {
	parts := []string{}
	if !r.IsEnabled {
		parts = append(parts, "This app role is disabled: it cannot be assigned any more.")
	}
	known := knownBy(r)
	for _, other := range []string{r.DisplayName, r.Value} {
		if other != "" && other != known && other != r.Description {
			parts = append(parts, other+":")
		}
	}
	if r.Description != "" {
		parts = append(parts, r.Description)
	}
	return strings.TrimSuffix(strings.Join(parts, " "), ":")
}

// appRoleIDs are the slugs by which the roles' assignments refer to them.
func appRoleIDs(roles []graph.AppRole) []string {
	ids := make([]string, 0, len(roles))
	for i := range roles {
		ids = append(ids, model.AppRoleSlug(roles[i].ID))
	}
	return ids
}
