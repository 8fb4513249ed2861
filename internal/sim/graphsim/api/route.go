package api

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

const DeletedUsersPath = "directory/deleteditems/microsoft.graph.user"

// Route is one endpoint: what it costs, whose permission it needs, how it answers.
type Route struct {
	Method  string         // GET when empty.
	Path    string         // With {id} in the place of an id, in lower case: the key of the permission table, after the method of a write.
	Kind    directory.Kind // The kind the id names, or that the list holds.
	Cost    int            // In resource units, before modifiers (throttling-limits).
	Single  bool           // Answers one object.
	Bodied  bool           // Takes a body.
	Service Service        // Whose limits it counts against; the directory's unless said.
	Run     func(c *Call) (Reply, error)
}

// Key is the route's own in the permission table.
func (r *Route) Key() string {
	if r.Method == "" {
		return r.Path
	}
	return r.Method + " " + r.Path
}

// Service is a part of Graph with limits of its own (throttling-limits).
type Service uint8

const (
	ServiceDirectory Service = iota // Metered in resource units: see Budget.
	ServiceReports
	ServiceIdentityProtection
	ServiceOutlook
	ServiceProvisioning
	ServiceTeams
)
