package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/console/snapshot"
	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/truth"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// userTraitOf is what a snapshot says of a person in the SDK's terms.
func userTraitOf(t *testing.T, row *v2.Resource) *v2.UserTrait {
	t.Helper()
	trait := &v2.UserTrait{}
	annos := annotations.Annotations(row.GetAnnotations())
	_, err := annos.Pick(trait)
	require.NoError(t, err)
	return trait
}

// lastLogin is zero for who never signed in.
func lastLogin(t *testing.T, row *v2.Resource) int64 {
	t.Helper()
	return userTraitOf(t, row).GetLastLogin().GetSeconds()
}

// registrationsOfPeople is what a snapshot says that people have registered.
func registrationsOfPeople(t *testing.T, got *contents) map[string]string {
	t.Helper()
	said := map[string]string{}
	for key, row := range got.resourceRows {
		if row.GetId().GetResourceType() == "user" {
			profile := row.GetProfile().AsMap()
			said[key] = fmt.Sprint(userTraitOf(t, row).GetMfaStatus(), profile["mfaCapable"], profile["passwordlessCapable"], profile["authenticationMethods"])
		}
	}
	return said
}

// requireLastSignIns compares a snapshot with the tenant's own account.
func requireLastSignIns(t *testing.T, tenant *graphsim.Server, got *contents) {
	t.Helper()
	for _, u := range tenant.Tenant().Truth().Users {
		row := got.resourceRows["user:"+u.ID]
		switch {
		case row == nil: // In the recycle bin.
		case u.LastSignIn == "":
			require.Nil(t, userTraitOf(t, row).GetLastLogin(), u.ID)
		default:
			require.Equal(t, instant(t, u.LastSignIn).Unix(), lastLogin(t, row), u.ID)
		}
	}
}

// earlierOf is the file that the command makes of a snapshot for the sync after it, or
// would make if some people were not in the snapshot.
func earlierOf(t *testing.T, path string, but ...string) string {
	t.Helper()
	before, err := snapshot.Open(t.Context(), path, t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, before.Close(t.Context())) }()
	file, err := os.Create(filepath.Join(t.TempDir(), "earlier.json"))
	require.NoError(t, err)
	found, err := connector.WriteEarlier(func(yield func(*v2.Resource, error) bool) {
		for row, err := range before.Resources(t.Context()) {
			if !slices.Contains(but, row.GetId().GetResource()) && !yield(row, err) {
				return
			}
		}
	}, file)
	require.NoError(t, err)
	require.True(t, found)
	require.NoError(t, file.Close())
	return file.Name()
}

// peopleAfter syncs the people of a tenant of which an earlier snapshot is there.
func peopleAfter(t *testing.T, tenant *graphsim.Server, earlier string, days int) *outcome {
	t.Helper()
	tenant.Reset()
	o := runSync(t, tenant, options{workers: 4, resourceTypes: []string{"tenant", "user"}, earlier: earlier, atOnce: 1000, configure: func(cfg *config.AzureAd) { cfg.ReuseReportsDays = days }})
	require.NoError(t, o.err)
	return o
}

// reportRequests counts what a sync has asked the reports service for: pages of all
// sign-ins, of those since another sync, and of registrations.
func reportRequests(tenant *graphsim.Server) []int {
	var signIns, since, registrations int
	for _, r := range tenant.Requests() {
		switch {
		case strings.Contains(r.Query, "signInActivity%2F"), strings.Contains(r.Query, "filter=signInActivity"):
			since++
		case strings.Contains(r.Query, "signInActivity"):
			signIns++
		case strings.Contains(r.Path, "userRegistrationDetails"):
			registrations++
		}
	}
	return []int{signIns, since, registrations}
}

