package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

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
	// verifyPerCall is how many of those one call asks about, 20 to a request.
	verifyPerCall = 100
)

// listAssigned is List for that case.
func (s *applicationSyncer) listAssigned(ctx context.Context, ix index, c cursor) ([]*v2.Resource, *rs.SyncOpResults, error) {
	var found []*v2.Resource
	var next *cursor
	var err error
	switch c.Phase {
	case "", phaseOwnership:
		c.Phase = phaseOwnership
		next, err = s.markOwners(ctx, ix, c)
	case phaseAssigned:
		next, err = s.markRelated(ctx, ix, c, s.client.ListServicePrincipalsAssigned, (*graph.ServicePrincipalRelation).Assigned, phaseHolding)
	case phaseHolding:
		next, err = s.markRelated(ctx, ix, c, s.client.ListServicePrincipalsHolding, (*graph.ServicePrincipalRelation).MayHold, phaseVerify)
	case phaseVerify:
		next, err = s.verifyUnassigned(ctx, ix, c)
	case phaseConsents:
		next, err = s.markConsents(ctx, ix, c)
	case phaseKeep:
		var page *listed[graph.ServicePrincipal]
		if found, page, err = s.listPage(ctx, ix, c); err == nil {
			next = page.next
		}
	default:
		next, err = s.markRoles(ctx, ix, c)
	}
	if err != nil {
		return nil, nil, toStatus(err)
	}
	res, err := (&listed[graph.ServicePrincipal]{next: next}).results()
	return found, res, err
}

// markUsed notes that service principals take part in something.
func markUsed(ctx context.Context, ix index, ids []string) error {
	used := make(map[string]bool, len(ids))
	for _, id := range ids {
		used[id] = true
	}
	return put(ctx, ix, keyUsed, used)
}

func usedAmong(ctx context.Context, ix index, ids []string) (map[string]bool, error) {
	return get[bool](ctx, ix, keyUsed, ids)
}

func (s *applicationSyncer) markOwners(ctx context.Context, ix index, c cursor) (*cursor, error) {
	ids, page, err := s.walk.listOwnership(ctx, ix, c)
	if err != nil {
		return nil, err
	}
	return following(page, c, phaseAssigned), markUsed(ctx, ix, ids)
}

// markRelated marks the service principals of a page that take part in a relation,
// as far as their rows tell, and after the last such walk notes the others.
func (s *applicationSyncer) markRelated(
	ctx context.Context, ix index, c cursor, list func(context.Context, string) (*sending.Page[graph.ServicePrincipalRelation], error),
	takesPart func(*graph.ServicePrincipalRelation) bool, follow string,
) (*cursor, error) {
	page, err := readPage(ctx, c, list)
	if err != nil {
		return nil, err
	}
	var related, all []string
	for i := range page.rows {
		if page.rows[i].Kind() != graph.ServicePrincipalApplication {
			continue
		}
		id := objectID(page.rows[i].ID)
		all = append(all, id)
		if takesPart(&page.rows[i]) {
			related = append(related, id)
		}
	}
	if err := markUsed(ctx, ix, related); err != nil {
		return nil, err
	}
	if follow == phaseVerify && !page.restarted {
		used, err := usedAmong(ctx, ix, slices.Clone(all))
		if err != nil {
			return nil, err
		}
		unsure := slices.DeleteFunc(all, func(id string) bool { return used[id] })
		if unsure == nil {
			unsure = []string{}
		}
		if err := putPage(ctx, ix, keyUnsure, page.page, page.next == nil, unsure); err != nil {
			return nil, err
		}
	}
	return following(page, c, follow), nil
}

// verifyUnassigned asks again for whoever is assigned to applications that seem
// to have nobody: $expand has left managed identities out
// (microsoft-graph-docs#12243).
func (s *applicationSyncer) verifyUnassigned(ctx context.Context, ix index, c cursor) (*cursor, error) {
	ids, more, err := getPage[string](ctx, ix, keyUnsure, c.Page)
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
		pages, err := sending.BatchPages[graph.AppRoleAssignment](ctx, s.client.Sender, refs)
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
	if err := markUsed(ctx, ix, assigned); err != nil {
		return nil, err
	}
	switch {
	case c.Offset+len(part) < len(ids):
		c.Offset += len(part)
		return &c, nil
	case more:
		return &cursor{Version: tokenVersion, Phase: phaseVerify, Page: c.Page + 1}, nil
	default:
		return &cursor{Version: tokenVersion, Phase: phaseRoles}, nil
	}
}

// markRoles marks whoever holds directory roles, or may activate them, at any
// scope: the rows do not tell who of them is a service principal.
func (s *applicationSyncer) markRoles(ctx context.Context, ix index, c cursor) (*cursor, error) {
	if c.Phase == phaseRoles {
		c.Phase = ""
	}
	reader := roleReader{kit: kit{client: s.client, left: &tally{}, decider: s.decider}, marking: true} // The roles' own reading counts what is left out.
	rows, next, err := reader.read(ctx, ix, c)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(rows))
	for i := range rows {
		ids = append(ids, rows[i].ID)
	}
	if next == nil {
		next = &cursor{Version: tokenVersion, Phase: phaseKeep}
		reads, err := s.decider.reads(ctx, ix, dataConsents)
		if err != nil {
			return nil, err
		}
		if reads {
			next.Phase = phaseConsents
		}
	}
	return next, markUsed(ctx, ix, ids)
}

func (s *applicationSyncer) markConsents(ctx context.Context, ix index, c cursor) (*cursor, error) {
	page, err := readPage(ctx, c, s.client.ListOAuth2PermissionGrants)
	if c.beginning() && canBeLeftOut(dataConsents, err) { // The consents' own listing leaves them out.
		return &cursor{Version: tokenVersion, Phase: phaseKeep}, nil
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range page.rows {
		ids = append(ids, objectID(page.rows[i].ClientID))
	}
	return following(page, c, phaseKeep), markUsed(ctx, ix, ids)
}

// dropUnused leaves out the applications of a page that take part in nothing.
func (s *applicationSyncer) dropUnused(ctx context.Context, ix index, rows []graph.ServicePrincipal) ([]graph.ServicePrincipal, error) {
	ids := make([]string, 0, len(rows))
	for i := range rows {
		ids = append(ids, objectID(rows[i].ID))
	}
	used, err := usedAmong(ctx, ix, ids)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(rows, func(sp graph.ServicePrincipal) bool {
		return !used[objectID(sp.ID)] && sp.MemberOf != nil && len(sp.MemberOf) == 0 && len(sp.PasswordCredentials) == 0 && len(sp.KeyCredentials) == 0
	})
	s.left.add(leftUnassigned, len(ids)-len(kept))
	return kept, nil
}
