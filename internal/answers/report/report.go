package report

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// Made says what is in a page.
type Made struct {
	Objects, People, Holdings int
	// Unlisted is of how many people the page does not say what they hold.
	Unlisted int
}

// Write makes the page of a snapshot.
func Write(ctx context.Context, s *access.Snapshot, to io.Writer, o Options) (*Made, error) {
	m := newMaker(s, o)
	if err := m.read(ctx); err != nil {
		return nil, err
	}
	blocks, parts, err := m.blocks()
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewWriter(to)
	if err := writePage(buffered, m.summary(parts), blocks); err != nil {
		return nil, fmt.Errorf("writing the report: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return nil, fmt.Errorf("writing the report: %w", err)
	}
	return &Made{Objects: len(m.dir.objects), People: m.people.counts[access.TypeUser], Holdings: m.total(), Unlisted: parts.Unlisted}, nil
}

// blocks packs everything but the summary.
func (m *maker) blocks() ([]block, parts, error) {
	p := parts{PerBlock: perBlock, Details: len(m.details.blocks), HolderStarts: m.holdings.holders.starts, Short: m.holdings.holders.short}
	held, unlisted, err := m.holdings.packHeld(&m.heldQuota)
	if err != nil {
		return nil, p, err
	}
	p.Unlisted, p.Undetailed = unlisted, max(0, len(m.dir.objects)-p.Details*perBlock-len(m.details.late))
	blocks := []block{{name: "ids", packed: m.dir.ids}}
	rows := m.options.Limits.Rows
	for _, table := range []struct {
		name    string
		content any
	}{
		{"index", m.dir.index(m.holdings)},
		{sectionCredentials, limited(m.credentials.rows, rows)},
		{sectionGuests, limited(m.people.rows(m.holdings), rows)},
		{sectionLicences, licenceTable{Products: m.licences.products, Errors: limited(m.licences.errors, rows).Rows, More: limited(m.licences.errors, rows).More}},
		{sectionGroups, groupTable{Rows: m.groups.rows, Rules: m.groups.rules}},
		{"late", m.details.late},
	} {
		b, err := packJSON(table.name, table.content)
		if err != nil {
			return nil, p, err
		}
		blocks = append(blocks, b)
	}
	blocks = append(blocks, m.details.blocks...)
	blocks = append(blocks, held...)
	return append(blocks, m.holdings.holders.blocks...), p, nil
}

// index is the block by which the page finds objects.
type index struct {
	// Names and Logins are in the order of the numbers. A login is empty where it is the
	// name, or there is none.
	Names  []string `json:"names"`
	Logins []string `json:"logins"`
	Types  []int    `json:"types"`
	Flags  []int    `json:"flags"`
	// Odd are the ids that are not of the usual form.
	Odd map[int]string `json:"odd"`
	// EntitlementsOf and Labels are the objects and the labels of the entitlements, in
	// the order of their numbers; Strong says which of them give much.
	EntitlementsOf []int    `json:"entitlementsOf"`
	LabelsOf       []int    `json:"labelsOf"`
	Labels         []string `json:"labels"`
	Strong         []int    `json:"strong"`
	// Times are kind, since and until of holdings that have them.
	Times [][3]string `json:"times"`
}

func (d *directory) index(h *holdings) *index {
	x := &index{
		Odd: d.odd, EntitlementsOf: h.on, LabelsOf: h.labelOf, Labels: h.labels, Strong: h.strong, Times: h.times,
		Names: make([]string, 0, len(d.objects)), Logins: make([]string, 0, len(d.objects)),
		Types: make([]int, 0, len(d.objects)), Flags: make([]int, 0, len(d.objects)),
	}
	for i := range d.objects {
		o := &d.objects[i]
		x.Names, x.Logins, x.Types, x.Flags = append(x.Names, o.name), append(x.Logins, o.login), append(x.Types, o.types), append(x.Flags, o.flags)
	}
	return x
}
