package graph

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const emptyPage = `{"value":[]}`

func TestRequestsCarryWhatGraphAsksFor(t *testing.T) {
	r := newRecorder(t, answer(200, emptyPage, "x-ms-resource-unit", "2"))
	c := newTestClient(t, r)
	_, err := c.ListUsers(context.Background(), "", UserOptions{})
	require.NoError(t, err)
	req := r.requests[0]
	require.Equal(t, "Bearer "+secretToken, req.Header.Get("Authorization"))
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
		"429 with seconds":          graphError(429, "TooManyRequests", "Retry-After", "0.01"),
		"429 without Retry-After":   graphError(429, "TooManyRequests"),
		"500":                       graphError(500, "InternalServerError"),
		"502 with an HTML page":     answer(502, "<html>Bad gateway</html>", "Content-Type", "text/html"),
		"503":                       graphError(503, "ServiceUnavailable"),
		"504":                       graphError(504, "GatewayTimeout"),
		"509":                       graphError(509, "BandwidthLimitExceeded"),
		"body that ends early":      answer(200, `{"value":[{"id":"1"}`),
		"body that is cut":          answer(200, `{"value":[`, "Content-Length", "4000"),
		"HTML with 200":             answer(200, "<html>Sign in to the Wi-Fi</html>", "Content-Type", "text/html"),
		"answer without value":      answer(200, `{}`),
		"error body with 200":       answer(200, `{"error":{"code":"x"}}`),
		"value null":                answer(200, `{"value":null}`),
		"two answers in one":        answer(200, emptyPage+emptyPage),
		"body that does not arrive": func(w http.ResponseWriter, req *http.Request) { <-req.Context().Done() },
		"reset": func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecorder(t, trouble, answer(200, `{"value":[{"id":"1"}]}`))
			page, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
			require.Equal(t, 2, r.count())
		})
	}
}

func TestLastingTroubleIsAnErrorAndNeverAnEmptyPage(t *testing.T) {
	for name, trouble := range map[string]http.HandlerFunc{
		"429":       graphError(429, "TooManyRequests"),
		"502 HTML":  answer(502, "<html>", "Content-Type", "text/html"),
		"truncated": answer(200, `{"value":[{"id":"1"}`),
		"HTML":      answer(200, "<html>", "Content-Type", "text/html"),
		"no value":  answer(200, `{}`),
		"403":       graphError(403, CodeAccessDenied),
		"404":       graphError(404, CodeResourceNotFound),
		"400":       graphError(400, CodeBadRequest),
		"401":       graphError(401, CodeInvalidToken),
		"501":       graphError(501, "NotImplemented"),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecorder(t, trouble)
			page, err := newTestClient(t, r).ListGroups(context.Background(), "")
			require.Error(t, err)
			require.Nil(t, page)
			require.Contains(t, err.Error(), "GET /groups")
			require.NotContains(t, err.Error(), "Alice", "Graph's message can name people")
			require.NotContains(t, err.Error(), secretToken)
		})
	}
}

func TestRefusalsThatCannotPassAreNotRepeated(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 410, 501} {
		r := newRecorder(t, graphError(status, "x"))
		_, err := newTestClient(t, r).ListGroups(context.Background(), "")
		require.Error(t, err)
		sent := map[string]bool{}
		for _, request := range r.requests {
			require.False(t, sent[request.URL.RawQuery], "status %d", status)
			sent[request.URL.RawQuery] = true
		}
	}
}

func TestErrorsNameOperationCodeAndRequestID(t *testing.T) {
	r := newRecorder(t, graphError(403, CodeAccessDenied))
	_, err := newTestClient(t, r).ListRoleAssignments(context.Background(), "")
	var refusal *Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, CodeAccessDenied, refusal.Code)
	require.Equal(t, "req-1", refusal.RequestID)
	require.Equal(t, "GET /roleManagement/directory/roleAssignments: Microsoft Graph answered 403 Forbidden (Authorization_RequestDenied): "+
		"the application lacks a permission for this request, or its admin consent [request-id req-1]", err.Error())
	require.True(t, IsAccessDenied(err))
}

