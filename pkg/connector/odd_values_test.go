package connector

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/pagination"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func addressesOf(trait *v2.UserTrait) []string {
	var found []string
	for _, e := range trait.GetEmails() {
		found = append(found, e.GetAddress())
	}
	return found
}

func TestPeopleOfACustomerTenantWouldHaveNoNameThatAnybodyKnows(t *testing.T) {
	const madeUp = "6E7B768E-07E2-4810-8459-485F84F8F204@contoso.onmicrosoft.com"
	identities := []graph.Identity{
		{SignInType: "userPrincipalName", Issuer: "contoso.onmicrosoft.com", IssuerAssignedID: madeUp},
		{SignInType: "customerNumber", Issuer: "contoso.onmicrosoft.com", IssuerAssignedID: "4711"},
		{SignInType: "userName", Issuer: "contoso.onmicrosoft.com", IssuerAssignedID: "zoe"},
		{SignInType: "emailAddress", Issuer: "contoso.onmicrosoft.com", IssuerAssignedID: "zoe@home.example"},
		{SignInType: "emailAddress1", Issuer: "contoso.onmicrosoft.com", IssuerAssignedID: "zoe@work.example"},
		{SignInType: "federated", Issuer: "facebook.com", IssuerAssignedID: "5eecb0cd"},
		{SignInType: "federated", Issuer: "mail", IssuerAssignedID: "zoe@other.example"},
	}
	r, trait := userFrom(t, graph.User{UserPrincipalName: madeUp, OtherMails: []string{"Zoe@home.example"}, Identities: identities})
	require.Equal(t, madeUp, trait.GetLogin())
	require.Equal(t, []string{"Zoe@home.example", "zoe@work.example", "4711", "zoe"}, trait.GetLoginAliases())
	require.Equal(t, []string{"Zoe@home.example", "zoe@work.example"}, addressesOf(trait))
	require.Equal(t, "zoe@home.example", r.GetDisplayName())
	r, _ = userFrom(t, graph.User{UserPrincipalName: madeUp, DisplayName: "Zoe", Identities: identities})
	require.Equal(t, "Zoe", r.GetDisplayName())

	r, trait = userFrom(t, graph.User{UserPrincipalName: "zoe@contoso.com", Identities: []graph.Identity{
		{SignInType: "userPrincipalName", Issuer: "contoso.com", IssuerAssignedID: "zoe@contoso.com"},
		{SignInType: "federated", Issuer: "ExternalAzureAD"},
	}})
	require.Equal(t, "zoe@contoso.com", r.GetDisplayName())
	require.Empty(t, trait.GetLoginAliases(), "in other tenants nothing changes")
	require.Empty(t, addressesOf(trait))
}

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
		found, err := (&credentialOwner{holder: holder{typeAppRegistration, someOwner}}).keys(passwords, keys)
		require.NoError(t, err)
		return idsOf(found)
	}
	all := ids([]graph.PasswordCredential{old, recent, recent}, key, key)
	require.Len(t, all, 5, "a password without an id opens no key without one")
	slices.Sort(all)
	require.Len(t, slices.Compact(slices.Clone(all)), 5)
	for _, id := range all {
		require.Regexp(t, credentialIDForm, id)
	}
	again := ids([]graph.PasswordCredential{recent, old, recent}, key, key)
	slices.Sort(again)
	require.Equal(t, all, again, "the next sync has the same in another order")
	left := ids([]graph.PasswordCredential{recent}, key)
	for _, id := range left {
		require.Contains(t, all, id, "what is left keeps its id when another one goes")
	}
	named := graph.PasswordCredential{KeyID: someID, DisplayName: "named"}
	require.Equal(t, []string{someOwner + ":" + objectID(someID)}, ids([]graph.PasswordCredential{named}))
}

const someOwner = "dddddddd-0000-0000-0000-000000000001"

// credentialsOver reads the credentials of an application, of which one has no id.
func credentialsOver(t *testing.T, asked *int) *credentialSyncer {
	t.Helper()
	client := graphOver(t, func(*http.Request) string {
		*asked++
		return `{"id":"` + someOwner + `","appId":"` + someOwner + `","displayName":"Payroll","servicePrincipalType":"Application",
			"passwordCredentials":[{"keyId":null,"displayName":null,"endDateTime":"2020-01-01T00:00:00Z"}],"keyCredentials":[]}`
	})
	return &credentialSyncer{kit: kit{client: client, left: &tally{}, provision: &provisioner{client: client, locks: &keyedLocks{}}}}
}

