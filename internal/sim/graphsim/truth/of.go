package truth

import "github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"

// Of states the whole directory. For a large tenant, use the Each functions, which hold one item at a time.
func Of(t *directory.Tenant) Statement {
	out := Statement{TenantID: t.TenantID()}
	t.RLock()
	defer t.RUnlock()
	truthUsers(t, &out)
	truthGroups(t, &out)
	truthServicePrincipals(t, &out)
	truthRoles(t, &out)
	truthApplications(t, &out)
	truthLicenses(t, &out)
	eachMemberSet(t, func(a Access) bool { out.EffectiveMembers = append(out.EffectiveMembers, a); return true })
	eachRoleHolder(t, func(a Access) bool { out.EffectiveRoles = append(out.EffectiveRoles, a); return true })
	eachAppRoleHolder(t, func(a Access) bool { out.EffectiveAppRoles = append(out.EffectiveAppRoles, a); return true })
	truthDirectory(t, &out)
	truthPackages(t, &out)
	out.sort()
	out.sortDirectory()
	return out
}
