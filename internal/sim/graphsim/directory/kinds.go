package directory

import (
	"slices"
)

// The kinds of rows that are no directory objects but have ids of their own. Their numbers stay clear of those above,
// because ids are made of them.
const (
	KindFederatedCredential Kind = iota + 24 // Its index is that of its registration and its place there.
	KindConsent
	KindSubscribedSku
	KindRegistrationDetails // A row of the authentication methods report, with the index and the id of its user.
	KindRiskyUser           // The risk of a user, with the index and the id of that user.
	kindCredential
)

// Salts of what is told of registrations, people and licences.
const (
	saltCredential = iota + 100
	saltFederated
	SaltConsent
	SaltLicense
	saltMFA
	saltMailbox
	SaltRisk
	SaltExtension
)

// The kinds of rows of the logs. Kinds have five bits: these are the last two.
const (
	KindDirectoryAudit Kind = iota + 30
	KindSignIn
)

// Distinct leaves out what came before.
func Distinct(refs []Ref) []Ref {
	seen := make(map[Ref]struct{}, len(refs))
	return slices.DeleteFunc(refs, func(r Ref) bool {
		_, dup := seen[r]
		seen[r] = struct{}{}
		return dup
	})
}

// UnitRef names an administrative unit by its index.
func UnitRef(i int) Ref { return MakeRef(KindAdministrativeUnit, i) }

// Kind is a kind of directory object.
type Kind uint8

// The kinds of objects the tenant holds.
const (
	KindUser Kind = iota + 1
	KindGroup
	KindServicePrincipal
	KindDevice
	KindContact
	KindAdministrativeUnit
	KindApplication
	KindDirectoryRole
	KindRoleDefinition
	KindRoleAssignment
	KindAppRoleAssignment
	KindOrganization

	// The kinds below have ids but are no directory objects.
	kindAppRole
	kindAppID
	KindMisc

	// The kinds below came later: ids depend on the numbers above.
	KindRoleAssignmentInstance
	KindRoleEligibilityInstance
	KindGroupAssignmentInstance
	KindGroupEligibilityInstance
	KindRoleEligibility
)

const kindShift = 27

// Ref names an object by kind and index in 32 bits, so that a million edges fit in a few megabytes.
type Ref uint32

// MakeRef names an object by its kind and index.
func MakeRef(k Kind, i int) Ref {
	return Ref(uint32(k)<<kindShift | uint32(i)) //nolint:gosec // Indexes are below 1<<27.
}

// Kind is the kind of the object.
func (r Ref) Kind() Kind { return Kind(r >> kindShift) }

// Index is the index of the object among those of its kind.
func (r Ref) Index() int { return int(r & (1<<kindShift - 1)) }

// UserRef names a user by the index.
func UserRef(i int) Ref { return MakeRef(KindUser, i) }

// GroupRef names a group by the index.
func GroupRef(i int) Ref { return MakeRef(KindGroup, i) }

// SPRef names a service principal by the index.
func SPRef(i int) Ref { return MakeRef(KindServicePrincipal, i) }

// The kinds of principals that belong to other tenants and hold roles in this one. They are no objects of the directory
// that anything lists.
const (
	KindPartnerReference  Kind = KindRoleEligibility + iota + 1 // Of a partner with delegated administration.
	KindRemoteTenantGroup                                       // A group of a tenant that manages this one.
)
