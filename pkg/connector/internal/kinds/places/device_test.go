package places

import (
	"net/http"
	"strings"
	"testing"

	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/kindtest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

func TestOneDeviceWhoseOwnersAreRefusedWouldEndTheSync(t *testing.T) {
	const first, second = "0b000000-0000-4000-8000-000000000011", "0b000000-0000-4000-8000-000000000012"
	owner := func(id string) string { return `{"@odata.type":"#microsoft.graph.user","id":"` + id + `"}` }
	client := fake.GraphThat(t, func(ref string) (int, string) {
		switch {
		case strings.HasPrefix(ref, "/devices?"): // At the cap: both may have more.
			return http.StatusOK, `{"value":[{"id":"` + first + `","registeredOwners":[` + owner(fake.Here) + `,` + owner(fake.Deleted) + `]},` +
				`{"id":"` + second + `","registeredOwners":[` + owner(fake.Here) + `,` + owner(fake.Deleted) + `]}]}`
		case strings.Contains(ref, first):
			return http.StatusBadRequest, fake.RefusalBody("BadRequest")
		case strings.Contains(ref, second):
			return http.StatusOK, `{"value":[` + owner(fake.Here) + `]}`
		}
		return http.StatusOK, fake.EmptyPage
	})
	ix, store := kindtest.PeopleListedIn(t, fake.Here, fake.Deleted)
	s := &DeviceSyncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Decider: &decide.Decider{Client: client}}}
	found, _, err := s.List(t.Context(), nil, rs.SyncOpAttrs{Session: store})
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, map[string]int{walk.LeftUnreadable(model.DataDevices): 1}, s.Left.Peek())
	entries, _, err := walk.GetPage[deviceEntry](t.Context(), ix, walk.KeyListed+model.TypeDevice, 0)
	require.NoError(t, err)
	require.Empty(t, entries[0].Owners, "a part of them would pass for all")
	require.Len(t, entries[1].Owners, 1)
}
