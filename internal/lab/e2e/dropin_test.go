package e2e

import (
	"net/http"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// What was automated for ConductorOne's own Entra connector is called as it was: the
// argument names and the result names are those of its documentation.
func TestActionsOfTheOtherConnectorAreCalledAsTheyWere(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id, boss := l.created(jane()), l.pick(member)

	l.acted("disable_user", map[string]any{"user_id": id})
	off, _ := l.user(id)
	require.False(t, off.Enabled)
	l.acted("enable_user", map[string]any{"user_id": id})
	on, _ := l.user(id)
	require.True(t, on.Enabled)
	l.acted("update_user", map[string]any{"user_id": id, "user_profile": `{"displayName": "Jane Roe"}`})
	l.acted("update_profile", map[string]any{"user_id": id, "mail": "jane.roe@contoso.com", "extensionAttribute5": "red"})
	changed, _ := l.user(id)
	require.Equal(t, "Jane Roe", changed.DisplayName)
	require.Equal(t, "jane.roe@contoso.com", changed.Mail)
	require.Equal(t, "red", changed.ExtensionAttributes["extensionAttribute5"])

	l.acted("set_manager", map[string]any{"user_id": id, "manager_identifier": boss})
	managed, _ := l.user(id)
	require.Equal(t, boss, managed.ManagerID)
	for _, none := range []map[string]any{{"user_id": id, "manager_identifier": ""}, {"user_id": id}} {
		l.acted("set_manager", map[string]any{"user_id": id, "manager_identifier": boss})
		l.acted("set_manager", none)
		managed, _ = l.user(id)
		require.Empty(t, managed.ManagerID, "%v", none)
	}

	free := l.acted("check_upn", map[string]any{"proposed_upn": "jane.doe@contoso.com"})
	require.Equal(t, false, free["available"])
	require.Equal(t, "jane.doe2@contoso.com", free["userPrincipalName"])

	owner := map[string]any{"resource_type_id": "user", "resource_id": boss}
	made := l.acted("create_group", map[string]any{
		"displayName": "Drop In", "mailNickname": "dropin", "isAssignableToRole": false, "owner": owner,
		"userMembers": []any{map[string]any{"resource_type_id": "user", "resource_id": id}},
	})
	group, _ := made["group_id"].(string)
	truth := l.tenant.Tenant().Truth()
	require.True(t, hasEdge(truth.GroupOwners, group, boss))
	require.True(t, hasEdge(truth.Members, group, id))

	l.acted("revoke_sessions", map[string]any{"user_id": id})
	registered := l.pick(func(u graphsim.TruthUser) bool { return member(u) && u.MFARegistered != nil && *u.MFARegistered })
	result := l.acted("revoke_mfa", map[string]any{"user_id": registered})
	require.EqualValues(t, 2, result["deleted_count"])
	require.EqualValues(t, 0, result["failed_count"])
	require.EqualValues(t, 1, result["skipped_count"])
	require.Equal(t, result["methods"], result["results"])
	require.Equal(t, 1, l.writes(http.MethodPost, "/v1.0/groups"))
}

// The platform asks for what a schema says is required: under its own name alone, what
// was automated with the other would be refused before it reached the connector.
func TestSchemasRequireNoArgumentThatHasAnotherName(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	listed, err := l.client.ListActionSchemas(t.Context(), &v2.ListActionSchemasRequest{})
	require.NoError(t, err)
	for _, schema := range listed.GetSchemas() {
		names := map[string]bool{}
		for _, a := range schema.GetArguments() {
			names[a.GetName()] = a.GetIsRequired()
		}
		switch schema.GetName() {
		case "check_upn":
			require.Equal(t, map[string]bool{"userPrincipalName": false, "proposed_upn": false}, names)
		case "set_manager":
			require.Equal(t, map[string]bool{"user_id": true, "manager": false, "manager_identifier": false}, names)
		case "create_group":
			for _, name := range []string{"displayName", "mailNickname", "isAssignableToRole", "owner", "userMembers"} {
				require.Contains(t, names, name)
			}
			require.False(t, names["display_name"])
		}
	}
	require.Contains(t, l.notActed("check_upn", map[string]any{}), "userPrincipalName is required")
}
