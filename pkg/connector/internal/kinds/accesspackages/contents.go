package accesspackages

import (
	"context"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// readContents reads what packages give, twenty to a request. Of one that is gone, and
// of one that Graph does not tell it of, there is nothing.
func (s *Syncer) readContents(ctx context.Context, ids []string) (map[string]*[]graph.AccessPackageRoleScope, error) {
	found := make(map[string]*[]graph.AccessPackageRoleScope, len(ids))
	for part := range slices.Chunk(ids, sending.MaxBatchSize) {
		refs := make([]string, 0, len(part))
		for _, id := range part {
			refs = append(refs, graph.AccessPackageContentsRef(id))
		}
		answers, err := sending.BatchObjects[graph.AccessPackageContents](ctx, s.Client.Sender, refs)
		if err != nil {
			return nil, err
		}
		for i, a := range answers {
			switch {
			case failure.IsNotFound(a.Err):
				s.Left.Add(walk.LeftVanished, 1)
			case a.Err != nil && !forms.IsRefused(a.Err):
				return nil, a.Err
			case a.Err != nil || a.Object.ResourceRoleScopes == nil:
				s.Left.Add(walk.LeftUnreadable(model.DataAccessPackages), 1)
				ctxzap.Extract(ctx).Warn(walk.MessageUnreadable, zap.String("data", string(model.DataAccessPackages)), zap.String("object_id", part[i]), zap.Error(a.Err))
			default:
				found[part[i]] = a.Object.ResourceRoleScopes
			}
		}
	}
	return found, nil
}

// contents are what a package gives, as its profile has them: each with the entitlement
// that it is here, if it is one.
func contents(given []graph.AccessPackageRoleScope) []any {
	rows := make([]any, 0, len(given))
	order := slices.Clone(given)
	slices.SortFunc(order, func(a, b graph.AccessPackageRoleScope) int {
		return strings.Compare(a.Scope.OriginID+" "+a.Role.OriginID, b.Scope.OriginID+" "+b.Role.OriginID)
	})
	for i := range order {
		role, scope := &order[i].Role, &order[i].Scope
		row := map[string]any{}
		model.SetNonEmpty(row, map[string]string{
			"system": model.DisplayName(scope.OriginSystem, role.OriginSystem), "resourceId": scope.OriginID, "role": role.DisplayName, "roleId": role.OriginID,
			"entitlement": entitlementOf(role, scope),
		})
		rows = append(rows, row)
	}
	return rows
}

// entitlementOf is the id of the entitlement that a role in a resource is here; empty
// for what the snapshot does not have, such as a site of SharePoint.
func entitlementOf(role, scope *graph.AccessPackageOrigin) string {
	id, wanted := model.ObjectID(scope.OriginID), model.ObjectID(role.OriginID)
	if !model.ObjectIDForm.MatchString(id) {
		return ""
	}
	switch model.DisplayName(scope.OriginSystem, role.OriginSystem) {
	case graph.OriginGroup:
		switch wanted {
		case "member_" + id:
			return model.EntitlementID(model.TypeGroup, id, model.SlugMember)
		case "owner_" + id:
			return model.EntitlementID(model.TypeGroup, id, model.SlugOwner)
		}
	case graph.OriginApplication:
		if model.ObjectIDForm.MatchString(wanted) {
			return model.EntitlementID(model.TypeApplication, id, model.AppRoleSlug(wanted))
		}
	case graph.OriginDirectoryRole:
		switch wanted {
		case "active":
			return model.EntitlementID(model.TypeRole, id, model.SlugAssigned)
		case "eligible":
			return model.EntitlementID(model.TypeRole, id, model.SlugEligible)
		}
	}
	return ""
}
