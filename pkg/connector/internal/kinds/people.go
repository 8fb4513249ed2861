package kinds

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// keyPeople leads to the pages of the ids of the people who were listed. The
// recycle bin is not among them: nobody in it has access to anything.
const keyPeople = "people"

// personID is an object id in sixteen bytes.
type personID struct{ High, Low uint64 }

const PersonIDSize = 16

// PackID is an id in the snapshot's spelling of a GUID.
func PackID(id string) (personID, bool) {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return personID{}, false
	}
	var digits [2 * PersonIDSize]byte
	n := 0
	for i := range len(id) {
		switch c := id[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f':
			digits[n] = c
			n++
		default:
			return personID{}, false
		}
	}
	var packed [PersonIDSize]byte
	if _, err := hex.Decode(packed[:], digits[:]); err != nil {
		return personID{}, false
	}
	return unpackID(packed[:]), true
}

func unpackID(packed []byte) personID {
	return personID{binary.BigEndian.Uint64(packed), binary.BigEndian.Uint64(packed[8:])}
}

func (p personID) compare(other personID) int {
	return cmp.Or(cmp.Compare(p.High, other.High), cmp.Compare(p.Low, other.Low))
}

// peoplePage are the ids of a page of listed people.
type peoplePage struct {
	// Packed are sixteen bytes a person.
	Packed []byte `json:"p,omitempty"`
	// Others are ids that are no GUIDs. Microsoft documents none; one that comes
	// all the same is a person like the others.
	Others []string `json:"o,omitempty"`
}

// PutPeople notes a page of listed people. That there are some is noted together
// with the last page, and taken back with every other: of a listing that begins
// again, in this process or in another, no page is read beside pages of the one
// before.
func PutPeople(ctx context.Context, ix walk.Index, page int, last bool, users []graph.User) error {
	found := peoplePage{Packed: make([]byte, 0, len(users)*PersonIDSize)}
	for i := range users {
		id := model.ObjectID(users[i].ID)
		packed, ok := PackID(id)
		if !ok {
			found.Others = append(found.Others, id)
			continue
		}
		found.Packed = binary.BigEndian.AppendUint64(found.Packed, packed.High)
		found.Packed = binary.BigEndian.AppendUint64(found.Packed, packed.Low)
	}
	pages := 0
	if last {
		pages = page + 1
	}
	if err := walk.Put(ctx, ix, keyPeople, map[string]any{"/" + strconv.Itoa(page): []peoplePage{found}, "": pages}); err != nil {
		return err
	}
	ReadAgain(ctx)
	return nil
}

// listedPeople are the people in the snapshot; nil where a sync does not list
// people, so that nobody can be looked up.
type listedPeople struct {
	packed []personID
	others map[string]bool
}

// has reports whether a person is in the snapshot, or can be taken to be.
func (p *listedPeople) has(id string) bool { return p == nil || p.Listed(id) }

// Listed reports whether an id is known to be a person's.
func (p *listedPeople) Listed(id string) bool {
	if p == nil {
		return false
	}
	packed, ok := PackID(id)
	if !ok {
		return p.others[id]
	}
	_, found := slices.BinarySearchFunc(p.packed, packed, personID.compare)
	return found
}

// peoplePagesPerRead bounds what one read of the session store brings: a page of
// 999 people is 22 kB there.
const peoplePagesPerRead = 64

