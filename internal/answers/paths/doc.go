// Package paths finds who can come to a directory role, a group or an application, by
// every way that a snapshot knows: what is held, what can be activated, and what can be
// taken over, step by step. The rules are those of Microsoft's pages, which each step
// names; what roles and permissions let their holders do is the table of package powers.
//
// It searches backwards from the target, so that it looks at those who lead there and
// at nobody else.
package paths

import (
	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// Edge is the kind of a step.
type Edge string

// The kinds of steps. "From" can be a directory role: then what follows is what the
// role lets its holders do.
const (
	// EdgeHoldsRole is a directory role that is held now.
	EdgeHoldsRole Edge = "holds-role"
	// EdgeEligibleRole is a directory role that can be activated.
	EdgeEligibleRole Edge = "eligible-for-role"
	// EdgeMember is a membership of a group.
	EdgeMember Edge = "member"
	// EdgeEligibleMember is a membership of a group that can be activated.
	EdgeEligibleMember Edge = "eligible-member"
	// EdgeOwnsGroup is the ownership of a group, whose owners decide who is in it.
	EdgeOwnsGroup Edge = "owns-group"
	// EdgeEligibleOwner is the ownership of a group that can be activated.
	EdgeEligibleOwner Edge = "eligible-owner"
	// EdgeManagesMembers is a role or a permission that decides who is in a group.
	EdgeManagesMembers Edge = "manages-members"
	// EdgeOwnsApplication is the ownership of an application, whose owners can add a
	// credential to it.
	EdgeOwnsApplication Edge = "owns-application"
	// EdgeOwnsRegistration is the ownership of an application's registration.
	EdgeOwnsRegistration Edge = "owns-registration"
	// EdgeAddsCredential is a role or a permission with which a credential can be added to
	// an application.
	EdgeAddsCredential Edge = "adds-credential" //nolint:gosec // A kind of step.
	// EdgeBlueprint is a blueprint of agents, whose credentials its agents sign in with.
	EdgeBlueprint Edge = "is-blueprint-of"
	// EdgeResets is a role or a permission that gives a person a new way to sign in.
	EdgeResets Edge = "resets"
	// EdgeTrustsAuthority is a permission to trust a certificate authority.
	EdgeTrustsAuthority Edge = "trusts-authority"
	// EdgeFederates is a role or a permission to have a domain's people signed in elsewhere.
	EdgeFederates Edge = "federates"
	// EdgeSynchronizes is a role that writes the passwords of people from on premises.
	EdgeSynchronizes Edge = "synchronizes"
	// EdgeGivesRole is a role or a permission that gives directory roles.
	EdgeGivesRole Edge = "gives-role"
	// EdgeLiftsRestriction is the same where a restricted administrative unit keeps
	// everybody else out: its power is given, or the unit changed.
	EdgeLiftsRestriction Edge = "lifts-restriction"
	// EdgePackageGives is an access package that gives access to whom it is delivered.
	EdgePackageGives Edge = "package-gives"
	// EdgeManagesPackage is a role in a catalogue, a directory role or a permission with
	// which an access package can be given to anybody.
	EdgeManagesPackage Edge = "manages-package"
	// EdgeAsksForPackage is being named by a policy as somebody who may ask for an access
	// package. Others may have to agree.
	EdgeAsksForPackage Edge = "asks-for-package"
)

// Edges are all kinds of steps, in the order in which they are explained.
func Edges() []Edge {
	return []Edge{
		EdgeHoldsRole, EdgeEligibleRole, EdgeMember, EdgeEligibleMember, EdgeOwnsGroup, EdgeEligibleOwner, EdgeManagesMembers,
		EdgeOwnsApplication, EdgeOwnsRegistration, EdgeAddsCredential, EdgeBlueprint, EdgeResets, EdgeTrustsAuthority, EdgeFederates,
		EdgeSynchronizes, EdgeGivesRole, EdgeLiftsRestriction, EdgePackageGives, EdgeManagesPackage, EdgeAsksForPackage,
	}
}

// Step is one step of a path.
type Step struct {
	From access.Ref `json:"from"`
	To   access.Ref `json:"to"`
	Edge Edge       `json:"edge"`
	// Entitlement is what From holds and the step rests on; empty for what a directory
	// role lets its holders do.
	Entitlement string `json:"entitlement,omitempty"`
	// Until is when From stops holding it, in RFC 3339; empty for no end.
	Until string `json:"until,omitempty"`
	// Activation says that it has to be activated or asked for first, and perhaps approved.
	Activation bool `json:"activation,omitempty"`
	// Why is what From can do, in words that follow its name.
	Why string `json:"why"`
	// Page is the page of Microsoft's that the rule rests on.
	Page string `json:"page"`
}

// Path is the shortest way from somebody to the target.
type Path struct {
	Start access.Ref `json:"start"`
	Steps []Step     `json:"steps"`
}

// Result is who can come to a target.
type Result struct {
	// Target is the application, where its registration was asked for.
	Target access.Ref `json:"target"`
	// Paths are one for each person, application, managed and agent identity, the
	// shortest first. A group begins one where the snapshot cannot name its members.
	// Whoever is blocked, and a disabled application, is among them: that is a property
	// of the object, and a switch that others can turn.
	Paths []Path `json:"paths"`
	// Unknown is what the snapshot cannot know, and could be a way.
	Unknown []string `json:"unknown"`
	// Cut says that there are more paths than were asked for.
	Cut bool `json:"cut"`
}

// Options say how much is wanted; the zero value is everything.
type Options struct {
	// Limit is how many paths, and MaxSteps how long they may be.
	Limit, MaxSteps int
}