func TestAnAbsurdRetryAfterEndsTheRetriesInsteadOfHanging(t *testing.T) {
	r := newRecorder(t, graphError(429, "TooManyRequests", "Retry-After", "86400"))
	_, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
	var refusal *Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, 24*time.Hour, refusal.RetryAfter)
	require.Equal(t, 1, r.count())
	require.True(t, refusal.Throttled())
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := newRecorder(t, answer(200, emptyPage))
	r := newRecorder(t, func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, elsewhere.URL+"/v1.0/users", http.StatusTemporaryRedirect)
	})
	_, err := newTestClient(t, r).ListUsers(context.Background(), "", UserOptions{})
	require.Error(t, err)
	require.Equal(t, 1, r.count())
	require.Zero(t, elsewhere.count(), "the token must not travel")
}

func TestAnUntrustedCertificateSaysSoAtOnce(t *testing.T) {
	r := newRecorder(t, answer(200, emptyPage))
	httpClient, err := NewHTTPClient(nil)
	require.NoError(t, err)
	c, err := New(Options{Cloud: Cloud{GraphEndpoint: r.URL}, Credential: fixedToken{}, HTTPClient: httpClient, Retry: quick})
	require.NoError(t, err)
	_, err = c.ListUsers(context.Background(), "", UserOptions{})
	require.ErrorContains(t, err, "certificate")
	require.ErrorContains(t, err, "--ca-certificate")
	require.NotContains(t, err.Error(), "attempts")
}

func TestADeadHostIsReportedAfterAFewTries(t *testing.T) {
	r := newRecorder(t, answer(200, emptyPage))
	c := newTestClient(t, r)
	r.Close()
	_, err := c.ListUsers(context.Background(), "", UserOptions{})
	var broken *ConnectionError
	require.ErrorAs(t, err, &broken)
	require.Equal(t, firstContactAttempts, broken.Attempts)
	require.True(t, strings.HasPrefix(err.Error(), "GET /users: "))
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	r := newRecorder(t, graphError(429, "TooManyRequests", "Retry-After", "30"))
	c := newTestClient(t, r)
	c.retry.MaxDelay = time.Minute
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := c.ListUsers(ctx, "", UserOptions{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 10*time.Second)
}

func TestABodyOfAnySizeIsNotReadIntoMemory(t *testing.T) {
	l := &limitedReader{r: strings.NewReader("abcdef"), left: 4}
	buf := make([]byte, 10)
	n, err := l.Read(buf)
	require.NoError(t, err)
	require.Equal(t, 4, n)
	_, err = l.Read(buf)
	require.ErrorIs(t, err, errBodyTooLarge)
}

func TestRetryAfterIsReadInEveryForm(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                              0,
		"10":                            10 * time.Second,
		"2.128":                         2128 * time.Millisecond,
		"0.9":                           900 * time.Millisecond,
		"-5":                            0,
		"NaN":                           0,
		"soon":                          0,
		"Mon, 23 Nov 2026 12:00:30 GMT": 30 * time.Second,
		"Mon, 23 Nov 2026 11:00:00 GMT": 0,
		"1e300":                         365 * 24 * time.Hour,
	} {
		require.Equal(t, want, parseRetryAfter(value, now), "%q", value)
	}
}

func TestWaitsGrowAndStayUnderTheirCeiling(t *testing.T) {
	p := RetryPolicy{Attempts: 20, BaseDelay: time.Second, MaxDelay: 10 * time.Second}
	for n := 1; n < 20; n++ {
		d, again := p.delay(n, 0)
		require.True(t, again)
		require.LessOrEqual(t, d, p.MaxDelay)
		require.Positive(t, d)
	}
	_, again := p.delay(20, 0)
	require.False(t, again)
	d, again := p.delay(1, 3*time.Second)
	require.True(t, again)
	require.GreaterOrEqual(t, d, 3*time.Second, "never before Graph asked")
}
