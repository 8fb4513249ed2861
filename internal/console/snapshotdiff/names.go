package snapshotdiff

import (
	"context"
	"strings"
)

// namesHeld is how many objects a namer remembers.
const namesHeld = 4096

// namer looks up what the objects of a change are called: in the newer snapshot,
// then in the older one. It remembers some and forgets them all when they are
// too many.
type namer struct {
	old, recent *Snapshot
	held        map[[2]string]Object
}

func (n *namer) find(ctx context.Context, resourceType, id string) (Object, error) {
	key := [2]string{resourceType, id}
	if o, ok := n.held[key]; ok {
		return o, nil
	}
	o := Object{Type: resourceType, ID: id}
	for _, s := range []*Snapshot{n.recent, n.old} {
		row, err := s.Resource(ctx, resourceType, id)
		if err != nil {
			return o, err
		}
		if row == nil {
			continue
		}
		if o, err = object(row); err != nil {
			return o, err
		}
		break
	}
	if n.held == nil || len(n.held) >= namesHeld {
		n.held = map[[2]string]Object{}
	}
	n.held[key] = o
	return o, nil
}

// complete looks up the principal of a change and the groups of its way.
func (n *namer) complete(ctx context.Context, c *AccessChange) error {
	var err error
	if c.Principal, err = n.find(ctx, c.Principal.Type, c.Principal.ID); err != nil {
		return err
	}
	c.Through = c.Through[:0]
	for _, source := range c.sources {
		// A source is an entitlement, "type:id:slug".
		resourceType, rest, _ := strings.Cut(source, ":")
		id := rest
		if i := strings.LastIndexByte(rest, ':'); i >= 0 {
			id = rest[:i]
		}
		o, err := n.find(ctx, resourceType, id)
		if err != nil {
			return err
		}
		c.Through = append(c.Through, o)
	}
	return nil
}
