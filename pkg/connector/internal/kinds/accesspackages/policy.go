package accesspackages

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// policy is what is kept of an assignment policy: a way in which its package can be had.
type policy struct {
	ID          string `json:"i"`
	Name        string `json:"n,omitempty"`
	Description string `json:"d,omitempty"`
	// Scope is for whom it is, and Targets are they where the scope names some.
	Scope   string   `json:"s,omitempty"`
	Targets []string `json:"t,omitempty"`
	// Requestable means that those for whom it is can ask, and OnBehalf are others who
	// can ask for them.
	Requestable bool     `json:"r,omitempty"`
	OnBehalf    []string `json:"o,omitempty"`
	// Automatic means that nobody has to ask.
	Automatic bool    `json:"a,omitempty"`
	Approval  bool    `json:"v,omitempty"`
	Stages    []stage `json:"g,omitempty"`
	// Duration is how long it lasts, End until when; neither is for good.
	Duration string     `json:"l,omitempty"`
	End      *time.Time `json:"e,omitempty"`
}

// stage is one approval that is needed.
type stage struct {
	Approvers  []string `json:"a,omitempty"`
	Fallback   []string `json:"f,omitempty"`
	Escalation []string `json:"e,omitempty"`
}

func policyOf(p *graph.AccessPackagePolicy) policy {
	kept := policy{
		ID: model.ObjectID(p.ID), Name: p.DisplayName, Description: p.Description, Scope: p.AllowedTargetScope, Targets: names(p.SpecificAllowedTargets),
		Requestable: p.RequestorSettings.EnableTargetsToSelfAddAccess, Automatic: p.AutomaticRequestSettings.RequestAccessForAllowedTargets,
		Approval: p.RequestApprovalSettings.IsApprovalRequiredForAdd, Duration: p.Expiration.Duration, End: p.Expiration.EndDateTime.Time,
	}
	if p.RequestorSettings.EnableOnBehalfRequestorsToAddAccess {
		kept.OnBehalf = names(p.RequestorSettings.OnBehalfRequestors)
	}
	if !kept.Approval { // Graph keeps stages that are switched off.
		return kept
	}
	for i := range p.RequestApprovalSettings.Stages {
		of := &p.RequestApprovalSettings.Stages[i]
		one := stage{Approvers: names(of.PrimaryApprovers), Fallback: names(of.FallbackPrimaryApprovers)}
		if of.IsEscalationEnabled {
			one.Escalation = names(of.EscalationApprovers)
		}
		kept.Stages = append(kept.Stages, one)
	}
	return kept
}

func names(sets []graph.SubjectSet) []string {
	found := make([]string, 0, len(sets))
	for i := range sets {
		found = append(found, sets[i].Name())
	}
	slices.Sort(found)
	return slices.Compact(found)
}

const (
	// keyPolicies leads to the policies of a package, and keyPolicyOf from a policy to
	// its package.
	keyPolicies = "policies/"
	keyPolicyOf = "policyof/"
)

// listPolicies reads one page of the policies of all packages.
func (s *Syncer) listPolicies(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
	page, err := walk.ReadPage(ctx, c, s.Client.ListAccessPackagePolicies)
	if err != nil {
		return nil, err
	}
	fresh, of := map[string][]policy{}, map[string]string{}
	var packages []string
	var ofWhat lacking
	for i := range page.Rows {
		row := &page.Rows[i]
		ofWhat.count(row.AccessPackage == nil)
		id := model.ObjectID(row.AccessPackage.Of())
		if id == "" {
			s.Left.Add(walk.LeftGonePackage, 1)
			continue
		}
		kept := policyOf(row)
		fresh[id], of[kept.ID], packages = append(fresh[id], kept), id, append(packages, id)
	}
	if err := ofWhat.err(c, "their package"); err != nil {
		return nil, err
	}
	known, err := walk.Get[[]policy](ctx, ix, keyPolicies, packages)
	if err != nil {
		return nil, err
	}
	for id, policies := range fresh {
		for _, one := range known[id] {
			if !slices.ContainsFunc(policies, func(p policy) bool { return p.ID == one.ID }) { // A row that came before.
				policies = append(policies, one)
			}
		}
		fresh[id] = policies
	}
	if err := walk.Put(ctx, ix, keyPolicies, fresh); err != nil {
		return nil, err
	}
	return walk.Following(page, c, phaseDelivered), walk.Put(ctx, ix, keyPolicyOf, of)
}

