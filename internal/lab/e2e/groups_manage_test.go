package e2e

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func startGroupManager(t *testing.T) *lifecycle {
	t.Helper()
	return startLifecycleFor(t, writableTenant(t), "BATON_PROVISIONING=true", "BATON_MANAGE_GROUPS=true")
}

// group is a group of the tenant as it is, and whether there is one.
func (l *lifecycle) group(id string) (graphsim.TruthGroup, bool) {
	truth := l.tenant.Tenant().Truth()
	at := slices.IndexFunc(truth.Groups, func(g graphsim.TruthGroup) bool { return g.ID == id })
	if at < 0 {
		return graphsim.TruthGroup{}, false
	}
	return truth.Groups[at], true
}

func TestGroupsAreNeitherChangedNorDeletedWhereNobodyAskedForIt(t *testing.T) {
	t.Parallel()
	l := startLifecycle(t)
	id := l.tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupMicrosoft365)
	require.Contains(t, l.notActed("update_group", map[string]any{"group_id": id, "display_name": "x"}), "--manage-groups")
	require.Contains(t, l.notActed("delete_group", map[string]any{"group_id": id, "confirm": id}), "--manage-groups")
	require.Empty(t, l.tenant.Writes())
}

func TestGroupIsChangedInWhatIsGivenAndTheRestStays(t *testing.T) {
	t.Parallel()
	l := startGroupManager(t)
	l.tenant.SetReplicationLag(time.Second, 2*time.Second)
	id := l.tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupMicrosoft365)
	before, _ := l.group(id)
	l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPatch, Path: "/groups/", First: 1, Action: graphsim.ActThenReset()})
	for range 2 {
		result := l.acted("update_group", map[string]any{"group_id": strings.ToUpper(id), "display_name": "Renamed", "visibility": "Private"})
		require.Equal(t, []any{"displayName", "visibility"}, result["changed"])
		require.Equal(t, id, result["group_id"])
		now, _ := l.group(id)
		require.Equal(t, "Renamed", now.DisplayName)
		require.Equal(t, "Private", now.Visibility)
		require.Equal(t, before.Description, now.Description)
	}
	l.acted("update_group", map[string]any{"group_id": id, "description": "", "visibility": "Public"})
	now, _ := l.group(id)
	require.Equal(t, []string{"Renamed", "", "Public"}, []string{now.DisplayName, now.Description, now.Visibility})

	dynamic := l.tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupDynamic)
	const rule = `(user.department -eq "Legal")`
	l.acted("update_group", map[string]any{"group_id": dynamic, "membership_rule": rule})
	now, _ = l.group(dynamic)
	require.Equal(t, rule, now.MembershipRule)
	time.Sleep(2 * time.Second) // Until reads show all of it.
	require.Equal(t, "Renamed", l.sync().resourceRows["group:"+id].GetDisplayName())
}

func TestGroupThatCannotBeChangedIsRefusedWithTheReason(t *testing.T) {
	l := startGroupManager(t)
	id := func(n int) string { return l.tenant.Tenant().ID(graphsim.KindGroup, n) }
	for name, c := range map[string]struct {
		group  string
		change map[string]any
		says   string
	}{
		"synchronized":          {id(graphsim.GroupSynced), map[string]any{"description": "x"}, "synchronized from on-premises"},
		"distribution":          {id(graphsim.GroupDistribution), map[string]any{"description": "x"}, "managed by Exchange"},
		"mail-enabled security": {id(graphsim.GroupMailSecurity), map[string]any{"description": "x"}, "managed by Exchange"},
		"rule where none is":    {id(graphsim.GroupMicrosoft365), map[string]any{"membership_rule": `(user.city -eq "Rome")`}, "has no membership rule"},
		"visibility":            {id(graphsim.GroupEmpty), map[string]any{"visibility": "Private"}, "only Microsoft 365 groups have a visibility"},
		"no such visibility":    {id(graphsim.GroupMicrosoft365), map[string]any{"visibility": "HiddenMembership"}, "visibility has to be Public or Private"},
		"no name":               {id(graphsim.GroupEmpty), map[string]any{"display_name": " "}, "display_name cannot be empty"},
		"nothing":               {id(graphsim.GroupEmpty), nil, "no property is given"},
		"long name":             {id(graphsim.GroupEmpty), map[string]any{"display_name": strings.Repeat("ä", 257)}, "257 characters"},
		"a name for an id":      {"Everybody", map[string]any{"description": "x"}, "names of groups are not unique"},
		"broken rule":           {id(graphsim.GroupDynamic), map[string]any{"membership_rule": "everybody"}, "membershipRule"},
	} {
		t.Run(name, func(t *testing.T) {
			args := map[string]any{"group_id": c.group}
			for key, value := range c.change {
				args[key] = value
			}
			require.Contains(t, l.notActed("update_group", args), c.says)
		})
	}
	require.Contains(t, l.notActed("delete_group", map[string]any{"group_id": id(graphsim.GroupSynced)}), "synchronized from on-premises")
	require.Contains(t, l.notActed("delete_group", map[string]any{"group_id": id(graphsim.GroupDistribution)}), "managed by Exchange")
	require.Contains(t, l.notActed("delete_group", map[string]any{"group_id": id(graphsim.GroupEmpty), "confirm": id(graphsim.GroupBig)}), "confirm has to be")
	require.Empty(t, l.tenant.Writes())
}

