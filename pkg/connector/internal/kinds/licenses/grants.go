package licenses

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
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
func (s *Syncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	t, err := walk.DecodeTask(opts.PageToken.Token, doGroupLicenses)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataLicenses); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	if t.Do == doGroupLicenses && !s.Filter.Syncs(model.TypeGroup) {
		t.Do = doUserLicenses
	}
	if t.Do == doUserLicenses && !s.Filter.Syncs(model.TypeUser) {
		return nil, nil, nil
	}
	return walk.FinishTask(s.give(ctx, ix, t))
}

// give gives the grants of a page of groups or of users, or of as many of them as
// an answer holds.
func (s *Syncer) give(ctx context.Context, ix walk.Index, t walk.Task) ([]*v2.Grant, *walk.Task, error) {
	prefix, grantOf := kinds.KeyGroupLicenses, groupLicense
	if t.Do == doUserLicenses {
		prefix, grantOf = kinds.KeyUserLicenses, personLicense
	}
	rows, ways, more, err := kinds.GetLicensees(ctx, ix, prefix, t.Page)
	if errors.Is(err, walk.ErrIndexLost) {
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
	for ; at < len(rows) && size < walk.MaxRowsPerAnswer; at++ {
		for _, product := range ways.BySKU(&rows[at]) {
			if known[product[0].SKU] == "" {
				s.Left.Add(walk.LeftUnknownLicense, len(product))
				continue
			}
			g, err := grantOf(rows[at].ID, product)
			if err != nil {
				return nil, nil, err
			}
			if g == nil {
				s.Left.Add(walk.LeftFailedLicense, 1)
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
		return grants, &walk.Task{Version: walk.TokenVersion, Do: t.Do, Page: t.Page + 1}, nil
	case t.Do == doGroupLicenses:
		return grants, &walk.Task{Version: walk.TokenVersion, Do: doUserLicenses}, nil
	}
	return grants, nil, nil
}

// knownProducts tells which of the ways' products the tenant has.
func knownProducts(ctx context.Context, ix walk.Index, ways kinds.LicenseWays) (map[string]string, error) {
	skus := make([]string, 0, len(ways))
	for _, way := range ways {
		skus = append(skus, way.SKU)
	}
	return ix.Objects(ctx, skus)
}

// groupLicense is the grant of a product to a group. It is not expanded: who of
// its members has the product is what the state of each says, and membership
// alone gives none
// (https://learn.microsoft.com/entra/fundamentals/concept-group-based-licensing).
func groupLicense(group string, given []kinds.LicenseWay) (*v2.Grant, error) {
	g := model.NewGrant(model.EntitlementOf(model.TypeLicense, given[0].SKU, model.SlugAssigned), model.TypeGroup, group)
	return g, model.WithMetadata(g, map[string]any{"disabledPlans": strings.Join(given[0].Off, ",")})
}

// personLicense is the grant of a product to a person by the ways of it that
// work; nil where none does. Its sources are those that expansion would give it.
func personLicense(person string, ways []kinds.LicenseWay) (*v2.Grant, error) {
	var working []kinds.LicenseWay
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
	g := model.NewGrant(model.EntitlementOf(model.TypeLicense, working[0].SKU, model.SlugAssigned), model.TypeUser, person)
	metadata := map[string]any{}
	if len(groups) > 0 {
		model.DerivedFrom(g, groups...)
	}
	if working[0].Group == "" {
		metadata["disabledPlans"] = strings.Join(working[0].Off, ",")
		model.AlsoDirect(g)
	} else {
		metadata["assignedByGroup"] = strings.Join(groups, ",")
		if err := model.ImmutableBecause(g, throughGroups(groups)); err != nil {
			return nil, err
		}
	}
	if !slices.ContainsFunc(working, func(w kinds.LicenseWay) bool { return w.State == graph.LicenseActive }) {
		metadata["state"], metadata["error"] = working[0].State, working[0].Error
	}
	metadata["sourceErrors"] = sourceErrors(ways)
	return g, model.WithMetadata(g, metadata)
}

func throughGroups(groups []string) string {
	if len(groups) == 1 {
		return "the licence comes through group " + groups[0] + "; change the membership there"
	}
	return "the licence comes through groups " + strings.Join(groups, ", ") + "; change the memberships there"
}

// sourceErrors says which of several sources has what wrong with it. Of a single
// one the grant's state and error say it.
func sourceErrors(ways []kinds.LicenseWay) string {
	if len(ways) == 1 {
		return ""
	}
	var told []string
	for i := range ways {
		if w := &ways[i]; w.State != graph.LicenseActive {
			told = append(told, fmt.Sprintf("%s: %s (%s)", w.Source(), model.DisplayName(w.State, "no state"), model.DisplayName(w.Error, "no reason given")))
		}
	}
	return strings.Join(told, "; ")
}
