package schematest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// TestGroupSchedulesMatchMicrosoftModels is apart from the other lists because these need a filter.
func TestGroupSchedulesMatchMicrosoftModels(t *testing.T) {
	c := start(t)
	for _, noun := range []struct {
		name    string
		kind    graphsim.Kind
		factory serialization.ParsableFactory
	}{
		{"eligibilityScheduleInstances", graphsim.KindGroupEligibilityInstance, models.CreatePrivilegedAccessGroupEligibilityScheduleInstanceFromDiscriminatorValue},
		{"assignmentScheduleInstances", graphsim.KindGroupAssignmentInstance, models.CreatePrivilegedAccessGroupAssignmentScheduleInstanceFromDiscriminatorValue},
	} {
		list, single := graphsim.Selectable(noun.kind)
		require.NotEmpty(t, list)
		assert.Empty(t, single)
		unknown := leftOver{}
		for _, g := range []int{graphsim.GroupRoleAssignable, graphsim.GroupNoDescription} {
			path := "identityGovernance/privilegedAccess/group/" + noun.name + "?$filter=groupId%20eq%20'" + c.server.Tenant().ID(graphsim.KindGroup, g) + "'"
			rows := append(c.rows(path+"&$select="+strings.Join(list, ",")+"&$expand=principal($select=id)"), c.rows(path+"&$expand=group($select=id)")...)
			require.NotEmpty(t, rows)
			for _, row := range rows {
				unknown.parse(t, row, noun.factory)
			}
		}
		assert.Empty(t, unknown.names(), noun.name)
	}
}

// TestUnitMembersAndSponsorsMatchMicrosoftModels reads the mixed collections of the directory.
func TestUnitMembersAndSponsorsMatchMicrosoftModels(t *testing.T) {
	c := start(t)
	paths := []string{
		"directory/administrativeUnits/" + c.server.Tenant().ID(graphsim.KindAdministrativeUnit, graphsim.UnitLarge) + "/members?$select=id&$top=999",
		"devices/" + c.server.Tenant().ID(graphsim.KindDevice, graphsim.DeviceOfTwo) + "/registeredOwners",
		"groups/" + c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupMixed) + "/memberOf",
	}
	agents := c.rows("servicePrincipals/microsoft.graph.agentIdentity?$select=id&$count=true&$top=1")
	require.NotEmpty(t, agents)
	types := map[string]bool{}
	for _, row := range agents {
		var agent struct {
			ID string `json:"id"`
		}
		require.NoError(t, json.Unmarshal(row, &agent))
		paths = append(paths, "servicePrincipals/"+agent.ID+"/microsoft.graph.agentIdentity/sponsors?$select=id")
	}
	for _, path := range paths {
		unknown := leftOver{}
		for _, row := range c.rows(path) {
			var annotated struct {
				Type string `json:"@odata.type"`
			}
			require.NoError(t, json.Unmarshal(row, &annotated))
			types[strings.TrimPrefix(annotated.Type, "#microsoft.graph.")] = true
			factory := models.CreateDirectoryObjectFromDiscriminatorValue
			if base, ok := baseFactories[annotated.Type]; ok {
				factory = base
			}
			unknown.parse(t, row, factory)
		}
		assert.Empty(t, unknown.names(), path)
	}
	for _, name := range []string{"user", "group", "device", "administrativeUnit"} {
		assert.True(t, types[name], name)
	}
}
