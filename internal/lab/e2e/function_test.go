package e2e

import (
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

func validate(t *testing.T, c types.ConnectorClient) error {
	t.Helper()
	_, err := c.Validate(briefly(t), &v2.ConnectorServiceValidateRequest{})
	return err
}

// The calls of one sync reach instances at will. What one of them keeps to itself,
// the SDK's cache of the session store included, is lost to the others.
func TestHostedConnectorMakesTheSnapshotWhicheverInstanceIsCalled(t *testing.T) {
	t.Parallel()
	h := startHosted(t, 2, nil)
	h.signIn(allPermissions()...)
	got := h.sync(t, h.client(t, platformsim.Caller{}, inTurn(2)))
	requireExact(t, h.tenant, got)
	for _, request := range h.tenant.Requests() {
		require.False(t, request.Authority, "the connector signed in by itself: %s", request.Path)
	}
	require.Empty(t, h.tenant.Stats().Unmatched)
	require.Contains(t, h.logs.String(), "graph: answered", "the log is not that of the level that was set")
	h.requireNoTokens(t)
}

// The hosted set-up: sign in, have an administrator consent, sign in again. The
// function stays warm all the while, and an older platform does not tell it that
// its settings have changed.
func TestHostedConnectorNamesWhatLacksConsentAndReadsAfterTheSecondSignIn(t *testing.T) {
	t.Parallel()
	for name, older := range map[string]bool{"settings with versions": false, "settings without": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := startHosted(t, 1, nil)
			c := h.client(t, platformsim.Caller{Unversioned: older}, inTurn(1))
			h.signIn("User.Read")
			refused := validate(t, c)
			require.Equal(t, codes.PermissionDenied, status.Code(refused), refused)
			for _, permission := range graphsim.CorePermissions() {
				require.ErrorContains(t, refused, permission)
			}
			require.ErrorContains(t, refused, "delegated permissions")
			require.ErrorContains(t, refused, "grant admin consent, then sign in again")

			h.signIn(allPermissions()...)
			if !older {
				h.platform.Configure(h.platform.Settings())
			}
			require.NoError(t, validate(t, c), "the token of the first sign-in is still used")
			requireExact(t, h.tenant, h.sync(t, c))
			h.requireNoTokens(t, refused)
		})
	}
}

// With several instances, the one that validates a sync need not be the one that
// reads first, nor that one the one that goes on. An instance that was warm before
// the second sign-in would leave out what it was not allowed to read then, or fail
// over it.
func TestInstanceThatMissedTheSecondSignInLeavesNothingOut(t *testing.T) {
	t.Parallel()
	const missed, knows = 0, 1
	for name, knowing := range map[string][]string{
		"it reads first":            {"Validate"},
		"it goes on where one read": {"Validate", "ListResources"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := startHosted(t, 2, nil)
			h.signIn(graphsim.CorePermissions()...)
			first := h.sync(t, h.client(t, platformsim.Caller{Unversioned: true}, func(string) int { return missed }))
			for resource := range first.resources {
				require.False(t, strings.HasPrefix(resource, "license:"), "nobody has consented to reading licences yet")
			}
			time.Sleep(time.Second) // Tokens tell when they were issued in whole seconds.
			h.signIn(allPermissions()...)
			second := h.sync(t, h.client(t, platformsim.Caller{Unversioned: true}, func(method string) int {
				if slices.Contains(knowing, path.Base(method)) {
					return knows
				}
				return missed
			}))
			requireExact(t, h.tenant, second)
		})
	}
}

