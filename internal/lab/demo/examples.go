package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// example is one person's access, and the groups that alone it comes through.
type example struct {
	person, on *access.Object
	// slug is what the person has of it, and name what that is called.
	slug, name string
	groups     []*access.Object
	// place puts more dangerous access first.
	place int
}

// sentence says what the person has. An eligibility is not held: it may be activated.
func (e *example) sentence() string {
	// An app role's name says whose it is.
	verb, what := "holds", "the app role "+e.name
	if e.on.Type == access.TypeRole {
		what = "the directory role " + e.on.Name
		if e.slug == access.SlugEligible {
			verb = "may activate"
		}
	}
	var groups []string
	for _, g := range e.groups {
		groups = append(groups, "the group "+cmp.Or(g.Name, g.ID))
	}
	slices.Sort(groups)
	return cmp.Or(e.person.Name, e.person.ID) + " " + verb + " " + what + " only through " + strings.Join(groups, " and ") + "."
}

// examples are one of a role that is held, one of a role that may be activated, and one of
// an app role: each the first in an order of its own, so that every run tells the same.
func examples(ctx context.Context, s *access.Snapshot) ([]*example, error) {
	var held, eligible, app []*example
	for role, err := range s.Objects(ctx, access.TypeRole) {
		if err != nil {
			return nil, err
		}
		place := len(powers.PrivilegedRoles())
		if _, known, ok := powers.PrivilegedRoleOf(role.ID); ok {
			place = known
		}
		for slug, into := range map[string]*[]*example{access.SlugAssigned: &held, access.SlugEligible: &eligible} {
			if err := throughGroups(ctx, s, role, &access.Entitlement{ID: access.EntitlementID(role.Ref, slug), Slug: slug}, place, into); err != nil {
				return nil, err
			}
		}
	}
	for on, err := range s.Objects(ctx, access.TypeApplication) {
		if err != nil {
			return nil, err
		}
		for e, err := range s.EntitlementsOf(ctx, on.Ref) {
			if err != nil {
				return nil, err
			}
			if e.Slug == access.SlugOwner || e.Slug == access.SlugDefaultAccess { // These are no roles.
				continue
			}
			if err := throughGroups(ctx, s, on, e, 0, &app); err != nil {
				return nil, err
			}
		}
	}
	var found []*example
	for _, of := range [][]*example{held, eligible, app} {
		if len(of) > 0 {
			found = append(found, slices.MinFunc(of, byPlace))
		}
	}
	return found, nil
}

func byPlace(a, b *example) int {
	return cmp.Or(
		cmp.Compare(len(a.groups), len(b.groups)), cmp.Compare(a.place, b.place),
		cmp.Compare(a.person.Name, b.person.Name), cmp.Compare(a.on.ID, b.on.ID), cmp.Compare(a.slug, b.slug), cmp.Compare(a.person.ID, b.person.ID),
	)
}

// throughGroups adds the people who have an entitlement through groups and in no other
// way.
func throughGroups(ctx context.Context, s *access.Snapshot, on *access.Object, e *access.Entitlement, place int, into *[]*example) error {
	for h, err := range s.Holders(ctx, e.ID) {
		if err != nil {
			return err
		}
		if h.Direct || h.Principal.Type != access.TypeUser {
			continue
		}
		person, err := s.Object(ctx, h.Principal)
		if err != nil {
			return err
		}
		found := &example{person: person, on: on, slug: e.Slug, name: e.Name, place: place}
		for _, source := range h.Sources {
			ref, _ := access.SplitEntitlement(source)
			group, err := s.Object(ctx, ref)
			if err != nil {
				return err
			}
			found.groups = append(found.groups, group)
		}
		if person.Human && person.Status == access.StatusEnabled && !slices.ContainsFunc(found.groups, func(g *access.Object) bool { return g.Type != access.TypeGroup }) {
			*into = append(*into, found)
		}
	}
	return nil
}
