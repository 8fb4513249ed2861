package e2e

import (
	"context"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/internal/lab/rows"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// connect starts a connector that no sync has prepared.
func connect(t *testing.T, server *graphsim.Server, configure func(*config.AzureAd)) types.ConnectorClient {
	t.Helper()
	ctx := context.Background()
	c, err := connector.New(settingsFor(server, configure), &cli.ConnectorOpts{}, connector.Options{Version: "test", Retry: impatient, ReportsPerWindow: 100000})
	require.NoError(t, err)
	served, err := c.Server(ctx, cli.RunTimeOpts{})
	require.NoError(t, err)
	client, stop := serve(ctx, t, served)
	t.Cleanup(stop)
	return client
}

func getResource(client types.ConnectorClient, id, parent *v2.ResourceId) (*v2.Resource, error) {
	answer, err := client.GetResource(context.Background(), v2.ResourceGetterServiceGetResourceRequest_builder{ResourceId: id, ParentResourceId: parent}.Build())
	return answer.GetResource(), err
}

func resourceID(resourceType, id string) *v2.ResourceId {
	return v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build()
}

// sampled are some resources of each type, evenly spread: few of those that
// Graph gives one a second.
func sampled(rows map[string]*v2.Resource) map[string][]*v2.Resource {
	byType := map[string][]string{}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		resourceType, _, _ := strings.Cut(key, ":")
		byType[resourceType] = append(byType[resourceType], key)
	}
	chosen := map[string][]*v2.Resource{}
	for resourceType, keys := range byType {
		most := 40
		if resourceType == "user_risk" {
			most = 2
		}
		step := max(1, len(keys)/most)
		for i := 0; i < len(keys); i += step {
			chosen[resourceType] = append(chosen[resourceType], rows[keys[i]])
		}
	}
	return chosen
}

func TestTargetedReadWouldTurnAResourceIntoAnother(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, configure: everything})
	require.NoError(t, o.err)
	listed := sampled(readSnapshot(t, o.path).resourceRows)
	require.Len(t, listed, len(resourceTypes), "a type has no resources to compare")
	client := connect(t, server, everything)
	for resourceType, resources := range listed {
		for _, want := range resources {
			got, err := getResource(client, want.GetId(), want.GetParentResourceId())
			require.NoError(t, err, "%s %s", resourceType, want.GetId().GetResource())
			require.True(t, proto.Equal(rows.Lasting(want), rows.Lasting(got)), "listed: %v\nread: %v", want, got)
			if want.GetParentResourceId() != nil {
				got, err = getResource(client, want.GetId(), nil)
				require.NoError(t, err)
				require.True(t, proto.Equal(want, got), "without its parent: %v", got)
			}
		}
	}
	require.Empty(t, server.Stats().Unmatched)
}

func TestTargetedReadOfWhatIsGoneOrLeftOutWouldBringItBack(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	truth := server.Tenant().Truth()
	client := connect(t, server, func(cfg *config.AzureAd) { everything(cfg); cfg.SkipAdGroups = true })
	const gone = "11111111-2222-3333-4444-555555555555"
	of := func(kind string) string {
		for _, sp := range truth.ServicePrincipals {
			if sp.Kind == kind {
				return sp.ID
			}
		}
		return ""
	}
	synced := truth.Groups[slices.IndexFunc(truth.Groups, func(g graphsim.TruthGroup) bool { return g.Synced })].ID
	plain := server.Tenant().ID(graphsim.KindGroup, graphsim.GroupBig)
	for _, id := range []*v2.ResourceId{
		resourceID("user", gone), resourceID("group", gone), resourceID("role", gone), resourceID("application", gone),
		resourceID("managed_identity", gone), resourceID("agent_identity", gone), resourceID("app_registration", gone),
		resourceID("administrative_unit", gone), resourceID("license", gone), resourceID("device", gone), resourceID("user_risk", gone), resourceID("tenant", gone),
		resourceID("channel", gone+":19:x@thread.tacv2"),
		resourceID("access_package", gone), resourceID("access_package_catalog", gone),
		resourceID("consent", "abcdefgh"), resourceID("credential", gone+":"+gone), resourceID("scoped_role", gone+"@"+gone),
		resourceID("scoped_role", truth.RoleDefinitions[0].ID+"@"+plain), // A role that nobody holds there.
		resourceID("group", synced),
		resourceID("application", of("managed_identity")), resourceID("managed_identity", of("application")), resourceID("agent_identity", of("application")),
		resourceID("user", plain), resourceID("credential", of("application")+":"+gone),
	} {
		_, err := getResource(client, id, nil)
		assert.Equal(t, codes.NotFound, status.Code(err), "%v: %v", id, err)
	}
}