func TestEverySyncOfALargeTenantWouldWaitForAllSignIns(t *testing.T) {
	needsTime(t)
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	target := peopleAfter(t, tenant, "", 3).path
	require.Equal(t, []int{4, 0, 2}, reportRequests(tenant))
	before := readSnapshot(t, target)
	requireLastSignIns(t, tenant, before)
	require.NotContains(t, tenantIn(t, tenant, before), "earlier")
	require.NotContains(t, tenantIn(t, tenant, before), "readInFull")
	earlier := earlierOf(t, target)

	// Some sign in, in each way, among them some who never did, and somebody new.
	now := time.Now().UTC().Truncate(time.Second)
	users := tenant.Tenant().Truth().Users
	for i := range 60 {
		require.NoError(t, tenant.LetSignIn(users[i*7].ID, now.Add(-time.Duration(i)*time.Minute), graphsim.SignInKind(i%3)))
	}
	newcomer, err := tenant.AddUser("newcomer")
	require.NoError(t, err)
	require.NoError(t, tenant.LetSignIn(newcomer, now, graphsim.SignInByPerson))

	target = peopleAfter(t, tenant, earlier, 3).path
	require.Equal(t, []int{0, 3, 0}, reportRequests(tenant), "one for each moment")
	after := readSnapshot(t, target)
	requireLastSignIns(t, tenant, after)
	readAt := tenantIn(t, tenant, before)["readAt"]
	require.Equal(t, map[string]any{"MFA registration": readAt}, tenantIn(t, tenant, after)["earlier"], "registrations are older than the snapshot says")
	inFull := map[string]any{"MFA registration": readAt, "sign-in activity": readAt}
	require.Equal(t, inFull, tenantIn(t, tenant, after)["readInFull"], "catching up counts as reading in full")
	registered := registrationsOfPeople(t, after)
	delete(registered, "user:"+newcomer) // Of whom nobody knew what they have registered.
	require.Equal(t, registrationsOfPeople(t, before), registered)
	fewerThanHaveSignedIn(t, tenant, target, after)
	backFromTheRecycleBin(t, tenant, target)
	tooManySignIns(t, tenant, earlierOf(t, target), after, readAt)
	tenant.SetSignInRows(0)

	// Where Graph refuses to tell who has signed in since, or cannot, the snapshot says so.
	for _, action := range []graphsim.Action{graphsim.Respond(http.StatusBadRequest, "BadRequest", "x"), graphsim.Respond(http.StatusInternalServerError, "UnknownError", "x")} {
		stop := tenant.Fault(graphsim.Rule{Name: "since", Path: "filter=signInActivity", Action: action})
		got := readSnapshot(t, peopleAfter(t, tenant, earlier, 3).path)
		stop()
		require.Positive(t, tenant.Stats().Faults["since"])
		require.Equal(t, map[string]any{"MFA registration": readAt, "sign-in activity": readAt}, tenantIn(t, tenant, got)["earlier"])
		require.Equal(t, lastLogin(t, before.resourceRows["user:"+users[0].ID]), lastLogin(t, got.resourceRows["user:"+users[0].ID]))
	}

	// The age goes on from snapshot to snapshot, and zero days read everything.
	peopleAfter(t, tenant, earlier, 0)
	require.Equal(t, []int{4, 0, 2}, reportRequests(tenant))
}

// Those who have signed in are asked for from a day before the sync before on, so that an
// answer without those of that day is short, and the snapshot is not as new as it would say.
func fewerThanHaveSignedIn(t *testing.T, tenant *graphsim.Server, path string, before *contents) {
	t.Helper()
	tenant.SetSignInRows(15)
	stop := tenant.Fault(graphsim.Rule{Name: "short", Path: "filter=signInActivity", Action: graphsim.DropLinks()})
	got := readSnapshot(t, peopleAfter(t, tenant, earlierOf(t, path), 3).path)
	stop()
	tenant.SetSignInRows(0)
	require.Positive(t, tenant.Stats().Faults["short"])
	require.Equal(t, []int{0, 3, 0}, reportRequests(tenant))
	said, _ := tenantIn(t, tenant, got)["earlier"].(map[string]any)
	require.Equal(t, tenantIn(t, tenant, before)["readAt"], said["sign-in activity"])
	requireLastSignIns(t, tenant, got) // From the sync before.
}

