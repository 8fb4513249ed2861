// Package doctor finds out whether the connector, as it is configured, can do
// its work: the way to Microsoft's hosts, the sign-in, the tenant, and each data
// set. What it finds is a list of checks, each with what to do about it.
package doctor

import (
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// Status is the outcome of a check.
type Status string

// The outcomes.
const (
	// StatusOK is as it should be.
	StatusOK Status = "ok"
	// StatusWarning leaves the connector working, but not with all it could.
	StatusWarning Status = "warning"
	// StatusFailed keeps the connector from what it was asked for.
	StatusFailed Status = "failed"
	// StatusSkipped could not be checked, for a reason that is told.
	StatusSkipped Status = "skipped"
	// StatusNotAsked is a data set that the settings leave out.
	StatusNotAsked Status = "not_asked"
)

// The groups of checks, in the order of a report.
const (
	groupNetwork = "network"
	groupSignIn  = "sign-in"
	groupTenant  = "tenant"
	groupData    = "data"
	groupChanges = "provisioning"
)

// Check is one line of a report.
type Check struct {
	// ID names the check, for programs: "network.graph", "data.users".
	ID string `json:"id"`
	// Group is the part of the report that it is in.
	Group string `json:"group"`
	// Name says, for a person, what was checked.
	Name   string `json:"name"`
	Status Status `json:"status"`
	// Detail is what was found.
	Detail string `json:"detail,omitempty"`
	// Fix is what to do; empty where there is nothing to do.
	Fix string `json:"fix,omitempty"`
	// Permissions are those of Microsoft Graph that are missing.
	Permissions []string `json:"missing_permissions,omitempty"`
	// License is what the tenant would need to have bought.
	License string `json:"missing_license,omitempty"`
	// Counts are numbers of objects, by collection.
	Counts map[string]int64 `json:"counts,omitempty"`
}

// Configured is where and how the connector was told to connect.
type Configured struct {
	Cloud         string `json:"cloud"`
	AuthorityHost string `json:"authority_host"`
	GraphEndpoint string `json:"graph_endpoint"`
	AuthMethod    string `json:"auth_method"`
	TenantID      string `json:"tenant_id,omitempty"`
	ClientID      string `json:"client_id,omitempty"`
}

// Report is all that was found.
type Report struct {
	// Version is formatVersion.
	Version int `json:"version"`
	// Connector is the build's version.
	Connector  string         `json:"connector_version"`
	StartedAt  time.Time      `json:"started_at"`
	Took       float64        `json:"took_seconds"`
	Configured Configured     `json:"configured"`
	Healthy    bool           `json:"healthy"`
	Summary    map[Status]int `json:"summary"`
	Checks     []Check        `json:"checks"`
}

// formatVersion changes when a field of the report goes away or changes its
// meaning, not when one is added.
const formatVersion = 1

func newReport(version string, now time.Time, cloud signin.Cloud, c Configured) *Report {
	c.Cloud, c.AuthorityHost, c.GraphEndpoint = cloud.Name, cloud.AuthorityHost, cloud.GraphEndpoint
	return &Report{Version: formatVersion, Connector: version, StartedAt: now.UTC().Truncate(time.Second), Configured: c, Checks: []Check{}}
}

func (r *Report) add(c Check) { r.Checks = append(r.Checks, c) }

// finish sums up.
func (r *Report) finish(now time.Time) {
	r.Took = now.Sub(r.StartedAt).Round(time.Millisecond).Seconds()
	r.Summary = map[Status]int{StatusOK: 0, StatusWarning: 0, StatusFailed: 0, StatusSkipped: 0, StatusNotAsked: 0}
	for i := range r.Checks {
		r.Summary[r.Checks[i].Status]++
	}
	r.Healthy = r.Summary[StatusFailed] == 0
}
