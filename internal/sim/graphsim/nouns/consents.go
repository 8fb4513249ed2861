package nouns

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// consentOf is the consent in the path.
func consentOf(c *api.Call) (directory.Ref, error) {
	for i := range c.Tenant.Consents {
		if r := directory.MakeRef(directory.KindConsent, i); c.Tenant.ConsentID(i) == c.ID && c.Tenant.Live(r) {
			return r, nil
		}
	}
	return 0, api.NotFound(c.ID)
}

// getConsent answers one delegated permission grant.
func getConsent(c *api.Call) (api.Reply, error) {
	r, err := consentOf(c)
	if err != nil {
		return api.Reply{}, err
	}
	return odata.Entity(c, "oauth2PermissionGrants", r, false, odata.OptionSet(odata.OptSelect))
}

// deleteConsent takes a delegated permission grant back.
func deleteConsent(c *api.Call) (api.Reply, error) {
	r, err := consentOf(c)
	if err != nil {
		return api.Reply{}, err
	}
	c.Commit(api.LagWrites, c.IDsOf(r), func(t *directory.Tenant) { t.Remove(r) })
	return api.Done(), nil
}
