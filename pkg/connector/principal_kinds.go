package connector

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// keyPrincipal leads to what Graph has said of a principal that is in nothing that
// was listed: its type, or one of these.
const (
	keyPrincipal = "principal/"

	principalGone   = "gone"
	principalUnsaid = "unsaid"
)

// identified are principals that came without their kind.
type identified struct {
	*principals
	// said is what Graph says of those that are not in the snapshot.
	said map[string]string
}

// principalListings are listings by principal id, of graph.PrincipalRow, in which
// a principal has a row. The next is asked where one has none or is refused.
type principalListings func(id string) []string

// identify tells what principals of unknown kind are. Most are in the snapshot; of
// the others Graph is asked, once in a sync.
func (ix index) identify(ctx context.Context, client *graph.Client, ids []string, in principalListings) (*identified, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	known, err := ix.principals(ctx, slices.Clone(ids), slices.Clone(ids))
	if err != nil {
		return nil, err
	}
	strangers := slices.DeleteFunc(ids, func(id string) bool { return known.kindOf(id) != graph.KindOther })
	said, err := get[string](ctx, ix, keyPrincipal, slices.Clone(strangers))
	if err != nil {
		return nil, err
	}
	open := slices.DeleteFunc(strangers, func(id string) bool { return said[id] != "" })
	if len(open) == 0 {
		return &identified{known, said}, nil
	}
	fresh, err := askPrincipals(ctx, client, open, in)
	if err != nil {
		return nil, err
	}
	for id, what := range said {
		fresh[id] = what
	}
	return &identified{known, fresh}, put(ctx, ix, keyPrincipal, fresh)
}

// stranger is a principal that Graph is asked about.
type stranger struct {
	id string
	// next is the page to read now, and others are the listings that are left.
	next   string
	others []string
	trail  trail
}

// askPrincipals asks Graph what principals are. One that no listing tells about is
// principalUnsaid: nothing is guessed.
func askPrincipals(ctx context.Context, client *graph.Client, ids []string, in principalListings) (map[string]string, error) {
	said := make(map[string]string, len(ids))
	open := make([]stranger, 0, len(ids))
	for _, id := range ids {
		listings := in(id)
		open = append(open, stranger{id: id, next: listings[0], others: listings[1:]})
	}
	for len(open) > 0 {
		part := open[:min(len(open), graph.MaxBatchSize)]
		rest := slices.Clone(open[len(part):])
		refs := make([]string, 0, len(part))
		for _, s := range part {
			refs = append(refs, s.next)
		}
		pages, err := graph.BatchPages[graph.PrincipalRow](ctx, client, refs)
		if err != nil {
			return nil, err
		}
		for i, page := range pages {
			s := part[i]
			switch {
			case page.Err != nil && !unanswered(page.Err):
				return nil, page.Err
			case page.Err == nil && len(page.Page.Items) > 0:
				said[s.id] = saidOf(page.Page.Items)
			case page.Err == nil && page.Page.Next != "": // A page without rows is no answer yet.
				if err := s.trail.follow(0, page.Page.Next); err != nil {
					return nil, err
				}
				s.next = page.Page.Next
				rest = append(rest, s)
			case len(s.others) > 0:
				rest = append(rest, stranger{id: s.id, next: s.others[0], others: s.others[1:]})
			default:
				said[s.id] = principalUnsaid
			}
		}
		open = rest
	}
	return said, nil
}

// unanswered reports whether Graph will not give an answer, whatever is done.
func unanswered(err error) bool {
	return graph.IsRefusedForm(err) || graph.IsAccessDenied(err) || graph.IsUnlicensed(err) || graph.IsNotFound(err)
}

// saidOf is what rows of one principal say of it.
func saidOf(rows []graph.PrincipalRow) string {
	for _, row := range rows {
		switch {
		case row.Principal == nil:
		case row.Principal.ODataType == "":
			return principalUnsaid
		default:
			return row.Principal.ODataType
		}
	}
	return principalGone
}

// gone reports whether a principal no longer exists.
func (i *identified) gone(id string) bool { return i.said[id] == principalGone }

// holder is the resource type of a principal and its kind, if it is in the
// snapshot. What is left out is counted in left.
func (i *identified) holder(id string, left *tally) (string, graph.ObjectKind, bool) {
	kind := i.kindOf(id)
	if kind == graph.KindOther {
		switch said := i.said[id]; said {
		case principalGone:
			left.add(leftOrphaned, 1)
			return "", kind, false
		case principalUnsaid, "":
			left.add(leftUnsaid, 1)
			return "", kind, false
		default:
			kind = graph.Reference{ODataType: said}.Kind()
		}
	}
	resourceType, ok := i.typeOf(kind, id, left)
	return resourceType, kind, ok
}
