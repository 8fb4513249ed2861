package users

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Earlier is what an earlier sync has read of people's last sign-ins and of what they
// have registered. Graph gives these at so slow a pace that a large tenant's sync would
// be mostly waiting for them. It is kept small, 22 bytes a person, and in the order of
// ids.
type Earlier struct {
	// Tenant is the id of the tenant that it is of.
	Tenant string `json:"t"`
	// Read is how old each of the data sets is; one that is not known is absent.
	Read map[model.DataSet]decide.Reading `json:"r"`
	// IDs are sixteen bytes a person.
	IDs []byte `json:"i"`
	// Last are four bytes a person: the last sign-in in Unix seconds, zero for none, or
	// unknownSignIn.
	Last []byte `json:"l"`
	// Ways are two bytes a person: one more than the place of what the person has
	// registered in Registrations, or zero.
	Ways          []byte         `json:"w"`
	Registrations []registration `json:"g"`
}

const (
	// unknownSignIn is in the place of a last sign-in that nobody knows.
	unknownSignIn = 1

	lastSize = 4
	waySize  = 2
	// maxRegistrations is how many different registrations there can be. There are
	// some dozens of methods, and people have few of them.
	maxRegistrations = math.MaxUint16 - 1
)

// earlierRow is one person.
type earlierRow struct {
	id   [kinds.PersonIDSize]byte
	last uint32
	way  uint16
}

// earlierRows are people, page by page as they are given.
type earlierRows struct {
	pages         map[int][]earlierRow
	ways          map[string]uint16
	registrations []registration
}

func newEarlierRows() *earlierRows {
	return &earlierRows{pages: map[int][]earlierRow{}, ways: map[string]uint16{}}
}

// row is what is known of a person; the second value is false where there is no room
// for it.
func (e *earlierRows) row(id string, last int64, r *registration) (earlierRow, bool) {
	var row earlierRow
	packed, ok := kinds.PackID(id)
	if !ok {
		return row, true // Nobody has such an id. It is read in full in the next sync.
	}
	binary.BigEndian.PutUint64(row.id[:], packed.High)
	binary.BigEndian.PutUint64(row.id[8:], packed.Low)
	if last > 0 && last <= math.MaxUint32 {
		row.last = uint32(last)
	}
	if r != nil {
		row.way, ok = e.way(r)
	}
	return row, ok
}

// way is one more than the place of a registration.
func (e *earlierRows) way(r *registration) (uint16, bool) {
	key, err := json.Marshal(r)
	if err != nil {
		return 0, false
	}
	way, known := e.ways[string(key)]
	if !known {
		if len(e.registrations) >= maxRegistrations {
			return 0, false
		}
		e.registrations = append(e.registrations, *r)
		way = uint16(len(e.registrations)) //nolint:gosec // Bounded above.
		e.ways[string(key)] = way
	}
	return way, true
}

// earlier puts so many pages together; nil where one of them is not there.
func (e *earlierRows) earlier(tenant string, read map[model.DataSet]decide.Reading, pages int) *Earlier {
	var rows []earlierRow
	for page := range pages {
		of, ok := e.pages[page]
		if !ok {
			return nil
		}
		rows = append(rows, of...)
	}
	slices.SortFunc(rows, func(a, b earlierRow) int {
		return cmp.Or(bytes.Compare(a.id[:], b.id[:]), cmp.Compare(b.last, a.last)) // Who comes twice counts with the later.
	})
	rows = slices.CompactFunc(rows, func(a, b earlierRow) bool { return a.id == b.id })
	made := &Earlier{Tenant: tenant, Read: read, Registrations: e.registrations}
	for i := range rows {
		made.IDs = append(made.IDs, rows[i].id[:]...)
		made.Last = binary.BigEndian.AppendUint32(made.Last, rows[i].last)
		made.Ways = binary.BigEndian.AppendUint16(made.Ways, rows[i].way)
	}
	return made
}

// people is how many there are.
func (e *Earlier) people() int { return len(e.IDs) / kinds.PersonIDSize }

// sound reports whether the columns fit together: it comes from a file.
func (e *Earlier) sound() bool {
	n := e.people()
	if len(e.IDs) != n*kinds.PersonIDSize || len(e.Last) != n*lastSize || len(e.Ways) != n*waySize {
		return false
	}
	for i := range n {
		if int(binary.BigEndian.Uint16(e.Ways[i*waySize:])) > len(e.Registrations) {
			return false
		}
	}
	return true
}

// find is what was known of a person: the last sign-in and what was registered. Zero
// and nil mean that there was nothing. The last value is false for a person who was not
// known.
func (e *Earlier) find(id string) (int64, *registration, bool) {
	var r *registration
	packed, ok := kinds.PackID(id)
	if !ok {
		return 0, nil, false
	}
	at, found := sort.Find(e.people(), func(i int) int {
		of := e.IDs[i*kinds.PersonIDSize:]
		return cmp.Or(cmp.Compare(packed.High, binary.BigEndian.Uint64(of)), cmp.Compare(packed.Low, binary.BigEndian.Uint64(of[8:])))
	})
	if !found {
		return 0, nil, false
	}
	if way := binary.BigEndian.Uint16(e.Ways[at*waySize:]); way > 0 {
		r = &e.Registrations[way-1]
	}
	return int64(binary.BigEndian.Uint32(e.Last[at*lastSize:])), r, true
}

// usable are the data sets of which it can stand for what a sync would read, with their
// age: those that the sync reads, of the same tenant, read in full not longer ago than
// allowed. In a tenant of no more people than come at once they are read in full, which
// takes no longer.
func (e *Earlier) usable(tenant string, wanted []model.DataSet, within time.Duration, atOnce int, now time.Time) map[model.DataSet]decide.Reading {
	if e == nil || e.Tenant != tenant || e.people() <= atOnce {
		return nil
	}
	found := map[model.DataSet]decide.Reading{}
	for _, data := range wanted {
		if read, ok := e.Read[data]; ok && !read.Full.After(now) && !read.At.After(now) && now.Sub(read.Full) <= within {
			found[data] = read
		}
	}
	return found
}
