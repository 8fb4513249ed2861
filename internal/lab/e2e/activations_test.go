package e2e

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// requestsOf counts the requests whose path and query hold some words, batched or not.
func requestsOf(server *graphsim.Server, path string, words ...string) int {
	n := 0
	for _, r := range server.Requests() {
		query, err := url.QueryUnescape(r.Query)
		if err != nil {
			query = r.Query
		}
		if !strings.Contains(r.Path, path) {
			continue
		}
		all := true
		for _, word := range words {
			all = all && strings.Contains(query, word)
		}
		if all {
			n++
		}
	}
	return n
}

// policyPages is how many pages the simulated policies of roles have.
func policyPages(truth *graphsim.Truth) int { return (len(truth.RoleDefinitions) + 24) / 25 }

func TestWhatActivatingTakesWouldCostMoreThanOneListingAndTheGroupsThatNeedIt(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 16})
	require.NoError(t, o.err)
	truth := server.Tenant().Truth()
	groups, blueprints := map[string]bool{}, 0
	for _, g := range truth.Groups {
		for _, e := range truth.GroupEligibilities {
			if g.RoleAssignable && e.GroupID == g.ID {
				groups[g.ID] = true
			}
		}
	}
	for i := range truth.ServicePrincipals {
		if truth.ServicePrincipals[i].Blueprint {
			blueprints++
		}
	}
	const probe = 1
	require.Equal(t, policyPages(&truth)+probe, requestsOf(server, "/roleManagementPolicyAssignments", "'DirectoryRole'"))
	require.Equal(t, len(groups)+probe, requestsOf(server, "/roleManagementPolicyAssignments", "'Group'"))
	require.Equal(t, blueprints, requestsOf(server, "/inheritablePermissions"))
	eligible := 0
	for _, g := range truth.Groups {
		if g.RoleAssignable {
			eligible++
		}
	}
	require.Equal(t, eligible+probe, requestsOf(server, "/privilegedAccess/group/eligibilityScheduleInstances", "groupId"), "a group is asked about once")
	t.Logf("%d pages of policies, %d groups, %d blueprints", policyPages(&truth), len(groups), blueprints)
}

func TestASyncWithoutTheRulesWouldAskForThem(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetPlans(true, false)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	require.LessOrEqual(t, requestsOf(server, "/roleManagementPolic"), 2, "more than the probes")
	require.Empty(t, readSnapshot(t, o.path).takes)
}

func TestRolesAloneWouldNotSayWhatActivatingTakes(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, resourceTypes: []string{"user", "group", "role"}})
	require.NoError(t, o.err)
	truth := server.Tenant().Truth()
	want, got := set{}, set{}
	// Service principals are not synced, and cannot be named as approvers.
	seen := truth
	seen.ServicePrincipals = nil
	for row := range expected(&seen, expect.Options{}).takes {
		if strings.HasPrefix(row, "role:") {
			want.add(row)
		}
	}
	for row := range readSnapshot(t, o.path).takes {
		if strings.HasPrefix(row, "role:") {
			got.add(row)
		}
	}
	require.NotEmpty(t, want)
	requireSame(t, "what activating roles takes", want, got)
	require.Equal(t, policyPages(&truth)+1, requestsOf(server, "/roleManagementPolicyAssignments", "'DirectoryRole'"))
}

func TestAnAgentWouldNotShowWhatItInheritsBesideWhatIsItsOwn(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 16})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	own := map[string]bool{}
	for _, a := range truth.AppRoleAssignments {
		own[a.ResourceID+a.AppRoleID+a.Principal.ID] = true
	}
	inherited, both := 0, 0
	for _, p := range truth.Inherited {
		entitlement := "consent:" + p.ConsentID + ":granted"
		if p.AppRoleID != "" {
			entitlement = "application:" + p.ResourceID + ":" + p.AppRoleID
		}
		g := got.grantRows[edge(entitlement, "agent_identity", p.AgentID)]
		require.NotNil(t, g, entitlement)
		sources := g.GetSources().GetSources()
		require.Contains(t, sources, "agent_identity:"+p.BlueprintID+":agent", entitlement)
		_, direct := sources[entitlement]
		require.Equal(t, own[p.ResourceID+p.AppRoleID+p.AgentID], direct, entitlement)
		inherited++
		if direct {
			both++
		}
	}
	require.Greater(t, inherited, both)
	require.Positive(t, both)
	// What is for one person, and what the blueprint does not pass on, no agent has.
	passed := map[string]bool{}
	for _, p := range truth.Inherited {
		passed[p.ConsentID] = true
	}
	kept := 0
	for _, c := range truth.Consents {
		for i := range truth.ServicePrincipals {
			if sp := &truth.ServicePrincipals[i]; sp.Blueprint && c.ClientID == sp.ID && !passed[c.ID] {
				kept++
				for _, agent := range truth.ServicePrincipals {
					if agent.BlueprintID != "" {
						requireNotIn(t, got.grantRows, edge("consent:"+c.ID+":granted", "agent_identity", agent.ID))
					}
				}
			}
		}
	}
	require.Positive(t, kept)
}
