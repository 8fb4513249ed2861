package graphsim

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/faults"
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
		{"header", faults.WithHeader("x-ms-throttle-limit-percentage", "0.9"), func(t *testing.T, a answer) {
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
	assert.Equal(t, api.CodeExpiredPageToken, b.get(next).code())
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
		{Rule{Skip: 1, First: 2}, []int{200, 503, 503, 200}},
		{Rule{InARow: 2}, []int{503, 503, 200, 503}},
		{Rule{Every: 2, InARow: 1}, []int{200, 503, 200, 503}},
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

// Batches all have one path: what is sent again is told by what is in it.
func TestBoundedRuleLetsEachBatchThrough(t *testing.T) {
	b := start(t)
	b.server.Fault(Rule{On: RequestsOnly, InARow: 2, Action: Respond(503, "ServiceUnavailable", "Busy.")})
	var got []int
	for range 3 {
		got = append(got, b.batch(envelope(get("1", "/users"))).status, b.batch(envelope(get("1", "/groups"))).status)
	}
	assert.Equal(t, []int{503, 503, 503, 503, 200, 200}, got)
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
	b.server.Fault(Rule{Path: "/users", Action: faults.Delayed(60*time.Millisecond, Respond(500, "InternalServerError", "Oops."))})
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

func TestBodiesThatCannotBeRead(t *testing.T) {
	b := start(t)
	for name, action := range map[string]Action{
		"half": HalfBody(), "not JSON": InvalidJSON(), "a page of HTML": WrongContentType(), "not gzip": NotGzip(), "cut gzip": CutGzip(),
	} {
		t.Run(name, func(t *testing.T) {
			remove := b.server.Fault(Rule{Name: name, Path: "/users", Action: action})
			defer remove()
			a, err := b.try(http.MethodGet, b.absolute("users?$top=10"), nil, http.Header{"Authorization": {"Bearer " + b.bearer}})
			assert.True(t, err != nil || a.body == nil, "the body must be of no use")
			assert.Equal(t, 1, b.server.Stats().Faults[name])
		})
	}
}

func TestEndlessBodyEndsWithTheClient(t *testing.T) {
	b := start(t)
	b.server.Fault(Rule{Path: "/users", Action: Endless()})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.absolute("users"), nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+b.bearer)
	resp, err := b.client.Do(req)
	require.NoError(t, err)
	n, err := io.CopyN(io.Discard, resp.Body, 8<<20)
	require.NoError(t, err)
	assert.EqualValues(t, 8<<20, n)
	require.NoError(t, resp.Body.Close())
}

func TestAnswersThatLeadElsewhere(t *testing.T) {
	b := start(t)
	b.server.Fault(Rule{Path: "/users", Nth: 1, Action: Redirect("evil.example")})
	b.server.Fault(Rule{Path: "/users", Nth: 1, Action: ThrottleUntil(time.Hour)})
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a := b.get("users?$top=10")
	assert.Equal(t, http.StatusTemporaryRedirect, a.status)
	assert.Equal(t, "https://evil.example/v1.0/users?$top=10", a.header.Get("Location"))
	at, err := http.ParseTime(b.get("users?$top=10").header.Get("Retry-After"))
	require.NoError(t, err)
	assert.InDelta(t, time.Hour.Seconds(), time.Until(at).Seconds(), 10)
}

func TestOutageRefusesConnectionsAndEnds(t *testing.T) {
	b := start(t)
	require.Equal(t, http.StatusOK, b.get("users?$top=1").status)
	over := make(chan error)
	go func() { over <- b.server.Outage(300 * time.Millisecond) }()
	refused := func() bool {
		_, err := b.try(http.MethodGet, b.absolute("users?$top=1"), nil, http.Header{"Authorization": {"Bearer " + b.bearer}})
		return errors.Is(err, syscall.ECONNREFUSED)
	}
	assert.Eventually(t, refused, 250*time.Millisecond, time.Millisecond)
	require.NoError(t, <-over)
	assert.Equal(t, http.StatusOK, b.get("users?$top=1").status)
}

func TestForgottenPageTokenHasItsOwnCode(t *testing.T) {
	b := start(t)
	next := b.get("users?$top=10").next()
	b.server.Fault(Rule{Path: "$skiptoken=", First: 1, Action: ForgetPageToken()})
	assert.Equal(t, api.CodePageTokenNotFound, b.get(next).code())
}

func TestTokensForAnotherResourceAreRefused(t *testing.T) {
	b := start(t)
	b.server.SetTokenAudience("https://vault.azure.net")
	b.withPermissions(DefaultPermissions()...)
	assert.Equal(t, http.StatusUnauthorized, b.get("users?$top=1").status)
}

func TestChangesByOtherHandsShowAtOnce(t *testing.T) {
	b := start(t)
	group := b.server.tenant.ID(KindGroup, GroupEmpty)
	user, err := b.server.AddUser("late.comer")
	require.NoError(t, err)
	inner, err := b.server.AddGroup("latecomers")
	require.NoError(t, err)
	require.NoError(t, b.server.AddMember(group, KindUser, user))
	require.NoError(t, b.server.AddMember(group, KindGroup, inner))
	assert.ElementsMatch(t, []string{user, inner}, b.get("groups/"+group+"/members").ids())
	require.NoError(t, b.server.RemoveMember(group, KindUser, user))
	require.NoError(t, b.server.Rename(KindGroup, inner, "renamed"))
	rows := b.get("groups/" + group + "/members?$select=id,displayName").rows()
	require.Len(t, rows, 1)
	assert.Equal(t, "renamed", rows[0]["displayName"])
	require.ErrorIs(t, b.server.Rename(KindUser, inner, "x"), ErrUnknownObject)
}
