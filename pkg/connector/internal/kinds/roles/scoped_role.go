package roles

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Phases of listing scoped roles, before and after the role rows are read.
const (
	phaseRoleNames = "names"
	phaseRoleRows  = "rows"
	phaseScopes    = "scopes"
)

// ScopedSyncer reads directory roles that are held in a part of the
// directory: an administrative unit, an application, a group or a device, or at an
// attribute set. There
// is one resource for each role and scope that somebody holds, or may activate,
// together.
type ScopedSyncer struct {
	kinds.Kit

	rows   RoleReader
	change roleChanger
}

// NewScoped reads and gives roles in parts of the tenant.
func NewScoped(k kinds.Kit) *ScopedSyncer {
	return &ScopedSyncer{Kit: k, rows: RoleReader{Kit: k}, change: roleChanger{k}}
}

// ResourceType is the scoped role type.
func (s *ScopedSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.ScopedRoleResourceType
}

// List reads the roles' names, then one page of role rows at a time, which it
// keeps for the grants of both role types, then a batch of the scopes among
// them at a time, and then what it takes to activate roles.
func (s *ScopedSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	var found []*v2.Resource
	var next *walk.Cursor
	switch c.Phase {
	case "", phaseRoleNames:
		next, err = s.listNames(ctx, ix, c)
	case phaseScopes:
		if found, next, err = s.listScopes(ctx, ix, c); err == nil && next == nil {
			var partners []*v2.Resource
			if partners, err = partnersRead(ctx, ix, &s.Kit); err == nil {
				found = append(found, partners...)
				next, err = s.afterScopes(ctx, ix)
			}
		}
	case phaseRules:
		next, err = s.rows.readRules(ctx, ix, c)
	default:
		next, err = s.listRows(ctx, ix, c)
	}
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := (&walk.Listed[roleRow]{Next: next}).Results()
	return found, res, err
}

// afterScopes is what follows when all scopes have been listed.
func (s *ScopedSyncer) afterScopes(ctx context.Context, ix walk.Index) (*walk.Cursor, error) {
	if reads, err := s.rows.readsRules(ctx, ix); err != nil || !reads {
		return nil, err
	}
	return &walk.Cursor{Version: walk.TokenVersion, Phase: phaseRules}, nil
}

// The keys of what listing leaves behind.
const (
	// keyRoleRows leads to the pages of role rows.
	keyRoleRows = "rolerows"
	// keyScopeRoles leads to the roles that are held at a scope, and keyScopes
	// to the scopes.
	keyScopeRoles = "scoperoles/"
	keyScopes     = "scopes"
)

func (s *ScopedSyncer) listNames(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	c.Phase = phaseRoleNames
	page, err := walk.ReadPage(ctx, c, s.Client.ListRoleDefinitions)
	if err != nil {
		return nil, err
	}
	return walk.Following(page, c, phaseRoleRows), putRoleNames(ctx, ix, keyScopedRoleName, page.Rows)
}

// listRows reads one page of role rows and writes it to the index, with the
// principals of other tenants among those who hold the roles.
func (s *ScopedSyncer) listRows(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	if c.Phase == phaseRoleRows {
		c.Phase = ""
	}
	reader, partners := s.rows, []*graph.RolePrincipal{}
	if s.Filter.Syncs(model.TypePartnerPrincipal) {
		reader.partners = &partners
	}
	rows, next, err := reader.Read(ctx, ix, c)
	if err != nil {
		return nil, err
	}
	if err := keepPartners(ctx, ix, partners); err != nil {
		return nil, err
	}
	if rows, err = s.rows.held(ctx, ix, rows); err != nil {
		return nil, err
	}
	if err := addScopes(ctx, ix, rows); err != nil {
		return nil, err
	}
	if rows == nil {
		rows = []roleRow{}
	}
	if err := walk.PutPage(ctx, ix, keyRoleRows, c.Stored, next == nil, rows); err != nil {
		return nil, err
	}
	if next == nil {
		return &walk.Cursor{Version: walk.TokenVersion, Phase: phaseScopes}, nil
	}
	next.Stored = c.Stored + 1
	return next, nil
}

// scope is a part of the directory that roles are held in.
type scope struct {
	ID string `json:"i"`
	// Eligible means that roles there were seen among eligibilities only.
	Eligible bool `json:"e,omitempty"`
}

