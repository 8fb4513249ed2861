package roles

import (
	"context"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"go.uber.org/zap"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// keyOtherTenants leads to the principals of other tenants that hold directory
// roles, each as its id and the role's, by the resource type that the role is of.
const keyOtherTenants = "othertenants/"

// putOtherTenants notes rows of principals of other tenants.
func putOtherTenants(ctx context.Context, ix walk.Index, resourceType string, rows []roleRow) error {
	pairs := make([]string, 0, len(rows))
	for i := range rows {
		pairs = append(pairs, rows[i].ID+" "+rows[i].Role)
	}
	if len(pairs) == 0 {
		return nil
	}
	return walk.AddToSets(ctx, ix, keyOtherTenants, map[string][]string{resourceType: pairs})
}

// WarnOfOtherTenants says, at the end of a sync, that principals of other tenants
// hold directory roles here, or may activate them: a partner's administrators, most
// often. They are no objects of this tenant. Those whom a row has shown with the role
// are in the snapshot (PartnerSyncer) and not among these.
func WarnOfOtherTenants(ctx context.Context, ix walk.Index) {
	l := ctxzap.Extract(ctx)
	principals, roles, err := otherTenantsOf(ctx, ix)
	switch {
	case err != nil:
		l.Warn("azure-ad: whether principals of other tenants hold directory roles could not be told", zap.Error(err))
	case principals > 0:
		l.Warn("azure-ad: principals of other tenants, such as a partner's, hold directory roles here; the snapshot cannot show them",
			zap.Int("principals", principals), zap.Strings("roles", roles))
	}
}

// otherTenantsOf are the principals of other tenants, counted, and the names of the
// roles that they hold.
func otherTenantsOf(ctx context.Context, ix walk.Index) (int, []string, error) {
	sets, err := walk.Get[[]string](ctx, ix, keyOtherTenants, []string{model.TypeRole, model.TypeScopedRole})
	if err != nil {
		return 0, nil, err
	}
	var principals, ids []string
	for _, pairs := range sets {
		for _, pair := range pairs {
			principal, role, _ := strings.Cut(pair, " ")
			principals, ids = append(principals, principal), append(ids, role)
		}
	}
	slices.Sort(principals)
	names, err := roleNamesOf(ctx, ix, ids)
	if err != nil {
		return 0, nil, err
	}
	var roles []string
	for _, id := range ids {
		roles = append(roles, model.DisplayName(names[id], id))
	}
	slices.Sort(roles)
	return len(slices.Compact(principals)), slices.Compact(roles), nil
}
