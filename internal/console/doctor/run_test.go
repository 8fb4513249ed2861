package doctor

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// generousGraph answers every question with little.
func generousGraph(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/v1.0/organization":
		_, _ = io.WriteString(w, `{"value":[{"id":"11111111-2222-3333-4444-555555555555","displayName":"Contoso"}]}`)
	case "/v1.0/$batch":
		var batch struct {
			Requests []struct{ ID string }
		}
		_ = json.NewDecoder(r.Body).Decode(&batch)
		_, _ = io.WriteString(w, `{"responses":[`)
		for i, one := range batch.Requests {
			if i > 0 {
				_, _ = io.WriteString(w, ",")
			}
			_, _ = fmt.Fprintf(w, `{"id":%q,"status":200,"body":{"value":[]}}`, one.ID)
		}
		_, _ = io.WriteString(w, `]}`)
	default:
		_, _ = io.WriteString(w, `{"@odata.count":3,"value":[]}`)
	}
}

func runWithToken(ctx context.Context, t *testing.T, token string) (*Report, error) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(generousGraph))
	t.Cleanup(server.Close)
	return Run(ctx, Options{
		Config: &config.AzureAd{
			GraphEndpoint: server.URL,
			CaCertificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
		},
		Opts: &cli.ConnectorOpts{
			SelectedAuthMethod: config.AuthMethodOauth,
			TokenSource:        oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}),
		},
		Changes: true,
	})
}

func statuses(r *Report) map[string]Status {
	found := map[string]Status{}
	for i := range r.Checks {
		found[r.Checks[i].ID] = r.Checks[i].Status
	}
	return found
}

func TestAnOpaqueTokenLeavesItToGraphToTell(t *testing.T) {
	report, err := runWithToken(context.Background(), t, "opaque")
	require.NoError(t, err)
	require.True(t, report.Healthy)
	found := statuses(report)
	require.Equal(t, StatusWarning, found["signin.token"])
	require.Equal(t, StatusOK, found["data.consents"])
	require.Equal(t, StatusOK, found["data.users"])
	require.Equal(t, StatusSkipped, found["data.hidden-memberships"], "nothing tells")
	require.Equal(t, StatusSkipped, found["provisioning"])
	require.NotContains(t, found, "network.login", "the platform signs in, not this machine")
}

func TestAnExaminationThatWasInterruptedIsNoReport(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := runWithToken(ctx, t, "opaque")
	require.ErrorIs(t, err, context.Canceled)
}
