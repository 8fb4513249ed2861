package roles

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// GrantsForResourceType gives the scoped ones of a page of the role rows that
// listing has read.
func (s *ScopedSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	rows, next, err := roleRowsAt(ctx, ix, c)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var ids []string
	for i := range rows {
		if rows[i].Scope != "" {
			ids = append(ids, rows[i].scopedRole())
		}
	}
	given, err := ix.Objects(ctx, ids)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	grants, err := s.rows.grants(ctx, ix, model.TypeScopedRole, rows, func(row *roleRow) string {
		if row.Scope == "" || given[row.scopedRole()] == "" {
			return ""
		}
		return row.scopedRole()
	})
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := (&walk.Listed[roleRow]{Next: next}).Results()
	return grants, res, err
}

// scopedRole is the id of the row's role in its scope.
func (r *roleRow) scopedRole() string {
	return model.ScopedRoleID(r.Role, graph.ScopeObjectID(r.Scope))
}

func (s *ScopedSyncer) resource(role, roleName string, at *graph.ScopeObject) (*v2.Resource, error) {
	scopeID := model.ObjectID(at.ID)
	scopeType := scopeResourceType(at)
	scopeName := model.DisplayName(at.DisplayName, scopeID)
	return rs.NewScopeBindingResource(roleName+" in "+scopeName, kinds.ScopedRoleResourceType, model.ScopedRoleID(role, scopeID),
		[]rs.ScopeBindingTraitOption{
			rs.WithRoleScopeRoleId(model.ResourceID(model.TypeRole, role)),
			rs.WithRoleScopeResourceId(model.ResourceID(scopeType, scopeID)),
		},
		rs.WithResourceProfile(map[string]any{
			"roleDefinitionId": role, "role": roleName, "scopeType": scopeType, "scopeId": scopeID, model.FieldScope: scopeName,
		}),
		s.Portal.Link(model.RoleBlade, role),
	)
}

// scopeResourceType is the resource type of what a role is scoped to; empty for an
// object of a type that is not known. A guess would send changes to another scope.
func scopeResourceType(at *graph.ScopeObject) string {
	if at.ODataType == graph.TypeAttributeSet {
		return model.TypeAttributeSet
	}
	switch at.Kind() {
	case graph.KindApplication:
		return model.TypeAppRegistration
	case graph.KindServicePrincipal:
		return model.ServicePrincipalType(at.ServicePrincipalKind())
	case graph.KindGroup:
		return model.TypeGroup
	case graph.KindDevice:
		return model.TypeDevice
	case graph.KindUser:
		return model.TypeUser
	case graph.KindAdministrativeUnit:
		return model.TypeAdministrativeUnit
	default:
		return ""
	}
}
