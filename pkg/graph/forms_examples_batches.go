package graph

import (
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// harmless is asked for where only the way of asking is tried.
const harmless = "/organization?$select=id"

func examplesOfBatches() []*sending.Example {
	batch := func(variant string, kind sending.SubjectKind, refs func(sending.Subject) []string) *sending.Example {
		return &sending.Example{Ladder: sending.Batches, Variant: variant, Needs: kind, Together: refs}
	}
	return []*sending.Example{
		batch("two requests", sending.SubjectNone, func(sending.Subject) []string { return slices.Repeat([]string{harmless}, 2) }),
		aside(batch("20 requests, for the time", sending.SubjectNone, func(sending.Subject) []string { return slices.Repeat([]string{harmless}, sending.MaxBatchSize) })),
		batch("with a delta query", sending.SubjectGroup, func(s sending.Subject) []string {
			return []string{harmless, GroupMemberships.Ref(0, DeltaSubject(s.IDs))}
		}),
	}
}

func examplesOfDeltas() []*sending.Example {
	return []*sending.Example{
		{Ladder: GroupMemberships, Needs: sending.SubjectGroup, Check: sending.CheckPage[GroupDelta], At: membershipsAt},
		{Ladder: Managers, Needs: sending.SubjectPerson, Check: checkManager, At: managersAt},
	}
}

// membershipsAt asks about several groups, or about one.
func membershipsAt(step int, s sending.Subject) string {
	if step >= MembersByGroup {
		return GroupMemberships.Ref(step, s.ID)
	}
	return GroupMemberships.Ref(step, DeltaSubject(s.IDs))
}

// managersAt asks about people by a range of names, by their ids, or about one.
func managersAt(step int, s sending.Subject) string {
	switch {
	case step >= ManagersAlone:
		return Managers.Ref(step, s.ID)
	case step >= ManagersByIDs:
		return Managers.Ref(step, IDFilter(s.IDs[:min(len(s.IDs), MaxFilterItems)]))
	}
	return Managers.Ref(step, NameRange(s.Names[0], s.Names[len(s.Names)-1]))
}

// checkManager reads people with their managers, or one manager.
func checkManager(s *sending.Sender, ref string, body []byte) error {
	if strings.Contains(ref, "/manager?") {
		return sending.CheckObject[Reference](s, ref, body)
	}
	return sending.CheckPage[User](s, ref, body)
}
