package kinds

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// keyPrincipal leads to what the listings of a kind have said of a principal that
// is in nothing that was listed: its type, or PrincipalGone. That they say nothing
// is not noted: another row may lead to another listing that does.
const (
	keyPrincipal = "principal/"

	PrincipalGone = "gone"
)

// The kinds of listings. What is gone by one may be known to the other.
const (
	SayRoles  = "roles/"
	SayGroups = "groups/"
	SayOwners = "catalogues/"
)

// Identified are principals that came without their kind.
type Identified struct {
	*Principals
	// said is what Graph says of those that are not in the snapshot.
	said map[string]string
	// refusal is why no listing has answered about one of them.
	refusal error
}

// Sure fails where somebody may be a person of whom Graph refuses to tell, in a sync
// that lists no people by whom to know that. While people are listed still, nothing
// is to be made of it.
func (i *Identified) Sure() error {
	if i.people != nil {
		return nil
	}
	return i.refusal
}

// principalListings are listings by principal id, of graph.PrincipalRow, in which
// a principal has a row. The next is asked where one has none or is refused.
type principalListings func(id string) []string

// Identify tells what principals of unknown kind are. Most are in the snapshot; of
// the others the listings of a kind are asked, until they have told.
func Identify(ctx context.Context, ix walk.Index, client *graph.Client, ids []string, kind string, in principalListings) (*Identified, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	known, err := LookUpPrincipals(ctx, ix, slices.Clone(ids), slices.Clone(ids))
	if err != nil {
		return nil, err
	}
	strangers := slices.DeleteFunc(ids, func(id string) bool { return known.kindOf(id) != graph.KindOther })
	said, err := walk.Get[string](ctx, ix, keyPrincipal+kind, slices.Clone(strangers))
	if err != nil {
		return nil, err
	}
	open := slices.DeleteFunc(strangers, func(id string) bool { return said[id] != "" })
	if len(open) == 0 {
		return &Identified{Principals: known, said: said}, nil
	}
	fresh, refusal, err := AskPrincipals(ctx, client, open, in)
	if err != nil {
		return nil, err
	}
	for id, what := range said {
		fresh[id] = what
	}
	return &Identified{known, fresh, refusal}, walk.Put(ctx, ix, keyPrincipal+kind, fresh)
}

// stranger is a principal that Graph is asked about.
type stranger struct {
	id string
	// next is the page to read now, and others are the listings that are left.
	next   string
	others []string
	trail  walk.Trail
	// answered means that a listing has answered, be it with no row.
	answered bool
}

// AskPrincipals asks Graph what principals are, and returns what it says by their
// ids. Of one that no listing tells about nothing is guessed; the first error is
// why, where all of them refused to answer. The second is that of asking.
func AskPrincipals(ctx context.Context, client *graph.Client, ids []string, in principalListings) (map[string]string, error, error) {
	var refusal error
	said := make(map[string]string, len(ids))
	open := make([]stranger, 0, len(ids))
	for _, id := range ids {
		listings := in(id)
		open = append(open, stranger{id: id, next: listings[0], others: listings[1:]})
	}
	for len(open) > 0 {
		part := open[:min(len(open), sending.MaxBatchSize)]
		rest := slices.Clone(open[len(part):])
		refs := make([]string, 0, len(part))
		for _, s := range part {
			refs = append(refs, s.next)
		}
		pages, err := sending.BatchPages[graph.PrincipalRow](ctx, client.Sender, refs)
		if err != nil {
			return nil, nil, err
		}
		for i, page := range pages {
			s := part[i]
			answered := s.answered || page.Err == nil || failure.IsNotFound(page.Err)
			switch {
			case page.Err != nil && !unanswered(page.Err):
				return nil, nil, page.Err
			case page.Err == nil && len(page.Page.Items) > 0:
				if what := saidOf(page.Page.Items); what != "" {
					said[s.id] = what
				}
			case page.Err == nil && page.Page.Next != "": // A page without rows is no answer yet.
				if err := s.trail.Follow(0, page.Page.Next); err != nil {
					return nil, nil, err
				}
				s.next = page.Page.Next
				rest = append(rest, s)
			case len(s.others) > 0:
				rest = append(rest, stranger{id: s.id, next: s.others[0], others: s.others[1:], answered: answered})
			case !answered:
				refusal = page.Err
			}
		}
		open = rest
	}
	return said, refusal, nil
}

// unanswered reports whether Graph will not give an answer, whatever is done.
func unanswered(err error) bool {
	return forms.IsRefused(err) || failure.IsAccessDenied(err) || failure.IsUnlicensed(err) || failure.IsNotFound(err)
}

// saidOf is what rows of one principal say of it; empty for nothing.
func saidOf(rows []graph.PrincipalRow) string {
	for _, row := range rows {
		switch {
		case row.Principal == nil:
		case row.Principal.ODataType == "":
			return ""
		default:
			return row.Principal.ODataType
		}
	}
	return PrincipalGone
}

// Gone reports whether a principal no longer exists.
func (i *Identified) Gone(id string) bool { return i.said[id] == PrincipalGone }

// Holder is the resource type of a principal and its kind, if it is in the
// snapshot. What is left out is counted in left.
func (i *Identified) Holder(id string, left *walk.Tally) (string, graph.ObjectKind, bool) {
	kind := i.kindOf(id)
	if kind == graph.KindOther {
		switch said := i.said[id]; said {
		case PrincipalGone:
			left.Add(walk.LeftOrphaned, 1)
			return "", kind, false
		case "":
			left.Add(walk.LeftUnsaid, 1)
			return "", kind, false
		default:
			kind = graph.Reference{ODataType: said}.Kind()
		}
	}
	resourceType, ok := i.TypeOf(kind, id, left)
	return resourceType, kind, ok
}
