package snapshotdiff

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// power is the greatest of what a group or an application holds, and what that is: "holds
// Global Administrator".
type power struct {
	rank
	what string
}

// betterThan puts the greater power first; of one role, that it is held.
func (p power) betterThan(other power) bool {
	return p.before(other.rank) || p.rank == other.rank && p.what < other.what
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
			permission := powers.PermissionNamed(appID, e.Name)
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

// dangerOf is that of holding an entitlement. What its resource is powerful by is what
// makes a membership or an ownership a way to a role.
func (p *powerful) dangerOf(on *v2.Resource, slug, name string) danger {
	id := on.GetId()
	switch id.GetResourceType() {
	case typeRole, typeScopedRole:
		return dangerOfRole(id.GetResourceType(), id.GetResource())
	case typeGroup:
		return p.dangerOfGroup(on, slug)
	case typeApplication, access.TypeManagedIdentity, access.TypeAgentIdentity:
		if slug == access.SlugOwner {
			return wayThrough(p.services[access.Ref{Type: id.GetResourceType(), ID: id.GetResource()}], "its owners can act as it, and it ")
		}
		api := strings.ToLower(profileText(on, "appId"))
		permission := powers.PermissionNamed(api, name)
		switch {
		case permission == nil:
			return harmlessRest
		case permission.Takeover:
			return danger{rank{classTakeover, 0}, permission.Why}
		default:
			return danger{rank{classPermission, 0}, permission.Why}
		}
	case typeRegistration:
		if slug == access.SlugOwner {
			return wayThrough(p.registrations[strings.ToLower(profileText(on, "appId"))], "its owners can act as the application, and that ")
		}
	}
	return harmlessRest
}

func (p *powerful) dangerOfGroup(on *v2.Resource, slug string) danger {
	switch slug {
	case access.SlugMember, access.SlugOwner, access.SlugEligibleMember, access.SlugEligibleOwner:
	default:
		return harmlessRest
	}
	if d := wayThrough(p.groups[on.GetId().GetResource()], "the group "); d.privileged() {
		return d
	}
	if on.GetProfile().GetFields()["isAssignableToRole"].GetBoolValue() {
		return danger{rank{classWay, last}, whyAssignable}
	}
	return harmlessRest
}

// wayThrough is the danger of coming into the place of what has a power.
func wayThrough(through power, says string) danger {
	if through.what == "" {
		return harmlessRest
	}
	class := classWay
	switch through.class {
	case classTopRole, classTakeover:
		class = classTopWay
	case classPrivilegedScoped:
		class = classScopedWay
	}
	return danger{rank{class, through.place}, says + through.what}
}
