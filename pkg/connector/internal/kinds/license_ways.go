package kinds

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Licences are read with the users and groups that hold them, and wait in the
// index for the grants. Earlier builds left rows of another form under the keys
// "userlicenses" and "grouplicenses": an unfinished sync of theirs has nothing here,
// and has to be started over.
const (
	// KeyUserLicenses leads to the pages of what users hold.
	KeyUserLicenses = "licensees/users"
	// KeyGroupLicenses leads to the pages of what groups give.
	KeyGroupLicenses = "licensees/groups"
	// keyLicenseWay leads to one way of having a product.
	keyLicenseWay = "licenseway/"
)

// LicenseWay is how somebody came by a product. A tenant has thousands of people
// and few ways: each is stored once, with its service plans, of which there can
// be fifty.
type LicenseWay struct {
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

// Source names where the product comes from.
func (w *LicenseWay) Source() string {
	if w.Group == "" {
		return "directly"
	}
	return "group " + w.Group
}

// LicenseWays are ways by the keys that they are stored under.
type LicenseWays map[string]LicenseWay

// wayKeyBytes is how much of a way's hash is its key: far too much for two ways
// to share one by chance or on purpose.
const wayKeyBytes = 12

// add notes a way, and gives its key: the same for the same way on every page
// and in every process.
func (ways LicenseWays) add(w LicenseWay) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{w.SKU, w.Group, w.State, w.Error}, w.Off...), "\x00")))
	key := hex.EncodeToString(sum[:wayKeyBytes])
	ways[key] = w
	return key
}

// Licensee is who has products, and the keys of the ways.
type Licensee struct {
	ID   string   `json:"i"`
	Ways []string `json:"w"`
}

// OfUser appends what a user has, and what failed, if there is anything.
func (ways LicenseWays) OfUser(rows []Licensee, u *graph.User) []Licensee {
	held := Licensee{ID: model.ObjectID(u.ID)}
	for i := range u.LicenseAssignmentStates {
		state := &u.LicenseAssignmentStates[i]
		way := LicenseWay{SKU: model.ObjectID(state.SKUID), Group: model.ObjectID(state.AssignedByGroup), State: state.State, Error: state.Error}
		if way.Group == "" {
			way.Off = planIDs(state.DisabledPlans)
		}
		held.Ways = append(held.Ways, ways.add(way))
	}
	return appendLicensee(rows, held)
}

// OfGroup appends what a group gives, if anything.
func (ways LicenseWays) OfGroup(rows []Licensee, g *graph.Group) []Licensee {
	gives := Licensee{ID: model.ObjectID(g.ID)}
	for _, l := range g.AssignedLicenses {
		gives.Ways = append(gives.Ways, ways.add(LicenseWay{SKU: model.ObjectID(l.SKUID), Off: planIDs(l.DisabledPlans)}))
	}
	return appendLicensee(rows, gives)
}

func appendLicensee(rows []Licensee, l Licensee) []Licensee {
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
		ids = append(ids, model.ObjectID(plan))
	}
	slices.Sort(ids)
	return ids
}

// PutLicensees notes a page of who has products, with the ways that it names.
func PutLicensees(ctx context.Context, ix walk.Index, prefix string, page int, last bool, rows []Licensee, ways LicenseWays) error {
	if err := walk.Put(ctx, ix, keyLicenseWay, ways); err != nil {
		return err
	}
	return walk.PutPage(ctx, ix, prefix, page, last, rows)
}

// GetLicensees reads such a page, and reports whether more follow.
func GetLicensees(ctx context.Context, ix walk.Index, prefix string, page int) ([]Licensee, LicenseWays, bool, error) {
	rows, more, err := walk.GetPage[Licensee](ctx, ix, prefix, page)
	if err != nil {
		return nil, nil, false, err
	}
	var keys []string
	for i := range rows {
		keys = append(keys, rows[i].Ways...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	ways, err := walk.Get[LicenseWay](ctx, ix, keyLicenseWay, keys)
	if err != nil {
		return nil, nil, false, err
	}
	if len(ways) != len(keys) {
		return nil, nil, false, fmt.Errorf("%w (%s)", walk.ErrIndexLost, keyLicenseWay)
	}
	return rows, ways, more, nil
}

// BySKU are the ways of one licensee, those of a product together: what was given
// directly first, then by group.
func (ways LicenseWays) BySKU(l *Licensee) [][]LicenseWay {
	own := make([]LicenseWay, 0, len(l.Ways))
	for _, key := range l.Ways {
		own = append(own, ways[key])
	}
	slices.SortStableFunc(own, func(a, b LicenseWay) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Group, b.Group))
	})
	var products [][]LicenseWay
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

// LicenseErrors are a person's assignments of products that do not work, with the
// group of each that comes through one.
func LicenseErrors(u *graph.User) []any {
	failed := slices.DeleteFunc(slices.Clone(u.LicenseAssignmentStates), func(s graph.LicenseAssignmentState) bool { return graph.LicenseWorks(s.State) })
	slices.SortStableFunc(failed, func(a, b graph.LicenseAssignmentState) int {
		return strings.Compare(model.ObjectID(a.SKUID+a.AssignedByGroup), model.ObjectID(b.SKUID+b.AssignedByGroup))
	})
	var told []any
	for i := range failed {
		row := map[string]any{"skuId": model.ObjectID(failed[i].SKUID)}
		model.SetNonEmpty(row, map[string]string{"assignedByGroup": model.ObjectID(failed[i].AssignedByGroup), "state": failed[i].State, "error": failed[i].Error})
		told = append(told, row)
	}
	return told
}
