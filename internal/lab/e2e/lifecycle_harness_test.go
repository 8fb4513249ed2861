package e2e

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/crypto/providers"
	"github.com/conductorone/baton-sdk/pkg/crypto/providers/jwk"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// lifecycle is the built connector with provisioning on, over a tenant that it
// may change, and a parent that keeps the key to what it hands out.
type lifecycle struct {
	t       *testing.T
	tenant  *graphsim.Server
	process *subprocess
	client  types.ConnectorClient
	lock    *v2.EncryptionConfig
	key     *jose.JSONWebKey
	secrets []string
}

// writableTenant is a small tenant that the connector may change, but for its
// administrators.
func writableTenant(t *testing.T) *graphsim.Server {
	t.Helper()
	tenant := startTenant(t, graphsim.Small)
	tenant.SetPermissions(append(graphsim.DefaultPermissions(), graphsim.WritePermissions()...)...)
	return tenant
}

func startLifecycle(t *testing.T) *lifecycle {
	t.Helper()
	return startLifecycleFor(t, writableTenant(t), "BATON_PROVISIONING=true")
}

func startLifecycleFor(t *testing.T, tenant *graphsim.Server, env ...string) *lifecycle {
	t.Helper()
	l := &lifecycle{t: t, tenant: tenant, process: startSubprocess(t, tenant, append(env, "BATON_LOG_LEVEL=debug")...)}
	l.client = l.process.parent(t)
	_, err := l.client.GetMetadata(t.Context(), &v2.ConnectorServiceGetMetadataRequest{}, grpc.WaitForReady(true))
	require.NoError(t, err)
	provider, err := providers.GetEncryptionProvider(jwk.EncryptionProviderJwk)
	require.NoError(t, err)
	l.lock, l.key, err = provider.GenerateKey(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { l.requireSecret(filepath.Dir(l.process.temp)) })
	return l
}

// open decrypts what the connector has handed out, and remembers it for
// requireSecret.
func (l *lifecycle) open(sealed []*v2.EncryptedData) []string {
	l.t.Helper()
	provider, err := providers.GetEncryptionProvider(jwk.EncryptionProviderJwk)
	require.NoError(l.t, err)
	var opened []string
	for _, one := range sealed {
		plain, err := provider.Decrypt(l.t.Context(), one, l.key)
		require.NoError(l.t, err)
		opened = append(opened, string(plain.GetBytes()))
	}
	l.secrets = append(l.secrets, opened...)
	return opened
}

// requireSecret makes sure that nothing that was handed out can be read in what
// the connector wrote.
func (l *lifecycle) requireSecret(root string) {
	l.t.Helper()
	requireNowhere(l.t, l.secrets, root)
	for _, secret := range l.secrets {
		require.False(l.t, strings.Contains(l.process.stderr.String(), secret), "the log shows a password or a secret")
	}
	requireEmpty(l.t, l.process.temp)
}

var randomPassword = v2.CredentialOptions_builder{
	RandomPassword: v2.CredentialOptions_RandomPassword_builder{Length: 16}.Build(),
}.Build()

// create asks for an account with a random password.
func (l *lifecycle) create(profile map[string]any) (*v2.CreateAccountResponse, error) {
	l.t.Helper()
	fields, err := structpb.NewStruct(profile)
	require.NoError(l.t, err)
	ctx, cancel := context.WithTimeout(l.t.Context(), serviceBound)
	defer cancel()
	return l.client.CreateAccount(ctx, v2.CreateAccountRequest_builder{
		AccountInfo: v2.AccountInfo_builder{Profile: fields}.Build(), CredentialOptions: randomPassword,
		EncryptionConfigs: []*v2.EncryptionConfig{l.lock}, ResourceTypeId: "user",
	}.Build())
}

// created is an account that was asked for, and its id.
func (l *lifecycle) created(profile map[string]any) string {
	l.t.Helper()
	made, err := l.create(profile)
	require.NoError(l.t, err)
	require.True(l.t, made.HasSuccess(), prototext.Format(made))
	require.Len(l.t, l.open(made.GetEncryptedData()), 1, "a new account comes with its password")
	return made.GetSuccess().GetResource().GetId().GetResource()
}

func (l *lifecycle) delete(resourceType, id string) error {
	ctx, cancel := context.WithTimeout(l.t.Context(), serviceBound)
	defer cancel()
	_, err := l.client.DeleteResource(ctx, v2.DeleteResourceRequest_builder{
		ResourceId: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build(),
	}.Build())
	return err
}

