package snapshotdiff

import (
	"context"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// power is the greatest of what a group or an application holds, and what that is: "holds
// Global Administrator".
type power struct {
	rank
	what string
}

// powerful are the groups and applications of one snapshot that hold privileged roles or
// permissions that lead to them. They are few in any tenant: as many as have been
// assigned one.
type powerful struct {
	groups   map[string]power
	services map[access.Ref]power
	// registrations are by the id of the application (appId).
	registrations map[string]power
}

// readPowerful looks up who holds what is privileged, by keys and not by going through
// all that is held.
func readPowerful(ctx context.Context, s *access.Snapshot, seen *survey) (*powerful, error) {
	p := &powerful{groups: map[string]power{}, services: map[access.Ref]power{}, registrations: map[string]power{}}
	for on, name := range seen.roles {
		if !dangerOfRole(on.Type, on.ID).privileged() {
			continue
		}
		if err := p.addRole(ctx, s, on, name); err != nil {
			return nil, err
		}
	}
	if err := p.addPermissions(ctx, s, seen); err != nil {
		return nil, err
	}
	for ref, has := range p.services {
		o, err := s.Object(ctx, ref)
		if err != nil {
			return nil, err
		}
		if id := strings.ToLower(o.Text("appId")); id != "" {
			p.registrations[id] = has
		}
	}
	return p, nil
}

// addRole notes who holds a role, and who may activate it.
func (p *powerful) addRole(ctx context.Context, s *access.Snapshot, on access.Ref, name string) error {
	for slug, verb := range map[string]string{slugAssigned: "holds ", slugEligible: "may activate "} {
		if err := p.add(ctx, s, access.EntitlementID(on, slug), power{dangerOfRole(on.Type, on.ID).rank, verb + name}); err != nil {
			return err
		}
	}
	return nil
}

// addPermissions notes who holds permissions that lead to any role.
func (p *powerful) addPermissions(ctx context.Context, s *access.Snapshot, seen *survey) error {
	for api, appID := range seen.apis {
		for e, err := range s.EntitlementsOf(ctx, api) {
			if err != nil {
				return err
			}
			permission := permissionNamed(appID, e.Name)
			if permission == nil || !permission.Takeover {
				continue
			}
			if err := p.add(ctx, s, e.ID, power{rank{classTakeover, 0}, "has the permission " + permission.Value}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *powerful) add(ctx context.Context, s *access.Snapshot, entitlement string, has power) error {
	for h, err := range s.Holders(ctx, entitlement) {
		if err != nil {
			return err
		}
		switch h.Principal.Type {
		case typeUser:
		case typeGroup:
			if known, ok := p.groups[h.Principal.ID]; !ok || has.betterThan(known) {
				p.groups[h.Principal.ID] = has
			}
		default:
			if known, ok := p.services[h.Principal]; !ok || has.betterThan(known) {
				p.services[h.Principal] = has
			}
		}
	}
	return nil
}

// betterThan puts the greater power first; of one role, that it is held.
func (p power) betterThan(other power) bool {
	return p.before(other.rank) || p.rank == other.rank && p.what < other.what
}
