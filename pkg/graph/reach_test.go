package graph

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReachTellsTheWayToAHostWhateverItAnswers(t *testing.T) {
	for name, status := range map[string]int{"refusal": 401, "trouble": 500, "redirect": 302} {
		r := newRecorder(t, answer(status, "{}", "Location", "https://elsewhere.example/"))
		client, err := NewHTTPClient(r.caPEM())
		require.NoError(t, err)
		contact, err := Reach(context.Background(), client, r.URL+"/v1.0/organization")
		require.NoError(t, err, name)
		require.Equal(t, HostOf(r.URL), contact.Host)
		require.Equal(t, "TLS 1.3", contact.TLSVersion)
		require.NotEmpty(t, contact.Chain[0].Issuer)
		require.True(t, contact.KnowsTime)
		require.Less(t, contact.Ahead.Abs(), 5*time.Second)
		require.Equal(t, 1, r.count(), "no redirect is followed")
		require.Empty(t, r.requests[0].Header.Get("Authorization"))
	}
}

func TestAWrongClockWouldNotBeNoticed(t *testing.T) {
	for _, off := range []time.Duration{-10 * time.Minute, 10 * time.Minute} {
		r := newRecorder(t, answer(200, "{}", "Date", time.Now().Add(off).UTC().Format(http.TimeFormat)))
		client, err := NewHTTPClient(r.caPEM())
		require.NoError(t, err)
		contact, err := Reach(context.Background(), client, r.URL)
		require.NoError(t, err)
		require.InDelta(t, -off.Seconds(), contact.Ahead.Seconds(), 5)
	}
}

func TestUntrustedCertificateIsShownToThePersonWhoHasToFindIt(t *testing.T) {
	r := newRecorder(t, answer(200, "{}"))
	client, err := NewHTTPClient(nil)
	require.NoError(t, err)
	contact, err := Reach(context.Background(), client, r.URL)
	require.True(t, IsUntrusted(err))
	require.ErrorContains(t, err, "--ca-certificate")
	require.Contains(t, contact.Chain[0].Issuer, "Acme")
}

func TestReachGivesUpWithASentence(t *testing.T) {
	stuck := make(chan struct{})
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stuck }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(stuck) })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := Reach(ctx, server.Client(), server.URL)
	require.ErrorContains(t, err, "did not answer in time")
}

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
		r := newRecorder(t, answer(200, body))
		client, err := NewHTTPClient(r.caPEM())
		require.NoError(t, err)
		document, err := ReadTenantDocument(context.Background(), client, Cloud{AuthorityHost: r.URL}, "contoso.com\n")
		require.NoError(t, err, body)
		require.Equal(t, cloud, document.Cloud(), body)
		require.Equal(t, id, document.TenantID)
		require.Equal(t, "/contoso.com/v2.0/.well-known/openid-configuration", r.requests[0].URL.Path)
	}
}

func TestTenantThatIsNotThereIsSaidAndNothingElseTakenForOne(t *testing.T) {
	for want, handler := range map[string]http.HandlerFunc{
		"the tenant does not exist in this cloud": answer(400, `{"error":"invalid_tenant","error_codes":[90002],"error_description":"AADSTS90002: names"}`),
		"not the document of a tenant":            answer(200, "<html>Sign in to the hotel's network</html>"),
		"captive portal":                          answer(200, `{}`),
		"HTTP status 404 and no reason":           answer(404, "nothing"),
	} {
		r := newRecorder(t, handler)
		client, err := NewHTTPClient(r.caPEM())
		require.NoError(t, err)
		_, err = ReadTenantDocument(context.Background(), client, Cloud{AuthorityHost: r.URL}, "t")
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "hotel")
	}
}

func TestCountAsksTheIndexForOneRow(t *testing.T) {
	r := newRecorder(t, answer(200, `{"@odata.count":1300,"value":[{"id":"a"}]}`), answer(200, `{"value":[]}`))
	c := newTestClient(t, r)
	n, err := c.Count(context.Background(), "/users")
	require.NoError(t, err)
	require.EqualValues(t, 1300, n)
	require.Equal(t, "eventual", r.requests[0].Header.Get("ConsistencyLevel"))
	require.Equal(t, "$count=true&$select=id&$top=1", r.requests[0].URL.RawQuery)

	_, err = c.Count(context.Background(), "/users")
	require.ErrorContains(t, err, "@odata.count", "no count is not a count of none")
}