func TestGroupIsDeletedOnceAndTheSecondTimeItSaysThatItWasGone(t *testing.T) {
	t.Parallel()
	for name, action := range map[string]graphsim.Action{
		"answered":               graphsim.Latency(0),
		"cut off after it acted": graphsim.ActThenReset(),
		"timed out after":        graphsim.ActThenRespond(http.StatusGatewayTimeout, "UnknownError"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startGroupManager(t)
			l.tenant.SetReplicationLag(time.Second, 2*time.Second)
			id, _ := l.acted("create_group", map[string]any{"display_name": "Short-lived"})["group_id"].(string)
			l.tenant.Fault(graphsim.Rule{Name: "lost", Method: http.MethodDelete, Path: "/groups/", First: 1, Action: action})
			first := l.acted("delete_group", map[string]any{"group_id": id})
			require.Equal(t, true, first["deleted"])
			require.Contains(t, first["remark"], "gone for good")
			_, there := l.group(id)
			require.False(t, there)
			again := l.acted("delete_group", map[string]any{"group_id": id})
			require.Equal(t, true, again["already"])
			require.Equal(t, false, again["deleted"])
			require.Equal(t, 1, l.writes(http.MethodDelete, "/groups/"))
		})
	}
}

func TestMicrosoft365GroupThatIsDeletedStaysInTheBinAndSaysSo(t *testing.T) {
	t.Parallel()
	l := startGroupManager(t)
	id, _ := l.acted("create_group", map[string]any{"display_name": "Team", "group_type": "microsoft_365"})["group_id"].(string)
	dids := make([]map[string]any, 2)
	var all sync.WaitGroup
	for i := range dids {
		all.Go(func() { dids[i] = l.acted("delete_group", map[string]any{"group_id": id}) })
	}
	all.Wait()
	deleted := slices.IndexFunc(dids, func(did map[string]any) bool { return did["deleted"] == true })
	require.GreaterOrEqual(t, deleted, 0)
	require.Equal(t, true, dids[1-deleted]["already"], "two at once have both deleted it")
	require.Contains(t, dids[deleted]["remark"], "30 days")
	require.Equal(t, 1, l.writes(http.MethodDelete, "/groups/"))
	l.sync()
}

// roleHolder is a new group that holds a directory role, or may activate one.
func roleHolder(t *testing.T, l *lifecycle, slug string) string {
	t.Helper()
	id, _ := l.acted("create_group", map[string]any{"display_name": "Admins", "is_assignable_to_role": true})["group_id"].(string)
	role := l.tenant.Tenant().Truth().RoleAssignments[0].RoleID
	c := &changer{l.tenant, l.client}
	_, err := c.grant(t.Context(), &edgeChange{entitlement: "role:" + role + ":" + slug, principalType: "group", principal: id})
	require.NoError(t, err)
	return id
}

func TestGroupThatHoldsADirectoryRoleIsDeletedOnlyIfAskedTwice(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"assigned", "eligible"} {
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			l := startGroupManager(t)
			id := roleHolder(t, l, slug)
			before := len(l.tenant.Writes())
			require.Contains(t, l.notActed("delete_group", map[string]any{"group_id": id}), "ask again with its object id as confirm")
			require.Len(t, l.tenant.Writes(), before)
			_, there := l.group(id)
			require.True(t, there)
			require.Equal(t, true, l.acted("delete_group", map[string]any{"group_id": id, "confirm": id})["deleted"])
			_, there = l.group(id)
			require.False(t, there)
		})
	}
}

func TestRoleAssignableGroupTakesAPermissionOfItsOwn(t *testing.T) {
	t.Parallel()
	tenant := writableTenant(t)
	without := append(graphsim.DefaultPermissions(), graphsim.WritePermissions()...)
	without = slices.DeleteFunc(without, func(p string) bool { return p == "RoleManagement.ReadWrite.Directory" })
	tenant.SetPermissions(without...)
	l := startLifecycleFor(t, tenant, "BATON_PROVISIONING=true", "BATON_MANAGE_GROUPS=true")
	id := tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupRoleAssignable)
	for action, args := range map[string]map[string]any{
		"update_group": {"group_id": id, "description": "x"}, "delete_group": {"group_id": id, "confirm": id},
	} {
		message := l.notActed(action, args)
		require.Contains(t, message, "RoleManagement.ReadWrite.Directory")
		require.Contains(t, message, "can hold directory roles")
	}
	require.Empty(t, tenant.Writes())
	result, state := l.act("update_group", map[string]any{"group_id": tenant.Tenant().ID(graphsim.KindGroup, graphsim.GroupEmpty), "description": "x"})
	require.Equal(t, v2.BatonActionStatus_BATON_ACTION_STATUS_COMPLETE, state, "%v", result)
}
