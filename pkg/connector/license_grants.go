package connector

import (
	"context"
	"errors"
	"fmt"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Licences are read with the users and groups that hold them, and wait in the
// index for the grants.
const (
	// keyUserLicenses leads to the pages of what users hold.
	keyUserLicenses = "userlicenses"
	// keyGroupLicenses leads to the pages of what groups give.
	keyGroupLicenses = "grouplicenses"
	// keyLicensing leads to a product that a group of the snapshot gives.
	keyLicensing = "licensing/"
)

// groupLicense is a product that a group gives to its members.
type groupLicense struct {
	Group string   `json:"g"`
	SKU   string   `json:"s"`
	Off   []string `json:"o,omitempty"`
}

func groupLicenses(g *graph.Group) []groupLicense {
	var found []groupLicense
	for _, l := range g.AssignedLicenses {
		found = append(found, groupLicense{objectID(g.ID), objectID(l.SKUID), l.DisabledPlans})
	}
	return found
}

// putGroupLicenses notes a page of what groups give.
func (ix index) putGroupLicenses(ctx context.Context, page int, last bool, rows []groupLicense) error {
	giving := make(map[string]bool, len(rows))
	for _, l := range rows {
		giving[l.SKU+"@"+l.Group] = true
	}
	if err := put(ctx, ix, keyLicensing, giving); err != nil {
		return err
	}
	return putPage(ctx, ix, keyGroupLicenses, page, last, rows)
}

// userLicense is how a user came by a product.
type userLicense struct {
	User string `json:"u"`
	SKU  string `json:"s"`
	// Group gives the product; empty where the user was given it directly.
	Group string `json:"g,omitempty"`
	// State and Error say what is wrong; empty where nothing is.
	State string `json:"t,omitempty"`
	Error string `json:"e,omitempty"`
	// Off are the service plans that are switched off. What a group switches
	// off is said of the group.
	Off []string `json:"o,omitempty"`
}

func userLicenses(u *graph.User) []userLicense {
	var found []userLicense
	for i := range u.LicenseAssignmentStates {
		state := &u.LicenseAssignmentStates[i]
		l := userLicense{User: objectID(u.ID), SKU: objectID(state.SKUID), Group: objectID(state.AssignedByGroup)}
		if state.State != graph.LicenseActive {
			l.State, l.Error = state.State, state.Error
		}
		if l.Group == "" {
			l.Off = state.DisabledPlans
		}
		found = append(found, l)
	}
	return found
}

// What a task of the licence type does.
const (
	doUserLicenses  = "users"
	doGroupLicenses = "groups"
)

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
	if t.Do == doGroupLicenses {
		return finishTask(s.groupGrants(ctx, ix, t))
	}
	if !s.filter.syncs(typeUser) {
		return nil, nil, nil
	}
	return finishTask(s.userGrants(ctx, ix, t))
}

// groupGrants gives what groups hold; it reaches the users that are their
// direct members.
func (s *licenseSyncer) groupGrants(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	rows, more, err := getPage[groupLicense](ctx, ix, keyGroupLicenses, t.Page)
	if errors.Is(err, errIndexLost) {
		return nil, nil, fmt.Errorf("%w; a sync of chosen types that names license has to name user and group too", err)
	}
	if err != nil {
		return nil, nil, err
	}
	skus := make([]string, 0, len(rows))
	for _, row := range rows {
		skus = append(skus, row.SKU)
	}
	known, err := ix.objects(ctx, skus)
	if err != nil {
		return nil, nil, err
	}
	var grants []*v2.Grant
	for _, row := range rows {
		if known[row.SKU] == "" {
			s.left.add(leftUnknownLicense, 1)
			continue
		}
		g := newGrant(entitlementOf(typeLicense, row.SKU, slugAssigned), typeGroup, row.Group)
		if err := s.expand.toPeople(g, row.Group); err != nil {
			return nil, nil, err
		}
		if err := withMetadata(g, map[string]any{"disabledPlans": strings.Join(row.Off, ",")}); err != nil {
			return nil, nil, err
		}
		grants = append(grants, g)
	}
	if more {
		return grants, &task{Version: tokenVersion, Do: doGroupLicenses, Page: t.Page + 1}, nil
	}
	return grants, &task{Version: tokenVersion, Do: doUserLicenses}, nil
}

// userGrants gives what users were given directly, and what they have from a
// group where more is to be said than expansion says: that it does not work, or
// that the group is not in the snapshot.
func (s *licenseSyncer) userGrants(ctx context.Context, ix index, t task) ([]*v2.Grant, *task, error) {
	rows, more, err := getPage[userLicense](ctx, ix, keyUserLicenses, t.Page)
	if err != nil {
		return nil, nil, err
	}
	known, giving, err := s.lookUp(ctx, ix, rows)
	if err != nil {
		return nil, nil, err
	}
	direct := map[string]bool{}
	for i := range rows {
		if rows[i].Group == "" {
			direct[rows[i].SKU+"@"+rows[i].User] = true
		}
	}
	var grants []*v2.Grant
	end := min(t.Offset+maxRowsPerAnswer, len(rows))
	for i := t.Offset; i < end; i++ {
		row := &rows[i]
		switch {
		case known[row.SKU] == "":
			s.left.add(leftUnknownLicense, 1)
			continue
		case row.Group != "" && direct[row.SKU+"@"+row.User]:
			continue // Expansion adds the group to the direct grant.
		case row.Group != "" && row.State == "" && giving[row.SKU+"@"+row.Group]:
			continue // Expansion says all there is to say.
		}
		g, err := row.grant()
		if err != nil {
			return nil, nil, err
		}
		grants = append(grants, g)
	}
	switch {
	case end < len(rows):
		t.Offset = end
		return grants, &t, nil
	case more:
		return grants, &task{Version: tokenVersion, Do: doUserLicenses, Page: t.Page + 1}, nil
	default:
		return grants, nil, nil
	}
}

// lookUp tells which of the rows' products the tenant has, and which of them
// come from a group of the snapshot.
func (s *licenseSyncer) lookUp(ctx context.Context, ix index, rows []userLicense) (map[string]string, map[string]bool, error) {
	var skus, pairs []string
	for i := range rows {
		skus = append(skus, rows[i].SKU)
		if rows[i].Group != "" {
			pairs = append(pairs, rows[i].SKU+"@"+rows[i].Group)
		}
	}
	known, err := ix.objects(ctx, skus)
	if err != nil {
		return nil, nil, err
	}
	giving, err := get[bool](ctx, ix, keyLicensing, pairs)
	return known, giving, err
}

func (l *userLicense) grant() (*v2.Grant, error) {
	g := newGrant(entitlementOf(typeLicense, l.SKU, slugAssigned), typeUser, l.User)
	if l.Group != "" {
		derivedFrom(g, l.Group)
		if err := immutableBecause(g, "the licence comes through group "+l.Group+"; change the membership there"); err != nil {
			return nil, err
		}
	}
	return g, withMetadata(g, map[string]any{
		"state": l.State, "error": l.Error, "assignedByGroup": l.Group, "disabledPlans": strings.Join(l.Off, ","),
	})
}
