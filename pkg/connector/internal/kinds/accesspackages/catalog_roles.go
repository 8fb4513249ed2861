package accesspackages

import (
	"cmp"
	"context"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// The listings of roles in catalogues: of all roles, or of one role after the other,
// whose place in catalogRoles the cursor counts as stored.
const (
	phaseAllRoles = ""
	phaseEachRole = "role"
)

// catalogRoles are the roles of entitlement management that somebody can hold.
var catalogRoles = []string{
	graph.RoleCatalogOwner, graph.RolePackageManager, graph.RolePackageAssignmentManager, graph.RoleCatalogReader, graph.RoleCatalogCreator,
}

// roleSlugs are what the roles in a catalogue are here.
var roleSlugs = map[string]string{
	graph.RoleCatalogOwner: model.SlugOwner, graph.RoleCatalogReader: model.SlugReader,
	graph.RolePackageManager: model.SlugPackageManager, graph.RolePackageAssignmentManager: model.SlugAssignmentManager,
}

const (
	// keyHeldIn leads to who holds what in a catalogue: "{slug} {principal}".
	keyHeldIn = "catalogroles/"
	// keyHeldCatalogs leads to the catalogues that somebody holds something in.
	keyHeldCatalogs = "catalogroles"
	// everyCatalog is in the place of a catalogue what holds in all of them.
	everyCatalog = "*"
)

// listRoles reads one page of the roles in catalogues. Nothing of it is given to
// anybody before the catalogues are.
func (s *CatalogSyncer) listRoles(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	if c.Phase == phaseAllRoles && graph.CatalogRoles.Step(ctx) > 0 {
		c = walk.Cursor{Version: walk.TokenVersion, Phase: phaseEachRole}
	}
	step := 0
	if c.Phase == phaseEachRole {
		step = 1
	}
	first := graph.CatalogRoles.Ref(step, catalogRoles[min(c.Stored, len(catalogRoles)-1)])
	page, err := walk.ReadPage(ctx, c, func(ctx context.Context, next string) (*sending.Page[graph.CatalogRoleAssignment], error) {
		return s.Client.ListCatalogRoles(ctx, cmp.Or(next, first))
	})
	if err != nil && step == 0 && forms.IsRefused(err) {
		_, left, failed := graph.CatalogRoles.Leave(ctx, step, err)
		if failed == nil && left { // What the pages before gave is given once more.
			return &walk.Cursor{Version: walk.TokenVersion, Phase: phaseEachRole}, nil
		}
		err = cmp.Or(failed, err)
	}
	if err != nil {
		return nil, err
	}
	if err := s.rememberRoles(ctx, ix, page.Rows); err != nil {
		return nil, err
	}
	switch {
	case page.Next != nil:
		return page.Next, nil
	case step > 0 && c.Stored+1 < len(catalogRoles):
		return &walk.Cursor{Version: walk.TokenVersion, Phase: phaseEachRole, Stored: c.Stored + 1}, nil
	}
	return &walk.Cursor{Version: walk.TokenVersion, Phase: phaseCatalogs}, nil
}

// rememberRoles notes who holds what in which catalogue.
func (s *CatalogSyncer) rememberRoles(ctx context.Context, ix walk.Index, rows []graph.CatalogRoleAssignment) error {
	held := map[string][]string{}
	for i := range rows {
		row := &rows[i]
		role := model.ObjectID(row.RoleDefinitionID)
		slug, known := roleSlugs[role]
		catalog, in := catalogOf(row)
		switch {
		case role == graph.RoleCatalogCreator:
			s.Left.Add(walk.LeftCatalogCreator, 1)
		case !known || !in:
			s.Left.Add(walk.LeftCatalogRole, 1)
		case row.PrincipalID == "":
			s.Left.Add(walk.LeftOrphaned, 1)
		default:
			held[catalog] = append(held[catalog], slug+" "+model.ObjectID(row.PrincipalID))
		}
	}
	if len(held) == 0 {
		return nil
	}
	catalogs := make([]string, 0, len(held))
	for id := range held {
		if id != everyCatalog {
			catalogs = append(catalogs, id)
		}
	}
	if err := walk.AddToSets(ctx, ix, keyHeldCatalogs, map[string][]string{"": catalogs}); err != nil {
		return err
	}
	return walk.AddToSets(ctx, ix, keyHeldIn, held)
}

// catalogOf is the catalogue that a role is held in, or everyCatalog; none where it is
// held in something else.
func catalogOf(row *graph.CatalogRoleAssignment) (string, bool) {
	const prefix = "/accesspackagecatalog/"
	scope := strings.ToLower(row.AppScopeID)
	if id, ok := strings.CutPrefix(scope, prefix); ok {
		return id, model.ObjectIDForm.MatchString(id)
	}
	whole := scope == graph.TenantScope || scope == "" && row.DirectoryScopeID == graph.TenantScope
	return everyCatalog, whole
}

// GrantsForResourceType gives who holds roles in one page of the listed catalogues. A
// group's direct members hold what it holds: Microsoft says that its members do, and of
// groups in it nothing
// (https://learn.microsoft.com/entra/id-governance/entitlement-management-delegate-catalog).
func (s *CatalogSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataPackageCatalogs); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	catalogs, more, err := walk.GetPage[string](ctx, ix, walk.KeyListed+model.TypePackageCatalog, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if c.Page == 0 {
		if err := s.countUnseen(ctx, ix); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	grants, err := s.grants(ctx, ix, catalogs)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if !more {
		return grants, nil, nil
	}
	token, err := walk.EncodeToken(walk.Cursor{Version: walk.TokenVersion, Page: c.Page + 1})
	return grants, walk.Results(token), err
}

func (s *CatalogSyncer) grants(ctx context.Context, ix walk.Index, catalogs []string) ([]*v2.Grant, error) {
	held, err := walk.Get[[]string](ctx, ix, keyHeldIn, append([]string{everyCatalog}, catalogs...))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, rows := range held {
		for _, row := range rows {
			_, id, _ := strings.Cut(row, " ")
			ids = append(ids, id)
		}
	}
	known, err := kinds.Identify(ctx, ix, s.Client, ids, kinds.SayOwners, func(id string) []string { return []string{graph.CatalogRolePrincipalRef(id)} })
	if err != nil {
		return nil, err
	}
	if err := known.Sure(); err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	for _, catalog := range catalogs {
		for _, row := range held[catalog] {
			g, err := s.grant(known, catalog, row, "")
			if err != nil {
				return nil, err
			}
			grants = append(grants, g...)
		}
		for _, row := range held[everyCatalog] {
			if slices.Contains(held[catalog], row) {
				continue
			}
			g, err := s.grant(known, catalog, row, "all catalogues")
			if err != nil {
				return nil, err
			}
			grants = append(grants, g...)
		}
	}
	return grants, nil
}

// grant is the grant for one row, or none where its principal is not in the snapshot.
func (s *CatalogSyncer) grant(known *kinds.Identified, catalog, row, scope string) ([]*v2.Grant, error) {
	slug, id, _ := strings.Cut(row, " ")
	principalType, _, ok := known.Holder(id, s.Left)
	if !ok {
		return nil, nil
	}
	g := model.NewGrant(model.EntitlementOf(model.TypePackageCatalog, catalog, slug), principalType, id)
	if principalType == model.TypeGroup {
		if err := s.Expand.Direct(g, id); err != nil {
			return nil, err
		}
	}
	return []*v2.Grant{g}, model.WithMetadata(g, map[string]any{model.FieldScope: scope})
}

// countUnseen counts the roles in catalogues that were not listed.
func (s *CatalogSyncer) countUnseen(ctx context.Context, ix walk.Index) error {
	sets, err := walk.Get[[]string](ctx, ix, keyHeldCatalogs, []string{""})
	if err != nil || len(sets[""]) == 0 {
		return err
	}
	listed, err := ix.Objects(ctx, slices.Clone(sets[""]))
	if err != nil {
		return err
	}
	unseen := slices.DeleteFunc(slices.Clone(sets[""]), func(id string) bool { return listed[id] == model.TypePackageCatalog })
	held, err := walk.Get[[]string](ctx, ix, keyHeldIn, unseen)
	for _, rows := range held {
		s.Left.Add(walk.LeftUnseenCatalog, len(rows))
	}
	return err
}
