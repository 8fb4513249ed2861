package schematest

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

const packagesRoot = "identityGovernance/entitlementManagement/"

// TestAccessPackagesMatchMicrosoftModels reads all that entitlement management serves, with all that can be expanded.
func TestAccessPackagesMatchMicrosoftModels(t *testing.T) {
	c := startWith(t, "EntitlementManagement.Read.All")
	for _, noun := range []struct {
		path    string
		factory serialization.ParsableFactory
	}{
		{packagesRoot + "catalogs", models.CreateAccessPackageCatalogFromDiscriminatorValue},
		{packagesRoot + "accessPackages", models.CreateAccessPackageFromDiscriminatorValue},
		{packagesRoot + "assignmentPolicies?$expand=accessPackage,catalog", models.CreateAccessPackageAssignmentPolicyFromDiscriminatorValue},
		{packagesRoot + "assignments?$expand=accessPackage,target,assignmentPolicy", models.CreateAccessPackageAssignmentFromDiscriminatorValue},
		{"roleManagement/entitlementManagement/roleAssignments?$expand=principal", models.CreateUnifiedRoleAssignmentFromDiscriminatorValue},
	} {
		unknown, rows := leftOver{}, c.rows(noun.path)
		require.NotEmpty(t, rows, noun.path)
		for _, row := range rows {
			unknown.parse(t, row, noun.factory)
		}
		assert.Subset(t, newer["accessPackageSubject"], unknown.names(), noun.path)
	}
	truth := c.server.Tenant().Truth()
	for _, p := range truth.AccessPackages[:10] {
		unknown := leftOver{}
		path := packagesRoot + "accessPackages/" + p.ID + "?$expand=catalog,assignmentPolicies,resourceRoleScopes($expand=role,scope)"
		var row json.RawMessage
		c.do(http.MethodGet, c.server.URL()+"/v1.0/"+path, nil, &row)
		unknown.parse(t, row, models.CreateAccessPackageFromDiscriminatorValue)
		assert.Empty(t, unknown.names(), path)
	}
}

// TestPackageRequestsMatchMicrosoftModels sends a request as Microsoft's builders make it, and reads what becomes of it.
func TestPackageRequestsMatchMicrosoftModels(t *testing.T) {
	c := startWith(t, append(graphsim.DefaultPermissions(), graphsim.WritePermissions()...)...)
	tenant := c.server.Tenant()
	truth := tenant.Truth()
	held := truth.PackageAssignments[0]
	kind := models.ADMINADD_ACCESSPACKAGEREQUESTTYPE
	assignment := models.NewAccessPackageAssignment()
	assignment.SetAdditionalData(map[string]any{
		"targetId": tenant.ID(graphsim.KindUser, tenant.PlainUsers(1)[0]), "assignmentPolicyId": held.PolicyID, "accessPackageId": held.PackageID,
	})
	body := models.NewAccessPackageAssignmentRequest()
	body.SetRequestType(&kind)
	body.SetAssignment(assignment)
	unknown := leftOver{}
	unknown.parse(t, c.send(http.MethodPost, packagesRoot+"assignmentRequests", body), models.CreateAccessPackageAssignmentRequestFromDiscriminatorValue)
	assert.Empty(t, unknown.names())
}
