// Package kinds is what the resource types share, each of which has a package below
// this one: the kit that they are made with, the types themselves, who is in the
// snapshot and what principals are, groups in circles, and the licences that people
// and groups are listed with. It must not list or grant anything itself.
package kinds

import (
	"context"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

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
	Left *walk.Tally
	// Pace watches the walks that give no rows.
	Pace    *walk.Pace
	Decider *decide.Decider
	Filter  decide.Filters
	// Earlier is a file with what the snapshot before says of people; empty for none.
	Earlier string
	// ReportsAtOnce is how many people's sign-ins are read in full in any case; a number
	// that suits Graph's limits if zero.
	ReportsAtOnce int
	// Expand lets what a group holds reach its members.
	Expand    Expander
	Provision *change.Provisioner
	// Immutables are annotations that many grants share.
	Immutables model.Immutables
}

// Entitlements gives none: most types offer the same for each resource, and say so by
// StaticEntitlements.
func (Kit) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// EntitlementsForResourceType gives none besides those that are the same for each
// resource, which most types have and no others.
func (Kit) EntitlementsForResourceType(context.Context, string, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants gives none: they are read for many resources at once, by
// GrantsForResourceType.
func (Kit) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}
