package connector

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// StaticEntitlements are what every scoped role offers.
func (s *scopedRoleSyncer) StaticEntitlements(ctx context.Context, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	reads, err := s.decider.reads(ctx, index{opts.Session}, dataRoleEligibility)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	return roleEntitlements(typeScopedRole, "in its scope", reads), nil, nil
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *scopedRoleSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *scopedRoleSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType gives the scoped ones of a page of the role rows that
// listing has read.
func (s *scopedRoleSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	rows, next, err := roleRowsAt(ctx, ix, c)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	var ids []string
	for i := range rows {
		if rows[i].Scope != "" {
			ids = append(ids, rows[i].scopedRole())
		}
	}
	given, err := ix.objects(ctx, ids)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	grants, err := s.rows.grants(ctx, ix, typeScopedRole, rows, func(row *roleRow) string {
		if row.Scope == "" || given[row.scopedRole()] == "" {
			return ""
		}
		return row.scopedRole()
	})
	if err != nil {
		return nil, nil, toStatus(err)
	}
	res, err := (&listed[roleRow]{next: next}).results()
	return grants, res, err
}

// scopedRole is the id of the row's role in its scope.
func (r *roleRow) scopedRole() string { return scopedRoleID(r.Role, graph.ScopeObjectID(r.Scope)) }

func (s *scopedRoleSyncer) resource(role, roleName string, at *graph.ScopeObject) (*v2.Resource, error) {
	scopeID := objectID(at.ID)
	scopeType := scopeResourceType(at)
	scopeName := displayName(at.DisplayName, scopeID)
	return rs.NewScopeBindingResource(roleName+" in "+scopeName, scopedRoleResourceType, scopedRoleID(role, scopeID),
		[]rs.ScopeBindingTraitOption{
			rs.WithRoleScopeRoleId(resourceID(typeRole, role)),
			rs.WithRoleScopeResourceId(resourceID(scopeType, scopeID)),
		},
		rs.WithResourceProfile(map[string]any{
			"roleDefinitionId": role, "role": roleName, "scopeType": scopeType, "scopeId": scopeID, fieldScope: scopeName,
		}),
		s.portal.link(roleBlade, role),
	)
}

// scopeResourceType is the resource type of what a role is scoped to; empty for an
// object of a type that is not known. A guess would send changes to another scope.
func scopeResourceType(at *graph.ScopeObject) string {
	switch at.Kind() {
	case graph.KindApplication:
		return typeAppRegistration
	case graph.KindServicePrincipal:
		return servicePrincipalType(at.ServicePrincipalKind())
	case graph.KindGroup:
		return typeGroup
	case graph.KindDevice:
		return typeDevice
	case graph.KindUser:
		return typeUser
	case graph.KindAdministrativeUnit:
		return typeAdministrativeUnit
	default:
		return ""
	}
}
