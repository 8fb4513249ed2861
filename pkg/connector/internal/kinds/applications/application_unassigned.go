package applications

import (
	"context"
	"maps"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/roles"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// With --skip-unassigned-apps, applications that play no part in who has access
// to what are left out. Whatever an application takes part in keeps it: somebody
// is assigned to it, it holds an app role, a directory role, a membership, an
// ownership or a consent, or it has a credential of its own. That is found out
// by these walks, before the applications themselves are read.
const (
	phaseAssigned = "assigned"
	phaseHolding  = "holding"
	phaseVerify   = "verify"
	phaseRoles    = "roles"
	phaseConsents = "consents"
	phaseKeep     = "keep"
)

const (
	// keyUsed leads to a service principal that takes part in something.
	keyUsed = "used/"
	// keyUnsure leads to the pages of applications that seem to have nobody
	// assigned.
	keyUnsure = "unsure"
	// keyUntold leads to one of those whose row did not show the app roles that it
	// holds.
	keyUntold = "untold/"
	// verifyPerCall is how many of those one call asks about, 20 to a request.
	verifyPerCall = 100
)

// listAssigned is List for that case.
func (s *Syncer) listAssigned(ctx context.Context, ix walk.Index, c walk.Cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	var found []*v2.Resource
	var next *walk.Cursor
	var err error
	switch c.Phase {
	case "", phaseBegun, phaseOwnership:
		c.Phase = phaseOwnership
		next, err = s.markOwners(ctx, ix, c)
	case phaseAssigned:
		next, err = s.markRelated(ctx, ix, c, s.Client.ListServicePrincipalsAssigned, (*graph.ServicePrincipalRelation).Assigned, phaseHolding)
	case phaseHolding:
		next, err = s.markRelated(ctx, ix, c, s.Client.ListServicePrincipalsHolding, (*graph.ServicePrincipalRelation).Holds, phaseVerify)
	case phaseVerify:
		next, err = s.verifyUnassigned(ctx, ix, c)
	case phaseConsents:
		next, err = s.markConsents(ctx, ix, c)
	case phaseKeep:
		var page *walk.Listed[graph.ServicePrincipal]
		if found, page, err = s.listPage(ctx, ix, c); err == nil {
			next = page.Next
		}
	default:
		next, err = s.markRoles(ctx, ix, c)
	}
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := (&walk.Listed[graph.ServicePrincipal]{Next: next}).Results()
	return found, res, err
}

// markUsed notes that service principals take part in something.
func markUsed(ctx context.Context, ix walk.Index, ids []string) error {
	return mark(ctx, ix, keyUsed, ids)
}

func mark(ctx context.Context, ix walk.Index, key string, ids []string) error {
	marks := make(map[string]bool, len(ids))
	for _, id := range ids {
		marks[id] = true
	}
	return walk.Put(ctx, ix, key, marks)
}

func usedAmong(ctx context.Context, ix walk.Index, ids []string) (map[string]bool, error) {
	return walk.Get[bool](ctx, ix, keyUsed, ids)
}

func (s *Syncer) markOwners(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	ids, page, err := s.walk.listOwnership(ctx, ix, c)
	if err != nil {
		return nil, err
	}
	return walk.Following(page, c, phaseAssigned), markUsed(ctx, ix, ids)
}

// markRelated marks the service principals of a page that take part in a relation,
// as far as their rows tell, and after the last such walk notes the others.
func (s *Syncer) markRelated(
	ctx context.Context, ix walk.Index, c walk.Cursor, list func(context.Context, string) (*sending.Page[graph.ServicePrincipalRelation], error),
	takesPart func(*graph.ServicePrincipalRelation) bool, follow string,
) (*walk.Cursor, error) {
	page, err := walk.ReadPage(ctx, c, list)
	if err != nil {
		return nil, err
	}
	var related, all []string
	for i := range page.Rows {
		if page.Rows[i].Kind() != graph.ServicePrincipalApplication {
			continue
		}
		id := model.ObjectID(page.Rows[i].ID)
		all = append(all, id)
		if takesPart(&page.Rows[i]) {
			related = append(related, id)
		}
	}
	if err := markUsed(ctx, ix, related); err != nil {
		return nil, err
	}
	if follow == phaseVerify && !page.Restarted {
		if err := noteUnsure(ctx, ix, page, all); err != nil {
			return nil, err
		}
	}
	return walk.Following(page, c, follow), nil
}

// noteUnsure notes the applications of a page that nothing has marked, and of
// which of them the rows do not show the app roles that they hold.
func noteUnsure(ctx context.Context, ix walk.Index, page *walk.Listed[graph.ServicePrincipalRelation], all []string) error {
	used, err := usedAmong(ctx, ix, slices.Clone(all))
	if err != nil {
		return err
	}
	unsure := slices.DeleteFunc(all, func(id string) bool { return used[id] })
	if unsure == nil {
		unsure = []string{}
	}
	var untold []string
	for i := range page.Rows {
		row := &page.Rows[i]
		if id := model.ObjectID(row.ID); row.Kind() == graph.ServicePrincipalApplication && !row.TellsHeld() && !used[id] {
			untold = append(untold, id)
		}
	}
	if err := mark(ctx, ix, keyUntold, untold); err != nil {
		return err
	}
	return walk.PutPage(ctx, ix, keyUnsure, page.Page, page.Next == nil, unsure)
}

// verifyUnassigned asks again for whoever is assigned to applications that seem
// to have nobody: $expand has left managed identities out
// (microsoft-graph-docs#12243). Of those whose rows did not show it, it asks too
// which app roles they hold. Where no form gives one of the two, the sync fails:
// neither leaving the application out nor keeping it would be known to be right.
func (s *Syncer) verifyUnassigned(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	ids, more, err := walk.GetPage[string](ctx, ix, keyUnsure, c.Page)
	if err != nil {
		return nil, err
	}
	part := ids[min(c.Offset, len(ids)):min(c.Offset+verifyPerCall, len(ids))]
	var assigned []string
	for batch := range slices.Chunk(part, sending.MaxBatchSize) {
		refs := make([]string, 0, len(batch))
		for _, id := range batch {
			refs = append(refs, graph.AppRoleAssignedToRef(id))
		}
		pages, err := sending.BatchPages[graph.AppRoleAssignment](ctx, s.Client.Sender, refs)
		if err != nil {
			return nil, err
		}
		for i, p := range pages {
			switch {
			case failure.IsNotFound(p.Err):
			case p.Err != nil:
				return nil, p.Err
			case len(p.Page.Items) > 0 || p.Page.Next != "":
				assigned = append(assigned, batch[i])
			}
		}
	}
	holding, err := s.holdingAmong(ctx, ix, slices.DeleteFunc(slices.Clone(part), func(id string) bool { return slices.Contains(assigned, id) }))
	if err != nil {
		return nil, err
	}
	if err := markUsed(ctx, ix, slices.Concat(assigned, holding)); err != nil {
		return nil, err
	}
	switch {
	case c.Offset+len(part) < len(ids):
		c.Offset += len(part)
		return &c, nil
	case more:
		return &walk.Cursor{Version: walk.TokenVersion, Phase: phaseVerify, Page: c.Page + 1}, nil
	default:
		return &walk.Cursor{Version: walk.TokenVersion, Phase: phaseRoles}, nil
	}
}

// holdingAmong are those of the applications that hold an app role, by their own
// account, where their rows did not tell.
func (s *Syncer) holdingAmong(ctx context.Context, ix walk.Index, ids []string) ([]string, error) {
	untold, err := walk.Get[bool](ctx, ix, keyUntold, ids)
	if err != nil {
		return nil, err
	}
	held, err := walk.ReadRelations(ctx, s.Client, s.Left, "", slices.Sorted(maps.Keys(untold)), graph.AppRoleAssignmentsRef)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(held, func(_ string, roles []graph.Reference) bool { return len(roles) == 0 })
	return slices.Sorted(maps.Keys(held)), nil
}

// markRoles marks whoever holds directory roles, or may activate them, at any
// scope, and the scopes, which roles at them name: the rows do not tell who of them is a
// service principal.
func (s *Syncer) markRoles(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	if c.Phase == phaseRoles {
		c.Phase = ""
	}
	reader := roles.RoleReader{Kit: kinds.Kit{Client: s.Client, Left: &walk.Tally{}, Decider: s.Decider}, Marking: true} // The roles' own reading counts what is left out.
	rows, next, err := reader.Read(ctx, ix, c)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(rows))
	for i := range rows {
		ids = append(ids, rows[i].ID)
		if rows[i].Scope != "" {
			ids = append(ids, graph.ScopeObjectID(rows[i].Scope))
		}
	}
	if next == nil {
		next = &walk.Cursor{Version: walk.TokenVersion, Phase: phaseKeep}
		reads, err := s.Decider.Reads(ctx, ix, model.DataConsents)
		if err != nil {
			return nil, err
		}
		if reads {
			next.Phase = phaseConsents
		}
	}
	return next, markUsed(ctx, ix, ids)
}

