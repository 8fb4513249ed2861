package connector

import (
	"context"
	"errors"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// roleSyncer reads directory roles, built-in and custom, and who holds them in
// the whole tenant. What is held in a part of it is scopedRoleSyncer's: shown
// here it would claim too much.
type roleSyncer struct {
	kit

	rows   roleReader
	change roleChanger
}

// newRoleSyncer reads and gives roles in the whole tenant.
func newRoleSyncer(k kit) *roleSyncer {
	return &roleSyncer{kit: k, rows: roleReader{kit: k}, change: roleChanger{k}}
}

// ResourceType is the role type.
func (s *roleSyncer) ResourceType(context.Context) *v2.ResourceType { return roleResourceType }

// List reads one page of role definitions, and notes which there are.
func (s *roleSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	return listResources(ctx, opts, func(ctx context.Context, next string) (*sending.Page[graph.RoleDefinition], error) {
		page, err := s.client.ListRoleDefinitions(ctx, next)
		if err != nil {
			return nil, err
		}
		return page, putRoleNames(ctx, index{opts.Session}, keyRoleName, page.Items)
	}, s.resource)
}

// StaticEntitlements are what every role offers.
func (s *roleSyncer) StaticEntitlements(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	reads, err := s.decider.reads(ctx, index{opts.Session}, dataRoleEligibility)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	return roleEntitlements(typeRole, "in the whole tenant", reads), nil, nil
}

// roleEntitlements are what a role offers, in the whole tenant or in a part of
// it.
func roleEntitlements(resourceType, where string, eligible bool) []*v2.Entitlement {
	offered := []*v2.Entitlement{
		entitlement.NewAssignmentEntitlement(resourceRef(resourceType, ""), slugAssigned,
			entitlement.WithDisplayName("Assigned"),
			entitlement.WithDescription("Holds the role "+where),
			entitlement.WithGrantableTo(grantableToHolders...)),
	}
	if eligible {
		offered = append(offered, entitlement.NewAssignmentEntitlement(resourceRef(resourceType, ""), slugEligible,
			entitlement.WithDisplayName("Eligible"),
			entitlement.WithDescription("May activate the role "+where),
			entitlement.WithGrantableTo(grantableToHolders...)))
	}
	return offered
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *roleSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *roleSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType gives one page of who holds roles in the whole tenant.
func (s *roleSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	rows, next, err := s.read(ctx, ix, c)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	if rows, err = s.rows.ofListedRoles(ctx, ix, rows); err != nil {
		return nil, nil, toStatus(err)
	}
	grants, err := s.rows.grants(ctx, ix, typeRole, rows, func(row *roleRow) string { return row.Role })
	if err != nil {
		return nil, nil, toStatus(err)
	}
	res, err := (&listed[roleRow]{next: next}).results()
	return grants, res, err
}

// read gives the rows of the next page. Where scoped roles are synced, listing
// them has read the rows already; not so in a task of the platform that names
// roles alone, which the connector does not hear of. The phase in the cursor
// tells which of the two has begun.
func (s *roleSyncer) read(ctx context.Context, ix index, c cursor) ([]roleRow, *cursor, error) {
	if c.Phase == "" && s.filter.syncs(typeScopedRole) {
		rows, next, err := roleRowsAt(ctx, ix, c)
		if c.Page > 0 || !errors.Is(err, errIndexLost) {
			return rows, next, err
		}
	}
	return s.rows.read(ctx, ix, c)
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

// Get reads one role.
func (s *roleSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return getOne(ctx, id, s.client.RoleDefinition, s.resource)
}
