package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// tokenHead begins every access token: {"alg": in base64.
const tokenHead = "eyJhbGciOi" //nolint:gosec // Of no token in particular.

// requireNowhere makes sure that no file below the folders, which may be in use,
// holds a secret as it is.
func requireNowhere(t *testing.T, secrets []string, roots ...string) {
	t.Helper()
	for _, root := range roots {
		for _, path := range filesIn(t, root) {
			raw, err := os.ReadFile(path)
			if os.IsNotExist(err) {
				continue // It has just been removed.
			}
			require.NoError(t, err)
			for _, secret := range secrets {
				require.False(t, bytes.Contains(raw, []byte(secret)), "%s holds a secret", path)
			}
		}
	}
}

// requireNotInRows makes sure that no row of a snapshot, which is packed on the
// disk, shows a secret.
func requireNotInRows(t *testing.T, secrets []string, got *contents) {
	t.Helper()
	check := func(row proto.Message) {
		text := prototext.Format(row)
		for _, secret := range secrets {
			require.False(t, strings.Contains(text, secret), "the snapshot shows a secret")
		}
	}
	for _, row := range got.resourceRows {
		check(row)
	}
	for _, row := range got.grantRows {
		check(row)
	}
}

// newCertificate is a certificate with its key that the tenant knows, and what of
// the file must not be seen elsewhere.
func newCertificate(t *testing.T, tenant *graphsim.Server) (string, []string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "connector"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	tenant.RegisterCertificate(certificate)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	path := filepath.Join(t.TempDir(), "connector.pem")
	require.NoError(t, os.WriteFile(path, append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...), 0o600))
	lines := strings.Split(string(text), "\n")
	return path, append(lines[2:6:6], string(private[len(private)-64:]))
}

func TestNothingThatARunWritesHoldsASecret(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		certificate, console bool
		spoil                func(*graphsim.Server)
	}{
		"a sync":                     {},
		"a sync with a certificate":  {certificate: true, console: true},
		"the sign-in is refused":     {spoil: func(s *graphsim.Server) { s.SetCredentialState(graphsim.CredentialExpired) }},
		"with a certificate as well": {certificate: true, spoil: func(s *graphsim.Server) { s.SetCredentialState(graphsim.CredentialExpired) }},
		"the token is refused": {console: true, spoil: func(s *graphsim.Server) {
			s.Fault(graphsim.Rule{Name: "refuse", Path: "/users", Action: graphsim.Respond(401, "InvalidAuthenticationToken", "x")})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := startTenant(t, graphsim.Small)
			if c.spoil != nil {
				c.spoil(tenant)
			}
			secrets := []string{tenant.ClientSecret(), tokenHead}
			env := signInTo(t, tenant)
			if c.certificate {
				path, parts := newCertificate(t, tenant)
				secrets = slices.Concat(parts, []string{tokenHead})
				env = append(env, "BATON_AZURE_CLIENT_SECRET=", "BATON_AUTH_METHOD=certificate", "BATON_AZURE_CLIENT_CERTIFICATE="+path)
			}
			if c.console {
				env = append(env, "BATON_LOG_FORMAT=console")
			}
			target := filepath.Join(t.TempDir(), "tenant.c1z")
			for _, args := range [][]string{{"-f", target, "--log-level", "debug"}, {"doctor", "--log-level", "debug"}, {"doctor", "--json"}} {
				r := runBinary(t, env, args...)
				require.Equal(t, c.spoil == nil, r.exit == 0, "%v: %s", args, r.stderr)
				for _, secret := range secrets {
					require.False(t, strings.Contains(r.stdout+r.stderr, secret), "%v writes a secret", args)
				}
				require.NotContains(t, r.stdout+r.stderr, "Bearer ")
				requireNowhere(t, secrets, filepath.Dir(target), r.temp)
			}
			if c.spoil == nil {
				requireNotInRows(t, secrets, readSnapshot(t, target))
			}
		})
	}
}

// handedDown are the variables with which the processes of a run find their
// folder, their file and their socket.
var handedDown = []string{"BATON_AZURE_AD_SCRATCH", "BATON_AZURE_AD_WORK_FILE", "TMPDIR", "BATON_CONNECTOR_SERVICE_LISTENER_FD", "BATON_LOG_FORMAT", "PWD"}

