package graphsim

// Registrations with a reason to exist have fixed indexes, the same at every size.
const (
	RegistrationConnector = iota // Has as many federated credentials as an application may have.
	RegistrationWiki             // More than 20 owners, the last of which is a service principal.
	RegistrationDisabled         // Disabled by Microsoft.
	RegistrationPayroll          // Credentials of every age.
	RegistrationNested
	RegistrationCycle
	RegistrationBusyMember
	RegistrationBusyOwner  // Federated with GitHub.
	RegistrationUnassigned // Nobody owns it.
	RegistrationPrototype  // Has no service principal: nobody can sign in to it or as it.
	RegistrationMobile     // Has no service principal and no owner.
	RegistrationBlueprint  // Of the derived type agentIdentityBlueprint.
	firstRandomRegistration
)

// noServicePrincipal is the index of the service principal of a registration that has none.
const noServicePrincipal = -1

// orphanStep is how many random registrations there are to one without a service principal.
const orphanStep = 12

// registration is an application object.
type registration struct {
	sp     int    // The index of its service principal, or noServicePrincipal.
	label  string // The name of one without a service principal.
	owners []Ref
}

// generateRegistrations makes the application objects of the service principals that are at home here, and some that
// have none.
func (t *Tenant) generateRegistrations() {
	t.registrations = []registration{
		RegistrationConnector:  {sp: SPConnector},
		RegistrationWiki:       {sp: SPWiki},
		RegistrationDisabled:   {sp: SPDisabled},
		RegistrationPayroll:    {sp: SPPayroll},
		RegistrationNested:     {sp: SPNested},
		RegistrationCycle:      {sp: SPCycle},
		RegistrationBusyMember: {sp: SPBusyMember},
		RegistrationBusyOwner:  {sp: SPBusyOwner},
		RegistrationUnassigned: {sp: SPUnassigned},
		RegistrationPrototype:  {sp: noServicePrincipal, label: "Prototype"},
		RegistrationMobile:     {sp: noServicePrincipal, label: "Mobile Companion"},
		RegistrationBlueprint:  {sp: t.firstSP(spAgentBlueprint).index()},
	}
	for i := firstRandomSP; i < len(t.sps); i++ {
		if !t.hasRegistration(i) || i == t.registrations[RegistrationBlueprint].sp {
			continue
		}
		if len(t.registrations)%orphanStep == 0 {
			t.registrations = append(t.registrations, registration{sp: noServicePrincipal, label: pick(appNames, t.hash(spRef(i), saltCity)) + " Draft"})
		}
		t.registrations = append(t.registrations, registration{sp: i})
	}
	for n := range t.registrations {
		t.registrations[n].owners = distinct(t.registrationOwners(n))
	}
}

// registrationOwners are a registration's own: those of its service principal may be others.
func (t *Tenant) registrationOwners(n int) []Ref {
	switch n {
	case RegistrationPayroll:
		return []Ref{userRef(userPlain), spRef(SPBusyOwner)}
	case RegistrationWiki:
		return append(t.users(900, 24), spRef(SPBusyMember))
	case RegistrationUnassigned, RegistrationMobile:
		return nil
	case RegistrationPrototype:
		return t.users(12, 1)
	}
	h := t.hash(makeRef(KindApplication, n), saltTitle)
	owners := t.users(below(h, t.shape.users), below(h>>32, 3))
	if h>>40%8 == 0 {
		owners = append(owners, spRef(SPBusyOwner))
	}
	return owners
}

func (t *Tenant) isBlueprint(n int) bool {
	sp := t.registrations[n].sp
	return sp != noServicePrincipal && t.sps[sp].kind == spAgentBlueprint
}

func (t *Tenant) registrationName(n int) string {
	if sp := t.registrations[n].sp; sp != noServicePrincipal {
		return t.spName(sp)
	}
	return t.registrations[n].label
}

func (t *Tenant) registrationAppID(n int) string {
	if sp := t.registrations[n].sp; sp != noServicePrincipal {
		return t.appID(sp)
	}
	return t.guidOf(makeRef(kindAppID, len(t.sps)+n)).String()
}
