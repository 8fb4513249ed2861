package users

import (
	"net/http"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func userFrom(t *testing.T, u graph.User) (*v2.Resource, *v2.UserTrait) {
	t.Helper()
	u.ID = fake.SomeID
	r, err := (&Syncer{Kit: kinds.Kit{Portal: model.Portal{Root: "https://entra.example"}}}).Resource(&u, &People{})
	require.NoError(t, err)
	trait, err := rs.GetUserTrait(r)
	require.NoError(t, err)
	return r, trait
}

func TestIDsAreLowerCaseHoweverGraphSpellsThem(t *testing.T) {
	r, _ := userFrom(t, graph.User{UserPrincipalName: "a@b.c"})
	require.Equal(t, "6e7b768e-07e2-4810-8459-485f84f8f204", r.GetId().GetResource())
	link := &v2.ExternalLink{}
	annos := annotations.Annotations(r.GetAnnotations())
	ok, err := annos.Pick(link)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "https://entra.example/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/6e7b768e-07e2-4810-8459-485f84f8f204", link.GetUrl())
}

func TestUsersWithoutMailOrNameAreNormal(t *testing.T) {
	r, trait := userFrom(t, graph.User{UserPrincipalName: "svc_x#EXT#@contoso.onmicrosoft.com", AccountEnabled: new(false)})
	require.Equal(t, "svc_x#EXT#@contoso.onmicrosoft.com", r.GetDisplayName())
	require.Equal(t, "svc_x#EXT#@contoso.onmicrosoft.com", trait.GetLogin())
	require.Empty(t, trait.GetEmails())
	require.Empty(t, trait.GetLoginAliases())
	require.Equal(t, v2.Status_RESOURCE_STATUS_DISABLED, r.GetStatus().GetStatus())
	require.Equal(t, v2.UserTrait_Status_STATUS_DISABLED, trait.GetStatus().GetStatus(), "readers of the older field must not see an enabled account") //nolint:staticcheck // The older field it is.
}

func TestAnUnknownStatusIsNotTakenForEnabled(t *testing.T) {
	r, _ := userFrom(t, graph.User{UserPrincipalName: "a@b.c"})
	require.Equal(t, v2.Status_RESOURCE_STATUS_UNSPECIFIED, r.GetStatus().GetStatus())
	r, _ = userFrom(t, graph.User{UserPrincipalName: "a@b.c", AccountEnabled: new(true)})
	require.Equal(t, v2.Status_RESOURCE_STATUS_ENABLED, r.GetStatus().GetStatus())
}

func TestEachAddressComesOnceAndOnlyMailIsMail(t *testing.T) {
	_, trait := userFrom(t, graph.User{
		UserPrincipalName: "zoe@contoso.com",
		Mail:              "Zoe@contoso.com",
		ProxyAddresses:    []string{"SMTP:zoe@contoso.com", "smtp:z.mueller@contoso.com", "X500:/o=x", "SIP:zoe@contoso.com", "odd"},
		OtherMails:        []string{"zoe@home.example", "Z.Mueller@contoso.com"},
	})
	var found []string
	for i, e := range trait.GetEmails() {
		found = append(found, e.GetAddress())
		require.Equal(t, i == 0, e.GetIsPrimary())
	}
	require.Equal(t, []string{"Zoe@contoso.com", "z.mueller@contoso.com", "zoe@home.example"}, found)
	require.Equal(t, []string{"z.mueller@contoso.com", "zoe@home.example"}, trait.GetLoginAliases())
}

func TestGuestsArePeopleAndAgentUsersAreNot(t *testing.T) {
	r, trait := userFrom(t, graph.User{UserPrincipalName: "a@b.c", UserType: "Guest"})
	require.Equal(t, v2.UserTrait_ACCOUNT_TYPE_HUMAN, trait.GetAccountType())
	require.Equal(t, "Guest", r.GetProfile().GetFields()["userType"].GetStringValue())
	_, trait = userFrom(t, graph.User{UserPrincipalName: "a@b.c", ODataType: graph.TypeAgentUser})
	require.Equal(t, v2.UserTrait_ACCOUNT_TYPE_SERVICE, trait.GetAccountType())
}

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

// Without chosen properties a row does not say when its object was deleted.
func TestPeopleInTheRecycleBinWouldSeemToBeThere(t *testing.T) {
	client := fake.GraphThat(t, func(ref string) (int, string) {
		if strings.Contains(ref, "$select") {
			return http.StatusBadRequest, fake.RefusalBody("BadRequest")
		}
		return http.StatusOK, `{"value":[{"id":"` + fake.Here + `","userPrincipalName":"a@b.c"},{"id":"` + fake.Deleted + `","userPrincipalName":"d@b.c","accountEnabled":true}]}`
	})
	found, _, err := (&Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}}}).listDeleted(t.Context(), walk.Cursor{Version: walk.TokenVersion})
	require.NoError(t, err)
	require.Len(t, found, 2)
	for _, r := range found {
		require.Equal(t, v2.Status_RESOURCE_STATUS_DELETED, r.GetStatus().GetStatus())
	}
}
