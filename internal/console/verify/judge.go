package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// logPause is how long the audit log is left alone before it is read again.
const logPause = 30 * time.Second

// judge looks at every difference a second time, and then at the log, which says what
// has changed. What neither explains is wrong.
func (c *comparison) judge(ctx context.Context, doubts []doubt, counted []tally) error {
	if len(doubts)+len(counted) == 0 {
		return nil
	}
	c.Progress("looking again at what differs")
	if err := wait(ctx, c.Pause); err != nil {
		return err
	}
	doubts, err := c.again(ctx, doubts)
	if err != nil {
		return err
	}
	if counted, err = c.countAgain(ctx, counted); err != nil {
		return err
	}
	if len(doubts)+len(counted) == 0 {
		return nil
	}
	began := time.Now()
	for {
		log, err := readLog(ctx, c.Graph, c.since())
		if err != nil {
			return fmt.Errorf("reading the audit log: %w", err)
		}
		if doubts, counted, err = c.settle(ctx, log, doubts, counted); err != nil {
			return err
		}
		left := c.Patience - time.Since(began)
		if len(doubts)+len(counted) == 0 || log.unread != nil || left <= 0 || c.spent() {
			return c.conclude(ctx, log, doubts, counted)
		}
		c.Progress("waiting for the audit log, which comes minutes late")
		if err := wait(ctx, min(left, logPause)); err != nil {
			return err
		}
	}
}

// since is from when on changes can be missing in the snapshot.
func (c *comparison) since() time.Time {
	about := c.Snapshot.About()
	if about.ReadAt.IsZero() {
		return about.EndedAt.Add(-24 * time.Hour)
	}
	return about.ReadAt
}

// again asks again about what differed. What both looks show stays; what only one
// shows was a part of the directory that lagged.
func (c *comparison) again(ctx context.Context, doubts []doubt) ([]doubt, error) {
	byQuestion := map[*question][]doubt{}
	for _, d := range doubts {
		byQuestion[d.question] = append(byQuestion[d.question], d)
	}
	var left []doubt
	for _, q := range c.questions {
		for part := range slices.Chunk(byQuestion[q], c.perBatch(q)) {
			subjects := make([]subject, 0, len(part))
			for _, d := range part {
				subjects = append(subjects, d.view.subject)
			}
			views, refused, err := c.look(ctx, q, subjects)
			if refused != nil {
				err = refused
			}
			if err != nil {
				return nil, fmt.Errorf("asking again about %s: %w", q.name, err)
			}
			for i, v := range views {
				d, err := c.compare(ctx, q, v)
				if err != nil {
					return nil, err
				}
				if d = lasting(&part[i], d); d != nil {
					if err := c.dropGone(ctx, d); err != nil {
						return nil, err
					}
				}
				if d == nil || !d.gone && len(d.missing)+len(d.extra) == 0 {
					c.report.line(q.name, "", 0).Agreed++
					continue
				}
				left = append(left, *d)
			}
		}
	}
	return left, nil
}

// lasting is what two looks at one subject have in common; nil is nothing.
func lasting(first, second *doubt) *doubt {
	if second == nil || second.gone != first.gone {
		return nil
	}
	maps.Copy(second.view.circle, first.view.circle)
	maps.DeleteFunc(second.missing, func(f fact, _ bool) bool { return !first.missing[f] })
	maps.DeleteFunc(second.extra, func(f fact, _ bool) bool { return !first.extra[f] })
	return second
}

// countAgain counts again what differed.
func (c *comparison) countAgain(ctx context.Context, counted []tally) ([]tally, error) {
	var left []tally
	for _, t := range counted {
		var err error
		t.tenant, err = c.Graph.Count(ctx, t.collection)
		switch {
		case failure.IsNotFound(err):
			t.tenant = 0
		case err != nil:
			return nil, fmt.Errorf("counting %s again: %w", t.collection, err)
		}
		if t.tenant == t.snapshot {
			c.report.line(t.line(), "", 0).Agreed++
			continue
		}
		left = append(left, t)
	}
	return left, nil
}

// settle tells what the log explains, and gives what it does not.
func (c *comparison) settle(ctx context.Context, log *changes, doubts []doubt, counted []tally) ([]doubt, []tally, error) {
	if log.unread != nil { // Which conclude says.
		return doubts, counted, nil //nolint:nilerr // See above.
	}
	var left []doubt
	for _, d := range doubts {
		if d.gone && !log.wasMade(d.view.subject.ID) || len(c.unexplained(log, &d)) > 0 {
			left = append(left, d)
			continue
		}
		c.report.line(d.question.name, "", 0).Changed++
		c.tellOf(ctx, &d, VerdictChanged)
	}
	var uncounted []tally
	for _, t := range counted {
		explained, err := c.explained(ctx, &t, log)
		if err != nil {
			return nil, nil, err
		}
		if explained {
			c.report.line(t.line(), "", 0).Changed++
			c.report.tell(c.numberOf(ctx, &t, VerdictChanged))
			continue
		}
		uncounted = append(uncounted, t)
	}
	return left, uncounted, nil
}

// unexplained are the differences of a doubt that the log does not explain.
func (c *comparison) unexplained(log *changes, d *doubt) facts {
	left := facts{}
	for _, side := range []facts{d.missing, d.extra} {
		for f := range side {
			on, _ := access.SplitEntitlement(f.entitlement)
			if !log.explains(f, objectID(on), isRole(on.Type), d.view.circle) {
				left[f] = true
			}
		}
	}
	return left
}

// explained tells whether as much has happened as the numbers differ by. Of a group, that
// is what the log says of it and of the groups in it, and the people in it who were
// deleted, or restored: an entry about these does not name their groups.
func (c *comparison) explained(ctx context.Context, t *tally, log *changes) (bool, error) {
	differ := max(t.tenant-t.snapshot, t.snapshot-t.tenant)
	if t.of.ID == "" {
		return differ <= log.madeOf(t.logType), nil
	}
	var happened int64
	for _, group := range t.through {
		happened += int64(len(log.mentions[group]))
	}
	for id, logType := range log.made {
		if logType != "User" {
			continue
		}
		person := access.Ref{Type: access.TypeUser, ID: id}
		held, err := c.Snapshot.Held(ctx, access.EntitlementID(t.of, access.SlugMember), person)
		if err != nil {
			return false, err
		}
		known, err := c.Snapshot.Object(ctx, person)
		if err != nil {
			return false, err
		}
		if held != nil || known.Missing {
			happened++
		}
	}
	return differ <= happened, nil
}

// conclude says of what is left that it is wrong, or that nobody can tell.
func (c *comparison) conclude(ctx context.Context, log *changes, doubts []doubt, counted []tally) error {
	verdict := VerdictWrong
	if log.unread != nil {
		verdict = VerdictUntold
		c.report.Untold = log.unread.Error()
	}
	for _, d := range doubts {
		of := verdict
		if of == VerdictWrong && d.isUntold() {
			of = VerdictUntold
			c.report.Untold = "Graph refuses to tell whether what it lists is still there: Directory.Read.All is needed"
		}
		c.report.line(d.question.name, "", 0).count(of, d.view.subject.drawn)
		c.tellOf(ctx, &d, of)
	}
	for _, t := range counted {
		c.report.line(t.line(), "", 0).count(verdict, false)
		c.report.tell(c.numberOf(ctx, &t, verdict))
	}
	return ctx.Err()
}
