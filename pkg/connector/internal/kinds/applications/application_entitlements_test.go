package applications

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestDisabledAppRoleKeepsItsEntitlementAndSaysSo(t *testing.T) {
	offered := applicationEntitlements(&graph.ServicePrincipalRoles{ID: fake.SomeID, DisplayName: "Contoso Mail", AppRoles: []graph.AppRole{
		{ID: "AAAAAAAA-0000-0000-0000-000000000001", DisplayName: "Approver", IsEnabled: false},
		{ID: "aaaaaaaa-0000-0000-0000-000000000002", DisplayName: "Read all mail", Value: "Mail.Read", IsEnabled: true, AllowedMemberTypes: []string{"Application"}},
	}})
	require.Len(t, offered, 4)
	require.Equal(t, "owner", offered[0].GetSlug())
	require.Equal(t, "default_access", offered[1].GetSlug())
	require.Equal(t, "aaaaaaaa-0000-0000-0000-000000000001", offered[2].GetSlug())
	require.Equal(t, "Approver on Contoso Mail (disabled)", offered[2].GetDisplayName())
	require.Contains(t, offered[2].GetDescription(), "disabled")
	require.Equal(t, "Mail.Read on Contoso Mail", offered[3].GetDisplayName(), "application permissions are known by their value")
	require.Equal(t, "Read all mail", offered[3].GetDescription())
}

func TestARoleOfOneApplicationPassesForThatOfAnother(t *testing.T) {
	admin := graph.AppRole{ID: "aaaaaaaa-0000-0000-0000-000000000001", DisplayName: "Admin", Value: "app.admin", Description: "Does everything", IsEnabled: true, AllowedMemberTypes: []string{"User"}}
	names := map[string]bool{}
	for _, application := range []string{"Payroll", "Canteen", ""} {
		offered := applicationEntitlements(&graph.ServicePrincipalRoles{ID: fake.SomeID, DisplayName: application, AppRoles: []graph.AppRole{admin}})
		names[offered[1].GetDisplayName()], names[offered[2].GetDisplayName()] = true, true
		require.Equal(t, "app.admin: Does everything", offered[2].GetDescription())
	}
	require.Equal(t, map[string]bool{
		"Default access to Payroll": true, "Admin on Payroll": true, "Default access to Canteen": true, "Admin on Canteen": true,
		"Default access to " + strings.ToLower(fake.SomeID): true, "Admin on " + strings.ToLower(fake.SomeID): true,
	}, names)
}
