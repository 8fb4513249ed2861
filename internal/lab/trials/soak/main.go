// Command soak lets the built connector serve a simulated platform for many
// tasks, with faults on both sides, and records what came of them and whether
// memory, goroutines, descriptors, processes or files grow. It needs Linux's
// /proc. See docs/reliability.md.
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
	"strings"
	"syscall"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/record"
)

// options are the command line.
type options struct {
	tasks int
	seed  uint64
	out   string
	// cache is the SDK's --session-store-maximum-size; its default if zero.
	cache int
}

// warmUp is the tasks after which a service has all the goroutines that it
// needs.
const warmUp = 10

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.IntVar(&o.tasks, "tasks", 200, "tasks of the service")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the tasks and faults")
	flags.IntVar(&o.cache, "session-cache", 0, "bytes of the SDK's session cache in the connector, which fills in the course of many syncs; 0 for its default of 15 MiB")
	flags.StringVar(&o.out, "out", "internal/lab/trials/recording/soak.json", "file for the record")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return err
	}
	return errors.Join(o.soak(ctx, dir, out), os.RemoveAll(dir))
}

func (o *options) soak(ctx context.Context, dir string, out io.Writer) error {
	binary := filepath.Join(dir, "baton-azure-ad")
	build := exec.CommandContext(ctx, "go", "build", "-tags", "grpcnotrace", "-o", binary, "./cmd/baton-azure-ad")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // As it is released: with C, the store's memory is not Go's.
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the connector: %w\n%s", err, output)
	}
	fresh, err := o.serve(ctx, binary, dir, warmUp, out)
	if err != nil {
		return err
	}
	used, err := o.serve(ctx, binary, dir, o.tasks, out)
	if err != nil {
		return err
	}
	row := used.row(fresh)
	if o.cache > 0 {
		row.Name += fmt.Sprintf(" and a session cache of %d bytes", o.cache)
	}
	if err := record.Write(o.out, []record.Trial{row}); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%+v\n", row); err != nil {
		return err
	}
	if row.Short+row.Hung+row.Leaked > 0 {
		return errors.New("the service broke a promise")
	}
	return nil
}

// period is the life of one service.
type period struct {
	verdicts   [verdicts]int
	leaks      []string
	footprints []footprint
	goroutines []int
	took       time.Duration
}

// serve starts a service, gives it tasks, and ends it.
func (o *options) serve(ctx context.Context, binary, dir string, tasks int, out io.Writer) (*period, error) {
	place, err := os.MkdirTemp(dir, "service")
	if err != nil {
		return nil, err
	}
	s, err := startService(ctx, binary, place, o.cache)
	if err != nil {
		return nil, err
	}
	p := &period{}
	start := time.Now()
	err = p.give(ctx, s, tasks, rand.New(rand.NewPCG(o.seed, 0)), out) //nolint:gosec // The tasks have to be the same again.
	p.took = time.Since(start)
	if err == nil {
		p.goroutines, err = s.goroutines()
	}
	if left := s.stop(); left != nil {
		p.leaks = append(p.leaks, left.Error())
	}
	return p, errors.Join(err, s.close())
}

// give gives the service one task after the other, and looks at it after each.
func (p *period) give(ctx context.Context, s *service, tasks int, random *rand.Rand, out io.Writer) error {
	for i := range tasks {
		v, why := s.task(ctx, random)
		p.verdicts[v]++
		if why != nil {
			if _, err := fmt.Fprintf(out, "task %d: %v\n", i, why); err != nil {
				return err
			}
		}
		if left := s.quiet(); len(left) > 0 {
			p.leaks = append(p.leaks, fmt.Sprintf("temp files after task %d: %q", i, left))
		}
		f, err := takeFootprint(s.process.Process.Pid)
		if err != nil {
			return fmt.Errorf("after task %d: %w\n%s", i, err, s.output.String())
		}
		p.footprints = append(p.footprints, f)
		if f.processes != roles {
			p.leaks = append(p.leaks, fmt.Sprintf("%d processes after task %d", f.processes, i))
		}
	}
	return ctx.Err()
}

// row is the record of a period; a fresh one has the goroutines that a service
// needs.
func (p *period) row(fresh *period) record.Trial {
	growing, figures := growth(p.footprints)
	leaks := append(append(fresh.leaks, p.leaks...), growing...)
	const allowance = 10 // Those of calls and connections that are just ending.
	for i, count := range p.goroutines {
		if count > fresh.goroutines[i]+allowance {
			leaks = append(leaks, "goroutines")
		}
	}
	row := record.Trial{
		Name: "service, one task after the other, with faults", Tried: len(p.footprints),
		Truth: p.verdicts[verdictTruth], FailedCleanly: p.verdicts[verdictFailed], Short: p.verdicts[verdictShort], Hung: p.verdicts[verdictHung],
		Leaked: len(leaks), Seconds: p.took.Round(time.Second).Seconds(),
		Note: fmt.Sprintf("medians of five parts of the run: %s; goroutines of connector and worker %v after %d tasks, %v after all",
			figures, fresh.goroutines, len(fresh.footprints), p.goroutines),
	}
	if len(leaks) > 0 {
		row.Note += "; leaks: " + strings.Join(leaks, ", ")
	}
	return row
}
