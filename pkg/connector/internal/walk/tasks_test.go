package walk

import (
	"fmt"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// What a hundred skipped groups give in a cycle of hundreds is work of 60,000
// items; the SDK takes no page token of more than 1 MiB.
func TestATaskWithMuchWorkWouldBeTooLargeAToken(t *testing.T) {
	large := Task{Version: TokenVersion, Do: "through", Then: &Task{Version: TokenVersion, Do: "cycle-direct", Again: true}}
	for i := range 60_000 {
		large.Work = append(large.Work, WorkItem{ID: fmt.Sprint(i), On: model.EntitlementID(model.TypeGroup, fake.SomeID, model.SlugMember)})
	}
	res, err := Enqueue([]Task{large}, nil)
	require.NoError(t, err)
	var work []WorkItem
	spawn := &v2.EnqueuePageTokens{}
	_, err = res.Annotations.Pick(spawn)
	require.NoError(t, err)
	for _, token := range spawn.GetPageTokens() {
		require.LessOrEqual(t, len(token), maxTaskToken)
		one, err := DecodeTask(token, "")
		require.NoError(t, err)
		require.Equal(t, large.Then, one.Then, "what is given last stays the last")
		work = append(work, one.Work...)
	}
	require.Equal(t, large.Work, work)
}
