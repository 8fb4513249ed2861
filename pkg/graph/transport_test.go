package graph

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

func TestRequestsCarryWhatGraphAsksFor(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, graphtest.EmptyPage, "x-ms-resource-unit", "2"))
	c := newTestClient(t, r)
	_, err := c.ListUsers(context.Background(), "", UserOptions{})
	require.NoError(t, err)
	req := r.Requests[0]
	require.Equal(t, "Bearer "+graphtest.SecretToken, req.Header.Get("Authorization"))
	require.Equal(t, "baton-azure-ad/test", req.Header.Get("User-Agent"))
	require.Equal(t, "low", req.Header.Get("x-ms-throttle-priority"))
	require.NotEmpty(t, req.Header.Get("client-request-id"))
	require.Equal(t, "/v1.0/users", req.URL.Path)
	require.Equal(t, "999", req.URL.Query().Get("$top"))
	require.NotContains(t, req.URL.Query().Get("$select"), "signInActivity", "it would meter the walk as reports")
	require.EqualValues(t, 2, c.Stats().ResourceUnits)
}

func TestPassingTroubleIsRetriedAndSucceeds(t *testing.T) {
	for name, trouble := range map[string]http.HandlerFunc{
		"429 with seconds":          graphtest.Refusal(429, "TooManyRequests", "Retry-After", "0.01"),
		"429 without Retry-After":   graphtest.Refusal(429, "TooManyRequests"),
		"500":                       graphtest.Refusal(500, "InternalServerError"),
		"502 with an HTML page":     graphtest.Answer(502, "<html>Bad gateway</html>", "Content-Type", "text/html"),
		"503":                       graphtest.Refusal(503, "ServiceUnavailable"),
		"504":                       graphtest.Refusal(504, "GatewayTimeout"),
		"509":                       graphtest.Refusal(509, "BandwidthLimitExceeded"),
		"body that ends early":      graphtest.Answer(200, `{"value":[{"id":"1"}`),
		"body that is cut":          graphtest.Answer(200, `{"value":[`, "Content-Length", "4000"),
		"HTML with 200":             graphtest.Answer(200, "<html>Sign in to the Wi-Fi</html>", "Content-Type", "text/html"),
		"answer without value":      graphtest.Answer(200, `{}`),
		"error body with 200":       graphtest.Answer(200, `{"error":{"code":"x"}}`),
		"value null":                graphtest.Answer(200, `{"value":null}`),
		"two answers in one":        graphtest.Answer(200, graphtest.EmptyPage+graphtest.EmptyPage),
		"body that does not arrive": func(w http.ResponseWriter, req *http.Request) { <-req.Context().Done() },
		"reset": func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := graphtest.NewServer(t, trouble, graphtest.Answer(200, `{"value":[{"id":"1"}]}`))
			page, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
			require.Equal(t, 2, r.Count())
		})
	}
}

func TestLastingTroubleIsAnErrorAndNeverAnEmptyPage(t *testing.T) {
	for name, trouble := range map[string]http.HandlerFunc{
		"429":       graphtest.Refusal(429, "TooManyRequests"),
		"502 HTML":  graphtest.Answer(502, "<html>", "Content-Type", "text/html"),
		"truncated": graphtest.Answer(200, `{"value":[{"id":"1"}`),
		"HTML":      graphtest.Answer(200, "<html>", "Content-Type", "text/html"),
		"no value":  graphtest.Answer(200, `{}`),
		"403":       graphtest.Refusal(403, failure.CodeAccessDenied),
		"404":       graphtest.Refusal(404, failure.CodeResourceNotFound),
		"400":       graphtest.Refusal(400, failure.CodeBadRequest),
		"401":       graphtest.Refusal(401, failure.CodeInvalidToken),
		"501":       graphtest.Refusal(501, "NotImplemented"),
	} {
		t.Run(name, func(t *testing.T) {
			r := graphtest.NewServer(t, trouble)
			page, err := newTestClient(t, r).ListGroups(context.Background(), "")
			require.Error(t, err)
			require.Nil(t, page)
			require.Contains(t, err.Error(), "GET /groups")
			require.NotContains(t, err.Error(), "Alice", "Graph's message can name people")
			require.NotContains(t, err.Error(), graphtest.SecretToken)
		})
	}
}

func TestRefusalsThatCannotPassAreNotRepeated(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 410, 501} {
		r := graphtest.NewServer(t, graphtest.Refusal(status, "x"))
		_, err := newTestClient(t, r).ListGroups(context.Background(), "")
		require.Error(t, err)
		sent := map[string]bool{}
		for _, request := range r.Requests {
			require.False(t, sent[request.URL.RawQuery], "status %d", status)
			sent[request.URL.RawQuery] = true
		}
	}
}

func TestErrorsNameOperationCodeAndRequestID(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Refusal(403, failure.CodeAccessDenied))
	_, err := newTestClient(t, r).ListRoleAssignments(context.Background(), "")
	var refusal *failure.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, failure.CodeAccessDenied, refusal.Code)
	require.Equal(t, "req-1", refusal.RequestID)
	require.Equal(t, "GET /roleManagement/directory/roleAssignments: Microsoft Graph answered 403 Forbidden (Authorization_RequestDenied): "+
		"the application lacks a permission for this request, or its admin consent [request-id req-1]", err.Error())
	require.True(t, failure.IsAccessDenied(err))
}

func TestAnAbsurdRetryAfterEndsTheRetriesInsteadOfHanging(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Refusal(429, "TooManyRequests", "Retry-After", "86400"))
	_, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
	var refusal *failure.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, 24*time.Hour, refusal.RetryAfter)
	require.Equal(t, 1, r.Count())
	require.True(t, refusal.Throttled())
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := graphtest.NewServer(t, graphtest.Answer(200, graphtest.EmptyPage))
	r := graphtest.NewServer(t, func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, elsewhere.URL+"/v1.0/users", http.StatusTemporaryRedirect)
	})
	_, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
	require.Error(t, err)
	require.Equal(t, 1, r.Count())
	require.Zero(t, elsewhere.Count(), "the token must not travel")
}

func TestAnUntrustedCertificateSaysSoAtOnce(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, graphtest.EmptyPage))
	httpClient, err := network.NewHTTPClient(nil)
	require.NoError(t, err)
	c, err := New(sending.Options{Cloud: signin.Cloud{GraphEndpoint: r.URL}, Credential: graphtest.FixedToken{}, HTTPClient: httpClient, Retry: quick})
	require.NoError(t, err)
	_, err = c.ListUsers(context.Background(), "", UserOptions{})
	require.ErrorContains(t, err, "certificate")
	require.ErrorContains(t, err, "--ca-certificate")
	require.NotContains(t, err.Error(), "attempts")
}

func TestADeadHostIsReportedAfterAFewTries(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, graphtest.EmptyPage))
	c := newTestClient(t, r)
	r.Close()
	_, err := c.ListUsers(context.Background(), "", UserOptions{})
	var broken *network.ConnectionError
	require.ErrorAs(t, err, &broken)
	require.Equal(t, 3, broken.Attempts)
	require.True(t, strings.HasPrefix(err.Error(), "GET /users: "))
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Refusal(429, "TooManyRequests", "Retry-After", "30"))
	c := newTestClient(t, r, func(o *sending.Options) { o.Retry.MaxDelay = time.Minute })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := c.ListUsers(ctx, "", UserOptions{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 10*time.Second)
}
