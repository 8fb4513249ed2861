package e2e

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/graphsim"
)

// Graph answers hidden memberships with an empty list and no error to a token
// without Member.Read.Hidden, so a refusal does not give the loss away.
func TestHiddenMembersDoNotVanishWhenTheirPermissionIsTakenAwayMidway(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/groups/delta", "/directory/administrativeUnits/"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			server := startTenant(t, graphsim.Small)
			server.SetTokenLifetime(time.Minute) // The client asks for a new token at every turn.
			var once sync.Once
			server.Fault(graphsim.Rule{Name: "removal", Match: func(r graphsim.Request) bool {
				if strings.Contains(r.Path, path) {
					once.Do(func() { server.SetPermissions(without("Member.Read.Hidden")...) })
				}
				return false
			}})
			// The permission goes before the reading begins: batches carry the token
			// that the envelope was sent with.
			server.Fault(graphsim.Rule{Name: "again", Path: path, On: graphsim.ItemsOnly, First: 8, Action: graphsim.Respond(503, "ServiceUnavailable", "x")})
			o := runSync(t, server, options{workers: 1})
			requireFailed(t, server, o, "Member.Read.Hidden", "taken away")
		})
	}
}

func TestPermissionsThatComeMidwayChangeNothing(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetTokenLifetime(time.Minute)
	server.SetPermissions(without("Member.Read.Hidden")...)
	var once sync.Once
	server.Fault(graphsim.Rule{Name: "grant", Match: func(r graphsim.Request) bool {
		if strings.Contains(r.Path, "/users") {
			once.Do(func() { server.SetPermissions(graphsim.DefaultPermissions()...) })
		}
		return false
	}})
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	require.True(t, slices.Contains([]string{"permission Member.Read.Hidden"}, skippedData(o)["hidden memberships"]))
}
