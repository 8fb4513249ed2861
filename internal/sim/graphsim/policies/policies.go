// Package policies is what Privileged Identity Management asks of a tenant's roles and
// groups: for how long somebody may be given them, and what activating them takes. It
// follows from the tenant and is not stored. It does not know how Graph shows it.
package policies

import (
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// Policy is that of a role, or of a group's membership or ownership.
type Policy struct {
	Longest         time.Duration // Of an active assignment; zero where it may be permanent.
	LongestEligible time.Duration // Of an eligibility.
	Justified       bool          // Whoever assigns has to say why.
	Activation      Activation
}

// Shape is how a rule is shown, if it is.
type Shape uint8

// The shapes.
const (
	Plain   Shape = iota
	Missing       // The policy has no such rule.
	Strange       // It is of a type that no document has.
)

// Activation is what activating takes.
type Activation struct {
	Approval   Shape
	Required   bool // Somebody has to approve.
	Approvers  []directory.Ref
	Sets       []string // Approvers by what they are to who asks, as Graph names the types.
	Escalated  []directory.Ref
	Enablement Shape
	Enabled    []string // What Graph calls the rules that are on.
	Context    string   // Of conditional access.
	Expiration Shape
	Longest    string // ISO 8601.
}

// The rules that an enablement rule can have on.
const (
	MFA           = "MultiFactorAuthentication"
	Justification = "Justification"
	Ticketing     = "Ticketing"
)

const day = 24 * time.Hour

// OfRole is the policy of a role: some nobody may hold for good, nor without saying why.
func OfRole(t *directory.Tenant, role int) Policy {
	p := Policy{}
	switch {
	case role == directory.RoleGlobalAdministrator:
		p = Policy{Longest: 15 * day, LongestEligible: 90 * day, Justified: true}
	case role%3 == 0:
		p = Policy{Longest: 180 * day, LongestEligible: 365 * day, Justified: true}
	}
	p.Activation = activationOfRole(t, role)
	return p
}

func activationOfRole(t *directory.Tenant, role int) Activation {
	usual := Activation{Enabled: []string{MFA, Justification}, Longest: "PT8H"}
	switch role {
	case directory.RoleGlobalAdministrator:
		return Activation{
			Required: true, Approvers: []directory.Ref{directory.UserRef(directory.UserAdmin), directory.GroupRef(directory.GroupRoleAssignable)},
			Enabled: []string{MFA, Justification, Ticketing}, Longest: "PT1H",
		}
	case directory.RoleGlobalReader:
		usual.Enabled, usual.Longest = []string{}, "P1D"
	case directory.RoleUserAdministrator: // Nobody is named: the tenant's own administrators approve.
		usual.Required = true
	case directory.RoleApplicationAdministrator: // One approver is gone, and one is whoever the manager is.
		usual.Required, usual.Sets = true, []string{"requestorManager"}
		usual.Approvers = []directory.Ref{directory.UserRef(directory.UserPlain), t.DeletedUser(directory.DeletedOwner)}
		usual.Escalated = []directory.Ref{directory.UserRef(directory.UserOther)}
		usual.Longest = "PT9H30M"
	case directory.RoleGroupsAdministrator:
		usual.Approval, usual.Expiration = Missing, Missing
	case directory.RoleHelpdeskAdministrator:
		usual.Approval, usual.Enablement, usual.Expiration = Strange, Strange, Strange
	case directory.RoleCloudDeviceAdministrator:
		usual.Enabled, usual.Context = []string{Ticketing, "Voodoo"}, "c1"
	case len(directory.BuiltInRoles): // The first custom role.
		usual.Required, usual.Sets = true, []string{"setOfTomorrow"}
		usual.Approvers, usual.Longest = []directory.Ref{t.FirstSP(directory.SPManagedIdentity)}, "a while"
	default:
		if h := t.Hash(directory.MakeRef(directory.KindRoleDefinition, role), directory.SaltExtra); h%3 == 0 {
			usual.Required, usual.Approvers = true, t.Users(directory.Below(h>>8, t.Shape.Users), 1+directory.Below(h>>40, 2))
		}
	}
	return usual
}

// OfGroup is the policy of a group's membership, or of its ownership.
func OfGroup(t *directory.Tenant, group int, owner bool) Policy {
	p := Policy{LongestEligible: 365 * day, Activation: Activation{Enabled: []string{Justification}, Longest: "PT8H"}}
	h := t.Hash(directory.GroupRef(group), directory.SaltExtra)
	switch {
	case owner && group == directory.GroupRoleAssignable:
		p.Activation.Required, p.Activation.Approvers = true, []directory.Ref{directory.UserRef(directory.UserAdmin)}
	case owner:
	case group == directory.GroupRoleAssignable:
		p.Activation.Approval = Missing
	case h%2 == 0:
		p.Activation.Required, p.Activation.Approvers = true, t.Users(directory.Below(h>>8, t.Shape.Users), 2)
	}
	return p
}
