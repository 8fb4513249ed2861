package teamwork

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/teams"
)

var consentType = &odata.RowType{
	Name:       "resourceSpecificPermissionGrant",
	Properties: strings.Fields("id deletedDateTime clientAppId clientId permission permissionType resourceAppId"),
}

// consentPage is how many consents there are on a page.
const consentPage = 3

// listConsents lists what applications may do in a group (group-list-permissiongrants).
func listConsents(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	if err := withoutOptions(c); err != nil {
		return api.Reply{}, err
	}
	rows := []odata.Row{}
	for _, one := range teams.ConsentsOf(c.Tenant, r.Index()) {
		if one.Client != 0 && !c.Tenant.Live(one.Client) {
			continue
		}
		rows = append(rows, odata.Row{
			"id": one.ID, "deletedDateTime": nil, "clientAppId": one.ClientAppID, "clientId": one.ClientID,
			"permission": directory.OrNull(one.Permission), "permissionType": one.Type, "resourceAppId": directory.GraphAppID,
		})
	}
	return odata.ListRows(c, "groups('"+c.ID+"')/permissionGrants", consentType, odata.These(rows), consentPage)
}
