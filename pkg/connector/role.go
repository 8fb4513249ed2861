package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// roleSyncer reads directory roles, built-in and custom, and who holds them in
// the whole tenant. Assignments at a smaller scope are left out whole: shown
// here they would claim too much.
type roleSyncer struct {
	client *graph.Client
	portal portal
	left   *tally
}

// ResourceType is the role type.
func (s *roleSyncer) ResourceType(context.Context) *v2.ResourceType { return roleResourceType }

// List reads one page of role definitions.
func (s *roleSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	return listResources(ctx, opts, s.client.ListRoleDefinitions, s.resource)
}

// StaticEntitlements are what every role offers.
func (s *roleSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(resourceRef(typeRole, ""), slugAssigned,
			entitlement.WithDisplayName("Assigned"),
			entitlement.WithDescription("Holds the role in the whole tenant"),
			entitlement.WithGrantableTo(userResourceType, groupResourceType, applicationResourceType)),
	}, nil, nil
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *roleSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *roleSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType reads one page of the tenant's role assignments.
func (s *roleSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	page, err := readPage(ctx, c, s.client.ListRoleAssignments)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	grants, err := s.grants(ctx, index{opts.Session}, page.rows)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	res, err := page.results()
	return grants, res, err
}

func (s *roleSyncer) grants(ctx context.Context, ix index, rows []graph.RoleAssignment) ([]*v2.Grant, error) {
	holders := make([]graph.Reference, 0, len(rows))
	for i := range rows {
		if rows[i].Principal != nil {
			holders = append(holders, *rows[i].Principal)
		}
	}
	if err := graph.Typed(holders); err != nil {
		return nil, err
	}
	known, err := ix.principals(ctx, graph.IDsOf(holders, graph.KindGroup), graph.IDsOf(holders, graph.KindServicePrincipal))
	if err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	for i := range rows {
		a := &rows[i]
		if a.DirectoryScopeID != graph.TenantScope {
			s.left.add(leftScoped, 1)
			continue
		}
		if a.Principal == nil || a.Principal.ID == "" {
			s.left.add(leftOrphaned, 1)
			continue
		}
		principalType, ok := known.typeOf(a.Principal.Kind(), objectID(a.Principal.ID), s.left)
		if !ok {
			continue
		}
		id := objectID(a.Principal.ID)
		g := newGrant(entitlementOf(typeRole, objectID(a.RoleDefinitionID), slugAssigned), principalType, id)
		if principalType == typeGroup {
			if err := expandDirect(g, id); err != nil {
				return nil, err
			}
		}
		grants = append(grants, g)
	}
	return grants, nil
}

func (s *roleSyncer) resource(d *graph.RoleDefinition) (*v2.Resource, error) {
	id := objectID(d.ID)
	status := rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_ENABLED, "")
	if !d.IsEnabled {
		status = rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_DISABLED, "the role cannot be assigned")
	}
	options := []rs.ResourceOption{
		rs.WithResourceProfile(map[string]any{
			"id": d.ID, "templateId": d.TemplateID, "isBuiltIn": d.IsBuiltIn, "isEnabled": d.IsEnabled,
		}),
		status,
		s.portal.link(roleBlade, id),
	}
	if d.Description != "" {
		options = append(options, rs.WithDescription(d.Description))
	}
	return rs.NewRoleResource(displayName(d.DisplayName, id), roleResourceType, id, nil, options...)
}
