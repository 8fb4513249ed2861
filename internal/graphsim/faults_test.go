package graphsim

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFaultsThatAnswer(t *testing.T) {
	b := start(t)
	for _, tc := range []struct {
		name   string
		action Action
		check  func(t *testing.T, a answer)
	}{
		{"graph error", Respond(503, "ServiceUnavailable", "Busy."), func(t *testing.T, a answer) {
			assert.Equal(t, 503, a.status)
			assert.Equal(t, "ServiceUnavailable", a.code())
		}},
		{"html", BadGateway(), func(t *testing.T, a answer) {
			assert.Equal(t, 502, a.status)
			assert.Equal(t, "text/html", a.header.Get("Content-Type"))
		}},
		{"throttled", Throttle("2.128"), func(t *testing.T, a answer) {
			assert.Equal(t, 429, a.status)
			assert.Equal(t, "2.128", a.header.Get("Retry-After"))
			assert.NotEmpty(t, a.header.Get("x-ms-throttle-scope"))
		}},
		{"throttled without a hint", Throttle(""), func(t *testing.T, a answer) {
			assert.Equal(t, 429, a.status)
			assert.NotContains(t, a.header, "Retry-After")
		}},
		{"foreign host", ForeignNextLink("evil.example"), func(t *testing.T, a answer) {
			assert.Contains(t, a.next(), "https://evil.example/v1.0/users")
		}},
		{"repeated link", RepeatNextLink(), func(t *testing.T, a answer) {
			again := b.get(a.next())
			assert.Equal(t, a.next(), again.next())
			assert.Equal(t, a.ids(), again.ids())
		}},
		{"empty page", EmptyPage(), func(t *testing.T, a answer) {
			assert.Empty(t, a.rows())
			assert.NotEmpty(t, a.next())
		}},
		{"duplicated rows", DuplicateRows(), func(t *testing.T, a answer) {
			again := b.get(a.next())
			assert.Contains(t, a.ids(), again.ids()[0])
		}},
		{"header", WithHeader("x-ms-throttle-limit-percentage", "0.9"), func(t *testing.T, a answer) {
			assert.Equal(t, 200, a.status)
			assert.Equal(t, "0.9", a.header.Get("x-ms-throttle-limit-percentage"))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			remove := b.server.Fault(Rule{Name: tc.name, Path: "/users", Action: tc.action})
			defer remove()
			tc.check(t, b.get("users?$top=10"))
			assert.Positive(t, b.server.Stats().Faults[tc.name])
		})
	}
	assert.Equal(t, http.StatusOK, b.get("users?$top=10").status, "removed rules are gone")
}

func TestFaultsThatBreakTheConnection(t *testing.T) {
	b := start(t)
	for name, action := range map[string]Action{"truncated": Truncate(), "reset": ResetConnection()} {
		remove := b.server.Fault(Rule{Regexp: regexp.MustCompile(`/users\?`), Action: action})
		_, err := b.try(http.MethodGet, b.absolute("users?$top=10"), nil, http.Header{"Authorization": {"Bearer " + b.bearer}})
		require.Error(t, err, name)
		remove()
		assert.Equal(t, http.StatusOK, b.get("users?$top=10").status, name)
	}
}

func TestStalledBodyEndsWithTheClient(t *testing.T) {
	b := start(t)
	b.server.Fault(Rule{Path: "/users", Action: Stall()})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.absolute("users"), nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+b.bearer)
	resp, err := b.client.Do(req)
	require.NoError(t, err, "the head of the answer comes")
	defer resp.Body.Close()
	for err == nil {
		_, err = resp.Body.Read(make([]byte, 512))
	}
	assert.True(t, errors.Is(err, context.DeadlineExceeded), err)
}

func TestExpiredTokenFault(t *testing.T) {
	b := start(t)
	next := b.get("users?$top=10").next()
	b.server.Fault(Rule{Path: "$skiptoken=", First: 1, Action: ExpirePageToken()})
	assert.Equal(t, codeExpiredPageToken, b.get(next).code())
	assert.Equal(t, http.StatusOK, b.get(next).status)
}

func TestRulesChoose(t *testing.T) {
	b := start(t)
	for _, tc := range []struct {
		rule Rule
		want []int
	}{
		{Rule{First: 2}, []int{503, 503, 200, 200}},
		{Rule{Nth: 3}, []int{200, 200, 503, 200}},
		{Rule{Every: 2}, []int{200, 503, 200, 503}},
		{Rule{Method: http.MethodPost}, []int{200, 200, 200, 200}},
		{Rule{Path: "/groups"}, []int{200, 200, 200, 200}},
		{Rule{On: ItemsOnly}, []int{200, 200, 200, 200}},
		{Rule{On: AuthorityOnly}, []int{200, 200, 200, 200}},
		{Rule{Match: func(r Request) bool { return r.Query == "$top=1" }}, []int{503, 503, 503, 503}},
	} {
		tc.rule.Action = Respond(503, "ServiceUnavailable", "Busy.")
		remove := b.server.Fault(tc.rule)
		var got []int
		for range 4 {
			got = append(got, b.get("users?$top=1").status)
		}
		remove()
		assert.Equal(t, tc.want, got, "%+v", tc.rule)
	}
}

func TestFaultsInsideABatch(t *testing.T) {
	b := start(t)
	b.server.Fault(Rule{Path: "/users", On: ItemsOnly, Nth: 1, Action: Throttle("3")})
	b.server.Fault(Rule{Path: "/groups", Action: ResetConnection()})
	b.server.Fault(Rule{Path: "/organization", Action: BadGateway()})
	a := b.batch(envelope(get("u", "/users?$top=1"), get("g", "/groups?$top=1"), get("o", "/organization")))
	require.Equal(t, http.StatusOK, a.status)
	got := a.items()
	assert.EqualValues(t, 429, got["u"]["status"])
	headers, ok := got["u"]["headers"].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, "3", headers["Retry-After"])
	assert.EqualValues(t, 504, got["g"]["status"])
	assert.EqualValues(t, 502, got["o"]["status"])
	assert.IsType(t, "", got["o"]["body"], "a page of HTML is a string in a batch")
}

func TestLatencyAndAuthorityFaults(t *testing.T) {
	b := start(t)
	b.server.Fault(Rule{Path: "/users", Action: Delayed(60*time.Millisecond, Respond(500, "InternalServerError", "Oops."))})
	begun := time.Now()
	assert.Equal(t, 500, b.get("users").status)
	assert.GreaterOrEqual(t, time.Since(begun), 60*time.Millisecond)
	remove := b.server.Fault(Rule{On: AuthorityOnly, Action: BadGateway()})
	assert.Equal(t, 502, b.token(nil).status)
	remove()
	b.server.SetLatency(30 * time.Millisecond)
	begun = time.Now()
	b.get("organization")
	assert.GreaterOrEqual(t, time.Since(begun), 30*time.Millisecond)
}
