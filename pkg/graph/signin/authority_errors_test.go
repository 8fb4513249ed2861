package signin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyCode are the codes that a misconfigured connector can meet.
var everyCode = []int{
	7000215, 7000222, 700016, 90002, 900021, 900023, 65001, 500011, 53003, 53000, 53001, 50076, 50079,
	700027, 700024, 70021, 700211, 700212, 700213, 50034, 50126, 7000112, 7000218, 530032, 50158,
}

func TestEveryCodeHasAdvice(t *testing.T) {
	assert.Len(t, authorityCodes, len(everyCode))
	s := signIn{kind: kindClientSecret, authority: "https://login.example.com", tenant: signInTenant, client: signInClient}
	for _, code := range everyCode {
		said, known := authorityCodes[code]
		require.True(t, known, code)
		failed := s.explain(refusedByAuthority(code), &exchange{})
		assert.Equal(t, code, failed.Code)
		assert.Equal(t, said.problem, failed.Problem)
		assert.Equal(t, said.advice, failed.Advice)
		text := failed.Error()
		assert.Contains(t, text, fmt.Sprintf("(AADSTS%d)", code))
		assert.Contains(t, text, "trace ID "+traceID)
		assert.NotContains(t, text, "body-text-marker")
		assert.NotContains(t, text, "\n")
		assert.False(t, failed.Temporary())
	}
}

// Clauses are joined into one sentence.
func TestExplanationsReadAsClauses(t *testing.T) {
	check := func(said explanation) {
		for _, clause := range []string{said.problem, said.advice} {
			assert.NotEmpty(t, clause)
			assert.False(t, strings.HasSuffix(clause, "."), clause)
			assert.NotContains(t, clause, "\n")
		}
	}
	for _, said := range authorityCodes {
		check(said)
	}
	for _, said := range oauthErrors {
		check(said)
	}
	check(secretIsAnID)
}

// refusedByAuthority is what azidentity returns for an answer with that code.
func refusedByAuthority(code int) error {
	body, err := json.Marshal(map[string]any{
		"error": "invalid_client", "error_description": fmt.Sprintf("AADSTS%d: body-text-marker", code),
		"error_codes": []int{code}, "trace_id": traceID, "correlation_id": correlation,
	})
	if err != nil {
		panic(err)
	}
	return &azidentity.AuthenticationFailedError{RawResponse: &http.Response{
		StatusCode: http.StatusBadRequest, Body: io.NopCloser(bytes.NewReader(body)), Header: http.Header{},
	}}
}

func TestCauseIsKept(t *testing.T) {
	cause := refusedByAuthority(7000222)
	var err error = signIn{kind: kindClientSecret}.explain(fmt.Errorf("wrapped: %w", cause), &exchange{})
	var failed *azidentity.AuthenticationFailedError
	require.ErrorAs(t, err, &failed)
	require.NotNil(t, failed.RawResponse)
	var ours *AuthorityError
	require.ErrorAs(t, fmt.Errorf("sync: %w", err), &ours)
}

func TestParseRefusal(t *testing.T) {
	for name, tc := range map[string]struct {
		body string
		want refusal
	}{
		"codes":                   {`{"error":"invalid_client","error_codes":[7000215]}`, refusal{oauthError: "invalid_client", code: 7000215}},
		"known one among several": {`{"error_codes":[99999,50076]}`, refusal{code: 50076}},
		"first of unknown ones":   {`{"error_codes":[99999,99998]}`, refusal{code: 99999}},
		"code in the text only":   {`{"error":"invalid_grant","error_description":"AADSTS65001: x"}`, refusal{oauthError: "invalid_grant", code: 65001}},
		"ids":                     {`{"trace_id":"` + traceID + `","correlation_id":"` + correlation + `"}`, refusal{traceID: traceID, correlationID: correlation}},
		"ids that are none":       {`{"error":"<script>","trace_id":"secret=1","correlation_id":"x"}`, refusal{}},
		"no JSON":                 {`<html>AADSTS65001</html>`, refusal{}},
		"another type":            {`{"error_codes":"7000215"}`, refusal{}},
		"nothing":                 {``, refusal{}},
	} {
		got := parseRefusal(http.StatusBadRequest, []byte(tc.body))
		tc.want.status = http.StatusBadRequest
		assert.Equal(t, &tc.want, got, name)
	}
}

func TestExplainRefusal(t *testing.T) {
	s := signIn{kind: kindClientSecret, authority: "https://login.example.com:8443"}
	for name, tc := range map[string]struct {
		in   refusal
		want string
	}{
		"unknown code":            {refusal{status: 400, code: 1234567, oauthError: "invalid_client"}, "https://login.microsoftonline.com/error?code=1234567"},
		"standard error":          {refusal{status: 400, oauthError: "unauthorized_client"}, "the application may not sign in this way"},
		"unknown standard error":  {refusal{status: 400, oauthError: "odd_thing"}, "refused the request with odd_thing"},
		"no reason":               {refusal{status: 407}, "login.example.com:8443 answered with HTTP status 407 and no reason"},
		"server error, no reason": {refusal{status: 502}, "busy or has a problem of its own (HTTP status 502)"},
		"throttled":               {refusal{status: 429, oauthError: "temporarily_unavailable", code: 90055}, "try again later"},
	} {
		said := s.explainRefusal(&tc.in)
		assert.Contains(t, said.problem+"; "+said.advice, tc.want, name)
	}
}

func TestCodeFromTextIsTheLastResort(t *testing.T) {
	s := signIn{kind: kindAzureCLI}
	failed := s.explain(errors.New("az: AADSTS50079: body-text-marker"), &exchange{})
	assert.Equal(t, 50079, failed.Code)
	assert.NotContains(t, failed.Error(), "body-text-marker")

	failed = s.explain(errors.New("az: AADSTS50079"), &exchange{refusal: &refusal{status: 400, code: 53003}})
	assert.Equal(t, 53003, failed.Code)
}

func TestAttemptNamesTheTenant(t *testing.T) {
	assert.ErrorContains(t, signIn{kind: kindManagedIdentity}.explain(errors.New("x"), &exchange{}), "signing in with managed identity failed: ")
	assert.ErrorContains(t, signIn{kind: kindCertificate, tenant: "contoso.com"}.explain(errors.New("x"), &exchange{}), "signing in to tenant contoso.com with certificate failed: ")
}
