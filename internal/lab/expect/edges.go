package expect

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

const noAppRole = "00000000-0000-0000-0000-000000000000"

func appRole(application, role string) string {
	if role == noAppRole {
		role = "default_access"
	}
	return "application:" + application + ":" + role
}

func (b *builder) units() {
	if b.o.NoUnits {
		return
	}
	for _, u := range b.truth.AdministrativeUnits {
		b.resource(typeUnit, u.ID, slugMember)
	}
	hidden := map[string]bool{}
	for _, u := range b.truth.AdministrativeUnits {
		hidden[u.ID] = u.Hidden && b.o.NoHidden
	}
	for _, m := range b.truth.UnitMembers {
		if hidden[m.ObjectID] {
			continue
		}
		b.hold("administrative_unit:"+m.ObjectID+":member", m.Principal)
	}
}

func (b *builder) groupEdges() {
	for _, m := range b.truth.Members {
		if g := b.groups[m.ObjectID]; g != nil && (!g.Hidden || !b.o.NoHidden) {
			b.hold("group:"+m.ObjectID+":member", m.Principal)
		}
	}
	for _, o := range b.truth.GroupOwners {
		if g := b.groups[o.ObjectID]; g != nil && g.OwnersReadable {
			b.hold("group:"+o.ObjectID+":owner", o.Principal)
		}
	}
	for _, a := range b.truth.EffectiveMembers {
		if b.groups[a.ObjectID] != nil {
			b.reach("group:"+a.ObjectID+":member", a.Principals)
		}
	}
	for _, e := range b.truth.GroupEligibilities {
		if g := b.groups[e.GroupID]; g != nil && b.eligibleGroup(g) {
			b.hold("group:"+e.GroupID+":eligible_"+e.Access, e.Principal)
		}
	}
	for _, a := range b.truth.EffectiveGroupEligibilities {
		if g := b.groups[a.ObjectID]; g != nil && b.eligibleGroup(g) {
			b.reach("group:"+a.ObjectID+":eligible_"+a.RoleID, a.Principals)
		}
	}
}

func (b *builder) applicationEdges() {
	for _, o := range b.truth.ApplicationOwners {
		if t := b.types[o.ObjectID]; t != "" {
			b.hold(t+":"+o.ObjectID+":owner", o.Principal)
		}
	}
	for _, o := range b.truth.RegistrationOwners {
		b.hold(typeRegistration+":"+o.ObjectID+":owner", o.Principal)
	}
	if !b.o.NoSponsors {
		for _, s := range b.truth.Sponsors {
			b.hold(typeAgent+":"+s.ObjectID+":sponsor", s.Principal)
		}
	}
	for _, a := range b.truth.AppRoleAssignments {
		if b.types[a.ResourceID] == typeApplication {
			b.hold(appRole(a.ResourceID, a.AppRoleID), a.Principal)
		}
	}
	for _, a := range b.truth.EffectiveAppRoles {
		if b.types[a.ObjectID] == typeApplication {
			b.reach(appRole(a.ObjectID, a.RoleID), a.Principals)
		}
	}
}

// partnerEdges gives the principals of other tenants, and the roles that they hold in
// the whole tenant.
func (b *builder) partnerEdges() {
	if b.o.NoPartners {
		return
	}
	for _, p := range b.truth.PartnerRoleAssignments {
		b.types[p.PrincipalID] = typePartner
		b.resource(typePartner, p.PrincipalID)
		if p.Scope == "/" {
			b.hold("role:"+p.RoleID+":assigned", graphsim.TruthPrincipal{ID: p.PrincipalID})
		}
	}
}

func (b *builder) roleEdges() {
	b.partnerEdges()
	b.roleRows(b.truth.RoleAssignments, "assigned")
	for _, a := range b.truth.EffectiveRoles {
		b.reach("role:"+a.ObjectID+":assigned", a.Principals)
	}
	for _, a := range b.truth.EffectiveScopedRoles {
		b.reach(typeScopedRole+":"+a.ObjectID+":assigned", a.Principals)
	}
	if b.o.NoP2 || b.o.NoRoleEligibility {
		return
	}
	b.roleRows(b.truth.RoleEligibilities, "eligible")
	for _, a := range b.truth.EffectiveEligible {
		resourceType := typeRole
		if strings.Contains(a.ObjectID, "@") {
			resourceType = typeScopedRole
		}
		b.reach(resourceType+":"+a.ObjectID+":eligible", a.Principals)
	}
}

// roleRows gives the direct edges of role rows, and the scoped roles that they
// are about: those that somebody who still exists holds at a scope that does.
func (b *builder) roleRows(rows []graphsim.TruthRoleAssignment, slug string) {
	for _, a := range rows {
		if a.Principal.Type == "" {
			continue
		}
		if a.Scope == "/" {
			b.hold("role:"+a.RoleID+":"+slug, a.Principal)
			continue
		}
		if a.ScopeType == "" {
			continue
		}
		id := a.RoleID + "@" + a.ScopeObjectID
		b.scopedRoles[id] = true
		b.resource(typeScopedRole, id, b.roleSlugs()...)
		b.hold(typeScopedRole+":"+id+":"+slug, a.Principal)
	}
}

func (b *builder) licenseEdges() {
	if b.o.NoLicenses {
		return
	}
	for _, l := range b.truth.Licenses {
		b.resource(typeLicense, l.SkuID, "assigned")
	}
	// A licence that a group gives is the group's own. Who of its members has it
	// is what each of them says, and not what the group would give: nothing is
	// reached through the group.
	for _, a := range b.truth.LicenseAssignments {
		holder := b.types[a.Principal.ID]
		if holder == typeGroup || holder == typeUser && a.GroupID == "" && a.Works() {
			b.add(Direct, Edge("license:"+a.SkuID+":assigned", holder, a.Principal.ID))
		}
	}
	for _, a := range b.truth.EffectiveLicenses {
		for _, p := range a.Principals {
			if holder, synced := b.types[p.ID]; synced {
				b.add(Effective, Edge("license:"+a.ObjectID+":assigned", holder, p.ID))
			}
		}
	}
}

func (b *builder) consentEdges() {
	if b.o.NoConsents {
		return
	}
	for _, c := range b.truth.Consents {
		b.resource(typeConsent, c.ID, "granted")
		b.hold("consent:"+c.ID+":granted", graphsim.TruthPrincipal{ID: c.ClientID})
		if c.PrincipalID != "" {
			b.hold("consent:"+c.ID+":granted", graphsim.TruthPrincipal{ID: c.PrincipalID})
		}
	}
}

func (b *builder) deviceEdges() {
	if !b.o.Devices {
		return
	}
	for _, o := range b.truth.DeviceOwners {
		b.hold("device:"+o.ObjectID+":assigned", o.Principal)
	}
}
