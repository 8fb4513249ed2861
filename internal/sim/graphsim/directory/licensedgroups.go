package directory

const (
	// LicensedPart is how many users there are to one with a licence of a group, about.
	LicensedPart = 3
	// LicensedTimes is how many times the average a random group has to hold to be one that gives licences.
	LicensedTimes = 4
)

// SeatsTaken is consumed for those who ask often.
func (t *Tenant) SeatsTaken() []int {
	t.Seats.mu.Lock()
	defer t.Seats.mu.Unlock()
	if t.Seats.used == nil {
		t.Seats.used = t.Consumed()
	}
	return t.Seats.used
}

// Recount drops what was counted: something changed.
func (t *Tenant) Recount() {
	t.Seats.mu.Lock()
	defer t.Seats.mu.Unlock()
	t.Seats.used = nil
}

// Consumed counts the users with each licence in effect.
func (t *Tenant) Consumed() []int {
	out := make([]int, len(Skus))
	for i := range t.Count(KindUser) {
		if !t.Live(UserRef(i)) {
			continue
		}
		var has [8]bool
		for _, s := range t.LicenseStates(i) {
			if s.Active() && !has[s.Sku] {
				has[s.Sku] = true
				out[s.Sku]++
			}
		}
	}
	return out
}

// PrepaidUnits are the units bought of a product, by what became of them.
type PrepaidUnits struct {
	Enabled   int `json:"enabled"`
	LockedOut int `json:"lockedOut"`
	Suspended int `json:"suspended"`
	Warning   int `json:"warning"`
}

// Prepaid are the units that were bought of a product.
func (t *Tenant) Prepaid(k int) PrepaidUnits {
	if Skus[k].Status == "Suspended" {
		return PrepaidUnits{Suspended: t.Bought[k]}
	}
	return PrepaidUnits{Enabled: t.Bought[k]}
}
