package e2e

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// hostile are names that somebody may give to an object: what moves the cursor of
// a terminal, changes what it shows, forges a line of a log, or ends a string.
var hostile = map[string]string{
	"escapes":        "Eve\x1b[2J\x1b]0;owned\a\x1b]8;;https://evil.example\x1b\\",
	"8-bit escapes":  "Eve\u009b31m\u0085\u0090q",
	"bidi":           "Eve \u202egpj.exe\u2066\u200f\u2069",
	"invisible":      "Eve\u200b\u00ad\ufeff\U000e0041",
	"lines":          "Eve\r\n{\"level\":\"info\",\"msg\":\"all is well\"}\n  + Fake line\u2028",
	"NUL":            "Eve\x00\x01\x7f",
	"ten kilobytes":  "Eve" + strings.Repeat("é\u0301", 3400),
	"quotes":         `Eve"'` + "`" + `\{{.}}%s%n${HOME}$(id)<script>alert(1)</script>,;:@/`,
	"only invisible": "\u202e\u200b",
}

// evil makes objects of each kind that carry the names, and gives how many.
func evil(t *testing.T, server *graphsim.Server) int {
	t.Helper()
	n := 0
	for _, name := range hostile {
		n++
		for kind, text := range map[graphsim.Kind][]string{
			graphsim.KindUser:               {"displayName", "givenName", "surname", "mail", "employeeId", "jobTitle", "department", "userPrincipalName", "companyName"},
			graphsim.KindGroup:              {"displayName", "description", "mail", "mailNickname", "membershipRule"},
			graphsim.KindServicePrincipal:   {"displayName", "appDisplayName", "homepage"},
			graphsim.KindApplication:        {"displayName"},
			graphsim.KindAdministrativeUnit: {"displayName", "description"},
			graphsim.KindDevice:             {"displayName"},
		} {
			if kind == graphsim.KindAdministrativeUnit && n > 3 {
				continue // There are few.
			}
			values := map[string]any{}
			for _, property := range text {
				values[property] = name
			}
			if kind == graphsim.KindUser {
				values["proxyAddresses"] = []string{"SMTP:" + name, "smtp:x@" + name}
				values["otherMails"] = []string{name}
			}
			require.NoError(t, server.Edit(kind, server.Tenant().ID(kind, n), values))
		}
	}
	// What JSON can spell and UTF-8 cannot.
	broken := map[string]any{"displayName": json.RawMessage(`"Eve\ud800\udc00\ud800 \udfff"`), "description": json.RawMessage(`"\udead"`)}
	require.NoError(t, server.Edit(graphsim.KindGroup, server.Tenant().ID(graphsim.KindGroup, n+1), broken))
	require.NoError(t, server.Edit(graphsim.KindOrganization, server.TenantID(), map[string]any{"displayName": hostile["lines"] + hostile["escapes"] + hostile["bidi"]}))
	return n
}

// requireHarmless makes sure that a text neither moves a cursor, nor hides, nor
// reorders anything.
func requireHarmless(t *testing.T, what, text string) {
	t.Helper()
	require.True(t, utf8.ValidString(text), what)
	for i, r := range text {
		if r != '\n' && r != '\t' && !unicode.IsGraphic(r) {
			require.Fail(t, what, "%q reaches the terminal: %q", r, text[max(0, i-100):min(len(text), i+100)])
		}
	}
}

