package asked

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// PrivilegedRoles are the ids of the tenant's directory roles that Microsoft calls
// privileged, by the names that Microsoft gives them.
func (t *Tenant) PrivilegedRoles() map[string]bool {
	ids := map[string]bool{}
	for _, r := range t.truth.RoleDefinitions {
		if r.BuiltIn && privilegedNames[r.DisplayName] {
			ids[r.ID] = true
		}
	}
	return ids
}

// privilegedNames are the roles with the label "privileged"
// (https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference),
// and those of directory synchronization.
var privilegedNames = map[string]bool{
	"AI Administrator": true, "AI Reader": true, "Agent ID Administrator": true, "Application Administrator": true, "Application Developer": true,
	"Attribute Provisioning Administrator": true, "Attribute Provisioning Reader": true, "Authentication Administrator": true,
	"Authentication Extensibility Administrator": true, "Authentication Extensibility Password Administrator": true, "B2C IEF Keyset Administrator": true,
	"Cloud Application Administrator": true, "Cloud Device Administrator": true, "Conditional Access Administrator": true,
	"Directory Synchronization Accounts": true, "Directory Writers": true, "Domain Name Administrator": true,
	"External Identity Provider Administrator": true, "Global Administrator": true, "Global Reader": true, "Helpdesk Administrator": true,
	"Hybrid Identity Administrator": true, "Intune Administrator": true, "Lifecycle Workflows Administrator": true,
	"On Premises Directory Sync Account": true, "Partner Tier1 Support": true, "Partner Tier2 Support": true, "Password Administrator": true,
	"Privileged Authentication Administrator": true, "Privileged Role Administrator": true, "Security Administrator": true, "Security Operator": true,
	"Security Reader": true, "User Administrator": true,
}

// PrivilegedEdges are the holds on privileged roles, in the tenant and in parts of it.
func (t *Tenant) PrivilegedEdges() []string {
	privileged := t.PrivilegedRoles()
	return t.Edges(func(entitlement, _ string) bool {
		kind, rest, _ := strings.Cut(entitlement, ":")
		id, _, _ := strings.Cut(rest, ":")
		id, _, _ = strings.Cut(id, "@")
		return (kind == "role" || kind == "scoped_role") && privileged[id]
	})
}

// Stale are the privileged holds of people who have not signed in since a moment.
func (t *Tenant) Stale(since time.Time) []string {
	stale := map[string]bool{}
	for i := range t.truth.Users {
		seen, err := time.Parse(time.RFC3339, t.truth.Users[i].LastSignIn)
		stale["user:"+t.truth.Users[i].ID] = err != nil || !seen.After(since)
	}
	return slices.DeleteFunc(t.PrivilegedEdges(), func(row string) bool {
		_, who, _ := strings.Cut(row, " <- ")
		return !stale[who]
	})
}

// Ownerless are "type:id" of groups and registrations without an owner, and agents
// without a sponsor, who can sign in.
func (t *Tenant) Ownerless() []string {
	disabled := map[string]bool{}
	for i := range t.truth.Users {
		disabled[t.truth.Users[i].ID] = !t.truth.Users[i].Enabled
	}
	for i := range t.truth.ServicePrincipals {
		disabled[t.truth.ServicePrincipals[i].ID] = !t.truth.ServicePrincipals[i].Enabled
	}
	owned := map[string]bool{}
	mark := func(resourceType, slug string, edges []graphsim.TruthEdge) {
		for _, e := range edges {
			if who := t.principal(e.Principal.ID); who != "" && !disabled[e.Principal.ID] && t.edges[resourceType+":"+e.ObjectID+":"+slug+" <- "+who] {
				owned[resourceType+":"+e.ObjectID] = true
			}
		}
	}
	mark("group", "owner", t.truth.GroupOwners)
	mark("app_registration", "owner", t.truth.RegistrationOwners)
	mark("agent_identity", "sponsor", t.truth.Sponsors)
	var rows []string
	for i := range t.truth.Groups {
		g := &t.truth.Groups[i]
		if row := "group:" + g.ID; !owned[row] && !g.Synced && !g.ExchangeManaged {
			rows = append(rows, row)
		}
	}
	for _, a := range t.truth.Applications {
		if row := "app_registration:" + a.ID; !owned[row] {
			rows = append(rows, row)
		}
	}
	for i := range t.truth.ServicePrincipals {
		if row := "agent_identity:" + t.truth.ServicePrincipals[i].ID; t.truth.ServicePrincipals[i].Kind == "agent_identity" && !owned[row] {
			rows = append(rows, row)
		}
	}
	return unique(rows)
}

// Unused are the ids of applications that take part in nothing. An application that
// owns something, or belongs to nobody, is used all the same by what it holds.
func (t *Tenant) Unused() []string {
	var rows []string
	for id := range expect.Unused(t.truth) {
		rows = append(rows, id)
	}
	return unique(rows)
}

// Licences are "id used direct byGroup failed": the seats that Microsoft counts, people
// who hold it themselves, people who hold it by a group, and people for whom some
// assignment of it does not work.
func (t *Tenant) Licences() []string {
	type counts struct{ direct, byGroup, failed map[string]bool }
	of := map[string]counts{}
	for _, l := range t.truth.Licenses {
		of[l.SkuID] = counts{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	}
	for _, a := range t.truth.LicenseAssignments {
		c, known := of[a.SkuID]
		switch {
		case t.types[a.Principal.ID] != typeUser || !known:
		case !a.Works():
			c.failed[a.Principal.ID] = true
		case a.GroupID == "":
			c.direct[a.Principal.ID] = true
		default:
			c.byGroup[a.Principal.ID] = true
		}
	}
	var rows []string
	for _, l := range t.truth.Licenses {
		c := of[l.SkuID]
		rows = append(rows, fmt.Sprintf("%s %d %d %d %d", l.SkuID, l.Consumed, len(c.direct), len(c.byGroup), len(c.failed)))
	}
	return unique(rows)
}
