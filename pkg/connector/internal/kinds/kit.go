// Package kinds is what the resource types share, each of which has a package below
// this one: the kit that they are made with, the types themselves, who is in the
// snapshot and what principals are, groups in circles, and the licences that people
// and groups are listed with. It must not list or grant anything itself.
package kinds

import (
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Kit is what every resource type is made with. Nothing of it belongs to one sync.
type Kit struct {
	Client *graph.Client
	Portal model.Portal
	// Left counts what is left out of the snapshot on purpose.
	Left    *walk.Tally
	Decider *decide.Decider
	Filter  decide.Filters
	// Expand lets what a group holds reach its members.
	Expand    Expander
	Provision *change.Provisioner
	// Immutables are annotations that many grants share.
	Immutables model.Immutables
}
