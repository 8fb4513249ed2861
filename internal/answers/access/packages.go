package access

import (
	"context"
	"slices"
	"strings"
)

// Giving is an access package that somebody has, and that gives what they hold.
type Giving struct {
	Package Ref
	// Until is when the package ends for them, in RFC 3339; empty for no end that is
	// known. Partly says that Microsoft could deliver only a part of it.
	Until  string
	Partly bool
}

// packages are the access packages of a snapshot.
type packages struct {
	// giving are those that give an entitlement, and policies the entitlements of each
	// one's policies.
	giving   map[string][]Ref
	policies map[Ref][]string
}

// packages reads the access packages once. Theirs is one of the first types.
func (s *Snapshot) packages(ctx context.Context) (*packages, error) {
	if s.given != nil {
		return s.given, nil
	}
	p := &packages{giving: map[string][]Ref{}, policies: map[Ref][]string{}}
	if s.Has(TypePackage) {
		for o, err := range s.Objects(ctx, TypePackage) {
			if err != nil {
				return nil, err
			}
			p.add(o)
		}
	}
	s.given = p
	return p, nil
}

func (p *packages) add(o *Object) {
	for _, policy := range o.Rows("policies") {
		if id, _ := policy["id"].(string); id != "" {
			p.policies[o.Ref] = append(p.policies[o.Ref], EntitlementID(o.Ref, id))
		}
	}
	for _, content := range o.Rows("contents") {
		id, _ := content["entitlement"].(string)
		if id != "" && !slices.Contains(p.giving[id], o.Ref) {
			p.giving[id] = append(p.giving[id], o.Ref)
		}
	}
}

// PackagesGiving are the access packages that give an entitlement to whom they are
// delivered.
func (s *Snapshot) PackagesGiving(ctx context.Context, entitlement string) ([]Ref, error) {
	p, err := s.packages(ctx)
	if err != nil {
		return nil, err
	}
	return p.giving[entitlement], nil
}

// GivenBy are the access packages that somebody has, of those that give an entitlement:
// the one that lasts longest first. That they hold what it gives is for the caller to
// know.
func (s *Snapshot) GivenBy(ctx context.Context, entitlement string, principal Ref) ([]Giving, error) {
	p, err := s.packages(ctx)
	if err != nil {
		return nil, err
	}
	var found []Giving
	for _, ref := range p.giving[entitlement] {
		g, err := s.hadBy(ctx, p.policies[ref], principal)
		if err != nil {
			return nil, err
		}
		if g != nil {
			found = append(found, *g)
		}
	}
	slices.SortStableFunc(found, func(a, b Giving) int {
		switch {
		case a.Until == b.Until:
			return strings.Compare(a.Package.ID, b.Package.ID)
		case outlasts(a, b):
			return -1
		default:
			return 1
		}
	})
	return found, nil
}

// hadBy is how somebody has a package: by the policy by which it lasts longest. It is nil
// where they do not have it.
func (s *Snapshot) hadBy(ctx context.Context, policies []string, principal Ref) (*Giving, error) {
	var had *Giving
	for _, policy := range policies {
		h, err := s.Held(ctx, policy, principal)
		if err != nil {
			return nil, err
		}
		if h == nil {
			continue
		}
		g := Giving{Package: h.On, Until: h.Until, Partly: strings.EqualFold(h.text("state"), "PartiallyDelivered")}
		if had == nil || outlasts(g, *had) {
			had = &g
		}
	}
	return had, nil
}

// outlasts reports whether a package is held for longer than another. Times are of one
// form, so that texts compare.
func outlasts(a, b Giving) bool {
	return b.Until != "" && (a.Until == "" || a.Until > b.Until)
}
