package graphsim

import (
	"encoding/json"
	"strings"
)

// jobOf is the id of the provisioning job of a service principal, or empty: gallery applications have one.
func (t *Tenant) jobOf(r Ref) string {
	if t.spTemplate(r.index()) == "" {
		return ""
	}
	return strings.ReplaceAll(t.spName(r.index()), " ", "") + "." + strings.ReplaceAll(t.TenantID(), "-", "") + "." + t.id(r)
}

// listJobs lists the provisioning jobs of a service principal (synchronization-serviceprincipal-list-synchronizationjobs).
func (c *call) listJobs() (reply, error) {
	r, err := c.target()
	if err != nil {
		return reply{}, err
	}
	rows := []map[string]any{}
	if id := c.tenant.jobOf(r); id != "" {
		code := "Quarantine"
		if _, restarted := c.tenant.written.restarted[r]; restarted {
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
	return c.plainRows("servicePrincipals('"+c.tenant.id(r)+"')/synchronization/jobs", rows)
}

// restartJob starts a provisioning job over (synchronization-synchronizationjob-restart).
func (c *call) restartJob() (reply, error) {
	r, err := c.subject()
	if err != nil {
		return reply{}, err
	}
	if !c.holds("Synchronization.ReadWrite.All") {
		if err := c.checkOwned(r); err != nil {
			return reply{}, err
		}
	}
	if len(c.body) > 0 {
		var body struct {
			Criteria json.RawMessage `json:"criteria"`
		}
		if err := c.decode(&body); err != nil {
			return reply{}, err
		}
	}
	if id := c.tenant.jobOf(r); id == "" || id != c.related {
		return reply{}, notFound(c.related)
	}
	c.commit(lagWrites, append(c.idsOf(r), c.related), func(t *Tenant) { t.written.restarted[r] = struct{}{} })
	return done(), nil
}
