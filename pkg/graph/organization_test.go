package graph

import (
	"context"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
)

const contoso = `{"value":[{"id":"T1","displayName":"Contoso","verifiedDomains":[{"name":"contoso.com","isInitial":false},{"name":"contoso.onmicrosoft.com","isInitial":true}]}]}`

func TestMicrosoftsRequestBuildersRunOverTheOneTransport(t *testing.T) {
	r := newRecorder(t, graphError(429, "TooManyRequests", "Retry-After", "0.01"), answer(200, contoso))
	org, err := newTestClient(t, r).Organization(context.Background())
	require.NoError(t, err)
	require.Equal(t, &Organization{ID: "T1", DisplayName: "Contoso", InitialDomain: "contoso.onmicrosoft.com", Domains: []string{"contoso.com", "contoso.onmicrosoft.com"}}, org)
	require.Equal(t, 2, r.count(), "our retries apply, once")
	require.Equal(t, "/v1.0/organization", r.requests[1].URL.Path)
	require.Equal(t, "baton-azure-ad/test", r.requests[1].Header.Get("User-Agent"))
	require.Equal(t, []string{"Bearer " + secretToken}, r.requests[1].Header.Values("Authorization"))
}

func TestErrorsComeThroughMicrosoftsLayersAsOurOwn(t *testing.T) {
	r := newRecorder(t, graphError(403, CodeAccessDenied))
	_, err := newTestClient(t, r).Organization(context.Background())
	var refusal *Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, CodeAccessDenied, refusal.Code)
	require.Equal(t, 1, r.count())
}

func TestATenantThatIsNotThereIsAnError(t *testing.T) {
	for _, body := range []string{emptyPage, `{"value":[{"id":"a"},{"id":"b"}]}`} {
		r := newRecorder(t, answer(200, body))
		_, err := newTestClient(t, r).Organization(context.Background())
		require.ErrorContains(t, err, "instead of one")
	}
}

func token(payload string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".sig"
}

func TestClaimsTellAnApplicationsPermissionsFromAPersons(t *testing.T) {
	app, err := parseClaims(token(`{"tid":"t","appid":"a","roles":["User.Read.All"],"iat":1700000000}`))
	require.NoError(t, err)
	require.True(t, app.AppOnly())
	require.Equal(t, []string{"User.Read.All"}, app.Permissions())
	require.EqualValues(t, 1700000000, app.IssuedAt.Unix())

	person, err := parseClaims(token(`{"scp":"openid User.Read.All","roles":["ignored"]}`))
	require.NoError(t, err)
	require.False(t, person.AppOnly())
	require.Equal(t, []string{"openid", "User.Read.All"}, person.Permissions())
}

func TestATokenThatIsNoJWTIsOpaqueAndStaysSecret(t *testing.T) {
	for _, raw := range []string{"", secretToken, "a.b", "a.!!!.c", token("not json")} {
		_, err := parseClaims(raw)
		require.ErrorIs(t, err, ErrOpaqueToken)
		if raw != "" {
			require.NotContains(t, err.Error(), raw)
		}
	}
}
