package progress

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// watched is what a person saw of these lines on a terminal of so many columns:
// the last state of the line that changes, and what stays.
func watched(t *testing.T, width int, lines ...string) (string, string) {
	t.Helper()
	var terminal strings.Builder
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	s := newScreen(&terminal, func() int { return width }, func() time.Time { return at })
	require.NoError(t, s.Follow(strings.NewReader(strings.Join(lines, "\n")+"\n")))
	var stays []string
	last := ""
	for line := range strings.SplitSeq(terminal.String(), "\n") {
		states := strings.Split(line, clearLine)
		if end := states[len(states)-1]; end != "" {
			stays = append(stays, end)
		}
		for _, state := range states {
			if strings.HasPrefix(state, "00:00  ") {
				last = strings.TrimPrefix(state, "00:00  ")
			}
		}
	}
	return last, strings.Join(stays, "\n")
}

func reported(report string) string {
	return `{"level":"info","ts":1,"msg":"azure-ad: progress","grpc.method":"ListGrants","report":` + report + `}`
}

func TestLineSaysWhatIsReadHowMuchIsLeftAndWhyItWaits(t *testing.T) {
	t.Parallel()
	for want, report := range map[string]string{
		"reading users":                          `{"reading":["user"]}`,
		"reading 12,300 users, 1 group":          `{"reading":["user","group"],"resources":{"user":12300,"group":1,"role":34}}`,
		"reading sign-in activity":               `{"reading":["user"],"walk":{"data":"sign-in activity","rows":0}}`,
		"reading sign-in activity of 500 people": `{"reading":["user"],"walk":{"data":"sign-in activity","rows":500}}`,
		"reading sign-in activity of 12,500 people (15,000 a minute), 80 groups": `{"reading":["group","user"],"resources":{"group":80},` +
			`"walk":{"data":"sign-in activity","rows":12500,"per_second":250}}`,
		"reading MFA registration of 1,000 of about 4,000 people (25 %, about 12 s left); waiting for Graph's budget for reports": `{"reading":["user"],` +
			`"walk":{"data":"MFA registration","rows":1000,"of":4000,"per_second":250},"held_back":["reports"]}`,
		"reading 7 managed identities":           `{"reading":["managed_identity"],"resources":{"managed_identity":7}}`,
		"reading users; Microsoft Graph asks":    `{"reading":["user"],"paused_for_seconds":11.2,"held_back":["directory"]}`,
		"asks to wait 12 s":                      `{"reading":["user"],"paused_for_seconds":11.2}`,
		"waiting for Graph's budget for reports": `{"reading":["user"],"held_back":["reports"]}`,
		"who has what: 30 of 120 parts (25 %), 1,234,567 so far, about": `{"grants":{"group":1234000,"role":567},` +
			`"parts":{"group":{"done":29,"known":118},"role":{"done":1,"known":2}},"grants_for_seconds":20}`,
		"about 1 min left":                         `{"grants":{"group":1},"parts":{"group":{"done":30,"known":120}},"grants_for_seconds":20}`,
		"1 of 120 parts (0 %), 1 so far":           `{"grants":{"group":1},"parts":{"group":{"done":1,"known":120}},"grants_for_seconds":20}`,
		"reading who has what: 5 so far":           `{"grants":{"group":5},"parts":{"group":{"done":2,"known":2}},"grants_for_seconds":1}`,
		"about 2.5 h left; Microsoft Graph asks t": `{"grants":{"group":5},"parts":{"group":{"done":10,"known":20}},"grants_for_seconds":9000,"paused_for_seconds":60}`,
	} {
		last, stays := watched(t, 0, reported(report))
		assert.Contains(t, last, want)
		assert.Empty(t, stays)
	}
}

func TestTimeLeftIsNotGuessedFromTheFirstParts(t *testing.T) {
	t.Parallel()
	last, _ := watched(t, 0, reported(`{"grants":{"group":1},"parts":{"group":{"done":1,"known":120}},"grants_for_seconds":20}`))
	require.NotContains(t, last, "left")
}

