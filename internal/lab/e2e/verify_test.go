package e2e

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/verify"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// withoutReports leaves out what is read at a slow pace of its own.
func withoutReports(cfg *config.AzureAd) {
	cfg.SkipSignInActivity, cfg.SkipMfaRegistration = true, true
}

// heldAgainst holds a snapshot against its tenant.
func heldAgainst(t *testing.T, tenant *graphsim.Server, path string, sample int) *verify.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), syncBound)
	defer cancel()
	c, err := connector.New(settingsFor(tenant, nil), &cli.ConnectorOpts{}, connector.Options{Version: "test", Retry: impatient, ReportsPerWindow: 1000})
	require.NoError(t, err)
	snapshot, err := access.Open(ctx, path, t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, snapshot.Close(ctx)) }()
	r, err := verify.Run(ctx, verify.Options{
		Snapshot: snapshot, Graph: c.Client().Sender, Sample: sample, Seed: 1, Requests: verify.DefaultRequests, Units: verify.DefaultUnits,
	})
	require.NoError(t, err)
	var text strings.Builder
	require.NoError(t, r.WriteText(&text))
	t.Log(text.String())
	return r
}

// rightTypes are what is compared.
var rightTypes = []string{"user", "group", "role", "scoped_role", "application", "managed_identity", "agent_identity", "app_registration", "administrative_unit"}

func TestRightSnapshotWouldBeCalledWrong(t *testing.T) {
	t.Parallel()
	needsTime(t)
	tenant := startTenant(t, graphsim.Small)
	made := runSync(t, tenant, options{workers: 4, resourceTypes: rightTypes, configure: withoutReports})
	require.NoError(t, made.err)
	r := heldAgainst(t, tenant, made.path, 5000)
	require.True(t, r.Right())
	require.Empty(t, r.Differences)
	for _, l := range r.Lines {
		require.Empty(t, l.Skipped+l.Short, l.Name)
		require.NotZero(t, l.Asked, l.Name)
		require.Equal(t, l.Asked, l.Agreed, l.Name)
		require.True(t, l.AtMost == nil || *l.AtMost == 0, "all were asked about, which leaves no doubt")
	}

	// What has changed since is neither right nor wrong.
	user, group, other := tenant.Tenant().ID(graphsim.KindUser, 40), tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupChain2), tenant.Tenant().ID(graphsim.KindUser, 41)
	require.NoError(t, tenant.AddMember(group, graphsim.KindUser, user))
	require.NoError(t, tenant.Delete(graphsim.KindUser, other))
	deleted := graphsim.ChangeAudit("Delete user", "UserManagement", "User", other)
	deleted.Operation = "Delete"
	tenant.AddAudit(graphsim.GroupMemberAudit(true, group, graphsim.Principal{ID: user, Type: "User"}), deleted)
	r = heldAgainst(t, tenant, made.path, 5000)
	require.Zero(t, r.Count(verify.VerdictWrong), r.Differences)
	require.Positive(t, r.Count(verify.VerdictChanged))

	// Without the log nobody can tell, and it says so.
	tenant.SetPermissions(slices.DeleteFunc(graphsim.DefaultPermissions(), func(p string) bool {
		return p == "AuditLog.Read.All" || p == "Directory.Read.All"
	})...)
	r = heldAgainst(t, tenant, made.path, 100)
	require.Zero(t, r.Count(verify.VerdictWrong))
	require.False(t, r.Right())
	require.Contains(t, r.Untold, "AuditLog.Read.All")
}

// keepsRowsOfWhatIsGone has a tenant list what gives nobody anything: assignments to app
// roles that their applications declare no more, and roles at an object that was deleted
// or in a scope that only an application knows.
func keepsRowsOfWhatIsGone(t *testing.T, tenant *graphsim.Server) {
	t.Helper()
	of := tenant.Tenant()
	for _, application := range []int{graphsim.SPPayroll, graphsim.SPGallery} { // Of people, and of groups.
		for role := 1; role <= 2; role++ {
			require.NoError(t, tenant.DropAppRole(of.ID(graphsim.KindServicePrincipal, application), role))
		}
	}
	require.NoError(t, tenant.Delete(graphsim.KindAdministrativeUnit, of.ID(graphsim.KindAdministrativeUnit, graphsim.UnitLarge)))
	require.NoError(t, tenant.Delete(graphsim.KindApplication, of.ID(graphsim.KindApplication, graphsim.RegistrationPayroll)))
	require.NoError(t, tenant.GrantInAppScope(of.ID(graphsim.KindUser, graphsim.UserPlain), graphsim.RoleHelpdeskAdministrator))
	require.NoError(t, tenant.GrantInAppScope(of.ID(graphsim.KindUser, graphsim.UserOther), graphsim.RoleGlobalReader))
}

