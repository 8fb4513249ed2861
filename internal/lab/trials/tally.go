package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/attempt"
	"github.com/conductorone/baton-azure-ad/internal/lab/trials/faults"
	"github.com/conductorone/baton-azure-ad/internal/lab/trials/record"
)

// tally adds up the trials of one row.
type tally struct {
	record.Trial
	idle, notRiddenOut int
}

func newTally(name string) *tally { return &tally{Trial: record.Trial{Name: name}} }

func (t *tally) add(r *faults.Result) {
	t.count(r.Outcome, r.Seconds)
	if len(r.Idle) > 0 {
		t.idle++
	}
	if !r.Allowed && (r.Outcome == attempt.FailedCleanly || r.Outcome == attempt.LeftOut) {
		t.notRiddenOut++
	}
}

// count counts the end of one trial.
func (t *tally) count(outcome attempt.Outcome, seconds float64) {
	t.Tried++
	t.Seconds = max(t.Seconds, seconds)
	switch outcome {
	case attempt.Truth:
		t.Truth++
	case attempt.LeftOut:
		t.LeftOut++
	case attempt.FailedCleanly:
		t.FailedCleanly++
	case attempt.Short:
		t.Short++
	case attempt.Hung:
		t.Hung++
	default:
		t.Leaked++
	}
}

// trial is the row as it is written down.
func (t *tally) trial() record.Trial {
	var notes []string
	if t.idle > 0 && (t.Name == mildMixes || t.Name == allMixes) {
		notes = append(notes, fmt.Sprintf("in %d of them one of the faults never struck: the sync had failed before, or was over", t.idle))
	} else if t.idle > 0 {
		notes = append(notes, fmt.Sprintf("%d times it came too late to strike", t.idle))
	}
	if t.notRiddenOut > 0 {
		notes = append(notes, fmt.Sprintf("%d times it should have been ridden out", t.notRiddenOut))
	}
	out := t.Trial
	out.Seconds = math.Round(out.Seconds*10) / 10
	out.Note = strings.Join(notes, "; ")
	return out
}
