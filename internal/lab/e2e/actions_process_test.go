package e2e

import (
	"net/http"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// A group has no unique name: what is looked for in vain for as long as it could
// stay unseen was not made, and only then may it be made again.
func TestGroupWhoseRequestNeverArrivedIsMadeInTheEnd(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	cfg := &config.AzureAd{
		AzureTenantId: tenant.TenantID(), AzureClientId: tenant.ClientID(), AzureClientSecret: tenant.ClientSecret(),
		AuthorityHost: tenant.URL(), GraphEndpoint: tenant.URL(), CaCertificate: tenant.CACertPEM(),
	}
	c, err := connector.New(cfg, &cli.ConnectorOpts{}, connector.Options{Version: "test", Retry: impatient, Provisioning: true, CreatePatience: 400 * time.Millisecond})
	require.NoError(t, err)
	served, err := c.Server(t.Context(), cli.RunTimeOpts{})
	require.NoError(t, err)
	client, stop := serve(t.Context(), t, served)
	defer stop()
	tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/groups", First: 2, Action: graphsim.Respond(http.StatusBadGateway, "UnknownError", "x")})
	args, err := structpb.NewStruct(map[string]any{"display_name": "Late"})
	require.NoError(t, err)
	done, err := client.InvokeAction(t.Context(), v2.InvokeActionRequest_builder{Name: "create_group", Args: args, InlineWait: durationpb.New(time.Minute)}.Build())
	require.NoError(t, err)
	require.Equal(t, v2.BatonActionStatus_BATON_ACTION_STATUS_COMPLETE, done.GetStatus(), "%v", done.GetResponse())
	require.Len(t, tenant.Writes(), 1)
	require.Equal(t, 2, tenant.Stats().Faults["lost"])
}
