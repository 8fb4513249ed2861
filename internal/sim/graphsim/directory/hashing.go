package directory

import (
	"encoding/binary"
	"time"
)

// Hash gives the pseudo-random number of one aspect (salt) of one object.
func (t *Tenant) Hash(r Ref, salt uint64) uint64 {
	return Mix64(Mix64(t.Seed^uint64(r)<<8) + salt)
}

const (
	guidSalt     = 0x6775
	guidMaskSalt = 0x6d61736b
	low60        = 1<<60 - 1
	low30        = 1<<30 - 1
)

// GUIDOf derives the id of an object. The id carries the object's kind and index under a mask, so that an id is
// resolved without an index of ids: a tenant of any size costs no memory for them.
func (t *Tenant) GUIDOf(r Ref) GUID {
	head := t.Hash(r, guidSalt) & low60
	mask := Mix64(t.Seed ^ head ^ guidMaskSalt)
	body := uint64(uint32(r)) ^ mask&0xffffffff // 32 bits
	tail := mask >> 32 & low30                  // 30 bits

	var g GUID
	high := head>>12<<16 | 0x4000 | head&0xfff // Version 4.
	low := 1<<63 | body<<30 | tail             // Variant 1.
	binary.BigEndian.PutUint64(g[0:8], high)
	binary.BigEndian.PutUint64(g[8:16], low)
	return g
}

// RefOf finds the object an id was derived from. It does not say whether the object exists.
func (t *Tenant) RefOf(g GUID) (Ref, bool) {
	high := binary.BigEndian.Uint64(g[0:8])
	low := binary.BigEndian.Uint64(g[8:16])
	head := high>>16<<12 | high&0xfff
	mask := Mix64(t.Seed ^ head ^ guidMaskSalt)
	r := Ref(uint32(low>>30) ^ uint32(mask)) //nolint:gosec // Both are cut to the 32 bits that carry the reference.
	return r, t.GUIDOf(r) == g
}

// Salts keep the aspects of one object independent of each other.
const (
	SaltGiven = iota + 1
	saltFamily
	SaltDepartment
	SaltTitle
	SaltCity
	SaltCreated
	SaltName
	SaltShape
	SaltStart
	SaltStep
	SaltExtra
	SaltRole
	SaltScope
)

// Timestamp is a moment between 2016 and 2025 that belongs to an object.
func (t *Tenant) Timestamp(r Ref, salt uint64) string {
	const span = 9 * 365 * 24 * 3600
	start := time.Date(2016, 3, 1, 8, 0, 0, 0, time.UTC)
	offset := time.Duration(t.Hash(r, salt)%span) * time.Second
	return start.Add(offset).Format(time.RFC3339)
}
