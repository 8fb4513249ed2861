package tenant

import (
	"net/http"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/session"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// process is a process that reads a tenant of some name, and lets it speak of the sync
// of a store.
func process(t *testing.T, name string) *Syncer {
	t.Helper()
	client := fake.GraphThat(t, func(ref string) (int, string) {
		if strings.HasPrefix(ref, "/organization") {
			return http.StatusOK, `{"value":[{"id":"` + strings.ToUpper(fake.SomeID) + `","displayName":"` + name + `",` +
				`"verifiedDomains":[{"name":"z.example"},{"name":"a.example"},{"name":"contoso.com","isDefault":true}]}]}`
		}
		return http.StatusOK, fake.EmptyPage
	})
	return New(kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}}, "public", "v1")
}

func listed(t *testing.T, s *Syncer, store *fake.Store) *v2.Resource {
	t.Helper()
	found, next, err := s.List(t.Context(), nil, rs.SyncOpAttrs{Session: store})
	require.NoError(t, err)
	require.Nil(t, next)
	require.Len(t, found, 1)
	return found[0]
}

// An auditor has to know as of when a snapshot is, not when a sync was carried on.
func TestASyncThatGoesOnWouldSayThatItBeganLater(t *testing.T) {
	store := &fake.Store{Values: map[string][]byte{}}
	first := listed(t, process(t, "Contoso"), store)
	began := time.Date(2026, 11, 29, 8, 30, 0, 0, time.UTC)
	made, found, err := session.GetJSON[decide.Decision](t.Context(), store, decide.KeyDecision)
	require.NoError(t, err)
	require.True(t, found)
	made.Began = began
	require.NoError(t, session.SetJSON(t.Context(), store, decide.KeyDecision, made))

	another := listed(t, process(t, "Fabrikam, as it is called since"), store)
	require.Equal(t, "Contoso", another.GetDisplayName())
	require.Equal(t, strings.ToLower(fake.SomeID), another.GetId().GetResource())
	said, before := another.GetProfile().AsMap(), first.GetProfile().AsMap()
	require.Equal(t, "2026-11-29T08:30:00Z", said["readAt"])
	require.Equal(t, []any{"contoso.com", "a.example", "z.example"}, said["domains"])
	delete(said, "readAt")
	delete(before, "readAt")
	require.Equal(t, before, said)
}

// Another process may have listed the tenant before this one left something out.
func TestWhatAnotherProcessLeftOutWouldNotBeSaid(t *testing.T) {
	store := &fake.Store{Values: map[string][]byte{}}
	s := process(t, "Contoso")
	none, err := s.Again(t.Context(), store)
	require.NoError(t, err)
	require.Nil(t, none, "the sync may have no tenants at all")
	require.Empty(t, listed(t, s, store).GetProfile().AsMap()["leftOut"])

	ctx, _ := decidetest.CallOf(t, walk.Index{Store: store})
	require.NoError(t, decide.LeaveOut(ctx, model.DataConsents, &failure.Error{StatusCode: http.StatusBadRequest, Code: "BadRequest"}))
	for _, other := range []*Syncer{s, process(t, "Contoso")} {
		again, err := other.Again(t.Context(), store)
		require.NoError(t, err)
		said := again.GetProfile().AsMap()
		require.Contains(t, said["leftOut"], string(model.DataConsents))
		require.NotContains(t, said["dataSets"], string(model.DataConsents))
		require.Contains(t, said["dataSets"], string(model.DataUsers))
	}
}
