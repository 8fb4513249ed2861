package e2e

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// issue asks for a client secret, and gives its resource and its text.
func (l *lifecycle) issue(resourceType, id, request string, end time.Time) (*v2.Resource, string, error) {
	ctx, cancel := context.WithTimeout(l.t.Context(), serviceBound)
	defer cancel()
	issued, err := l.client.IssueCredential(ctx, v2.IssueCredentialRequest_builder{
		IdentityId: v2.ResourceId_builder{ResourceType: resourceType, Resource: id}.Build(),
		CredentialOptions: v2.CredentialIssueOptions_builder{
			SecretResourceTypeId: "credential", ClientSecret: &v2.CredentialIssueOptions_ClientSecret{},
		}.Build(),
		EncryptionConfigs: []*v2.EncryptionConfig{l.lock}, ExpiresAt: timestamppb.New(end), RequestId: request,
	}.Build())
	if err != nil {
		return nil, "", err
	}
	opened := l.open(issued.GetEncryptedData())
	require.Len(l.t, opened, 1)
	return issued.GetSecret(), opened[0], nil
}

// owned are the credentials of an object as they are.
func (l *lifecycle) owned(id string) []graphsim.TruthCredential {
	truth := l.tenant.Tenant().Truth()
	return slices.DeleteFunc(truth.Credentials, func(c graphsim.TruthCredential) bool { return c.OwnerID != id })
}

// newSecrets are those of an object that were issued by the connector.
func (l *lifecycle) newSecrets(id string) []graphsim.TruthCredential {
	return slices.DeleteFunc(l.owned(id), func(c graphsim.TruthCredential) bool {
		return !strings.HasPrefix(c.DisplayName, "Issued by baton-azure-ad")
	})
}

func TestSecretIsIssuedOnceAndDeletedOnce(t *testing.T) {
	t.Parallel()
	for resourceType, owner := range map[string]func(*graphsim.Truth) string{
		"app_registration": func(truth *graphsim.Truth) string { return truth.Applications[0].ID },
		"application": func(truth *graphsim.Truth) string {
			at := slices.IndexFunc(truth.ServicePrincipals, func(s graphsim.TruthServicePrincipal) bool { return s.Kind == "application" })
			return truth.ServicePrincipals[at].ID
		},
	} {
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			l := startLifecycle(t)
			truth := l.tenant.Tenant().Truth()
			id := owner(&truth)
			end := time.Now().Add(90 * 24 * time.Hour).UTC().Truncate(time.Second)
			secret, text, err := l.issue(resourceType, id, "request-1", end)
			require.NoError(t, err)
			require.NotEmpty(t, text)
			made := l.newSecrets(id)
			require.Len(t, made, 1)
			require.Equal(t, id+":"+made[0].KeyID, secret.GetId().GetResource())
			require.Equal(t, end.Format(time.RFC3339), made[0].End)
			row := l.sync().resourceRows["credential:"+secret.GetId().GetResource()]
			require.NotNil(t, row, "the secret is not in the snapshot")
			require.Equal(t, row.GetDisplayName(), secret.GetDisplayName())

			_, _, err = l.issue(resourceType, id, "request-1", end)
			requireRefused(t, err, codes.AlreadyExists, "was issued for this request before")
			_, _, err = l.issue(resourceType, id, "request-2", end)
			require.NoError(t, err)
			require.Len(t, l.newSecrets(id), 2)
			for range 2 {
				require.NoError(t, l.delete("credential", secret.GetId().GetResource()))
				require.Len(t, l.newSecrets(id), 1)
			}
			require.Equal(t, 1, l.writes(http.MethodPost, "/removePassword"))
			require.NotContains(t, l.sync().resourceRows, "credential:"+secret.GetId().GetResource())
		})
	}
}

func TestLostAnswerToAnIssueLeavesOneSecretThatSomebodyKnows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		action graphsim.Action
		lag    time.Duration
	}{
		"cut off after it acted":            {graphsim.ActThenReset(), 0},
		"cut off, and reads lag":            {graphsim.ActThenReset(), 3 * time.Second},
		"timed out after, and reads lag":    {graphsim.ActThenRespond(http.StatusGatewayTimeout, "UnknownError"), 2 * time.Second},
		"failed before it acted":            {graphsim.Respond(http.StatusServiceUnavailable, "UnknownError", "x"), 0},
		"failed before it acted, with lags": {graphsim.Respond(http.StatusBadGateway, "UnknownError", "x"), 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLifecycle(t)
			l.tenant.SetReplicationLag(c.lag, c.lag)
			id := l.tenant.Tenant().Truth().Applications[0].ID
			l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/addPassword", First: 1, Action: c.action})
			secret, text, err := l.issue("app_registration", id, "request-1", time.Now().Add(24*time.Hour))
			require.NoError(t, err)
			require.NotEmpty(t, text)
			left := l.newSecrets(id)
			require.Len(t, left, 1, "a secret that nobody knows is left")
			require.Equal(t, id+":"+left[0].KeyID, secret.GetId().GetResource())
			require.NoError(t, l.delete("credential", secret.GetId().GetResource()), "a secret that reads do not show yet")
			require.Empty(t, l.newSecrets(id))
		})
	}
}

