package truth

import (
	"fmt"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/policies"
)

// Of is whether the activation is that of an entitlement of the data model: of a role, wherever it is held, or of what
// a group offers.
func (a *Activation) Of(entitlement string) bool {
	if a.GroupID != "" {
		return entitlement == "group:"+a.GroupID+":eligible_"+a.Access
	}
	return entitlement == "role:"+a.RoleID+":eligible" ||
		strings.HasPrefix(entitlement, "scoped_role:"+a.RoleID+"@") && strings.HasSuffix(entitlement, ":eligible")
}

const (
	required    = "required"
	notRequired = "not required"
	unknown     = "unknown"
	unlimited   = "unlimited"
)

// truthActivations states what activating takes: of every role, and of the groups that somebody is eligible for.
func truthActivations(t *directory.Tenant, out *Statement) {
	each(t, directory.KindRoleDefinition, func(i int, id string) {
		a := activation(t, policies.OfRole(t, i))
		a.RoleID = id
		out.Activations = append(out.Activations, a)
	})
	each(t, directory.KindGroup, func(i int, id string) {
		if len(t.GroupEligible.ByGroup[int32(i)]) == 0 { //nolint:gosec // Small indexes.
			return
		}
		for access, owner := range map[string]bool{"member": false, "owner": true} {
			a := activation(t, policies.OfGroup(t, i, owner))
			a.GroupID, a.Access = id, access
			out.Activations = append(out.Activations, a)
		}
	})
}

func activation(t *directory.Tenant, p policies.Policy) Activation {
	of := p.Activation
	a := Activation{
		Approval: unknown, MFA: unknown, Justification: unknown, Ticket: unknown, Longest: unknown, Context: of.Context,
		LongestAssigned: limit(p.Longest), LongestEligible: limit(p.LongestEligible),
	}
	if of.Approval == policies.Plain {
		a.Approval = notRequired
		if of.Required {
			a.Approval, a.Sets = required, of.Sets
			for _, r := range append(append([]directory.Ref{}, of.Approvers...), of.Escalated...) {
				a.Approvers = append(a.Approvers, PrincipalOf(t, r))
			}
		}
	}
	if of.Enablement == policies.Plain {
		a.MFA, a.Justification, a.Ticket = notRequired, notRequired, notRequired
		for _, enabled := range of.Enabled {
			switch enabled {
			case policies.MFA:
				a.MFA = required
			case policies.Justification:
				a.Justification = required
			case policies.Ticketing:
				a.Ticket = required
			default:
				a.Others = append(a.Others, enabled)
			}
		}
	}
	if of.Expiration == policies.Plain && of.Longest[0] == 'P' {
		a.Longest = of.Longest
	}
	return a
}

// limit is a length of time in the words that policies are made in.
func limit(d time.Duration) string {
	const day = 24 * time.Hour
	switch d {
	case 0:
		return unlimited
	case 365 * day:
		return "P1Y"
	case 15 * day:
		return "P15D"
	default:
		return fmt.Sprintf("P%dM", int(d/day/30))
	}
}
