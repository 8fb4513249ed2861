package policies

import (
	"slices"
	"strings"
	"time"
)

// Verdict is whether an activation takes something. A rule that is missing, or that
// this build cannot read, does not say that it takes nothing.
type Verdict string

// The verdicts.
const (
	Required    Verdict = "required"
	NotRequired Verdict = "not required"
	Unknown     Verdict = "unknown"
)

// What an expiration rule says beside a length of time.
const (
	// Unlimited is what may last for good.
	Unlimited = "unlimited"
	// UnknownLength is what a rule does not say in a way that can be read.
	UnknownLength = string(Unknown)
)

// Activation is what it takes to activate what somebody is eligible for.
type Activation struct {
	Approval Verdict `json:"a"`
	// Approvers are those of all stages, once each; none where Privileged Identity
	// Management's own administrators approve.
	Approvers []Approver `json:"w,omitempty"`
	// MFA, Justification and Ticket are what who activates has to bring.
	MFA           Verdict `json:"m"`
	Justification Verdict `json:"j"`
	Ticket        Verdict `json:"t"`
	// Others are further conditions, as Microsoft calls them.
	Others []string `json:"o,omitempty"`
	// Context is the authentication context that conditional access asks for: "c1", say;
	// empty for none, and UnknownLength where the rule does not tell.
	Context string `json:"c,omitempty"`
	// Longest is for how long it can be activated at most: as ISO 8601 has it (PT8H),
	// Unlimited or UnknownLength. LongestAssigned and LongestEligible are for how long an
	// administrator may assign it, and make somebody eligible for it.
	Longest         string `json:"l"`
	LongestAssigned string `json:"la"`
	LongestEligible string `json:"le"`
}

// Approver is who can approve. Kind is one of ApproverUser, ApproverGroup and
// ApproverServicePrincipal, with an id, or the name of a set that depends on who asks
// (requestorManager), without one.
type Approver struct {
	Kind string `json:"k"`
	ID   string `json:"i,omitempty"`
}

// The kinds of approvers with an id, as Microsoft calls the sets.
const (
	ApproverUser             = "singleUser"
	ApproverGroup            = "groupMembers"
	ApproverServicePrincipal = "singleServicePrincipal"
	// approverUnknown is a set of which Graph does not tell what it is.
	approverUnknown = "unknown"
)

// Of is what rules ask of an activation.
func Of(rules []Rule) Activation {
	a := Activation{
		Approval: Unknown, MFA: Unknown, Justification: Unknown, Ticket: Unknown, Context: UnknownLength,
		Longest:         longest(named(rules, expirationOfActivation, kindExpiration)),
		LongestAssigned: longest(named(rules, ExpirationOfAssignment, kindExpiration)),
		LongestEligible: longest(named(rules, ExpirationOfEligibility, kindExpiration)),
	}
	if r := named(rules, approvalOfActivation, kindApproval); r != nil && r.Setting != nil && r.Setting.IsApprovalRequired != nil {
		a.Approval = verdict(*r.Setting.IsApprovalRequired)
		if a.Approval == Required {
			a.Approvers = approvers(r.Setting.ApprovalStages)
		}
	}
	if r := named(rules, contextOfActivation, kindContext); r != nil && r.IsEnabled != nil {
		a.Context = ""
		if *r.IsEnabled {
			a.Context = r.ClaimValue
		}
	}
	if r := named(rules, enablementOfActivation, kindEnablement); r != nil && r.EnabledRules != nil {
		a.MFA, a.Justification, a.Ticket = NotRequired, NotRequired, NotRequired
		for _, enabled := range r.EnabledRules {
			switch enabled {
			case "MultiFactorAuthentication":
				a.MFA = Required
			case "Justification":
				a.Justification = Required
			case "Ticketing":
				a.Ticket = Required
			default:
				a.Others = append(a.Others, enabled)
			}
		}
		slices.Sort(a.Others)
	}
	return a
}

func verdict(required bool) Verdict {
	if required {
		return Required
	}
	return NotRequired
}

// longest is what an expiration rule says; a missing one says nothing.
func longest(r *Rule) string {
	switch {
	case r == nil || r.IsExpirationRequired == nil:
		return UnknownLength
	case !*r.IsExpirationRequired:
		return Unlimited
	}
	if _, err := ParseDuration(r.MaximumDuration, time.Unix(0, 0).UTC()); err != nil {
		return UnknownLength
	}
	return r.MaximumDuration
}

// approvers are those of stages, in one order.
func approvers(stages []ApprovalStage) []Approver {
	var found []Approver
	for i := range stages {
		sets := stages[i].PrimaryApprovers
		if stages[i].IsEscalationEnabled {
			sets = slices.Concat(sets, stages[i].EscalationApprovers)
		}
		for j := range sets {
			found = append(found, sets[j].approver())
		}
	}
	slices.SortFunc(found, func(a, b Approver) int { return strings.Compare(a.Kind+" "+a.ID, b.Kind+" "+b.ID) })
	return slices.Compact(found)
}

func (s *SubjectSet) approver() Approver {
	kind := strings.TrimPrefix(s.ODataType, namespace)
	id := ""
	switch kind {
	case ApproverUser:
		id = s.UserID
	case ApproverGroup:
		id = s.GroupID
	case ApproverServicePrincipal:
		id = s.ServicePrincipalID
	case "":
		return Approver{Kind: approverUnknown}
	default:
		return Approver{Kind: kind}
	}
	if id == "" {
		return Approver{Kind: approverUnknown}
	}
	return Approver{Kind: kind, ID: strings.ToLower(id)}
}
