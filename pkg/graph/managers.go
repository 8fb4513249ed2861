package graph

import (
	"unicode/utf8"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Managers are the forms in which the managers of people are asked for. Their
// subject is a filter (NameRange, IDFilter), but for the last form, where it is
// one person's id: it reads that person's manager, which is not found where there
// is none. A row without a manager is somebody who has none. Permission:
// User.Read.All
// (https://learn.microsoft.com/graph/api/user-list-manager).
var Managers = &forms.Ladder{Name: "managers", Steps: []forms.Step{
	{Form: "by ranges of sign-in names, the manager's id alone", Ref: func(filter string) string { return managersList(filter, expandManagerID) }},
	{Form: "by ranges of sign-in names", Ref: func(filter string) string { return managersList(filter, "manager") }},
	{Form: "by lists of ids", Ref: func(filter string) string { return managersList(filter, "manager") }},
	{Form: "person by person", Ref: ManagerRef},
}}

// The steps of Managers at which the subject is no longer a range of names, and
// no longer a filter.
const (
	ManagersByIDs = 2
	ManagersAlone = 3
)

const expandManagerID = "manager($select=id)"

const pathUsers = "/users"

func managersList(filter, expand string) string {
	return sending.Query{Path: pathUsers, Fields: []string{"id"}, Filter: filter, Expand: expand, Top: sending.MaxPageSize}.String()
}

// ManagerRef is the manager of one person.
func ManagerRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("users", id, "manager"), Fields: []string{"id"}}.String()
}

// maxLiteral is how long a string in a filter may be
// (https://learn.microsoft.com/graph/filter-query-parameter).
const maxLiteral = 120

// IsRangeBound reports whether a range can begin or end with a sign-in name.
func IsRangeBound(name string) bool { return name != "" && utf8.RuneCountInString(name) <= maxLiteral }

// NameRange is the filter for the people from one sign-in name to another, both
// included.
func NameRange(from, to string) string {
	return "userPrincipalName ge " + sending.Literal(from) + " and userPrincipalName le " + sending.Literal(to)
}

// IDFilter is the filter for objects by their ids, sending.MaxFilterItems at most.
func IDFilter(ids []string) string { return sending.InFilter("id", ids) }