func TestHostileNamesGoIntoTheSnapshotAndNoFurther(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	env := append(signInTo(t, server), "BATON_SYNC_DEVICES=true", "BATON_PIM_GROUPS=all")
	dir := t.TempDir()
	before, after := filepath.Join(dir, "before.c1z"), filepath.Join(dir, "after.c1z")
	r := runBinary(t, env, "-f", before)
	require.Zero(t, r.exit, r.stderr)
	evil(t, server)
	for _, format := range []string{"json", "console"} {
		r = runBinary(t, env, "-f", after, "--log-level", "debug", "--log-format", format)
		require.Zero(t, r.exit, r.stderr)
		requireHarmless(t, "log as "+format, r.stderr+r.stdout)
		require.NotContains(t, r.stderr+r.stdout, "Eve", "a sync logs no names, whatever the level")
		require.NotContains(t, r.stderr, "\n{\"level\":\"info\",\"msg\":\"all is well\"}\n", "a name forges a line of the log")
	}
	got := readSnapshot(t, after)
	o := everythingExpected
	o.DeletedUsers, o.Risk, o.ResourceConsents, o.Channels = false, false, false, false
	requireExactly(t, server, o, got)
	for kind, resourceType := range map[graphsim.Kind]string{graphsim.KindUser: "user", graphsim.KindGroup: "group", graphsim.KindApplication: "app_registration"} {
		names := set{}
		for n := range len(hostile) {
			row := got.resourceRows[resourceType+":"+server.Tenant().ID(kind, n+1)]
			require.NotNil(t, row)
			names.add(row.GetDisplayName())
		}
		for what, name := range hostile {
			require.Contains(t, names, name, "%s: the name in the snapshot is another one (%s)", resourceType, what)
		}
	}
	broken := got.resourceRows["group:"+server.Tenant().ID(graphsim.KindGroup, len(hostile)+1)]
	require.Equal(t, "Eve\U00010000\ufffd \ufffd", broken.GetDisplayName())

	for _, args := range [][]string{{"diff"}, {"diff", "--all"}, {"diff", "--json"}} {
		r = runBinary(t, nil, append(args, before, after)...)
		require.Equal(t, 1, r.exit, r.stderr)
		requireHarmless(t, strings.Join(args, " "), r.stdout+r.stderr)
		require.Contains(t, r.stdout, `\u202e`)
		require.NotContains(t, r.stdout, "\n  + Fake line", "a name forges a line of the report")
		if args[len(args)-1] == "--json" {
			require.True(t, json.Valid([]byte(r.stdout)))
		}
	}
	requireReportOfHostileNames(t, after)
	for _, args := range [][]string{{"doctor"}, {"doctor", "--json"}} {
		r = runBinary(t, env, args...)
		require.Zero(t, r.exit, r.stdout)
		requireHarmless(t, strings.Join(args, " "), r.stdout+r.stderr)
		require.Contains(t, r.stdout, `\u202e`)
		require.NotContains(t, r.stdout, "\n  + Fake line", "a name forges a line of the report")
	}
}

func TestHostileNameInARefusalIsHarmless(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	truth := tenant.Tenant().Truth()
	at := slices.IndexFunc(truth.Credentials, func(c graphsim.TruthCredential) bool { return c.Kind == "certificate" && c.OwnerType == "application" })
	require.GreaterOrEqual(t, at, 0)
	c := truth.Credentials[at]
	require.NoError(t, tenant.Edit(graphsim.KindApplication, c.OwnerID, map[string]any{"displayName": hostile["escapes"] + hostile["8-bit escapes"] + hostile["bidi"] + hostile["lines"]}))
	for _, format := range []string{"json", "console"} {
		r := runBinary(t, signInTo(t, tenant), "--delete-resource", c.OwnerID+":"+c.KeyID, "--delete-resource-type", "credential", "--log-level", "debug", "--log-format", format)
		require.NotZero(t, r.exit)
		require.Contains(t, r.stderr, "is a certificate")
		require.Contains(t, r.stderr, "Eve", "the refusal does not say of what")
		requireHarmless(t, "a refusal as "+format, r.stdout+r.stderr)
	}
}

func TestHostileAnswersAreHarmlessInErrors(t *testing.T) {
	t.Parallel()
	evilCode := hostile["escapes"] + hostile["bidi"] + "\r\nFAILED"
	for path, status := range map[string]int{"/users": 403, "/groups": 400, "/organization": 401} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			server := startTenant(t, graphsim.Small)
			server.Fault(graphsim.Rule{Name: "evil", Path: path, Action: graphsim.Respond(status, evilCode, hostile["8-bit escapes"])})
			for _, args := range [][]string{{"-f", filepath.Join(t.TempDir(), "x.c1z"), "--log-level", "debug"}, {"doctor"}, {"doctor", "--json"}} {
				r := runBinary(t, signInTo(t, server), args...)
				require.NotZero(t, r.exit)
				requireHarmless(t, strings.Join(args, " "), r.stdout+r.stderr)
			}
		})
	}
}
