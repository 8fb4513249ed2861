package e2e

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// TestDisturbedDeltaIsNeverShort disturbs the delta queries for memberships in
// every way that has been seen. The shard goes on, starts over, or is read
// group by group; a row that is missing in the end is the one thing that must
// not happen.
func TestDisturbedDeltaIsNeverShort(t *testing.T) {
	t.Parallel()
	const delta, later = "/groups/delta", "/groups/delta?$skiptoken"
	rules := map[string]graphsim.Rule{
		"always refused":                          {Path: delta, Action: graphsim.Respond(400, "Request_UnsupportedQuery", "x")},
		"not implemented":                         {Path: delta, Action: graphsim.Respond(501, "NotImplemented", "x")},
		"fails each time":                         {Path: delta, Action: graphsim.Respond(502, "UnknownError", "x")},
		"410 in the middle":                       {Path: later, Every: 3, Action: graphsim.ResyncRequired()},
		"sync state not found":                    {Path: later, Every: 3, Action: graphsim.StateNotFound()},
		"a link to itself":                        {Path: delta, Every: 4, Action: graphsim.RepeatNextLink()},
		"a circle of links":                       {Path: delta, Every: 4, Action: graphsim.LoopLinks()},
		"a chain without an end":                  {Path: delta, Every: 4, Action: graphsim.DropLinks()},
		"token expired once":                      {Path: later, Nth: 2, Action: graphsim.ExpirePageToken()},
		"tokens expire all the time":              {Path: later, Action: graphsim.ExpirePageToken()},
		"pages without rows":                      {Path: delta, Every: 2, Action: graphsim.EmptyPage()},
		"rows twice":                              {Path: delta, Every: 2, Action: graphsim.DuplicateRows()},
		"503 without Retry-After":                 {Path: delta, Every: 6, InARow: 3, Action: graphsim.Respond(503, "ServiceUnavailable", "x")},
		"bodies that end early":                   {Path: delta, Every: 6, InARow: 3, Action: graphsim.Truncate()},
		"throttled":                               {Path: delta, Every: 6, InARow: 3, Action: graphsim.Throttle("0.01")},
		"throttled when it is read one by one":    {On: graphsim.ItemsOnly, Path: "/members", Every: 3, Action: graphsim.Throttle("0.01")},
		"expired tokens when read one by one":     {On: graphsim.ItemsOnly, Regexp: regexp.MustCompile(`/members\?.*skiptoken`), Nth: 1, Action: graphsim.ExpirePageToken()},
		"another error code for the same refusal": {Path: delta, Action: graphsim.Respond(400, "BadRequest", "x")},
	}
	for n, name := range slices.Sorted(maps.Keys(rules)) {
		if testing.Short() && n%17 != 0 {
			continue
		}
		rule := rules[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startTenant(t, graphsim.Small)
			server.SetDeltaPageRows(120) // Groups are spread over many pages.
			if rule.On == graphsim.ItemsOnly {
				server.Fault(graphsim.Rule{Name: "refuse", Path: delta, Action: graphsim.Respond(400, "Request_UnsupportedQuery", "x")})
			}
			rule.Name = "fault"
			server.Fault(rule)
			o := runSync(t, server, options{workers: 4})
			require.Positive(t, server.Stats().Faults["fault"], "the fault did not strike")
			require.NoError(t, o.err)
			requireExact(t, server, readSnapshot(t, o.path))
		})
	}
}

func TestDeltaPageSizesDoNotMatter(t *testing.T) {
	needsTime(t)
	t.Parallel()
	for rows, include := range map[int]bool{7: true, 20000: false} {
		server := startTenant(t, graphsim.Small)
		server.SetDeltaPageRows(rows)
		server.SetIncludeServicePrincipals(include)
		o := runSync(t, server, options{workers: 4})
		require.NoError(t, o.err)
		requireExact(t, server, readSnapshot(t, o.path))
	}
}
