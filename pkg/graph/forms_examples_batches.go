package graph

import (
	"slices"
	"strings"
)

// untabled are requests whose forms are not in the table of ladders: what a sync
// could ask in place of what it asks now, tried so that it is known who answers.
var untabled = []*Ladder{
	{Name: "group memberships", Steps: []Step{
		{Form: "by delta queries, members and owners"}, {Form: "by delta queries, members alone"}, {Form: "group by group"},
	}},
	{Name: "managers", Steps: []Step{
		{Form: "by ranges of sign-in names, with the manager's id"}, {Form: "by ranges of sign-in names, with the whole manager"},
		{Form: "by lists of ids"}, {Form: "person by person"},
	}},
}

// harmless is asked for where only the way of asking is tried.
const harmless = "/organization?$select=id"

func examplesOfBatches() []*Example {
	batch := func(variant string, kind SubjectKind, refs func(Subject) []string) *Example {
		return &Example{Ladder: batches, Variant: variant, Needs: kind, refs: refs}
	}
	return []*Example{
		batch("two requests", SubjectNone, func(Subject) []string { return slices.Repeat([]string{harmless}, 2) }),
		batch("20 requests, for the time", SubjectNone, func(Subject) []string { return slices.Repeat([]string{harmless}, MaxBatchSize) }).aside(),
		batch("with a delta query", SubjectGroup, func(s Subject) []string { return []string{harmless, GroupsDeltaRef(s.IDs)} }),
	}
}

func examplesOfDeltas() []*Example {
	memberships, managers := ladderNamed("group memberships"), ladderNamed("managers")
	return []*Example{
		{Ladder: memberships, Needs: SubjectGroup, Aside: slices.Contains(untabled, memberships), check: checkPage[GroupDelta], ref: membershipsAt},
		{Ladder: managers, Needs: SubjectPerson, Aside: slices.Contains(untabled, managers), check: checkManager, ref: managersAt},
	}
}

// membershipsAt asks for members and owners of several groups, or members of one.
func membershipsAt(step int, s Subject) string {
	switch step {
	case 0:
		return strings.Replace(GroupsDeltaRef(s.IDs), "$select=members&", "$select=members,owners&", 1)
	case 1:
		return GroupsDeltaRef(s.IDs)
	}
	return GroupMembersRef(s.ID, MaxPageSize)
}

// managersAt asks for managers in the four ways there are.
func managersAt(step int, s Subject) string {
	q := query{path: "/users", fields: []string{"id"}, expand: "manager($select=id)", top: MaxPageSize}
	if len(s.Names) > 0 {
		q.filter = "userPrincipalName ge '" + quoted(s.Names[0]) + "' and userPrincipalName le '" + quoted(s.Names[len(s.Names)-1]) + "'"
	}
	switch step {
	case 0:
	case 1:
		q.expand = "manager"
	case 2:
		q.filter = "id in ('" + strings.Join(s.IDs[:min(len(s.IDs), maxFilterItems)], "','") + "')"
	default:
		return query{path: objectPath("users", s.ID, "manager"), fields: []string{"id"}}.String()
	}
	return q.String()
}

// checkManager reads people with their managers, or one manager.
func checkManager(c *Client, ref string, body []byte) error {
	if strings.Contains(ref, "/manager?") {
		return checkObject[Reference](c, ref, body)
	}
	return checkPage[User](c, ref, body)
}
