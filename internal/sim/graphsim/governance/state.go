// Package governance is what entitlement management keeps of a tenant: catalogues, access packages, policies, assignments,
// requests and roles. It knows no tenant: ids are given to it.
package governance

import (
	"slices"
	"strings"
)

// State is all of it. Rows are changed as a whole and never in place, so that copies may share them.
type State struct {
	Catalogs    []Catalog
	Packages    []Package
	Policies    []Policy
	Assignments []Assignment
	Roles       []RoleAssignment
}

// Catalog is a catalogue of access packages.
type Catalog struct {
	ID, Name, Description, Type, State, Created string
	External                                    bool
	Unseen                                      bool // The application does not see it, and sees what is in it.
}

// Package is an access package.
type Package struct {
	ID, Name, Description, Catalog, Created string
	Hidden                                  bool
	Contents                                []Content
}

// Content is a role in a resource that a package gives.
type Content struct{ System, RoleID, RoleName, ScopeID string }

// The systems that resources come from.
const (
	SystemGroup       = "AadGroup"
	SystemApplication = "AadApplication"
	SystemRole        = "DirectoryRole"
	SystemSite        = "SharePointOnline"
)

// Policy is a way in which a package can be had.
type Policy struct {
	ID, Name, Package, Scope string
	Targets                  []Subject
	Duration, End            string // At most one of them.
	Requestable, Automatic   bool
	Approval                 bool
	Stages                   []Stage
	Gone                     bool // It is named by assignments, and is not there any more.
}

// Stage is one approval.
type Stage struct{ Approvers, Fallback []Subject }

// Subject is somebody, by type and id, or those who are something to somebody.
type Subject struct {
	Type string // In the namespace microsoft.graph.
	ID   string
}

// Assignment is a package that somebody was given, is to be given, or had.
type Assignment struct {
	ID, Package, Policy, Target string // No target where it was never found.
	Email, State                string
	Start, End, Duration        string
	Expired                     string
}

// The states of assignments.
const (
	Delivered      = "delivered"
	Partly         = "partiallyDelivered"
	Delivering     = "delivering"
	Expired        = "expired"
	DeliveryFailed = "deliveryFailed"
)

// Held is whether somebody has access by an assignment.
func (a *Assignment) Held() bool { return strings.EqualFold(a.State, Delivered) || a.State == Partly }

// RoleAssignment is a role of entitlement management that somebody holds: in a catalogue, or in all where none is named.
type RoleAssignment struct{ ID, Role, Principal, Catalog string }

// The roles (entitlement-management-delegate).
const (
	RoleCreator           = "ba92d953-d8e0-4e39-a797-0cbedb0a89e8"
	RoleOwner             = "ae79f266-94d4-4dab-b730-feca7e132178"
	RoleReader            = "44272f93-9762-48e8-af59-1b5351b1d6b3"
	RolePackageManager    = "7f480852-ebdc-47d4-87de-0d8498384a83"
	RoleAssignmentManager = "e2182095-804a-4656-ae11-64734e9b7ae5"
)

// Copied goes on by itself from the state this one has.
func (s *State) Copied() *State {
	return &State{
		Catalogs: slices.Clone(s.Catalogs), Packages: slices.Clone(s.Packages), Policies: slices.Clone(s.Policies),
		Assignments: slices.Clone(s.Assignments), Roles: slices.Clone(s.Roles),
	}
}

// Policy is a policy that is there.
func (s *State) Policy(id string) (*Policy, bool) {
	i := slices.IndexFunc(s.Policies, func(p Policy) bool { return strings.EqualFold(p.ID, id) && !p.Gone })
	if i < 0 {
		return nil, false
	}
	return &s.Policies[i], true
}

// Package is a package by its id.
func (s *State) Package(id string) (*Package, bool) {
	i := slices.IndexFunc(s.Packages, func(p Package) bool { return strings.EqualFold(p.ID, id) })
	if i < 0 {
		return nil, false
	}
	return &s.Packages[i], true
}

// Assignment is the place of an assignment.
func (s *State) Assignment(id string) int {
	return slices.IndexFunc(s.Assignments, func(a Assignment) bool { return strings.EqualFold(a.ID, id) })
}