// globalReader is the role that somebody holds in an application's scope.
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"

// lineOf is what came of a question.
func lineOf(t *testing.T, r *verify.Report, name string) *verify.Line {
	t.Helper()
	i := slices.IndexFunc(r.Lines, func(l *verify.Line) bool { return l.Name == name })
	require.NotEqual(t, -1, i, name)
	return r.Lines[i]
}

func TestRightSnapshotOfATenantWithRowsOfWhatIsGoneWouldBeCalledWrong(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Tiny)
	keepsRowsOfWhatIsGone(t, tenant)
	made := runSync(t, tenant, options{workers: 4})
	require.NoError(t, made.err)
	requireExact(t, tenant, readSnapshot(t, made.path))
	r := heldAgainst(t, tenant, made.path, 5000)
	require.True(t, r.Right())
	require.Empty(t, r.Differences)
	asked := tenant.Requests()
	tenant.ClearLogs() // It would explain some of what follows.

	// A wrong one of that tenant is found, also where it takes a role in an application's
	// scope for one in the whole tenant, and where Graph refuses to tell of the last person.
	first := asked[slices.IndexFunc(asked, func(r graphsim.Request) bool { return strings.HasSuffix(r.Path, "/transitiveMemberOf") })].Path
	loser := strings.Split(first, "/")[3]
	inAppScope := tenant.Tenant().ID(graphsim.KindUser, graphsim.UserOther)
	wrong := runSync(t, tenant, options{workers: 4, resourceTypes: rightTypes, configure: withoutReports, spoil: grantsThat(func(g *v2.Grant) bool {
		if holder := g.GetPrincipal().GetId(); holder.GetResourceType() == "user" && on(g).GetResource() == globalReader {
			holder.SetResource(inAppScope)
		}
		return on(g).GetResourceType() == "scoped_role" || g.GetPrincipal().GetId().GetResource() == loser
	})(tenant)})
	require.NoError(t, wrong.err)
	last := asked[lastIndex(asked, "/transitiveMemberOf")].Path
	defer tenant.Fault(graphsim.Rule{Name: "refused", Path: last, On: graphsim.ItemsOnly, Action: graphsim.Respond(403, "Authorization_RequestDenied", "")})()
	r = heldAgainst(t, tenant, wrong.path, 5000)
	for _, name := range []string{
		"who holds privileged roles", "who is assigned to applications", "groups that people are in", "application roles that people hold",
		"directory roles that people hold themselves", "members of groups",
	} {
		require.Positive(t, lineOf(t, r, name).Wrong, name)
	}
	require.True(t, slices.ContainsFunc(r.Differences, func(d verify.Difference) bool {
		return d.Subject.ID == inAppScope && d.What == "Assigned of Global Reader in the snapshot, and not in the tenant"
	}), r.Differences)
	cut := lineOf(t, r, "groups that people are in")
	require.Equal(t, "Graph refuses to tell more: User.Read.All and GroupMember.Read.All is needed", cut.Short)
	require.Less(t, cut.Asked, cut.Of)
}

// Without Directory.Read.All Graph refuses to tell whether an object is there, and goes on
// listing people in the recycle bin.
func TestRightSnapshotReadWithLittlePermissionWouldBeCalledWrong(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Tiny)
	tenant.SetPermissions(slices.DeleteFunc(graphsim.DefaultPermissions(), func(p string) bool { return p == "Directory.Read.All" })...)
	o := options{workers: 4, resourceTypes: append([]string{"partner_principal"}, rightTypes...), configure: withoutReports}
	made := runSync(t, tenant, o)
	require.NoError(t, made.err)
	r := heldAgainst(t, tenant, made.path, 5000)
	require.Zero(t, r.Count(verify.VerdictWrong), r.Differences)
	require.Positive(t, r.Count(verify.VerdictUntold), "the tenant lists nobody from the recycle bin")
	require.False(t, r.Right())
	require.Contains(t, r.Untold, "Directory.Read.All")

	// What is lost of those who are in the snapshot is wrong all the same.
	tenant.ClearLogs()
	o.spoil = mistakes["a holder of a privileged role is lost"].spoil(tenant)
	wrong := runSync(t, tenant, o)
	require.NoError(t, wrong.err)
	require.Positive(t, lineOf(t, heldAgainst(t, tenant, wrong.path, 5000), "who holds privileged roles").Wrong)
}

