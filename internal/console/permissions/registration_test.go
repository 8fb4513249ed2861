package permissions

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

const (
	firstID  = "df021288-bdef-4463-88db-98f22de89214"
	secondID = "98830695-27a2-44f7-8c18-0c3ebc9698f6"
)

func registrationIn(t *testing.T, cloud, method string) Registration {
	t.Helper()
	c, err := signin.CloudByName(cloud)
	require.NoError(t, err)
	remark := "not for administrators"
	return Registration{
		Cloud: c, AuthMethod: method,
		Permissions: []connector.Permission{
			{Name: "User.Read.All", ID: firstID, Need: connector.NeedRequired, Uses: []connector.Use{
				{Name: "users", Purpose: "users", Need: connector.NeedRequired},
				{Name: "deleted users", Purpose: "users in the bin", Need: connector.NeedOptional, Setting: "--sync-deleted-users"},
				{Name: "disable-users", Purpose: "disable users", Need: connector.NeedProvisioning, Remark: remark},
			}},
			{Name: "GroupMember.Read.All", ID: secondID, Need: connector.NeedProvisioning, Uses: []connector.Use{
				{Name: "disable-users", Purpose: "disable users", Need: connector.NeedProvisioning, Remark: remark, License: "Microsoft Entra ID P1"},
			}},
		},
	}
}

func written(t *testing.T, format string, r Registration) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, format, r))
	return b.String()
}

// runScript runs a script with stand-ins for the programs that it calls, and
// returns what they were called with, a call to a line. The first call of each
// sort in flaky fails.
func runScript(t *testing.T, script string, env ...string) []string {
	t.Helper()
	dir := t.TempDir()
	logged := filepath.Join(dir, "calls")
	standIns := map[string]string{
		"az": `echo "az $*" >>"$CALLS"
case "$*" in *"cloud show"*) echo "$CLOUD";; *"app create"*) echo the-app;; *"sp create"*)
	[ -e "$CALLS.once" ] || { touch "$CALLS.once"; exit 1; }; echo the-principal;; *"sp show"*) echo the-graph;; esac`,
		"curl": `cat >>"$CALLS.stdin"; echo "curl $*" >>"$CALLS"
case "$*" in *"POST"*"/servicePrincipals") [ -e "$CALLS.once" ] || { touch "$CALLS.once"; echo '{"error":"not yet"}'; exit 22; }; echo '{"id":"the-principal"}';;
*"/applications") echo '{"appId":"the-app"}';; *"appId="*) echo '{"id":"the-graph"}';; *) echo '{}';; esac`,
		"jq":    `read -r line; line=${line##*:\"}; echo "${line%%\"*}"`,
		"sleep": `:`,
	}
	for name, body := range standIns {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700)) //nolint:gosec // It has to be executable.
	}
	cmd := exec.CommandContext(context.Background(), "sh", "-c", script)
	cmd.Env = append([]string{"PATH=" + dir + ":" + os.Getenv("PATH"), "CALLS=" + logged}, env...)
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, string(output))
	calls, err := os.ReadFile(logged)
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(calls)), "\n")
}

func TestAzScriptWouldNotRegisterOrConsent(t *testing.T) {
	calls := strings.Join(runScript(t, written(t, "az", registrationIn(t, config.CloudPublic, config.AuthMethodClientSecret)), "CLOUD=AzureCloud"), "\n")
	require.Contains(t, calls, "--api "+connector.GraphAppID+" --api-permissions "+firstID+"=Role "+secondID+"=Role")
	require.Contains(t, calls, "az ad app permission admin-consent --id the-app")
	require.Equal(t, 2, strings.Count(calls, "az ad sp create --id the-app"), "what fails at first is tried again")
	require.Equal(t, 1, strings.Count(calls, "az ad app create"))
}

func TestAzScriptWouldConsentWhereTheCommandIsMissing(t *testing.T) {
	calls := strings.Join(runScript(t, written(t, "az", registrationIn(t, config.CloudUSGov, config.AuthMethodClientSecret)), "CLOUD=AzureUSGovernment"), "\n")
	require.NotContains(t, calls, "admin-consent")
	require.Contains(t, calls, "https://graph.microsoft.us/v1.0/servicePrincipals/the-graph/appRoleAssignedTo")
	require.Contains(t, calls, `{"principalId": "the-principal", "resourceId": "the-graph", "appRoleId": "`+secondID+`"}`)

	var b bytes.Buffer
	require.ErrorContains(t, Write(&b, "az", registrationIn(t, config.CloudUSGovDoD, config.AuthMethodClientSecret)), "--format graph")
	require.Empty(t, b.String())
}

