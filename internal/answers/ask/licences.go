package ask

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

var licences = &Question{
	Name: "licences", Short: "Licences: seats, who has them through which groups, what failed", ask: askLicences,
	needs: []need{{data: access.DataLicences, lacking: "licences were not read", gap: true}},
}

func askLicences(ctx context.Context, q *query) error {
	q.columns(Column{Key: "product", Title: "Product"}, Column{Key: "purchased", Title: "Seats"}, Column{Key: "consumed", Title: "Used"},
		Column{Key: "direct", Title: "Direct"}, Column{Key: "through_groups", Title: "By group"}, Column{Key: "groups", Title: "Groups"}, Column{Key: "failed", Title: "Failed"},
		Column{Key: "part_number", Detail: true}, Column{Key: "id", Detail: true})
	failed, err := q.failedLicences(ctx)
	if err != nil {
		return err
	}
	for o, err := range q.s.Objects(ctx, access.TypeLicense) {
		if err != nil {
			return err
		}
		if err := q.licence(ctx, o, failed[o.ID]); err != nil {
			return err
		}
	}
	q.sort(0)
	q.Headline = count(len(q.Rows), "product", "products") + " with licences."
	return nil
}

func (q *query) licence(ctx context.Context, o *access.Object, failed int) error {
	var groups []string
	direct, through := 0, 0
	for h, err := range q.s.Holders(ctx, access.EntitlementID(o.Ref, access.SlugAssigned)) {
		if err != nil {
			return err
		}
		switch {
		case h.Principal.Type == access.TypeGroup:
			group, err := q.s.Object(ctx, h.Principal)
			if err != nil {
				return err
			}
			groups = append(groups, group.Called())
			continue
		case h.Direct:
			direct++
		}
		if len(h.Sources) > 0 {
			through++
		}
	}
	q.row(o.Called(), strconv.FormatInt(o.Purchased, 10), strconv.FormatInt(o.Consumed, 10), strconv.Itoa(direct), strconv.Itoa(through),
		strings.Join(groups, "; "), strconv.Itoa(failed), o.Text("skuPartNumber"), o.ID)
	return nil
}

// failedLicences counts, by product, the people for whom an assignment does not work.
func (q *query) failedLicences(ctx context.Context) (map[string]int, error) {
	failed := map[string]int{}
	for o, err := range q.s.Objects(ctx, access.TypeUser) {
		if err != nil {
			return nil, err
		}
		products := map[string]bool{}
		list, _ := o.Profile["licenseErrors"].([]any)
		for _, item := range list {
			if row, ok := item.(map[string]any); ok {
				products[fmt.Sprint(row["skuId"])] = true
			}
		}
		for product := range products {
			failed[product]++
		}
	}
	return failed, nil
}
