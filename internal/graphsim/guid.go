package graphsim

import (
	"encoding/binary"
	"encoding/hex"
)

// guid is an Entra object id.
type guid [16]byte

// String gives the lower case form Graph uses.
func (g guid) String() string {
	var out [36]byte
	return string(g.append(out[:0]))
}

// append adds the lower case form to a buffer.
func (g guid) append(buf []byte) []byte {
	buf = append(hex.AppendEncode(buf, g[0:4]), '-')
	buf = append(hex.AppendEncode(buf, g[4:6]), '-')
	buf = append(hex.AppendEncode(buf, g[6:8]), '-')
	buf = append(hex.AppendEncode(buf, g[8:10]), '-')
	return hex.AppendEncode(buf, g[10:16])
}

// parseGUID reads the 36 character form, in either case.
func parseGUID(s string) (guid, bool) {
	var g guid
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return g, false
	}
	packed := s[0:8] + s[9:13] + s[14:18] + s[19:23] + s[24:36]
	if _, err := hex.Decode(g[:], []byte(packed)); err != nil {
		return g, false
	}
	return g, true
}

// mix64 is the finaliser of splitmix64: every input bit reaches every output bit.
func mix64(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// hash gives the pseudo-random number of one aspect (salt) of one object.
func (t *Tenant) hash(r Ref, salt uint64) uint64 {
	return mix64(mix64(t.seed^uint64(r)<<8) + salt)
}

// below cuts a hash to a number from 0 to n-1.
func below(h uint64, n int) int {
	return int(h % uint64(max(1, n))) //nolint:gosec // The result is below n, which is positive.
}

const (
	guidSalt     = 0x6775
	guidMaskSalt = 0x6d61736b
	low60        = 1<<60 - 1
	low30        = 1<<30 - 1
)

// guidOf derives the id of an object. The id carries the object's kind and index under a mask, so that an id is
// resolved without an index of ids: a tenant of any size costs no memory for them.
func (t *Tenant) guidOf(r Ref) guid {
	head := t.hash(r, guidSalt) & low60
	mask := mix64(t.seed ^ head ^ guidMaskSalt)
	body := uint64(uint32(r)) ^ mask&0xffffffff // 32 bits
	tail := mask >> 32 & low30                  // 30 bits

	var g guid
	high := head>>12<<16 | 0x4000 | head&0xfff // Version 4.
	low := 1<<63 | body<<30 | tail             // Variant 1.
	binary.BigEndian.PutUint64(g[0:8], high)
	binary.BigEndian.PutUint64(g[8:16], low)
	return g
}

// refOf finds the object an id was derived from. It does not say whether the object exists.
func (t *Tenant) refOf(g guid) (Ref, bool) {
	high := binary.BigEndian.Uint64(g[0:8])
	low := binary.BigEndian.Uint64(g[8:16])
	head := high>>16<<12 | high&0xfff
	mask := mix64(t.seed ^ head ^ guidMaskSalt)
	r := Ref(uint32(low>>30) ^ uint32(mask)) //nolint:gosec // Both are cut to the 32 bits that carry the reference.
	return r, t.guidOf(r) == g
}
