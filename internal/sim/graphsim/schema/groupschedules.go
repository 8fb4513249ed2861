package schema

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// newGroupEligibilityInstanceType is a membership or ownership a principal may activate.
func newGroupEligibilityInstanceType() *directory.EntityType {
	const kind = directory.KindGroupEligibilityInstance
	return directory.NewEntityType(
		directory.EntityType{Name: "privilegedAccessGroupEligibilityScheduleInstance", Kind: kind},
		groupScheduleProperties(kind),
		[]directory.Property{text("eligibilityScheduleId", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string { return t.GroupScheduleID(t.GroupOrigin(kind, i)) })},
	)
}

// newGroupAssignmentInstanceType is an active membership or ownership as Privileged Identity Management shows it.
func newGroupAssignmentInstanceType() *directory.EntityType {
	const kind = directory.KindGroupAssignmentInstance
	return directory.NewEntityType(
		directory.EntityType{Name: "privilegedAccessGroupAssignmentScheduleInstance", Kind: kind},
		groupScheduleProperties(kind),
		[]directory.Property{
			text("assignmentScheduleId", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string { return t.GroupScheduleID(t.GroupOrigin(kind, i)) }),
			text("assignmentType", directory.InDefault|directory.Filterable, func(t *directory.Tenant, i int) string {
				return strings.ToLower(t.GroupSchedules(kind).Rows[i].Term.Truth())
			}),
		},
	)
}

func groupScheduleProperties(kind directory.Kind) []directory.Property {
	const plain = directory.InDefault | directory.Filterable
	row := func(t *directory.Tenant, i int) directory.GroupSchedule { return t.GroupSchedules(kind).Rows[i] }
	return []directory.Property{
		idProperty(kind),
		text("accessId", plain, func(t *directory.Tenant, i int) string { return row(t, i).Access() }),
		text("groupId", plain, func(t *directory.Tenant, i int) string { return t.IDOf(directory.GroupRef(int(row(t, i).Group))) }),
		text("principalId", plain, func(t *directory.Tenant, i int) string { return t.IDOf(row(t, i).Principal) }),
		text("memberType", plain, func(t *directory.Tenant, i int) string {
			if row(t, i).Via != 0 {
				return strings.ToLower(directory.MemberGroup)
			}
			return strings.ToLower(directory.MemberDirect)
		}),
		date("startDateTime", plain, func(t *directory.Tenant, i int) string {
			return t.StartOf(t.GroupOrigin(kind, i), row(t, i).Term, row(t, i).Given)
		}),
		date("endDateTime", plain, func(t *directory.Tenant, i int) string {
			return t.EndOf(t.GroupOrigin(kind, i), row(t, i).Term, row(t, i).Given)
		}),
	}
}
