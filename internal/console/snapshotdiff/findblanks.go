package snapshotdiff

import (
	"context"
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// findBlanks compares what the snapshots say of themselves, before any row.
func (d *Diff) findBlanks(ctx context.Context) error {
	d.blanks = &blanks{by: map[[2]string]*Blank{}}
	old, recent := d.old.facts.About(), d.recent.facts.About()
	for _, data := range comparedData {
		for _, side := range []struct {
			in         string
			has, lacks *Snapshot
		}{{inOld, d.old, d.recent}, {inNew, d.recent, d.old}} {
			blank, err := blankIn(ctx, data, side.in, side.has.facts.About(), side.lacks)
			if err != nil {
				return err
			}
			if blank != nil {
				d.blanks.add(blank)
			}
		}
	}
	d.compareSettings(old, recent)
	d.compareOrigins(old, recent)
	return nil
}

// blankIn is the blank of a data set that one snapshot has and the other lacks; nil where
// rows of it compare.
func blankIn(ctx context.Context, data, in string, has *access.About, lacks *Snapshot) (*Blank, error) {
	blank := &Blank{Data: data, In: in}
	known, _ := has.Knows(data)
	other, why := lacks.facts.About().Knows(data)
	switch {
	case other == access.NotRead && known == access.Known:
		blank.Why = why
		return blank, nil
	case other == access.NotRead && known == access.Unknown:
		blank.Why, blank.untold = why, true
		return blank, nil
	case other == access.Unknown:
		blank.untold, blank.silent, blank.doubt = true, true, in == inNew
		// Hidden members cannot be told from no members; people in the recycle bin are read
		// only if asked for, and to look for them would be to go through all people.
		if data == access.DataHiddenMembers || data == dataDeletedUsers {
			return nil, nil //nolint:nilnil // Its absence is the answer.
		}
		if data == access.DataGroupEligibility || data == access.DataSponsors || data == access.DataResourceConsents || data == access.DataInherited {
			blank.waits = true
			return blank, nil
		}
		if data == access.DataRoleEligibility {
			found, err := lacks.seen.hasEligibilities(ctx, lacks.facts)
			if err != nil || found {
				return nil, err
			}
		}
		if lacks.seen.data[data] {
			return nil, nil //nolint:nilnil // Its absence is the answer.
		}
		return blank, nil
	}
	return nil, nil //nolint:nilnil // Its absence is the answer.
}

// hasEligibilities reports whether somebody may activate a role.
func (s *survey) hasEligibilities(ctx context.Context, facts *access.Snapshot) (bool, error) {
	for role := range s.roles {
		for _, err := range facts.Holders(ctx, access.EntitlementID(role, slugEligible)) {
			return err == nil, err
		}
	}
	return false, nil
}

// compareOrigins names what would make everything differ: other tenants, other builds.
func (d *Diff) compareOrigins(old, recent *access.About) {
	switch {
	case old.Told && recent.Told && !strings.EqualFold(old.TenantID, recent.TenantID):
		d.warnings = append(d.warnings, fmt.Sprintf("these are snapshots of two tenants, %s and %s.", nameOfTenant(old), nameOfTenant(recent)))
	case old.Told && recent.Told && old.Build != recent.Build:
		d.warnings = append(d.warnings, fmt.Sprintf("the snapshots were made by different builds, %s and %s: "+
			"what changed everywhere in the same way may be a rule of the connector's that changed.", old.Build, recent.Build))
	case old.Told != recent.Told:
		silent := d.old
		if old.Told {
			silent = d.recent
		}
		d.warnings = append(d.warnings, silent.Path+" is of an older build and does not say what was read for it, nor with which settings.")
	}
}

func nameOfTenant(a *access.About) string {
	if a.Tenant == "" {
		return a.TenantID
	}
	return a.Tenant + " (" + a.TenantID + ")"
}
