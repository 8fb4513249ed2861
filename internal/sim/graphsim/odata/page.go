package odata

import (
	"cmp"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

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
	TokenMACSize  = 12
	EmptyPageStep = 50 // One ordinary page in so many is preceded by an empty one, the second first.
)

// sealToken makes a $skiptoken that fits only the same query on the same path.
func sealToken(c *api.Call, q *query, p pageToken) string {
	raw := make([]byte, tokenFields, tokenFields+TokenMACSize)
	binary.BigEndian.PutUint64(raw[0:8], uint64(p.offset)) //nolint:gosec // Offsets are not negative.
	binary.BigEndian.PutUint64(raw[8:16], uint64(p.issued.UnixNano()))
	binary.BigEndian.PutUint64(raw[16:24], uint64(p.partner)) //nolint:gosec // Offsets are not negative.
	if p.emptied {
		raw[24] |= 1
	}
	if p.looped {
		raw[24] |= 2
	}
	return base64.RawURLEncoding.EncodeToString(append(raw, tokenMAC(c, q, raw)...))
}

func tokenMAC(c *api.Call, q *query, raw []byte) []byte {
	text := string(raw) + c.Path
	for _, p := range q.pairs {
		if p.Name != OptSkipToken {
			text += "&" + p.Name + "=" + p.Value
		}
	}
	return c.Graph.Sign(text)[:TokenMACSize]
}

func openToken(c *api.Call, q *query) (pageToken, error) {
	if q.token == "" {
		return pageToken{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(q.token)
	if err != nil || len(raw) != tokenFields+TokenMACSize || !hmac.Equal(raw[tokenFields:], tokenMAC(c, q, raw[:tokenFields])) {
		return pageToken{}, api.BadRequest("The specified page token is not valid for this request.")
	}
	p := pageToken{
		offset:  int(binary.BigEndian.Uint64(raw[0:8])),                //nolint:gosec // Sealed by this server.
		issued:  time.Unix(0, int64(binary.BigEndian.Uint64(raw[8:]))), //nolint:gosec // Sealed by this server.
		partner: int(binary.BigEndian.Uint64(raw[16:])),                //nolint:gosec // Sealed by this server.
		emptied: raw[24]&1 != 0,
		looped:  raw[24]&2 != 0,
	}
	lifetime := c.Graph.Settings().PageTokenLifetime
	if lifetime > 0 && c.Graph.Now().Sub(p.issued) > lifetime {
		return pageToken{}, RefusedToken(api.CodeExpiredPageToken)
	}
	if code := c.Effects.RefuseToken; code != "" {
		return pageToken{}, RefusedToken(code)
	}
	return p, nil
}

// RefusedToken is why a $skiptoken is of no use any more.
func RefusedToken(code string) error {
	message := api.MessageExpiredToken
	if code == api.CodePageTokenNotFound {
		message = api.MessageUnknownToken
	}
	return &api.Error{Status: http.StatusBadRequest, Code: code, Message: message}
}

// List answers one page of a collection.
func List(c *api.Call, col Collection, allowed Options) (api.Reply, error) {
	q, err := ParseQuery(c, col.Entity, allowed)
	if err != nil {
		return api.Reply{}, err
	}
	token, err := openToken(c, q)
	if err != nil {
		return api.Reply{}, err
	}
	if c.Cast != 0 {
		col = castTo(c, col)
	}
	if col = narrowed(c, col, q); q.order != nil {
		col = sortedRows(c, col, q.order)
	}
	if err := checkOffset(c, col, token.offset); err != nil {
		return api.Reply{}, err
	}
	size := pageSize(c, q, col)
	w := &pageWriter{call: c, query: q, mixed: col.Entity == nil}
	w.open(col.Set)
	if q.count && q.token == "" {
		w.count(countRows(c, col, q))
	}

	next, more := token.offset, true
	emptied := c.Effects.EmptyPage || emptyHere(c, col, token, size)
	if !emptied {
		next, more = fillPage(c, w, col, q, token.offset, size)
		more = more || endsInRefusal(c, col, w.rows, size)
	}
	switch {
	case c.Effects.DropLinks:
	case token.looped: // The moment stays, so that the links are the same in every round.
		w.nextLink(link(c, q, pageToken{offset: token.partner, partner: token.offset, looped: true, issued: token.issued}))
	case more || c.Effects.ForceNextLink():
		if c.Effects.DuplicateRows && next > token.offset+1 {
			next -= (next - token.offset) / 2
		}
		w.nextLink(link(c, q, pageToken{offset: next, partner: token.offset, looped: c.Effects.LinkLoop, issued: c.Graph.Now(), emptied: emptied}))
	}
	return broken(c, api.NewReply(http.StatusOK, w.close())), nil
}

// fillPage writes up to size rows and says where the next page starts and whether there is one.
func fillPage(c *api.Call, w *pageWriter, col Collection, q *query, offset, size int) (int, bool) {
	i, written := offset, 0
	for ; i < col.Size; i++ {
		r := col.At(i)
		if !matches(c, col, q, r) {
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

func matches(c *api.Call, col Collection, q *query, r directory.Ref) bool {
	there := c.Tenant.Shows
	if col.Ordinary { // Relations show people who are gone; the list of people does not.
		there = c.Tenant.Live
	}
	if !col.Gone && !there(r) || q.filter.match != nil && !q.filter.match(c.Tenant, r) {
		return false
	}
	return q.search == "" || strings.Contains(strings.ToLower(c.Tenant.DisplayName(r)), strings.ToLower(q.search))
}

func countRows(c *api.Call, col Collection, q *query) int {
	n := 0
	for i := range col.Size {
		if matches(c, col, q, col.At(i)) {
			n++
		}
	}
	return n
}

func pageSize(c *api.Call, q *query, col Collection) int {
	size := q.Top
	if col.PageMax > 0 && !q.hasTop {
		size = col.PageMax
	}
	if q.filter.signIns || slices.Contains(q.selected, directory.SignInProperty) {
		size = min(size, cmp.Or(c.Graph.Settings().SignInRows, SignInPageMax)) // Larger values are clamped (user-list).
	}
	return expandedRows(c, q, col, size)
}

const SignInPageMax = 500

// emptyHere is the deterministic choice of where an ordinary list answers an empty page (paging).
func emptyHere(c *api.Call, col Collection, token pageToken, size int) bool {
	return col.Ordinary && token.offset > 0 && !token.emptied && (token.offset/size)%EmptyPageStep == 1
}

// link is the URL of the next page: this request's own, with another token.
func link(c *api.Call, q *query, p pageToken) string {
	token := sealToken(c, q, p)
	if c.Effects.RepeatLink {
		token = q.token
	}
	var query []string
	write := func(name, value string) {
		query = append(query, strings.ReplaceAll(url.QueryEscape(name), "%24", "$")+"="+escapeOption(value))
	}
	for _, pair := range q.pairs {
		if pair.Name != OptSkipToken {
			write(pair.Name, pair.Value)
		}
	}
	if token != "" {
		write(OptSkipToken, token)
	}
	return c.Base() + c.Path + "?" + strings.Join(query, "&")
}

// escapeOption escapes a query value; spaces must not become plus signs.
func escapeOption(v string) string { return strings.ReplaceAll(url.QueryEscape(v), "+", "%20") }
