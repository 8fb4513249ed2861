package ask

import (
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
)

// Somebody back from the recycle bin may have signed in yesterday.
func TestWhoseLastSignInNobodyKnowsWouldBeCalledStale(t *testing.T) {
	at := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	row := func(kind, id string, profile map[string]any) *v2.Resource {
		made, err := rs.NewResource(id, &v2.ResourceType{Id: kind}, id, rs.WithResourceProfile(profile))
		require.NoError(t, err)
		return made
	}
	tenant := row("tenant", "aaaaaaaa-0000-0000-0000-000000000000", map[string]any{
		"readAt": at.Format(time.RFC3339), "dataSets": []any{"users", "directory roles", access.DataSignIns, access.DataRoleEligibility},
	})
	role := row(access.TypeRole, "62e90394-69f5-4237-9190-012177145e10", nil)
	never, unknown := row(access.TypeUser, "never", nil), row(access.TypeUser, "unknown", map[string]any{"lastSignInUnknown": true})
	assigned := entitlement.NewAssignmentEntitlement(role, access.SlugAssigned)
	file := handmade.File{
		Types: access.TypeIDs(), Resources: []*v2.Resource{tenant, role, never, unknown}, Entitlements: []*v2.Entitlement{assigned},
		Grants: []*v2.Grant{handmade.Grant(assigned, never), handmade.Grant(assigned, unknown)},
	}
	s, err := access.Open(t.Context(), file.Write(t), t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(t.Context())) }()
	answer, err := Ask(t.Context(), s, stale, nil, Options{At: at})
	require.NoError(t, err)
	require.Len(t, answer.Rows, 1)
	require.Equal(t, "never", answer.Rows[0][0])
	require.Contains(t, answer.Gaps, "1 privileged person has no sign-in in the snapshot, which does not say that they never had one")
}
