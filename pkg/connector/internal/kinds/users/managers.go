package users

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// keyManagers leads to the pages of who manages whom, as the people were given.
const keyManagers = "managers"

const (
	// managerPagesPerCall bounds what one call reads from the session store: a page
	// is 43 kB there.
	managerPagesPerCall = 32
	// managedPerCall is how many people one call gives again.
	managedPerCall = 10 * sending.MaxFilterItems
)

// managersPage is who manages whom on a page of listed people.
type managersPage struct {
	// Packed are sixteen bytes for a person, and as many for the manager.
	Packed []byte `json:"p,omitempty"`
	// Others are pairs of ids of which one is no GUID.
	Others [][2]string `json:"o,omitempty"`
}

// putManagers notes the managers of a page of listed people.
func putManagers(ctx context.Context, ix walk.Index, page int, last bool, users []graph.User) error {
	var found managersPage
	for i := range users {
		if users[i].Manager == nil {
			continue
		}
		person, manager := model.ObjectID(users[i].ID), model.ObjectID(users[i].Manager.ID)
		packed, ok := kinds.PackID(person)
		by, known := kinds.PackID(manager)
		if !ok || !known {
			found.Others = append(found.Others, [2]string{person, manager})
			continue
		}
		for _, half := range []uint64{packed.High, packed.Low, by.High, by.Low} {
			found.Packed = binary.BigEndian.AppendUint64(found.Packed, half)
		}
	}
	return walk.PutPage(ctx, ix, keyManagers, page, last, []managersPage{found})
}

// each goes through the people of a page who have a manager.
func (p *managersPage) each(do func(person, manager string)) {
	for pair := range slices.Chunk(p.Packed, 2*kinds.PersonIDSize) {
		if len(pair) == 2*kinds.PersonIDSize {
			do(spellID(pair[:kinds.PersonIDSize]), spellID(pair[kinds.PersonIDSize:]))
		}
	}
	for _, pair := range p.Others {
		do(pair[0], pair[1])
	}
}

// spellID is a packed id in the snapshot's spelling.
func spellID(packed []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", packed[:4], packed[4:6], packed[6:8], packed[8:10], packed[10:])
}

// managedByStrangers are the people of some pages whose manager is not among the
// listed people: he was deleted while the sync ran, or is a contact. The number of
// pages there are comes with them.
func managedByStrangers(ctx context.Context, ix walk.Index, first, count int) ([]string, int, error) {
	pages, found, err := walk.GetValue[int](ctx, ix, keyManagers)
	if err != nil {
		return nil, 0, err
	}
	if first == 0 { // What this process has read may be of an earlier listing.
		kinds.ReadAgain(ctx)
	}
	people, err := kinds.PeopleOf(ctx, ix)
	if err != nil {
		return nil, 0, err
	}
	if !found || people == nil {
		return nil, 0, fmt.Errorf("%w (%s)", walk.ErrIndexLost, keyManagers)
	}
	var numbers []string
	for page := first; page < min(first+count, pages); page++ {
		numbers = append(numbers, strconv.Itoa(page))
	}
	read, err := walk.Get[[]managersPage](ctx, ix, keyManagers+"/", slices.Clone(numbers))
	if err != nil {
		return nil, 0, err
	}
	var managed []string
	for _, number := range numbers {
		page, ok := read[number]
		if !ok {
			return nil, 0, fmt.Errorf("%w (page %s of %s)", walk.ErrIndexLost, number, keyManagers)
		}
		for i := range page {
			page[i].each(func(person, manager string) {
				if !people.Listed(manager) {
					managed = append(managed, person)
				}
			})
		}
	}
	return managed, pages, nil
}

// listManaged gives people again, without their managers, whose managers are not
// in the snapshot. They are few, and storing them again replaces them.
func (s *Syncer) listManaged(ctx context.Context, ix walk.Index, c walk.Cursor, d *decide.Decision, follow string) ([]*v2.Resource, *walk.Cursor, error) {
	all, pages, err := managedByStrangers(ctx, ix, c.Page, managerPagesPerCall)
	if err != nil {
		return nil, nil, err
	}
	part := all[min(c.Offset, len(all)):min(c.Offset+managedPerCall, len(all))]
	resources, err := s.giveWithoutManagers(ctx, ix, part, d)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case c.Offset+len(part) < len(all):
		c.Offset += len(part)
	case c.Page+managerPagesPerCall < pages:
		c.Page, c.Offset = c.Page+managerPagesPerCall, 0
	default:
		return resources, walk.Following(&walk.Listed[graph.User]{}, c, follow), nil
	}
	return resources, &c, nil
}

func (s *Syncer) giveWithoutManagers(ctx context.Context, ix walk.Index, ids []string, d *decide.Decision) ([]*v2.Resource, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := walk.LookUpRows[graph.User](ctx, s.Client, graph.UsersInFullByIDRefs(ids, s.options(d)))
	if err != nil {
		return nil, err
	}
	known, err := s.lookUp(ctx, ix, rows, d)
	if err != nil {
		return nil, err
	}
	s.Left.Add(walk.LeftManagers, len(rows))
	resources := make([]*v2.Resource, 0, len(rows))
	for i := range rows {
		rows[i].Manager = nil
		resource, err := s.Resource(&rows[i], known)
		if err != nil {
			return nil, err
		}
		resources = append(resources, resource)
	}
	return resources, nil
}