func TestCredentialThatGraphCannotNameWouldBeTakenForGone(t *testing.T) {
	asked := 0
	s := credentialsOver(t, &asked)
	listed, err := s.ofServicePrincipal(t.Context(), someOwner)
	require.NoError(t, err)
	require.Len(t, listed, 1)
	parent := resourceID(typeApplication, someOwner)
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
	samlPassword, samlSign := graph.PasswordCredential{KeyID: someID}, graph.KeyCredential{KeyID: objectID(someID), Usage: "Sign"}
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

func TestUnknownAccessToAGroupWouldBeTakenForMembership(t *testing.T) {
	s := &groupSyncer{kit: kit{left: &tally{}}}
	known := &identified{principals: &principals{}}
	for _, access := range []string{"unknownFutureValue", "", "approver"} {
		g, err := s.eligibleGrant(sales, &graph.GroupEligibility{
			AccessID: access, MemberType: "Direct", PrincipalID: ann,
		}, known)
		require.NoError(t, err)
		require.Nil(t, g, access)
	}
	require.Equal(t, map[string]int{leftUnknownAccess: 3}, s.left.take())
}

const (
	skuEnabled = `{"id":"1","skuId":"` + e3 + `","skuPartNumber":"SPE_E3","capabilityStatus":"Enabled","consumedUnits":7,` +
		`"prepaidUnits":{"enabled":10,"warning":1,"suspended":0,"lockedOut":2},"servicePlans":[{"servicePlanId":"` + sales + `","servicePlanName":"A"}]}`
	skuSuspended = `{"id":"2","skuId":"05E9A617-0261-4CEE-BB44-138D3EF5D965","skuPartNumber":"SPE_E3","capabilityStatus":"Suspended","consumedUnits":3,` +
		`"prepaidUnits":{"enabled":0,"warning":4,"suspended":5,"lockedOut":1},` +
		`"servicePlans":[{"servicePlanId":"` + abroad + `","servicePlanName":"B"},{"servicePlanId":"` + sales + `","servicePlanName":"A"}]}`
)

func TestSeatsOfAProductWithTwoRowsWouldBeThoseOfTheLast(t *testing.T) {
	for name, pages := range map[string][2]string{
		"on one page":    {`{"value":[` + skuSuspended + `,` + skuEnabled + `]}`, ""},
		"on two":         {`{"value":[` + skuEnabled + `],"@odata.nextLink":"ROOT/subscribedSkus?$skiptoken=x"}`, `{"value":[` + skuSuspended + `]}`},
		"on two, worse":  {`{"value":[` + skuSuspended + `],"@odata.nextLink":"ROOT/subscribedSkus?$skiptoken=x"}`, `{"value":[` + skuEnabled + `]}`},
		"on one of many": {`{"value":[],"@odata.nextLink":"ROOT/subscribedSkus?$skiptoken=x"}`, `{"value":[` + skuEnabled + `,` + skuSuspended + `]}`},
	} {
		t.Run(name, func(t *testing.T) {
			client := graphOver(t, func(r *http.Request) string {
				if r.URL.Query().Get("$skiptoken") != "" {
					return pages[1]
				}
				return pages[0]
			})
			s := &licenseSyncer{kit: kit{client: client, left: &tally{}, decider: &decider{client: client}}}
			store := newKeptStore(t)
			list := func(token string) ([]*v2.Resource, string) {
				found, res, err := s.List(t.Context(), nil, rs.SyncOpAttrs{Session: store, PageToken: pagination.Token{Token: token}})
				require.NoError(t, err)
				if res == nil {
					return found, ""
				}
				return found, res.NextPageToken
			}
			var last *v2.Resource
			for token := ""; ; {
				found, _ := list(token) // Whoever was killed reads a page twice.
				again, next := list(token)
				require.Len(t, again, len(found))
				for i := range again {
					last = again[i]
				}
				if token = next; token == "" {
					break
				}
			}
			got, _, err := s.Get(t.Context(), resourceID(typeLicense, e3), nil)
			require.NoError(t, err)
			for _, r := range []*v2.Resource{last, got} {
				require.Equal(t, e3, r.GetId().GetResource())
				trait := &v2.LicenseProfileTrait{}
				annos := annotations.Annotations(r.GetAnnotations())
				ok, err := annos.Pick(trait)
				require.NoError(t, err)
				require.True(t, ok)
				require.EqualValues(t, 15, trait.GetPurchasedSeats())
				require.EqualValues(t, 10, trait.GetConsumedSeats())
				profile := r.GetProfile().AsMap()
				require.Equal(t, map[string]any{sales: "A", abroad: "B"}, profile["servicePlans"])
				require.Equal(t, "Enabled", profile["capabilityStatus"])
				require.EqualValues(t, 5, profile["suspendedUnits"])
				require.EqualValues(t, 3, profile["lockedOutUnits"])
			}
		})
	}
}

// Without chosen properties a row does not say when its object was deleted.
func TestPeopleInTheRecycleBinWouldSeemToBeThere(t *testing.T) {
	client := graphThat(t, func(ref string) (int, string) {
		if strings.Contains(ref, "$select") {
			return http.StatusBadRequest, refusalBody("BadRequest")
		}
		return http.StatusOK, `{"value":[{"id":"` + here + `","userPrincipalName":"a@b.c"},{"id":"` + deleted + `","userPrincipalName":"d@b.c","accountEnabled":true}]}`
	})
	found, _, err := (&userSyncer{kit: kit{client: client, left: &tally{}}}).listDeleted(t.Context(), cursor{Version: tokenVersion})
	require.NoError(t, err)
	require.Len(t, found, 2)
	for _, r := range found {
		require.Equal(t, v2.Status_RESOURCE_STATUS_DELETED, r.GetStatus().GetStatus())
	}
}
