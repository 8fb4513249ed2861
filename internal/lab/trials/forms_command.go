package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/attempt"
	"github.com/conductorone/baton-azure-ad/internal/lab/trials/forms"
	"github.com/conductorone/baton-azure-ad/internal/lab/trials/record"
)

func tryForms(ctx context.Context, args []string) error {
	var only, file string
	var workers int
	var all bool
	flags := flag.NewFlagSet("forms", flag.ContinueOnError)
	flags.StringVar(&only, "only", "", "try only the rows whose names begin so")
	flags.StringVar(&file, "record", "", "the file to write down what came of it")
	flags.BoolVar(&all, "v", false, "print the rows that end well too")
	flags.IntVar(&workers, "workers", 6, "how many trials run side by side")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var rows []*forms.Row
	for _, row := range forms.Catalogue() {
		if strings.HasPrefix(row.Name, only) {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return fmt.Errorf("there is no row %q", only)
	}
	results, err := tryRows(ctx, workers, rows, all)
	if err != nil {
		return err
	}
	wrong := 0
	trials := make([]record.Trial, 0, len(results))
	for _, r := range results {
		trials = append(trials, formTrial(r))
		if !r.Allowed {
			wrong++
		}
	}
	if file != "" {
		if err := record.Write(file, trials); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d rows went wrong", wrong, len(rows))
	}
	_, err = fmt.Fprintf(os.Stdout, "all %d rows ended well\n", len(rows))
	return err
}

// tryRows tries rows side by side and gives the results in their order. It
// prints those that went wrong, or all.
func tryRows(ctx context.Context, workers int, rows []*forms.Row, all bool) ([]*forms.Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turns := make(chan struct{}, max(1, workers))
	results := make([]*forms.Result, len(rows))
	var running sync.WaitGroup
	for i, row := range rows {
		turns <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		running.Go(func() {
			defer func() { <-turns }()
			r, err := forms.Run(ctx, row)
			if err != nil {
				cancel(fmt.Errorf("%s: the trial could not be carried out: %w", row.Name, err))
				return
			}
			results[i] = r
			switch {
			case !r.Allowed:
				fmt.Fprintf(os.Stdout, "%s\n  go run ./internal/lab/trials forms -only %q\n", r, r.Row.Name)
			case all:
				fmt.Fprintln(os.Stdout, r)
			}
		})
	}
	running.Wait()
	return results, context.Cause(ctx)
}

// formTrial is a result as it is written down.
func formTrial(r *forms.Result) record.Trial {
	t := newTally(r.Row.Name)
	t.count(r.Outcome, r.Seconds)
	out := t.Trial
	out.Seconds = math.Round(out.Seconds*10) / 10
	var notes []string
	if r.Row.How != "" {
		notes = append(notes, r.Row.How)
	}
	if r.Outcome == attempt.LeftOut {
		notes = append(notes, "without "+strings.Join(r.Left, ", "))
	}
	if len(r.Idle) > 0 {
		notes = append(notes, "never struck: "+strings.Join(r.Idle, ", "))
	}
	out.Note = strings.Join(notes, "; ")
	return out
}
