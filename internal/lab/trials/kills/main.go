// Command kills ends runs of the built connector at random moments, with each
// signal and in each of its processes, and records what was left. See
// docs/reliability.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/killing"
	"github.com/conductorone/baton-azure-ad/internal/lab/trials/record"
)

// campaign is the trials of one row.
type campaign struct {
	name   string
	signal os.Signal
	victim killing.Victim
	// share is which part of the points it gets: one in so many.
	share int
	// latency slows the tenant down, until a run is long enough for a
	// checkpoint. The signal comes in the last quarter then.
	latency time.Duration
}

// slow makes a run of the small tenant take more than the ten seconds after
// which the SDK writes a checkpoint.
const slow = 1500 * time.Millisecond

var campaigns = []campaign{
	{name: "SIGINT", signal: os.Interrupt, share: 1},
	{name: "SIGTERM to the command", signal: syscall.SIGTERM, share: 2},
	{name: "SIGTERM to all processes", signal: syscall.SIGTERM, victim: killing.All, share: 2},
	{name: "SIGTERM after a checkpoint", signal: syscall.SIGTERM, share: 6, latency: slow},
	{name: "SIGKILL of the command", signal: os.Kill, share: 4},
	{name: "SIGKILL of the worker", signal: os.Kill, victim: killing.Worker, share: 4},
	{name: "SIGKILL of the connector", signal: os.Kill, victim: killing.Connector, share: 4},
	{name: "SIGKILL of all processes", signal: os.Kill, victim: killing.All, share: 4},
}

type options struct {
	points int
	seed   uint64
	lanes  int
	out    string
	binary string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "kills:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("kills", flag.ContinueOnError)
	flags.IntVar(&o.points, "points", 60, "kill points for each signal")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the points")
	flags.IntVar(&o.lanes, "lanes", 2, "trials at a time")
	flags.StringVar(&o.out, "out", "internal/lab/trials/recording/kills.json", "file for the record")
	flags.StringVar(&o.binary, "connector", "", "a built connector; builds this one if empty")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kills")
	if err != nil {
		return err
	}
	return errors.Join(o.trials(ctx, dir, out), os.RemoveAll(dir))
}

func (o *options) trials(ctx context.Context, dir string, out io.Writer) error {
	if o.binary == "" {
		o.binary = filepath.Join(dir, "baton-azure-ad")
		build := exec.CommandContext(ctx, "go", "build", "-tags", "grpcnotrace", "-o", o.binary, "./cmd/baton-azure-ad") //nolint:gosec // The path is ours.
		if output, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building the connector: %w\n%s", err, output)
		}
	}
	labs := make(chan *killing.Lab, o.lanes)
	for range o.lanes {
		place, err := os.MkdirTemp(dir, "lab")
		if err != nil {
			return err
		}
		lab, err := killing.NewLab(ctx, o.binary, place)
		if err != nil {
			return err
		}
		defer lab.Close()
		labs <- lab
	}
	var table []record.Trial
	violations := 0
	for i, c := range campaigns {
		row, err := c.run(ctx, o, labs, uint64(i), out)
		if err != nil {
			return err
		}
		table = append(table, row)
		violations += row.Short + row.Hung + row.Leaked
		if _, err := fmt.Fprintf(out, "%-28s %3d tried: %3d truth, %d failed, %d short, %d hung, %d leaked; %s\n",
			row.Name, row.Tried, row.Truth, row.FailedCleanly, row.Short, row.Hung, row.Leaked, row.Note); err != nil {
			return err
		}
	}
	if err := record.Write(o.out, table); err != nil {
		return err
	}
	if violations > 0 {
		return fmt.Errorf("%d trials broke a promise", violations)
	}
	return nil
}

// run makes the trials of a campaign, several at a time.
func (c campaign) run(ctx context.Context, o *options, labs chan *killing.Lab, number uint64, out io.Writer) (record.Trial, error) {
	start := time.Now()
	random := rand.New(rand.NewPCG(o.seed, number)) //nolint:gosec // The points have to be the same again.
	tried := max(1, o.points/c.share)
	results, failures := make([]killing.Result, tried), make([]error, tried)
	var all sync.WaitGroup
	for i := range tried {
		lab := <-labs
		trial := lab.Random(random, c.signal, c.victim)
		if c.latency > 0 {
			trial.Delay, trial.At = 0, lab.Requests()-random.IntN(lab.Requests()/4)
		}
		lab.SetLatency(c.latency)
		all.Go(func() {
			defer func() { labs <- lab }()
			results[i], failures[i] = lab.Run(ctx, trial)
			if results[i].Verdict != killing.Truth {
				_, _ = fmt.Fprintf(out, "seed %d, point %d: %s: %v\n", o.seed, i, trial, results[i].Why)
			}
		})
	}
	all.Wait()
	row := record.Trial{Name: c.name, Tried: tried, Seconds: time.Since(start).Round(time.Second).Seconds()}
	kept, carried, late := 0, 0, 0
	for _, r := range results {
		switch r.Verdict {
		case killing.Truth:
			row.Truth++
		case killing.Failed:
			row.FailedCleanly++
		case killing.Short:
			row.Short++
		case killing.Hung:
			row.Hung++
		case killing.Leaked:
			row.Leaked++
		}
		kept += count(r.Kept)
		carried += count(r.CarriedOn)
		late += count(r.Finished)
	}
	row.Note = fmt.Sprintf("work was kept %d times and carried on from a checkpoint %d times; %d signals came after the snapshot", kept, carried, late)
	return row, errors.Join(failures...)
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
