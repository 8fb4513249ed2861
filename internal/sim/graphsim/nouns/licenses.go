package nouns

import (
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

const (
	MessageUsageLocation = "License assignment cannot be done for user with invalid usage location."
	MessageNoLicense     = "User does not have a corresponding license."
	MessageInherited     = "User license is inherited from a group membership and it cannot be removed directly from the user."
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

func licensesAsked(c *api.Call) (directory.LicenseChange, error) {
	var body licenseBody
	if err := c.Decode(&body); err != nil {
		return directory.LicenseChange{}, err
	}
	if body.Add == nil || body.Remove == nil {
		return directory.LicenseChange{}, api.BadRequest("Both addLicenses and removeLicenses have to be given; either may be empty.")
	}
	var out directory.LicenseChange
	for _, one := range *body.Add {
		k, err := findSku(one.Sku)
		if err != nil {
			return out, err
		}
		for _, plan := range one.Disabled {
			if !slices.ContainsFunc(directory.Skus[k].Plans, func(p directory.ServicePlan) bool { return p.ID == plan }) {
				return out, api.BadRequest("License assignment failed because service plan %s is not part of license %s.", plan, one.Sku)
			}
		}
		out.Add = append(out.Add, directory.GroupLicense{Sku: k, Disabled: one.Disabled})
	}
	for _, id := range *body.Remove {
		k, err := findSku(id)
		if err != nil {
			return out, err
		}
		if slices.ContainsFunc(out.Add, func(l directory.GroupLicense) bool { return l.Sku == k }) {
			return out, api.BadRequest("The license %s is both in addLicenses and in removeLicenses.", id)
		}
		out.Remove = append(out.Remove, k)
	}
	return out, nil
}

func findSku(id string) (int, error) {
	for k := range directory.Skus {
		if strings.EqualFold(directory.Skus[k].ID, id) {
			return k, nil
		}
	}
	return 0, api.BadRequest("License %s does not correspond to a valid company License.", id)
}

// LicenseUser gives a user licences and takes others away (user-assignlicense). A licence there is already gets the
// plans of the request.
func licenseUser(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	change, err := licensesAsked(c)
	if err != nil {
		return api.Reply{}, err
	}
	if err := checkUserLicenses(c, r.Index(), change); err != nil {
		return api.Reply{}, err
	}
	c.Commit(api.LagWrites, append(c.IDsOf(r), change.SkuIDs()...), func(t *directory.Tenant) { t.LicenseUser(r.Index(), change) })
	return answerEntity(c, http.StatusOK, "users", r)
}

func checkUserLicenses(c *api.Call, i int, change directory.LicenseChange) error {
	states := c.Tenant.LicenseStates(i)
	if len(change.Add) > 0 && c.Tenant.TextOf(directory.UserRef(i), "usageLocation") == "" {
		return api.BadRequest(MessageUsageLocation)
	}
	used := c.Tenant.Consumed()
	for _, l := range change.Add {
		has := slices.ContainsFunc(states, func(s directory.LicenseState) bool { return s.Sku == l.Sku && s.Active() })
		if !has && used[l.Sku] >= c.Tenant.Prepaid(l.Sku).Enabled {
			return api.BadRequest("Subscription with SKU %s does not have any available licenses.", directory.Skus[l.Sku].ID)
		}
	}
	for _, k := range change.Remove {
		direct, inherited := false, false
		for _, s := range states {
			if s.Sku == k {
				direct, inherited = direct || s.Group == directory.Directly, inherited || s.Group != directory.Directly
			}
		}
		switch {
		case direct:
		case inherited:
			return api.BadRequest(MessageInherited)
		default:
			return api.BadRequest(MessageNoLicense)
		}
	}
	return nil
}

// LicenseGroup gives the members of a group licences and takes others away from them (group-assignlicense).
func licenseGroup(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	change, err := licensesAsked(c)
	if err != nil {
		return api.Reply{}, err
	}
	for _, k := range change.Remove {
		if !slices.ContainsFunc(c.Tenant.Licensed[r.Index()], func(l directory.GroupLicense) bool { return l.Sku == k }) {
			return api.Reply{}, api.BadRequest("Group does not have a corresponding license.")
		}
	}
	c.Commit(api.LagWrites, append(c.IDsOf(r), change.SkuIDs()...), func(t *directory.Tenant) { t.LicenseGroup(r.Index(), change) })
	return answerEntity(c, http.StatusAccepted, "groups", r)
}

// licenseDetails lists the licences a user has in effect (user-list-licensedetails).
func licenseDetails(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	rows := []map[string]any{}
	has, _ := schema.UserLicenses(c.Tenant, r.Index()).(schema.LicenseRows)
	for _, l := range has {
		k, err := findSku(l.SkuID)
		if err != nil {
			return api.Reply{}, err
		}
		own := c.Tenant.GUIDOf(directory.MakeRef(directory.KindMisc, 100_000+k))
		rows = append(rows, map[string]any{"id": own.String(), "skuId": l.SkuID, "skuPartNumber": directory.Skus[k].Part, "servicePlans": directory.Skus[k].Plans})
	}
	return odata.PlainRows(c, "users('"+c.Tenant.IDOf(r)+"')/licenseDetails", rows)
}
