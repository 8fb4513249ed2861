package users

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// minManagerRun is how many people a range of sign-in names asks about at the
// least, and from how many on the answers tell whether ranges are of any use.
const minManagerRun = 20

// managerReading finds out who manages the people of one page of the walk over
// users, and reads their further properties with that. Everybody is answered for: that somebody has no manager is only taken
// from a row of that person, or from Graph's word that there is none.
//
// The page is a range of sign-in names, and so is each run of people on it. How
// many rows Graph gives of such a range is not known beforehand: the first answer
// tells. Who is missing after the ranges, because somebody was created or renamed
// meanwhile, say, is asked about by id.
type managerReading struct {
	client *graph.Client
	people []graph.User
	// options say which further properties are read.
	options graph.UserOptions
	// places are the places on the page by id, the first of each id.
	places map[string]int
	// known are the places of those who are answered for.
	known []bool
	// run is how many people one range asks about, and learned the same for
	// further pages; zero for all of a page.
	run, learned int
	// step is the form of the requests (graph.Managers).
	step int
	by   askedBy
	// cut is the longest answer of this round that was not whole.
	cut int
	// answers counts the answers of this round, and refused is the first refusal.
	answers int
	refused error
}

// askedBy is what names the people of a round of requests.
type askedBy int

const (
	byNames askedBy = iota
	byIDs
	oneByOneID
)

func (by askedBy) String() string {
	return map[askedBy]string{byNames: "sign-in names", byIDs: "ids", oneByOneID: "id"}[by]
}

// newManagerReading is the reading for one page of people, whose managers and
// further properties it fills in.
func newManagerReading(ctx context.Context, client *graph.Client, people []graph.User, o graph.UserOptions, run int) *managerReading {
	m := &managerReading{
		client: client, people: people, options: o, places: make(map[string]int, len(people)), known: make([]bool, len(people)), run: run, learned: run,
	}
	for i := range people {
		people[i].Manager = nil
		id := model.ObjectID(people[i].ID)
		if _, m.known[i] = m.places[id]; !m.known[i] { // Who is on the page twice is asked about once.
			m.places[id] = i
		}
	}
	if m.run == 0 {
		m.run = max(len(people), minManagerRun)
	}
	m.at(graph.Managers.Step(ctx))
	return m
}

// at goes on in a form.
func (m *managerReading) at(step int) {
	m.step = step
	switch {
	case step >= graph.ManagersAlone:
		m.by = oneByOneID
	case step >= graph.ManagersByIDs:
		m.by = byIDs
	default:
		m.by = byNames
	}
}

// readWith reads the managers, and in the same round trip the page of users that
// comes after these, unless next is empty.
func (m *managerReading) readWith(ctx context.Context, next string) (*sending.Page[graph.User], error) {
	var ahead *sending.Page[graph.User]
	for open := m.open(); next != "" || len(open) > 0; open = m.open() {
		if m.by == oneByOneID && next == "" {
			if err := m.readOneByOne(ctx, open); err != nil {
				return nil, err
			}
			continue
		}
		m.cut, m.answers, m.refused = 0, 0, nil
		refs, asked := m.refs(open)
		for next != "" || len(refs) > 0 {
			room := sending.MaxBatchSize
			if next != "" {
				room--
			}
			n := min(len(refs), room)
			page, answers, err := m.client.ListUsersAndManagers(ctx, next, refs[:n])
			if err != nil {
				return nil, err
			}
			if next != "" {
				ahead, next = page, ""
			}
			for i, a := range answers {
				if err := m.take(a, asked[i]); err != nil {
					return nil, err
				}
			}
			refs, asked = refs[n:], asked[n:]
		}
		if err := m.endRound(ctx); err != nil {
			return nil, err
		}
	}
	if doubtful, err := m.doubtful(ctx); err != nil || doubtful {
		if err == nil {
			_, err = m.readWith(ctx, "") // In the next form.
		}
		return ahead, err
	}
	if m.step >= graph.ManagersAlone {
		if err := m.readDetails(ctx); err != nil {
			return nil, err
		}
	}
	for i := range m.people {
		of := &m.people[m.places[model.ObjectID(m.people[i].ID)]]
		m.people[i].Manager, m.people[i].UserDetails = of.Manager, of.UserDetails
	}
	return ahead, nil
}

// readDetails reads the further properties where they do not come with managers.
func (m *managerReading) readDetails(ctx context.Context) error {
	rows, err := walk.LookUpRows[graph.User](ctx, m.client, graph.DetailsByIDRefs(slices.Sorted(maps.Keys(m.places)), m.options))
	if forms.IsRefused(err) {
		return nil // The ladder says at the end what people lack.
	}
	if err != nil {
		return err
	}
	for i := range rows {
		if place, asked := m.places[model.ObjectID(rows[i].ID)]; asked {
			m.people[place].UserDetails = rows[i].UserDetails
		}
	}
	return nil
}

