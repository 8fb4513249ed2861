// Command platformsim stands in for the ConductorOne platform on loopback: it signs a
// connector in, gives it syncs to do one after the other, and keeps what is uploaded.
// It is for rehearsing service mode (docs/service-mode.md).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"

	"github.com/conductorone/baton-azure-ad/internal/sim/platformsim"
)

const (
	secretFile = 0o600
	privateDir = 0o700
)

type options struct {
	envFile, out string
	syncs        int
	pause, cut   time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "platformsim:", err)
		os.Exit(1)
	}
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	flags := flag.NewFlagSet("platformsim", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.envFile, "env-file", "", "write the environment a connector needs to this file")
	flags.StringVar(&o.out, "out", "uploaded.c1z", "where the newest snapshot that was uploaded goes")
	flags.IntVar(&o.syncs, "syncs", 1, "how many syncs to ask for before ending; 0 for no end")
	flags.DurationVar(&o.pause, "pause", time.Minute, "time between the end of a sync and the next one")
	flags.DurationVar(&o.cut, "cut", 0, "cut the connector off for so long after the first sync")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "platformsim")
	if err != nil {
		return fmt.Errorf("making a folder for uploads: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, privateDir); err != nil {
		return err
	}
	platform, err := platformsim.Start(platformsim.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, platform.Close()) }()
	if o.envFile != "" {
		if err := writeEnvironment(o.envFile, platform.Environment()); err != nil {
			return err
		}
	}
	fmt.Fprintf(stdout, "platformsim: at %s\n", platform.Address())
	for done := 1; ; done++ {
		if err := o.sync(ctx, platform, stdout); err != nil {
			return endedBy(ctx, err)
		}
		if done == o.syncs {
			return endedBy(ctx, wait(ctx, time.Second)) // The connector is still to hear that it is heard.
		}
		if err := o.rest(ctx, platform, stdout, done); err != nil {
			return endedBy(ctx, err)
		}
	}
}

// endedBy is nothing where a signal ended what was under way.
func endedBy(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

// sync asks for a sync and keeps what comes of it.
func (o *options) sync(ctx context.Context, platform *platformsim.Server, stdout io.Writer) error {
	task := platform.Push(v1.Task_builder{SyncFull: &v1.Task_SyncFullTask{}}.Build())
	fmt.Fprintf(stdout, "%s a sync is wanted\n", now())
	if err := task.Taken(ctx); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s the connector has it\n", now())
	outcome, err := task.Await(ctx)
	switch {
	case err != nil:
		return err
	case outcome.Failure != nil:
		fmt.Fprintf(stdout, "%s it failed: %s\n", now(), outcome.Failure.Message())
		return nil
	case len(outcome.Assets) != 1:
		fmt.Fprintf(stdout, "%s it is done, with %d snapshots\n", now(), len(outcome.Assets))
		return nil
	}
	if err := replace(outcome.Assets[0].Path, o.out); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s it is done: %s, %d bytes\n", now(), o.out, outcome.Assets[0].Size)
	return nil
}

// rest waits for the next sync, and cuts the connector off after the first one if that
// is wanted.
func (o *options) rest(ctx context.Context, platform *platformsim.Server, stdout io.Writer, done int) error {
	if done == 1 && o.cut > 0 {
		if err := platform.Cut(); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s out of reach for %s\n", now(), o.cut)
		if err := wait(ctx, o.cut); err != nil {
			return err
		}
		if err := platform.Reach(); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s within reach again\n", now())
	}
	return wait(ctx, o.pause)
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func now() string { return time.Now().UTC().Format(time.TimeOnly) }

// replace puts a copy of a file in the place of another one.
func replace(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	beside := to + ".new"
	copied, err := os.OpenFile(beside, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, secretFile) //nolint:gosec // The path is the caller's choice.
	if err != nil {
		return fmt.Errorf("keeping the snapshot: %w", err)
	}
	_, err = io.Copy(copied, source)
	if err := errors.Join(err, copied.Close()); err != nil {
		return fmt.Errorf("keeping the snapshot: %w", err)
	}
	return os.Rename(beside, to) //nolint:gosec // The path is the caller's choice.
}

// writeEnvironment writes a file for a shell to source. Only its owner can read it.
func writeEnvironment(path string, environment []string) error {
	var b strings.Builder
	for _, line := range environment {
		name, value, _ := strings.Cut(line, "=")
		fmt.Fprintf(&b, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	if err := os.WriteFile(filepath.Clean(path), []byte(b.String()), secretFile); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Chmod(path, secretFile)
}
