package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// offline makes a sub-command that reads snapshots and contacts nobody: its own flags
// are all that it shows, and whatever is wrong with them is trouble.
func offline(command *cobra.Command) *pflag.FlagSet {
	command.SetUsageFunc(func(c *cobra.Command) error { return ownUsage(c, "") })
	command.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return trouble(err) })
	return command.Flags()
}

// snapshotFlag is the flag of the snapshot that is read.
func snapshotFlag(flags *pflag.FlagSet, path *string) {
	flags.StringVarP(path, "file", "f", "sync.c1z", "The snapshot")
}

// without is the check of the arguments of a sub-command that takes none.
func without(name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return trouble(fmt.Errorf("%s takes no arguments, and %q is one: the snapshot is named with -f", name, args[0]))
		}
		return nil
	}
}

// withScratch gives a piece of work a folder for what it unpacks, which is gone
// afterwards. A signal ends the work with a sentence that says what was interrupted.
func withScratch(ctx context.Context, what string, work func(ctx context.Context, scratch string) error) error {
	ctx, stop := signal.NotifyContext(ctx, endings()...)
	defer stop()
	// A pager that is closed early would otherwise end this process at once, with its
	// temporary files left behind.
	signal.Ignore(syscall.SIGPIPE)
	scratch, err := os.MkdirTemp("", "baton-azure-ad-offline")
	if err != nil {
		return fmt.Errorf("making a temporary directory: %w", err)
	}
	err = work(ctx, scratch)
	if ctx.Err() != nil {
		err = errors.New(what + " was interrupted")
	}
	return errors.Join(err, os.RemoveAll(scratch))
}

// withSnapshot opens a snapshot for one piece of work.
func withSnapshot(ctx context.Context, path, what string, work func(context.Context, *access.Snapshot) error) error {
	return withScratch(ctx, what, func(ctx context.Context, scratch string) error {
		s, err := access.Open(ctx, path, scratch)
		if err != nil {
			return err
		}
		return errors.Join(work(ctx, s), s.Close(context.WithoutCancel(ctx)))
	})
}
