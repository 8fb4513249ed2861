// Package roles reads directory roles, in the whole tenant and in parts of it, who
// holds them or may activate them, and changes that.
package roles

import (
	"context"
	"errors"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Syncer reads directory roles, built-in and custom, and who holds them in
// the whole tenant. What is held in a part of it is ScopedSyncer's: shown
// here it would claim too much.
type Syncer struct {
	kinds.Kit

	rows   RoleReader
	change roleChanger
}

// New reads and gives roles in the whole tenant.
func New(k kinds.Kit) *Syncer {
	return &Syncer{Kit: k, rows: RoleReader{Kit: k}, change: roleChanger{k}}
}

// ResourceType is the role type.
func (s *Syncer) ResourceType(context.Context) *v2.ResourceType { return kinds.RoleResourceType }

// List reads one page of role definitions, and notes which there are.
func (s *Syncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	return walk.ListResources(ctx, opts, func(ctx context.Context, next string) (*sending.Page[graph.RoleDefinition], error) {
		page, err := s.Client.ListRoleDefinitions(ctx, next)
		if err != nil {
			return nil, err
		}
		return page, putRoleNames(ctx, walk.Index{Store: opts.Session}, keyRoleName, page.Items)
	}, s.resource)
}

// GrantsForResourceType gives one page of who holds roles in the whole tenant.
func (s *Syncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	rows, next, err := s.read(ctx, ix, c)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if rows, err = s.rows.ofListedRoles(ctx, ix, rows); err != nil {
		return nil, nil, model.ToStatus(err)
	}
	grants, err := s.rows.grants(ctx, ix, model.TypeRole, rows, func(row *roleRow) string { return row.Role })
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := (&walk.Listed[roleRow]{Next: next}).Results()
	return grants, res, err
}

// read gives the rows of the next page. Where scoped roles are synced, listing
// them has read the rows already; not so in a task of the platform that names
// roles alone, which the connector does not hear of. The phase in the cursor
// tells which of the two has begun.
func (s *Syncer) read(ctx context.Context, ix walk.Index, c walk.Cursor) ([]roleRow, *walk.Cursor, error) {
	if c.Phase == "" && s.Filter.Syncs(model.TypeScopedRole) {
		rows, next, err := roleRowsAt(ctx, ix, c)
		if c.Page > 0 || !errors.Is(err, walk.ErrIndexLost) {
			return rows, next, err
		}
	}
	return s.rows.Read(ctx, ix, c)
}

func (s *Syncer) resource(d *graph.RoleDefinition) (*v2.Resource, error) {
	id := model.ObjectID(d.ID)
	status := rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_ENABLED, "")
	if !d.IsEnabled {
		status = rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_DISABLED, "the role cannot be assigned")
	}
	options := []rs.ResourceOption{
		rs.WithResourceProfile(map[string]any{
			"id": d.ID, "templateId": d.TemplateID, "isBuiltIn": d.IsBuiltIn, "isEnabled": d.IsEnabled,
		}),
		status,
		s.Portal.Link(model.RoleBlade, id),
	}
	if d.Description != "" {
		options = append(options, rs.WithDescription(d.Description))
	}
	return rs.NewRoleResource(model.DisplayName(d.DisplayName, id), kinds.RoleResourceType, id, nil, options...)
}

// Get reads one role.
func (s *Syncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.RoleDefinition, s.resource)
}