func TestHostedConnectorSaysWhatIsWrongWithTheSignIn(t *testing.T) {
	t.Parallel()
	h := startHosted(t, 1, nil)
	c := h.client(t, platformsim.Caller{}, inTurn(1))
	refuse := func(code codes.Code) func() {
		h.signIn(allPermissions()...)
		return h.platform.Fault(platformsim.Rule{Method: "GetConnectorOauthToken", Code: code, Message: "internal words"}).Remove
	}
	for _, trouble := range []struct {
		name  string
		cause func() func()
		says  string
	}{
		{"nobody signed in", func() func() { h.platform.SignOut(); return func() {} }, "the platform gave no access token; sign in again in the connector's settings"},
		{"not renewed", func() func() {
			token, _ := h.tenant.SignIn(allPermissions()...)
			h.platform.SignIn(token, time.Now().Add(-time.Minute))
			return func() {}
		}, "has expired and was not renewed; sign in again"},
		{"revoked", func() func() {
			h.signIn(allPermissions()...)
			return h.tenant.Fault(graphsim.Rule{Name: "revoked", Action: graphsim.Respond(401, "InvalidAuthenticationToken", "x")})
		}, "was not accepted, because it has expired, was revoked, or is for another cloud; sign in again"},
		{"platform withdraws", func() func() { return refuse(codes.PermissionDenied) }, "the platform gave no access token; sign in again"},
		{"platform busy", func() func() { return refuse(codes.Unavailable) }, "the platform did not answer the request for an access token; try again later"},
	} {
		repair := trouble.cause()
		err := validate(t, c)
		repair()
		require.Equal(t, codes.Unauthenticated, status.Code(err), "%s: %v", trouble.name, err)
		require.ErrorContains(t, err, trouble.says, trouble.name)
		require.NotContains(t, err.Error(), "internal words")
		h.requireNoTokens(t, err)
	}
	h.signIn(allPermissions()...)
	require.NoError(t, validate(t, c), "the same process goes on with a good token")
}

// A token can end earlier than the platform thinks, in the middle of a sync.
func TestTokenThatEndsMidSyncIsReplacedByTheNextOne(t *testing.T) {
	t.Parallel()
	h := startHosted(t, 1, nil)
	c := h.client(t, platformsim.Caller{}, inTurn(1))
	h.tenant.SetTokenLifetime(2 * time.Second)
	token, _ := h.tenant.SignIn(allPermissions()...)
	h.platform.SignIn(token, time.Now().Add(time.Hour))
	require.NoError(t, validate(t, c))
	time.Sleep(3 * time.Second)
	roles := func() error {
		_, err := c.GetResource(briefly(t), v2.ResourceGetterServiceGetResourceRequest_builder{
			ResourceId: v2.ResourceId_builder{ResourceType: "role", Resource: h.tenant.Tenant().Truth().RoleDefinitions[0].ID}.Build(),
		}.Build())
		return err
	}
	require.Equal(t, codes.Unauthenticated, status.Code(roles()))
	h.tenant.SetTokenLifetime(time.Hour)
	h.signIn(allPermissions()...)
	require.NoError(t, roles())
	h.requireNoTokens(t)
}

func TestNobodyButThePlatformCallsTheHostedConnector(t *testing.T) {
	t.Parallel()
	h := startHosted(t, 1, nil)
	h.signIn(allPermissions()...)
	err := validate(t, h.client(t, platformsim.Caller{Stranger: true, Unversioned: true}, inTurn(1)))
	require.Equal(t, codes.Unauthenticated, status.Code(err), err)
	require.Empty(t, h.tenant.Requests())
	require.Empty(t, h.platform.Calls("GetConnectorOauthToken"))
}

// The hosted form offers a secret too; then nobody asks the platform for a token.
func TestHostedConnectorSignsInByItselfWithASecret(t *testing.T) {
	t.Parallel()
	h := startHosted(t, 0, nil)
	h.tenant.SetPermissions(allPermissions()...)
	settings := h.platform.Settings()
	delete(settings, "auth-method")
	settings["azure-client-id"], settings["azure-client-secret"] = h.tenant.ClientID(), h.tenant.ClientSecret()
	h.platform.Configure(settings)
	h.functions = append(h.functions, h.start(t))
	require.NoError(t, validate(t, h.client(t, platformsim.Caller{}, inTurn(1))))
	require.Empty(t, h.platform.Calls("GetConnectorOauthToken"))
	require.NotContains(t, h.logs.String(), h.tenant.ClientSecret())
	h.requireNoTokens(t)
}
