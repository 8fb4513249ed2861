package connector

import (
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// kit is what every resource type is made with. Nothing of it belongs to one sync.
type kit struct {
	client *graph.Client
	portal portal
	// left counts what is left out of the snapshot on purpose.
	left    *tally
	decider *decider
	filter  filters
	// expand lets what a group holds reach its members.
	expand    expander
	provision *provisioner
	// immutables are annotations that many grants share.
	immutables immutables
}
