package asked

import (
	"cmp"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
)

// Given is an access package that somebody has.
type Given struct {
	ID, Name, End string
	Partly        bool
}

// ByPackages are the packages by which something is held directly, by "entitlement <-
// type:id": the one that lasts longest first.
func (t *Tenant) ByPackages() map[string][]Given {
	direct := map[string]bool{}
	expect.Snapshot(t.truth, expect.Options{}, func(kind expect.Kind, row string) {
		if kind == expect.Direct {
			direct[row] = true
		}
	})
	found := map[string][]Given{}
	for i := range t.truth.AccessPackages {
		p := &t.truth.AccessPackages[i]
		for _, c := range p.Contents {
			if c.Type == "" {
				continue
			}
			for _, a := range t.truth.PackageAssignments {
				row := c.Type + ":" + c.ID + ":" + c.Role + " <- " + a.Principal.Type + ":" + a.Principal.ID
				if a.PackageID == p.ID && direct[row] {
					found[row] = append(found[row], Given{ID: p.ID, Name: p.DisplayName, End: a.End, Partly: strings.EqualFold(a.State, "partiallyDelivered")})
				}
			}
		}
	}
	for row := range found {
		slices.SortStableFunc(found[row], func(a, b Given) int {
			if order := cmp.Compare(b.lasts(), a.lasts()); order != 0 {
				return order
			}
			return cmp.Compare(a.ID, b.ID)
		})
		seen := map[string]bool{}
		found[row] = slices.DeleteFunc(found[row], func(g Given) bool {
			again := seen[g.ID]
			seen[g.ID] = true
			return again
		})
	}
	return found
}

// lasts is a text that is the larger, the longer a package is held.
func (g *Given) lasts() string { return cmp.Or(g.End, "9999") }
