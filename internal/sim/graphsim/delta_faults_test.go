package graphsim

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/delta"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// disturbed is a server whose next delta page has a fault, and the path to a chain of several pages.
func disturbed(t *testing.T, action Action) (*bench, answer) {
	t.Helper()
	b := start(t)
	b.server.SetDeltaPageRows(300)
	b.server.Fault(Rule{Name: "fault", Path: "/groups/delta", First: 1, Action: action})
	return b, b.get(deltaPath(b.server.tenant, withRelations, GroupBig, directory.GroupPage))
}

func TestLoopOfTwoLinksNeverEnds(t *testing.T) {
	for _, path := range []string{"groups/delta?$select=members", "users?$top=100"} {
		b := start(t)
		b.server.Fault(Rule{First: 1, Action: LoopLinks()})
		first := b.get(path).next()
		second := b.get(first).next()
		assert.NotEqual(t, first, second)
		for range 3 {
			require.Equal(t, first, b.get(second).next(), path)
			require.Equal(t, second, b.get(first).next(), path)
		}
	}
}

func TestFaultsOfDeltaPages(t *testing.T) {
	t.Run("truncated chain", func(t *testing.T) {
		_, a := disturbed(t, DropLinks())
		assert.NotEmpty(t, a.rows())
		assert.Empty(t, a.next()+a.deltaLink())
	})
	t.Run("repeated link", func(t *testing.T) {
		b, a := disturbed(t, RepeatNextLink())
		assert.Equal(t, a.ids(), b.get(a.next()).ids())
	})
	t.Run("empty page", func(t *testing.T) {
		b, a := disturbed(t, EmptyPage())
		assert.Empty(t, a.rows())
		assert.Len(t, edgesOf(b.chain(a.next()), "members"), 1206+directory.FullPage)
	})
	t.Run("duplicated rows", func(t *testing.T) {
		b, a := disturbed(t, DuplicateRows())
		next := b.get(a.next())
		both := edgesOf([]answer{a, next}, "members")
		assert.Less(t, len(both), len(edgesOf([]answer{a}, "members"))+len(edgesOf([]answer{next}, "members")))
		assert.Len(t, edgesOf(append(b.chain(a.next()), a), "members"), 1206+directory.FullPage)
	})
	t.Run("foreign host", func(t *testing.T) {
		_, a := disturbed(t, ForeignNextLink("evil.example"))
		assert.Contains(t, a.next(), "https://evil.example/v1.0/groups/delta?$skiptoken=")
	})
	t.Run("expired token", func(t *testing.T) {
		b, _ := disturbed(t, Latency(0))
		next := b.get(deltaPath(b.server.tenant, withRelations, GroupBig)).next()
		b.server.Fault(Rule{Path: "$skiptoken=", First: 1, Action: ExpirePageToken()})
		assert.Equal(t, api.CodeExpiredPageToken, b.get(next).code())
		assert.Equal(t, http.StatusOK, b.get(next).status)
	})
	t.Run("resync", func(t *testing.T) {
		b, a := disturbed(t, ResyncRequired())
		assert.Equal(t, http.StatusGone, a.status)
		assert.Equal(t, delta.CodeResync, a.code())
		assert.Equal(t, http.StatusOK, b.get(a.header.Get("Location")).status)
		_, a = disturbed(t, StateNotFound())
		assert.Equal(t, delta.CodeStateNotFound, a.code())
	})
}
