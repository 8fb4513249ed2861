package access

import (
	"context"
	"fmt"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/protobuf/types/known/structpb"
)

// Whether an activation takes something, as docs/data-model.md has it. Anything else, and
// nothing, means that it is not known.
const (
	TakenYes = "required"
	TakenNo  = "not required"
)

// Activation is what it takes to activate what somebody is eligible for.
type Activation struct {
	// Approval, MFA, Justification and Ticket are TakenYes, TakenNo, or something else for
	// what is not known.
	Approval, MFA, Justification, Ticket string
	// Approvers are who can approve, and the members of which groups; none where nobody is
	// named.
	Approvers []Ref
	// Sets are those who can approve for what they are to who asks, by Microsoft's names.
	Sets []string
	// Hidden is how many more can approve, who are not in the snapshot.
	Hidden int
	// Context is the authentication context that is asked for; Others are further
	// conditions.
	Context string
	Others  []string
	// Longest is for how long it can be activated at most, as ISO 8601 has it.
	Longest string
}

// activationOf is what an entitlement's row says; nil where it says nothing.
func activationOf(row *v2.Entitlement) (*Activation, error) {
	values := &structpb.Struct{}
	annos := annotations.Annotations(row.GetAnnotations())
	if found, err := annos.Pick(values); err != nil || !found {
		return nil, err
	}
	said := &Object{Profile: values.AsMap()}
	a := &Activation{
		Approval: said.Text("approval"), MFA: said.Text("multifactorAuthentication"), Justification: said.Text("justification"), Ticket: said.Text("ticket"),
		Sets: said.Texts("approverSets"), Context: said.Text("authenticationContext"), Others: said.Texts("alsoRequired"), Longest: said.Text("longestActivation"),
	}
	for _, approver := range said.Texts("approvers") {
		resourceType, id, _ := strings.Cut(approver, ":")
		a.Approvers = append(a.Approvers, Ref{resourceType, id})
	}
	if hidden, ok := said.Profile["approversNotShown"].(float64); ok {
		a.Hidden = int(hidden)
	}
	return a, nil
}

// setsNamed are Microsoft's names of sets of approvers, in words.
var setsNamed = map[string]string{
	"requestorManager": "the manager of who asks", "internalSponsors": "internal sponsors", "externalSponsors": "external sponsors",
	"targetManager": "the manager of who gets it", "targetUserSponsors": "the sponsors of who gets it",
	"targetAgentIdentitySponsorsOrOwners": "the sponsors or owners of the agent that gets it", "unknown": "somebody whom Microsoft Graph does not name",
}

// shownApprovers is how many approvers are named.
const shownApprovers = 4

// ApprovalOf says whose approval the activation of an entitlement needs, in words that
// follow a sentence's end: empty where it needs none.
func (s *Snapshot) ApprovalOf(ctx context.Context, entitlement string, a *Activation) (string, error) {
	switch {
	case a == nil:
		return "whether it needs approval is not known", nil
	case a.Approval == TakenNo:
		return "", nil
	case a.Approval != TakenYes:
		return "whether it needs approval is not known", nil
	}
	var names []string
	for _, ref := range a.Approvers {
		o, err := s.Object(ctx, ref)
		if err != nil {
			return "", err
		}
		name := o.Called()
		if ref.Type == TypeGroup {
			name = "a member of " + name
		}
		names = append(names, name)
	}
	for _, set := range a.Sets {
		name, known := setsNamed[set]
		if !known {
			name = "others (" + set + ")"
		}
		names = append(names, name)
	}
	more := a.Hidden
	if len(names) > shownApprovers {
		more += len(names) - shownApprovers
		names = names[:shownApprovers]
	}
	switch {
	case len(names) == 0 && more == 0 && !strings.HasPrefix(entitlement, TypeGroup+":"):
		// https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings
		return "needs approval of a Privileged Role Administrator or a Global Administrator: no approver is named", nil
	case len(names) == 0 && more == 0:
		return "needs approval; no approver is named", nil
	case len(names) == 0:
		return fmt.Sprintf("needs approval of one of %d who are not in the snapshot", more), nil
	}
	text := "needs approval of " + strings.Join(names, " or ")
	if more > 0 {
		text += fmt.Sprintf(" or one of %d more", more)
	}
	return text, nil
}
