package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// What a task of the licence type does.
const (
	doUserLicenses  = "users"
	doGroupLicenses = "groups"
)

// plansPerRow is how many service plans weigh as much as a grant.
const plansPerRow = 10

// GrantsForResourceType gives the licences that users and groups hold, one page
// of users or groups at a time.
func (s *licenseSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := decodeTask(opts.PageToken.Token, doGroupLicenses)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if reads, err := s.decider.reads(ctx, ix, dataLicenses); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	if t.Do == doGroupLicenses && !s.filter.syncs(typeGroup) {
		t.Do = doUserLicenses
	}
	if t.Do == doUserLicenses && !s.filter.syncs(typeUser) {
		return nil, nil, nil
	}
	return finishTask(s.give(ctx, ix, t))
}

// give gives the grants of a page of groups or of users, or of as many of them as
// an answer holds.
func (s *licenseSyncer) give(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	prefix, grantOf := keyGroupLicenses, groupLicense
	if t.Do == doUserLicenses {
		prefix, grantOf = keyUserLicenses, personLicense
	}
	rows, ways, more, err := getLicensees(ctx, ix, prefix, t.Page)
	if errors.Is(err, errIndexLost) {
		return nil, nil, fmt.Errorf("%w; a sync of chosen types that names license has to name user and group too", err)
	}
	if err != nil {
		return nil, nil, err
	}
	known, err := knownProducts(ctx, ix, ways)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	at, size := min(t.Offset, len(rows)), 0
	for ; at < len(rows) && size < maxRowsPerAnswer; at++ {
		for _, product := range ways.bySKU(&rows[at]) {
			if known[product[0].SKU] == "" {
				s.left.add(leftUnknownLicense, len(product))
				continue
			}
			g, err := grantOf(rows[at].ID, product)
			if err != nil {
				return nil, nil, err
			}
			if g == nil {
				s.left.add(leftFailedLicense, 1)
				continue
			}
			grants = append(grants, g)
			size += 1 + (len(product[0].Off)+len(product))/plansPerRow
		}
	}
	switch {
	case at < len(rows):
		t.Offset = at
		return grants, &t, nil
	case more:
		return grants, &task{Version: tokenVersion, Do: t.Do, Page: t.Page + 1}, nil
	case t.Do == doGroupLicenses:
		return grants, &task{Version: tokenVersion, Do: doUserLicenses}, nil
	}
	return grants, nil, nil
}

// knownProducts tells which of the ways' products the tenant has.
func knownProducts(ctx context.Context, ix index, ways licenseWays) (map[string]string, error) {
	skus := make([]string, 0, len(ways))
	for _, way := range ways {
		skus = append(skus, way.SKU)
	}
	return ix.objects(ctx, skus)
}

// groupLicense is the grant of a product to a group. It is not expanded: who of
// its members has the product is what the state of each says, and membership
// alone gives none
// (https://learn.microsoft.com/entra/fundamentals/concept-group-based-licensing).
func groupLicense(group string, given []licenseWay) (*v2.Grant, error) {
	g := newGrant(entitlementOf(typeLicense, given[0].SKU, slugAssigned), typeGroup, group)
	return g, withMetadata(g, map[string]any{"disabledPlans": strings.Join(given[0].Off, ",")})
}

// personLicense is the grant of a product to a person by the ways of it that
// work; nil where none does. Its sources are those that expansion would give it.
func personLicense(person string, ways []licenseWay) (*v2.Grant, error) {
	var working []licenseWay
	var groups []string
	for _, way := range ways {
		if !graph.LicenseWorks(way.State) {
			continue
		}
		working = append(working, way)
		if way.Group != "" && !slices.Contains(groups, way.Group) {
			groups = append(groups, way.Group)
		}
	}
	if len(working) == 0 {
		return nil, nil
	}
	g := newGrant(entitlementOf(typeLicense, working[0].SKU, slugAssigned), typeUser, person)
	metadata := map[string]any{}
	if len(groups) > 0 {
		derivedFrom(g, groups...)
	}
	if working[0].Group == "" {
		metadata["disabledPlans"] = strings.Join(working[0].Off, ",")
		alsoDirect(g)
	} else {
		metadata["assignedByGroup"] = strings.Join(groups, ",")
		if err := immutableBecause(g, throughGroups(groups)); err != nil {
			return nil, err
		}
	}
	if !slices.ContainsFunc(working, func(w licenseWay) bool { return w.State == graph.LicenseActive }) {
		metadata["state"], metadata["error"] = working[0].State, working[0].Error
	}
	metadata["sourceErrors"] = sourceErrors(ways)
	return g, withMetadata(g, metadata)
}

func throughGroups(groups []string) string {
	if len(groups) == 1 {
		return "the licence comes through group " + groups[0] + "; change the membership there"
	}
	return "the licence comes through groups " + strings.Join(groups, ", ") + "; change the memberships there"
}

// sourceErrors says which of several sources has what wrong with it. Of a single
// one the grant's state and error say it.
func sourceErrors(ways []licenseWay) string {
	if len(ways) == 1 {
		return ""
	}
	var told []string
	for i := range ways {
		if w := &ways[i]; w.State != graph.LicenseActive {
			told = append(told, fmt.Sprintf("%s: %s (%s)", w.source(), displayName(w.State, "no state"), displayName(w.Error, "no reason given")))
		}
	}
	return strings.Join(told, "; ")
}
