package generate

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// orphanStep is how many random registrations there are to one without a service principal.
const orphanStep = 12

// generateRegistrations makes the application objects of the service principals that are at home here, and some that
// have none.
func generateRegistrations(t *directory.Tenant) {
	t.Registrations = []directory.Registration{
		directory.RegistrationConnector:  {SP: directory.SPConnector},
		directory.RegistrationWiki:       {SP: directory.SPWiki},
		directory.RegistrationDisabled:   {SP: directory.SPDisabled},
		directory.RegistrationPayroll:    {SP: directory.SPPayroll},
		directory.RegistrationNested:     {SP: directory.SPNested},
		directory.RegistrationCycle:      {SP: directory.SPCycle},
		directory.RegistrationBusyMember: {SP: directory.SPBusyMember},
		directory.RegistrationBusyOwner:  {SP: directory.SPBusyOwner},
		directory.RegistrationUnassigned: {SP: directory.SPUnassigned},
		directory.RegistrationPrototype:  {SP: directory.NoServicePrincipal, Label: "Prototype"},
		directory.RegistrationMobile:     {SP: directory.NoServicePrincipal, Label: "Mobile Companion"},
		directory.RegistrationBlueprint:  {SP: t.FirstSP(directory.SPAgentBlueprint).Index()},
	}
	for i := directory.FirstRandomSP; i < len(t.SPs); i++ {
		if !t.HasRegistration(i) || i == t.Registrations[directory.RegistrationBlueprint].SP {
			continue
		}
		if len(t.Registrations)%orphanStep == 0 {
			name := directory.Pick(directory.AppNames, t.Hash(directory.SPRef(i), directory.SaltCity)) + " Draft"
			t.Registrations = append(t.Registrations, directory.Registration{SP: directory.NoServicePrincipal, Label: name})
		}
		t.Registrations = append(t.Registrations, directory.Registration{SP: i})
	}
	for n := range t.Registrations {
		t.Registrations[n].Owners = directory.Distinct(registrationOwners(t, n))
	}
}

// registrationOwners are a registration's own: those of its service principal may be others.
func registrationOwners(t *directory.Tenant, n int) []directory.Ref {
	switch n {
	case directory.RegistrationPayroll:
		return []directory.Ref{directory.UserRef(directory.UserPlain), directory.SPRef(directory.SPBusyOwner)}
	case directory.RegistrationWiki:
		return append(t.Users(900, 24), directory.SPRef(directory.SPBusyMember))
	case directory.RegistrationUnassigned, directory.RegistrationMobile:
		return nil
	case directory.RegistrationPrototype:
		return t.Users(12, 1)
	}
	h := t.Hash(directory.MakeRef(directory.KindApplication, n), directory.SaltTitle)
	owners := t.Users(directory.Below(h, t.Shape.Users), directory.Below(h>>32, 3))
	if h>>40%8 == 0 {
		owners = append(owners, directory.SPRef(directory.SPBusyOwner))
	}
	return owners
}
