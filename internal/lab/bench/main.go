// Command bench measures whole syncs of a simulated tenant, as a user would run
// them, against the SDK floor: a connector that replays the same rows from disk
// through the same runner. See docs/benchmarks.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// scenario is how the simulated tenant behaves.
type scenario struct {
	name            string
	latency, perRow time.Duration
	budget          graphsim.Budget
}

// scenarios are the ones of docs/benchmarks.md. 80 ms and 0.2 ms a row are what
// Graph has been seen to take.
var scenarios = []scenario{
	{name: "none"},
	{name: "delay-l", latency: 80 * time.Millisecond, perRow: 200 * time.Microsecond, budget: graphsim.BudgetL},
	{name: "budget-s", budget: graphsim.BudgetS},
	{name: "budget-l", budget: graphsim.BudgetL},
}

// options are the command line.
type options struct {
	sizes     []string
	workers   []int
	scenarios []scenario
	out       string
	verify    bool
	noFloor   bool
	repeat    int
	render    string
	costs     bool
	again     bool
	pimGroups string
	types     string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (*options, error) {
	o := &options{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	sizes := flags.String("size", "medium", "sizes of the tenant, with commas: tiny, small, medium, medium-double, large, large-half, large-double, heavy")
	workers := flags.String("workers", "16", "numbers of workers, with commas")
	names := flags.String("scenario", "none", "scenarios, with commas: none, delay-l, budget-s, budget-l")
	flags.StringVar(&o.out, "out", "bin/bench", "directory for the results")
	flags.BoolVar(&o.verify, "verify", false, "compare the first snapshot of each size with the tenant")
	flags.IntVar(&o.repeat, "repeat", 1, "how often each combination is measured")
	flags.BoolVar(&o.noFloor, "no-floor", false, "leave the floor out")
	flags.BoolVar(&o.costs, "costs", false, "print what each data set takes, and measure nothing else")
	flags.BoolVar(&o.again, "again", false, "measure what last sign-ins add to a sync that comes after another, and nothing else")
	flags.StringVar(&o.pimGroups, "pim-groups", "role-assignable", "with -costs: the connector's setting of that name")
	flags.StringVar(&o.types, "types", "", "resource types to sync, with commas; all of them if empty")
	flags.StringVar(&o.render, "render", "", "fill the tables of this file from the results, and run nothing")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	o.sizes = strings.Split(*sizes, ",")
	for w := range strings.SplitSeq(*workers, ",") {
		n, err := strconv.Atoi(w)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number of workers", w)
		}
		o.workers = append(o.workers, n)
	}
	for name := range strings.SplitSeq(*names, ",") {
		at := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == name })
		if at < 0 {
			return nil, fmt.Errorf("there is no scenario %q", name)
		}
		o.scenarios = append(o.scenarios, scenarios[at])
	}
	return o, nil
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	if o.render != "" {
		return render(o.out, o.render)
	}
	b := &bench{
		options: o,
		result: &Result{
			Started: time.Now(), Command: "go run ./internal/lab/bench " + strings.Join(args, " "), Revision: revision(ctx), Machine: thisMachine(),
		},
	}
	if b.dir, err = os.MkdirTemp("", "bench"); err != nil {
		return fmt.Errorf("making a work directory: %w", err)
	}
	err = errors.Join(b.all(ctx), os.RemoveAll(b.dir))
	if len(b.result.Measurements) == 0 {
		return err
	}
	path, saveErr := b.result.save(o.out)
	_, printErr := fmt.Fprintln(os.Stdout, path)
	return errors.Join(err, saveErr, printErr)
}
