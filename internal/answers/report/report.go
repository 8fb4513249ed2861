package report

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

const mebi = 1 << 20

// Limits are what the page may take. The quotas are of bytes in the file.
type Limits struct {
	// Details are the facts of profiles, Held what principals hold, and Holding who has
	// something.
	Details, Held, Holding int
	// Holders is how many holders of one thing are listed, and Listed how many rows a
	// table of the summary has for one role, and the sections' tables at most have.
	Holders, Listed, Rows int
	// Memory is how many bytes of what people hold are kept while the page is made.
	Memory int
}

// DefaultLimits keep the page of a hundred thousand people below 40 MB.
func DefaultLimits() Limits {
	return Limits{Details: 9 * mebi, Held: 10 * mebi, Holding: 7 * mebi, Holders: 200, Listed: 300, Rows: 20_000, Memory: 64 * mebi}
}

// Options shape a report.
type Options struct {
	// Snapshot is what the file is called in the questions that the page names.
	Snapshot string
	// Build is of the program that makes the report.
	Build  string
	Limits Limits
}

// Made says what is in a page.
type Made struct {
	Objects, People, Holdings int
	// Unlisted is of how many people the page does not say what they hold.
	Unlisted int
}

// summary is the data that the page begins with.
type summary struct {
	Snapshot string              `json:"snapshot"`
	Build    string              `json:"build"`
	Now      string              `json:"now"`
	Overview *overview           `json:"overview"`
	Findings findings            `json:"findings"`
	Gaps     map[string][]string `json:"gaps"`
	Roles    []roleRow           `json:"roles"`
	Paths    []rolePaths         `json:"paths"`
	// Unknown is what the snapshot cannot know of ways to the roles.
	Unknown      []string          `json:"unknown"`
	Applications []*applicationRow `json:"applications"`
	// MoreApplications is how many are left out.
	MoreApplications int `json:"moreApplications,omitempty"`
	// Known are the objects that the summary names.
	Known []known    `json:"known"`
	Types [][]string `json:"types"`
	Parts parts      `json:"parts"`
}

// findings are the numbers that the overview leads with.
type findings struct {
	Privileged counted `json:"privileged"`
	Takeover   int     `json:"takeover"`
	Expired    int     `json:"expired"`
	Soon       int     `json:"soon"`
	Guests     int     `json:"guests"`
	Failed     int     `json:"failed"`
	Assignable int     `json:"assignable"`
	Ownerless  int     `json:"ownerless"`
}

// parts says how the blocks are to be read, and what is not in them.
type parts struct {
	PerBlock int `json:"perBlock"`
	Details  int `json:"details"`
	// HolderStarts are the first entitlements of the blocks of holders.
	HolderStarts []int `json:"holderStarts"`
	// Unlisted is of how many people the page does not say what they hold, Short how many
	// entitlements have more holders than are listed, and Undetailed how many objects come
	// without the facts of their profile.
	Unlisted   int `json:"unlisted"`
	Short      int `json:"short"`
	Undetailed int `json:"undetailed"`
}

// maker is the work on one report.
type maker struct {
	snapshot *access.Snapshot
	options  Options
	now      time.Time

	dir          *directory
	people       *people
	details      *details
	privileged   *privileged
	applications *applications
	credentials  *credentials
	licences     *licences
	groups       *groups
	holdings     *holdings
	paths        []rolePaths
	unknown      []string

	heldQuota, holdingQuota quota
}

func newMaker(s *access.Snapshot, o Options) *maker {
	now := s.About().EndedAt
	dir := newDirectory()
	m := &maker{
		snapshot: s, options: o, now: now, dir: dir,
		people:  &people{dir: dir, now: now, counts: map[string]int{}},
		details: newDetails(&quota{left: o.Limits.Details}), privileged: &privileged{dir: dir, limits: &o.Limits},
		applications: newApplications(dir), credentials: &credentials{dir: dir, now: now}, licences: &licences{dir: dir},
		groups: &groups{rules: map[int]string{}}, heldQuota: quota{left: o.Limits.Held}, holdingQuota: quota{left: o.Limits.Holding},
	}
	m.holdings = newHoldings(dir, &m.options.Limits, &m.holdingQuota)
	return m
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

// read reads the snapshot: every object once, who holds what gives much, and then
// everything that is held once.
func (m *maker) read(ctx context.Context) error {
	s := m.snapshot
	if err := m.dir.read(ctx, s, m.people, m.details, m.privileged, m.applications, m.credentials, m.licences, m.groups); err != nil {
		return err
	}
	if err := m.details.flush(); err != nil {
		return err
	}
	m.credentials.end()
	if err := m.privileged.read(ctx, s); err != nil {
		return err
	}
	if err := m.applications.read(ctx, s, m.credentials); err != nil {
		return err
	}
	if err := m.holdings.read(ctx, s, m.applications.apis); err != nil {
		return err
	}
	m.licences.end(m.holdings.licences)
	m.groups.end(m.holdings.groups)
	var err error
	if m.paths, m.unknown, err = pathsTo(ctx, s, m.dir, m.privileged.roles); err != nil {
		return err
	}
	return m.lateDetails(ctx)
}

// lateDetails looks up the facts of privileged people whose block had no room.
func (m *maker) lateDetails(ctx context.Context) error {
	for number := len(m.details.blocks) * perBlock; number < len(m.dir.objects); number++ {
		if m.details.has(number) || m.dir.objects[number].flags&(flagTierZero|flagTierOne) == 0 {
			continue
		}
		o, err := m.snapshot.Object(ctx, m.dir.ref(number))
		if err != nil {
			return err
		}
		m.details.late[number] = factsOf(o)
	}
	return nil
}

func (m *maker) total() int {
	total := 0
	for _, n := range m.holdings.count {
		total += n
	}
	return total
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

// table is the first rows of a table, and how many it has more.
type table[T any] struct {
	Rows []T `json:"rows"`
	More int `json:"more,omitempty"`
}

func limited[T any](rows []T, most int) table[T] {
	kept := min(len(rows), most)
	return table[T]{Rows: append([]T{}, rows[:kept]...), More: len(rows) - kept}
}
