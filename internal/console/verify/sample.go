package verify

import (
	"context"
	"math/rand/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// subject is an object that Graph is asked about.
type subject struct {
	access.Ref
	// drawn says that chance chose it; the others are always asked about, and tell
	// nothing of the rest.
	drawn bool
}

// sample is whom to ask about, and how many there are.
type sample struct {
	people, groups, applications, roles []subject
	// large are groups of which the members are counted and not listed.
	large []subject
	// population are the objects of each type, without people in the recycle bin.
	population map[string]int
	// scoped are the scoped roles of each role.
	scoped map[string][]access.Ref
	// memberships is how many people and groups are directly in groups.
	memberships int
}

// listedMembers is up to how many members a group is asked for by name. Five pages.
const listedMembers = 4995

// reservoir keeps some of many, each with the same chance (Vitter's algorithm R).
type reservoir struct {
	size, seen int
	kept       []access.Ref
	random     *rand.Rand
}

func (r *reservoir) offer(ref access.Ref) {
	r.seen++
	if len(r.kept) < r.size {
		r.kept = append(r.kept, ref)
		return
	}
	if at := r.random.IntN(r.seen); at < r.size {
		r.kept[at] = ref
	}
}

// draw goes through the snapshot once for the objects and once for the memberships.
func draw(ctx context.Context, o Options) (*sample, error) {
	random := rand.New(rand.NewPCG(o.Seed, 0)) //nolint:gosec // A sample that can be drawn again.
	people := &reservoir{size: o.Sample, random: random}
	groups := &reservoir{size: (o.Sample + 1) / 2, random: random}
	applications := &reservoir{size: (o.Sample + 4) / 5, random: random}
	s := &sample{population: map[string]int{}, scoped: map[string][]access.Ref{}}
	always := map[access.Ref]bool{}
	privileged := map[string]bool{}
	for _, role := range powers.PrivilegedRoles() {
		privileged[role.ID] = true
	}
	for object, err := range o.Snapshot.Objects(ctx) {
		if err != nil {
			return nil, err
		}
		if object.Status == access.StatusDeleted {
			continue
		}
		s.population[object.Type]++
		switch object.Type {
		case access.TypeUser:
			people.offer(object.Ref)
		case access.TypeGroup:
			groups.offer(object.Ref)
			if object.Flag("isAssignableToRole") {
				always[object.Ref] = true
			}
		case access.TypeApplication:
			applications.offer(object.Ref)
		case access.TypeRole:
			if privileged[object.ID] {
				s.roles = append(s.roles, subject{Ref: object.Ref})
			}
		case access.TypeScopedRole:
			role, _ := splitScoped(object.ID)
			s.scoped[role] = append(s.scoped[role], object.Ref)
		}
	}
	members, err := s.countMembers(ctx, o.Snapshot)
	if err != nil {
		return nil, err
	}
	if largest := largestOf(members); largest.ID != "" {
		always[largest] = true
	}
	for _, ref := range people.kept {
		s.people = append(s.people, subject{ref, true})
	}
	for _, ref := range applications.kept {
		s.applications = append(s.applications, subject{ref, true})
	}
	for _, ref := range groups.kept {
		s.addGroup(subject{ref, true}, members[ref.ID])
		delete(always, ref)
	}
	for _, ref := range sortedRefs(always) {
		s.addGroup(subject{ref, false}, members[ref.ID])
	}
	return s, nil
}

func (s *sample) addGroup(g subject, members int) {
	if members > listedMembers {
		s.large = append(s.large, g)
		return
	}
	s.groups = append(s.groups, g)
}

// countMembers counts the direct members of each group.
func (s *sample) countMembers(ctx context.Context, from *access.Snapshot) (map[string]int, error) {
	members := map[string]int{}
	for h, err := range from.Holdings(ctx) {
		if err != nil {
			return nil, err
		}
		if h.On.Type == access.TypeGroup && h.Slug == access.SlugMember && h.Direct {
			members[h.On.ID]++
			s.memberships++
		}
	}
	return members, nil
}
