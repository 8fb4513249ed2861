package directory

import (
	"slices"
	"sync"
)

// MethodKey names a method of a user.
type MethodKey struct{ User, Method int }

// Lifetime is when a credential starts and ends. The moments are fixed, and chosen around 25 November 2026.
type Lifetime struct{ Start, End string }

var (
	longExpired  = Lifetime{"2022-06-30T09:00:00Z", "2024-06-30T09:00:00Z"}
	justExpired  = Lifetime{"2025-11-01T00:00:00Z", "2026-11-01T00:00:00Z"}
	endsInDays   = Lifetime{"2025-11-28T10:15:00Z", "2026-11-28T10:15:00Z"}
	endsInWeeks  = Lifetime{"2024-12-20T07:30:15.1234567Z", "2026-12-20T07:30:15.1234567Z"}
	endsInYears  = Lifetime{"2026-01-15T12:00:00Z", "2028-01-15T12:00:00Z"}
	endsNever    = Lifetime{"2020-01-01T00:00:00Z", "2299-12-30T23:59:59Z"}
	everyAge     = []Lifetime{longExpired, justExpired, endsInDays, endsInWeeks, endsInYears, endsNever}
	azureRenewal = Lifetime{"2026-10-12T00:00:00Z", "2027-01-10T00:00:00Z"}
)

const (
	UsageVerify = "Verify"
	UsageSign   = "Sign"

	credentialsPerOwner = 32
	ownersOfCredentials = 1 << 20 // Registrations come before, service principals after.
)

// Credential is a secret or a certificate of a registration or a service principal.
type Credential struct {
	ID       GUID
	Thumb    GUID   // The keys of one certificate share it.
	Name     string // Empty for none.
	usage    string // Of a certificate; empty for a secret.
	Signing  bool   // The password of a key that signs, with the id of that key: no credential of its own.
	Lifetime Lifetime
	unnamed  bool // It has no key id.
}

// Secret is whether a credential is a secret, and no certificate.
func (c Credential) Secret() bool { return c.usage == "" }

// Hint is what Graph goes on showing of a secret.
func (c Credential) Hint() string { return c.ID.String()[:3] }

// credentialName is now and then empty, as people leave it.
func credentialName(h uint64) string {
	return Pick([]string{"ci", "", "terraform", "Müller's laptop", "backup job"}, h)
}

// KeyID is the key id of a credential as Graph gives it.
func (c Credential) KeyID() string {
	if c.unnamed {
		return ""
	}
	return c.ID.String()
}

// A tenant follows from its size and seed. What writes change lies beside that: edges are edited in copies of their
// lists, objects made by writes come after the generated ones, and properties are looked up here first.

// WrittenState is what writes made of a tenant. Callers hold the lock.
type WrittenState struct {
	Any       bool                    // Whether anything was ever written: if not, nothing below is looked at.
	Objects   map[Ref]*WrittenOf      // Properties, by object.
	Managers  map[int]Ref             // By user; zero for one taken away.
	Sponsors  map[int][]Ref           // By user, those from the beginning too, with empty places for those taken away.
	Users     int                     // Users with indexes beyond the generated ones, soft-deleted ones included.
	revived   map[Ref]struct{}        // Of the users that were deleted from the beginning: those restored.
	Binned    map[Ref]string          // Soft-deleted by a write, with the moment.
	direct    map[int][]LicenseState  // The licences of a user without those of groups, where they do not follow from the index any more.
	unserved  map[licenseKey]struct{} // Licences of groups no unit was left for.
	Secrets   map[Ref][]Credential    // By owner.
	Revoked   map[GUID]struct{}       // Credentials taken away.
	Methods   map[MethodKey]struct{}  // Authentication methods taken away.
	Restarted map[Ref]struct{}        // Service principals whose provisioning was started over.
	Jobs      map[Ref]ProvisioningJob // By service principal.
	Log       []GroupChange
}

// ProvisioningJob is what became of the provisioning job of a service principal.
type ProvisioningJob struct {
	Paused      bool
	Provisioned []Ref // The people who have an account in the application because of it.
}

// WrittenOf is what was written of one object.
type WrittenOf struct {
	made   bool // By a write: what has no value here is not set.
	Values map[string]any
}

// GroupChange is one thing that happened to a group. Without a relation it is the group itself that changed.
type GroupChange struct {
	Group    int32
	Relation Relation
	End      Ref
	Removed  bool
}

// Relation is a collection of a group that writes edit.
type Relation uint8

const (
	RelationNone Relation = iota
	RelationMembers
	RelationOwners
)

// String is the name of the relation in a path.
func (r Relation) String() string {
	if r == RelationOwners {
		return "owners"
	}
	return "members"
}

// NewWrittenState is what nothing was written to.
func NewWrittenState() WrittenState {
	return WrittenState{
		Objects: map[Ref]*WrittenOf{}, Managers: map[int]Ref{}, Sponsors: map[int][]Ref{}, revived: map[Ref]struct{}{}, Binned: map[Ref]string{},
		direct: map[int][]LicenseState{}, unserved: map[licenseKey]struct{}{}, Secrets: map[Ref][]Credential{},
		Revoked: map[GUID]struct{}{}, Methods: map[MethodKey]struct{}{}, Restarted: map[Ref]struct{}{}, Jobs: map[Ref]ProvisioningJob{},
	}
}

// Linked is a list with one more end. Lists are shared with what reads show, so none is changed in place.
func Linked(list []Ref, r Ref) []Ref { return append(slices.Clip(list), r) }

// Unlinked is a list without an end. Its place stays, empty, so that the pages of who reads the list at this moment
// do not shift.
func Unlinked(list []Ref, r Ref) []Ref {
	out := slices.Clone(list)
	if n := slices.Index(out, r); n >= 0 {
		out[n] = 0
	}
	return out
}

// AddTo adds a value in an index whose lists others may be reading.
func AddTo[K comparable, V any](index map[K][]V, key K, v V) {
	index[key] = append(slices.Clip(index[key]), v)
}

// TakeFrom takes a value out of an index whose lists others may be reading.
func TakeFrom[K, V comparable](index map[K][]V, key K, v V) {
	index[key] = slices.DeleteFunc(slices.Clone(index[key]), func(one V) bool { return one == v })
}

// TakenSeats keeps how many users have each licence, between changes.
type TakenSeats struct {
	mu   sync.Mutex
	used []int
}

// SignInNames keeps people in the order of their sign-in names, which large tenants are asked for a page at a time.
type SignInNames struct {
	mu    sync.Mutex
	valid bool
	rows  []Ref
	keys  []string // In lower case, in the order of the rows.
}

// forget drops the order: somebody came, went, or got another name.
func (n *SignInNames) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.valid, n.rows, n.keys = false, nil, nil
}
