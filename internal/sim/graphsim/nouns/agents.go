package nouns

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/agents"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// listInheritable lists what the agents of a blueprint inherit (agentidentityblueprint-list-inheritablepermissions). What is
// no blueprint has no such thing.
func listInheritable(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	if !c.Tenant.IsBlueprint(r.Index()) {
		return api.Reply{}, api.NotFound(c.ID)
	}
	rows := []map[string]any{}
	for _, p := range agents.PassedBy(c.Tenant, c.Tenant.Registrations[r.Index()].SP) {
		row := map[string]any{"resourceAppId": c.Tenant.AppID(p.Resource)}
		if p.Scopes != agents.Untold {
			row["inheritableScopes"] = inheritance(p.Scopes, "Scopes", p.List)
		}
		if p.Roles != agents.Untold {
			row["inheritableRoles"] = inheritance(p.Roles, "Roles", nil)
		}
		rows = append(rows, row)
	}
	return odata.PlainRows(c, "applications('"+c.ID+"')/microsoft.graph.agentIdentityBlueprint/inheritablePermissions", rows)
}

func inheritance(kind, of string, list []string) map[string]any {
	set := map[string]any{"@odata.type": "#" + directory.Namespace + kind + of, "kind": kind}
	if kind == agents.Listed {
		set["scopes"] = list
	}
	return set
}
