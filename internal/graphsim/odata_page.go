package graphsim

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"
)

// collection is a list of objects before any query option.
type collection struct {
	set      string      // Its name in @odata.context.
	entity   *entityType // Nil for a mixed collection of directoryObject.
	size     int
	at       func(i int) Ref
	ordinary bool // A top-level list: Graph may answer an empty page that has a nextLink.
	pageMax  int  // Zero for the usual maximum.
	gone     bool // Its objects are deleted.
}

func refs(set string, entity *entityType, list []Ref) collection {
	return collection{set: set, entity: entity, size: len(list), at: func(i int) Ref { return list[i] }}
}

// pageToken is the meaning of a $skiptoken.
type pageToken struct {
	offset  int
	partner int  // The other end of a loop of two links.
	looped  bool // The page is part of such a loop.
	emptied bool // An empty page was already answered at this offset.
	issued  time.Time
}

const (
	tokenFields   = 25 // Offset, moment, partner and flags.
	tokenMACSize  = 12
	emptyPageStep = 50 // One ordinary page in so many is preceded by an empty one, the second first.
)

// sealToken makes a $skiptoken that fits only the same query on the same path.
func (c *call) sealToken(q *query, p pageToken) string {
	raw := make([]byte, tokenFields, tokenFields+tokenMACSize)
	binary.BigEndian.PutUint64(raw[0:8], uint64(p.offset)) //nolint:gosec // Offsets are not negative.
	binary.BigEndian.PutUint64(raw[8:16], uint64(p.issued.UnixNano()))
	binary.BigEndian.PutUint64(raw[16:24], uint64(p.partner)) //nolint:gosec // Offsets are not negative.
	if p.emptied {
		raw[24] |= 1
	}
	if p.looped {
		raw[24] |= 2
	}
	return base64.RawURLEncoding.EncodeToString(append(raw, c.tokenMAC(q, raw)...))
}

func (c *call) tokenMAC(q *query, raw []byte) []byte {
	text := string(raw) + c.path
	for _, p := range q.pairs {
		if p.name != optSkipToken {
			text += "&" + p.name + "=" + p.value
		}
	}
	return c.graph.sign(text)[:tokenMACSize]
}

