package directory

import (
	"encoding/hex"
)

// GUID is an Entra object id.
type GUID [16]byte

// String gives the lower case form Graph uses.
func (g GUID) String() string {
	var out [36]byte
	return string(g.Append(out[:0]))
}

// Append adds the lower case form to a buffer.
func (g GUID) Append(buf []byte) []byte {
	buf = append(hex.AppendEncode(buf, g[0:4]), '-')
	buf = append(hex.AppendEncode(buf, g[4:6]), '-')
	buf = append(hex.AppendEncode(buf, g[6:8]), '-')
	buf = append(hex.AppendEncode(buf, g[8:10]), '-')
	return hex.AppendEncode(buf, g[10:16])
}

// ParseGUID reads the 36 character form, in either case.
func ParseGUID(s string) (GUID, bool) {
	var g GUID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return g, false
	}
	packed := s[0:8] + s[9:13] + s[14:18] + s[19:23] + s[24:36]
	if _, err := hex.Decode(g[:], []byte(packed)); err != nil {
		return g, false
	}
	return g, true
}

// Mix64 is the finaliser of splitmix64: every input bit reaches every output bit.
func Mix64(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// Below cuts a hash to a number from 0 to n-1.
func Below(h uint64, n int) int {
	return int(h % uint64(max(1, n))) //nolint:gosec // The result is below n, which is positive.
}