// TestSecretsAreInNoArgumentAndNoFileWhileASyncRuns looks at the three processes
// of a sync while they run.
func TestSecretsAreInNoArgumentAndNoFileWhileASyncRuns(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("this system does not show the arguments of processes in /proc")
	}
	tenant := startTenant(t, graphsim.Small)
	tenant.SetLatency(150 * time.Millisecond)
	secrets := []string{tenant.ClientSecret(), tokenHead}
	ctx, cancel := context.WithTimeout(context.Background(), syncBound)
	defer cancel()
	target := filepath.Join(t.TempDir(), "tenant.c1z")
	cmd, temp := command(ctx, t, signInTo(t, tenant), "-f", target)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // What is killed cleans up after the test.
	require.NoError(t, cmd.Start())
	defer func() { _ = cmd.Wait() }()
	defer cancel()
	require.Eventually(t, func() bool { return tenant.Stats().Requests > 4 }, serviceBound, 10*time.Millisecond)
	worker := onlyChild(t, cmd.Process.Pid)
	subprocess := onlyChild(t, worker)
	for range 5 {
		for _, pid := range []int{cmd.Process.Pid, worker, subprocess} {
			arguments, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
			require.NoError(t, err)
			given := slices.DeleteFunc(strings.Split(strings.TrimSuffix(string(arguments), "\x00"), "\x00")[1:], func(a string) bool { return a == "_connector-service" })
			require.Equal(t, cmd.Args[1:], given, "everybody on the machine can read what is added")
			environment, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "environ"))
			require.NoError(t, err)
			for variable := range strings.SplitSeq(strings.TrimSuffix(string(environment), "\x00"), "\x00") {
				name, _, _ := strings.Cut(variable, "=")
				require.True(t, slices.Contains(cmd.Env, variable) || slices.Contains(handedDown, name), "%s is in the environment of a process", name)
			}
		}
		requireNowhere(t, secrets, filepath.Dir(target), temp, cmd.Dir)
		time.Sleep(50 * time.Millisecond)
	}
}

func TestNothingIsCreatedDeletedRotatedOrActedOnWhileProvisioningIsOff(t *testing.T) {
	t.Parallel()
	l := startLifecycleFor(t, writableTenant(t))
	truth := l.tenant.Tenant().Truth()
	person := l.pick(member)
	_, err := l.create(jane())
	require.Error(t, err)
	_, err = l.rotate(person, randomPassword)
	require.Error(t, err)
	_, _, err = l.issue("app_registration", truth.Applications[0].ID, "request-1", time.Now().Add(24*time.Hour))
	require.Error(t, err)
	require.Error(t, l.delete("user", person))
	require.Error(t, l.delete("group", truth.Groups[0].ID))
	require.Error(t, l.delete("credential", truth.Credentials[0].OwnerID+":"+truth.Credentials[0].KeyID))

	schemas, err := l.client.ListActionSchemas(t.Context(), &v2.ListActionSchemasRequest{})
	require.NoError(t, err)
	for _, schema := range schemas.GetSchemas() {
		args := map[string]any{}
		for _, a := range schema.GetArguments() {
			args[a.GetName()] = person
		}
		if schema.GetName() != "check_upn" { // It changes nothing.
			requireNotDone(t, l, schema.GetName(), args)
		}
	}
	for _, name := range []string{
		"disable_user", "enable_user", "update_user", "update_profile", "set_manager", "restore_user", "create_group",
		"revoke_sessions", "revoke_mfa", "offboard_user", "restart_provisioning",
	} {
		requireNotDone(t, l, name, map[string]any{"user_id": person, "display_name": "New"})
	}
	require.Empty(t, l.tenant.Writes())
	for _, request := range l.tenant.Requests() {
		require.True(t, request.Authority || request.Method == http.MethodGet || strings.HasSuffix(request.Path, "$batch"), "%s %s", request.Method, request.Path)
	}
}

// requireNotDone makes sure that an action does nothing, and says so.
func requireNotDone(t *testing.T, l *lifecycle, name string, args map[string]any) {
	t.Helper()
	done, err := l.tryToAct(name, args)
	if err == nil {
		require.Equal(t, v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED, done.GetStatus(), "%s: %v", name, done)
	}
}
