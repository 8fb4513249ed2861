package expect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// Activation is what a snapshot says of an entitlement that has to be activated.
// Approvers are "type:id"; Hidden are those who are not in the snapshot.
type Activation struct {
	Approval                                                          string
	Approvers, Sets                                                   []string
	Hidden                                                            int
	MFA, Justification, Ticket                                        string
	Others                                                            []string
	Context, LongestActivation, LongestAssignment, LongestEligibility string
}

// Row is the text of an activation.
func (a *Activation) Row(entitlement string) string {
	list := func(of []string) string { return strings.Join(slices.Sorted(slices.Values(of)), ",") }
	return fmt.Sprintf("%s takes approval %s of [%s] [%s] and %d more; MFA %s, justification %s, ticket %s [%s], context %q; for %s, assigned for %s, eligible for %s",
		entitlement, a.Approval, list(a.Approvers), list(a.Sets), a.Hidden, a.MFA, a.Justification, a.Ticket, list(a.Others), a.Context,
		a.LongestActivation, a.LongestAssignment, a.LongestEligibility)
}

// activations gives what it takes to activate roles, and what groups offer.
func (b *builder) activations() {
	ofRole, ofGroup := map[string]*graphsim.TruthActivation{}, map[string]*graphsim.TruthActivation{}
	for i := range b.truth.Activations {
		a := &b.truth.Activations[i]
		if a.RoleID != "" {
			ofRole[a.RoleID] = a
		} else {
			ofGroup["group:"+a.GroupID+":eligible_"+a.Access] = a
		}
	}
	if !b.o.NoP2 && !b.o.NoRoleEligibility && !b.o.NoRoleRules {
		for id, a := range ofRole {
			b.activation("role:"+id+":eligible", a)
		}
		for id := range b.scopedRoles {
			role, _, _ := strings.Cut(id, "@")
			if a := ofRole[role]; a != nil {
				b.activation(typeScopedRole+":"+id+":eligible", a)
			}
		}
	}
	if b.o.NoP2 || b.o.NoGroupEligibility || b.o.NoGroupRules {
		return
	}
	for _, e := range b.truth.GroupEligibilities {
		if g := b.groups[e.GroupID]; g == nil || !b.eligibleGroup(g) {
			continue
		}
		for _, access := range []string{slugMember, slugOwner} {
			entitlement := "group:" + e.GroupID + ":eligible_" + access
			if a := ofGroup[entitlement]; a != nil {
				b.activation(entitlement, a)
			}
		}
	}
}

func (b *builder) activation(entitlement string, of *graphsim.TruthActivation) {
	a := Activation{
		Approval: of.Approval, Sets: of.Sets, MFA: of.MFA, Justification: of.Justification, Ticket: of.Ticket, Others: of.Others, Context: of.Context,
		LongestActivation: of.Longest, LongestAssignment: of.LongestAssigned, LongestEligibility: of.LongestEligible,
	}
	approvers := slices.Clone(of.Approvers)
	slices.SortFunc(approvers, func(a, b graphsim.TruthPrincipal) int { return cmp.Compare(a.ID, b.ID) })
	for _, p := range slices.Compact(approvers) {
		if t := b.types[p.ID]; t != "" {
			a.Approvers = append(a.Approvers, t+":"+p.ID)
		} else {
			a.Hidden++
		}
	}
	b.add(Takes, a.Row(entitlement))
}
