package expect

import "github.com/conductorone/baton-azure-ad/internal/sim/graphsim"

// resources gives the rows of everything but the edges, and notes what can hold
// access.
func (b *builder) resources() {
	b.resource(typeTenant, b.truth.TenantID)
	b.people()
	for i := range b.truth.Groups {
		g := &b.truth.Groups[i]
		if b.o.SkipADGroups && g.Synced {
			continue
		}
		b.types[g.ID], b.groups[g.ID] = typeGroup, g
		b.resource(typeGroup, g.ID, slugMember, slugOwner)
		if b.eligibleGroup(g) {
			b.add(Entitlement, "group:"+g.ID+":eligible_member")
			b.add(Entitlement, "group:"+g.ID+":eligible_owner")
		}
	}
	for _, r := range b.truth.RoleDefinitions {
		b.resource(typeRole, r.ID, b.roleSlugs()...)
	}
	for i := range b.truth.ServicePrincipals {
		b.servicePrincipal(&b.truth.ServicePrincipals[i])
	}
	for _, a := range b.truth.Applications {
		b.resource(typeRegistration, a.ID, slugOwner)
	}
	b.credentials()
	if b.o.Devices {
		for _, d := range b.truth.Devices {
			b.types[d.ID] = typeDevice
			b.resource(typeDevice, d.ID, "assigned")
		}
	}
}

func (b *builder) people() {
	for i := range b.truth.Users {
		u := &b.truth.Users[i]
		b.types[u.ID] = typeUser
		b.resource(typeUser, u.ID)
		if b.o.Risk && (u.RiskState == "atRisk" || u.RiskState == "confirmedCompromised") {
			b.resource(typeRisk, u.ID)
		}
	}
	if b.o.DeletedUsers {
		for i := range b.truth.DeletedUsers {
			b.resource(typeUser, b.truth.DeletedUsers[i].ID)
		}
	}
}

func (b *builder) servicePrincipal(sp *graphsim.TruthServicePrincipal) {
	switch {
	case sp.Kind == typeApplication && b.o.SkipApp != nil && b.o.SkipApp(sp.ID):
		return
	case sp.Kind == typeApplication:
		b.resource(typeApplication, sp.ID, slugOwner, "default_access")
		for _, role := range sp.AppRoles {
			b.add(Entitlement, "application:"+sp.ID+":"+role.ID)
		}
	case sp.Kind == typeAgent && !b.o.NoSponsors:
		b.resource(typeAgent, sp.ID, slugOwner, "sponsor")
	default:
		b.resource(sp.Kind, sp.ID, slugOwner)
	}
	b.types[sp.ID] = sp.Kind
}

// eligibleGroup is whether people's eligibilities for the group are asked for.
func (b *builder) eligibleGroup(g *graphsim.TruthGroup) bool {
	if b.o.NoGroupEligibility || b.o.NoP2 {
		return false
	}
	return g.RoleAssignable || b.o.AllGroups && !g.Dynamic && !g.Synced && !g.ExchangeManaged
}

func (b *builder) roleSlugs() []string {
	if b.o.NoP2 || b.o.NoRoleEligibility {
		return []string{"assigned"}
	}
	return []string{"assigned", "eligible"}
}
