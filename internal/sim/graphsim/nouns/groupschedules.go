package nouns

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// listGroupSchedules lists the rows of the group or of the principal that the filter has to name.
func listGroupSchedules(set string) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		rows, err := namedSchedules(c)
		if err != nil {
			return api.Reply{}, err
		}
		kind := c.Route.Kind
		return odata.List(c, odata.Collection{
			Set: "identityGovernance/privilegedAccess/group/" + set, Entity: c.Tenant.Model.Of(kind), Size: len(rows), PageMax: RolePageSize,
			At: func(i int) directory.Ref { return directory.MakeRef(kind, int(rows[i])) },
		}, roleOptions)
	}
}

func namedSchedules(c *api.Call) ([]int32, error) {
	pairs, err := odata.ParsePairs(c.RawQuery)
	if err != nil {
		return nil, err
	}
	missing := api.BadRequest("The filter has to name a groupId or a principalId with 'eq'.")
	all := c.Tenant.GroupSchedules(c.Route.Kind)
	for _, p := range pairs {
		if p.Name != odata.OptFilter {
			continue
		}
		tokens, err := odata.Tokenize(p.Value)
		if err != nil {
			return nil, err
		}
		name, id, ok := requiredID(tokens)
		if !ok {
			return nil, missing
		}
		g, ok := directory.ParseGUID(id)
		if !ok {
			return nil, api.BadRequest("Invalid object identifier '%s'.", id)
		}
		r, known := c.Tenant.RefOf(g)
		switch {
		case known && name == "principalId":
			return all.ByPrincipal[r], nil
		case known && r.Kind() == directory.KindGroup:
			return all.ByGroup[int32(r.Index())], nil //nolint:gosec // Small indexes.
		default:
			return nil, nil
		}
	}
	return nil, missing
}

// requiredID finds a comparison with a groupId or principalId that every row has to meet.
func requiredID(tokens []odata.Token) (string, string, bool) {
	name, id := "", ""
	for i, t := range tokens {
		switch {
		case t.Kind == odata.TokenString:
		case t.Text == "or" || t.Text == "not":
			return "", "", false
		case (t.Text == "groupId" || t.Text == "principalId") && i+2 < len(tokens) && tokens[i+1].Text == odata.OpEqual && tokens[i+2].Kind == odata.TokenString:
			name, id = t.Text, tokens[i+2].Text
		}
	}
	return name, id, name != ""
}
