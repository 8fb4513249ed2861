package graph

import (
	"strings"
	"unicode/utf8"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Managers are the forms in which the managers of people are asked for, and their
// further properties with them. Their subject is ManagersSubject, but for the last
// form, where it is one person's id: it reads that person's manager, which is not
// found where there is none. A row without a manager is somebody who has none. The
// properties are left out of a form only after the same form with them was
// refused, so that nothing is lost to another reason. Permission: User.Read.All
// (https://learn.microsoft.com/graph/api/user-list-manager).
var Managers = &forms.Ladder{Name: "managers", Steps: []forms.Step{
	{Form: "by ranges of sign-in names, the manager's id alone", Ref: withDetails(expandManagerID)},
	{Form: "by ranges of sign-in names, the manager's id alone, without further properties", Ref: withoutDetails(expandManagerID), Lacks: lacksDetails},
	{Form: "by ranges of sign-in names", Ref: withDetails(relationManager)},
	{Form: "by ranges of sign-in names, without further properties", Ref: withoutDetails(relationManager), Lacks: lacksDetails},
	{Form: "by lists of ids", Ref: withDetails(relationManager)},
	{Form: "by lists of ids, without further properties", Ref: withoutDetails(relationManager), Lacks: lacksDetails},
	{Form: "person by person, further properties by themselves", Ref: ManagerRef},
}}

// The steps of Managers at which the subject is no longer a range of names, and
// no longer a filter.
const (
	ManagersByIDs = 4
	ManagersAlone = 6
)

// ManagersWithDetails reports whether a form gives further properties, or comes
// where they are asked for by themselves.
func ManagersWithDetails(step int) bool { return Managers.Steps[step].Lacks == "" }

const (
	relationManager = "manager"
	expandManagerID = relationManager + "($select=id)"
)

const pathUsers = "/users"

// withDetails is the form that has what the subject names. The id comes last, so
// that the request is not one of userDetails.
func withDetails(expand string) func(subject string) string {
	return func(subject string) string {
		fields, filter, _ := strings.Cut(subject, " ")
		return managersList(fields+",id", filter, expand)
	}
}

// withoutDetails is the form that has nothing but the manager.
func withoutDetails(expand string) func(subject string) string {
	return func(subject string) string {
		_, filter, _ := strings.Cut(subject, " ")
		return managersList("id", filter, expand)
	}
}

func managersList(fields, filter, expand string) string {
	return sending.Query{Path: pathUsers, Fields: []string{fields}, Filter: filter, Expand: expand, Top: sending.MaxPageSize}.String()
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
