package snapshotdiff

import (
	"bytes"
	"context"
	"iter"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// Changes of access wait by holder until all are known: whether a membership is told by
// what comes of it, only the holder's other changes tell.

// phase puts what is derived before what may lead to it.
func phase(c *AccessChange) string {
	if c.New == StateDerived || c.Old == StateDerived {
		return "0"
	}
	return "1"
}

// wait keeps a change until those of its holder are known.
func (d *Diff) wait(c *AccessChange) error {
	return d.waiting.add(sortKey(c.Principal.Type, c.Principal.ID, "", phase(c)), c.encode())
}

// holderChanges is what is known of one holder once all of its changes have been seen.
type holderChanges struct {
	// consequences are the entitlements that something derived was gained or lost
	// through, and whether any of that is privileged.
	consequences map[string]bool
	// apart is how many changes are told under holders or resources.
	apart int
}

// see takes note of a change. Those that are derived come first.
func (h *holderChanges) see(c *AccessChange) {
	derivedOnly := c.Change == accessGained && c.New == StateDerived || c.Change == accessLost && c.Old == StateDerived
	if derivedOnly {
		for _, source := range c.sources {
			key := c.Change + source
			h.consequences[key] = h.consequences[key] || c.Privileged
		}
	}
	h.tell(c)
	if !c.told() && !c.Privileged {
		h.apart++
	}
}

// tell lets a membership be told by what comes of it: access that was gained, or lost,
// through the group together with it. A privileged one is told itself unless what comes
// of it is privileged too.
func (h *holderChanges) tell(c *AccessChange) {
	if c.told() || c.Resource.Type != typeGroup || c.slug != access.SlugMember || len(c.sources) > 0 {
		return
	}
	if c.Change != accessGained && c.Change != accessLost {
		return
	}
	if privileged, found := h.consequences[c.Change+c.Entitlement.ID]; found && (privileged || !c.Privileged) {
		c.tell(toldByConsequence)
	}
}

// settle goes through the changes holder by holder, twice each: first to know them, then
// to keep them in the order of reports.
func (d *Diff) settle(ctx context.Context) error {
	ahead, stopAhead := iter.Pull2(d.waiting.all())
	defer stopAhead()
	behind, stopBehind := iter.Pull2(d.waiting.all())
	defer stopBehind()
	next, err, more := ahead()
	for more {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		holder := holderOf(next.key)
		known := &holderChanges{consequences: map[string]bool{}}
		count := 0
		for ; more && err == nil && bytes.Equal(holderOf(next.key), holder); next, err, more = ahead() {
			c, err := decodeAccess(next.value)
			if err != nil {
				return err
			}
			count++
			if b := d.late(c); b == nil || b.doubt {
				known.see(c)
			}
		}
		for range count {
			r, err, _ := behind()
			if err != nil {
				return err
			}
			if err := d.settleOne(r, known); err != nil {
				return err
			}
		}
	}
	return err
}

// holderOf is the part of a key that says whose change it is.
func holderOf(key []byte) []byte { return key[:len(key)-len("\x000")] }

// late is the blank that a change falls into which had to wait for all rows.
func (d *Diff) late(c *AccessChange) *Blank {
	in, other := inOld, inNew
	switch {
	case c.Old == StateNone:
		in, other = inNew, inOld
	case c.New != StateNone:
		return nil
	}
	if b := d.blanks.of(c.data, in); b != nil && b.waits && d.seen[[2]string{c.data, other}] == 0 {
		return b
	}
	return nil
}

func (d *Diff) settleOne(r record, known *holderChanges) error {
	c, err := decodeAccess(r.value)
	if err != nil {
		return err
	}
	if d.late(c).takes() {
		return nil
	}
	known.tell(c)
	c.beside = known.apart
	return d.keepAccess(c)
}

// keepAccess keeps a change, in the order of reports.
func (d *Diff) keepAccess(c *AccessChange) error {
	d.summary.count(c)
	r := c.rank()
	on, holder := &c.Resource, &c.Principal
	// Direct access comes first: what is derived is its consequence.
	order := byte('1')
	if c.New == StateDirect || c.Old == StateDirect {
		order = '0'
	}
	return d.access.add(sortKey(
		string([]byte{r.class, r.place}), string(typeOrder(on.Type)), strings.ToLower(on.Name), on.ID,
		string(slugOrder(c.slug)), c.Entitlement.ID, string(order), changeOrder(c.Change),
		string(typeOrder(holder.Type)), holder.ID,
	), c.encode())
}

// changeOrder puts what was gained before what was lost.
func changeOrder(change string) string {
	switch change {
	case accessGained:
		return "0"
	case accessLost:
		return "2"
	default:
		return "1"
	}
}
