package verify

import (
	"context"
	"fmt"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// tally is a number that the snapshot and Graph can be compared by.
type tally struct {
	// collection is what Graph counts, and says who may.
	collection, lacking string
	snapshot, tenant    int64
	// of is the group whose members are counted, and empty for whole collections, of
	// which logType is the name in the audit log.
	of      access.Ref
	logType string
	// through are the groups by which people are in of: itself, and those in it if they
	// count too.
	through []string
}

// counts are the numbers of the whole directory, and of the members of groups that are
// too large to be listed.
func (c *comparison) counts(ctx context.Context) ([]tally, error) {
	n := func(types ...string) int64 {
		sum := 0
		for _, t := range types {
			sum += c.sample.population[t]
		}
		return int64(sum)
	}
	settings := c.Snapshot.About().Settings
	var counts []tally
	add := func(t tally, types ...string) {
		for _, needed := range types {
			if !c.Snapshot.Has(needed) {
				return
			}
		}
		t.snapshot = n(types...)
		counts = append(counts, t)
	}
	add(tally{collection: "/users", lacking: "User.Read.All", logType: "User"}, access.TypeUser)
	if skips, _ := settings["skip-ad-groups"].(bool); !skips {
		add(tally{collection: "/groups", lacking: readMembers, logType: "Group"}, access.TypeGroup)
	}
	if skips, _ := settings["skip-unassigned-apps"].(bool); !skips {
		add(tally{collection: "/servicePrincipals", lacking: readApplications, logType: "ServicePrincipal"}, access.TypeApplication, access.TypeManagedIdentity, access.TypeAgentIdentity)
	}
	add(tally{collection: "/applications", lacking: readApplications, logType: "Application"}, access.TypeRegistration)
	add(tally{collection: "/directory/administrativeUnits", lacking: "AdministrativeUnit.Read.All", logType: "AdministrativeUnit"}, access.TypeUnit)
	add(tally{collection: "/devices", lacking: "Device.Read.All", logType: "Device"}, access.TypeDevice)
	for _, g := range c.sample.large {
		direct, all, err := c.countPeople(ctx, g.Ref)
		if err != nil {
			return nil, err
		}
		within, err := c.groupsWithin(ctx, g.Ref)
		if err != nil {
			return nil, err
		}
		members := tally{collection: "/groups/" + g.ID + "/members/microsoft.graph.user", lacking: readMembers, snapshot: direct, of: g.Ref, through: within[:1]}
		everybody := members
		everybody.collection, everybody.snapshot, everybody.through = "/groups/"+g.ID+"/transitiveMembers/microsoft.graph.user", all, within
		counts = append(counts, members, everybody)
	}
	return counts, nil
}

// countPeople counts who is in a group directly, and through any depth.
func (c *comparison) countPeople(ctx context.Context, group access.Ref) (int64, int64, error) {
	var direct, all int64
	for h, err := range c.Snapshot.Holders(ctx, access.EntitlementID(group, access.SlugMember)) {
		if err != nil {
			return 0, 0, err
		}
		if h.Principal.Type != access.TypeUser {
			continue
		}
		all++
		if h.Direct {
			direct++
		}
	}
	return direct, all, nil
}

// groupsWithin are a group and the groups that are in it through any depth.
func (c *comparison) groupsWithin(ctx context.Context, group access.Ref) ([]string, error) {
	within := []string{group.ID}
	for next := 0; next < len(within); next++ {
		of := access.Ref{Type: access.TypeGroup, ID: within[next]}
		for h, err := range c.Snapshot.Holders(ctx, access.EntitlementID(of, access.SlugMember)) {
			if err != nil {
				return nil, err
			}
			if h.Principal.Type == access.TypeGroup && !slices.Contains(within, h.Principal.ID) {
				within = append(within, h.Principal.ID)
			}
		}
	}
	return within, nil
}

// The lines of counts.
const (
	lineCollections = "numbers of objects"
	lineLarge       = "numbers of people in the largest groups"
)

func (t *tally) line() string {
	if t.of.ID != "" {
		return lineLarge
	}
	return lineCollections
}

// count asks Graph for each number, and gives those that differ.
func (c *comparison) count(ctx context.Context) ([]tally, error) {
	counts, err := c.counts(ctx)
	if err != nil {
		return nil, err
	}
	c.Progress("counting")
	var differ []tally
	for _, t := range counts {
		line := c.report.line(t.line(), "", 0)
		if c.spent() {
			line.Short = errBudget.Error()
			continue
		}
		t.tenant, err = c.Graph.Count(ctx, t.collection)
		switch {
		case failure.IsAccessDenied(err), failure.IsBadRequest(err):
			line.Short = "Graph does not count " + t.collection + "; " + t.lacking + " is needed"
			continue
		case failure.IsNotFound(err):
			t.tenant = 0
		case err != nil:
			return nil, fmt.Errorf("counting %s: %w", t.collection, err)
		}
		line.Asked++
		if t.tenant == t.snapshot {
			line.Agreed++
			continue
		}
		differ = append(differ, t)
	}
	return differ, nil
}
