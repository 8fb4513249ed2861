package graphsim

import (
	"net/http"
	"slices"
	"strings"
)

const (
	messageUsageLocation = "License assignment cannot be done for user with invalid usage location."
	messageNoLicense     = "User does not have a corresponding license."
	messageInherited     = "User license is inherited from a group membership and it cannot be removed directly from the user."
)

// licenseBody is what assignLicense takes; both lists have to be there.
type licenseBody struct {
	Add    *[]licenseToAdd `json:"addLicenses"`
	Remove *[]string       `json:"removeLicenses"`
}

type licenseToAdd struct {
	Sku      string   `json:"skuId"`
	Disabled []string `json:"disabledPlans"`
	Type     string   `json:"@odata.type"`
}

// licenseChange is a checked request.
type licenseChange struct {
	add    []groupLicense
	remove []int
}

func (c *call) licenseChange() (licenseChange, error) {
	var body licenseBody
	if err := c.decode(&body); err != nil {
		return licenseChange{}, err
	}
	if body.Add == nil || body.Remove == nil {
		return licenseChange{}, badRequest("Both addLicenses and removeLicenses have to be given; either may be empty.")
	}
	var out licenseChange
	for _, one := range *body.Add {
		k, err := findSku(one.Sku)
		if err != nil {
			return out, err
		}
		for _, plan := range one.Disabled {
			if !slices.ContainsFunc(skus[k].plans, func(p servicePlan) bool { return p.ID == plan }) {
				return out, badRequest("License assignment failed because service plan %s is not part of license %s.", plan, one.Sku)
			}
		}
		out.add = append(out.add, groupLicense{sku: k, disabled: one.Disabled})
	}
	for _, id := range *body.Remove {
		k, err := findSku(id)
		if err != nil {
			return out, err
		}
		if slices.ContainsFunc(out.add, func(l groupLicense) bool { return l.sku == k }) {
			return out, badRequest("The license %s is both in addLicenses and in removeLicenses.", id)
		}
		out.remove = append(out.remove, k)
	}
	return out, nil
}

func findSku(id string) (int, error) {
	for k := range skus {
		if strings.EqualFold(skus[k].id, id) {
			return k, nil
		}
	}
	return 0, badRequest("License %s does not correspond to a valid company License.", id)
}

// licenseUser gives a user licences and takes others away (user-assignlicense). A licence there is already gets the
// plans of the request.
func (c *call) licenseUser() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	change, err := c.licenseChange()
	if err != nil {
		return reply{}, err
	}
	if err := c.checkUserLicenses(r.index(), change); err != nil {
		return reply{}, err
	}
	c.commit(lagWrites, append(c.idsOf(r), change.skuIDs()...), func(t *Tenant) { t.licenseUser(r.index(), change) })
	return c.answerEntity(http.StatusOK, "users", r)
}

func (l licenseChange) skuIDs() []string {
	var out []string
	for _, one := range l.add {
		out = append(out, skus[one.sku].id)
	}
	for _, k := range l.remove {
		out = append(out, skus[k].id)
	}
	return out
}

func (c *call) checkUserLicenses(i int, change licenseChange) error {
	states := c.tenant.licenseStates(i)
	if len(change.add) > 0 && c.tenant.textOf(userRef(i), "usageLocation") == "" {
		return badRequest(messageUsageLocation)
	}
	used := c.tenant.consumed()
	for _, l := range change.add {
		has := slices.ContainsFunc(states, func(s licenseState) bool { return s.sku == l.sku && s.active() })
		if !has && used[l.sku] >= c.tenant.prepaid(l.sku).Enabled {
			return badRequest("Subscription with SKU %s does not have any available licenses.", skus[l.sku].id)
		}
	}
	for _, k := range change.remove {
		direct, inherited := false, false
		for _, s := range states {
			if s.sku == k {
				direct, inherited = direct || s.group == directly, inherited || s.group != directly
			}
		}
		switch {
		case direct:
		case inherited:
			return badRequest(messageInherited)
		default:
			return badRequest(messageNoLicense)
		}
	}
	return nil
}