func (l *lifecycle) rotate(id string, options *v2.CredentialOptions) ([]string, error) {
	ctx, cancel := context.WithTimeout(l.t.Context(), serviceBound)
	defer cancel()
	rotated, err := l.client.RotateCredential(ctx, v2.RotateCredentialRequest_builder{
		ResourceId:        v2.ResourceId_builder{ResourceType: "user", Resource: id}.Build(),
		CredentialOptions: options, EncryptionConfigs: []*v2.EncryptionConfig{l.lock},
	}.Build())
	if err != nil {
		return nil, err
	}
	return l.open(rotated.GetEncryptedData()), nil
}

// act invokes an action and waits for its end.
func (l *lifecycle) act(name string, args map[string]any) (map[string]any, v2.BatonActionStatus) {
	l.t.Helper()
	done, err := l.tryToAct(name, args)
	require.NoError(l.t, err)
	return done.GetResponse().AsMap(), done.GetStatus()
}

// tryToAct is act for what may not even be taken.
func (l *lifecycle) tryToAct(name string, args map[string]any) (*v2.InvokeActionResponse, error) {
	l.t.Helper()
	given, err := structpb.NewStruct(args)
	require.NoError(l.t, err)
	ctx, cancel := context.WithTimeout(l.t.Context(), serviceBound)
	defer cancel()
	return l.client.InvokeAction(ctx, v2.InvokeActionRequest_builder{
		Name: name, Args: given, InlineWait: durationpb.New(serviceBound),
	}.Build())
}

// acted is the result of an action that has to succeed.
func (l *lifecycle) acted(name string, args map[string]any) map[string]any {
	l.t.Helper()
	result, state := l.act(name, args)
	require.Equal(l.t, v2.BatonActionStatus_BATON_ACTION_STATUS_COMPLETE, state, "%s: %v", name, result)
	require.Equal(l.t, true, result["success"], "%s: %v", name, result)
	return result
}

// notActed is the error of an action that has to fail.
func (l *lifecycle) notActed(name string, args map[string]any) string {
	l.t.Helper()
	result, state := l.act(name, args)
	require.Equal(l.t, v2.BatonActionStatus_BATON_ACTION_STATUS_FAILED, state, "%s: %v", name, result)
	message, _ := result["error"].(string)
	require.NotEmpty(l.t, message)
	return message
}

// user is a user of the tenant as it is, and whether there is one.
func (l *lifecycle) user(id string) (graphsim.TruthUser, bool) {
	truth := l.tenant.Tenant().Truth()
	at := slices.IndexFunc(truth.Users, func(u graphsim.TruthUser) bool { return u.ID == id })
	if at < 0 {
		return graphsim.TruthUser{}, false
	}
	return truth.Users[at], true
}

// pick is the id of a user for whom fits holds, and who holds no directory role.
func (l *lifecycle) pick(fits func(graphsim.TruthUser) bool) string {
	l.t.Helper()
	truth := l.tenant.Tenant().Truth()
	privileged := map[string]bool{}
	for _, list := range [][]graphsim.TruthAccess{truth.EffectiveRoles, truth.EffectiveScopedRoles} {
		for _, a := range list {
			for _, p := range a.Principals {
				privileged[p.ID] = true
			}
		}
	}
	assignable := map[string]bool{}
	for _, g := range truth.Groups {
		assignable[g.ID] = g.RoleAssignable
	}
	for _, m := range truth.Members {
		if assignable[m.ObjectID] {
			privileged[m.Principal.ID] = true
		}
	}
	for _, u := range truth.Users {
		if !privileged[u.ID] && fits(u) {
			return u.ID
		}
	}
	require.Fail(l.t, "the tenant has no such user")
	return ""
}

func member(u graphsim.TruthUser) bool {
	return !u.Synced && u.UserType == "Member" && !u.Agent && u.Enabled
}

// writes counts the writes of one method that took effect under a path.
func (l *lifecycle) writes(method, path string) int {
	count := 0
	for _, w := range l.tenant.Writes() {
		if w.Method == method && strings.Contains(w.Path, path) {
			count++
		}
	}
	return count
}

// sync is a snapshot of the tenant as it is now, checked for being exact.
func (l *lifecycle) sync() *contents {
	l.t.Helper()
	o := runSync(l.t, l.tenant, options{workers: 4})
	require.NoError(l.t, o.err)
	got := readSnapshot(l.t, o.path)
	requireExact(l.t, l.tenant, got)
	requireNotInRows(l.t, l.secrets, got)
	return got
}

func requireRefused(t *testing.T, err error, code codes.Code, says string) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, code, status.Code(err), "%v", err)
	require.Contains(t, err.Error(), says)
}

// eventually is for what a replication lag keeps from showing.
func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, 30*time.Second, 50*time.Millisecond)
}
