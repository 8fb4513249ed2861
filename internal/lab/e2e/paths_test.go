package e2e

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/paths"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect/reached"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// wayward is a tenant that is being made one in which each kind of step occurs.
type wayward struct {
	t *testing.T
	*graphsim.Tenant
	// graph is Microsoft Graph; person and application are the last that were made use of.
	graph, person, application int
}

// newcomer makes an ordinary person's index.
func (w *wayward) newcomer() int {
	w.person++
	return w.person
}

// holds gives somebody a directory role, over a unit or in the whole tenant.
func (w *wayward) holds(role string, person, unit int) {
	a := w.Assignments[0]
	a.Role = -1
	for i := range w.Roles {
		if w.Roles[i].Name == role {
			a.Role = i
		}
	}
	require.GreaterOrEqual(w.t, a.Role, 0, role)
	a.Principal, a.Scope, a.Term = w.Users(person, 1)[0], 0, 0
	if unit >= 0 {
		scope, ok := w.Find(graphsim.KindAdministrativeUnit, w.ID(graphsim.KindAdministrativeUnit, unit))
		require.True(w.t, ok)
		a.Scope = scope
	}
	w.Assignments = append(w.Assignments, a)
}

// permits gives an application a permission of Microsoft Graph, which Graph gets if it
// is not among the simulated ones, and the application an owner.
func (w *wayward) permits(permission string) {
	graph := &w.SPs[w.graph]
	at := -1
	for i := range graph.Roles {
		if graph.Roles[i].Value == permission {
			at = i
		}
	}
	if at < 0 {
		at = len(graph.Roles)
		role := graph.Roles[0]
		role.ID, role.Value, role.Name = w.AppRoleID(w.graph, at), permission, permission
		graph.Roles = append(graph.Roles, role)
	}
	for w.application++; w.SPs[w.application].Kind != w.SPs[graphsim.SPWiki].Kind; w.application++ {
	}
	a := w.AppAssigned[0]
	sp, ok := w.Find(graphsim.KindServicePrincipal, w.ID(graphsim.KindServicePrincipal, w.application))
	require.True(w.t, ok)
	a.Principal, a.Resource, a.Role = sp, int32(w.graph), int16(at) //nolint:gosec // Small indexes.
	w.AppAssigned = append(w.AppAssigned, a)
	w.SPs[w.application].Owners = append(w.SPs[w.application].Owners, w.Users(w.newcomer(), 1)...)
}

// passesOn gives the principal of the first blueprint a permission of Microsoft Graph.
func (w *wayward) passesOn(permission string) {
	for at := range w.SPs[w.graph].Roles {
		if w.SPs[w.graph].Roles[at].Value == permission {
			a := w.AppAssigned[0]
			a.Principal, a.Resource, a.Role = w.FirstSP(graphsim.AgentBlueprint), int32(w.graph), int16(at) //nolint:gosec // Small indexes.
			w.AppAssigned = append(w.AppAssigned, a)
			return
		}
	}
	require.Fail(w.t, "there is no permission "+permission)
}

// everyWay adds to a tenant what leads further than its own makings: permissions of
// every ability, a restricted unit with an administrator and a group in it, groups that
// may become members of others, and administrators over units.
func everyWay(t *testing.T, tenant *graphsim.Tenant) {
	t.Helper()
	w := &wayward{t: t, Tenant: tenant, person: 1000, application: graphsim.SPBusyOwner}
	for w.SPs[w.graph].WellKnownID != powers.MicrosoftGraph {
		w.graph++
	}
	for _, permission := range []string{
		"RoleManagement.ReadWrite.Directory", "AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All", "Domain.ReadWrite.All",
		"UserAuthenticationMethod.ReadWrite.All", "Organization.ReadWrite.All", "GroupMember.ReadWrite.All", "Directory.ReadWrite.All",
		"PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup", "AgentIdentityBlueprint.ReadWrite.All",
	} {
		w.permits(permission)
	}
	// A Global Administrator whom only a restricted unit's own administrators may touch, one
	// whom nothing protects but the role, and one over whom there is somebody else.
	enclosed, open, over := w.newcomer(), w.newcomer(), w.newcomer()
	for _, person := range []int{enclosed, open, over} {
		w.holds("Global Administrator", person, -1)
	}
	unit := &w.Units[unitRestricted]
	unit.Members = append(unit.Members, w.Users(enclosed, 1)...)
	w.holds("Privileged Authentication Administrator", w.newcomer(), unitRestricted)
	w.holds("Helpdesk Administrator", w.newcomer(), unitRestricted)
	w.holds("Privileged Authentication Administrator", w.newcomer(), graphsim.UnitLarge)
	w.Units[graphsim.UnitLarge].Members = append(w.Units[graphsim.UnitLarge].Members, w.Users(over, 1)...)

	// An agent that has a permission by its blueprint alone, and that signs in as a user who
	// is in groups.
	w.passesOn("RoleManagement.ReadWrite.Directory")
	users := tenant.Truth().Users
	at := slices.IndexFunc(users, func(u graphsim.TruthUser) bool { return u.AgentID != "" })
	require.GreaterOrEqual(t, at, 0)
	agentUser, ok := w.Find(graphsim.KindUser, users[at].ID)
	require.True(t, ok)
	for g := 1; g < len(w.Groups); g += 2 {
		if !slices.Contains(w.Groups[g].Members, agentUser) {
			w.Groups[g].Members = append(w.Groups[g].Members, agentUser)
		}
	}

	// Groups that may become members or owners of one that can hold roles: an ordinary one,
	// one in the restricted unit, and one whose members a rule decides.
	given := w.GroupEligible.Rows[0].Given
	for owner, g := range map[bool]int{false: graphsim.GroupTwenty, true: graphsim.GroupNoDescription} {
		ref, ok := w.Find(graphsim.KindGroup, w.ID(graphsim.KindGroup, g))
		require.True(t, ok)
		w.GroupEligible.Add(tenant.Tenant, graphsim.GroupRoleAssignableApps, owner, ref, 0, given)
		if owner {
			unit.Members = append(unit.Members, ref)
		}
	}
	tenant.Link()
}