func (s *Syncer) markConsents(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	page, err := walk.ReadPage(ctx, c, s.Client.ListOAuth2PermissionGrants)
	if c.Beginning() && decide.CanBeLeftOut(model.DataConsents, err) { // The consents' own listing leaves them out.
		return &walk.Cursor{Version: walk.TokenVersion, Phase: phaseKeep}, nil
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range page.Rows {
		ids = append(ids, model.ObjectID(page.Rows[i].ClientID))
	}
	return walk.Following(page, c, phaseKeep), markUsed(ctx, ix, ids)
}

// dropUnused leaves out the applications of a page that take part in nothing. One
// that vanishes while what it is in is read may have been in something.
func (s *Syncer) dropUnused(ctx context.Context, ix walk.Index, rows []graph.ServicePrincipal) ([]graph.ServicePrincipal, error) {
	ids := make([]string, 0, len(rows))
	for i := range rows {
		ids = append(ids, model.ObjectID(rows[i].ID))
	}
	used, err := usedAmong(ctx, ix, ids)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(rows, func(sp graph.ServicePrincipal) bool {
		return !used[model.ObjectID(sp.ID)] && sp.MemberOf != nil && len(sp.MemberOf) == 0 && len(sp.PasswordCredentials) == 0 && len(sp.KeyCredentials) == 0
	})
	s.Left.Add(walk.LeftUnassigned, len(ids)-len(kept))
	return kept, nil
}
