package connector

import (
	"net/http"
	"strings"
	"testing"

	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"
)

func TestOneDeviceWhoseOwnersAreRefusedWouldEndTheSync(t *testing.T) {
	const first, second = "0b000000-0000-4000-8000-000000000011", "0b000000-0000-4000-8000-000000000012"
	owner := func(id string) string { return `{"@odata.type":"#microsoft.graph.user","id":"` + id + `"}` }
	client := graphThat(t, func(ref string) (int, string) {
		switch {
		case strings.HasPrefix(ref, "/devices?"): // At the cap: both may have more.
			return http.StatusOK, `{"value":[{"id":"` + first + `","registeredOwners":[` + owner(here) + `,` + owner(deleted) + `]},` +
				`{"id":"` + second + `","registeredOwners":[` + owner(here) + `,` + owner(deleted) + `]}]}`
		case strings.Contains(ref, first):
			return http.StatusBadRequest, refusalBody("BadRequest")
		case strings.Contains(ref, second):
			return http.StatusOK, `{"value":[` + owner(here) + `]}`
		}
		return http.StatusOK, emptyPage
	})
	ix, store := peopleListedIn(t, here, deleted)
	s := &deviceSyncer{kit: kit{client: client, left: &tally{}, decider: &decider{client: client}}}
	found, _, err := s.List(t.Context(), nil, rs.SyncOpAttrs{Session: store})
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, map[string]int{leftUnreadable(dataDevices): 1}, s.left.peek())
	entries, _, err := getPage[deviceEntry](t.Context(), ix, keyListed+typeDevice, 0)
	require.NoError(t, err)
	require.Empty(t, entries[0].Owners, "a part of them would pass for all")
	require.Len(t, entries[1].Owners, 1)
}