func (t *Tenant) licenseUser(i int, change licenseChange) {
	t.freezeUser(i)
	own := slices.DeleteFunc(slices.Clone(t.written.direct[i]), func(s licenseState) bool {
		return slices.Contains(change.remove, s.sku) || slices.ContainsFunc(change.add, func(l groupLicense) bool { return l.sku == s.sku })
	})
	for _, l := range change.add {
		own = append(own, licenseState{sku: l.sku, group: directly, state: stateActive, err: errorNone, disabled: l.disabled})
	}
	t.written.direct[i] = own
}

// licenseGroup gives the members of a group licences and takes others away from them (group-assignlicense).
func (c *call) licenseGroup() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	change, err := c.licenseChange()
	if err != nil {
		return reply{}, err
	}
	for _, k := range change.remove {
		if !slices.ContainsFunc(c.tenant.licensed[r.index()], func(l groupLicense) bool { return l.sku == k }) {
			return reply{}, badRequest("Group does not have a corresponding license.")
		}
	}
	c.commit(lagWrites, append(c.idsOf(r), change.skuIDs()...), func(t *Tenant) { t.licenseGroup(r.index(), change) })
	return c.answerEntity(http.StatusAccepted, "groups", r)
}

// licenseGroup changes the licences of a group. Members for whom no unit is left are shown with an error.
func (t *Tenant) licenseGroup(g int, change licenseChange) {
	for _, m := range t.groups[g].members {
		if m.Kind() == KindUser {
			t.freezeUser(m.index())
		}
	}
	own := slices.DeleteFunc(slices.Clone(t.licensed[g]), func(l groupLicense) bool {
		return slices.Contains(change.remove, l.sku) || slices.ContainsFunc(change.add, func(n groupLicense) bool { return n.sku == l.sku })
	})
	before := t.licensed[g]
	t.licensed[g] = own
	for _, l := range change.add {
		t.serveMembers(g, l, slices.ContainsFunc(before, func(old groupLicense) bool { return old.sku == l.sku }))
		t.licensed[g] = append(slices.Clip(t.licensed[g]), l)
	}
	t.logGroup(g)
}

// serveMembers finds a unit of a new licence for each member of a group who has none.
func (t *Tenant) serveMembers(g int, l groupLicense, hadIt bool) {
	if hadIt {
		return
	}
	left := t.prepaid(l.sku).Enabled - t.consumed()[l.sku]
	for _, m := range t.groups[g].members {
		if m.Kind() != KindUser || !t.live(m) {
			continue
		}
		key := licenseKey{m.index(), g, l.sku}
		delete(t.written.unserved, key)
		has := slices.ContainsFunc(t.licenseStates(m.index()), func(s licenseState) bool { return s.sku == l.sku && s.active() })
		switch {
		case has:
		case left > 0:
			left--
		default:
			t.written.unserved[key] = struct{}{}
		}
	}
}

// licenseDetails lists the licences a user has in effect (user-list-licensedetails).
func (c *call) licenseDetails() (reply, error) {
	r, err := c.target()
	if err != nil {
		return reply{}, err
	}
	rows := []map[string]any{}
	has, _ := userLicenses(c.tenant, r.index()).(licenseRows)
	for _, l := range has {
		k, err := findSku(l.SkuID)
		if err != nil {
			return reply{}, err
		}
		own := c.tenant.guidOf(makeRef(kindMisc, 100_000+k))
		rows = append(rows, map[string]any{"id": own.String(), "skuId": l.SkuID, "skuPartNumber": skus[k].part, "servicePlans": skus[k].plans})
	}
	return c.plainRows("users('"+c.tenant.id(r)+"')/licenseDetails", rows)
}
