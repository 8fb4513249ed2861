package delta

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
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
func sealDelta(c *api.Call, q *deltaQuery) string {
	raw := make([]byte, 0, 64+4*len(q.groups))
	for _, n := range []int{q.rows, q.page, q.partner, q.since, int(q.issued.UnixNano()), len(q.groups)} {
		raw = binary.AppendUvarint(raw, uint64(n)) //nolint:gosec // None is negative.
	}
	raw = binary.AppendUvarint(raw, q.flags())
	for _, g := range q.groups {
		raw = binary.AppendUvarint(raw, uint64(g)) //nolint:gosec // Not negative.
	}
	raw = append(raw, strings.Join(q.selected, ",")...)
	return base64.RawURLEncoding.EncodeToString(append(raw, deltaMAC(c, raw)...))
}

func deltaMAC(c *api.Call, raw []byte) []byte {
	return c.Graph.Sign("delta" + string(raw))[:odata.TokenMACSize]
}

// openDelta reads a token, if it is of this server, of the right sort and not too old.
func openDelta(c *api.Call, text string, changes bool) (*deltaQuery, error) {
	invalid := api.BadRequest("The specified page token is not valid for this request.")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < odata.TokenMACSize {
		return nil, invalid
	}
	raw, mac := raw[:len(raw)-odata.TokenMACSize], raw[len(raw)-odata.TokenMACSize:]
	if !hmac.Equal(mac, deltaMAC(c, raw)) {
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
	return q, checkDeltaAge(c, q)
}

// checkDeltaAge refuses old tokens: those of pages as other lists do, those of deltaLinks after their seven days.
func checkDeltaAge(c *api.Call, q *deltaQuery) error {
	age := c.Graph.Now().Sub(q.issued)
	lifetime := c.Graph.Settings().PageTokenLifetime
	switch {
	case c.Effects.RefuseToken != "":
		return odata.RefusedToken(c.Effects.RefuseToken)
	case !q.changes && lifetime > 0 && age > lifetime:
		return odata.RefusedToken(api.CodeExpiredPageToken)
	case q.changes && age > DeltaLifetime:
		return &api.Error{Status: http.StatusBadRequest, Code: CodeStateNotFound, Message: "The sync state generation is not found; a full synchronization is needed."}
	}
	return nil
}
