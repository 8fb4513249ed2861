package graph

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Only what comes of a group is told of by the group.
func TestARowThatDoesNotSayWhereItComesFromWouldBeLost(t *testing.T) {
	for memberType, direct := range map[string]bool{"Direct": true, "direct": true, "": true, "unknownFutureValue": true, "Group": false, "group": false, "Inherited": false} {
		require.Equal(t, direct, (&RoleScheduleInstance{MemberType: memberType}).Direct(), memberType)
		require.Equal(t, direct, (&GroupEligibility{MemberType: memberType}).Direct(), memberType)
	}
}