func TestLongLineDoesNotRunOverTheTerminalsEdge(t *testing.T) {
	t.Parallel()
	last, _ := watched(t, 30, reported(`{"reading":["administrative_unit","managed_identity","user"]}`))
	require.Len(t, []rune("00:00  "+last), 29, "a line that wraps is not overwritten")
	require.True(t, strings.HasSuffix(last, "…"))
}

func TestWarningsAndSignInCodesStayOnTheScreen(t *testing.T) {
	t.Parallel()
	_, stays := watched(t, 0,
		`{"level":"info","ts":1,"msg":"Syncing resources..."}`,
		`{"level":"debug","ts":1,"msg":"graph: answered","operation":"GET /users"}`,
		`{"level":"warn","ts":1,"caller":"x.go:1","msg":"azure-ad: left out of the sync","grpc.method":"Validate",`+
			`"peer.address":"127.0.0.1:1","data":"sign-ins","for_lack_of":"permission AuditLog.Read.All"}`,
		`2026/11/25 07:50:27 Found 0 WALs`,
		`To sign in, open https://microsoft.com/devicelogin and enter the code ABC`)
	require.Equal(t, "warning: azure-ad: left out of the sync (data: sign-ins; for lack of: permission AuditLog.Read.All)\n"+
		"To sign in, open https://microsoft.com/devicelogin and enter the code ABC", stays)
}

// The SDK's process can end before it has printed its last line.
func TestFailureIsSaidOnceWhetherItsLastLineComesOrNot(t *testing.T) {
	t.Parallel()
	const relayed = "runner: error processing task: rpc error: code = Unauthenticated desc = validate failed: baton-azure-ad: the client secret is wrong"
	logged := []string{
		`{"level":"error","msg":"runner: error processing on-demand task","error":"` + relayed + `"}`,
		`{"level":"error","msg":"error running connector","error":"` + relayed + `"}`,
		`{"level":"error","msg":"error closing connector wrapper","error":"the client connection is closing"}`,
		`{"level":"error","msg":"ratelimit: report failed","error":"rpc error: code = Canceled desc = context canceled"}`,
	}
	for _, lines := range [][]string{logged, append(logged, relayed)} {
		_, stays := watched(t, 0, lines...)
		require.Equal(t, "the client secret is wrong", stays)
	}
}

func TestWhoInterruptsASyncIsNotToldByEachOfItsProcessesThatItEnds(t *testing.T) {
	t.Parallel()
	var terminal strings.Builder
	at := time.Now()
	s := newScreen(&terminal, func() int { return 0 }, func() time.Time { return at })
	s.take(reported(`{"reading":["user"]}`))
	s.Hush()
	require.NoError(t, s.Follow(strings.NewReader(strings.Join([]string{
		`{"level":"warn","msg":"cleanup failed","error":"context canceled"}`,
		`{"level":"error","msg":"storing rows","error":"baton-azure-ad: the sync is to end"}`,
		reported(`{"reading":["group"]}`), `error: rpc error: code = Aborted`,
	}, "\n"))))
	states := strings.Split(terminal.String(), clearLine)
	require.Equal(t, "00:00  ending, and keeping what has been read", states[len(states)-2])
	require.Empty(t, states[len(states)-1], "nothing stays")
	require.NotContains(t, terminal.String(), "\n")
}

func TestFailureOfTheSDKsOwnIsNotLost(t *testing.T) {
	t.Parallel()
	_, stays := watched(t, 0,
		`{"level":"error","msg":"storing rows","error":"no space left on device"}`,
		`{"level":"error","msg":"ratelimit: report failed","error":"rpc error: code = Canceled desc = context canceled"}`)
	require.Equal(t, "storing rows: no space left on device", stays)
}

func TestWordsOfOthersCannotMoveTheCursor(t *testing.T) {
	t.Parallel()
	_, stays := watched(t, 0, `{"level":"warn","msg":"x","code":"\u001b[2J\u202e"}`, "\x1b[31mred\a")
	for _, r := range []string{"\x1b", "\a", "\u202e"} {
		require.NotContains(t, stays, r)
	}
}