func TestTwoSecretsIssuedAtOnceAreTwo(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.tenant.Tenant().Truth().Applications[0].ID
	texts := make([]string, 2)
	errs := make([]error, 2)
	l.secrets = nil
	var all sync.WaitGroup
	var mu sync.Mutex
	for i, request := range []string{"one", "two"} {
		all.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			_, texts[i], errs[i] = l.issue("app_registration", id, request, time.Now().Add(24*time.Hour))
		})
	}
	all.Wait()
	require.NoError(t, errs[0])
	require.NoError(t, errs[1])
	require.NotEqual(t, texts[0], texts[1])
	require.Len(t, l.newSecrets(id), 2)
}

func TestSecretWithoutAnEndOrForNobodyIsRefused(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.tenant.Tenant().Truth().Applications[0].ID
	_, _, err := l.issue("app_registration", id, "request-1", time.Now().Add(10*365*24*time.Hour))
	requireRefused(t, err, codes.InvalidArgument, "exceeds connector maximum")
	_, _, err = l.issue("app_registration", id, "request-1", time.Now().Add(time.Minute))
	requireRefused(t, err, codes.InvalidArgument, "below connector minimum")
	_, _, err = l.issue("user", id, "request-1", time.Now().Add(24*time.Hour))
	requireRefused(t, err, codes.Unimplemented, "credential issuer")
	require.Empty(t, l.tenant.Writes())
}

func TestCertificateIsNotDeletedAndItIsSaidWhy(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	certificates := 0
	for _, c := range l.tenant.Tenant().Truth().Credentials {
		if c.Kind != "certificate" || certificates > 2 {
			continue
		}
		certificates++
		err := l.delete("credential", c.OwnerID+":"+c.KeyID)
		requireRefused(t, err, codes.FailedPrecondition, "is a certificate")
	}
	require.Positive(t, certificates)
	requireRefused(t, l.delete("credential", "nonsense"), codes.InvalidArgument, "is not the id of a credential")
	require.NoError(t, l.delete("credential", "00000000-1111-2222-3333-444444444444:00000000-1111-2222-3333-444444444444"), "with its owner, a credential is gone")
	require.Empty(t, l.tenant.Writes())
}

func TestFederatedCredentialIsDeletedOnceAndNoOther(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	truth := l.tenant.Tenant().Truth()
	at := slices.IndexFunc(truth.Credentials, func(c graphsim.TruthCredential) bool { return c.Kind == "federated" })
	c := truth.Credentials[at]
	for range 2 {
		require.NoError(t, l.delete("credential", c.OwnerID+":"+c.KeyID))
		require.Len(t, l.tenant.Tenant().Truth().Credentials, len(truth.Credentials)-1)
		require.NotContains(t, l.owned(c.OwnerID), c)
	}
	require.Equal(t, 1, l.writes(http.MethodDelete, "/federatedIdentityCredentials/"))
	require.NotContains(t, l.sync().resourceRows, "credential:"+c.OwnerID+":"+c.KeyID)
}

func TestCommandLineDeletesASecret(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	l := &lifecycle{t: t, tenant: tenant}
	truth := tenant.Tenant().Truth()
	at := slices.IndexFunc(truth.Credentials, func(c graphsim.TruthCredential) bool { return c.Kind == "password" && c.OwnerType == "application" })
	c := truth.Credentials[at]
	for range 2 {
		r := runBinary(t, signInTo(t, tenant), "--delete-resource", c.OwnerID+":"+c.KeyID, "--delete-resource-type", "credential")
		require.Zero(t, r.exit, r.stderr)
		require.False(t, slices.ContainsFunc(l.owned(c.OwnerID), func(o graphsim.TruthCredential) bool { return o.KeyID == c.KeyID }))
	}
	require.Equal(t, 1, l.writes(http.MethodPost, "/removePassword"))
}
