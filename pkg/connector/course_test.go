package connector

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// underWayIn is the context of a call of the sync that a store belongs to.
func underWayIn(t *testing.T, ix index) (context.Context, *course) {
	t.Helper()
	ctx, c, err := withCourse(t.Context(), ix.store)
	require.NoError(t, err)
	return ctx, c
}

func TestADataSetThatNoFormGivesIsLeftOutForTheWholeSync(t *testing.T) {
	refused := &failure.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}
	ix := index{&memoryStore{values: map[string][]byte{}}}
	ctx, _ := underWayIn(t, ix)
	require.NoError(t, leaveOut(ctx, dataSignIns, refused))

	_, another := underWayIn(t, ix)
	made := (&decision{Reads: []dataSet{dataUsers, dataSignIns}}).after(another.left())
	require.False(t, made.has(dataSignIns), "another process")
	require.True(t, made.has(dataUsers))
	require.NotEmpty(t, made.Left[dataSignIns])

	require.ErrorIs(t, leaveOut(ctx, dataUsers, refused), refused, "what a sync cannot do without fails it")
	for _, other := range []error{
		&failure.Error{StatusCode: http.StatusForbidden, Code: failure.CodeAccessDenied},
		&failure.Error{StatusCode: http.StatusServiceUnavailable},
		&network.ConnectionError{},
	} {
		require.ErrorIs(t, leaveOut(ctx, dataConsents, other), other, "%v says nothing of the form", other)
	}
}

func TestADataSetOfWhichSomethingWasGivenWouldBeCutShort(t *testing.T) {
	refused := &failure.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}
	ctx, c := underWayIn(t, index{&memoryStore{values: map[string][]byte{}}})
	require.NoError(t, leftOutAt(ctx, cursor{}, dataDevices, refused))
	require.NotEmpty(t, c.left()[dataDevices])
	for _, at := range []cursor{{Page: 1, Next: "/devices?$skiptoken=x"}, {Restarts: 1, Trail: trail{Gave: true}}} {
		require.Error(t, leftOutAt(ctx, at, dataAdministrativeUnits, refused))
	}
	require.Empty(t, c.left()[dataAdministrativeUnits])
}

func TestAFormThatOneWorkerLeavesIsLeftByAll(t *testing.T) {
	asked := map[string]int{}
	client := graphThat(t, func(ref string) (int, string) {
		asked[ref]++
		if strings.Contains(ref, "($select") {
			return http.StatusBadRequest, refusalBody("InvalidFilter")
		}
		return http.StatusOK, emptyPage
	})
	ix := index{&memoryStore{values: map[string][]byte{}}}
	for range 3 {
		ctx, _ := underWayIn(t, ix)
		_, err := client.ListDevices(ctx, "")
		require.NoError(t, err)
	}
	for ref, n := range asked {
		if strings.Contains(ref, "($select") {
			require.Equal(t, 1, n, ref)
		}
	}
	_, c := underWayIn(t, ix)
	require.Len(t, c.descents(), 1)
}
