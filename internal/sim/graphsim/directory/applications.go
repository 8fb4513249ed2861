package directory

import (
	"fmt"
	"slices"
)

// ConsentPrincipal is empty for everybody.
func (t *Tenant) ConsentPrincipal(i int) string {
	if p := t.Consents[i].Principal; p != 0 {
		return t.IDOf(p)
	}
	return ""
}

// FirstSP is the first service principal of a kind.
func (t *Tenant) FirstSP(kind SPKind) Ref {
	for i := range t.SPs {
		if t.SPs[i].Kind == kind {
			return SPRef(i)
		}
	}
	return SPRef(FirstRandomSP)
}

// SPName is the display name of a service principal.
func (t *Tenant) SPName(i int) string {
	s := t.SPs[i]
	if s.Label != "" {
		return s.Label
	}
	name := Pick(AppNames, t.Hash(SPRef(i), SaltName))
	switch s.Kind {
	case SPManagedIdentity:
		return fmt.Sprintf("mi-%s-%d", name, i)
	case SPAgentIdentity:
		return name + " Agent"
	case SPAgentBlueprint:
		return name + " Agent Blueprint"
	default:
		return t.lengthened(SPRef(i), name)
	}
}

// HasRegistration is whether the application object of a service principal lives in this tenant.
func (t *Tenant) HasRegistration(i int) bool {
	s := t.SPs[i]
	return (s.Kind == SPApplication || s.Kind == SPAgentBlueprint) && !s.Foreign
}

// AppID is the application id of a service principal.
func (t *Tenant) AppID(i int) string {
	if id := t.SPs[i].WellKnownID; id != "" {
		return id
	}
	return t.GUIDOf(MakeRef(kindAppID, i)).String()
}

// Dropped is whether an assignment is to an app role that its application declares no more: it gives nothing.
func (t *Tenant) Dropped(a AppRoleAssignment) bool {
	return a.Role != DefaultAccess && t.SPs[a.Resource].Roles[a.Role].Dropped
}

// AppRoleID is the id of an app role by its place among those of a service principal.
func (t *Tenant) AppRoleID(sp, n int) GUID { return t.GUIDOf(MakeRef(kindAppRole, sp*rolesPerApp+n)) }

// IsBlueprint is whether a registration is the blueprint of agent identities.
func (t *Tenant) IsBlueprint(n int) bool {
	sp := t.Registrations[n].SP
	return sp != NoServicePrincipal && t.SPs[sp].Kind == SPAgentBlueprint
}

// RegistrationName is the display name of a registration.
func (t *Tenant) RegistrationName(n int) string {
	if sp := t.Registrations[n].SP; sp != NoServicePrincipal {
		return t.SPName(sp)
	}
	return t.Registrations[n].Label
}

// RegistrationAppID is the application id of a registration, which its service principal shares.
func (t *Tenant) RegistrationAppID(n int) string {
	if sp := t.Registrations[n].SP; sp != NoServicePrincipal {
		return t.AppID(sp)
	}
	return t.GUIDOf(MakeRef(kindAppID, len(t.SPs)+n)).String()
}

// OwnersOf is the list of owners of an application or a service principal.
func (t *Tenant) OwnersOf(r Ref) *[]Ref {
	if r.Kind() == KindApplication {
		return &t.Registrations[r.Index()].Owners
	}
	return &t.SPs[r.Index()].Owners
}

// HasSecret is whether a registration or a service principal has a secret now.
func (t *Tenant) HasSecret(r Ref, id GUID) bool {
	return slices.ContainsFunc(t.CredentialsOf(r), func(k Credential) bool { return k.ID == id && k.Secret() })
}

// SPTemplate is the gallery template of a service principal, or empty.
func (t *Tenant) SPTemplate(i int) string {
	if t.SPs[i].Foreign && t.SPs[i].WellKnownID == "" {
		return t.GUIDOf(MakeRef(KindMisc, 100+i)).String()
	}
	return ""
}
