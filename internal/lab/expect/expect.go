// Package expect works out what a snapshot of the simulated tenant has to hold:
// from the tenant's own truth and the data model in docs/data-model.md, without
// any of the connector's code.
package expect

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// Kind is a kind of row.
type Kind byte

// The kinds of rows, and what their text is.
const (
	// Resource rows are "type:id".
	Resource Kind = 'r'
	// Entitlement rows are entitlement ids.
	Entitlement Kind = 'e'
	// Direct rows are edges that hold without expansion.
	Direct Kind = 'd'
	// Effective rows are edges of those who use access, expansion included.
	Effective Kind = 'x'
	// Takes rows say what it takes to activate something: see Activation.
	Takes Kind = 't'
)

// Options say what was synced of the tenant. The zero value is the default run
// with every permission and plan.
type Options struct {
	// NoP2 and the others are data sets that could not be read.
	NoP2, NoRoleEligibility, NoGroupEligibility, NoUnits, NoLicenses, NoConsents, NoFederated, NoSponsors, NoCatalogs, NoPackages bool
	// NoInherited leaves out what agents inherit.
	NoInherited bool
	// NoRoleRules and NoGroupRules leave out what it takes to activate.
	NoRoleRules, NoGroupRules bool
	// NoPartners means that what holds roles did not come with them.
	NoPartners bool
	// NoHidden means that members with hidden membership could not be read.
	NoHidden bool
	// Devices and the others are data sets that have to be asked for.
	Devices, DeletedUsers, Risk, ResourceConsents, Channels bool
	// NoChannelMembers leaves out who is in channels.
	NoChannelMembers bool
	// AllGroups asks for eligibilities of every group that can have some.
	AllGroups bool
	// SkipADGroups leaves synchronized groups out. What people hold through
	// them stays if ThroughADGroups is set.
	SkipADGroups, ThroughADGroups bool
	// SkipApp leaves applications out.
	SkipApp func(id string) bool
}

// Edge is the text of an edge.
func Edge(entitlement, principalType, principal string) string {
	return entitlement + " <- " + principalType + ":" + principal
}

// builder holds what rows refer to.
type builder struct {
	truth *graphsim.Truth
	o     Options
	add   func(Kind, string)
	// types are the resource types of everything that can hold access.
	types  map[string]string
	groups map[string]*graphsim.TruthGroup
	// members are the direct members of groups, if the run is partial.
	members map[string][]graphsim.TruthPrincipal
	// scopedRoles are the ids of the scoped roles that were given.
	scopedRoles map[string]bool
}

func (b *builder) resource(resourceType, id string, slugs ...string) {
	b.add(Resource, resourceType+":"+id)
	for _, slug := range slugs {
		b.add(Entitlement, resourceType+":"+id+":"+slug)
	}
}

// hold gives the direct edge of a principal that is in the snapshot, and the
// effective one of a principal that is not a group.
func (b *builder) hold(entitlement string, p graphsim.TruthPrincipal) {
	principalType, synced := b.types[p.ID]
	switch {
	case !synced:
		return
	case principalType != typeGroup:
		b.add(Effective, Edge(entitlement, principalType, p.ID))
	case b.partial():
		b.reachThrough(entitlement, p.ID)
	}
	b.add(Direct, Edge(entitlement, principalType, p.ID))
}

// reach gives the effective edges of principals, as the tenant states them.
func (b *builder) reach(entitlement string, holders []graphsim.TruthPrincipal) {
	if b.partial() {
		return
	}
	for _, p := range holders {
		if principalType, synced := b.types[p.ID]; synced && principalType != typeGroup {
			b.add(Effective, Edge(entitlement, principalType, p.ID))
		}
	}
}

// The resource types.
const (
	typeTenant       = "tenant"
	typeUser         = "user"
	typeGroup        = "group"
	typeRole         = "role"
	typeScopedRole   = "scoped_role"
	typeApplication  = "application"
	typeManaged      = "managed_identity"
	typeAgent        = "agent_identity"
	typeRegistration = "app_registration"
	typeCredential   = "credential"
	typeUnit         = "administrative_unit"
	typeLicense      = "license"
	typeConsent      = "consent"
	typeDevice       = "device"
	typeRisk         = "user_risk"
	typePartner      = "partner_principal"
	typeChannel      = "channel"
)
