package e2e

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func TestCommandsThatNeedNoTenantNeedNoCredentials(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"--version"}, {"capabilities"}, {"config"}} {
		r := runBinary(t, nil, args...)
		require.Zero(t, r.exit, "%v: %s", args, r.stderr)
		require.NotEmpty(t, r.stdout)
	}
}

func TestPublishedCapabilitiesAndSettingsAreTheBinarys(t *testing.T) {
	for args, file := range map[string]string{"capabilities": "baton_capabilities.json", "config": "config_schema.json"} {
		committed, err := os.ReadFile("../../../" + file)
		require.NoError(t, err)
		require.JSONEq(t, string(committed), runBinary(t, nil, args).stdout, "%s is out of date: make generate", file)
	}
}

func TestMissingOrContradictorySettingsAreOneSentence(t *testing.T) {
	t.Parallel()
	const id = "11111111-2222-3333-4444-555555555555"
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"nothing":          {nil, "--azure-tenant-id (or BATON_AZURE_TENANT_ID)"},
		"no secret":        {[]string{"--azure-tenant-id", id, "--azure-client-id", id}, "--azure-client-secret"},
		"a tenant's name":  {[]string{"--azure-tenant-id", "Contoso Ltd", "--azure-client-id", id, "--azure-client-secret", "x"}, "--azure-tenant-id must be"},
		"client id":        {[]string{"--azure-tenant-id", id, "--azure-client-id", "my-app", "--azure-client-secret", "x"}, "--azure-client-id must be"},
		"unknown cloud":    {[]string{"--azure-tenant-id", id, "--azure-client-id", id, "--azure-client-secret", "x", "--azure-cloud", "mars"}, "azure-cloud"},
		"http endpoint":    {[]string{"--azure-tenant-id", id, "--azure-client-id", id, "--azure-client-secret", "x", "--graph-endpoint", "http://127.0.0.1:1"}, "https"},
		"endpoint path":    {[]string{"--azure-tenant-id", id, "--azure-client-id", id, "--azure-client-secret", "x", "--graph-endpoint", "https://x.example/v1.0"}, "it has a path"},
		"unknown method":   {[]string{"--auth-method", "password"}, "--auth-method must be one of"},
		"oauth by oneself": {[]string{"--auth-method", "oauth"}, "platform"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := runBinary(t, nil, c.args...)
			require.NotZero(t, r.exit)
			require.Contains(t, r.stderr, c.says)
			require.NotContains(t, r.stderr, "goroutine ")
			require.NotContains(t, r.stderr, "panic")
		})
	}
}

func TestLogsHoldNoSecretNoTokenAndAtInfoNoNames(t *testing.T) {
	server := startTenant(t, graphsim.Small)
	truth := server.Tenant().Truth()
	for _, level := range []string{"info", "debug"} {
		t.Run(level, func(t *testing.T) {
			r := runBinary(t, signInTo(t, server), "-f", t.TempDir()+"/tenant.c1z", "--log-level", level)
			require.Zero(t, r.exit, r.stderr)
			logs := r.stdout + r.stderr
			require.Contains(t, logs, "Microsoft Graph requests", "the sync's summary is missing")
			require.NotContains(t, logs, server.ClientSecret())
			require.NotContains(t, logs, "eyJ", "that is how a token begins")
			require.NotContains(t, logs, "Bearer")
			if level != "info" {
				return
			}
			for _, u := range truth.Users {
				for _, name := range []string{u.UPN, u.Mail, u.ID} {
					require.False(t, name != "" && strings.Contains(logs, name), "the log names %s", name)
				}
			}
			for _, g := range truth.Groups {
				require.NotContains(t, logs, `"`+g.DisplayName+`"`)
			}
			for line := range strings.Lines(r.stderr) {
				require.True(t, json.Valid([]byte(line)) || !strings.HasPrefix(line, "{"), line)
			}
		})
	}
}
