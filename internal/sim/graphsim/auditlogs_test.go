package graphsim

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/limits"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

func at(offset time.Duration) string {
	return time.Now().Add(offset).UTC().Format(schema.SignInTime)
}

func TestLogsAreTheSamePastForTheSameTenant(t *testing.T) {
	first, second := start(t), start(t)
	for _, path := range []string{"auditLogs/directoryAudits", "auditLogs/signIns"} {
		rows := first.all(path)
		require.NotEmpty(t, rows, path)
		require.Len(t, second.all(path), len(rows), path)
		for i, row := range second.all(path) {
			assert.Equal(t, rows[i]["targetResources"], row["targetResources"])
			assert.Equal(t, rows[i]["userId"], row["userId"])
		}
	}
}

func TestAuditsAreFilteredAndSortedByTheirTime(t *testing.T) {
	b := start(t)
	b.server.ClearLogs()
	base := time.Now().Add(-time.Hour).Truncate(time.Second)
	for i := range 5 {
		b.server.AddAudit(AuditEntry{ID: fmt.Sprint(i), Activity: "Update user", Category: "UserManagement", Time: base.Add(time.Duration(i) * 500 * time.Millisecond)})
	}
	b.server.AddAudit(AuditEntry{ID: "late", Activity: "Update user", Category: "UserManagement", Time: base.Add(-time.Minute)})
	assert.Equal(t, []string{"4", "3", "2", "1", "0", "late"}, b.get("auditLogs/directoryAudits").ids())
	window := fmt.Sprintf("$filter=activityDateTime ge %s and activityDateTime le %s", base.UTC().Format(schema.SignInTime), base.UTC().Format("2006-01-02T15:04:05")+".9999999Z")
	assert.Equal(t, []string{"0", "1"}, b.get("auditLogs/directoryAudits?"+window+"&$orderby=activityDateTime").ids(), "fractions of a second count")
	a := b.get("auditLogs/directoryAudits?$top=2&$orderby=activityDateTime")
	assert.Equal(t, []string{"late", "0"}, a.ids())
	assert.Equal(t, []string{"1", "2"}, b.get(a.next()).ids())
}

func TestLogsRefuseWhatGraphRefuses(t *testing.T) {
	b := start(t)
	for path, status := range map[string]int{
		"auditLogs/directoryAudits?$top=1000":                            http.StatusBadRequest,
		"auditLogs/directoryAudits?$select=id":                           http.StatusBadRequest,
		"auditLogs/directoryAudits?$filter=activityDateTime ge 'x'":      http.StatusBadRequest,
		"auditLogs/directoryAudits?$filter=activityDateTime ge soon":     http.StatusBadRequest,
		"auditLogs/directoryAudits?$filter=operationType eq 'x'":         http.StatusBadRequest,
		"auditLogs/directoryAudits?$orderby=category":                    http.StatusBadRequest,
		"auditLogs/signIns?$orderby=createdDateTime":                     http.StatusBadRequest,
		"auditLogs/signIns?$filter=createdDateTime ge " + at(-time.Hour): http.StatusOK,
	} {
		assert.Equal(t, status, b.get(path).status, path)
	}
	b.server.SetPlans(false, false)
	assert.Equal(t, permissions.CodePremiumReports, b.get("auditLogs/signIns").code())
	assert.Equal(t, http.StatusOK, b.get("auditLogs/directoryAudits").status)
}

func TestLogsForgetWhatIsOlderThanThePlanAllows(t *testing.T) {
	b := start(t)
	b.server.ClearLogs()
	b.server.AddAudit(AuditEntry{ID: "month", Time: time.Now().Add(-31 * 24 * time.Hour)},
		AuditEntry{ID: "week", Time: time.Now().Add(-8 * 24 * time.Hour)}, AuditEntry{ID: "day", Time: time.Now().Add(-24 * time.Hour)})
	assert.Equal(t, []string{"day", "week"}, b.get("auditLogs/directoryAudits").ids())
	b.server.SetPlans(false, false)
	assert.Equal(t, []string{"day"}, b.get("auditLogs/directoryAudits").ids())
}

func TestLogsCountAgainstTheReports(t *testing.T) {
	b := start(t)
	b.server.SetServiceLimits(true)
	for range limits.ReportsPerWindow {
		require.Equal(t, http.StatusOK, b.get("auditLogs/directoryAudits?$top=1").status)
	}
	assert.Equal(t, http.StatusTooManyRequests, b.get("auditLogs/signIns?$top=1").status)
}
