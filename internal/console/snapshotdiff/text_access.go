package snapshotdiff

import (
	"cmp"
	"context"
	"errors"
	"iter"
)

// privileged lists every change of access to privileged directory roles, role
// by role. Nothing is cut here, whatever the limits: this is what must not be
// overlooked.
func (p *report) privileged(ctx context.Context) error {
	var role Object
	for c, err := range each(ctx, p.diff.access) {
		if err != nil {
			return err
		}
		if !c.Privileged {
			return nil
		}
		if role.ID == "" {
			p.linef("\nPrivileged directory roles")
		}
		if c.Resource.ID != role.ID {
			role = c.Resource
			p.linef("  %s", fullName(role))
		}
		if err := p.diff.names.complete(ctx, c); err != nil {
			return err
		}
		p.linef("    %s", changeLine(c, c.Principal))
		if p.err != nil {
			return nil // WriteText reports it.
		}
	}
	return nil
}

// byHolder lists what people, then applications and others, gained and lost.
func (p *report) byHolder(ctx context.Context) error {
	sorted := p.diff.newSorter()
	err := sortByHolder(ctx, p.diff.access, sorted)
	if err == nil {
		err = p.holders(ctx, sorted)
	}
	return errors.Join(err, sorted.remove())
}

// sortByHolder brings the changes of each principal together, in the order that
// they have.
func sortByHolder(ctx context.Context, access, into *sorter) error {
	for r, err := range access.all() {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		c, err := decodeAccess(r.value)
		if err != nil {
			return err
		}
		if err := into.add(append(sortKey(c.Principal.Type, c.Principal.ID, ""), r.key...), r.value); err != nil {
			return err
		}
	}
	return nil
}

func (p *report) holders(ctx context.Context, sorted *sorter) error {
	return p.groups(ctx, &grouping{
		of:   func(c *AccessChange) Object { return c.Principal },
		name: func(ctx context.Context, o Object) (Object, error) { return p.diff.names.find(ctx, o.Type, o.ID) },
	}, sorted, section{
		title: "Access, by who holds it",
		many:  "holders",
		other: func(c *AccessChange) Object { return c.Resource },
	})
}

// byResource lists who gained and lost access to each resource. Privileged roles
// have been listed whole.
func (p *report) byResource(ctx context.Context) error {
	return p.groups(ctx, &grouping{
		of: func(c *AccessChange) Object { return c.Resource },
	}, p.diff.access, section{
		title: "Access, by what it is to",
		many:  "resources",
		skip:  func(c *AccessChange) bool { return c.Privileged },
		other: func(c *AccessChange) Object { return c.Principal },
	})
}

// section is how one grouping is shown.
type section struct {
	title, many string
	// skip leaves changes out.
	skip func(*AccessChange) bool
	// other is the end of a change that the group does not tell.
	other func(*AccessChange) Object
}

// groups writes one section.
func (p *report) groups(ctx context.Context, g *grouping, from *sorter, s section) error {
	g.into, g.keep = p.diff.newSorter(), p.limit(linesShown)
	err := g.collect(ctx, without(each(ctx, from), s.skip))
	if err == nil && g.count > 0 {
		p.linef("\n%s", s.title)
		err = p.writeGroups(ctx, g, s)
	}
	return errors.Join(err, g.into.remove())
}

func (p *report) writeGroups(ctx context.Context, g *grouping, s section) error {
	shown, left := 0, 0
	for next, err := range groups(g.into) {
		if err != nil {
			return err
		}
		if p.err != nil {
			return nil // WriteText reports it.
		}
		if next.group != nil {
			p.more("    ", left, "")
			left = next.group.total() - next.group.Shown
			if limit := p.limit(groupsShown); limit > 0 && shown == limit {
				p.more("  ", g.count-shown, " "+s.many)
				return nil
			}
			shown++
			p.linef("  %s: %s", fullName(next.group.Of), next.group.words())
			continue
		}
		if err := p.diff.names.complete(ctx, next.change); err != nil {
			return err
		}
		p.linef("    %s", changeLine(next.change, s.other(next.change)))
	}
	p.more("    ", left, "")
	return nil
}

// without leaves changes out.
func without(changes iter.Seq2[*AccessChange, error], skip func(*AccessChange) bool) iter.Seq2[*AccessChange, error] {
	if skip == nil {
		return changes
	}
	return func(yield func(*AccessChange, error) bool) {
		for c, err := range changes {
			if err == nil && skip(c) {
				continue
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

func (g *accessGroup) words() string {
	return countWords([]counted{{g.Gained, "gained"}, {g.Lost, "lost"}, {g.Changed, "held in another way"}})
}

// changeLine is a change of access, seen from one of its ends.
func changeLine(c *AccessChange, other Object) string {
	return sign(c.Change) + " " + fullName(other) + ": " + entitlementName(c.Entitlement) + ", " + how(c)
}

// how says in which way the access is, or was, held.
func how(c *AccessChange) string {
	switch {
	case c.Change == accessDirect:
		return "now directly; was " + through(c)
	case c.Change == accessDerived:
		return "now only " + through(c) + "; was direct"
	case c.New == StateDirect:
		return "directly"
	case c.New == StateDerived:
		return through(c)
	case c.Old == StateDirect:
		return "was direct"
	default:
		return "was " + through(c)
	}
}

// through names the first group of the way.
func through(c *AccessChange) string {
	if len(c.Through) == 0 {
		return "indirect"
	}
	words := "through " + short(cmp.Or(c.Through[0].Name, c.Through[0].ID))
	if more := len(c.Through) - 1; more > 0 {
		words += " and " + number(more) + " more"
	}
	return words
}

func entitlementName(e Entitlement) string { return short(cmp.Or(e.Name, e.ID)) }

// fullName is an object's name with what tells it from its namesakes: how a
// person signs in, or what kind of object it is.
func fullName(o Object) string {
	name := short(cmp.Or(o.Name, o.ID))
	if o.Login != "" {
		return name + " <" + short(o.Login) + ">"
	}
	return name + " (" + typeOne(o.Type) + ")"
}
