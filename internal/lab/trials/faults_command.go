package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/faults"
	"github.com/conductorone/baton-azure-ad/internal/lab/trials/record"
)

// recordings is where all kinds of trials are written down.
const recordings = "internal/lab/trials/recording"

// The rows of mixes, those of even and of odd seeds.
const (
	mildMixes = "two to four faults that pass, at random"
	allMixes  = "two to four of all faults, at random"
)

// faultOptions are the command line.
type faultOptions struct {
	seeds, alone, workers int
	patient               bool
	seed                  uint64
	only, record          string
}

// job is one trial to carry out, and the row that it counts in.
type job struct {
	row   string
	list  []faults.Fault
	seed  uint64
	mixed bool
}

func tryFaults(ctx context.Context, args []string) error {
	o := faultOptions{}
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	flags.IntVar(&o.seeds, "seeds", 500, "how many mixes to try, of seeds from 1")
	flags.IntVar(&o.alone, "alone", 3, "how often to try each fault alone, of seeds from 1")
	flags.IntVar(&o.workers, "workers", 4, "how many trials run side by side")
	flags.BoolVar(&o.patient, "patient", false, "try faults that outlast the client's retries too: a quarter of an hour each, side by side")
	flags.Uint64Var(&o.seed, "seed", 0, "try only this seed")
	flags.StringVar(&o.only, "only", "", "try only the fault of this name, alone")
	flags.StringVar(&o.record, "record", "", "the file to write down what came of it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	jobs, rows := o.jobs()
	if len(jobs) == 0 {
		return fmt.Errorf("there is no fault %q", o.only)
	}
	failed, err := carryOut(ctx, o.workers, jobs, rows)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(rows))
	for name := range rows {
		names = append(names, name)
	}
	slices.Sort(names)
	trials := make([]record.Trial, 0, len(rows))
	for _, name := range names {
		trials = append(trials, rows[name].trial())
	}
	if o.record != "" {
		if err := record.Write(o.record, trials); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d trials went wrong", failed, len(jobs))
	}
	_, err = fmt.Fprintf(os.Stdout, "all %d trials ended well\n", len(jobs))
	return err
}

// jobs are the trials that the command line asks for, and the rows for them.
func (o *faultOptions) jobs() ([]job, map[string]*tally) {
	var jobs []job
	rows := map[string]*tally{}
	add := func(row string, list []faults.Fault, first, times uint64) {
		rows[row] = newTally(row)
		for n := range times {
			jobs = append(jobs, job{row: row, list: list, seed: first + n})
		}
	}
	first, alone, seeds := uint64(1), uint64(max(0, o.alone)), uint64(max(0, o.seeds))
	if o.seed != 0 {
		first, alone, seeds = o.seed, 1, 1
	}
	for _, f := range faults.Catalogue() {
		switch {
		case o.only != "" && o.only != f.Name, o.seed != 0 && o.only == "":
		case f.Patient && (o.patient || o.only != ""):
			add(f.Name, []faults.Fault{f}, first, 1)
		case !f.Patient && alone > 0:
			add(f.Name, []faults.Fault{f}, first, alone)
		}
	}
	if o.only == "" {
		for n := range seeds {
			seed := first + n
			row := []string{mildMixes, allMixes}[seed%2]
			if rows[row] == nil {
				rows[row] = newTally(row)
			}
			jobs = append(jobs, job{row: row, list: faults.Mix(seed), seed: seed, mixed: true})
		}
	}
	// The patient ones take longest, so they begin.
	slices.SortStableFunc(jobs, func(a, b job) int { return patience(b) - patience(a) })
	return jobs, rows
}

func patience(j job) int {
	if slices.ContainsFunc(j.list, func(f faults.Fault) bool { return f.Patient }) {
		return 1
	}
	return 0
}

// carryOut runs the jobs side by side and prints those that went wrong. It
// counts them. The patient ones only wait, and take nobody's turn.
func carryOut(ctx context.Context, workers int, jobs []job, rows map[string]*tally) (int, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turns := make(chan struct{}, max(1, workers))
	var mu sync.Mutex
	var running sync.WaitGroup
	failed, done := 0, 0
	for _, j := range jobs {
		waits := patience(j) > 0
		if !waits {
			turns <- struct{}{}
		}
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			if !waits {
				defer func() { <-turns }()
			}
			r, err := faults.Run(ctx, j.list, j.seed)
			if err != nil {
				cancel(fmt.Errorf("seed %d, %s: the trial could not be carried out: %w", j.seed, j.row, err))
				return
			}
			mu.Lock()
			defer mu.Unlock()
			rows[j.row].add(r)
			if !r.Allowed {
				failed++
				fmt.Fprintln(os.Stdout, r.String()+j.again())
			}
			if done++; done%50 == 0 {
				fmt.Fprintf(os.Stdout, "%d of %d\n", done, len(jobs))
			}
		})
	}
	running.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return failed, errors.Join(cause)
	}
	return failed, nil
}

// again is the command that tries a job once more.
func (j job) again() string {
	if j.mixed {
		return fmt.Sprintf("\n  go run ./internal/lab/trials faults -seed %d", j.seed)
	}
	return fmt.Sprintf("\n  go run ./internal/lab/trials faults -seed %d -only %q", j.seed, j.row)
}
