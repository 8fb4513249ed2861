package report

import "fmt"

// packHeld makes the blocks of what principals hold, a block for every perBlock
// objects, which are rows of varints:
//
//	0 where it is left out, or one more than the number of holdings, then the holdings
//
// People whose access is not among the first are left out once the quota is used up.
// It gives how many there are.
func (h *holdings) packHeld(q *quota) ([]block, int, error) {
	h.room(0)
	var blocks []block
	left := 0
	for from := 0; from < len(h.dir.objects); from += perBlock {
		name := fmt.Sprintf("h%d", len(blocks))
		raw, out := h.rowsOf(from, false)
		b, err := pack(name, raw)
		if err != nil {
			return nil, 0, err
		}
		if !q.take(&b) {
			raw, out = h.rowsOf(from, true)
			if b, err = pack(name, raw); err != nil {
				return nil, 0, err
			}
		}
		left += out
		blocks = append(blocks, b)
	}
	return blocks, left, nil
}

// rowsOf are the rows of perBlock objects, and how many of them are left out.
func (h *holdings) rowsOf(from int, onlyFirst bool) ([]byte, int) {
	var raw []byte
	left := 0
	for number := from; number < min(from+perBlock, len(h.dir.objects)); number++ {
		if h.count[number] > 0 && !h.dir.first(number) && (onlyFirst || h.held[number] == nil) {
			raw = append(raw, 0)
			left++
			continue
		}
		raw = varint(raw, h.count[number]+1)
		raw = append(raw, h.held[number]...)
	}
	return raw, left
}
