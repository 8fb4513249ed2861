package doctor

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// subjects finds objects that requests can be about. What it finds is kept for the
// next request and told to nobody.
type subjects struct {
	client *graph.Client
	found  map[sending.SubjectKind]foundSubject
}

type foundSubject struct {
	subject sending.Subject
	there   bool
	err     error
}

// subjectRow is a row of any listing in which subjects are looked for.
type subjectRow struct {
	ODataType         string `json:"@odata.type"`
	ID                string `json:"id"`
	UserPrincipalName string `json:"userPrincipalName"`
	Mail              string `json:"mail"`
	RoleDefinitionID  string `json:"roleDefinitionId"`
	DirectoryScopeID  string `json:"directoryScopeId"`
	PolicyID          string `json:"policyId"`
	// ProvisioningOptions are of a group.
	ProvisioningOptions []string `json:"resourceProvisioningOptions"`
}

// subjectLists are where subjects are looked for: one page of each.
var subjectLists = map[sending.SubjectKind]string{
	sending.SubjectPerson:         "/users?$select=id,userPrincipalName,mail&$top=50",
	sending.SubjectGroup:          "/groups?$select=id&$top=50",
	sending.SubjectApplication:    "/servicePrincipals?$select=id&$top=1",
	sending.SubjectAgent:          agentList,
	sending.SubjectBlueprint:      agentList,
	sending.SubjectRegistration:   "/applications?$select=id&$top=1",
	sending.SubjectDevice:         "/devices?$select=id&$top=1",
	sending.SubjectUnit:           "/directory/administrativeUnits?$select=id&$top=1",
	sending.SubjectDirectoryRole:  roleRows,
	sending.SubjectDirectoryScope: roleRows,
	sending.SubjectBlueprintApp:   "/applications?$select=id&$top=999",
	sending.SubjectRoleGroup:      "/groups?$select=id&$filter=isAssignableToRole%20eq%20true&$top=1",
	sending.SubjectPolicy:         "/policies/roleManagementPolicyAssignments?$filter=scopeId%20eq%20'/'%20and%20scopeType%20eq%20'DirectoryRole'",
	sending.SubjectTeam:           "/groups?$select=id,resourceProvisioningOptions&$top=999",
	sending.SubjectPackage:        "/identityGovernance/entitlementManagement/accessPackages?$select=id",
}

const (
	agentList = "/servicePrincipals?$select=id,servicePrincipalType&$top=999"
	roleRows  = "/roleManagement/directory/roleAssignments"
)

// find is the subject of a kind. It is not there where the tenant has none on the
// first page; the error is Graph's answer to the looking.
func (s *subjects) find(ctx context.Context, kind sending.SubjectKind) (sending.Subject, bool, error) {
	if kind == sending.SubjectNone {
		return sending.Subject{}, true, nil
	}
	f, known := s.found[kind]
	if !known {
		f.subject, f.err = s.look(ctx, kind)
		f.there = f.subject.ID != ""
		if s.found == nil {
			s.found = map[sending.SubjectKind]foundSubject{}
		}
		s.found[kind] = f
	}
	return f.subject, f.there, f.err
}

func (s *subjects) look(ctx context.Context, kind sending.SubjectKind) (sending.Subject, error) {
	if kind == sending.SubjectChannel {
		return s.lookForChannel(ctx)
	}
	pages, err := sending.BatchPages[subjectRow](ctx, s.client.Sender, []string{subjectLists[kind]})
	if err != nil {
		return sending.Subject{}, err
	}
	if pages[0].Err != nil {
		return sending.Subject{}, pages[0].Err
	}
	rows := pages[0].Page.Items
	var found sending.Subject
	for i := range rows {
		if id := rows[i].subjectOf(kind); id != "" {
			found.IDs = append(found.IDs, id)
		}
	}
	if len(found.IDs) == 0 {
		return found, nil
	}
	found.ID = found.IDs[0]
	switch kind {
	default:
	case sending.SubjectPerson:
		for i := range rows {
			found.Names = append(found.Names, rows[i].UserPrincipalName)
		}
		slices.Sort(found.Names)
		if at := slices.IndexFunc(rows, func(r subjectRow) bool { return r.Mail != "" }); at >= 0 {
			found.ID = rows[at].ID
		}
	case sending.SubjectGroup:
		found.ID = s.fullest(ctx, found.IDs)
	}
	return found, nil
}

// lookForChannel finds a channel with members of its own in the first few teams.
func (s *subjects) lookForChannel(ctx context.Context) (sending.Subject, error) {
	teams, there, err := s.find(ctx, sending.SubjectTeam)
	if err != nil || !there {
		return sending.Subject{}, err
	}
	ids := teams.IDs[:min(len(teams.IDs), sending.MaxBatchSize)]
	refs := make([]string, 0, len(ids))
	for _, id := range ids {
		refs = append(refs, graph.TeamChannelsRef(id))
	}
	pages, err := sending.BatchPages[graph.Channel](ctx, s.client.Sender, refs)
	if err != nil {
		return sending.Subject{}, err
	}
	var refusal error
	for n, page := range pages {
		if page.Err != nil {
			refusal = page.Err
			continue
		}
		for i := range page.Page.Items {
			if row := &page.Page.Items[i]; row.HasMembers() {
				id := ids[n] + "/" + row.ID
				return sending.Subject{ID: id, IDs: []string{id}}, nil
			}
		}
	}
	if failure.IsNotFound(refusal) {
		refusal = nil
	}
	return sending.Subject{}, refusal
}

// subjectOf is what a row gives as a subject of a kind; empty for nothing.
func (r *subjectRow) subjectOf(kind sending.SubjectKind) string {
	switch kind {
	default:
	case sending.SubjectAgent:
		if r.ODataType != graph.TypeAgentIdentity {
			return ""
		}
	case sending.SubjectBlueprint:
		if r.ODataType != graph.TypeAgentIdentityBlueprintPrincipal {
			return ""
		}
	case sending.SubjectDirectoryRole:
		return r.RoleDefinitionID
	case sending.SubjectBlueprintApp:
		if r.ODataType != graph.TypeAgentIdentityBlueprint {
			return ""
		}
	case sending.SubjectTeam:
		if !slices.Contains(r.ProvisioningOptions, graph.ProvisionedTeam) {
			return ""
		}
	case sending.SubjectPolicy:
		return r.PolicyID
	case sending.SubjectDirectoryScope:
		if r.DirectoryScopeID == graph.TenantScope {
			return ""
		}
		return r.DirectoryScopeID
	}
	return r.ID
}

// fullest is the group with most members among the first few, so that there is
// something to see. Without an answer it is the first.
func (s *subjects) fullest(ctx context.Context, ids []string) string {
	const looked = 100
	ids = ids[:min(len(ids), sending.MaxBatchSize)]
	refs := make([]string, 0, len(ids))
	for _, id := range ids {
		refs = append(refs, graph.GroupMembersRef(id, looked))
	}
	best, most := ids[0], 0
	pages, err := sending.BatchPages[graph.Reference](ctx, s.client.Sender, refs)
	if err != nil {
		return best
	}
	for i, page := range pages {
		if page.Err == nil && len(page.Page.Items) > most {
			best, most = ids[i], len(page.Page.Items)
		}
	}
	return best
}