func (c *call) openToken(q *query) (pageToken, error) {
	if q.token == "" {
		return pageToken{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(q.token)
	if err != nil || len(raw) != tokenFields+tokenMACSize || !hmac.Equal(raw[tokenFields:], c.tokenMAC(q, raw[:tokenFields])) {
		return pageToken{}, badRequest("The specified page token is not valid for this request.")
	}
	p := pageToken{
		offset:  int(binary.BigEndian.Uint64(raw[0:8])),                //nolint:gosec // Sealed by this server.
		issued:  time.Unix(0, int64(binary.BigEndian.Uint64(raw[8:]))), //nolint:gosec // Sealed by this server.
		partner: int(binary.BigEndian.Uint64(raw[16:])),                //nolint:gosec // Sealed by this server.
		emptied: raw[24]&1 != 0,
		looped:  raw[24]&2 != 0,
	}
	lifetime := c.graph.settings().pageTokenLifetime
	if lifetime > 0 && c.graph.now().Sub(p.issued) > lifetime {
		return pageToken{}, refusedToken(codeExpiredPageToken)
	}
	if code := c.effects.refuseToken; code != "" {
		return pageToken{}, refusedToken(code)
	}
	return p, nil
}

// refusedToken is why a $skiptoken is of no use any more.
func refusedToken(code string) error {
	message := messageExpiredToken
	if code == codePageTokenNotFound {
		message = messageUnknownToken
	}
	return &graphError{status: http.StatusBadRequest, code: code, message: message}
}

// list answers one page of a collection.
func (c *call) list(col collection, allowed options) (reply, error) {
	q, err := c.parseQuery(col.entity, allowed)
	if err != nil {
		return reply{}, err
	}
	token, err := c.openToken(q)
	if err != nil {
		return reply{}, err
	}
	if c.cast != 0 {
		col = c.castTo(col)
	}
	if col = c.narrowed(col, q); q.order != nil {
		col = c.sorted(col, q.order)
	}
	if err := c.checkOffset(col, token.offset); err != nil {
		return reply{}, err
	}
	size := c.pageSize(q, col)
	w := &pageWriter{call: c, query: q, mixed: col.entity == nil}
	w.open(col.set)
	if q.count && q.token == "" {
		w.count(c.countRows(col, q))
	}

	next, more := token.offset, true
	emptied := c.effects.emptyPage || c.emptyHere(col, token, size)
	if !emptied {
		next, more = c.fillPage(w, col, q, token.offset, size)
		more = more || c.endsInRefusal(col, w.rows, size)
	}
	switch {
	case c.effects.dropLinks:
	case token.looped: // The moment stays, so that the links are the same in every round.
		w.nextLink(c.link(q, pageToken{offset: token.partner, partner: token.offset, looped: true, issued: token.issued}))
	case more || c.effects.forceNextLink():
		if c.effects.duplicateRows && next > token.offset+1 {
			next -= (next - token.offset) / 2
		}
		w.nextLink(c.link(q, pageToken{offset: next, partner: token.offset, looped: c.effects.linkLoop, issued: c.graph.now(), emptied: emptied}))
	}
	return c.broken(newReply(http.StatusOK, w.close())), nil
}

// fillPage writes up to size rows and says where the next page starts and whether there is one.
func (c *call) fillPage(w *pageWriter, col collection, q *query, offset, size int) (int, bool) {
	i, written := offset, 0
	for ; i < col.size; i++ {
		r := col.at(i)
		if !c.matches(col, q, r) {
			continue
		}
		if written == size {
			return i, true
		}
		w.row(r)
		written++
	}
	return i, false
}

func (c *call) matches(col collection, q *query, r Ref) bool {
	there := c.tenant.shows
	if col.ordinary { // Relations show people who are gone; the list of people does not.
		there = c.tenant.live
	}
	if !col.gone && !there(r) || q.filter.match != nil && !q.filter.match(c.tenant, r) {
		return false
	}
	return q.search == "" || strings.Contains(strings.ToLower(c.tenant.displayName(r)), strings.ToLower(q.search))
}

func (c *call) countRows(col collection, q *query) int {
	n := 0
	for i := range col.size {
		if c.matches(col, q, col.at(i)) {
			n++
		}
	}
	return n
}

func (c *call) pageSize(q *query, col collection) int {
	size := q.top
	if col.pageMax > 0 && !q.hasTop {
		size = col.pageMax
	}
	for _, name := range q.selected {
		if name == signInProperty {
			size = min(size, signInPageMax) // Larger values are clamped (user-list).
		}
	}
	return c.expandedRows(q, col, size)
}

const signInPageMax = 500

// emptyHere is the deterministic choice of where an ordinary list answers an empty page (paging).
func (c *call) emptyHere(col collection, token pageToken, size int) bool {
	return col.ordinary && token.offset > 0 && !token.emptied && (token.offset/size)%emptyPageStep == 1
}

// link is the URL of the next page: this request's own, with another token.
func (c *call) link(q *query, p pageToken) string {
	token := c.sealToken(q, p)
	if c.effects.repeatLink {
		token = q.token
	}
	var query []string
	write := func(name, value string) {
		query = append(query, strings.ReplaceAll(url.QueryEscape(name), "%24", "$")+"="+escapeOption(value))
	}
	for _, pair := range q.pairs {
		if pair.name != optSkipToken {
			write(pair.name, pair.value)
		}
	}
	if token != "" {
		write(optSkipToken, token)
	}
	return c.base() + c.path + "?" + strings.Join(query, "&")
}

// escapeOption escapes a query value; spaces must not become plus signs.
func escapeOption(v string) string { return strings.ReplaceAll(url.QueryEscape(v), "+", "%20") }

func (c *call) sorted(col collection, o *ordering) collection {
	if col.ordinary && o.prop.name == signInNameProperty && col.size == c.tenant.count(KindUser) && col.entity.kind == KindUser {
		ordered, _ := c.tenant.bySignInName()
		col.at = func(i int) Ref {
			if o.descending {
				i = len(ordered) - 1 - i
			}
			return ordered[i]
		}
		return col
	}
	rows := make([]Ref, 0, col.size)
	for i := range col.size {
		rows = append(rows, col.at(i))
	}
	keys := make(map[Ref]string, len(rows))
	for _, r := range rows {
		s, _ := o.prop.value(c.tenant, r.index()).(string)
		keys[r] = strings.ToLower(s)
	}
	sort.SliceStable(rows, func(a, b int) bool {
		if o.descending {
			a, b = b, a
		}
		return keys[rows[a]] < keys[rows[b]]
	})
	col.size, col.at = len(rows), func(i int) Ref { return rows[i] }
	return col
}
