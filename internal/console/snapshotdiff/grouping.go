package snapshotdiff

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
)

// accessGroup is the sums of the changes that one principal, or one resource,
// has in common.
type accessGroup struct {
	Of      Object
	Gained  int
	Lost    int
	Changed int
	Shown   int // How many of its changes are kept, for a report with limits.
}

func (g *accessGroup) total() int { return g.Gained + g.Lost + g.Changed }

func (g *accessGroup) count(c *AccessChange) {
	switch c.Change {
	case accessGained:
		g.Gained++
	case accessLost:
		g.Lost++
	default:
		g.Changed++
	}
}

// grouping puts sorted changes into groups, with each group's sums ahead of its
// changes and the groups in the order in which they are reported: by the rank
// of the first change, which is the highest, then by name.
type grouping struct {
	into *sorter
	// of names what a change is grouped by.
	of func(*AccessChange) Object
	// name finds what the group is called; nil where the change tells.
	name func(context.Context, Object) (Object, error)
	// keep is how many changes of a group are kept; 0 for all.
	keep int

	count int // Of groups.
	key   []byte
	group *accessGroup
}

// collect groups the changes, which come with each group's changes together.
func (g *grouping) collect(ctx context.Context, changes iter.Seq2[*AccessChange, error]) error {
	for c, err := range changes {
		if err != nil {
			return err
		}
		of := g.of(c)
		if g.group == nil || g.group.Of.Type != of.Type || g.group.Of.ID != of.ID {
			if err := g.begin(ctx, of, c.rank()); err != nil {
				return err
			}
		}
		g.group.count(c)
		if g.keep > 0 && g.group.Shown == g.keep {
			continue
		}
		g.group.Shown++
		if err := g.into.add(g.keyAt(g.group.Shown), c.encode()); err != nil {
			return err
		}
	}
	return g.end()
}

func (g *grouping) begin(ctx context.Context, of Object, r rank) error {
	if err := g.end(); err != nil {
		return err
	}
	if g.name != nil {
		var err error
		if of, err = g.name(ctx, of); err != nil {
			return err
		}
	}
	g.group = &accessGroup{Of: of}
	g.count++
	g.key = sortKey(string([]byte{r.class, r.place}), string(typeOrder(of.Type)), strings.ToLower(of.Name), of.Type, of.ID)
	return nil
}

// end writes the sums of the group that is complete.
func (g *grouping) end() error {
	if g.group == nil {
		return nil
	}
	value, err := json.Marshal(g.group)
	if err != nil {
		return fmt.Errorf("keeping a group of changes: %w", err)
	}
	return g.into.add(g.keyAt(0), value)
}

// placeBytes end a key in a grouping's sorter.
const placeBytes = 8

// keyAt is the key of a group's sums, at 0, or of one of its changes.
func (g *grouping) keyAt(place int) []byte {
	key := append(make([]byte, 0, len(g.key)+1+placeBytes), g.key...)
	return binary.BigEndian.AppendUint64(append(key, 0), uint64(place)) //nolint:gosec // It counts from 0.
}

// grouped is either the sums of a group or the next of its changes.
type grouped struct {
	group  *accessGroup
	change *AccessChange
}

// groups yields what a grouping has collected.
func groups(collected *sorter) iter.Seq2[grouped, error] {
	return func(yield func(grouped, error) bool) {
		for r, err := range collected.all() {
			if err != nil {
				yield(grouped{}, err)
				return
			}
			next := grouped{}
			if binary.BigEndian.Uint64(r.key[len(r.key)-placeBytes:]) == 0 {
				next.group = &accessGroup{}
				err = json.Unmarshal(r.value, next.group)
			} else {
				next.change, err = decodeAccess(r.value)
			}
			if !yield(next, err) || err != nil {
				return
			}
		}
	}
}
