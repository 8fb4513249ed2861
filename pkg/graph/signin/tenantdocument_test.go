package signin

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

func TestTenantDocumentSaysWhereATenantIs(t *testing.T) {
	const id = "11111111-2222-3333-4444-555555555555"
	for body, cloud := range map[string]string{
		`{"issuer":"https://login.microsoftonline.com/` + id + `/v2.0","msgraph_host":"graph.microsoft.com"}`:                                  "public",
		`{"issuer":"https://login.microsoftonline.com/` + id + `/v2.0","msgraph_host":"graph.microsoft.com","tenant_region_sub_scope":"GCC"}`:  "public",
		`{"issuer":"https://login.microsoftonline.us/` + id + `/v2.0","msgraph_host":"graph.microsoft.us","tenant_region_sub_scope":"DODCON"}`: "usgov",
		`{"issuer":"https://login.microsoftonline.us/` + id + `/v2.0","msgraph_host":"graph.microsoft.us","tenant_region_sub_scope":"DOD"}`:    "usgov-dod",
		`{"issuer":"https://login.partner.microsoftonline.cn/` + id + `/v2.0","msgraph_host":"microsoftgraph.chinacloudapi.cn"}`:               "china",
		`{"issuer":"https://login.example/` + id + `/v2.0"}`:                                                                                   "",
	} {
		r := graphtest.NewServer(t, graphtest.Answer(200, body))
		client, err := network.NewHTTPClient(r.CA())
		require.NoError(t, err)
		document, err := ReadTenantDocument(context.Background(), client, Cloud{AuthorityHost: r.URL}, "contoso.com\n")
		require.NoError(t, err, body)
		require.Equal(t, cloud, document.Cloud(), body)
		require.Equal(t, id, document.TenantID)
		require.Equal(t, "/contoso.com/v2.0/.well-known/openid-configuration", r.Requests[0].URL.Path)
	}
}

func TestTenantThatIsNotThereIsSaidAndNothingElseTakenForOne(t *testing.T) {
	for want, handler := range map[string]http.HandlerFunc{
		"the tenant does not exist in this cloud": graphtest.Answer(400, `{"error":"invalid_tenant","error_codes":[90002],"error_description":"AADSTS90002: names"}`),
		"not the document of a tenant":            graphtest.Answer(200, "<html>Sign in to the hotel's network</html>"),
		"captive portal":                          graphtest.Answer(200, `{}`),
		"HTTP status 404 and no reason":           graphtest.Answer(404, "nothing"),
	} {
		r := graphtest.NewServer(t, handler)
		client, err := network.NewHTTPClient(r.CA())
		require.NoError(t, err)
		_, err = ReadTenantDocument(context.Background(), client, Cloud{AuthorityHost: r.URL}, "t")
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "hotel")
	}
}
