package limits

import (
	"sync"
	"time"
)

// Budget is what Graph lets one application spend in one tenant: so many
// resource units in so much time (throttling-limits).
type Budget struct {
	Units int
	Per   time.Duration
}

// The documented budgets of tenants with under 50, up to 500, and more users.
var (
	BudgetS = Budget{Units: 3500, Per: 10 * time.Second}
	BudgetM = Budget{Units: 5000, Per: 10 * time.Second}
	BudgetL = Budget{Units: 8000, Per: 10 * time.Second}
)

const (
	// warnFrom is the part of a budget from which answers say how much is used.
	warnFrom = 0.8
	// deepest is how far a client that goes on when refused can get into debt, as a part of its budget.
	deepest = 0.8
)

// Bucket meters resource units: it holds a budget and fills evenly.
type Bucket struct {
	mu      sync.Mutex
	budget  Budget
	units   float64
	filled  time.Time
	refused int
	highest float64
}

// Set puts a budget in force, none of it spent; the zero Budget limits nothing.
func (b *Bucket) Set(budget Budget, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.budget, b.units, b.filled = budget, float64(budget.Units), now
}

func (b *Bucket) limited() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.budget.Units > 0
}

// charge takes the units of a request. It gives the used part of the budget, and the seconds to wait where the request
// is refused; refused requests count too.
func (b *Bucket) charge(now time.Time, units int) (float64, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.budget.Units == 0 {
		return 0, 0
	}
	whole := float64(b.budget.Units)
	rate := whole / b.budget.Per.Seconds()
	b.units = min(whole, b.units+rate*max(0, now.Sub(b.filled).Seconds()))
	b.filled = now
	b.units = max(b.units-float64(units), -deepest*whole)
	used := 1 - b.units/whole
	b.highest = max(b.highest, used)
	if b.units >= 0 {
		return used, 0
	}
	b.refused++
	return used, int(-b.units/rate) + 1
}

// Totals gives the refusals and the highest use since the last time, for Stats.
func (b *Bucket) Totals(reset bool) (int, float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	refused, highest := b.refused, b.highest
	if reset {
		b.refused, b.highest = 0, 0
	}
	return refused, highest
}
