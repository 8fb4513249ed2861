package licenses

import (
	"cmp"
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// keyProduct leads to what the pages of products before have said of one. There
// is one page in practice, and nothing is stored then.
const keyProduct = "product/"

// productPart is what one page says of a product.
type productPart struct {
	Page    int                 `json:"p"`
	Product graph.SubscribedSKU `json:"s"`
}

// capabilities are the states of a product, the best first
// (https://learn.microsoft.com/graph/api/resources/subscribedsku).
var capabilities = []string{"Enabled", "Warning", "Suspended", "LockedOut", "Deleted"}

// mergeProducts makes one of the rows of each product, in the order in which they
// come first. A product that was bought in two ways can have two rows: each has
// its own seats.
func mergeProducts(rows []graph.SubscribedSKU) []graph.SubscribedSKU {
	merged := make([]graph.SubscribedSKU, 0, len(rows))
	at := map[string]int{}
	for i := range rows {
		id := model.ObjectID(rows[i].SKUID)
		if k, seen := at[id]; seen {
			addProduct(&merged[k], &rows[i])
			continue
		}
		at[id] = len(merged)
		merged = append(merged, rows[i])
	}
	return merged
}

// addProduct adds a further row of a product to the first.
func addProduct(to, row *graph.SubscribedSKU) {
	to.SKUPartNumber = cmp.Or(to.SKUPartNumber, row.SKUPartNumber)
	to.AppliesTo = cmp.Or(to.AppliesTo, row.AppliesTo)
	if betterCapability(row.CapabilityStatus, to.CapabilityStatus) {
		to.CapabilityStatus = row.CapabilityStatus
	}
	to.ConsumedUnits += row.ConsumedUnits
	to.PrepaidUnits.Enabled += row.PrepaidUnits.Enabled
	to.PrepaidUnits.Warning += row.PrepaidUnits.Warning
	to.PrepaidUnits.Suspended += row.PrepaidUnits.Suspended
	to.PrepaidUnits.LockedOut += row.PrepaidUnits.LockedOut
	plans := slices.Clone(to.ServicePlans)
	for _, p := range row.ServicePlans {
		if !slices.ContainsFunc(plans, func(known graph.ServicePlan) bool { return model.ObjectID(known.ID) == model.ObjectID(p.ID) }) {
			plans = append(plans, p)
		}
	}
	to.ServicePlans = plans
}

// betterCapability reports whether a state is better than another one. One that
// is not known is the worst.
func betterCapability(state, than string) bool {
	rank := func(s string) int {
		if at := slices.Index(capabilities, s); at >= 0 {
			return at
		}
		return len(capabilities)
	}
	return rank(state) < rank(than)
}

// mergePages adds what the pages before have said of a page's products: a row that
// is given later takes the place of the one before. Each page's part is kept by
// itself, so that a page that is read twice counts once.
func mergePages(ctx context.Context, ix walk.Index, page *walk.Listed[graph.SubscribedSKU]) error {
	page.Rows = mergeProducts(page.Rows)
	if page.Restarted || page.Page == 0 && page.Next == nil {
		return nil
	}
	ids := make([]string, 0, len(page.Rows))
	for i := range page.Rows {
		ids = append(ids, model.ObjectID(page.Rows[i].SKUID))
	}
	kept, err := walk.Get[[]productPart](ctx, ix, keyProduct, slices.Clone(ids))
	if err != nil {
		return err
	}
	parts := make(map[string][]productPart, len(ids))
	for i, id := range ids {
		// Later pages are of a listing that was begun again.
		before := slices.DeleteFunc(kept[id], func(p productPart) bool { return p.Page >= page.Page })
		parts[id] = append(before, productPart{page.Page, page.Rows[i]})
		for k := range before {
			addProduct(&page.Rows[i], &before[k].Product)
		}
	}
	return walk.Put(ctx, ix, keyProduct, parts)
}
