// Package walk is how a sync goes through a tenant without keeping anything between
// two calls: page tokens and tasks, pages of listings, relations of many objects at a
// time, answers in parts, and the index in the SDK's session store. It must not know
// which resource types there are or what a sync decides to read.
package walk

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// TokenVersion is written into every page token. A token of another version
// comes from another build's unfinished sync and cannot be carried on.
const TokenVersion = 1

// MaxRestarts is how often one listing is begun again after Graph let its page
// token expire. Rows that come twice are harmless: storing them is an upsert. A
// delta query is given up sooner, because there is another way.
const (
	MaxRestarts      = 8
	maxDeltaRestarts = 3
)

// maxRecentLinks is how many links a listing remembers to notice that Graph
// leads it in a circle.
const maxRecentLinks = 8

// maxEmptyPages is how many pages without rows may follow each other. Graph
// gives one now and then; a listing that gives nothing else, each time with a
// link of its own, would never end.
const maxEmptyPages = 100

var errEmptyPages = status.Error(codes.Aborted, model.ErrorPrefix+"Microsoft Graph gives one page without rows after the other and does not end the listing; try again later")

// ErrCircle ends a listing that would never end by itself.
var ErrCircle = status.Error(codes.Aborted, model.ErrorPrefix+"Microsoft Graph leads the listing in a circle: the next page was read before; try again later")

// Cursor is the page token of a listing: all that another process needs to
// carry on.
type Cursor struct {
	Version int `json:"v"`
	// Phase tells the listings of one cursor apart; the first has none.
	Phase string `json:"f,omitempty"`
	// Next is Graph's reference of the page to read; empty for the first.
	Next string `json:"n,omitempty"`
	// Page counts the pages read since the listing (re)started.
	Page int `json:"p,omitempty"`
	// Offset is the row of the page at which the answer goes on.
	Offset int `json:"o,omitempty"`
	// Stored counts the pages of rows that the listing left in the index.
	Stored int `json:"s,omitempty"`
	// Restarts counts how often the listing was begun again.
	Restarts int `json:"r,omitempty"`
	// Trail is the way that Graph has led the listing.
	Trail Trail `json:"x,omitzero"`
	// Held is the page before Next, where a listing gives a page only when it
	// reads the next.
	Held *HeldPage `json:"h,omitempty"`
	// Run is how many people's managers come in one answer, as far as is known.
	Run int `json:"u,omitempty"`
	// Largest is the most rows of an expanded relation that the listing has
	// shown.
	Largest int `json:"y,omitempty"`
	// Heard is what came so far of things of which Graph may deny single ones.
	Heard map[string]Heard `json:"e,omitempty"`
}

// Heard is what came of things of one kind.
type Heard struct {
	// Answered is whether Graph has given any.
	Answered bool `json:"a,omitempty"`
	// Denied counts those of which it has denied some.
	Denied int `json:"d,omitempty"`
}

// HeldPage is a page that was read and is still to be given.
type HeldPage struct {
	// Ref is Graph's reference of it; empty for the first.
	Ref string `json:"n,omitempty"`
	// Page is its number since the listing (re)started.
	Page int `json:"p,omitempty"`
}

// Trail is what a listing remembers of the way that Graph has led it.
type Trail struct {
	// Recent are hashes of the latest links: small circles show at once.
	Recent []uint32 `json:"r,omitempty"`
	// Links counts the links, and Anchor is the hash of the latest whose number
	// is a power of two: a circle of any size comes by it again (Brent, An
	// improved Monte Carlo factorization algorithm, 1980).
	Links  int    `json:"n,omitempty"`
	Anchor uint32 `json:"a,omitempty"`
	// Empty counts the latest pages if they had no rows.
	Empty int `json:"m,omitempty"`
	// Gave is whether a page with rows was left behind, the listing before it began
	// again included.
	Gave bool `json:"g,omitempty"`
}

func EncodeToken(token any) (string, error) {
	raw, err := json.Marshal(token)
	if err != nil {
		return "", fmt.Errorf("encoding a page token: %w", err)
	}
	return string(raw), nil
}

// DecodeCursor reads a listing's page token; an empty one is the beginning.
func DecodeCursor(token string) (Cursor, error) {
	c := Cursor{Version: TokenVersion}
	err := decodeToken(token, &c, &c.Version)
	return c, err
}

// pageToken is what a page token is decoded into.
type pageToken interface {
	// sound reports whether the token can be one that this connector made.
	sound() bool
}

// CountsAreSound reports whether numbers can be those of pages and rows: what is
// negative, or near what a number can hold, would run out of its slice.
func CountsAreSound(counts ...int) bool {
	return !slices.ContainsFunc(counts, func(n int) bool { return n < 0 || n > math.MaxInt32/2 })
}

func (c *Cursor) sound() bool {
	for _, heard := range c.Heard {
		if !CountsAreSound(heard.Denied) {
			return false
		}
	}
	return CountsAreSound(c.Page, c.Offset, c.Stored, c.Restarts, c.Run, c.Largest) && (c.Held == nil || CountsAreSound(c.Held.Page))
}

func decodeToken(token string, into pageToken, version *int) error {
	if token == "" {
		return nil
	}
	*version = 0
	if err := json.Unmarshal([]byte(token), into); err != nil {
		return status.Error(codes.InvalidArgument, "the page token is not one of this connector's; start the sync over")
	}
	if *version != TokenVersion {
		return status.Errorf(codes.InvalidArgument, "the page token is of version %d, this build reads version %d; start the sync over", *version, TokenVersion)
	}
	if !into.sound() {
		return status.Error(codes.InvalidArgument, "the page token is damaged; start the sync over")
	}
	return nil
}

// LinkHash stands for a link where only sameness matters.
func LinkHash(link string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(link))
	return h.Sum32()
}

// Advance moves the cursor on from a page of so many rows. It fails where the
// listing would not end.
func (c *Cursor) Advance(rows int, next string) error {
	if err := c.Trail.Follow(rows, next); err != nil {
		return err
	}
	c.Next = next
	c.Page++
	return nil
}

// again is the trail of a listing that begins again: what it has given stays.
func (t *Trail) again() Trail { return Trail{Gave: t.Gave} }

// Follow notes that a page of so many rows leads to a link. It fails where
// the links lead in a circle, and after too many pages without rows.
func (t *Trail) Follow(rows int, next string) error {
	t.Empty++
	if rows > 0 {
		t.Empty, t.Gave = 0, true
	}
	sum := LinkHash(next)
	switch {
	case slices.Contains(t.Recent, sum), t.Links > 0 && sum == t.Anchor:
		return ErrCircle
	case t.Empty > maxEmptyPages:
		return errEmptyPages
	}
	if t.Links++; t.Links&(t.Links-1) == 0 {
		t.Anchor = sum
	}
	recent := append(slices.Clip(t.Recent), sum)
	t.Recent = recent[max(0, len(recent)-maxRecentLinks):]
	return nil
}

// Beginning reports whether nothing of the listing has been given yet: pages without
// rows may have come.
func (c *Cursor) Beginning() bool { return !c.Trail.Gave && c.Page == c.Trail.Empty }
