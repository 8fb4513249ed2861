package graphsim

import (
	"slices"
	"sort"
	"strings"
	"sync"
)

const signInNameProperty = "userPrincipalName"

// signInNames keeps people in the order of their sign-in names, which large tenants are asked for a page at a time.
type signInNames struct {
	mu    sync.Mutex
	valid bool
	rows  []Ref
	keys  []string // In lower case, in the order of the rows.
}

// forget drops the order: somebody came, went, or got another name.
func (n *signInNames) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.valid, n.rows, n.keys = false, nil, nil
}

// bySignInName is every user there is room for, gone ones included, in the order of their sign-in names, and the names in
// lower case. Callers hold t.mu.
func (t *Tenant) bySignInName() ([]Ref, []string) {
	n := t.names
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.valid {
		return n.rows, n.keys
	}
	type named struct {
		row Ref
		key string
	}
	all := make([]named, t.count(KindUser))
	for i := range all {
		all[i] = named{userRef(i), strings.ToLower(t.userSignInName(i))}
	}
	slices.SortStableFunc(all, func(a, b named) int { return strings.Compare(a.key, b.key) })
	n.rows, n.keys = make([]Ref, len(all)), make([]string, len(all))
	for i, one := range all {
		n.rows[i], n.keys[i] = one.row, one.key
	}
	n.valid = true
	return n.rows, n.keys
}

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
func (p *filterParser) bound(prop property, operator string, literals ...any) {
	if p.entity == nil || p.entity.kind != KindUser {
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
	case prop.name == "id" && (operator == opEqual || operator == "in"):
		p.result.bounds.oneOf(texts...)
	case prop.name != signInNameProperty:
	case operator == opEqual:
		p.result.bounds.atLeast(texts[0])
		p.result.bounds.atMost(texts[0])
	case operator == "ge":
		p.result.bounds.atLeast(texts[0])
	case operator == "le":
		p.result.bounds.atMost(texts[0])
	}
}

// conjunction is whether a filter is made of comparisons that all have to hold.
func conjunction(tokens []token) bool {
	return !slices.ContainsFunc(tokens, func(t token) bool { return t.kind == tokenWord && (t.text == "or" || t.text == "not") })
}

// narrowed is a list of people without most of those that its filter does not match: ranges of sign-in names and lists of
// ids are asked for by the thousand.
func (c *call) narrowed(col collection, q *query) collection {
	b := q.filter.bounds
	if !col.ordinary || col.entity == nil || col.entity.kind != KindUser {
		return col
	}
	switch {
	case b.byID:
		var rows []Ref
		for _, id := range b.ids {
			if r, found := c.tenant.find(KindUser, id); found {
				rows = append(rows, r)
			}
		}
		narrow := refs(col.set, col.entity, distinct(rows))
		narrow.ordinary = true
		return narrow
	case b.ranged:
		rows, keys := c.tenant.bySignInName()
		from, to := sort.SearchStrings(keys, b.from), len(keys)
		if b.to != "" {
			to = sort.Search(len(keys), func(i int) bool { return keys[i] > b.to })
		}
		narrow := refs(col.set, col.entity, rows[from:max(from, to)])
		narrow.ordinary = true
		return narrow
	}
	return col
}
