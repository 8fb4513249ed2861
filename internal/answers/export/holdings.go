package export

import (
	"context"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// offer is an entitlement on its way into a row.
type offer struct {
	*access.Entitlement
	names *names
}

type offerField = field[*offer]

var entitlementsTable = newTable("entitlements", "What there is to hold: membership of a group, a role of an application, a directory role.",
	offerField{"id", text, "The id: type:object:slug.", func(o *offer) any { return o.ID }},
	offerField{"resource_type", text, "What it is on.", func(o *offer) any { return o.On.Type }},
	offerField{"resource_id", text, "The id of what it is on.", func(o *offer) any { return o.On.ID }},
	offerField{"resource_name", text, "The name of what it is on.", func(o *offer) any { return o.names.of[o.On].name }},
	offerField{"slug", text, "member, owner, assigned, eligible, eligible_member, eligible_owner, sponsor, granted, default_access, or the id of an app role.", func(o *offer) any { return o.Slug }},
	offerField{columnName, text, aboutName, func(o *offer) any { return o.Name }},
	offerField{"power", text, "Why it gives much, where it does: privileged directory roles, application permissions of Microsoft.", func(o *offer) any { return o.names.power(o.Entitlement) }},
	offerField{columnDescription, text, aboutDescription, func(o *offer) any { return o.Description }},
)

// holding is somebody's hold on the way into a row.
type holding struct {
	*access.Holding
	who named
	// what is held, and what it is on.
	what              *access.Entitlement
	on                named
	power             string
	through           string
	throughIDs        string
	kind, since, till string
}

type holdingField = field[*holding]

var accessTable = newTable("access", "Who holds what, directly and through groups: one row for each principal and entitlement.",
	holdingField{"principal_id", text, "Who holds it: the id.", func(h *holding) any { return h.Principal.ID }},
	holdingField{"principal_type", text, "What the holder is: user, group, application ...", func(h *holding) any { return h.Principal.Type }},
	holdingField{"principal_name", text, "The holder's name.", func(h *holding) any { return h.who.name }},
	holdingField{"principal_login", text, "What the holder signs in as, if it is a person.", func(h *holding) any { return h.who.login }},
	holdingField{"principal_enabled", flag, "Whether the holder is enabled.", func(h *holding) any { return told(h.who.enabled) }},
	holdingField{"principal_guest", flag, "Whether the holder is a guest.", func(h *holding) any { return told(h.who.guest) }},
	holdingField{"resource_type", text, "What it is on.", func(h *holding) any { return h.On.Type }},
	holdingField{"resource_id", text, "The id of what it is on.", func(h *holding) any { return h.On.ID }},
	holdingField{"resource_name", text, "The name of what it is on.", func(h *holding) any { return h.on.name }},
	holdingField{"entitlement_id", text, "What is held: the id of a row of entitlements.", func(h *holding) any { return h.Entitlement }},
	holdingField{"entitlement_slug", text, "What is held: member, owner, assigned, eligible ...", func(h *holding) any { return h.Slug }},
	holdingField{"entitlement_name", text, "What is held: its name.", func(h *holding) any { return h.what.Name }},
	holdingField{"power", text, "Why that gives much, where it does.", func(h *holding) any { return h.power }},
	holdingField{"direct", flag, "Whether the principal holds it itself.", func(h *holding) any { return h.Direct }},
	holdingField{"through", text, "The groups that it is held through, by name; empty for what is only direct.", func(h *holding) any { return h.through }},
	holdingField{"through_ids", text, "The ids of those groups.", func(h *holding) any { return h.throughIDs }},
	holdingField{columnKind, text, "How it was assigned, where the tenant tells: permanent, time-bound or activated. Through a group it is the group's own.", func(h *holding) any { return h.kind }},
	holdingField{"since", moment, "From when, where the tenant tells.", func(h *holding) any { return momentOf(h.since) }},
	holdingField{"until", moment, "Until when, where there is an end.", func(h *holding) any { return momentOf(h.till) }},
	holdingField{"fixed", text, "Why it cannot be taken away here, where it cannot: a rule gives it, or another directory does.", func(h *holding) any { return h.Immutable }},
)

// held is the entitlement that the rows at hand are about.
type held struct {
	snapshot *access.Snapshot
	names    *names
	what     *access.Entitlement
	on       named
	power    string
	// offers are the entitlements of the object that it is on.
	offers map[string]*access.Entitlement
	// givers are the groups that hold it, where that has times.
	givers map[string]*access.Holding
}

func (c *held) turnTo(ctx context.Context, h *access.Holding) error {
	if c.what == nil || c.what.On != h.On {
		c.offers = map[string]*access.Entitlement{}
		for e, err := range c.snapshot.EntitlementsOf(ctx, h.On) {
			if err != nil {
				return err
			}
			c.offers[e.ID] = e
		}
		c.on = c.names.of[h.On]
	}
	c.what = c.offers[h.Entitlement]
	if c.what == nil {
		c.what = &access.Entitlement{ID: h.Entitlement, On: h.On, Slug: h.Slug}
	}
	c.power = c.names.power(c.what)
	return c.readGivers(ctx, h)
}

// readGivers finds the groups that hold what has times of its own: roles, and what can
// be activated. It goes through the holders once more, and there are few of those.
func (c *held) readGivers(ctx context.Context, h *access.Holding) error {
	c.givers = nil
	switch {
	case h.On.Type == access.TypeRole, h.On.Type == access.TypeScopedRole, strings.HasPrefix(h.Slug, access.SlugEligible):
	default:
		return nil
	}
	for other, err := range c.snapshot.Holders(ctx, h.Entitlement) {
		if err != nil {
			return err
		}
		if other.Direct && other.Principal.Type == access.TypeGroup {
			if c.givers == nil {
				c.givers = map[string]*access.Holding{}
			}
			c.givers[access.EntitlementID(other.Principal, access.SlugMember)] = other
		}
	}
	return nil
}

// giverOf is the group's hold that access through groups lasts longest by; nil for what
// is direct.
func (c *held) giverOf(h *access.Holding) *access.Holding {
	if h.Direct {
		return nil
	}
	var longest *access.Holding
	for _, source := range h.Sources {
		g := c.givers[source]
		if g == nil {
			continue
		}
		if longest == nil || longest.Until != "" && (g.Until == "" || g.Until > longest.Until) {
			longest = g
		}
	}
	return longest
}

// through names the sources of a holding.
func (n *names) through(h *access.Holding) (string, string) {
	if len(h.Sources) == 0 {
		return "", ""
	}
	called, ids := make([]string, 0, len(h.Sources)), make([]string, 0, len(h.Sources))
	for _, source := range h.Sources {
		on, _ := access.SplitEntitlement(source)
		name := n.of[on].name
		if name == "" {
			name = on.ID
		}
		called, ids = append(called, name), append(ids, on.ID)
	}
	return strings.Join(called, "; "), strings.Join(ids, " ")
}
