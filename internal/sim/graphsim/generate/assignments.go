package generate

import (
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// generateConsents lets applications act for people: administrators consented for everybody, users for themselves.
func generateConsents(t *directory.Tenant) {
	add := func(client, resource int, scope string, principals ...directory.Ref) {
		for _, p := range principals {
			t.Consents = append(t.Consents, directory.Consent{Client: client, Resource: resource, Principal: p, Scope: scope})
		}
	}
	const everybody = directory.Ref(0)
	add(directory.SPPayroll, directory.SPGraph, "User.Read openid profile offline_access", everybody)
	add(directory.SPPayroll, directory.SPGraph, " User.Read Mail.Send", directory.UserRef(directory.UserPlain), directory.UserRef(directory.UserAdmin)) // The same pair again, for people.
	add(directory.SPWiki, directory.SPGraph, " User.Read", everybody)
	add(directory.SPGallery, directory.SPGraph, "User.Read.All Directory.AccessAsUser.All", everybody)
	add(directory.SPNested, directory.SPPayroll, "user_impersonation", everybody)
	add(directory.SPDisabled, directory.SPExchange, "EWS.AccessAsUser.All", directory.UserRef(directory.UserOther))
	add(t.FirstSP(directory.SPAgentIdentity).Index(), directory.SPGraph, "Mail.Read Calendars.Read", everybody)
	blueprint := t.FirstSP(directory.SPAgentBlueprint).Index()
	add(blueprint, directory.SPGraph, "Mail.Read  Files.Read.All Calendars.Read", everybody)
	add(blueprint, directory.SPGraph, "Sites.Read.All", directory.UserRef(directory.UserPlain)) // For one person, and not inherited.
	add(blueprint, directory.SPPayroll, "user_impersonation", everybody)
	add(blueprint, directory.SPExchange, "EWS.AccessAsUser.All", everybody) // Nothing says that it is inherited.
	for i := blueprint + 1; i < len(t.SPs); i++ {
		if t.SPs[i].Kind == directory.SPAgentBlueprint {
			add(i, directory.SPGraph, "Mail.Send User.Read", everybody)
		}
	}

	clients := []int{directory.SPCycle, directory.SPBusyMember, directory.SPGallery}
	for i := directory.FirstRandomSP; i < len(t.SPs); i++ {
		if t.SPs[i].Kind != directory.SPApplication {
			continue
		}
		clients = append(clients, i)
		if h := t.Hash(directory.SPRef(i), directory.SaltConsent); h%2 == 0 {
			add(i, directory.SPGraph, directory.Pick(scopes, h>>8), everybody)
		}
	}
	userConsents(t, clients, add)
}

var scopes = []string{
	"User.Read", " User.Read", "openid profile email", "User.Read Mail.Read", " Files.Read.All offline_access", "Calendars.ReadWrite User.ReadBasic.All",
}

// usersPerConsent is how many people there are to one consent of a user.
const usersPerConsent = 20

func userConsents(t *directory.Tenant, clients []int, add func(client, resource int, scope string, principals ...directory.Ref)) {
	for n := range t.Shape.Users / usersPerConsent {
		h := t.Hash(directory.MakeRef(directory.KindMisc, n), directory.SaltConsent)
		resource := directory.SPGraph
		if h%9 == 0 {
			resource = directory.SPExchange
		}
		// Neighbours have different users, so that no client has two consents of one person at one resource.
		add(clients[n%len(clients)], resource, directory.Pick(scopes, h>>8), t.Users(n*usersPerConsent+directory.Below(h>>16, usersPerConsent), 1)...)
	}
}

// generateAppRoleAssignments gives principals their app roles.
func generateAppRoleAssignments(t *directory.Tenant) {
	assign := func(resource, role int, principals ...directory.Ref) {
		for _, p := range principals {
			t.AppAssigned = append(t.AppAssigned, directory.AppRoleAssignment{Principal: p, Resource: int32(resource), Role: int16(role)}) //nolint:gosec // Small indexes.
		}
	}
	managed, agent := t.FirstSP(directory.SPManagedIdentity), t.FirstSP(directory.SPAgentIdentity)

	assign(directory.SPPayroll, directory.PayrollReader,
		directory.UserRef(directory.UserAdmin), directory.UserRef(directory.UserPlain),
		directory.GroupRef(directory.GroupChain0), directory.GroupRef(directory.GroupMicrosoft365), directory.GroupRef(directory.GroupMixed))
	assign(directory.SPPayroll, directory.PayrollReader, t.Users(30, 150)...) // More than a default page.
	assign(directory.SPPayroll, directory.PayrollApprover, directory.UserRef(directory.UserPlain), directory.GroupRef(directory.GroupDiamondTop), directory.SPRef(directory.SPWiki), managed, agent,
		t.FirstSP(directory.SPAgentBlueprint)) // Its first agent has the same of its own.
	assign(directory.SPPayroll, directory.PayrollRetired, directory.UserRef(directory.UserOther), directory.GroupRef(directory.GroupHidden))
	assign(directory.SPPayroll, directory.PayrollService, directory.SPRef(directory.SPBusyMember), managed, t.FirstSP(directory.SPAgentBlueprint))
	assign(directory.SPPayroll, directory.DefaultAccess, directory.UserRef(directory.UserAdmin), directory.GroupRef(directory.GroupEmpty))
	assign(directory.SPWiki, directory.DefaultAccess, t.Users(0, t.Shape.WikiUsers)...)
	assign(directory.SPWiki, directory.DefaultAccess, directory.GroupRef(directory.GroupDynamic), directory.GroupRef(directory.GroupSynced), managed, directory.SPRef(directory.SPPayroll))
	assign(directory.SPDisabled, 0, t.Users(50, 6)...)
	assign(directory.SPGallery, 1, t.Users(60, 25)...)
	assign(directory.SPGallery, 2, directory.GroupRef(directory.GroupMailSecurity), directory.GroupRef(directory.GroupRoleAssignable))
	assign(directory.SPNested, 0, directory.GroupRef(directory.GroupAppOuter))
	assign(directory.SPNested, 1, directory.GroupRef(directory.GroupAppInner))
	assign(directory.SPCycle, 0, directory.GroupRef(directory.GroupPairA), directory.GroupRef(directory.GroupTripleC))

	for role, r := range t.SPs[directory.SPGraph].Roles {
		if slices.Contains(directory.DefaultPermissions(), r.Value) {
			assign(directory.SPGraph, role, directory.SPRef(directory.SPConnector))
		}
	}
	assignGraphPermissions(t, assign)
	assignRandomApps(t, assign)
}

// assignGraphPermissions lets applications, managed identities and agents hold application permissions.
func assignGraphPermissions(t *directory.Tenant, assign func(resource, role int, principals ...directory.Ref)) {
	for i := directory.FirstRandomSP; i < len(t.SPs); i++ {
		h := t.Hash(directory.SPRef(i), directory.SaltRole)
		start := directory.Below(h, len(t.SPs[directory.SPGraph].Roles))
		for k := range directory.Below(h>>16, 5) {
			assign(directory.SPGraph, (start+k)%len(t.SPs[directory.SPGraph].Roles), directory.SPRef(i))
		}
		if h>>24%6 == 0 {
			assign(directory.SPExchange, directory.Below(h>>32, 3), directory.SPRef(i))
		}
	}
}

// assignRandomApps fills the rest of the applications until the tenant has its number of assignments.
func assignRandomApps(t *directory.Tenant, assign func(resource, role int, principals ...directory.Ref)) {
	var apps []int
	for i := directory.FirstRandomSP; i < len(t.SPs); i++ {
		if t.SPs[i].Kind == directory.SPApplication {
			apps = append(apps, i)
		}
	}
	average := max(2, (t.Shape.AppRoleAssignments-len(t.AppAssigned))/max(1, len(apps)))
	for _, app := range apps {
		h := t.Hash(directory.SPRef(app), directory.SaltExtra)
		n := average * (50 + directory.Below(h, 100)) / 100
		role := directory.DefaultAccess
		if count := len(t.SPs[app].Roles); count > 0 {
			role = directory.Below(h>>12, count)
		}
		start := directory.Below(h>>24, t.Shape.Users)
		assign(app, role, t.Users(start, min(n, t.Shape.Users/2))...)
		for k := range directory.Below(h>>40, 3) {
			g := (int(h>>44)%len(t.Groups) + k*7) % len(t.Groups)
			assign(app, role, directory.GroupRef(g))
		}
		if h>>50%5 == 0 {
			assign(app, role, directory.SPRef(directory.FirstRandomSP+int(h>>52)%(len(t.SPs)-directory.FirstRandomSP)))
		}
	}
}