// lastIndex is where a request for a relation was last sent.
func lastIndex(requests []graphsim.Request, relation string) int {
	for i, r := range slices.Backward(requests) {
		if strings.HasSuffix(r.Path, relation) {
			return i
		}
	}
	return -1
}

// mistake is a way in which a connector can be wrong.
type mistake struct {
	// finds is the question that has to find it.
	finds string
	spoil func(tenant *graphsim.Server) func(answer any)
}

// grantsThat drops grants.
func grantsThat(drop func(*v2.Grant) bool) func(*graphsim.Server) func(any) {
	return func(*graphsim.Server) func(any) {
		return func(answer any) {
			if a, ok := answer.(*v2.GrantsServiceListGrantsResponse); ok {
				a.SetList(slices.DeleteFunc(a.GetList(), drop))
			}
		}
	}
}

// expansions changes how grants to groups reach further.
func expansions(change func(*v2.Grant, *v2.GrantExpandable) *v2.GrantExpandable) func(*graphsim.Server) func(any) {
	return func(*graphsim.Server) func(any) {
		return func(answer any) {
			a, ok := answer.(*v2.GrantsServiceListGrantsResponse)
			if !ok {
				return
			}
			for _, g := range a.GetList() {
				annos, expandable := annotations.Annotations(g.GetAnnotations()), &v2.GrantExpandable{}
				if found, err := annos.Pick(expandable); err != nil || !found {
					continue
				}
				annos = slices.DeleteFunc(annos, func(a *anypb.Any) bool { return a.MessageIs(expandable) })
				if changed := change(g, expandable); changed != nil {
					annos.Append(changed)
				}
				g.SetAnnotations(annos)
			}
		}
	}
}

func on(g *v2.Grant) *v2.ResourceId { return g.GetEntitlement().GetResource().GetId() }

