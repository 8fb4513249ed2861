package users

import (
	"cmp"
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// sponsor is who answers for a guest. That gives nobody access: it is in the guest's
// profile.
type sponsor struct {
	ID string `json:"i"`
	// Person means that it is a user: the others are groups.
	Person bool   `json:"p,omitempty"`
	Name   string `json:"n,omitempty"`
}

// listSponsors reads the sponsors of one page of guests.
func (s *Syncer) listSponsors(ctx context.Context, ix walk.Index, c walk.Cursor, follow string) (*walk.Cursor, error) {
	s.Pace.Begin(string(model.DataGuestSponsors), c.Next == "")
	page, err := walk.ReadPage(ctx, c, s.Client.ListGuests)
	if err != nil {
		return nil, err
	}
	page.Rows = slices.DeleteFunc(page.Rows, func(g graph.Guest) bool { return !g.IsGuest() })
	cut := walk.MaybeCut(page, func(g *graph.Guest) (string, graph.Expanded) { return g.ID, g.Expanded() })
	full, err := walk.ReadRows[graph.NamedReference](ctx, s.Client, s.Left, model.DataGuestSponsors, cut, graph.SponsorsRef)
	if err != nil {
		return nil, err
	}
	found := make(map[string][]sponsor, len(page.Rows))
	for i := range page.Rows {
		id, rows := model.ObjectID(page.Rows[i].ID), page.Rows[i].Sponsors
		if slices.Contains(cut, id) {
			rows = full[id]
		}
		if list := sponsorsAmong(rows); len(list) > 0 {
			found[id] = list
		}
	}
	s.Pace.Add(len(page.Rows), page.Next == nil)
	return walk.Following(page, c, follow), walk.Put(ctx, ix, keySponsors, found)
}

// sponsorsAmong are the sponsors that rows stand for, each once, by their ids.
func sponsorsAmong(rows []graph.NamedReference) []sponsor {
	var list []sponsor
	for _, row := range rows {
		if row.ID != "" {
			list = append(list, sponsor{ID: model.ObjectID(row.ID), Person: row.Kind() == graph.KindUser, Name: row.DisplayName})
		}
	}
	slices.SortFunc(list, func(a, b sponsor) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(list, func(a, b sponsor) bool { return a.ID == b.ID })
}

// describeSponsors puts sponsors into the profile of a guest: their ids, and in the
// same order what they are called.
func describeSponsors(list []sponsor, profile map[string]any) {
	if len(list) == 0 {
		return
	}
	var ids, names []any
	for _, s := range list {
		ids, names = append(ids, s.ID), append(names, model.DisplayName(s.Name, s.ID))
	}
	profile["sponsorIds"], profile["sponsors"] = ids, names
}