// loadPeople reads the people from the session store, all of them. There are none
// before the last page of their listing has been noted, so that nobody is ever
// missed for not having been listed yet.
func loadPeople(ctx context.Context, ix walk.Index) (*listedPeople, error) {
	pages, _, err := walk.GetValue[int](ctx, ix, keyPeople)
	if err != nil || pages == 0 {
		return nil, err
	}
	people := &listedPeople{others: map[string]bool{}}
	packed := make([][]byte, 0, pages)
	size := 0
	for first := 0; first < pages; first += peoplePagesPerRead {
		numbers := make([]string, 0, peoplePagesPerRead)
		for page := first; page < min(first+peoplePagesPerRead, pages); page++ {
			numbers = append(numbers, strconv.Itoa(page))
		}
		wanted := len(numbers)
		read, err := walk.Get[[]peoplePage](ctx, ix, keyPeople+"/", numbers)
		if err != nil {
			return nil, err
		}
		if len(read) < wanted {
			return nil, fmt.Errorf("%w (%s)", walk.ErrIndexLost, keyPeople)
		}
		for _, page := range read {
			for _, part := range page {
				packed = append(packed, part.Packed)
				size += len(part.Packed)
				for _, id := range part.Others {
					people.others[id] = true
				}
			}
		}
	}
	people.packed = make([]personID, 0, size/PersonIDSize)
	for _, part := range packed {
		for id := range slices.Chunk(part, PersonIDSize) {
			if len(id) < PersonIDSize {
				return nil, fmt.Errorf("%w (a part of an id in %s)", walk.ErrIndexLost, keyPeople)
			}
			people.packed = append(people.packed, unpackID(id))
		}
	}
	slices.SortFunc(people.packed, personID.compare)
	people.packed = slices.Compact(people.packed)
	return people, nil
}

// PeopleCache keeps, for the syncs that a process works on, the people that it has
// read from the session store: the store is asked once for each sync, not once for
// each call. Nothing rests on it: another process, or a sync that goes on, reads
// them again.
type PeopleCache struct {
	mu sync.Mutex
	// syncs are the latest, the last one used first.
	syncs []*peopleOfSync
}

// cachedSyncs is how many syncs' people are kept.
const cachedSyncs = 3

type peopleOfSync struct {
	id   string
	mu   sync.Mutex
	read *listedPeople
	// early means that they were read while the sync listed.
	early bool
}

type (
	peopleKey  struct{}
	listingKey struct{}
)

// WhileListing returns a context for a call that lists. What it reads of the people
// may be of a listing that begins again, so that nothing after it goes by that.
func WhileListing(ctx context.Context) context.Context {
	return context.WithValue(ctx, listingKey{}, true)
}

// ReadAgain lets go of what this process has read of the people of a call's sync.
func ReadAgain(ctx context.Context) {
	if of, ok := ctx.Value(peopleKey{}).(*peopleOfSync); ok {
		of.mu.Lock()
		defer of.mu.Unlock()
		of.read = nil
	}
}

// With returns a context for a call that belongs to a sync.
func (c *PeopleCache) With(ctx context.Context, syncID string) context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.IndexFunc(c.syncs, func(s *peopleOfSync) bool { return s.id == syncID })
	of := &peopleOfSync{id: syncID}
	if at >= 0 {
		of = c.syncs[at]
		c.syncs = slices.Delete(c.syncs, at, at+1)
	}
	c.syncs = slices.Insert(c.syncs, 0, of)
	if len(c.syncs) > cachedSyncs {
		c.syncs = slices.Delete(c.syncs, cachedSyncs, len(c.syncs))
	}
	return context.WithValue(ctx, peopleKey{}, of)
}

// Forget lets go of a sync that is over.
func (c *PeopleCache) Forget(syncID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.syncs = slices.DeleteFunc(c.syncs, func(s *peopleOfSync) bool { return s.id == syncID })
}

// PeopleOf are the people of the index's sync. Whether a sync lists people is not
// kept: the answer may still change while it lists.
func PeopleOf(ctx context.Context, ix walk.Index) (*listedPeople, error) {
	of, ok := ctx.Value(peopleKey{}).(*peopleOfSync)
	if !ok {
		return loadPeople(ctx, ix)
	}
	of.mu.Lock()
	defer of.mu.Unlock()
	listing := ctx.Value(listingKey{}) != nil
	if of.read != nil && (listing || !of.early) {
		return of.read, nil
	}
	people, err := loadPeople(ctx, ix)
	of.read, of.early = people, listing
	return people, err
}
