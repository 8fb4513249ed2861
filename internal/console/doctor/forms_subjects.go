package doctor

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// subjects finds objects that requests can be about. What it finds is kept for the
// next request and told to nobody.
type subjects struct {
	client *graph.Client
	found  map[graph.SubjectKind]foundSubject
}

type foundSubject struct {
	subject graph.Subject
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
}

// subjectLists are where subjects are looked for: one page of each.
var subjectLists = map[graph.SubjectKind]string{
	graph.SubjectPerson:         "/users?$select=id,userPrincipalName,mail&$top=50",
	graph.SubjectGroup:          "/groups?$select=id&$top=50",
	graph.SubjectApplication:    "/servicePrincipals?$select=id&$top=1",
	graph.SubjectAgent:          agentList,
	graph.SubjectBlueprint:      agentList,
	graph.SubjectRegistration:   "/applications?$select=id&$top=1",
	graph.SubjectDevice:         "/devices?$select=id&$top=1",
	graph.SubjectUnit:           "/directory/administrativeUnits?$select=id&$top=1",
	graph.SubjectDirectoryRole:  roleRows,
	graph.SubjectDirectoryScope: roleRows,
}

const (
	agentList = "/servicePrincipals?$select=id,servicePrincipalType&$top=999"
	roleRows  = "/roleManagement/directory/roleAssignments"
)

// find is the subject of a kind. It is not there where the tenant has none on the
// first page; the error is Graph's answer to the looking.
func (s *subjects) find(ctx context.Context, kind graph.SubjectKind) (graph.Subject, bool, error) {
	if kind == graph.SubjectNone {
		return graph.Subject{}, true, nil
	}
	f, known := s.found[kind]
	if !known {
		f.subject, f.err = s.look(ctx, kind)
		f.there = f.subject.ID != ""
		if s.found == nil {
			s.found = map[graph.SubjectKind]foundSubject{}
		}
		s.found[kind] = f
	}
	return f.subject, f.there, f.err
}

func (s *subjects) look(ctx context.Context, kind graph.SubjectKind) (graph.Subject, error) {
	pages, err := graph.BatchPages[subjectRow](ctx, s.client, []string{subjectLists[kind]})
	if err != nil {
		return graph.Subject{}, err
	}
	if pages[0].Err != nil {
		return graph.Subject{}, pages[0].Err
	}
	rows := pages[0].Page.Items
	var found graph.Subject
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
	case graph.SubjectPerson:
		for i := range rows {
			found.Names = append(found.Names, rows[i].UserPrincipalName)
		}
		slices.Sort(found.Names)
		if at := slices.IndexFunc(rows, func(r subjectRow) bool { return r.Mail != "" }); at >= 0 {
			found.ID = rows[at].ID
		}
	case graph.SubjectGroup:
		found.ID = s.fullest(ctx, found.IDs)
	}
	return found, nil
}

// subjectOf is what a row gives as a subject of a kind; empty for nothing.
func (r *subjectRow) subjectOf(kind graph.SubjectKind) string {
	switch kind {
	default:
	case graph.SubjectAgent:
		if r.ODataType != graph.TypeAgentIdentity {
			return ""
		}
	case graph.SubjectBlueprint:
		if r.ODataType != graph.TypeAgentIdentityBlueprintPrincipal {
			return ""
		}
	case graph.SubjectDirectoryRole:
		return r.RoleDefinitionID
	case graph.SubjectDirectoryScope:
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
	ids = ids[:min(len(ids), graph.MaxBatchSize)]
	refs := make([]string, 0, len(ids))
	for _, id := range ids {
		refs = append(refs, graph.GroupMembersRef(id, looked))
	}
	best, most := ids[0], 0
	pages, err := graph.BatchPages[graph.Reference](ctx, s.client, refs)
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
