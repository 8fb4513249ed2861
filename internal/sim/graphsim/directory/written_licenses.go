package directory

import (
	"slices"
)

// directLicenses are the licences a user has without a group: those that follow from the index, until a write could
// make them follow from something else.
func (t *Tenant) directLicenses(i int, inherits bool) []LicenseState {
	if own, written := t.Written.direct[i]; written {
		return own
	}
	if t.MadeUser(i) {
		return nil
	}
	return t.directStates(i, inherits)
}

// freezeUser keeps a user's direct licences as they are, whatever becomes of those of groups.
func (t *Tenant) freezeUser(i int) {
	if _, written := t.Written.direct[i]; written {
		return
	}
	var own []LicenseState
	for _, s := range t.LicenseStates(i) {
		if s.Group == Directly {
			own = append(own, s)
		}
	}
	t.Written.direct[i] = own
}

// freezeDirect is freezeUser before a user comes into a group that gives licences, or leaves one.
func (t *Tenant) freezeDirect(g int, r Ref) {
	if r.Kind() == KindUser && len(t.Licensed[g]) > 0 {
		t.freezeUser(r.Index())
	}
}

// freezeMembers is freezeUser before the licences of a group change, or the group goes.
func (t *Tenant) freezeMembers(g int) {
	for _, m := range t.Groups[g].Members {
		t.freezeDirect(g, m)
	}
}

// refuseSeats notes the licences of a group that no unit is left for when a user comes in.
func (t *Tenant) refuseSeats(g int, r Ref) {
	if r.Kind() != KindUser || len(t.Licensed[g]) == 0 {
		return
	}
	for _, l := range t.Licensed[g] {
		delete(t.Written.unserved, licenseKey{r.Index(), g, l.Sku})
	}
	used := t.Consumed() // The user counts already.
	for _, l := range t.Licensed[g] {
		key := licenseKey{r.Index(), g, l.Sku}
		if used[l.Sku] > t.Prepaid(l.Sku).Enabled {
			t.Written.unserved[key] = struct{}{}
		}
	}
}

// LicenseUser changes the licences a user has directly.
func (t *Tenant) LicenseUser(i int, change LicenseChange) {
	t.freezeUser(i)
	own := slices.DeleteFunc(slices.Clone(t.Written.direct[i]), func(s LicenseState) bool {
		return slices.Contains(change.Remove, s.Sku) || slices.ContainsFunc(change.Add, func(l GroupLicense) bool { return l.Sku == s.Sku })
	})
	for _, l := range change.Add {
		own = append(own, LicenseState{Sku: l.Sku, Group: Directly, State: StateActive, Err: ErrorNone, Disabled: l.Disabled})
	}
	t.Written.direct[i] = own
}

// LicenseGroup changes the licences of a group. Members for whom no unit is left are shown with an error.
func (t *Tenant) LicenseGroup(g int, change LicenseChange) {
	for _, m := range t.Groups[g].Members {
		if m.Kind() == KindUser {
			t.freezeUser(m.Index())
		}
	}
	own := slices.DeleteFunc(slices.Clone(t.Licensed[g]), func(l GroupLicense) bool {
		return slices.Contains(change.Remove, l.Sku) || slices.ContainsFunc(change.Add, func(n GroupLicense) bool { return n.Sku == l.Sku })
	})
	before := t.Licensed[g]
	t.Licensed[g] = own
	for _, l := range change.Add {
		t.serveMembers(g, l, slices.ContainsFunc(before, func(old GroupLicense) bool { return old.Sku == l.Sku }))
		t.Licensed[g] = append(slices.Clip(t.Licensed[g]), l)
	}
	t.logGroup(g)
}

// serveMembers finds a unit of a new licence for each member of a group who has none.
func (t *Tenant) serveMembers(g int, l GroupLicense, hadIt bool) {
	if hadIt {
		return
	}
	left := t.Prepaid(l.Sku).Enabled - t.Consumed()[l.Sku]
	for _, m := range t.Groups[g].Members {
		if m.Kind() != KindUser || !t.Live(m) {
			continue
		}
		key := licenseKey{m.Index(), g, l.Sku}
		delete(t.Written.unserved, key)
		has := slices.ContainsFunc(t.LicenseStates(m.Index()), func(s LicenseState) bool { return s.Sku == l.Sku && s.Active() })
		switch {
		case has:
		case left > 0:
			left--
		default:
			t.Written.unserved[key] = struct{}{}
		}
	}
}
