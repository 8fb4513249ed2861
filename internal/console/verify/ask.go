package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// doubt is a subject of which the snapshot and Graph do not say the same.
type doubt struct {
	question *question
	view     *view
	// missing is what Graph says and the snapshot does not, extra the reverse.
	missing, extra facts
	// untold is of missing what may be of something that is gone.
	untold facts
	// gone says that Graph does not know the subject any more.
	gone bool
}

// ask puts one question about all its subjects.
func (c *comparison) ask(ctx context.Context, q *question) ([]doubt, error) {
	line := c.report.line(q.name, q.population, c.sample.population[q.population])
	if i := slices.IndexFunc(q.needs, func(t string) bool { return !c.Snapshot.Has(t) }); i >= 0 {
		line.Skipped = "the snapshot was made without the type " + q.needs[i]
		return nil, nil
	}
	c.Progress(q.name)
	var doubts []doubt
	for part := range slices.Chunk(q.subjects(c.sample), c.perBatch(q)) {
		if c.spent() {
			line.Short = errBudget.Error()
			break
		}
		views, refused, err := c.look(ctx, q, part)
		if err != nil {
			return nil, err
		}
		if refused != nil && line.Asked > 0 { // What was found before stays found.
			line.Short = "Graph refuses to tell more: " + q.lacking + " is needed"
			break
		}
		if refused != nil {
			*line = Line{Name: line.Name, Population: line.Population, Of: line.Of, Skipped: "Graph refuses to tell: " + q.lacking + " is needed"}
			return nil, nil
		}
		for _, v := range views {
			line.Asked++
			if v.subject.drawn {
				line.drawn++
			}
			d, err := c.compare(ctx, q, v)
			if err != nil {
				return nil, err
			}
			if d == nil {
				line.Agreed++
				continue
			}
			doubts = append(doubts, *d)
		}
	}
	return doubts, nil
}

// perBatch is how many subjects of a question one batch has room for.
func (c *comparison) perBatch(q *question) int {
	return sending.MaxBatchSize / len(q.refs(subject{}))
}

// look asks Graph about some subjects, in one batch and what pages follow. A view
// without rows is of a subject that Graph does not know. The second result is why Graph
// does not tell, if it refuses.
func (c *comparison) look(ctx context.Context, q *question, subjects []subject) ([]*view, error, error) {
	var refs []string
	for _, s := range subjects {
		refs = append(refs, q.refs(s)...)
	}
	results, err := sending.BatchPages[row](ctx, c.Graph, refs)
	if err != nil {
		return nil, nil, err
	}
	views := make([]*view, 0, len(subjects))
	for i, s := range subjects {
		v := &view{snapshot: c.Snapshot, sample: c.sample, subject: s, circle: map[string]bool{s.ID: true}}
		each := len(results) / len(subjects)
		for _, r := range results[i*each : (i+1)*each] {
			switch {
			case failure.IsNotFound(r.Err):
				v.rows = nil
			case failure.IsAccessDenied(r.Err):
				return nil, r.Err, nil
			case r.Err != nil:
				return nil, nil, r.Err
			default:
				rows, err := c.rest(ctx, r.Page)
				if err != nil {
					return nil, nil, err
				}
				v.rows = append(v.rows, rows)
				continue
			}
			break
		}
		views = append(views, v)
	}
	return views, nil, nil
}

// rest is a page with all that follow it.
func (c *comparison) rest(ctx context.Context, page *sending.Page[row]) ([]row, error) {
	rows := page.Items
	var trail sending.Trail
	for next := page.Next; next != ""; next = page.Next {
		if err := trail.Follow(next); err != nil {
			return nil, err
		}
		var err error
		if page, err = sending.GetPage[row](ctx, c.Graph, next); err != nil {
			return nil, err
		}
		rows = append(rows, page.Items...)
	}
	return rows, nil
}

// compare holds the two sides of one subject against each other; nil is that they agree.
func (c *comparison) compare(ctx context.Context, q *question, v *view) (*doubt, error) {
	if len(v.rows) < len(q.refs(v.subject)) {
		return &doubt{question: q, view: v, gone: true}, nil
	}
	known, err := q.known(ctx, v)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", v.subject.Type, v.subject.ID, err)
	}
	told, err := q.told(ctx, v)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", v.subject.Type, v.subject.ID, err)
	}
	d := &doubt{question: q, view: v, missing: without(told, known), extra: without(known, told), untold: facts{}}
	if err := c.dropLeftOut(ctx, d); err != nil {
		return nil, err
	}
	if len(d.missing)+len(d.extra) == 0 {
		return nil, nil
	}
	return d, nil
}

func without(these, those facts) facts {
	rest := maps.Clone(these)
	for f := range those {
		delete(rest, f)
	}
	return rest
}

// dropLeftOut takes out of a doubt what the snapshot's settings leave out: groups
// synchronized from a directory on premises, and what hangs on them.
func (c *comparison) dropLeftOut(ctx context.Context, d *doubt) error {
	if leaves, _ := c.Snapshot.About().Settings["skip-ad-groups"].(bool); !leaves {
		return nil
	}
	for f := range d.missing {
		on, _ := access.SplitEntitlement(f.entitlement)
		principal := access.Ref{Type: access.TypeGroup, ID: f.principal}
		for _, ref := range []access.Ref{on, principal} {
			if ref.Type != access.TypeGroup || ref == principal && d.view.subject.Type == access.TypeUser {
				continue
			}
			object, err := c.Snapshot.Object(ctx, ref)
			if err != nil {
				return err
			}
			person, err := c.Snapshot.Object(ctx, access.Ref{Type: access.TypeUser, ID: f.principal})
			if err != nil {
				return err
			}
			if object.Missing && (ref == on || person.Missing) {
				delete(d.missing, f)
			}
		}
	}
	return nil
}