// unitRestricted is the tenant's restricted administrative unit.
const unitRestricted = graphsim.UnitDynamic + 1

func TestEverybodyWhoCanComeToARoleIsFoundByAShortestWayAndNobodyElse(t *testing.T) {
	needsTime(t)
	t.Parallel()
	made := graphsim.NewTenant(graphsim.Small, 1)
	everyWay(t, made)
	server, err := graphsim.Start(made, graphsim.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	o := runSync(t, server, options{workers: 16, configure: everything})
	require.NoError(t, o.err)
	ctx := context.Background()
	s, err := access.Open(ctx, o.path, t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close(ctx) })
	finder, err := paths.NewFinder(ctx, s)
	require.NoError(t, err)

	truth := server.Tenant().Truth()
	tenant := reached.Of(&truth, true)
	seen := map[paths.Edge]int{}
	for _, kind := range []string{"role", "scoped_role", "application", "agent_identity", "group"} {
		for _, target := range someTargets(tenant, kind) {
			_, id, _ := strings.Cut(target, ":")
			result, err := finder.To(ctx, access.Ref{Type: kind, ID: id}, paths.Options{})
			require.NoError(t, err)
			want, got := set{}, set{}
			for start, length := range tenant.To(target) {
				want.add(fmt.Sprintf("%s in %d", start, length))
			}
			for _, p := range result.Paths {
				got.add(fmt.Sprintf("%s:%s in %d", p.Start.Type, p.Start.ID, len(p.Steps)))
			}
			requireSame(t, "paths to "+target, want, got)
			requireSound(t, tenant, result, seen)
		}
	}
	for _, e := range paths.Edges() {
		require.Positive(t, seen[e], "no path has a step of the kind %s", e)
	}
}

// someTargets are all of a kind of which there are few, and a part of the others.
func someTargets(tenant *reached.Tenant, kind string) []string {
	targets := tenant.Targets(kind)
	slices.Sort(targets)
	const many = 40
	step := 1 + len(targets)/many
	var some []string
	for i := 0; i < len(targets); i += step {
		some = append(some, targets[i])
	}
	return some
}

// requireApproval checks that a step that has to be activated says whose approval that
// takes. Of a package that is asked for the step's own words say it.
func requireApproval(t *testing.T, tenant *reached.Tenant, step *paths.Step) {
	t.Helper()
	if step.Edge == paths.EdgeAsksForPackage {
		require.Empty(t, step.Approval, "%+v", step)
		return
	}
	needs, names := tenant.Approval(step.Entitlement)
	switch {
	case !step.Activation || needs == "not required":
		require.Empty(t, step.Approval, "%+v", step)
		return
	case needs == "unknown":
		require.Contains(t, step.Approval, "not known", "%+v", step)
	default:
		require.True(t, strings.HasPrefix(step.Approval, "needs approval"), "%+v", step)
	}
	require.Contains(t, step.Why, step.Approval)
	const few = 4
	if len(names) < few {
		for _, name := range names {
			require.Contains(t, step.Approval, name, "%+v", step)
		}
	}
}

// requireSound follows each path: it hangs together, each step is one that the tenant
// has, and the paths are in their order.
func requireSound(t *testing.T, tenant *reached.Tenant, result *paths.Result, seen map[paths.Edge]int) {
	t.Helper()
	require.True(t, slices.IsSortedFunc(result.Paths, func(a, b paths.Path) int { return cmp.Compare(len(a.Steps), len(b.Steps)) }))
	for _, p := range result.Paths {
		at := p.Start
		for _, step := range p.Steps {
			require.Equal(t, at, step.From)
			require.True(t, tenant.Leads(step.From.Type+":"+step.From.ID, step.To.Type+":"+step.To.ID), "%+v", step)
			require.NotEmpty(t, step.Why)
			requireApproval(t, tenant, &step)
			require.True(t, strings.HasPrefix(step.Page, "https://learn.microsoft.com/"), "%+v", step)
			seen[step.Edge]++
			at = step.To
		}
		require.Equal(t, result.Target, at)
	}
}
