package paths

import (
	"context"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// packagesGiving notes the access packages that give an object to whom they are
// delivered. Who has one has the object too, and is found from that.
func (w *search) packagesGiving(ctx context.Context, on access.Ref, place int, slugs ...string) error {
	for _, slug := range slugs {
		given, err := w.snapshot.PackagesGiving(ctx, access.EntitlementID(on, slug))
		if err != nil {
			return err
		}
		for _, ref := range given {
			w.reach(node{Ref: ref}, visit{next: place, edge: EdgePackageGives, note: givesAs[slug]})
		}
	}
	return nil
}

// givesAs is what a package that gives more than the access itself gives.
var givesAs = map[string]string{
	access.SlugOwner:    " as an owner, who decides who is in it",
	access.SlugEligible: ", to be activated",
}

// intoPackage finds who gives an access package, to themselves too, and who may ask for
// it. An assignment manager needs a policy to give it by; the others make one
// (https://learn.microsoft.com/entra/id-governance/entitlement-management-delegate).
func (w *search) intoPackage(ctx context.Context, place int) error {
	o, err := w.snapshot.Object(ctx, w.visits[place].Ref)
	if err != nil {
		return err
	}
	policies := o.Rows("policies")
	managers := []string{access.SlugOwner, access.SlugPackageManager}
	if len(policies) > 0 {
		managers = append(managers, access.SlugAssignmentManager)
	}
	if o.Parent.Type != access.TypePackageCatalog {
		w.unmanaged++
		managers = nil
	}
	for _, slug := range managers {
		if err := w.holders(ctx, access.EntitlementID(o.Parent, slug), place, EdgeManagesPackage, false); err != nil {
			return err
		}
	}
	if err := w.powerful(ctx, powers.GivesPackages, place, EdgeManagesPackage); err != nil {
		return err
	}
	return w.askers(ctx, place, policies)
}

// askers notes those whom a policy names as people who may ask, first by the policies
// that need nobody's agreement.
func (w *search) askers(ctx context.Context, place int, policies []map[string]any) error {
	slices.SortStableFunc(policies, func(a, b map[string]any) int { return stagesOf(a) - stagesOf(b) })
	open := false
	for _, policy := range policies {
		if requestable, _ := policy["requestable"].(bool); !requestable {
			continue
		}
		targets := textsIn(policy, "allowedTargets")
		open = open || len(targets) == 0
		note, err := w.agreement(ctx, policy)
		if err != nil {
			return err
		}
		for _, target := range targets {
			ref := namedBy(target)
			if !begins(ref.Type) && ref.Type != access.TypeGroup {
				open = true
				continue
			}
			o, err := w.snapshot.Object(ctx, ref)
			if err != nil {
				return err
			}
			if !o.Missing {
				w.reach(node{Ref: ref}, visit{next: place, edge: EdgeAsksForPackage, activation: true, note: note})
			}
		}
	}
	if open {
		w.open++
	}
	return nil
}

// stagesOf is how many have to agree, one after the other.
func stagesOf(policy map[string]any) int {
	if approval, _ := policy["approvalRequired"].(bool); !approval {
		return 0
	}
	stages, _ := policy["stages"].([]any)
	return max(1, len(stages))
}

// agreement says whose agreement a request needs.
func (w *search) agreement(ctx context.Context, policy map[string]any) (string, error) {
	if stagesOf(policy) == 0 {
		return ", and nobody has to agree", nil
	}
	stages, _ := policy["stages"].([]any)
	var agree []string
	for _, one := range stages {
		stage, _ := one.(map[string]any)
		var names []string
		for _, approver := range append(textsIn(stage, "approvers"), textsIn(stage, "fallbackApprovers")...) {
			name, err := w.approver(ctx, approver)
			if err != nil {
				return "", err
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		const most = 5
		if len(names) > most {
			names = append(names[:most], "others")
		}
		if len(names) == 0 {
			names = []string{"somebody whom the policy does not name"}
		}
		agree = append(agree, strings.Join(names, " or "))
	}
	if len(agree) == 0 {
		agree = []string{"somebody whom the policy does not name"}
	}
	return ", and needs the agreement of " + strings.Join(agree, ", then of "), nil
}

// approver is what somebody who may agree is called.
func (w *search) approver(ctx context.Context, name string) (string, error) {
	if ref := namedBy(name); begins(ref.Type) || ref.Type == access.TypeGroup {
		o, err := w.snapshot.Object(ctx, ref)
		if err != nil {
			return "", err
		}
		return o.Called(), nil
	}
	switch kind, _, _ := strings.Cut(name, ":"); kind {
	case "requestorManager", "targetManager":
		return "their manager", nil
	case "internalSponsors", "externalSponsors":
		return "their organization's sponsors", nil
	case "targetUserSponsors":
		return "their sponsors", nil
	default:
		return kind, nil
	}
}

// namedBy is the object that a policy names.
func namedBy(name string) access.Ref {
	kind, id, _ := strings.Cut(name, ":")
	return access.Ref{Type: kind, ID: id}
}

func textsIn(row map[string]any, key string) []string {
	list, _ := row[key].([]any)
	texts := make([]string, 0, len(list))
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
