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

// managersPage is who manages whom on a page of listed people, and which of them are
// sponsored by whom.
type managersPage struct {
	// Packed are sixteen bytes for a person, and as many for the manager or a sponsor.
	Packed []byte `json:"p,omitempty"`
	// Others are pairs of ids of which one is no GUID.
	Others [][2]string `json:"o,omitempty"`
}

// putManagers notes the managers of a page of listed people, and their sponsors.
func putManagers(ctx context.Context, ix walk.Index, page int, last bool, users []graph.User, sponsors map[string][]sponsor) error {
	var found managersPage
	for i := range users {
		person := model.ObjectID(users[i].ID)
		if users[i].Manager != nil {
			found.add(person, model.ObjectID(users[i].Manager.ID))
		}
		for _, s := range sponsors[person] {
			if s.Person {
				found.add(person, s.ID)
			}
		}
	}
	return walk.PutPage(ctx, ix, keyManagers, page, last, []managersPage{found})
}

func (p *managersPage) add(person, by string) {
	packed, ok := kinds.PackID(person)
	other, known := kinds.PackID(by)
	if !ok || !known {
		p.Others = append(p.Others, [2]string{person, by})
		return
	}
	for _, half := range []uint64{packed.High, packed.Low, other.High, other.Low} {
		p.Packed = binary.BigEndian.AppendUint64(p.Packed, half)
	}
}

// each goes through the people of a page who have a manager or a sponsor.
func (p *managersPage) each(do func(person, by string)) {
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

// managedByStrangers are the people of some pages whose manager, or one of whose
// sponsors, is not among the listed people: he was deleted, or is a contact. The
// number of pages there are comes with them.
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
			page[i].each(func(person, by string) {
				if !people.Listed(by) && (len(managed) == 0 || managed[len(managed)-1] != person) {
					managed = append(managed, person)
				}
			})
		}
	}
	return managed, pages, nil
}

// listManaged gives people again, without their managers and sponsors who are not in
// the snapshot. They are few, and storing them again replaces them.
func (s *Syncer) listManaged(ctx context.Context, ix walk.Index, c walk.Cursor, d *decide.Decision, follow string) ([]*v2.Resource, *walk.Cursor, error) {
	all, pages, err := managedByStrangers(ctx, ix, c.Page, managerPagesPerCall)
	if err != nil {
		return nil, nil, err
	}
	part := all[min(c.Offset, len(all)):min(c.Offset+managedPerCall, len(all))]
	resources, err := s.giveWithoutStrangers(ctx, ix, part, d)
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

func (s *Syncer) giveWithoutStrangers(ctx context.Context, ix walk.Index, ids []string, d *decide.Decision) ([]*v2.Resource, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	people, err := kinds.PeopleOf(ctx, ix)
	if err != nil {
		return nil, err
	}
	listed := func(id string) bool { return people != nil && people.Listed(id) }
	o := s.options(d)
	rows, err := walk.LookUpRows[graph.User](ctx, s.Client, graph.UsersInFullByIDRefs(ids, o))
	if err != nil {
		return nil, err
	}
	managers := newManagerReading(ctx, s.Client, rows, o, 0)
	managers.by = max(managers.by, byIDs) // They are no range.
	if _, err := managers.readWith(ctx, ""); err != nil {
		return nil, err
	}
	known, err := s.lookUp(ctx, ix, "", rows, d)
	if err != nil {
		return nil, err
	}
	resources := make([]*v2.Resource, 0, len(rows))
	for i := range rows {
		if by := rows[i].Manager; by != nil && !listed(model.ObjectID(by.ID)) {
			rows[i].Manager = nil
			s.Left.Add(walk.LeftManagers, 1)
		}
		id := model.ObjectID(rows[i].ID)
		all := len(known.sponsors[id])
		if all > 0 {
			known.sponsors[id] = slices.DeleteFunc(known.sponsors[id], func(s sponsor) bool { return s.Person && !listed(s.ID) })
			s.Left.Add(walk.LeftSponsors, all-len(known.sponsors[id]))
		}
		resource, err := s.Resource(&rows[i], known)
		if err != nil {
			return nil, err
		}
		resources = append(resources, resource)
	}
	return resources, nil
}
