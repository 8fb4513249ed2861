package e2e

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// examined is what the tests read of a report.
type examined struct {
	Version int
	Healthy bool
	Summary map[string]int
	Checks  []examinedCheck
}

type examinedCheck struct {
	ID, Group, Name, Status, Detail, Fix string
	MissingPermissions                   []string `json:"missing_permissions"`
	MissingLicense                       string   `json:"missing_license"`
	Counts                               map[string]int64
}

func (e *examined) check(t *testing.T, id string) examinedCheck {
	t.Helper()
	i := slices.IndexFunc(e.Checks, func(c examinedCheck) bool { return c.ID == id })
	require.GreaterOrEqual(t, i, 0, "there is no check %s", id)
	return e.Checks[i]
}

func (e *examined) status(t *testing.T, id string) string {
	t.Helper()
	return e.check(t, id).Status
}

// failed are the ids of what failed. Each has to say what to do.
func (e *examined) failed(t *testing.T) []string {
	t.Helper()
	ids := []string{}
	for _, c := range e.Checks {
		if c.Status == "failed" {
			ids = append(ids, c.ID)
			require.NotEmpty(t, c.Fix, c.ID)
			require.NotEmpty(t, c.Detail, c.ID)
		}
	}
	return ids
}

func examine(t *testing.T, env []string, args ...string) *examined {
	t.Helper()
	r := runBinary(t, env, append([]string{"doctor", "--json"}, args...)...)
	require.Empty(t, r.stderr)
	var got examined
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &got), r.stdout)
	require.Equal(t, 1, got.Version)
	require.Equal(t, len(got.failed(t)) == 0, got.Healthy)
	want := 1
	if got.Healthy {
		want = 0
	}
	require.Equal(t, want, r.exit)
	return &got
}

func TestDoctorFindsAHealthyTenantHealthyAndItsSize(t *testing.T) {
	server := startTenant(t, graphsim.Small)
	got := examine(t, signInForReports(t, server), "--sync-devices", "--sync-user-risk", "--sync-deleted-users", "--mailbox-purpose", "--guest-sponsors",
		"--resource-specific-consents", "--sync-channels", "--custom-security-attributes")
	require.True(t, got.Healthy)
	for _, c := range got.Checks {
		require.Equal(t, "ok", c.Status, "%s: %s", c.ID, c.Detail)
	}
	truth := server.Tenant().Truth()
	require.EqualValues(t, len(truth.Users), got.check(t, "data.users").Counts["users"])
	require.EqualValues(t, len(truth.Groups), got.check(t, "data.groups").Counts["groups"])

	text := runBinary(t, signInForReports(t, server), "doctor")
	require.Zero(t, text.exit, text.stderr)
	require.Contains(t, text.stdout, "All is well")
	require.Contains(t, text.stdout, "devices: not asked for")
	for _, secret := range []string{server.ClientSecret(), "Bearer", "eyJ"} {
		require.NotContains(t, text.stdout+text.stderr, secret, "no secret and no token is shown")
	}
}

// TestDoctorWouldPromiseASyncThatFails compares the verdict with a sync's, for
// each permission that a sync cannot do without.
func TestDoctorWouldPromiseASyncThatFails(t *testing.T) {
	server := startTenant(t, graphsim.Small)
	for _, name := range graphsim.CorePermissions() {
		core := slices.DeleteFunc(graphsim.CorePermissions(), func(p string) bool { return p == name })
		server.SetPermissions(core...)
		got := examine(t, signInTo(t, server))
		require.False(t, got.Healthy, name)
		r := runBinary(t, signInTo(t, server), "-f", t.TempDir()+"/tenant.c1z")
		require.NotZero(t, r.exit, name)
		require.Contains(t, r.stderr, name)
	}
}

func TestDoctorNamesTheMissingPermissionAndWhatItCosts(t *testing.T) {
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(graphsim.CorePermissions()...)
	got := examine(t, signInForReports(t, server))
	require.True(t, got.Healthy, "a sync works without what is optional")
	require.Equal(t, "warning", got.status(t, "data.consents"))
	require.Equal(t, "not_asked", got.status(t, "data.devices"))

	got = examine(t, signInForReports(t, server), "--sync-devices")
	require.Equal(t, []string{"data.devices"}, got.failed(t), "what is asked for by name is missed")
	text := runBinary(t, signInForReports(t, server), "doctor", "--sync-devices").stdout
	require.Contains(t, text, "FAILED   devices: missing permission Device.Read.All")
	require.Contains(t, text, "fix: add Device.Read.All")
}

func TestDoctorTellsALicenceFromAPermission(t *testing.T) {
	server := startTenant(t, graphsim.Small)
	server.SetPlans(false, false)
	got := examine(t, signInForReports(t, server))
	require.True(t, got.Healthy)
	for _, c := range got.Checks {
		if slices.Contains([]string{"data.sign-in-activity", "data.mfa-registration", "data.role-eligibilities", "data.group-eligibilities"}, c.ID) {
			require.Equal(t, "warning", c.Status, c.ID)
			require.NotEmpty(t, c.MissingLicense, c.ID)
			require.Empty(t, c.MissingPermissions, c.ID)
		}
	}
	require.Equal(t, []string{"data.user-risk"}, examine(t, signInForReports(t, server), "--sync-user-risk").failed(t))
}