// addScopes notes the scopes of rows, and the roles at each.
func addScopes(ctx context.Context, ix walk.Index, rows []roleRow) error {
	roles := map[string][]string{}
	var fresh []scope
	for i := range rows {
		if id := rows[i].Scope; id != "" {
			if roles[id] == nil {
				fresh = append(fresh, scope{id, rows[i].Eligible})
			}
			roles[id] = append(roles[id], rows[i].Role)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	ids := make([]string, 0, len(fresh))
	for _, s := range fresh {
		ids = append(ids, s.ID)
	}
	known, err := walk.Get[[]string](ctx, ix, keyScopeRoles, ids)
	if err != nil {
		return err
	}
	all, err := walk.Get[[]scope](ctx, ix, keyScopes, []string{""})
	if err != nil {
		return err
	}
	scopes := all[""]
	for _, s := range fresh {
		if known[s.ID] == nil {
			scopes = append(scopes, s)
		}
	}
	if err := walk.Put(ctx, ix, keyScopes, map[string][]scope{"": scopes}); err != nil {
		return err
	}
	return walk.AddToSets(ctx, ix, keyScopeRoles, roles)
}

// roleRowsAt is the page of role rows that the cursor is at.
func roleRowsAt(ctx context.Context, ix walk.Index, c walk.Cursor) ([]roleRow, *walk.Cursor, error) {
	rows, more, err := walk.GetPage[roleRow](ctx, ix, keyRoleRows, c.Page)
	if err != nil || !more {
		return rows, nil, err
	}
	return rows, &walk.Cursor{Version: walk.TokenVersion, Page: c.Page + 1}, nil
}

// listScopes asks for the next batch of scopes what each is, and gives the roles
// at them.
func (s *ScopedSyncer) listScopes(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Resource, *walk.Cursor, error) {
	all, err := walk.Get[[]scope](ctx, ix, keyScopes, []string{""})
	if err != nil {
		return nil, nil, err
	}
	scopes := all[""]
	part := scopes[min(c.Offset, len(scopes)):min(c.Offset+sending.MaxBatchSize, len(scopes))]
	if len(part) == 0 {
		return nil, nil, nil
	}
	found, err := s.readScopes(ctx, ix, part)
	if err != nil {
		return nil, nil, err
	}
	if c.Offset += len(part); c.Offset < len(scopes) {
		return found, &c, nil
	}
	return found, nil, nil
}

// readScopes gives the roles at a batch of scopes.
func (s *ScopedSyncer) readScopes(ctx context.Context, ix walk.Index, scopes []scope) ([]*v2.Resource, error) {
	ids := make([]string, 0, len(scopes))
	for _, at := range scopes {
		ids = append(ids, at.ID)
	}
	roles, err := walk.Get[[]string](ctx, ix, keyScopeRoles, ids)
	if err != nil {
		return nil, err
	}
	var held []string
	for _, at := range roles {
		held = append(held, at...)
	}
	names, err := roleNamesOf(ctx, ix, held)
	if err != nil {
		return nil, err
	}
	eligibilities, err := s.Decider.Reads(ctx, ix, model.DataRoleEligibility)
	if err != nil {
		return nil, err
	}
	objects, err := s.scopeObjects(ctx, scopes, eligibilities)
	if err != nil {
		return nil, err
	}
	var found []*v2.Resource
	var given []string
	for _, at := range scopes {
		object, exists := objects[at.ID]
		if !exists {
			s.Left.Add(walk.LeftGoneScope, 1)
			continue
		}
		if scopeResourceType(object) == "" {
			s.Left.Add(walk.LeftUnknownScope, len(roles[at.ID]))
			continue
		}
		for _, role := range roles[at.ID] {
			resource, err := s.resource(role, model.DisplayName(names[role], role), object)
			if err != nil {
				return nil, err
			}
			found = append(found, resource)
			given = append(given, resource.GetId().GetResource())
		}
	}
	return found, ix.PutObjects(ctx, model.TypeScopedRole, given)
}

// scopeObjects asks what each scope is. Every row at a scope names its object,
// so that the first row is enough; a page without rows is no answer yet. The
// rows of a scope can end after they were listed, so only a scope with neither
// assignments nor eligibilities, if these may be read, is taken to be gone.
//
// Of an attribute set nobody is asked: it is no object, and its name says all.
func (s *ScopedSyncer) scopeObjects(ctx context.Context, scopes []scope, eligibilities bool) (map[string]*graph.ScopeObject, error) {
	found := map[string]*graph.ScopeObject{}
	scopes = slices.DeleteFunc(slices.Clone(scopes), func(at scope) bool {
		set := graph.AttributeSetScope(at.ID)
		if set != "" {
			found[at.ID] = &graph.ScopeObject{Reference: graph.Reference{ODataType: graph.TypeAttributeSet, ID: set}, DisplayName: set}
		}
		return set != ""
	})
	if err := s.findScopes(ctx, scopes, found); err != nil {
		return nil, err
	}
	var others []scope
	for _, at := range scopes {
		if found[at.ID] == nil && (at.Eligible || eligibilities) {
			others = append(others, scope{ID: at.ID, Eligible: !at.Eligible})
		}
	}
	return found, s.findScopes(ctx, others, found)
}

// findScopes adds the objects of scopes to those that were found.
func (s *ScopedSyncer) findScopes(ctx context.Context, scopes []scope, found map[string]*graph.ScopeObject) error {
	items := make([]walk.WorkItem, 0, len(scopes))
	for _, at := range scopes {
		item := walk.WorkItem{ID: at.ID}
		if at.Eligible {
			item.Type = model.SlugEligible
		}
		items = append(items, item)
	}
	first := func(w walk.WorkItem) string { return graph.RoleScopeRef(w.ID, w.Type == model.SlugEligible) }
	for len(items) > 0 {
		read, rest, err := walk.ReadWork[graph.ScopedRow](ctx, s.Client, s.Left, items, first, 0)
		if err != nil {
			return err
		}
		for _, r := range read {
			for i := range r.Rows {
				if at := r.Rows[i].DirectoryScope; at != nil && at.ID != "" {
					found[r.Item.ID] = at
				}
			}
		}
		items = slices.DeleteFunc(rest, func(w walk.WorkItem) bool { return found[w.ID] != nil })
	}
	return nil
}
