package report

import (
	"context"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

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
