package forms

import (
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/attempt"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
)

// Catalogue lists every row by its name.
func Catalogue() []*Row {
	c := &catalogue{ways: graphsim.Refusals()}
	c.ladders()
	c.together()
	c.features()
	c.segments()
	c.values()
	c.caps()
	for i, r := range c.rows {
		r.workers = []int{1, 4, 16}[i%3]
	}
	return c.rows
}

// catalogue is a Catalogue in the making.
type catalogue struct {
	rows []*Row
	ways []graphsim.Refusal
	next int
}

func (c *catalogue) add(r *Row) { c.rows = append(c.rows, r) }

// way is how the next form is refused: each way in turn.
func (c *catalogue) way() graphsim.Refusal {
	c.next++
	return c.ways[c.next%len(c.ways)]
}

// The good ends of rows.
var (
	truth      = []attempt.Outcome{attempt.Truth}
	leftOut    = []attempt.Outcome{attempt.LeftOut}
	failure    = []attempt.Outcome{attempt.FailedCleanly}
	anyGoodEnd = []attempt.Outcome{attempt.Truth, attempt.LeftOut, attempt.FailedCleanly}
)

// refusal is the refusal of one form.
type refusal struct {
	name   string
	shapes []string
	how    graphsim.Refusal
	batch  bool
	// before is whether the form is refused for a sync to come to others.
	before bool
}

// refuseAll refuses forms. Those that are refused for a sync to come to others
// need not strike: it can have left the others out by then, or failed.
func (s *scene) refuseAll(list []refusal) {
	defer func() {
		s.armed = slices.DeleteFunc(s.armed, func(name string) bool {
			return slices.ContainsFunc(list, func(r refusal) bool { return r.before && r.name == name })
		})
	}()
	for _, r := range list {
		if r.batch {
			s.refuseBatches(r.name, r.how)
			continue
		}
		s.refuse(r.name, r.shapes, r.how)
	}
}

// howOf says in which ways forms are refused.
func howOf(list []refusal) string {
	var names []string
	for _, r := range list {
		if !slices.Contains(names, r.how.Name) {
			names = append(names, r.how.Name)
		}
	}
	return strings.Join(names, ", ")
}

// form is the refusal of one form of a ladder; ok is false where the ladder has no
// other requests at the step than above it.
func (c *catalogue) form(l *forms.Ladder, step int) (refusal, bool) {
	r := refusal{name: fmt.Sprintf("%s: %s", l.Name, l.Steps[step].Form)}
	if l.Name == ladderBatches {
		r.batch = true
	} else if r.shapes = shapesAt(l, step); len(r.shapes) == 0 {
		return r, false
	}
	r.how = c.way()
	return r, true
}

// before are the forms of other ladders without whose refusal nobody gets to a
// ladder.
func (c *catalogue) before(ladder string) []refusal {
	var list []refusal
	for _, name := range reachedWithout[ladder] {
		l := ladderOf(name)
		for step := range l.Steps[:len(l.Steps)-1] {
			if r, ok := c.form(l, step); ok && givesRelation(l, step) {
				r.before = true
				list = append(list, r)
			}
		}
	}
	return list
}

// givesRelation is whether a form gives the relation with its objects.
func givesRelation(l *forms.Ladder, step int) bool {
	return l.Path == "" || slices.ContainsFunc(shapesAt(l, step), func(s string) bool { return strings.Contains(s, "$expand=") })
}

func ladderOf(name string) *forms.Ladder {
	list := graph.Ladders()
	return list[slices.IndexFunc(list, func(l *forms.Ladder) bool { return l.Name == name })]
}

// ladders adds the rows of each ladder: its forms from the richest down refused,
// one more with each row, up to all of them.
func (c *catalogue) ladders() {
	for _, l := range graph.Ladders() {
		if notInSyncs[l.Name] {
			continue
		}
		refused := c.before(l.Name)
		for step := range l.Steps {
			r, ok := c.form(l, step)
			switch {
			case !ok:
				continue
			case step+1 == len(l.Steps) && endsElsewhere[l.Name]:
				continue
			}
			refused = append(slices.Clip(refused), r)
			list := refused
			row := &Row{Name: l.Name + ": no form answered", How: howOf(list), Good: failure, settings: askedWith[l.Name], arm: func(s *scene) { s.refuseAll(list) }}
			if below, more := nextForm(l, step); more {
				row.Name, row.Good = l.Name+": "+below, truth
			} else if givesProperties[l.Name] {
				row.Good = truth
			} else if data := gives[l.Name]; data != "" {
				row.Good, row.Without = leftOut, []string{data}
				if data == dataRoleTimes {
					row.Without = append(row.Without, dataRoleEligibilities) // Custom roles are named in both.
				}
			}
			// A listing of whole pages ends in a refusal (A5), in Graph's own pages too.
			if l.Name == ladderRisky && row.Good[0] == attempt.Truth {
				row.arm = func(s *scene) {
					s.server.SetRiskyUsers(499)
					s.refuseAll(list)
				}
			}
			c.add(row)
		}
	}
}

// nextForm is the form that is asked for when one is refused.
func nextForm(l *forms.Ladder, step int) (string, bool) {
	for next := step + 1; next < len(l.Steps); next++ {
		if l.Name == ladderBatches || len(shapesAt(l, next)) > 0 {
			return l.Steps[next].Form, true
		}
	}
	return "", false
}

// together adds the rows of many forms refused at once.
func (c *catalogue) together() {
	every := func(name string, chosen func(l *forms.Ladder, step int) bool) {
		var list []refusal
		for _, l := range graph.Ladders() {
			for step := range l.Steps {
				if r, ok := c.form(l, step); ok && chosen(l, step) {
					list = append(list, r)
				}
			}
		}
		c.add(&Row{Name: name, How: howOf(list), Good: truth, arm: func(s *scene) {
			s.server.SetRiskyUsers(499) // Whole pages of Graph's own end in a refusal (A5).
			s.refuseAll(list)
			s.armed = nil // Some forms are those of relations that other forms give.
		}})
	}
	richest := func(l *forms.Ladder, step int) bool { return step == 0 && len(l.Steps) > 1 }
	batched := func(l *forms.Ladder, step int) bool { return l.Name != ladderBatches && richest(l, step) }
	plainest := func(l *forms.Ladder, step int) bool {
		_, more := nextForm(l, step)
		return more && !endsElsewhere[l.Name]
	}
	every("all richest forms refused at once", richest)
	every("all richest forms refused at once, but batches", batched)
	every("all forms but the plainest refused at once", plainest)
	for _, how := range c.ways {
		c.add(&Row{Name: "batches refused: " + how.Name, How: how.Name, Good: truth, arm: func(s *scene) { s.refuseBatches("batches", how) }})
	}
}
