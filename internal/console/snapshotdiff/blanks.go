package snapshotdiff

import (
	"fmt"
	"slices"
)

// Blank is a part of the tenant that only one of the snapshots can have, because of a
// data set that was not read for the other one, or a setting: rows of it that the other
// one lacks say nothing of the tenant.
type Blank struct {
	Data    string `json:"data,omitempty"`
	Setting string `json:"setting,omitempty"`
	// In is "old" or "new": the snapshot that has it.
	In string `json:"in"`
	// Why it is not in the other one, where that is told.
	Why string `json:"why,omitempty"`
	// Rows is how many rows are not told as changes because of it.
	Rows int `json:"rows"`

	// untold means that one of the snapshots does not say whether it was read, so that the
	// blank is one only if there are rows; silent that it is the one without them.
	untold, silent bool
	// waits is that, before it is known whether there are rows.
	waits bool
	// doubt is for rows that are new where the older snapshot has none of the kind and
	// does not say whether they were read: they are told all the same. Access that looks
	// gained must not be passed over, as access that looks lost may.
	doubt bool
}

// holds reports whether the blank is worth telling: what was not read is missing, rows or
// not.
func (b *Blank) holds() bool { return !b.doubt && (b.Rows > 0 || !b.untold) }

// takes counts a row, and reports whether it is not to be told.
func (b *Blank) takes() bool {
	if b == nil {
		return false
	}
	b.Rows++
	return !b.doubt
}

// words say what is not compared, and why.
func (b *Blank) words() string {
	what, other := upperFirst(b.Data), inOld
	if b.In == inOld {
		other = inNew
	}
	if b.Setting != "" {
		return fmt.Sprintf("What --%s leaves out is not compared: the %s snapshot was made with it (%s only in the %s one).", b.Setting, other, rowWords(b.Rows), b.In)
	}
	switch {
	case b.silent:
		return fmt.Sprintf("%s are not compared: the %s snapshot has none, and does not say whether they were read (%s only in the %s one).", what, other, rowWords(b.Rows), b.In)
	case b.Why != "":
		return fmt.Sprintf("%s are not compared: they were not read for the %s snapshot, for lack of %s (%s only in the %s one).", what, other, b.Why, rowWords(b.Rows), b.In)
	default:
		return fmt.Sprintf("%s are not compared: they were not read for the %s snapshot (%s only in the %s one).", what, other, rowWords(b.Rows), b.In)
	}
}

// blanks are what cannot be compared, by data set or setting and the snapshot that has it.
type blanks struct {
	list []*Blank
	by   map[[2]string]*Blank
}

func (b *blanks) add(blank *Blank) {
	b.list = append(b.list, blank)
	b.by[[2]string{blank.Data + blank.Setting, blank.In}] = blank
}

// of is the blank that a row of a data set, which only one snapshot has, falls into.
func (b *blanks) of(name, in string) *Blank {
	if name == "" {
		return nil
	}
	return b.by[[2]string{name, in}]
}

// doubts says which rows may be no news.
func (b *blanks) doubts(old string) []string {
	var said []string
	for _, one := range b.list {
		if one.doubt && one.Rows > 0 {
			said = append(said, fmt.Sprintf("%s has no %s and does not say whether they were read: what is told of them as new (%s) may have been there before.", old, one.Data, rowWords(one.Rows)))
		}
	}
	return said
}

// told are the blanks worth telling.
func (b *blanks) told() []*Blank {
	return slices.DeleteFunc(slices.Clone(b.list), func(one *Blank) bool { return !one.holds() })
}
