package events

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

const (
	// maxEventCursor is the SDK's limit.
	maxEventCursor = 4096
	// maxSeen is how many entries a cursor remembers.
	maxSeen = 256
	// seenBytes is the size of one remembered entry in a cursor.
	seenBytes = 8
)

// eventCursor is where a feed is: all that another process needs to carry on.
// Times are Unix seconds.
type eventCursor struct {
	Version int    `json:"v"`
	Feed    string `json:"d"`
	// Floor is the time before which the log is done with: what comes to light
	// of it later is not looked for.
	Floor int64 `json:"f"`
	// At is the second that the walk from the floor to the present goes on
	// with; zero for a walk that begins.
	At int64 `json:"p,omitempty"`
	// Began is when the walk began. The floor never passes what was not settled
	// then: the walk may have read it before the last entry came to light.
	Began int64 `json:"b,omitempty"`
	// Width is how many seconds the next window has; zero for all there are.
	Width int64 `json:"w,omitempty"`
	// Dense means that the second at At has more entries than a page. Next is
	// Graph's reference of its next page; Skip are the rows of the page that are
	// done with.
	Dense bool   `json:"m,omitempty"`
	Next  string `json:"n,omitempty"`
	Skip  int    `json:"k,omitempty"`
	// Trail is the way that Graph has led the reading of that second.
	Trail walk.Trail `json:"x,omitzero"`
	// Seen are the entries from the floor on that were given.
	Seen seenEntries `json:"s,omitempty"`
}

// seenEntry is an entry as the cursor remembers it.
type seenEntry struct {
	second int64
	hash   uint64
}

// seenEntries are packed, when the cursor is written, into 16 bits of time after
// the floor and 48 bits of a hash: of 256 entries and as many new ones, two that
// are not the same look so once in four billion times.
type seenEntries []seenEntry

const hashBits = 48

func hashOf(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	sum := h.Sum64()
	return (sum ^ sum>>hashBits) & (1<<hashBits - 1)
}

func newEventCursor(feed string, floor int64) *eventCursor {
	return &eventCursor{Version: walk.TokenVersion, Feed: feed, Floor: floor}
}

// packedCursor is an eventCursor as it is written.
type packedCursor struct {
	*plainCursor
	Seen string `json:"s,omitempty"`
}

type plainCursor eventCursor

// decodeEventCursor reads a cursor of a feed; nil for an empty one.
func decodeEventCursor(token, feed string) (*eventCursor, error) {
	if token == "" {
		return nil, nil
	}
	var c eventCursor
	packed := packedCursor{plainCursor: (*plainCursor)(&c)}
	if err := json.Unmarshal([]byte(token), &packed); err != nil || c.Version == 0 || c.Feed == "" {
		return nil, status.Error(codes.InvalidArgument, model.ErrorPrefix+"the event cursor is not one of this connector's; begin the feed again without it")
	}
	if c.Version != walk.TokenVersion || c.Feed != feed {
		return nil, status.Errorf(codes.InvalidArgument, "%sthe event cursor is of feed %s, version %d, not of feed %s, version %d; begin the feed again without it",
			model.ErrorPrefix, c.Feed, c.Version, feed, walk.TokenVersion)
	}
	raw, err := base64.RawURLEncoding.DecodeString(packed.Seen)
	if err != nil || len(raw)%seenBytes != 0 || len(raw) > maxSeen*seenBytes || !c.sound() {
		return nil, status.Error(codes.InvalidArgument, model.ErrorPrefix+"the event cursor is damaged; begin the feed again without it")
	}
	for ; len(raw) > 0; raw = raw[seenBytes:] {
		v := binary.BigEndian.Uint64(raw)
		c.Seen = append(c.Seen, seenEntry{second: c.Floor + int64(v>>hashBits), hash: v & (1<<hashBits - 1)})
	}
	return &c, nil
}

