package nouns

import (
	"encoding/json"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// JobOf is the id of the provisioning job of a service principal, or empty: gallery applications have one.
func JobOf(t *directory.Tenant, r directory.Ref) string {
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
	if id := JobOf(c.Tenant, r); id != "" {
		code, state := "Quarantine", "Active"
		if _, restarted := c.Tenant.Written.Restarted[r]; restarted {
			code = "Active"
		}
		if c.Tenant.Written.Jobs[r].Paused {
			code, state = "Paused", "Paused"
		}
		rows = append(rows, map[string]any{
			"id": id, "templateId": "salesforce",
			"schedule": map[string]any{"expiration": nil, "interval": "PT40M", "state": state},
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
	r, err := ownJob(c)
	if err != nil {
		return api.Reply{}, err
	}
	if len(c.Body) > 0 {
		var body struct {
			Criteria json.RawMessage `json:"criteria"`
		}
		if err := c.Decode(&body); err != nil {
			return api.Reply{}, err
		}
	}
	c.Commit(api.LagWrites, append(c.IDsOf(r), c.Related), func(t *directory.Tenant) { t.Written.Restarted[r] = struct{}{} })
	return api.Done(), nil
}

// ownJob is the service principal of the job in the path, if the caller may act on it.
func ownJob(c *api.Call) (directory.Ref, error) {
	r, err := c.Subject()
	if err != nil {
		return 0, err
	}
	if !c.Holds("Synchronization.ReadWrite.All") {
		if err := checkOwned(c, r); err != nil {
			return 0, err
		}
	}
	if id := JobOf(c.Tenant, r); id == "" || id != c.Related {
		return 0, api.NotFound(c.Related)
	}
	return r, nil
}
