package graphsim

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
	"time"
)

// The flags of a delta token.
const (
	deltaMembers = 1 << iota
	deltaOwners
	deltaEveryGroup
	deltaLooped
	deltaRepeats
	deltaChanges
	deltaSelected
)

func (q *deltaQuery) flags() uint64 {
	var out uint64
	for flag, on := range map[uint64]bool{
		deltaMembers: q.members, deltaOwners: q.owners, deltaEveryGroup: q.everyGroup, deltaLooped: q.looped,
		deltaRepeats: q.repeats, deltaChanges: q.changes, deltaSelected: q.selected != nil,
	} {
		if on {
			out |= flag
		}
	}
	return out
}

// sealDelta makes a $skiptoken or $deltatoken.
func (c *call) sealDelta(q *deltaQuery) string {
	raw := make([]byte, 0, 64+4*len(q.groups))
	for _, n := range []int{q.rows, q.page, q.partner, q.since, int(q.issued.UnixNano()), len(q.groups)} {
		raw = binary.AppendUvarint(raw, uint64(n)) //nolint:gosec // None is negative.
	}
	raw = binary.AppendUvarint(raw, q.flags())
	for _, g := range q.groups {
		raw = binary.AppendUvarint(raw, uint64(g)) //nolint:gosec // Not negative.
	}
	raw = append(raw, strings.Join(q.selected, ",")...)
	return base64.RawURLEncoding.EncodeToString(append(raw, c.deltaMAC(raw)...))
}

func (c *call) deltaMAC(raw []byte) []byte {
	return c.graph.sign("delta" + string(raw))[:tokenMACSize]
}

// openDelta reads a token, if it is of this server, of the right sort and not too old.
func (c *call) openDelta(text string, changes bool) (*deltaQuery, error) {
	invalid := badRequest("The specified page token is not valid for this request.")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < tokenMACSize {
		return nil, invalid
	}
	raw, mac := raw[:len(raw)-tokenMACSize], raw[len(raw)-tokenMACSize:]
	if !hmac.Equal(mac, c.deltaMAC(raw)) {
		return nil, invalid
	}
	number := func() int {
		n, used := binary.Uvarint(raw)
		raw = raw[max(0, used):]
		return int(n) //nolint:gosec // Sealed by this server.
	}
	q := &deltaQuery{rows: number(), page: number(), partner: number(), since: number(), issued: time.Unix(0, int64(number()))}
	count := number()
	flags := number()
	q.members, q.owners, q.everyGroup = flags&deltaMembers != 0, flags&deltaOwners != 0, flags&deltaEveryGroup != 0
	q.looped, q.repeats, q.changes = flags&deltaLooped != 0, flags&deltaRepeats != 0, flags&deltaChanges != 0
	for range count {
		q.groups = append(q.groups, int32(number())) //nolint:gosec // Sealed by this server.
	}
	if flags&deltaSelected != 0 {
		q.selected = strings.FieldsFunc(string(raw), func(r rune) bool { return r == ',' })
	}
	if q.changes != changes {
		return nil, invalid
	}
	return q, c.checkDeltaAge(q)
}

// checkDeltaAge refuses old tokens: those of pages as other lists do, those of deltaLinks after their seven days.
func (c *call) checkDeltaAge(q *deltaQuery) error {
	age := c.graph.now().Sub(q.issued)
	lifetime := c.graph.settings().pageTokenLifetime
	switch {
	case c.effects.refuseToken != "":
		return refusedToken(c.effects.refuseToken)
	case !q.changes && lifetime > 0 && age > lifetime:
		return refusedToken(codeExpiredPageToken)
	case q.changes && age > deltaLifetime:
		return &graphError{status: http.StatusBadRequest, code: codeStateNotFound, message: "The sync state generation is not found; a full synchronization is needed."}
	}
	return nil
}