// inOrder are policies by their ids, each once.
func inOrder(policies []policy) []policy {
	sorted := slices.Clone(policies)
	slices.SortFunc(sorted, func(a, b policy) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(sorted, func(a, b policy) bool { return a.ID == b.ID })
}

// described are policies as a package's profile has them.
func described(policies []policy) []any {
	rows := make([]any, 0, len(policies))
	for _, p := range inOrder(policies) {
		row := map[string]any{"id": p.ID, "requestable": p.Requestable, "automatic": p.Automatic, "approvalRequired": p.Approval}
		model.SetNonEmpty(row, map[string]string{
			"name": p.Name, "description": p.Description, "allowedTargetScope": p.Scope, "duration": p.Duration, model.FieldEnd: model.Timestamp(p.End),
		})
		setList(row, "allowedTargets", p.Targets)
		setList(row, "onBehalfRequestors", p.OnBehalf)
		stages := make([]any, 0, len(p.Stages))
		for _, one := range p.Stages {
			of := map[string]any{}
			setList(of, "approvers", one.Approvers)
			setList(of, "fallbackApprovers", one.Fallback)
			setList(of, "escalationApprovers", one.Escalation)
			stages = append(stages, of)
		}
		if p.Approval {
			row["stages"] = stages
		}
		rows = append(rows, row)
	}
	return rows
}

func setList(row map[string]any, key string, values []string) {
	if len(values) == 0 {
		return
	}
	list := make([]any, 0, len(values))
	for _, v := range values {
		list = append(list, v)
	}
	row[key] = list
}

// EntitlementsForResourceType gives the policies of one page of the listed packages. It
// asks nobody.
func (s *Syncer) EntitlementsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataAccessPackages); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	packages, more, err := walk.GetPage[packageEntry](ctx, ix, walk.KeyListed+model.TypeAccessPackage, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	ids := make([]string, 0, len(packages))
	for _, p := range packages {
		ids = append(ids, p.ID)
	}
	policies, err := walk.Get[[]policy](ctx, ix, keyPolicies, ids)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var offered []*v2.Entitlement
	for _, of := range packages {
		for _, p := range inOrder(policies[of.ID]) {
			offered = append(offered, entitlement.NewAssignmentEntitlement(model.ResourceRef(model.TypeAccessPackage, of.ID), p.ID,
				entitlement.WithDisplayName(model.DisplayName(p.Name, p.ID)+" of "+of.Name),
				entitlement.WithDescription(p.sentence()),
				entitlement.WithGrantableTo(kinds.GrantableToIdentities...)))
		}
	}
	if !more {
		return offered, nil, nil
	}
	token, err := walk.EncodeToken(walk.Cursor{Version: walk.TokenVersion, Page: c.Page + 1})
	return offered, walk.Results(token), err
}

// forWhom says for whom a policy is.
var forWhom = map[string]string{
	"specificDirectoryUsers": "some people of the tenant", "specificConnectedOrganizationUsers": "people of some other organizations",
	"specificDirectoryServicePrincipals": "some applications", "allMemberUsers": "all members of the tenant", "allDirectoryUsers": "all people of the tenant, guests too",
	"allDirectoryServicePrincipals": "all applications of the tenant", "allConfiguredConnectedOrganizationUsers": "people of all connected organizations",
}

// sentence says how a policy gives its package.
func (p *policy) sentence() string {
	whom := forWhom[p.Scope]
	said := "Given by administrators only."
	switch {
	case whom != "" && p.Automatic:
		said = "Given to " + whom + " without a request."
	case whom != "" && p.Requestable:
		said = "Can be asked for by " + whom + "."
	}
	switch {
	case p.Approval && len(p.Stages) == 1:
		said += " One approval is needed."
	case p.Approval:
		said += " " + strconv.Itoa(len(p.Stages)) + " approvals are needed, one after the other."
	}
	switch {
	case p.End != nil:
		said += " It ends on " + model.Timestamp(p.End) + "."
	case p.Duration != "":
		said += " It lasts for " + p.Duration + "."
	}
	return said
}
