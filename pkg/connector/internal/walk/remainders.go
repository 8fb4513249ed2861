package walk

import (
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"
)

// maxRemainders is how many bytes, as encoded, wait in the process to be given.
// In memory they take two to three times as much. With sixteen workers each of
// them has 2 MiB; what finds no room is read from Graph once more.
const maxRemainders = 32 << 20

// remainder is what is still to be given of an answer.
type remainder struct {
	key string
	// at is the part that begins with the first of the pieces.
	at       part
	response proto.Message
	pieces   []piece
	bytes    int
}

// Remainders are the answers that are being given in parts, the one that was
// asked for the longest time ago first.
type Remainders struct {
	mu    sync.Mutex
	kept  []remainder
	bytes int
}

// requestKey tells requests apart: by what they ask for, of which object, in
// which sync, and from which of the syncer's page tokens on. It is empty for one
// that cannot be encoded, which gRPC would not have brought.
func requestKey(whole proto.Message) string {
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(whole)
	if err != nil {
		return ""
	}
	return string(whole.ProtoReflect().Descriptor().FullName()) + " " + string(raw)
}

// keep keeps what is left to give for a request, and drops the oldest others if
// there is no room.
func (r *Remainders) keep(whole proto.Message, left remainder) {
	if left.key = requestKey(whole); left.key == "" {
		return
	}
	for i := range left.pieces {
		left.bytes += left.pieces[i].size()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, left)
	r.bytes += left.bytes
	for r.bytes > maxRemainders {
		r.drop(0)
	}
}

// take gives away what is left to give for a request. What begins elsewhere is
// dropped.
func (r *Remainders) take(whole proto.Message, at part) (remainder, bool) {
	key := requestKey(whole)
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.kept, func(kept remainder) bool { return kept.key == key })
	if i < 0 {
		return remainder{}, false
	}
	found := r.kept[i]
	r.drop(i)
	return found, found.at.Offset == at.Offset && found.at.Hash == at.Hash
}

func (r *Remainders) drop(i int) {
	r.bytes -= r.kept[i].bytes
	r.kept = slices.Delete(r.kept, i, i+1)
}

// Clear drops all.
func (r *Remainders) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept, r.bytes = nil, 0
}
