// Package teamwork is what Graph serves of teams, beside the groups that they belong to. It has pages of its own and takes
// few options.
package teamwork

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// Routes is every endpoint here.
func Routes() []api.Route {
	return []api.Route{
		{Path: "groups/{id}/permissiongrants", Kind: directory.KindGroup, Cost: 1, Run: listConsents},
		{Path: "teams/{id}/channels", Kind: directory.KindGroup, Service: api.ServiceTeams, Run: listChannels},
		{Path: "teams/{id}/channels/{id}", Kind: directory.KindGroup, Service: api.ServiceTeams, Single: true, Run: getChannel},
		{Path: "teams/{id}/channels/{id}/allmembers", Kind: directory.KindGroup, Service: api.ServiceTeams, Run: listMembers},
	}
}

// withoutOptions refuses options of queries but those in names: pages have tokens of their own.
func withoutOptions(c *api.Call, names ...string) error {
	pairs, err := odata.ParsePairs(c.RawQuery)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		known := p.Name == odata.OptSkipToken
		for _, name := range names {
			known = known || p.Name == name
		}
		if strings.HasPrefix(p.Name, "$") && !known {
			return api.BadRequest("Query option '%s' is not allowed.", p.Name)
		}
	}
	return nil
}
