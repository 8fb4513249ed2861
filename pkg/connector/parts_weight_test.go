package connector

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// connectorOver is a connector over a Graph client.
func connectorOver(t *testing.T, client *graph.Client) *Connector {
	t.Helper()
	c, err := newConnector(client, signin.Cloud{}, "", decide.AllFilters())
	require.NoError(t, err)
	return c
}

// dial serves a connector as the SDK does, with gRPC's own limits.
func dial(t *testing.T, s *Server) *grpc.ClientConn {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer()
	v2.RegisterResourcesServiceServer(server, s)
	v2.RegisterEntitlementsServiceServer(server, s)
	v2.RegisterGrantsServiceServer(server, s)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient("passthrough:connector",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func stubOf(resourceType string) *v2.Resource {
	return v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: resourceType, Resource: resourceType}.Build()}.Build()
}

// Microsoft Graph's own service principal is on the page, as in each tenant.
func TestAnApplicationWith750RolesWouldBeTooLargeForAnAnswer(t *testing.T) {
	const others = 998
	id := func(n int) string { return fmt.Sprintf("%08d-07e2-4810-8459-485f84f8f204", n) }
	var microsoftGraph []graph.AppRole
	for i := range 750 {
		microsoftGraph = append(microsoftGraph, graph.AppRole{
			ID: id(i), DisplayName: "Read and write what the organization keeps of it", Value: fmt.Sprint("Something.ReadWrite.All.", i),
			Description: strings.Repeat("Allows the app to read and write it without a signed-in user. ", 5), IsEnabled: true, AllowedMemberTypes: []string{"Application"},
		})
	}
	rows := []graph.ServicePrincipalRoles{{ID: id(0), AppRoles: microsoftGraph}}
	ids := []string{id(0)}
	for i := 1; i <= others; i++ {
		rows = append(rows, graph.ServicePrincipalRoles{ID: id(i), AppRoles: microsoftGraph[:6]})
		ids = append(ids, id(i))
	}
	reads := 0
	c := connectorOver(t, fake.ClientOver(t, func(w http.ResponseWriter, _ *http.Request) {
		reads++
		_ = json.NewEncoder(w).Encode(map[string]any{"value": rows})
	}))
	store := fake.NewMessageStore()
	require.NoError(t, walk.Index{Store: store}.PutObjects(t.Context(), model.TypeApplication, ids))
	s, err := c.Server(t.Context(), cli.RunTimeOpts{SessionStore: store})
	require.NoError(t, err)
	client := v2.NewEntitlementsServiceClient(dial(t, s))

	seen := map[string]bool{}
	answers := 0
	for token := ""; answers == 0 || token != ""; answers++ {
		response, err := client.ListEntitlements(t.Context(), v2.EntitlementsServiceListEntitlementsRequest_builder{
			Resource: stubOf(model.TypeApplication), PageToken: token, ActiveSyncId: "s", Annotations: annotations.New(&v2.TypeScopedEntitlements{}),
		}.Build())
		require.NoError(t, err)
		require.LessOrEqual(t, proto.Size(response), model.SizeLimit)
		for _, e := range response.GetList() {
			require.False(t, seen[e.GetId()], e.GetId())
			seen[e.GetId()] = true
		}
		token = response.GetNextPageToken()
	}
	given := len(seen)
	require.Equal(t, 750+others*6+2*(others+1), given)
	require.Greater(t, answers, 1)
	require.Equal(t, 1, reads, "Graph is not read again for the parts that follow")
}

func TestGrantsOfEightLargeGroupsWouldBeTooLargeForAnAnswer(t *testing.T) {
	const each = 1000
	c := connectorOver(t, fake.ClientOver(t, func(w http.ResponseWriter, r *http.Request) {
		var batch struct {
			Requests []struct {
				ID  string `json:"id"`
				URL string `json:"url"`
			} `json:"requests"`
		}
		_ = json.NewDecoder(r.Body).Decode(&batch)
		var responses []any
		for _, request := range batch.Requests {
			_, group, _ := strings.Cut(request.URL, "groups/")
			var people []map[string]string
			for i := range each {
				people = append(people, map[string]string{"@odata.type": "#microsoft.graph.user", "id": fmt.Sprintf("%s-0000-0000-0000-%012d", group[:8], i)})
			}
			responses = append(responses, map[string]any{"id": request.ID, "status": 200, "body": map[string]any{"value": people}})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"responses": responses})
	}))
	s, err := c.Server(t.Context(), cli.RunTimeOpts{SessionStore: fake.NewMessageStore()})
	require.NoError(t, err)
	client := v2.NewGrantsServiceClient(dial(t, s))

	through := walk.Task{Version: walk.TokenVersion, Do: "through"}
	on := model.EntitlementID(model.TypeApplication, strings.ToLower(fake.SomeID), strings.ToLower(fake.SomeID))
	for n := range 8 {
		through.Work = append(through.Work, walk.WorkItem{ID: fmt.Sprintf("%08d-1111-1111-1111-111111111111", n), On: on})
	}
	token := fake.Encoded(t, through)
	seen := map[string]bool{}
	for token != "" {
		response, err := client.ListGrants(t.Context(), v2.GrantsServiceListGrantsRequest_builder{
			Resource: stubOf(model.TypeApplication), PageToken: token, ActiveSyncId: "s", Annotations: annotations.New(&v2.TypeScopedGrants{}),
		}.Build())
		require.NoError(t, err)
		require.LessOrEqual(t, proto.Size(response), model.SizeLimit)
		for _, g := range response.GetList() {
			seen[g.GetId()] = true
		}
		token = response.GetNextPageToken()
	}
	given := len(seen)
	require.Equal(t, 8*each, given)
	require.LessOrEqual(t, c.sizes.Answer.Take(), int64(model.SizeLimit))
}

func TestPeopleThatWeighMuchAreListedInParts(t *testing.T) {
	var rows []*v2.Resource
	for i := range 999 {
		rows = append(rows, v2.Resource_builder{Id: v2.ResourceId_builder{ResourceType: model.TypeUser, Resource: fmt.Sprint(i)}.Build(), Description: strings.Repeat("x", 9000)}.Build())
	}
	s := &Server{ConnectorServer: listing{rows: rows}, connector: connectorOver(t, nil)}
	client := v2.NewResourcesServiceClient(dial(t, s))
	seen := 0
	for token, first := "", true; first || token != ""; first = false {
		response, err := client.ListResources(t.Context(), v2.ResourcesServiceListResourcesRequest_builder{ResourceTypeId: model.TypeUser, PageToken: token}.Build())
		require.NoError(t, err)
		for _, r := range response.GetList() {
			require.Equal(t, fmt.Sprint(seen), r.GetId().GetResource())
			seen++
		}
		token = response.GetNextPageToken()
	}
	require.Len(t, rows, seen)
}

// listing is the SDK's side of a connector whose resources are these.
type listing struct {
	types.ConnectorServer
	rows []*v2.Resource
}

func (l listing) ListResources(context.Context, *v2.ResourcesServiceListResourcesRequest) (*v2.ResourcesServiceListResourcesResponse, error) {
	return v2.ResourcesServiceListResourcesResponse_builder{List: l.rows}.Build(), nil
}
