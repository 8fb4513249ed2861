package graph

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// MaxDeltaGroups is how many groups one groups/delta request names at most
// (https://learn.microsoft.com/graph/api/group-delta).
const MaxDeltaGroups = 50

// GroupDelta is what one page of groups/delta says of a group. A large group is
// spread over several pages, which need not follow each other.
type GroupDelta struct {
	Reference
	Removed *DeltaRemoved   `json:"@removed"`
	Members []DeltaRelation `json:"members@delta"`
	Owners  []DeltaRelation `json:"owners@delta"`
}

// DeltaRelation is a member or an owner in a groups/delta page.
type DeltaRelation struct {
	Reference
	Removed *DeltaRemoved `json:"@removed"`
}

// DeltaRemoved marks what no longer exists
// (https://learn.microsoft.com/graph/delta-query-overview).
type DeltaRemoved struct {
	Reason string `json:"reason"`
}

// ErrDeltaUnusable is wrapped where this tenant's delta query refuses the
// request or does not end as it should. The same data can be had group by
// group.
var ErrDeltaUnusable = errors.New("groups/delta cannot be used")

// GroupMemberships are the forms in which the members and owners of several groups
// are asked for. Their subject is DeltaSubject. After the last form they are read
// group by group. Permission: GroupMember.Read.All
// (https://learn.microsoft.com/graph/api/group-delta). Service principals may
// be missing from what it answers.
var GroupMemberships = &forms.Ladder{Name: "group memberships", Steps: []forms.Step{
	{Form: "by delta queries, members and owners", Ref: func(ids string) string { return groupsDelta("members,owners", ids) }},
	{Form: "by delta queries, members alone", Ref: func(ids string) string { return groupsDelta("members", ids) }},
	{Form: "group by group", Ref: func(ids string) string { return GroupMembersRef(ids, sending.MaxPageSize) }},
}}

// The steps of GroupMemberships from which on owners, and members too, are read
// group by group.
const (
	OwnersByGroup  = 1
	MembersByGroup = 2
)

// DeltaSubject is what a delta query is about: up to MaxDeltaGroups groups.
func DeltaSubject(ids []string) string { return strings.Join(ids, ",") }

func groupsDelta(relations, ids string) string {
	var terms []string
	for id := range strings.SplitSeq(ids, ",") {
		terms = append(terms, "id%20eq%20'"+strings.ReplaceAll(id, "'", "")+"'")
	}
	return "/groups/delta?$select=" + relations + "&$filter=" + strings.Join(terms, "%20or%20")
}

// CheckDelta tells whether a page of a delta query can be relied on. Given what
// reading the page gave, it returns the page, ErrDeltaUnusable, or the error as
// it was.
func CheckDelta[T any](page *sending.Page[T], err error) (*sending.Page[T], error) {
	var refusal *failure.Error
	switch {
	case errors.Is(err, sending.ErrRepeatedLink):
		return nil, fmt.Errorf("%w: %w", ErrDeltaUnusable, err)
	case errors.As(err, &refusal) && deltaRefused(refusal):
		return nil, fmt.Errorf("%w: %w", ErrDeltaUnusable, err)
	case err != nil:
		return nil, err
	case page.Next == "" && !page.Last:
		// Without either link nobody can tell whether there is more.
		return nil, fmt.Errorf("%w: the page has neither a next link nor a delta link", ErrDeltaUnusable)
	}
	return page, nil
}

// deltaRefused tells a refusal of the delta query as such from those that any
// request can meet. 410 and the two codes ask for a new start, which for an
// initial read means that it cannot be finished.
func deltaRefused(e *failure.Error) bool {
	switch e.Code {
	case "syncStateNotFound", "resyncRequired", failure.CodeUnsupportedQuery:
		return true
	}
	switch e.StatusCode {
	case http.StatusGone, http.StatusNotImplemented:
		return true
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout: // On each attempt: it can be too much for what is behind it.
		return true
	case http.StatusBadRequest:
		return !failure.IsExpiredPageToken(e)
	}
	return false
}
