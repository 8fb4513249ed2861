package truth

import (
	"cmp"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/agents"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

func truthInherited(t *directory.Tenant, out *Statement) {
	of := map[directory.Ref][]directory.Ref{}
	for i := range t.SPs {
		if r := directory.SPRef(i); t.SPs[i].Kind == directory.SPAgentIdentity && t.Live(r) && t.Live(agents.BlueprintOf(t, i)) {
			of[agents.BlueprintOf(t, i)] = append(of[agents.BlueprintOf(t, i)], r)
		}
	}
	each(t, directory.KindAppRoleAssignment, func(i int, _ string) {
		a := t.AppAssigned[i]
		if a.Role == directory.DefaultAccess || t.Dropped(a) || len(of[a.Principal]) == 0 || !agents.InheritsRole(t, a.Principal.Index(), int(a.Resource)) {
			return
		}
		for _, agent := range of[a.Principal] {
			out.Inherited = append(out.Inherited, Inherited{
				BlueprintID: t.IDOf(a.Principal), AgentID: t.IDOf(agent), ResourceID: t.IDOf(directory.SPRef(int(a.Resource))), AppRoleID: t.RoleID(a),
			})
		}
	})
	each(t, directory.KindConsent, func(i int, id string) {
		c := t.Consents[i]
		client := directory.SPRef(c.Client)
		if c.Principal != 0 || len(of[client]) == 0 {
			return
		}
		scopes := agents.InheritedScopes(t, c.Client, c.Resource, strings.Fields(c.Scope))
		for _, agent := range of[client] {
			if len(scopes) > 0 {
				out.Inherited = append(out.Inherited, Inherited{
					BlueprintID: t.IDOf(client), AgentID: t.IDOf(agent), ResourceID: t.IDOf(directory.SPRef(c.Resource)), ConsentID: id, Scopes: scopes,
				})
			}
		}
	})
}

func compareInherited(a, b Inherited) int {
	return cmp.Or(cmp.Compare(a.AgentID, b.AgentID), cmp.Compare(a.ResourceID, b.ResourceID), cmp.Compare(a.AppRoleID, b.AppRoleID), cmp.Compare(a.ConsentID, b.ConsentID))
}
