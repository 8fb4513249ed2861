package e2e

import (
	"github.com/conductorone/baton-azure-ad/internal/graphsim"
)

const noAppRole = "00000000-0000-0000-0000-000000000000"

// expected is what a snapshot of the tenant has to hold, worked out from the
// tenant's own truth and the data model, without any of the connector's code.
func expected(truth *graphsim.Truth) *contents {
	want := &contents{resources: set{}, entitlements: set{}, direct: set{}, effective: set{}, immutable: map[string]string{}}
	types := principalTypes(truth)
	for _, u := range truth.Users {
		want.resources.add("user:" + u.ID)
	}
	groups := map[string]graphsim.TruthGroup{}
	for _, g := range truth.Groups {
		groups[g.ID] = g
		want.resources.add("group:" + g.ID)
		want.entitlements.add("group:" + g.ID + ":member")
		want.entitlements.add("group:" + g.ID + ":owner")
	}
	for _, r := range truth.RoleDefinitions {
		want.resources.add("role:" + r.ID)
		want.entitlements.add("role:" + r.ID + ":assigned")
	}
	for _, sp := range truth.ServicePrincipals {
		if sp.Kind != "application" {
			continue
		}
		want.resources.add("application:" + sp.ID)
		want.entitlements.add("application:" + sp.ID + ":owner")
		want.entitlements.add("application:" + sp.ID + ":default_access")
		for _, role := range sp.AppRoles {
			want.entitlements.add("application:" + sp.ID + ":" + role.ID)
		}
	}
	hold := func(entitlement string, p graphsim.TruthPrincipal) string {
		principalType, synced := types[p.ID]
		if !synced {
			return ""
		}
		e := edge(entitlement, principalType, p.ID)
		want.direct.add(e)
		return e
	}
	for _, m := range truth.Members {
		if e := hold("group:"+m.ObjectID+":member", m.Principal); e != "" && memberFixed(groups[m.ObjectID]) {
			want.immutable[e] = ""
		}
	}
	for _, o := range truth.GroupOwners {
		if !groups[o.ObjectID].OwnersReadable {
			continue
		}
		e := hold("group:"+o.ObjectID+":owner", o.Principal)
		if e != "" {
			want.effective.add(e)
		}
	}
	for _, o := range truth.ApplicationOwners {
		if types[o.ObjectID] != "application" {
			continue
		}
		if e := hold("application:"+o.ObjectID+":owner", o.Principal); e != "" {
			want.effective.add(e)
		}
	}
	for _, a := range truth.RoleAssignments {
		if a.Scope == "/" {
			hold("role:"+a.RoleID+":assigned", a.Principal)
		}
	}
	for _, a := range truth.AppRoleAssignments {
		if types[a.ResourceID] == "application" {
			hold("application:"+a.ResourceID+":"+slug(a.AppRoleID), a.Principal)
		}
	}
	reach := func(entitlement string, holders []graphsim.TruthPrincipal) {
		for _, p := range holders {
			if principalType, synced := types[p.ID]; synced && principalType != "group" {
				want.effective.add(edge(entitlement, principalType, p.ID))
			}
		}
	}
	for _, a := range truth.EffectiveMembers {
		reach("group:"+a.ObjectID+":member", a.Principals)
	}
	for _, a := range truth.EffectiveRoles {
		reach("role:"+a.ObjectID+":assigned", a.Principals)
	}
	for _, a := range truth.EffectiveAppRoles {
		if types[a.ObjectID] == "application" {
			reach("application:"+a.ObjectID+":"+slug(a.RoleID), a.Principals)
		}
	}
	return want
}

func slug(appRole string) string {
	if appRole == noAppRole {
		return "default_access"
	}
	return appRole
}

func memberFixed(g graphsim.TruthGroup) bool { return g.Dynamic || g.Synced || g.ExchangeManaged }

// principalTypes are the resource types of everything that can hold access and
// is synced.
func principalTypes(truth *graphsim.Truth) map[string]string {
	types := map[string]string{}
	for _, u := range truth.Users {
		types[u.ID] = "user"
	}
	for _, g := range truth.Groups {
		types[g.ID] = "group"
	}
	for _, sp := range truth.ServicePrincipals {
		if sp.Kind == "application" {
			types[sp.ID] = "application"
		}
	}
	return types
}
