package snapshotdiff

import (
	"context"
	"fmt"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// Sides of a comparison.
const (
	inOld = "old"
	inNew = "new"
)

// dataDeletedUsers is the recycle bin, whose people have a status of their own.
const dataDeletedUsers = "deleted users"

// comparedData are the data sets whose rows are compared. Others add to rows what is
// not.
var comparedData = []string{
	access.DataRoleEligibility, access.DataGroupEligibility, access.DataHiddenMembers, access.DataFederated, access.DataSponsors,
	access.DataUnits, access.DataLicences, access.DataConsents, dataDeletedUsers,
}

// privilegedData are those without which privileged changes are not seen.
var privilegedData = []string{access.DataRoleEligibility, access.DataGroupEligibility, access.DataConsents}

// Blank is a part of the tenant that only one of the snapshots can have, because of a
// data set that was not read for the other one, or a setting: rows of it that the other
// one lacks say nothing of the tenant.
type Blank struct {
	Data    string `json:"data,omitempty"`
	Setting string `json:"setting,omitempty"`
	// In is "old" or "new": the snapshot that has it.
	In string `json:"in"`
	// Why it is not in the other one, where that is told.
	Why string `json:"why,omitempty"`
	// Rows is how many rows are not told as changes because of it.
	Rows int `json:"rows"`

	// untold means that one of the snapshots does not say whether it was read, so that the
	// blank is one only if there are rows; silent that it is the one without them.
	untold, silent bool
	// waits is that, before it is known whether there are rows.
	waits bool
	// doubt is for rows that are new where the older snapshot has none of the kind and
	// does not say whether they were read: they are told all the same. Access that looks
	// gained must not be passed over, as access that looks lost may.
	doubt bool
}

// holds reports whether the blank is worth telling: what was not read is missing, rows or
// not.
func (b *Blank) holds() bool { return !b.doubt && (b.Rows > 0 || !b.untold) }

// takes counts a row, and reports whether it is not to be told.
func (b *Blank) takes() bool {
	if b == nil {
		return false
	}
	b.Rows++
	return !b.doubt
}

// blanks are what cannot be compared, by data set or setting and the snapshot that has it.
type blanks struct {
	list []*Blank
	by   map[[2]string]*Blank
}

func (b *blanks) add(blank *Blank) {
	b.list = append(b.list, blank)
	b.by[[2]string{blank.Data + blank.Setting, blank.In}] = blank
}

// of is the blank that a row of a data set, which only one snapshot has, falls into.
func (b *blanks) of(name, in string) *Blank {
	if name == "" {
		return nil
	}
	return b.by[[2]string{name, in}]
}

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
		if data == access.DataGroupEligibility || data == access.DataSponsors {
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

// dataOf is the data set that access belongs to; empty for those that are always read.
func dataOf(onType, slug string) string {
	switch {
	case (onType == typeRole || onType == typeScopedRole) && slug == slugEligible:
		return access.DataRoleEligibility
	case onType == typeGroup && (slug == access.SlugEligibleMember || slug == access.SlugEligibleOwner):
		return access.DataGroupEligibility
	case slug == access.SlugSponsor:
		return access.DataSponsors
	case onType == access.TypeUnit:
		return access.DataUnits
	case onType == typeLicense:
		return access.DataLicences
	case onType == typeConsent:
		return access.DataConsents
	}
	return ""
}

// kindFederated is the kind of a credential that is trust in another issuer.
const kindFederated = "federatedIdentityCredential"

// dataOfResource is the data set that an object belongs to.
func dataOfResource(r *v2.Resource) string {
	switch r.GetId().GetResourceType() {
	case access.TypeUnit:
		return access.DataUnits
	case typeLicense:
		return access.DataLicences
	case typeConsent:
		return access.DataConsents
	case typeCredential:
		if profileText(r, "kind") == kindFederated {
			return access.DataFederated
		}
	case typeUser:
		if r.GetStatus().GetStatus() == v2.Status_RESOURCE_STATUS_DELETED {
			return dataDeletedUsers
		}
	}
	return ""
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

// doubts says which rows may be no news.
func (b *blanks) doubts(old string) []string {
	var said []string
	for _, one := range b.list {
		if one.doubt && one.Rows > 0 {
			said = append(said, fmt.Sprintf("%s has no %s and does not say whether they were read: what is told of them as new (%s) may have been there before.", old, one.Data, rowWords(one.Rows)))
		}
	}
	return said
}

// told are the blanks worth telling.
func (b *blanks) told() []*Blank {
	return slices.DeleteFunc(slices.Clone(b.list), func(one *Blank) bool { return !one.holds() })
}

// words say what is not compared, and why.
func (b *Blank) words() string {
	what, other := upperFirst(b.Data), inOld
	if b.In == inOld {
		other = inNew
	}
	if b.Setting != "" {
		return fmt.Sprintf("What --%s leaves out is not compared: the %s snapshot was made with it (%s only in the %s one).", b.Setting, other, rowWords(b.Rows), b.In)
	}
	switch {
	case b.silent:
		return fmt.Sprintf("%s are not compared: the %s snapshot has none, and does not say whether they were read (%s only in the %s one).", what, other, rowWords(b.Rows), b.In)
	case b.Why != "":
		return fmt.Sprintf("%s are not compared: they were not read for the %s snapshot, for lack of %s (%s only in the %s one).", what, other, b.Why, rowWords(b.Rows), b.In)
	default:
		return fmt.Sprintf("%s are not compared: they were not read for the %s snapshot (%s only in the %s one).", what, other, rowWords(b.Rows), b.In)
	}
}

func rowWords(n int) string {
	if n == 1 {
		return "1 row"
	}
	return number(n) + " rows"
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
