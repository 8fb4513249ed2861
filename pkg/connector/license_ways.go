package connector

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Licences are read with the users and groups that hold them, and wait in the
// index for the grants. Earlier builds left rows of another form under the keys
// "userlicenses" and "grouplicenses": an unfinished sync of theirs has nothing here,
// and has to be started over.
const (
	// keyUserLicenses leads to the pages of what users hold.
	keyUserLicenses = "licensees/users"
	// keyGroupLicenses leads to the pages of what groups give.
	keyGroupLicenses = "licensees/groups"
	// keyLicenseWay leads to one way of having a product.
	keyLicenseWay = "licenseway/"
)

// licenseWay is how somebody came by a product. A tenant has thousands of people
// and few ways: each is stored once, with its service plans, of which there can
// be fifty.
type licenseWay struct {
	SKU string `json:"s"`
	// Group gives the product; empty where it was given directly.
	Group string `json:"g,omitempty"`
	// State and Error are what Graph says of it; a group's own have none.
	State string `json:"t,omitempty"`
	Error string `json:"e,omitempty"`
	// Off are the service plans that are switched off. What a group switches
	// off is said of the group.
	Off []string `json:"o,omitempty"`
}

// source names where the product comes from.
func (w *licenseWay) source() string {
	if w.Group == "" {
		return "directly"
	}
	return "group " + w.Group
}

// licenseWays are ways by the keys that they are stored under.
type licenseWays map[string]licenseWay

// wayKeyBytes is how much of a way's hash is its key: far too much for two ways
// to share one by chance or on purpose.
const wayKeyBytes = 12

// add notes a way, and gives its key: the same for the same way on every page
// and in every process.
func (ways licenseWays) add(w licenseWay) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{w.SKU, w.Group, w.State, w.Error}, w.Off...), "\x00")))
	key := hex.EncodeToString(sum[:wayKeyBytes])
	ways[key] = w
	return key
}

// licensee is who has products, and the keys of the ways.
type licensee struct {
	ID   string   `json:"i"`
	Ways []string `json:"w"`
}

// ofUser appends what a user has, and what failed, if there is anything.
func (ways licenseWays) ofUser(rows []licensee, u *graph.User) []licensee {
	held := licensee{ID: objectID(u.ID)}
	for i := range u.LicenseAssignmentStates {
		state := &u.LicenseAssignmentStates[i]
		way := licenseWay{SKU: objectID(state.SKUID), Group: objectID(state.AssignedByGroup), State: state.State, Error: state.Error}
		if way.Group == "" {
			way.Off = planIDs(state.DisabledPlans)
		}
		held.Ways = append(held.Ways, ways.add(way))
	}
	return appendLicensee(rows, held)
}

// ofGroup appends what a group gives, if anything.
func (ways licenseWays) ofGroup(rows []licensee, g *graph.Group) []licensee {
	gives := licensee{ID: objectID(g.ID)}
	for _, l := range g.AssignedLicenses {
		gives.Ways = append(gives.Ways, ways.add(licenseWay{SKU: objectID(l.SKUID), Off: planIDs(l.DisabledPlans)}))
	}
	return appendLicensee(rows, gives)
}

func appendLicensee(rows []licensee, l licensee) []licensee {
	if len(l.Ways) == 0 {
		return rows
	}
	slices.Sort(l.Ways)
	l.Ways = slices.Compact(l.Ways)
	return append(rows, l)
}

// planIDs are service plans in one order, so that the same plans are one way.
func planIDs(plans []string) []string {
	ids := make([]string, 0, len(plans))
	for _, plan := range plans {
		ids = append(ids, objectID(plan))
	}
	slices.Sort(ids)
	return ids
}

// putLicensees notes a page of who has products, with the ways that it names.
func putLicensees(ctx context.Context, ix index, prefix string, page int, last bool, rows []licensee, ways licenseWays) error {
	if err := put(ctx, ix, keyLicenseWay, ways); err != nil {
		return err
	}
	return putPage(ctx, ix, prefix, page, last, rows)
}

// getLicensees reads such a page, and reports whether more follow.
func getLicensees(ctx context.Context, ix index, prefix string, page int) ([]licensee, licenseWays, bool, error) {
	rows, more, err := getPage[licensee](ctx, ix, prefix, page)
	if err != nil {
		return nil, nil, false, err
	}
	var keys []string
	for i := range rows {
		keys = append(keys, rows[i].Ways...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	ways, err := get[licenseWay](ctx, ix, keyLicenseWay, keys)
	if err != nil {
		return nil, nil, false, err
	}
	if len(ways) != len(keys) {
		return nil, nil, false, fmt.Errorf("%w (%s)", errIndexLost, keyLicenseWay)
	}
	return rows, ways, more, nil
}

// bySKU are the ways of one licensee, those of a product together: what was given
// directly first, then by group.
func (ways licenseWays) bySKU(l *licensee) [][]licenseWay {
	own := make([]licenseWay, 0, len(l.Ways))
	for _, key := range l.Ways {
		own = append(own, ways[key])
	}
	slices.SortStableFunc(own, func(a, b licenseWay) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Group, b.Group))
	})
	var products [][]licenseWay
	for len(own) > 0 {
		n := 1
		for n < len(own) && own[n].SKU == own[0].SKU {
			n++
		}
		products = append(products, own[:n:n])
		own = own[n:]
	}
	return products
}

// licenseErrors are a person's assignments of products that do not work, with the
// group of each that comes through one.
func licenseErrors(u *graph.User) []any {
	failed := slices.DeleteFunc(slices.Clone(u.LicenseAssignmentStates), func(s graph.LicenseAssignmentState) bool { return graph.LicenseWorks(s.State) })
	slices.SortStableFunc(failed, func(a, b graph.LicenseAssignmentState) int {
		return strings.Compare(objectID(a.SKUID+a.AssignedByGroup), objectID(b.SKUID+b.AssignedByGroup))
	})
	var told []any
	for i := range failed {
		row := map[string]any{"skuId": objectID(failed[i].SKUID)}
		setNonEmpty(row, map[string]string{"assignedByGroup": objectID(failed[i].AssignedByGroup), "state": failed[i].State, "error": failed[i].Error})
		told = append(told, row)
	}
	return told
}
