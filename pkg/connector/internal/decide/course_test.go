package decide

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// underWayIn is the context of a call of the sync that a store belongs to.
func underWayIn(t *testing.T, ix walk.Index) (context.Context, *Course) {
	t.Helper()
	ctx, c, err := WithCourse(t.Context(), ix.Store)
	require.NoError(t, err)
	return ctx, c
}

func TestADataSetThatNoFormGivesIsLeftOutForTheWholeSync(t *testing.T) {
	refused := &failure.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}
	ix := walk.Index{Store: &fake.Store{Values: map[string][]byte{}}}
	ctx, _ := underWayIn(t, ix)
	require.NoError(t, LeaveOut(ctx, model.DataSignIns, refused))

	_, another := underWayIn(t, ix)
	made := (&Decision{Reads: []model.DataSet{model.DataUsers, model.DataSignIns}}).After(another.Left())
	require.False(t, made.Has(model.DataSignIns), "another process")
	require.True(t, made.Has(model.DataUsers))
	require.NotEmpty(t, made.Left[model.DataSignIns])

	require.ErrorIs(t, LeaveOut(ctx, model.DataUsers, refused), refused, "what a sync cannot do without fails it")
	for _, other := range []error{
		&failure.Error{StatusCode: http.StatusForbidden, Code: failure.CodeAccessDenied},
		&failure.Error{StatusCode: http.StatusServiceUnavailable},
		&network.ConnectionError{},
	} {
		require.ErrorIs(t, LeaveOut(ctx, model.DataConsents, other), other, "%v says nothing of the form", other)
	}
}

func TestADataSetOfWhichSomethingWasGivenWouldBeCutShort(t *testing.T) {
	refused := &failure.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}
	ctx, c := underWayIn(t, walk.Index{Store: &fake.Store{Values: map[string][]byte{}}})
	require.NoError(t, LeftOutAt(ctx, walk.Cursor{}, model.DataDevices, refused))
	require.NotEmpty(t, c.Left()[model.DataDevices])
	for _, at := range []walk.Cursor{{Page: 1, Next: "/devices?$skiptoken=x"}, {Restarts: 1, Trail: walk.Trail{Gave: true}}} {
		require.Error(t, LeftOutAt(ctx, at, model.DataAdministrativeUnits, refused))
	}
	require.Empty(t, c.Left()[model.DataAdministrativeUnits])
}

func TestAFormThatOneWorkerLeavesIsLeftByAll(t *testing.T) {
	asked := map[string]int{}
	client := fake.GraphThat(t, func(ref string) (int, string) {
		asked[ref]++
		if strings.Contains(ref, "($select") {
			return http.StatusBadRequest, fake.RefusalBody("InvalidFilter")
		}
		return http.StatusOK, fake.EmptyPage
	})
	ix := walk.Index{Store: &fake.Store{Values: map[string][]byte{}}}
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
	require.Len(t, c.Descents(), 1)
}