// sound reports whether the numbers can be those of a cursor: times that a log
// can have, and rows that a page can have.
func (c *eventCursor) sound() bool {
	const latest = 1 << 38 // Thousands of years from now.
	return walk.CountsAreSound(c.Skip) && c.Width >= 0 && c.Width <= widest &&
		min(c.Floor, c.At, c.Began) >= 0 && max(c.Floor, c.At, c.Began) <= latest
}

func (c *eventCursor) encode() (string, error) {
	raw := make([]byte, 0, len(c.Seen)*seenBytes)
	for _, s := range c.Seen {
		offset := uint64(min(max(s.second-c.Floor, 0), 1<<16-1))
		raw = binary.BigEndian.AppendUint64(raw, offset<<hashBits|s.hash)
	}
	packed := packedCursor{plainCursor: (*plainCursor)(c), Seen: base64.RawURLEncoding.EncodeToString(raw)}
	token, err := walk.EncodeToken(packed)
	if err == nil && len(token) > maxEventCursor {
		c.Trail.Recent = nil // The anchor alone shows every circle, later.
		token, err = walk.EncodeToken(packed)
	}
	if err != nil {
		return "", err
	}
	if len(token) > maxEventCursor {
		return "", status.Errorf(codes.FailedPrecondition, "%sMicrosoft Graph's link to the next page of events is too long to be kept (%d bytes)", model.ErrorPrefix, len(c.Next))
	}
	return token, nil
}

// begin starts a walk from the floor, unless one is under way.
func (c *eventCursor) begin(present int64) {
	if c.At == 0 {
		c.At, c.Began = c.Floor, present
	}
}

// end lets the next call begin again at the floor.
func (c *eventCursor) end() {
	c.At, c.Dense, c.Next, c.Skip, c.Trail = 0, false, "", 0, walk.Trail{}
}

// settled is the time before which the walk finds all there is.
func (c *eventCursor) settled() int64 { return c.Began - int64(settledFor/time.Second) }

// late is the time before which no entry is looked for any more if there is room
// to remember what comes after.
func (c *eventCursor) late() int64 { return c.Began - int64(lateFor/time.Second) }

// seen reports whether an entry was given before.
func (c *eventCursor) seen(second int64, id string) bool {
	hash := hashOf(id)
	return slices.ContainsFunc(c.Seen, func(s seenEntry) bool { return s.hash == hash && s.second == second })
}

// raise lifts the floor, and forgets what is below it.
func (c *eventCursor) raise(floor int64) {
	if floor <= c.Floor {
		return
	}
	c.Floor = floor
	c.Seen = slices.DeleteFunc(c.Seen, func(s seenEntry) bool { return s.second < floor })
}

// remember notes the entries of one second as given, and reports whether they
// could be noted. Where there is no room, the oldest entries are forgotten, but
// only those that are settled.
func (c *eventCursor) remember(second int64, ids []string) bool {
	settled := c.settled()
	if over := len(c.Seen) + len(ids) - maxSeen; over > 0 {
		slices.SortStableFunc(c.Seen, func(a, b seenEntry) int { return int(a.second - b.second) })
		least := settled
		if over <= len(c.Seen) {
			least = c.Seen[over-1].second + 1
		}
		c.raise(min(least, settled, second))
	}
	if len(c.Seen)+len(ids) > maxSeen {
		if second >= settled {
			return false
		}
		c.raise(second + 1) // The whole second is given: it need not be read again.
		return true
	}
	for _, id := range ids {
		c.Seen = append(c.Seen, seenEntry{second, hashOf(id)})
	}
	return true
}

// follow notes one entry of a second that is read through Graph's links, in
// place of the oldest one of that second if there is no room.
func (c *eventCursor) follow(second int64, id string) {
	if len(c.Seen) >= maxSeen {
		if at := slices.IndexFunc(c.Seen, func(s seenEntry) bool { return s.second == second }); at >= 0 {
			c.Seen = slices.Delete(c.Seen, at, at+1)
		}
	}
	if len(c.Seen) < maxSeen {
		c.Seen = append(c.Seen, seenEntry{second, hashOf(id)})
	}
}
