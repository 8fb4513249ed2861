package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

// logFormatFlag is the SDK's flag for the form of its log.
const logFormatFlag = "log-format"

// logFlags are the SDK's flags that say how its log is to be. Whoever sets one
// wants the log, on a terminal too.
var logFlags = []string{logFormatFlag, "log-level", "log-path"}

// logFormatVariable is the environment's form of the SDK's --log-format.
const logFormatVariable = "BATON_LOG_FORMAT"

// screenFor is where a sync's progress is shown: on standard error if that is a
// terminal and nobody asked for the log; nil otherwise.
func screenFor(flags *pflag.FlagSet, terminal bool) *progress.Screen {
	if !terminal {
		return nil
	}
	for _, name := range logFlags {
		if flags.Changed(name) {
			return nil
		}
	}
	return progress.NewScreen(os.Stderr, func() int {
		width, _, err := term.GetSize(int(os.Stderr.Fd()))
		if err != nil {
			return 0
		}
		return width
	})
}

// logFormat is the form of a worker's log, as part of its environment, where
// nobody has chosen one: JSON for programs and for the screen. The SDK would go
// by standard output, where the log does not go.
func logFormat(flags *pflag.FlagSet, terminal, screen bool) []string {
	if flags.Changed(logFormatFlag) || terminal && !screen {
		return nil
	}
	return []string{logFormatVariable + "=json"}
}

// onTerminal reports whether a person may be watching.
func onTerminal() bool { return term.IsTerminal(int(os.Stderr.Fd())) }

// show lets what a worker and its child write appear on a screen. It is called
// before the worker starts. What it returns is called once it has, and waits
// until all of it has been shown; all that write must have ended by then.
func show(worker *exec.Cmd, screen *progress.Screen) (func() error, error) {
	if screen == nil {
		return func() error { return nil }, nil
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("preparing to show the progress: %w", err)
	}
	worker.Stderr = write
	worker.Env = append(worker.Env, progress.Variable+"="+progress.Interval.String())
	followed := make(chan error, 1)
	go func() { followed <- screen.Follow(read) }()
	return func() error {
		return errors.Join(write.Close(), <-followed, read.Close())
	}, nil
}

// reportsEvery is how often the process that reads Graph is to log how far it
// is, as the one that a person started asks; never if nobody does.
func reportsEvery() time.Duration {
	every, err := time.ParseDuration(os.Getenv(progress.Variable))
	if err != nil || every < 0 {
		return 0
	}
	return every
}
