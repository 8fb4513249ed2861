package graphsim

// directLicenses are the licences a user has without a group: those that follow from the index, until a write could
// make them follow from something else.
func (t *Tenant) directLicenses(i int, inherits bool) []licenseState {
	if own, written := t.written.direct[i]; written {
		return own
	}
	if t.madeUser(i) {
		return nil
	}
	return t.directStates(i, inherits)
}

// freezeUser keeps a user's direct licences as they are, whatever becomes of those of groups.
func (t *Tenant) freezeUser(i int) {
	if _, written := t.written.direct[i]; written {
		return
	}
	var own []licenseState
	for _, s := range t.licenseStates(i) {
		if s.group == directly {
			own = append(own, s)
		}
	}
	t.written.direct[i] = own
}

// freezeDirect is freezeUser before a user comes into a group that gives licences, or leaves one.
func (t *Tenant) freezeDirect(g int, r Ref) {
	if r.Kind() == KindUser && len(t.licensed[g]) > 0 {
		t.freezeUser(r.index())
	}
}

// freezeMembers is freezeUser before the licences of a group change, or the group goes.
func (t *Tenant) freezeMembers(g int) {
	for _, m := range t.groups[g].members {
		t.freezeDirect(g, m)
	}
}

// refuseSeats notes the licences of a group that no unit is left for when a user comes in.
func (t *Tenant) refuseSeats(g int, r Ref) {
	if r.Kind() != KindUser || len(t.licensed[g]) == 0 {
		return
	}
	for _, l := range t.licensed[g] {
		delete(t.written.unserved, licenseKey{r.index(), g, l.sku})
	}
	used := t.consumed() // The user counts already.
	for _, l := range t.licensed[g] {
		key := licenseKey{r.index(), g, l.sku}
		if used[l.sku] > t.prepaid(l.sku).Enabled {
			t.written.unserved[key] = struct{}{}
		}
	}
}
