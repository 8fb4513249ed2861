package connector

import (
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

const someID = "6E7B768E-07E2-4810-8459-485F84F8F204"

func yes() *bool { b := true; return &b }

func no() *bool { b := false; return &b }

func userFrom(t *testing.T, u graph.User) (*v2.Resource, *v2.UserTrait) {
	t.Helper()
	u.ID = someID
	r, err := (&userSyncer{kit: kit{portal: portal{"https://entra.example"}}}).resource(&u, &people{})
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
	r, trait := userFrom(t, graph.User{UserPrincipalName: "svc_x#EXT#@contoso.onmicrosoft.com", AccountEnabled: no()})
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
	r, _ = userFrom(t, graph.User{UserPrincipalName: "a@b.c", AccountEnabled: yes()})
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

func TestGroupsAreToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		group  graph.Group
		source rs.GroupSourceType
		raw    string
		member string
		owner  bool
	}{
		"security":      {graph.Group{SecurityEnabled: true}, rs.GroupSourceTypeNative, "security", "", false},
		"Microsoft 365": {graph.Group{MailEnabled: true, GroupTypes: []string{"Unified"}}, rs.GroupSourceTypeNative, "microsoft365", "", false},
		"distribution":  {graph.Group{MailEnabled: true}, rs.GroupSourceTypeDistribution, "distribution", "Exchange", true},
		"mail-enabled":  {graph.Group{MailEnabled: true, SecurityEnabled: true}, rs.GroupSourceTypeDistribution, "mailEnabledSecurity", "Exchange", true},
		"dynamic":       {graph.Group{SecurityEnabled: true, GroupTypes: []string{"DynamicMembership"}}, rs.GroupSourceTypeDynamic, "security", "rule", false},
		"synced":        {graph.Group{SecurityEnabled: true, OnPremisesSyncEnabled: yes()}, rs.GroupSourceTypeDirectorySynced, "security", "on-premises", true},
		"once synced":   {graph.Group{SecurityEnabled: true, OnPremisesSyncEnabled: no()}, rs.GroupSourceTypeNative, "security", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.source, sourceType(&c.group))
			require.Equal(t, c.raw, rawSourceType(&c.group))
			traits := traitsOf(&c.group)
			require.Contains(t, traits.fixedBecause(slugMember), c.member)
			require.Equal(t, c.member != "", traits.fixedBecause(slugMember) != "")
			require.Equal(t, c.owner, traits.fixedBecause(slugOwner) != "")
		})
	}
}

func TestServicePrincipalsAreNeverMistakenForOneAnother(t *testing.T) {
	for resourceType, sp := range map[string]graph.ServicePrincipalIdentity{
		typeApplication:     {ServicePrincipalType: "Application"},
		typeManagedIdentity: {ServicePrincipalType: "ManagedIdentity"},
		typeAgentIdentity:   {ServicePrincipalType: "ServiceIdentity", ODataType: graph.TypeAgentIdentity},
	} {
		require.Equal(t, resourceType, servicePrincipalType(sp.Kind()))
	}
}

func TestDisabledAppRoleKeepsItsEntitlementAndSaysSo(t *testing.T) {
	offered := applicationEntitlements(&graph.ServicePrincipalRoles{ID: someID, AppRoles: []graph.AppRole{
		{ID: "AAAAAAAA-0000-0000-0000-000000000001", DisplayName: "Approver", IsEnabled: false},
		{ID: "aaaaaaaa-0000-0000-0000-000000000002", DisplayName: "Read all mail", Value: "Mail.Read", IsEnabled: true, AllowedMemberTypes: []string{"Application"}},
	}})
	require.Len(t, offered, 4)
	require.Equal(t, "owner", offered[0].GetSlug())
	require.Equal(t, "default_access", offered[1].GetSlug())
	require.Equal(t, "aaaaaaaa-0000-0000-0000-000000000001", offered[2].GetSlug())
	require.Equal(t, "Approver (disabled)", offered[2].GetDisplayName())
	require.Contains(t, offered[2].GetDescription(), "disabled")
	require.Equal(t, "Mail.Read", offered[3].GetDisplayName(), "application permissions are known by their value")
}