// mistakes are the ways in which connectors are wrong, one of each kind that was met
// here or reported of others.
var mistakes = map[string]mistake{
	"a page of people is lost": {finds: "numbers of objects", spoil: func(*graphsim.Server) func(any) {
		var pages atomic.Int32
		return func(answer any) {
			a, ok := answer.(*v2.ResourcesServiceListResourcesResponse)
			if ok && len(a.GetList()) > 0 && a.GetList()[0].GetId().GetResourceType() == "user" && pages.Add(1) == 2 {
				a.SetList(nil)
			}
		}
	}},
	"a page of grants is lost": {finds: "groups that people are in", spoil: func(*graphsim.Server) func(any) {
		var pages atomic.Int32
		return func(answer any) {
			a, ok := answer.(*v2.GrantsServiceListGrantsResponse)
			// Of the calls for groups, those with many rows are the ones for members.
			if ok && len(a.GetList()) > 500 && on(a.GetList()[0]).GetResourceType() == "group" && pages.Add(1) == 1 {
				a.SetList(nil)
			}
		}
	}},
	"a shard of groups is lost": {finds: "members of groups", spoil: grantsThat(func(g *v2.Grant) bool {
		return on(g).GetResourceType() == "group" && strings.HasPrefix(on(g).GetResource(), "a")
	})},
	"groups in groups are not expanded": {finds: "people in groups through any depth", spoil: expansions(func(g *v2.Grant, e *v2.GrantExpandable) *v2.GrantExpandable {
		if on(g).GetResourceType() == "group" {
			return nil
		}
		return e
	})},
	"cycles of groups are broken": {finds: "people in groups through any depth", spoil: func(tenant *graphsim.Server) func(any) {
		pair := tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupPairA)
		return grantsThat(func(g *v2.Grant) bool {
			return on(g).GetResource() == pair && (g.GetPrincipal().GetId().GetResourceType() == "group" || g.HasSources())
		})(tenant)
	}},
	"application roles reach nested groups": {finds: "application roles that people hold", spoil: expansions(func(_ *v2.Grant, e *v2.GrantExpandable) *v2.GrantExpandable {
		e.SetShallow(false)
		return e
	})},
	"application roles do not reach the members of groups": {finds: "application roles that people hold", spoil: expansions(func(g *v2.Grant, e *v2.GrantExpandable) *v2.GrantExpandable {
		if on(g).GetResourceType() == "application" {
			return nil
		}
		return e
	})},
	"a type of object is left out": {finds: "numbers of objects", spoil: func(*graphsim.Server) func(any) {
		return func(answer any) {
			if a, ok := answer.(*v2.ResourcesServiceListResourcesResponse); ok {
				a.SetList(slices.DeleteFunc(a.GetList(), func(r *v2.Resource) bool { return r.GetId().GetResourceType() == "managed_identity" }))
			}
		}
	}},
	"assignments of one kind of principal are lost": {finds: "who is assigned to applications", spoil: grantsThat(func(g *v2.Grant) bool {
		return on(g).GetResourceType() == "application" && g.GetPrincipal().GetId().GetResourceType() == "managed_identity"
	})},
	"a role is shown to those who hold it in a part of the directory only": {finds: "who holds privileged roles", spoil: grantsThat(func(g *v2.Grant) bool {
		return on(g).GetResourceType() == "scoped_role"
	})},
	"a holder of a privileged role is lost": {finds: "who holds privileged roles", spoil: func(*graphsim.Server) func(any) {
		var lost atomic.Bool
		return grantsThat(func(g *v2.Grant) bool {
			return on(g).GetResource() == "62e90394-69f5-4237-9190-012177145e10" && strings.HasSuffix(g.GetEntitlement().GetId(), ":assigned") && lost.CompareAndSwap(false, true)
		})(nil)
	}},
}

func TestSnapshotOfAWrongConnectorWouldPass(t *testing.T) {
	t.Parallel()
	needsTime(t)
	for name, m := range mistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := startTenant(t, graphsim.Small)
			made := runSync(t, tenant, options{workers: 4, resourceTypes: rightTypes, configure: withoutReports, spoil: m.spoil(tenant)})
			require.NoError(t, made.err)
			r := heldAgainst(t, tenant, made.path, 300)
			var found []string
			for _, l := range r.Lines {
				if l.Wrong > 0 {
					found = append(found, l.Name)
				}
			}
			require.Contains(t, found, m.finds)
		})
	}
}

func TestComparisonWithAnotherTenantOrOfNothingIsTrouble(t *testing.T) {
	t.Parallel()
	needsBinary(t)
	tenant := startTenant(t, graphsim.Small)
	path := t.TempDir() + "/tenant.c1z"
	r := runBinary(t, signInTo(t, tenant), "-f", path, "--sync-resource-types", "user", "--verify")
	require.Zero(t, r.exit, r.stderr)
	require.Contains(t, r.stdout, "The snapshot agrees with the tenant about all 1 objects")
	requireEmpty(t, r.temp)
	r = runBinary(t, signInTo(t, tenant), "verify", "-f", path, "--sample", "10", "--pause", "0s", "--json")
	require.Zero(t, r.exit, r.stderr)
	require.Contains(t, r.stdout, "the snapshot was made without the type group")
	requireEmpty(t, r.temp)

	other, err := graphsim.Start(graphsim.NewTenant(graphsim.Small, 2), graphsim.Options{})
	require.NoError(t, err)
	defer other.Close()
	for says, run := range map[string][]string{
		"the snapshot is of the tenant " + tenant.TenantID(): {"verify", "-f", path},
		"there is no file ":      {"verify", "-f", path + "x"},
		"have to be 1 or more":   {"verify", "-f", path, "--sample", "0"},
		"unknown flag: --colour": {"verify", "--colour"},
	} {
		r = runBinary(t, signInTo(t, other), run...)
		require.NotZero(t, r.exit, says)
		require.Contains(t, r.stderr, says)
		require.Empty(t, r.stdout)
		requireEmpty(t, r.temp)
	}
}