// Somebody who was in the recycle bin during the sync before is in no listing of those who
// have signed in since, and has not always signed in before.
func backFromTheRecycleBin(t *testing.T, tenant *graphsim.Server, path string) {
	t.Helper()
	users := tenant.Tenant().Truth().Users
	back := users[slices.IndexFunc(users, func(u truth.User) bool {
		return u.LastSignIn != "" && time.Since(instant(t, u.LastSignIn)) > 30*24*time.Hour
	})].ID
	unknown := func(path string) []string {
		var found []string
		for _, row := range readSnapshot(t, path).resourceRows {
			if said, _ := row.GetProfile().AsMap()["lastSignInUnknown"].(bool); said {
				found = append(found, row.GetId().GetResource())
				require.Nil(t, userTraitOf(t, row).GetLastLogin())
			}
		}
		return found
	}
	next := peopleAfter(t, tenant, earlierOf(t, path, back), 3).path
	require.Equal(t, []string{back}, unknown(next), "somebody seems never to have signed in")
	next = peopleAfter(t, tenant, earlierOf(t, next), 3).path
	require.Equal(t, []string{back}, unknown(next), "a sync later it is forgotten that nobody knows")
	require.Empty(t, unknown(peopleAfter(t, tenant, earlierOf(t, next), 0).path))
}

// What cannot be caught up with is as old as the snapshot says, and not wrong.
func tooManySignIns(t *testing.T, tenant *graphsim.Server, earlier string, before *contents, registered any) {
	t.Helper()
	now := time.Now().UTC()
	users := tenant.Tenant().Truth().Users
	tenant.SetSignInRows(100)
	for i := range 400 {
		require.NoError(t, tenant.LetSignIn(users[i*3].ID, now, graphsim.SignInByPerson))
	}
	o := peopleAfter(t, tenant, earlier, 3)
	require.Equal(t, []int{0, 3, 0}, reportRequests(tenant), "it goes on to ask")
	got := readSnapshot(t, o.path)
	require.Equal(t, map[string]any{"MFA registration": registered, "sign-in activity": tenantIn(t, tenant, before)["readAt"]}, tenantIn(t, tenant, got)["earlier"])
	require.Equal(t, map[string]any{"MFA registration": registered, "sign-in activity": registered}, tenantIn(t, tenant, got)["readInFull"])
	newer := 0
	for id, row := range got.resourceRows {
		if row.GetId().GetResourceType() != "user" {
			continue
		}
		was, is := lastLogin(t, before.resourceRows[id]), lastLogin(t, row)
		require.GreaterOrEqual(t, is, was)
		if is > was {
			newer++
		}
	}
	require.Greater(t, newer, 200, "what was read is thrown away")
}

// The command takes them from the snapshot that it is to replace: here, one of more
// people than the tenant has by now.
func TestCommandWouldReadAllSignInsEachTime(t *testing.T) {
	t.Parallel()
	tenant := startTenant(t, graphsim.Small)
	about, err := rs.NewResource("Contoso", &v2.ResourceType{Id: "tenant"}, strings.ToLower(tenant.Tenant().Truth().TenantID), rs.WithResourceProfile(map[string]any{
		"readAt": time.Now().UTC().Format(time.RFC3339), "dataSets": []any{"users", "sign-in activity", "MFA registration"},
	}))
	require.NoError(t, err)
	before := handmade.File{Types: []string{"tenant", "user"}, Resources: []*v2.Resource{about}}
	for i := range 2001 {
		before.Resources = append(before.Resources, handmade.Ref("user", fmt.Sprintf("%08x-1111-2222-3333-444444444444", i)))
	}
	target := before.Write(t)
	r := runBinary(t, signInForReports(t, tenant), "-f", target, "--sync-resource-types", "user")
	require.Zero(t, r.exit, r.stderr)
	requireEmpty(t, r.temp)
	require.Equal(t, []int{0, 3, 0}, reportRequests(tenant))
}