func TestDoctorFindsWhatIsBrokenAndWhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(*graphsim.Server)
		env    string
		failed []string
		says   string
	}{
		"wrong secret":   {env: "BATON_AZURE_CLIENT_SECRET=wrong", failed: []string{"signin.token"}, says: "the client secret is wrong"},
		"unknown tenant": {env: "BATON_AZURE_TENANT_ID=11111111-2222-3333-4444-555555555555", failed: []string{"signin.tenant"}, says: "AADSTS90002"},
		"expired secret": {spoil: func(s *graphsim.Server) { s.SetCredentialState(graphsim.CredentialExpired) }, failed: []string{"signin.token"}, says: "has expired"},
		"no consent":     {spoil: func(s *graphsim.Server) { s.SetPermissions() }, says: "without any permission"},
		"stopped server": {spoil: func(s *graphsim.Server) { _ = s.Close() }, failed: []string{"network.login", "network.graph"}, says: "refused the connection"},
		"unknown name":   {env: "BATON_AUTHORITY_HOST=https://nowhere.invalid", failed: []string{"network.login"}, says: "nowhere.invalid"},
		"no Graph there": {env: "BATON_GRAPH_ENDPOINT=https://127.0.0.1:9", says: "127.0.0.1:9 refused the connection"},
		"untrusted":      {env: "BATON_CA_CERTIFICATE=", failed: []string{"network.login", "network.graph"}, says: "issued by CN=graphsim authority"},
		"a page of HTML": {spoil: func(s *graphsim.Server) {
			s.Fault(graphsim.Rule{Name: "x", Path: "/users?$count", Action: graphsim.BadGateway()})
		}, failed: []string{"data.users"}, says: "502"},
		"refused after all": {spoil: func(s *graphsim.Server) {
			s.Fault(graphsim.Rule{Name: "x", Path: "/subscribedSkus", Action: graphsim.Respond(403, "Authorization_RequestDenied", "x")})
		}, failed: []string{"data.licences"}, says: "though the token does not show that"},
		"a batch that breaks off": {spoil: func(s *graphsim.Server) {
			s.Fault(graphsim.Rule{Name: "x", Path: "/$batch", Action: graphsim.ResetConnection()})
		}, failed: []string{"data"}, says: "POST /$batch: 127.0.0.1:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startTenant(t, graphsim.Small)
			env := append(signInTo(t, server), c.env)
			if c.spoil != nil {
				c.spoil(server)
			}
			got := examine(t, env)
			require.False(t, got.Healthy)
			if c.failed != nil {
				require.Equal(t, c.failed, got.failed(t))
			}
			text := runBinary(t, env, "doctor")
			require.Equal(t, 1, text.exit)
			require.Contains(t, text.stdout, c.says)
			require.Contains(t, text.stdout, "fix: ")
			require.NotContains(t, text.stdout, "goroutine ")
		})
	}
}

// TestDoctorWouldHangOnAHostThatSaysNothing has a bound of its own.
func TestDoctorWouldHangOnAHostThatSaysNothing(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.Fault(graphsim.Rule{Name: "x", Path: "/organization", Action: graphsim.Stall()})
	start := time.Now()
	got := examine(t, signInTo(t, server))
	require.Less(t, time.Since(start), time.Minute)
	require.Contains(t, got.failed(t), "tenant.name")
	require.Equal(t, "skipped", got.status(t, "data"))
}

func TestDoctorThatCannotBeginExitsWithTwoAndOneSentence(t *testing.T) {
	const id = "11111111-2222-3333-4444-555555555555"
	for says, args := range map[string][]string{
		"--azure-tenant-id (or BATON_AZURE_TENANT_ID)": nil,
		"--azure-client-secret":                        {"--azure-tenant-id", id, "--azure-client-id", id},
		"unknown flag: --colour":                       {"--colour"},
		"cannot access file":                           {"--azure-client-certificate", "/nowhere/at/all.pem"},
		"works only where":                             {"--auth-method", "oauth"},
		"must be an https URL":                         {"--azure-tenant-id", id, "--azure-client-id", id, "--azure-client-secret", "x", "--graph-endpoint", "http://x"},
	} {
		r := runBinary(t, nil, append([]string{"doctor"}, args...)...)
		require.Equal(t, 2, r.exit, r.stderr)
		require.Empty(t, r.stdout)
		require.Contains(t, r.stderr, says)
		require.NotContains(t, r.stderr, "\n\n")
	}
}

func TestDoctorTakesItsSettingsFromWhereASyncDoes(t *testing.T) {
	server := startTenant(t, graphsim.Small)
	cmd, _ := command(t.Context(), t, nil, "doctor", "--json")
	var lines []string
	for _, setting := range signInTo(t, server) {
		name, value, _ := strings.Cut(strings.TrimPrefix(setting, "BATON_"), "=")
		lines = append(lines, strings.ToLower(strings.ReplaceAll(name, "_", "-"))+": "+value)
	}
	lines = append(lines, "sync-devices: true", "sync-resource-types: [device]")
	require.NoError(t, os.WriteFile(cmd.Dir+"/.baton.yaml", []byte(strings.Join(lines, "\n")), 0o600))
	output, err := cmd.Output()
	require.NoError(t, err, string(output))
	var got examined
	require.NoError(t, json.Unmarshal(output, &got))
	require.Equal(t, "ok", got.status(t, "data.devices"))
	require.Equal(t, "not_asked", got.status(t, "data.users"))
}

func TestDoctorComparesChangesOnlyIfTheyAreWanted(t *testing.T) {
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(append(graphsim.DefaultPermissions(), "GroupMember.ReadWrite.All")...)
	got := examine(t, signInTo(t, server), "--provisioning")
	require.True(t, got.Healthy, "what may not be changed is no trouble for a sync")
	require.Equal(t, "ok", got.status(t, "provisioning.group-members"))
	require.Equal(t, "warning", got.status(t, "provisioning.roles"))
	got = examine(t, signInTo(t, server))
	require.Equal(t, "warning", got.status(t, "signin.surplus"), "what is not needed should go")
	for _, c := range got.Checks {
		require.NotEqual(t, "provisioning", c.Group)
	}
}
