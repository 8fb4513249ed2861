package applications

import (
	"net/http"
	"slices"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func idsOf(resources []*v2.Resource) []string {
	var ids []string
	for _, r := range resources {
		ids = append(ids, r.GetId().GetResource())
	}
	return ids
}

func TestCredentialsWithoutAnIDOfTheirOwnWouldBeOne(t *testing.T) {
	start, end := time.Unix(1, 0), time.Unix(2, 0)
	old := graph.PasswordCredential{DisplayName: "old", StartDateTime: graph.TimeOrNone{Time: &start}, EndDateTime: graph.TimeOrNone{Time: &end}}
	recent := graph.PasswordCredential{DisplayName: "new", StartDateTime: graph.TimeOrNone{Time: &start}, EndDateTime: graph.TimeOrNone{Time: &end}}
	key := graph.KeyCredential{Type: "AsymmetricX509Cert", Usage: "Verify"}
	ids := func(passwords []graph.PasswordCredential, keys ...graph.KeyCredential) []string {
		found, err := (&credentialOwner{Holder: walk.Holder{Type: model.TypeAppRegistration, ID: someOwner}}).keys(passwords, keys)
		require.NoError(t, err)
		return idsOf(found)
	}
	all := ids([]graph.PasswordCredential{old, recent, recent}, key, key)
	require.Len(t, all, 5, "a password without an id opens no key without one")
	slices.Sort(all)
	require.Len(t, slices.Compact(slices.Clone(all)), 5)
	for _, id := range all {
		require.Regexp(t, model.CredentialIDForm, id)
	}
	again := ids([]graph.PasswordCredential{recent, old, recent}, key, key)
	slices.Sort(again)
	require.Equal(t, all, again, "the next sync has the same in another order")
	left := ids([]graph.PasswordCredential{recent}, key)
	for _, id := range left {
		require.Contains(t, all, id, "what is left keeps its id when another one goes")
	}
	named := graph.PasswordCredential{KeyID: fake.SomeID, DisplayName: "named"}
	require.Equal(t, []string{someOwner + ":" + model.ObjectID(fake.SomeID)}, ids([]graph.PasswordCredential{named}))
}

const someOwner = "dddddddd-0000-0000-0000-000000000001"

// credentialsOver reads the credentials of an application, of which one has no id.
func credentialsOver(t *testing.T, asked *int) *CredentialSyncer {
	t.Helper()
	client := fake.GraphOver(t, func(*http.Request) string {
		*asked++
		return `{"id":"` + someOwner + `","appId":"` + someOwner + `","displayName":"Payroll","servicePrincipalType":"Application",
			"passwordCredentials":[{"keyId":null,"displayName":null,"endDateTime":"2020-01-01T00:00:00Z"}],"keyCredentials":[]}`
	})
	return &CredentialSyncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}, Provision: &change.Provisioner{Client: client, Locks: &change.KeyedLocks{}}}}
}

func TestCredentialThatGraphCannotNameWouldBeTakenForGone(t *testing.T) {
	asked := 0
	s := credentialsOver(t, &asked)
	listed, err := s.ofServicePrincipal(t.Context(), someOwner)
	require.NoError(t, err)
	require.Len(t, listed, 1)
	parent := model.ResourceID(model.TypeApplication, someOwner)
	found, _, err := s.Get(t.Context(), listed[0].GetId(), parent)
	require.NoError(t, err)
	require.Equal(t, listed[0].GetId().GetResource(), found.GetId().GetResource())
	asked = 0
	_, err = s.Delete(t.Context(), listed[0].GetId(), parent)
	require.Equal(t, codes.FailedPrecondition, status.Code(err))
	require.ErrorContains(t, err, "has no key id")
	require.Zero(t, asked)
}

func TestKeysWithoutAnIDWouldPairWithEveryPassword(t *testing.T) {
	password, sign := graph.PasswordCredential{}, graph.KeyCredential{Usage: "Sign"}
	samlPassword, samlSign := graph.PasswordCredential{KeyID: fake.SomeID}, graph.KeyCredential{KeyID: model.ObjectID(fake.SomeID), Usage: "Sign"}
	samlVerify := graph.KeyCredential{KeyID: someOwner, Usage: "Verify"}
	for name, c := range map[string]struct {
		passwords []graph.PasswordCredential
		keys      []graph.KeyCredential
		itself    bool
	}{
		"nothing":                           {nil, nil, false},
		"SAML":                              {[]graph.PasswordCredential{samlPassword}, []graph.KeyCredential{samlSign, samlVerify}, false},
		"SAML and a password without an id": {[]graph.PasswordCredential{samlPassword, password}, []graph.KeyCredential{samlSign, samlVerify}, true},
		"both without an id":                {[]graph.PasswordCredential{password}, []graph.KeyCredential{sign}, true},
		"a signing key without an id":       {nil, []graph.KeyCredential{sign, {Usage: "Verify"}}, false},
		"a certificate without an id":       {nil, []graph.KeyCredential{{Usage: "Verify"}}, true},
	} {
		require.Equal(t, c.itself, signsInItself(&graph.ServicePrincipal{PasswordCredentials: c.passwords, KeyCredentials: c.keys}), name)
	}
}
