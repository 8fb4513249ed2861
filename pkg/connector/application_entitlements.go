package connector

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// EntitlementsForResourceType reads one page of applications with the app roles
// that each defines.
func (s *applicationSyncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := readPage(ctx, c, s.client.ListServicePrincipalRoles)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	ids := make([]string, 0, len(page.rows))
	for i := range page.rows {
		ids = append(ids, objectID(page.rows[i].ID))
	}
	types, err := index{opts.Session}.objects(ctx, ids)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	var entitlements []*v2.Entitlement
	for i := range page.rows {
		// One that is not in the index was created since the applications were
		// listed; the next sync has it.
		if types[objectID(page.rows[i].ID)] == typeApplication {
			entitlements = append(entitlements, applicationEntitlements(&page.rows[i])...)
		}
	}
	res, err := page.results()
	return entitlements, res, err
}

// Entitlements has nothing to add to EntitlementsForResourceType.
func (s *applicationSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

func applicationEntitlements(sp *graph.ServicePrincipalRoles) []*v2.Entitlement {
	on := resourceRef(typeApplication, objectID(sp.ID))
	assignable := entitlement.WithGrantableTo(grantableToHolders...)
	offered := []*v2.Entitlement{
		entitlement.NewOwnershipEntitlement(on, slugOwner,
			entitlement.WithDisplayName("Owner"),
			entitlement.WithDescription("Can manage the application"),
			entitlement.WithGrantableTo(grantableToIdentities...)),
		entitlement.NewAssignmentEntitlement(on, slugDefaultAccess,
			entitlement.WithDisplayName("Default access"),
			entitlement.WithDescription("Is assigned to the application without one of its app roles"),
			assignable),
	}
	for i := range sp.AppRoles {
		role := &sp.AppRoles[i]
		offered = append(offered, entitlement.NewAssignmentEntitlement(on, appRoleSlug(role.ID),
			entitlement.WithDisplayName(appRoleName(role)),
			entitlement.WithDescription(appRoleDescription(role)),
			assignable))
	}
	return offered
}

// appRoleName is the role's name; the permission value where it has none.
// Application permissions are known by their value, people's roles by their
// display name.
func appRoleName(r *graph.AppRole) string {
	name := displayName(r.DisplayName, r.Value, r.ID)
	if len(r.AllowedMemberTypes) == 1 && r.AllowedMemberTypes[0] == "Application" {
		name = displayName(r.Value, name)
	}
	if !r.IsEnabled {
		name += " (disabled)"
	}
	return name
}

// appRoleDescription says that a disabled role is one: whoever was assigned to
// it still is, but nobody new can be.
func appRoleDescription(r *graph.AppRole) string {
	parts := []string{}
	if !r.IsEnabled {
		parts = append(parts, "This app role is disabled: it cannot be assigned any more.")
	}
	if r.Description != "" {
		parts = append(parts, r.Description)
	}
	return strings.Join(parts, " ")
}

// appRoleIDs are the slugs by which the roles' assignments refer to them.
func appRoleIDs(roles []graph.AppRole) []string {
	ids := make([]string, 0, len(roles))
	for i := range roles {
		ids = append(ids, appRoleSlug(roles[i].ID))
	}
	return ids
}
