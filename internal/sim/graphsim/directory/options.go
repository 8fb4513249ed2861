package directory

// Option says how a tenant is made.
type Option func(t *Tenant)

// Without makes the tenant without some quirks, or without any when none is named.
func Without(quirks ...Quirk) Option { return switched(quirks, false) }

// With makes the tenant with quirks that are off by default.
func With(quirks ...Quirk) Option { return switched(quirks, true) }

func switched(quirks []Quirk, on bool) Option {
	if len(quirks) == 0 {
		quirks = Quirks()
	}
	return func(t *Tenant) {
		for _, q := range quirks {
			t.Quirks.Set(q, on)
		}
	}
}

// SyncedHolders gives the tenant so many synchronized groups, with so many people each, that hold one app role.
func SyncedHolders(groups, people int) Option {
	return func(t *Tenant) { t.Shape.SyncedHolders, t.Shape.SyncedPeople = groups, people }
}
