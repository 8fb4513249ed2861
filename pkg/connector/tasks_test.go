package connector

import (
	"fmt"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
)

// What a hundred skipped groups give in a cycle of hundreds is work of 60,000
// items; the SDK takes no page token of more than 1 MiB.
func TestATaskWithMuchWorkWouldBeTooLargeAToken(t *testing.T) {
	large := task{Version: tokenVersion, Do: "through", Then: &task{Version: tokenVersion, Do: "cycle-direct", Again: true}}
	for i := range 60_000 {
		large.Work = append(large.Work, workItem{ID: fmt.Sprint(i), On: entitlementID(typeGroup, someID, slugMember)})
	}
	res, err := enqueue([]task{large}, nil)
	require.NoError(t, err)
	var work []workItem
	spawn := &v2.EnqueuePageTokens{}
	_, err = res.Annotations.Pick(spawn)
	require.NoError(t, err)
	for _, token := range spawn.GetPageTokens() {
		require.LessOrEqual(t, len(token), maxTaskToken)
		one, err := decodeTask(token, "")
		require.NoError(t, err)
		require.Equal(t, large.Then, one.Then, "what is given last stays the last")
		work = append(work, one.Work...)
	}
	require.Equal(t, large.Work, work)
}
