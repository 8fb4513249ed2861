package nouns

import (
	"encoding/json"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// jobOf is the id of the provisioning job of a service principal, or empty: gallery applications have one.
func jobOf(t *directory.Tenant, r directory.Ref) string {
	if t.SPTemplate(r.Index()) == "" {
		return ""
	}
	return strings.ReplaceAll(t.SPName(r.Index()), " ", "") + "." + strings.ReplaceAll(t.TenantID(), "-", "") + "." + t.IDOf(r)
}

// listJobs lists the provisioning jobs of a service principal (synchronization-serviceprincipal-list-synchronizationjobs).
func listJobs(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	rows := []map[string]any{}
	if id := jobOf(c.Tenant, r); id != "" {
		code := "Quarantine"
		if _, restarted := c.Tenant.Written.Restarted[r]; restarted {
			code = "Active"
		}
		rows = append(rows, map[string]any{
			"id": id, "templateId": "salesforce",
			"schedule": map[string]any{"expiration": nil, "interval": "PT40M", "state": "Active"},
			"status": map[string]any{
				"code": code, "countSuccessiveCompleteFailures": 0, "escrowsPruned": false, "progress": []any{}, "synchronizedEntryCountByType": []any{},
				"troubleshootingUrl": "", "steadyStateFirstAchievedTime": "0001-01-01T00:00:00Z", "steadyStateLastAchievedTime": "0001-01-01T00:00:00Z",
			},
			"synchronizationJobSettings": []any{},
		})
	}
	return odata.PlainRows(c, "servicePrincipals('"+c.Tenant.IDOf(r)+"')/synchronization/jobs", rows)
}

// restartJob starts a provisioning job over (synchronization-synchronizationjob-restart).
func restartJob(c *api.Call) (api.Reply, error) {
	r, err := c.Subject()
	if err != nil {
		return api.Reply{}, err
	}
	if !c.Holds("Synchronization.ReadWrite.All") {
		if err := checkOwned(c, r); err != nil {
			return api.Reply{}, err
		}
	}
	if len(c.Body) > 0 {
		var body struct {
			Criteria json.RawMessage `json:"criteria"`
		}
		if err := c.Decode(&body); err != nil {
			return api.Reply{}, err
		}
	}
	if id := jobOf(c.Tenant, r); id == "" || id != c.Related {
		return api.Reply{}, api.NotFound(c.Related)
	}
	c.Commit(api.LagWrites, append(c.IDsOf(r), c.Related), func(t *directory.Tenant) { t.Written.Restarted[r] = struct{}{} })
	return api.Done(), nil
}
