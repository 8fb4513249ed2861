package events

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestTenantWouldBeTakenForAProduct(t *testing.T) {
	const sku, tenant = "f30db892-07e9-47e9-837c-80727f46fd3d", "11111111-2222-3333-4444-555555555555"
	for form, value := range map[string]string{
		"as the log has it":  `["[SkuName=FLOW_FREE, AccountId=` + tenant + `, SkuId=` + strings.ToUpper(sku) + `, DisabledPlans=[` + tenant + `]]"]`,
		"with line breaks":   "[\r\n  \"[SkuName=FLOW_FREE, AccountId=" + tenant + ", SkuId=" + sku + ", DisabledPlans=[]]\"\r\n]",
		"as JSON":            `[{"SkuId":"` + sku + `","AccountId":"` + tenant + `"}]`,
		"as JSON in a value": `"[{\"SkuId\":\"` + sku + `\"}]"`,
	} {
		require.Equal(t, []string{sku}, skusIn(value), form)
	}
	require.Empty(t, skusIn("[]"))
}

func TestOldValueWouldBeMissedWhereSomethingIsTakenAway(t *testing.T) {
	targets := []graph.AuditTarget{{Modified: []graph.AuditProperty{
		{Name: "Group.ObjectID", OldValue: `"` + fake.SomeID + `"`},
		{Name: "Plain", NewValue: "no quotes"},
		{Name: "Emptied", OldValue: `"before"`, NewValue: `""`},
	}}}
	require.Equal(t, fake.SomeID, property(targets, "Group.ObjectID"))
	require.Equal(t, "no quotes", property(targets, "Plain"))
	require.Equal(t, "before", property(targets, "Emptied"))
	require.Empty(t, property(targets, "Absent"))
}

func TestOwnerWouldBeMistakenForWhatIsOwned(t *testing.T) {
	const group, inner = "aaaaaaaa-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000002"
	named := []graph.AuditProperty{{Name: "Group.ObjectID", NewValue: `"` + group + `"`}}
	for order, targets := range map[string][]graph.AuditTarget{
		"member first":       {{ID: inner, Type: targetGroup, Modified: named}, {ID: group, Type: targetGroup}},
		"group first":        {{ID: group, Type: targetGroup}, {ID: inner, Type: targetGroup, Modified: named}},
		"group not a target": {{ID: inner, Type: targetGroup, Modified: named}},
	} {
		on, who, ok := sides(&graph.DirectoryAudit{Targets: targets}, "Group.ObjectID", targetGroup)
		require.True(t, ok, order)
		require.Equal(t, group, on, order)
		require.Equal(t, auditObject{targetGroup, inner}, who, order)
	}
	_, _, ok := sides(&graph.DirectoryAudit{Targets: []graph.AuditTarget{{ID: inner, Type: targetGroup}, {ID: group, Type: targetGroup}}}, "Group.ObjectID", targetGroup)
	require.False(t, ok, "nothing tells the two apart")
}

func TestEveryActivityThatIsUnderstoodChangesSomething(t *testing.T) {
	for name := range activities {
		for _, word := range []string{"requested", "approved", "denied", "canceled"} {
			require.NotContains(t, name, word)
		}
	}
}
