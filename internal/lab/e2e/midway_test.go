package e2e

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// Graph answers hidden memberships with an empty list and no error to a token
// without Member.Read.Hidden, so a refusal does not give the loss away.
func TestHiddenMembersDoNotVanishWhenTheirPermissionIsTakenAwayMidway(t *testing.T) {
	needsTime(t)
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
	needsTime(t)
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

// What a scope is comes from a row at it, and the rows may be taken away between
// the listing of rows and the question.
func TestEligibleRolesAtAScopeSurviveTheEndOfItsLastAssignment(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	assignments := len(server.Tenant().Truth().RoleAssignments)
	var once sync.Once
	server.Fault(graphsim.Rule{Name: "removal", Match: func(r graphsim.Request) bool {
		if strings.Contains(r.Query, "directoryScopeId") {
			once.Do(func() {
				for n := range assignments {
					assert.NoError(t, server.Delete(graphsim.KindRoleAssignment, server.Tenant().ID(graphsim.KindRoleAssignment, n)))
				}
			})
		}
		return false
	}})
	o := runSync(t, server, options{workers: 1})
	require.NoError(t, o.err)
	left := server.Tenant().Truth()
	want := expected(&left, expect.Options{})
	require.Empty(t, want.direct.minus(readSnapshot(t, o.path).direct), "nothing that is left may be missing")
}
