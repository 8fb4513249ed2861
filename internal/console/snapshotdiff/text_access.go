package snapshotdiff

import (
	"context"
	"errors"
	"iter"
)

// privileged lists every change of privileged access, the most dangerous first. Nothing
// is cut here, whatever the limits: this is what must not be overlooked.
func (p *report) privileged(ctx context.Context) error {
	var on Object
	why := ""
	for c, err := range each(ctx, p.diff.access) {
		if err != nil {
			return err
		}
		if !c.Privileged {
			return nil
		}
		p.beginPrivileged()
		if c.Resource.Type != on.Type || c.Resource.ID != on.ID || c.Reason != why {
			on, why = c.Resource, c.Reason
			p.linef("  %s: %s", fullName(on), short(why))
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

// privilegedConsents lists every consent to what gives much, with why it does.
func (p *report) privilegedConsents(ctx context.Context) error {
	first := true
	for r, err := range p.diff.consents.all() {
		change := &ResourceChange{}
		if err == nil {
			err = p.diff.readResource(ctx, r, change)
		}
		if err != nil {
			return err
		}
		p.beginPrivileged()
		if first {
			p.linef("  Consents")
		}
		first = false
		p.linef("    %s (%s)", resourceLine(change), short(change.Reason))
		if p.err != nil {
			return nil // WriteText reports it.
		}
	}
	return nil
}

// access lists who gained and lost what, each change once: under who holds it, or under
// what it is to where more has changed there. What is privileged, or told by another
// change, is not told again.
func (p *report) access(ctx context.Context) error {
	holders, resources := p.diff.newSorter(), p.diff.newSorter()
	err := p.divide(ctx, holders, resources)
	if err == nil {
		err = p.groups(ctx, &grouping{
			of:   func(c *AccessChange) Object { return c.Principal },
			name: func(ctx context.Context, o Object) (Object, error) { return p.diff.names.find(ctx, o.Type, o.ID) },
		}, holders, section{
			title: "Access, by who holds it",
			many:  "holders",
			other: func(c *AccessChange) Object { return c.Resource },
		})
	}
	if err == nil {
		err = p.groups(ctx, &grouping{
			of: func(c *AccessChange) Object { return c.Resource },
		}, resources, section{
			title: "Access, by what it is to",
			many:  "resources",
			other: func(c *AccessChange) Object { return c.Principal },
		})
	}
	return errors.Join(err, holders.remove(), resources.remove())
}

// divide puts each change where more of its kind are. It goes through the changes twice:
// ahead, to count those of a resource, and behind.
func (p *report) divide(ctx context.Context, holders, resources *sorter) error {
	ahead, stopAhead := iter.Pull2(p.apart(ctx))
	defer stopAhead()
	behind, stopBehind := iter.Pull2(p.apart(ctx))
	defer stopBehind()
	next, err, more := ahead()
	for more && err == nil {
		on, count := next.change.Resource, 0
		for ; more && err == nil && next.change.Resource.Type == on.Type && next.change.Resource.ID == on.ID; next, err, more = ahead() {
			count++
		}
		for range count {
			r, err, _ := behind()
			if err != nil {
				return err
			}
			c := r.change
			if count > c.beside {
				err = resources.add(r.key, r.value)
			} else {
				err = holders.add(append(sortKey(c.Principal.Type, c.Principal.ID, ""), r.key...), r.value)
			}
			if err != nil {
				return err
			}
		}
	}
	return err
}

// kept is a change as a sorter has it.
type kept struct {
	record

	change *AccessChange
}

// apart yields the changes that are neither privileged nor told by another one.
func (p *report) apart(ctx context.Context) iter.Seq2[kept, error] {
	return func(yield func(kept, error) bool) {
		for r, err := range p.diff.access.all() {
			next := kept{record: r}
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				next.change, err = decodeAccess(r.value)
			}
			if err == nil && (next.change.Privileged || next.change.told()) {
				continue
			}
			if !yield(next, err) || err != nil {
				return
			}
		}
	}
}

// section is how one grouping is shown.
type section struct {
	title, many string
	// other is the end of a change that the group does not tell.
	other func(*AccessChange) Object
}

// groups writes one section.
func (p *report) groups(ctx context.Context, g *grouping, from *sorter, s section) error {
	g.into, g.keep = p.diff.newSorter(), p.limit(linesShown)
	err := g.collect(ctx, each(ctx, from))
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

func (g *accessGroup) words() string {
	return countWords([]counted{{g.Gained, "gained"}, {g.Lost, "lost"}, {g.Changed, "held in another way"}})
}
