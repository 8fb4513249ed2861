package graph

import (
	"slices"
	"strings"
)

// harmless is asked for where only the way of asking is tried.
const harmless = "/organization?$select=id"

func examplesOfBatches() []*Example {
	batch := func(variant string, kind SubjectKind, refs func(Subject) []string) *Example {
		return &Example{Ladder: batches, Variant: variant, Needs: kind, Together: refs}
	}
	return []*Example{
		batch("two requests", SubjectNone, func(Subject) []string { return slices.Repeat([]string{harmless}, 2) }),
		aside(batch("20 requests, for the time", SubjectNone, func(Subject) []string { return slices.Repeat([]string{harmless}, MaxBatchSize) })),
		batch("with a delta query", SubjectGroup, func(s Subject) []string { return []string{harmless, GroupMemberships.Ref(0, DeltaSubject(s.IDs))} }),
	}
}

func examplesOfDeltas() []*Example {
	return []*Example{
		{Ladder: GroupMemberships, Needs: SubjectGroup, Check: checkPage[GroupDelta], At: membershipsAt},
		{Ladder: Managers, Needs: SubjectPerson, Check: checkManager, At: managersAt},
	}
}

// membershipsAt asks about several groups, or about one.
func membershipsAt(step int, s Subject) string {
	if step >= MembersByGroup {
		return GroupMemberships.Ref(step, s.ID)
	}
	return GroupMemberships.Ref(step, DeltaSubject(s.IDs))
}

// managersAt asks about people by a range of names, by their ids, or about one.
func managersAt(step int, s Subject) string {
	switch {
	case step >= ManagersAlone:
		return Managers.Ref(step, s.ID)
	case step >= ManagersByIDs:
		return Managers.Ref(step, IDFilter(s.IDs[:min(len(s.IDs), MaxFilterItems)]))
	}
	return Managers.Ref(step, NameRange(s.Names[0], s.Names[len(s.Names)-1]))
}

// checkManager reads people with their managers, or one manager.
func checkManager(s *Sender, ref string, body []byte) error {
	if strings.Contains(ref, "/manager?") {
		return checkObject[Reference](s, ref, body)
	}
	return checkPage[User](s, ref, body)
}
