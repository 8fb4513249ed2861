package odata

import (
	"slices"
	"sort"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// bounds are what every row of a filter has to meet that can be found without looking at all rows.
type bounds struct {
	from, to string // Of sign-in names, in lower case.
	ranged   bool
	ids      []string
	byID     bool
}

// atLeast and atMost narrow the sign-in names.
func (b *bounds) atLeast(name string) {
	b.from, b.ranged = max(b.from, strings.ToLower(name)), true
}

func (b *bounds) atMost(name string) {
	if name = strings.ToLower(name); b.to == "" || name < b.to {
		b.to = name
	}
	b.ranged = true
}

func (b *bounds) oneOf(ids ...string) {
	if !b.byID {
		b.ids, b.byID = ids, true
	}
}

// bound notes a comparison that may narrow a list of users.
func (p *filterParser) bound(prop directory.Property, operator string, literals ...any) {
	if p.entity == nil || p.entity.Kind != directory.KindUser {
		return
	}
	var texts []string
	for _, one := range literals {
		s, isText := one.(string)
		if !isText {
			return
		}
		texts = append(texts, s)
	}
	switch {
	case prop.Name == "id" && (operator == OpEqual || operator == "in"):
		p.result.bounds.oneOf(texts...)
	case prop.Name != directory.SignInNameProperty:
	case operator == OpEqual:
		p.result.bounds.atLeast(texts[0])
		p.result.bounds.atMost(texts[0])
	case operator == "ge":
		p.result.bounds.atLeast(texts[0])
	case operator == "le":
		p.result.bounds.atMost(texts[0])
	}
}

// conjunction is whether a filter is made of comparisons that all have to hold.
func conjunction(tokens []Token) bool {
	return !slices.ContainsFunc(tokens, func(t Token) bool { return t.Kind == tokenWord && (t.Text == "or" || t.Text == "not") })
}

// narrowed is a list of people without most of those that its filter does not match: ranges of sign-in names and lists of
// ids are asked for by the thousand.
func narrowed(c *api.Call, col Collection, q *query) Collection {
	b := q.filter.bounds
	if !col.Ordinary || col.Entity == nil || col.Entity.Kind != directory.KindUser {
		return col
	}
	switch {
	case b.byID:
		var rows []directory.Ref
		for _, id := range b.ids {
			if r, found := c.Tenant.Find(directory.KindUser, id); found {
				rows = append(rows, r)
			}
		}
		narrow := Refs(col.Set, col.Entity, directory.Distinct(rows))
		narrow.Ordinary = true
		return narrow
	case b.ranged:
		rows, keys := c.Tenant.BySignInName()
		from, to := sort.SearchStrings(keys, b.from), len(keys)
		if b.to != "" {
			to = sort.Search(len(keys), func(i int) bool { return keys[i] > b.to })
		}
		narrow := Refs(col.Set, col.Entity, rows[from:max(from, to)])
		narrow.Ordinary = true
		return narrow
	}
	return col
}
