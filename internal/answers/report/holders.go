package report

import "fmt"

// holdersBlock is how many bytes of rows a block has before it is packed.
const holdersBlock = 128 << 10

// holders keeps who has each entitlement, in the order of the entitlements, as rows of
// varints:
//
//	count, direct, listed, then for each that is listed:
//	principal less that of the one before, form, groups..., times, packages
//
// as holdings has them. Not all are listed of what a great many have, and none once the
// quota is used up.
type holders struct {
	quota *quota
	most  int

	blocks []block
	// starts are the first entitlements of the blocks, and entitlement is the present one.
	starts      []int
	entitlement int
	raw         []byte

	count, direct, listed, last int
	rows                        []byte
	full                        bool
	// short is how many entitlements have holders that are not listed.
	short int
}

// next ends the entitlement before, and begins one.
func (h *holders) next() error {
	if err := h.close(); err != nil {
		return err
	}
	h.entitlement++
	h.count, h.direct, h.listed, h.last, h.rows = 0, 0, 0, 0, h.rows[:0]
	return nil
}

func (h *holders) add(principal int, direct bool, tail []byte) {
	h.count++
	if direct {
		h.direct++
	}
	if h.listed == h.most || h.full {
		return
	}
	// The order of the snapshot is that of the ids, so numbers grow but for objects
	// that are missing, which got theirs when somebody referred to them.
	h.rows = varint(h.rows, zigzag(principal-h.last))
	h.rows = append(h.rows, tail...)
	h.last = principal
	h.listed++
}

// zigzag makes a number without a sign of one with it.
func zigzag(n int) int {
	if n < 0 {
		return -2*n - 1
	}
	return 2 * n
}

func (h *holders) close() error {
	if h.entitlement == 0 {
		return nil
	}
	if len(h.raw) == 0 {
		h.starts = append(h.starts, h.entitlement-1)
	}
	if h.listed < h.count {
		h.short++
	}
	h.raw = varint(varint(varint(h.raw, h.count), h.direct), h.listed)
	h.raw = append(h.raw, h.rows...)
	if len(h.raw) >= holdersBlock {
		return h.flush()
	}
	return nil
}

func (h *holders) flush() error {
	if len(h.raw) == 0 {
		return nil
	}
	b, err := pack(fmt.Sprintf("w%d", len(h.blocks)), h.raw)
	if err != nil {
		return err
	}
	// The block that does not fit is kept: it is small, and its rows are counted.
	h.full = !h.quota.take(&b) || h.full
	h.blocks = append(h.blocks, b)
	h.raw = h.raw[:0]
	return nil
}

func (h *holders) end() error {
	if err := h.close(); err != nil {
		return err
	}
	return h.flush()
}
