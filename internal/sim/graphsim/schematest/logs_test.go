package schematest

import (
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// TestLogsMatchMicrosoftModels is apart from the other lists because the logs take no $select.
func TestLogsMatchMicrosoftModels(t *testing.T) {
	c := start(t)
	someone := graphsim.Principal{Type: "User", ID: "11111111-2222-3333-4444-555555555555"}
	c.server.AddAudit(graphsim.PIMAudit("Add member to role completed (PIM activation)", "62e90394-69f5-4237-9190-012177145e10", someone),
		graphsim.LicenseAudit(someone.ID, c.server.TenantID(), nil, []string{"05e9a617-0261-4cee-bb44-138d3ef5d965"}))
	for name, log := range map[string]struct {
		path    string
		factory serialization.ParsableFactory
	}{
		"directoryAudit": {"auditLogs/directoryAudits", models.CreateDirectoryAuditFromDiscriminatorValue},
		"signIn":         {"auditLogs/signIns", models.CreateSignInFromDiscriminatorValue},
	} {
		rows := c.rows(log.path)
		require.NotEmpty(t, rows, name)
		unknown := leftOver{}
		for _, row := range rows {
			unknown.parse(t, row, log.factory)
		}
		assert.Equal(t, newer[name], unknown.names(), name)
	}
}
