package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// licenceRow is a product.
type licenceRow struct {
	Licence   int    `json:"licence"`
	Name      string `json:"name"`
	Status    string `json:"status,omitempty"`
	Purchased int64  `json:"purchased"`
	Consumed  int64  `json:"consumed"`
	// Direct and People are how many people have it directly, and at all.
	Direct int               `json:"direct"`
	People int               `json:"people"`
	Groups []licenceGroupRow `json:"groups,omitempty"`
	// Failed is how many assignments do not work.
	Failed int `json:"failed"`
}

// licenceGroupRow is a group that gives a product, and to how many people.
type licenceGroupRow struct {
	Group  int `json:"group"`
	People int `json:"people"`
}

// licenceError is an assignment that does not work.
type licenceError struct {
	Who     int    `json:"who"`
	Licence int    `json:"licence"`
	Group   int    `json:"group"`
	State   string `json:"state,omitempty"`
	Error   string `json:"error,omitempty"`

	sku, groupID string
}

// licenceCount is what holdings say of a product.
type licenceCount struct {
	direct, people int
	groups         map[int]int
}

// licences collects the products and what is wrong with them.
type licences struct {
	dir      *directory
	products []licenceRow
	errors   []licenceError
}

func (l *licences) visit(number int, o *access.Object) error {
	switch o.Type {
	case access.TypeLicense:
		l.products = append(l.products, licenceRow{
			Licence: number, Name: nameOf(o.Name), Status: clean(o.Text("capabilityStatus"), longestName), Purchased: o.Purchased, Consumed: o.Consumed,
		})
	case access.TypeUser:
		failed, _ := o.Profile["licenseErrors"].([]any)
		for _, item := range failed {
			row, _ := item.(map[string]any)
			text := func(key string) string {
				value, _ := row[key].(string)
				return value
			}
			l.errors = append(l.errors, licenceError{
				Who: number, State: clean(text("state"), longestName), Error: clean(text("error"), longestName), sku: text("skuId"), groupID: text("assignedByGroup"),
			})
		}
	}
	return nil
}

// end joins what was collected with the holdings.
func (l *licences) end(counts map[int]*licenceCount) {
	failed := map[int]int{}
	for i := range l.errors {
		e := &l.errors[i]
		e.Licence, e.Group = l.dir.number(access.Ref{Type: access.TypeLicense, ID: e.sku}), -1
		if e.groupID != "" {
			e.Group = l.dir.number(access.Ref{Type: access.TypeGroup, ID: e.groupID})
		}
		failed[e.Licence]++
	}
	for i := range l.products {
		p := &l.products[i]
		p.Failed = failed[p.Licence]
		c := counts[p.Licence]
		if c == nil {
			continue
		}
		p.Direct, p.People = c.direct, c.people
		for _, group := range slices.Sorted(maps.Keys(c.groups)) {
			p.Groups = append(p.Groups, licenceGroupRow{Group: group, People: c.groups[group]})
		}
		slices.SortStableFunc(p.Groups, func(a, b licenceGroupRow) int { return -cmp.Compare(a.People, b.People) })
	}
	slices.SortStableFunc(l.products, func(a, b licenceRow) int {
		return cmp.Or(-cmp.Compare(a.Consumed, b.Consumed), cmp.Compare(a.Name, b.Name))
	})
}

// licenceTable is the block of the section.
type licenceTable struct {
	Products []licenceRow   `json:"products"`
	Errors   []licenceError `json:"errors"`
	// More is how many errors are left out.
	More int `json:"more,omitempty"`
}