// doubtful reports whether rows that all lack a manager may come from a tenant that
// passes $expand over: some of the people are asked about by themselves. If so, the
// form is left, and everybody is still to be asked about.
func (m *managerReading) doubtful(ctx context.Context) (bool, error) {
	if m.step >= graph.ManagersAlone || len(m.people) == 0 || slices.ContainsFunc(m.people, func(u graph.User) bool { return u.Manager != nil }) {
		return false, nil
	}
	const stride = 7919 // A prime: neighbours, and every second or third, are often alike.
	var refs []string
	for n := range min(len(m.people), sending.MaxBatchSize) {
		refs = append(refs, graph.ManagerRef(model.ObjectID(m.people[n*stride%len(m.people)].ID)))
	}
	read, err := sending.BatchObjects[graph.Reference](ctx, m.client.Sender, refs)
	if err != nil {
		return false, err
	}
	for _, r := range read {
		switch {
		case r.Err == nil:
			for _, place := range m.places {
				m.known[place] = false
			}
			return true, m.leave(ctx, fmt.Errorf("%w: a manager is not in the rows", forms.ErrMisses))
		case !failure.IsNotFound(r.Err):
			return false, r.Err
		}
	}
	return false, nil
}

// open are the places of those who are still to be asked about.
func (m *managerReading) open() []int {
	var open []int
	for i, known := range m.known {
		if !known {
			open = append(open, i)
		}
	}
	return open
}

// refs are the requests of the next round, and how many people each is for. Nobody
// whose name no filter can hold begins or ends a range; within one they are like
// anybody.
func (m *managerReading) refs(open []int) ([]string, []int) {
	var refs []string
	var asked []int
	switch m.by {
	case byNames:
		name := func(i int) string { return m.people[i].UserPrincipalName }
		bounds := slices.DeleteFunc(open, func(i int) bool { return !graph.IsRangeBound(name(i)) })
		for run := range slices.Chunk(bounds, m.run) {
			refs = append(refs, m.ref(graph.NameRange(name(run[0]), name(run[len(run)-1]))))
			asked = append(asked, len(run))
		}
	case byIDs:
		for part := range slices.Chunk(open, sending.MaxFilterItems) {
			ids := make([]string, 0, len(part))
			for _, i := range part {
				ids = append(ids, model.ObjectID(m.people[i].ID))
			}
			refs = append(refs, m.ref(graph.IDFilter(ids)))
			asked = append(asked, len(part))
		}
	case oneByOneID:
	}
	return refs, asked
}

// ref is the request about the people of a filter.
func (m *managerReading) ref(filter string) string {
	return graph.Managers.Ref(m.step, graph.ManagersSubject(filter, m.options))
}

// take notes the managers in one answer, for so many people. A manager without an
// id is no answer. An answer was cut short if it has a next page, or if it has far
// fewer rows than people were asked about.
func (m *managerReading) take(a sending.PageResult[graph.User], asked int) error {
	if a.Err != nil {
		if !forms.IsRefused(a.Err) {
			return a.Err
		}
		m.refused = a.Err
		return nil
	}
	m.answers++
	for i := range a.Page.Items {
		row := &a.Page.Items[i]
		if place, asked := m.places[model.ObjectID(row.ID)]; asked && (row.Manager == nil || row.Manager.ID != "") {
			m.people[place].Manager, m.people[place].UserDetails, m.known[place] = row.Manager, row.UserDetails, true
		}
	}
	if rows := len(a.Page.Items); a.Page.Next != "" || rows >= minManagerRun && 2*rows < asked {
		m.cut = max(m.cut, rows, minManagerRun)
	}
	return nil
}

// endRound decides how those who are left are asked about. A form is left where
// all its requests are refused; where only some are, there is something about the
// people in them. Ranges are left as well where they do not find the people whose
// names they begin and end with: then the tenant's order is another one.
func (m *managerReading) endRound(ctx context.Context) error {
	missing := len(m.open())
	filtered := m.by == byNames || m.step >= graph.ManagersByIDs // Else the form is known to be good, and this fills its gaps.
	switch {
	case filtered && m.refused != nil && m.answers == 0:
		return m.leave(ctx, m.refused)
	case m.by == byNames && m.cut > 0 && m.cut < m.run:
		m.run, m.learned = m.cut, m.cut
	case filtered && m.by != oneByOneID && len(m.places) >= minManagerRun && 2*missing > len(m.places):
		return m.leave(ctx, fmt.Errorf("%w: %d of %d people were not found by their %s", forms.ErrMisses, missing, len(m.places), m.by))
	case m.by == byNames:
		m.by = byIDs
	default:
		m.by = oneByOneID
	}
	return nil
}

// leave goes on in the next form. The one without further properties is of use only
// where the form itself was refused.
func (m *managerReading) leave(ctx context.Context, why error) error {
	for {
		next, ok, err := graph.Managers.Leave(ctx, m.step, why)
		switch {
		case err != nil:
			return err
		case !ok:
			return why
		}
		m.at(next)
		if !errors.Is(why, forms.ErrMisses) || graph.ManagersWithDetails(m.step) {
			return nil
		}
	}
}

// readOneByOne asks each of those who are left for the manager.
func (m *managerReading) readOneByOne(ctx context.Context, open []int) error {
	for part := range slices.Chunk(open, sending.MaxBatchSize) {
		refs := make([]string, 0, len(part))
		for _, i := range part {
			refs = append(refs, graph.ManagerRef(model.ObjectID(m.people[i].ID)))
		}
		read, err := sending.BatchObjects[graph.Reference](ctx, m.client.Sender, refs)
		if err != nil {
			return err
		}
		for n, i := range part {
			if err := read[n].Err; err != nil && !failure.IsNotFound(err) {
				return err
			}
			m.people[i].Manager, m.known[i] = read[n].Object, true
		}
	}
	return nil
}
