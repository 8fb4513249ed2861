package applications

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestDisabledAppRoleKeepsItsEntitlementAndSaysSo(t *testing.T) {
	offered := applicationEntitlements(&graph.ServicePrincipalRoles{ID: fake.SomeID, AppRoles: []graph.AppRole{
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