func TestSummaryHasWhatWasReadWhatWasNotAndWhatItCost(t *testing.T) {
	t.Parallel()
	var terminal strings.Builder
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	s := newScreen(&terminal, func() int { return 0 }, func() time.Time { return at })
	require.NoError(t, s.Follow(strings.NewReader(strings.Join([]string{
		`{"level":"info","msg":"azure-ad: left out of the snapshot","what":"principals that are not synced: contact","rows":16}`,
		`{"level":"info","msg":"azure-ad: the tenant has been read","data":["users"],"left_out_for_lack_of":{"sign-ins":"licence P1"},"resources":{"user":1300,"group":80},"grants":{"group":14969}}`,
		`{"level":"info","msg":"azure-ad: Microsoft Graph requests","requests":70,"batch_items":130,"resource_units":208,"throttled":2,"retried":2,"waited":3.2}`,
	}, "\n")+"\n")))
	at = at.Add(67 * time.Second)
	terminal.Reset()
	s.Summarize("tenant.c1z")
	require.Equal(t, `The tenant has been read in 01:07.
  objects:       80 groups, 1,300 users
  who has what:  14,969 assignments and memberships as Graph
                 has them
  not read:      sign-ins, for lack of licence P1
  left out:      16 principals that are not synced: contact
  Graph:         70 requests with 130 inside batches, 208
                 resource units, throttled 2 times, 4 s
                 spent waiting by all workers together
  snapshot:      tenant.c1z
`, terminal.String())
}

func TestSummaryIsNotTornByANarrowTerminalNorAPathCut(t *testing.T) {
	t.Parallel()
	var terminal strings.Builder
	s := newScreen(&terminal, func() int { return summaryWidth }, time.Now)
	require.NoError(t, s.Follow(strings.NewReader(strings.Join([]string{
		`{"level":"info","msg":"azure-ad: left out of the snapshot","rows":160000,` +
			`"what":"groups synchronized from on-premises Active Directory, with what is held only through them (--skip-ad-groups)"}`,
		`{"level":"info","msg":"azure-ad: read in a plainer form","reading":"people","form":"without what customer tenants sign in with",` +
			`"lacks":"licences, and the names of customer tenants to sign in with"}`,
		`{"level":"info","msg":"azure-ad: the tenant has been read","left_out_for_lack_of":{"group eligibilities":"permission PrivilegedEligibilitySchedule.Read.AzureADGroup"},` +
			`"resources":{"user":300000,"group":120000,"app_registration":1,"administrative_unit":12,"managed_identity":40,"scoped_role":9},"grants":{"group":1700000}}`,
		`{"level":"info","msg":"azure-ad: Microsoft Graph requests","requests":70000,"batch_items":1300000,"resource_units":20800000,"throttled":2000,"waited":36000}`,
	}, "\n")+"\n")))
	terminal.Reset()
	s.Summarize("tenant.c1z")
	require.Greater(t, strings.Count(terminal.String(), "\n"), 12)
	for line := range strings.Lines(terminal.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), summaryWidth, line)
	}
	terminal.Reset()
	long := "/home/somebody/" + strings.Repeat("snapshots/", 6) + "tenant.c1z"
	s.Summarize(long)
	require.True(t, strings.HasSuffix(terminal.String(), "  snapshot:\n"+long+"\n"), "a path is whole on a line of its own")
}

func TestClockGoesOnWhereNothingComes(t *testing.T) {
	t.Parallel()
	var terminal strings.Builder
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	s := newScreen(&terminal, func() int { return 0 }, func() time.Time { return at })
	s.take(reported(`{"reading":["user"],"resources":{"user":5}}`))
	at = at.Add(stale + time.Second)
	terminal.Reset()
	s.draw()
	require.Equal(t, clearLine+"00:06  storing what was read", terminal.String())
}
