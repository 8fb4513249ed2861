package report

import (
	"context"
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// holdings is one pass over everything that is held. It numbers the entitlements that
// somebody holds, in the order in which the snapshot has them, and keeps what each
// principal holds as a row of varints:
//
//	entitlement less that of the holding before, form, groups..., times, packages
//
// form is 1 for what is held directly, 2 where there are times, 4 where there are access
// packages by which it is held, and eight times the number of groups that it is held
// through. Times is a number in index.Times. Packages are how many, and of each its
// number and the times of having it.
type holdings struct {
	dir    *directory
	limits *Limits

	// on and labelOf are the object and the label of each entitlement; strong are those
	// that give much.
	on, labelOf, strong []int
	labels              []string
	labelNumbers        map[string]int
	times               [][3]string
	timeNumbers         map[[3]string]int

	held [][]byte
	last []int
	// count and direct are how much each principal holds.
	count, direct []int
	bytes         int
	// cut is the number from which what people hold is left out, for want of memory.
	cut int

	// had are the times of who has an access package, by its number and theirs, and given
	// the packages that give the entitlement that comes at the moment. Packages come before
	// all that they give.
	had   map[[2]int]int
	given []int

	groups   map[int]*groupCount
	licences map[int]*licenceCount
	holders  *holders

	// roles are the labels of the application whose entitlements come at the moment.
	roles   map[string]string
	rolesOf access.Ref
	api     string
	current string
}

func newHoldings(dir *directory, limits *Limits, q *quota) *holdings {
	return &holdings{
		dir: dir, limits: limits, labelNumbers: map[string]int{}, timeNumbers: map[[3]string]int{}, cut: int(^uint(0) >> 1),
		had: map[[2]int]int{}, groups: map[int]*groupCount{}, licences: map[int]*licenceCount{}, holders: &holders{quota: q, most: limits.Holders},
	}
}

// read goes through everything that is held.
func (h *holdings) read(ctx context.Context, s *access.Snapshot, apis map[int]string) error {
	for held, err := range s.Holdings(ctx) {
		if err != nil {
			return err
		}
		on := h.dir.number(held.On)
		if held.Entitlement != h.current {
			if err := h.next(ctx, s, held, on, apis); err != nil {
				return err
			}
		}
		h.add(held, on)
	}
	return h.holders.end()
}

// next begins an entitlement.
func (h *holdings) next(ctx context.Context, s *access.Snapshot, held *access.Holding, on int, apis map[int]string) error {
	h.current = held.Entitlement
	label := held.Slug
	given, err := s.PackagesGiving(ctx, held.Entitlement)
	if err != nil {
		return err
	}
	h.given = h.given[:0]
	for _, ref := range given {
		h.given = append(h.given, h.dir.number(ref))
	}
	if held.On.Type == access.TypeApplication || held.On.Type == access.TypePackage {
		if held.On != h.rolesOf {
			if err := h.readRoles(ctx, s, held.On); err != nil {
				return err
			}
			h.api = apis[on]
		}
		if name := h.roles[held.Slug]; name != "" && len(held.Slug) == guidLength {
			label = name
		}
		if h.api != "" && powers.PermissionNamed(h.api, label) != nil {
			h.strong = append(h.strong, len(h.on))
		}
	}
	number, ok := h.labelNumbers[label]
	if !ok {
		number = len(h.labels)
		h.labelNumbers[label] = number
		h.labels = append(h.labels, nameOf(label))
	}
	h.on, h.labelOf = append(h.on, on), append(h.labelOf, number)
	return h.holders.next()
}

func (h *holdings) readRoles(ctx context.Context, s *access.Snapshot, application access.Ref) error {
	h.rolesOf, h.roles = application, map[string]string{}
	for e, err := range s.EntitlementsOf(ctx, application) {
		if err != nil {
			return err
		}
		h.roles[e.Slug] = e.Name
	}
	return nil
}

func (h *holdings) add(held *access.Holding, on int) {
	principal := h.dir.number(held.Principal)
	h.room(principal)
	var sources []int
	for _, source := range held.Sources {
		ref, _ := access.SplitEntitlement(source)
		sources = append(sources, h.dir.number(ref))
	}
	h.countIn(held, on, principal, sources)
	if held.On.Type == access.TypePackage {
		h.have(held, on, principal)
	}
	tail := h.tail(held, principal, sources)
	h.holders.add(principal, held.Direct, tail)
	h.count[principal]++
	if held.Direct {
		h.direct[principal]++
	}
	if principal >= h.cut && !h.dir.first(principal) {
		return
	}
	before := len(h.held[principal])
	entitlement := len(h.on) - 1
	h.held[principal] = append(varint(h.held[principal], entitlement-h.last[principal]), tail...)
	h.last[principal] = entitlement
	if h.bytes += len(h.held[principal]) - before; h.bytes > h.limits.Memory {
		h.narrow()
	}
}

// countIn counts a holding for the tables of groups and licences.
func (h *holdings) countIn(held *access.Holding, on, principal int, sources []int) {
	person := h.dir.is(principal, access.TypeUser)
	switch held.On.Type {
	case access.TypeLicense:
		c := h.licences[on]
		if c == nil {
			c = &licenceCount{groups: map[int]int{}}
			h.licences[on] = c
		}
		if h.dir.is(principal, access.TypeGroup) {
			c.groups[principal] += 0 // It gives the product, be it to nobody.
		}
		if !person {
			return
		}
		c.people++
		if held.Direct {
			c.direct++
		}
		for _, source := range sources {
			c.groups[source]++
		}
	case access.TypeGroup:
		c := h.groups[on]
		if c == nil {
			c = &groupCount{}
			h.groups[on] = c
		}
		c.add(held, person)
	}
}

// have notes that somebody has an access package. Of several policies that by which it
// lasts longest counts.
func (h *holdings) have(held *access.Holding, on, principal int) {
	key := [2]int{on, principal}
	if before, ok := h.had[key]; ok {
		if until := h.times[before][2]; until == "" || held.Until != "" && held.Until <= until {
			return
		}
	}
	h.had[key] = h.timesOf(held)
}

// timesOf is the number of the times of a holding.
func (h *holdings) timesOf(held *access.Holding) int {
	times := [3]string{held.Kind, held.Since, held.Until}
	number, ok := h.timeNumbers[times]
	if !ok {
		number = len(h.times)
		h.timeNumbers[times] = number
		h.times = append(h.times, times)
	}
	return number
}

// packagesOf are the access packages that give somebody what they hold directly.
func (h *holdings) packagesOf(held *access.Holding, principal int) []int {
	var found []int
	if held.Direct {
		for _, number := range h.given {
			if times, ok := h.had[[2]int{number, principal}]; ok {
				found = append(found, number, times)
			}
		}
	}
	return found
}

// tail is the form, the groups, the times and the access packages of a holding.
func (h *holdings) tail(held *access.Holding, principal int, sources []int) []byte {
	form := len(sources) << 3
	if held.Direct {
		form |= 1
	}
	timed := held.Kind != "" || held.Since != "" || held.Until != ""
	if timed {
		form |= 2
	}
	packages := h.packagesOf(held, principal)
	if len(packages) > 0 {
		form |= 4
	}
	tail := varint(nil, form)
	for _, source := range sources {
		tail = varint(tail, source)
	}
	if timed {
		tail = varint(tail, h.timesOf(held))
	}
	if len(packages) > 0 {
		tail = varint(tail, len(packages)/2)
		for _, number := range packages {
			tail = varint(tail, number)
		}
	}
	return tail
}

func (h *holdings) room(principal int) {
	for len(h.held) <= max(principal, len(h.dir.objects)-1) {
		h.held, h.last = append(h.held, nil), append(h.last, 0)
		h.count, h.direct = append(h.count, 0), append(h.direct, 0)
	}
}

// narrow lets go of what the last people hold, so that a tenant of any size fits.
func (h *holdings) narrow() {
	const keep = 3 // of four parts
	for at := min(h.cut, len(h.held)) - 1; at >= 0 && h.bytes > h.limits.Memory/4*keep; at-- {
		h.cut = at
		if !h.dir.first(at) {
			h.bytes -= len(h.held[at])
			h.held[at] = nil
		}
	}
}

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