func TestScriptForAManagedIdentityWouldRegisterAnApplication(t *testing.T) {
	for format, env := range map[string]string{"az": "CLOUD=AzureCloud", "graph": "TOKEN=secret-token"} {
		calls := strings.Join(runScript(t, written(t, format, registrationIn(t, config.CloudPublic, config.AuthMethodManagedIdentity)), env, "IDENTITY_OBJECT_ID=the-identity"), "\n")
		require.NotContains(t, calls, "app create", format)
		require.NotContains(t, calls, "/applications", format)
		require.Equal(t, 2, strings.Count(calls, `{"principalId": "the-identity", "resourceId": "the-graph"`), format)
	}
	var b bytes.Buffer
	require.ErrorContains(t, Write(&b, "manifest", registrationIn(t, config.CloudPublic, config.AuthMethodManagedIdentity)), "managed identity")
}

func TestGraphScriptWouldShowTheTokenOrTakeAnErrorForAnAnswer(t *testing.T) {
	calls := runScript(t, written(t, "graph", registrationIn(t, config.CloudUSGovDoD, config.AuthMethodClientSecret)), "TOKEN=secret-token")
	all := strings.Join(calls, "\n")
	require.NotContains(t, all, "secret-token", "a command line is visible to other users")
	require.Contains(t, all, "https://dod-graph.microsoft.us/v1.0/applications")
	require.Contains(t, all, `{"id":"`+firstID+`","type":"Role"}`)
	require.Contains(t, all, `{"appId": "the-app"}`)
	require.Contains(t, all, `{"principalId": "the-principal", "resourceId": "the-graph", "appRoleId": "`+firstID+`"}`)
}

func TestManifestIsWhatEntraTakes(t *testing.T) {
	var got struct {
		RequiredResourceAccess []resourceAccess `json:"requiredResourceAccess"`
	}
	require.NoError(t, json.Unmarshal([]byte(written(t, "manifest", registrationIn(t, config.CloudPublic, ""))), &got))
	require.Equal(t, []resourceAccess{{
		ResourceAppID: "00000003-0000-0000-c000-000000000000", ResourceAccess: []accessItem{{firstID, "Role"}, {secondID, "Role"}},
	}}, got.RequiredResourceAccess)
}

func TestApplicationPermissionsAreNotRegisteredForAPerson(t *testing.T) {
	for _, method := range []string{config.AuthMethodDeviceCode, config.AuthMethodAzureCLI, config.AuthMethodOauth} {
		for _, format := range []string{"manifest", "az", "graph"} {
			var b bytes.Buffer
			require.ErrorContains(t, Write(&b, format, registrationIn(t, config.CloudPublic, method)), "delegated permissions of the same names")
			require.Empty(t, b.String())
		}
	}
}

func TestConsentLinkGoesToTheCloudOfTheTenant(t *testing.T) {
	r := registrationIn(t, config.CloudChina, config.AuthMethodClientSecret)
	r.TenantID, r.ClientID = "contoso.cn\n", "66666666-7777-8888-9999-000000000000"
	require.Equal(t, "https://login.chinacloudapi.cn/contoso.cn/adminconsent?client_id=66666666-7777-8888-9999-000000000000\n", written(t, FormatConsentLink, r))
}

func TestTextAndPageSayEachUseOfAPermission(t *testing.T) {
	r := registrationIn(t, config.CloudPublic, config.AuthMethodClientSecret)
	text := written(t, DefaultFormat, r)
	require.Contains(t, text, "users in the bin (--sync-deleted-users)")
	require.Contains(t, text, "Entra ID P1")
	require.Equal(t, 1, strings.Count(text, "not for administrators"))
	require.Equal(t, 1, strings.Count(text, "User.Read.All"))
	page := written(t, "markdown", r)
	require.Contains(t, page, "| `disable-users` | disable users (1) | `User.Read.All` `GroupMember.Read.All` |")
	require.Contains(t, page, "| `User.Read.All` | optional | users in the bin |  | `--sync-deleted-users` |")

	var b bytes.Buffer
	require.ErrorContains(t, Write(&b, "xml", r), "markdown")
}
