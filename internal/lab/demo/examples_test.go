package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/lab/localsync"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// TestNobodyIsSaidToHoldWhatIsOnlyEligible compares what the demo tells of its tenant
// with what the tenant knows of itself.
func TestNobodyIsSaidToHoldWhatIsOnlyEligible(t *testing.T) {
	server, err := graphsim.Start(graphsim.NewTenant(graphsim.Small, 1), graphsim.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	path := filepath.Join(t.TempDir(), "demo.c1z")
	failed, err := localsync.Sync(t.Context(), &config.AzureAd{
		AzureTenantId: server.TenantID(), AzureClientId: server.ClientID(), AzureClientSecret: server.ClientSecret(),
		AuthorityHost: server.URL(), GraphEndpoint: server.URL(), CaCertificate: server.CACertPEM(),
		SkipSignInActivity: true, SkipMfaRegistration: true,
	}, localsync.Options{Path: path, Scratch: t.TempDir(), Workers: 4, Connector: connector.Options{Version: "test", ReportsPerWindow: 1000}})
	require.NoError(t, err)
	require.NoError(t, failed)

	s, err := access.Open(t.Context(), path, t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(t.Context())) }()
	found, err := examples(t.Context(), s)
	require.NoError(t, err)
	require.Len(t, found, 3, "a role that is held, one that may be activated, and an app role")
	truth := server.Tenant().Truth()
	has := func(effective []graphsim.TruthAccess, object, role, person string) bool {
		return slices.ContainsFunc(effective, func(a graphsim.TruthAccess) bool {
			return a.ObjectID == object && (role == "" || a.RoleID == role) &&
				slices.ContainsFunc(a.Principals, func(p graphsim.TruthPrincipal) bool { return p.ID == person })
		})
	}
	assigned := func(rows []graphsim.TruthRoleAssignment, role, principal string) bool {
		return slices.ContainsFunc(rows, func(a graphsim.TruthRoleAssignment) bool {
			return a.RoleID == role && a.Scope == "/" && a.Principal.ID == principal
		})
	}
	for i, e := range found {
		person, on, group := e.person.ID, e.on.ID, e.groups[0].ID
		says := e.sentence()
		require.Len(t, e.groups, 1)
		require.True(t, strings.HasSuffix(says, " only through the group "+e.groups[0].Name+"."), says)
		require.True(t, slices.ContainsFunc(truth.Members, func(m graphsim.TruthEdge) bool { return m.ObjectID == group && m.Principal.ID == person }), says)
		switch i {
		case 0:
			require.Contains(t, says, " holds the directory role ")
			require.True(t, has(truth.EffectiveRoles, on, "", person), says)
			require.True(t, assigned(truth.RoleAssignments, on, group), says)
			require.False(t, assigned(truth.RoleAssignments, on, person), says)
		case 1:
			require.Contains(t, says, " may activate the directory role ")
			require.True(t, has(truth.EffectiveEligible, on, "", person), says)
			require.True(t, assigned(truth.RoleEligibilities, on, group), says)
			require.False(t, assigned(truth.RoleEligibilities, on, person), says)
		case 2:
			require.Contains(t, says, " holds the app role ")
			require.True(t, has(truth.EffectiveAppRoles, on, e.slug, person), says)
			require.False(t, slices.ContainsFunc(truth.AppRoleAssignments, func(a graphsim.TruthAppRoleAssignment) bool {
				return a.ResourceID == on && a.AppRoleID == e.slug && a.Principal.ID == person
			}), says)
		}
	}
	var told bytes.Buffer
	require.NoError(t, tell(t.Context(), &told, s))
	require.Contains(t, told.String(), "    1300  users\n")
	t.Log("\n" + told.String())
}