func TestTargetedReadWouldAskGraphForAnythingItIsGiven(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	client := connect(t, server, everything)
	const guid = "11111111-2222-3333-4444-555555555555"
	for _, id := range []*v2.ResourceId{
		resourceID("user", "someone@contoso.com"), resourceID("user", guid+"/messages"), resourceID("group", "../users/"+guid), resourceID("role", "Global Administrator"),
		resourceID("credential", guid), resourceID("scoped_role", guid+"@/"), resourceID("scoped_role", guid+"@"+guid+"' or '1' eq '1"),
		resourceID("consent", "a/b"), resourceID("license", "SPE_E5"), resourceID("device", "x"), resourceID("user_risk", "x"), resourceID("tenant", "contoso.com"),
		resourceID("channel", guid), resourceID("channel", guid+":a/b"),
		resourceID("access_package", "Sales onboarding"), resourceID("access_package_catalog", guid+"/accessPackages"),
	} {
		_, err := getResource(client, id, nil)
		assert.Equal(t, codes.InvalidArgument, status.Code(err), "%v: %v", id, err)
		assert.ErrorContains(t, err, "is not the id of a resource of type")
	}
	assert.Empty(t, server.Requests(), "Graph was asked")
}

func TestTargetedReadThatGraphRefusesWouldPassForADeletion(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	client := connect(t, server, everything)
	user := resourceID("user", server.Tenant().ID(graphsim.KindUser, 1))
	for path, part := range map[string]string{"/users/": "answered 403", "userRegistrationDetails": "answered 403", "signInActivity": "answered 403"} {
		remove := server.Fault(graphsim.Rule{Name: path, Path: path, Action: graphsim.Respond(http.StatusForbidden, "Authorization_RequestDenied", "x")})
		_, err := getResource(client, user, nil)
		assert.Equal(t, codes.PermissionDenied, status.Code(err), "%s: %v", path, err)
		assert.ErrorContains(t, err, part)
		remove()
	}
	remove := server.Fault(graphsim.Rule{Name: "wrong address", Path: "/users/", Action: graphsim.Respond(http.StatusNotFound, "BadRequest", "x")})
	defer remove()
	_, err := getResource(client, user, nil)
	assert.Equal(t, codes.Aborted, status.Code(err), "a wrong address is no deletion: %v", err)
}

func TestTargetedSyncGivesWhatWasAskedForAndNoMore(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	target := filepath.Join(t.TempDir(), "part.c1z")
	user, group := server.Tenant().ID(graphsim.KindUser, 1), server.Tenant().ID(graphsim.KindGroup, graphsim.GroupBig)
	const gone = "11111111-2222-3333-4444-555555555555"
	r := runBinary(t, signInTo(t, server), "-f", target, "--sync-resources", strings.Join([]string{
		"bid:r:user/" + user, "bid:r:group/" + group, "bid:r:group/" + gone,
	}, ","))
	require.Zero(t, r.exit, r.stderr)
	got := readSnapshot(t, target)
	requireSame(t, "resources", set{"user:" + user: {}, "group:" + group: {}}, got.resources)
	for _, request := range server.Requests() {
		require.NotContains(t, request.Query, "$top=999", "a targeted sync reads no listing: %s", request.Path)
	}
}
