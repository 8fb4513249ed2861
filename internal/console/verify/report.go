package verify

import (
	"strconv"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Verdict is what became of a difference.
type Verdict string

// The verdicts.
const (
	// VerdictChanged is explained by what has happened since the snapshot was read.
	VerdictChanged Verdict = "changed"
	// VerdictWrong is not, and was there twice.
	VerdictWrong Verdict = "wrong"
	// VerdictUntold may be either: the audit log could not be read, or Graph does not say
	// whether what it lists is still there.
	VerdictUntold Verdict = "untold"
)

// Line is what came of one question.
type Line struct {
	Name string `json:"name"`
	// Population is the type of object that was drawn, and Of how many there are.
	Population string `json:"population,omitempty"`
	Of         int    `json:"of,omitempty"`
	Asked      int    `json:"asked"`
	Agreed     int    `json:"agreed"`
	Changed    int    `json:"changed"`
	Wrong      int    `json:"wrong"`
	Untold     int    `json:"untold"`
	// AtMost is the share of the population that is wrong at most, with a confidence of
	// 95 %; nil where nothing was drawn.
	AtMost *float64 `json:"at_most,omitempty"`
	// Skipped is why the question was not put at all, Short why not to all.
	Skipped string `json:"skipped,omitempty"`
	Short   string `json:"short,omitempty"`

	drawn, drawnWrong int
}

func (l *Line) count(v Verdict, drawn bool) {
	switch v {
	case VerdictChanged:
		l.Changed++
	case VerdictUntold:
		l.Untold++
	case VerdictWrong:
		l.Wrong++
	}
	if drawn && v != VerdictChanged {
		l.drawnWrong++
	}
}

// Difference is one thing that the two sides do not agree about.
type Difference struct {
	Question string  `json:"question"`
	Subject  Named   `json:"subject"`
	Verdict  Verdict `json:"verdict"`
	// What says what is different, with names.
	What string `json:"what"`
}

// Named is an object with its name.
type Named struct {
	access.Ref
	Name string `json:"name"`
}

// Report is what came of a comparison.
type Report struct {
	// Version is formatVersion.
	Version  int    `json:"version"`
	Snapshot string `json:"snapshot"`
	Tenant   string `json:"tenant,omitempty"`
	TenantID string `json:"tenant_id,omitempty"`
	// ReadAt is when the snapshot was read, and StartedAt when it was compared.
	ReadAt      time.Time `json:"read_at"`
	StartedAt   time.Time `json:"started_at"`
	Took        float64   `json:"took_seconds"`
	Sample      int       `json:"sample"`
	Seed        string    `json:"seed"`
	Memberships int       `json:"memberships"`
	Lines       []*Line   `json:"questions"`
	// Differences are the first maxDifferences of each question.
	Differences []Difference `json:"differences"`
	// Untold is why changes, or rows of what is gone, could not be told from mistakes;
	// empty where they could.
	Untold   string `json:"untold,omitempty"`
	Requests int64  `json:"requests"`
	Units    int64  `json:"resource_units"`
	Refused  int64  `json:"throttled"`
}

// formatVersion changes when a field of the report goes away or changes its meaning.
const formatVersion = 1

// maxDifferences is how many differences of a question are told in full.
const maxDifferences = 20

func newReport(o *Options, now time.Time) *Report {
	about := o.Snapshot.About()
	r := &Report{
		Version: formatVersion, Snapshot: o.Snapshot.Path(), Tenant: about.Tenant, TenantID: about.TenantID, ReadAt: about.ReadAt.UTC(),
		StartedAt: now.UTC().Truncate(time.Second), Sample: o.Sample, Seed: strconv.FormatUint(o.Seed, 10), Differences: []Difference{},
	}
	if r.ReadAt.IsZero() {
		r.ReadAt = about.EndedAt.UTC()
	}
	return r
}

// line is the line of a question, made if it is new.
func (r *Report) line(name, population string, of int) *Line {
	for _, l := range r.Lines {
		if l.Name == name {
			return l
		}
	}
	l := &Line{Name: name, Population: population, Of: of}
	r.Lines = append(r.Lines, l)
	return l
}

// tell notes a difference, unless there are enough of its question.
func (r *Report) tell(d Difference) {
	n := 0
	for i := range r.Differences {
		if r.Differences[i].Question == d.Question {
			n++
		}
	}
	if n < maxDifferences {
		r.Differences = append(r.Differences, d)
	}
}

// finish works out the bounds and what it has cost.
func (r *Report) finish(before, after sending.Stats, now time.Time) {
	for _, l := range r.Lines {
		if l.Population != "" && l.drawn > 0 {
			bound := upperBound(l.drawnWrong, l.drawn, l.Of)
			l.AtMost = &bound
		}
	}
	r.Took = now.Sub(r.StartedAt).Round(time.Millisecond).Seconds()
	r.Requests, r.Units = after.Requests-before.Requests, after.ResourceUnits-before.ResourceUnits
	r.Refused = after.Throttled - before.Throttled
}

// Count sums up the verdicts.
func (r *Report) Count(v Verdict) int {
	sum := 0
	for _, l := range r.Lines {
		switch v {
		case VerdictChanged:
			sum += l.Changed
		case VerdictWrong:
			sum += l.Wrong
		case VerdictUntold:
			sum += l.Untold
		}
	}
	return sum
}
