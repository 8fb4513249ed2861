package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// groupDetails are the properties of groups that say what a group is good for.
var groupDetails = []string{
	"securityIdentifier", "classification", "expirationDateTime", "onPremisesSecurityIdentifier", "onPremisesDomainName", "onPremisesSamAccountName",
}

func TestGroupsAreShownInFull(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 1, resourceTypes: []string{"group"}})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	seen := map[string]int{}
	truth := server.Tenant().Truth()
	for i := range truth.Groups {
		g := &truth.Groups[i]
		profile := profileOf(got.resourceRows["group:"+g.ID])
		for _, name := range groupDetails {
			is, _ := profile[name].(string)
			require.Equal(t, g.Details[name], is, "%s of %s", name, g.ID)
			if is != "" {
				seen[name]++
			}
		}
		team, _ := profile["isTeam"].(bool)
		require.Equal(t, g.Team, team, g.ID)
		labels, _ := profile["assignedLabels"].([]any)
		require.Len(t, labels, len(g.Labels), g.ID)
		for n, l := range g.Labels {
			label, _ := labels[n].(map[string]any)
			require.Equal(t, l.ID, label["labelId"])
			name, _ := label["displayName"].(string)
			require.Equal(t, l.Name, name)
			seen["label "+map[bool]string{true: "without", false: "with"}[name == ""]+" a name"]++
		}
		if team {
			seen["team"]++
		}
	}
	require.Len(t, seen, len(groupDetails)+3, "%v", seen)
}

// A tenant that keeps labels from applications has all the rest of its groups.
func TestLabelsThatAreRefusedCostNothingElse(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.Fault(graphsim.Rule{
		Name: "labels", Match: func(r graphsim.Request) bool { return strings.Contains(r.Query, "assignedLabels") },
		Action: graphsim.Respond(400, "BadRequest", "App-only token is not supported."),
	})
	o := runSync(t, server, options{workers: 1, resourceTypes: []string{"group"}})
	require.NoError(t, o.err)
	require.Positive(t, server.Stats().Faults["labels"])
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	for i := range truth.Groups {
		profile := profileOf(got.resourceRows["group:"+truth.Groups[i].ID])
		require.Nil(t, profile["assignedLabels"])
		require.Equal(t, truth.Groups[i].Details["securityIdentifier"], profile["securityIdentifier"])
	}
	lines := o.logs.FilterMessage("azure-ad: read in a plainer form").All()
	require.Len(t, lines, 1)
	require.Equal(t, "sensitivity labels of groups", lines[0].ContextMap()["lacks"])
}
