package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/conductorone/baton-sdk/pkg/tempdir"
	"github.com/spf13/pflag"

	"github.com/conductorone/baton-azure-ad/internal/progress"
)

// The variables that hand a worker its paths. They are internal: a person sets
// --file and --c1z-temp-dir.
const (
	scratchVariable  = "BATON_AZURE_AD_SCRATCH"
	workFileVariable = "BATON_AZURE_AD_WORK_FILE"
)

// tempDirFlag is the SDK's flag for the folder in which syncs work.
const tempDirFlag = "c1z-temp-dir"

// scratchPrefix begins the names of the folders that a worker may remove.
const scratchPrefix = "baton-azure-ad-"

// stopPatience is how long a worker that was asked to end may take.
const stopPatience = 30 * time.Second

// exitError ends this process with a status of its own. What went wrong in
// detail was said where it went wrong.
type exitError struct {
	code int
	what string
}

// Error says in short what happened.
func (e *exitError) Error() string { return e.what }

// syncInWorker syncs to the work file, and shows on the screen how far it is; on
// none if that is nil.
func syncInWorker(ctx context.Context, flags *pflag.FlagSet, work string, screen *progress.Screen) error {
	return runInWorker(ctx, flags, "the sync", screen, workFileVariable+"="+work)
}

// serveInWorker serves the platform until a signal.
func serveInWorker(ctx context.Context, flags *pflag.FlagSet) error {
	if err := runInWorker(ctx, flags, "the service", nil); err != nil {
		return err
	}
	return &exitError{code: 1, what: "the service ended without being asked to"}
}

// runInWorker runs this command once more in a process of its own. The SDK ends
// its process at will, when a sync is over or when it is interrupted, so what
// comes after has to happen elsewhere: putting a snapshot in its place, and
// removing what of the directory is left in temp files. A signal to this process
// is passed on; the other one does not hear it from the terminal.
func runInWorker(ctx context.Context, flags *pflag.FlagSet, what string, screen *progress.Screen, env ...string) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	scratch, err := newScratch(flags)
	if err != nil {
		return err
	}
	worker, err := newWorker(ctx, scratch, append(logFormat(flags, onTerminal(), screen != nil), env...))
	if err != nil {
		return errors.Join(fmt.Errorf("preparing %s: %w", what, err), os.RemoveAll(scratch))
	}
	shown, err := show(worker, screen)
	if err != nil {
		return errors.Join(err, os.RemoveAll(scratch))
	}
	if err := worker.Start(); err != nil {
		return errors.Join(fmt.Errorf("starting %s: %w", what, err), shown(), os.RemoveAll(scratch))
	}
	err = outlive(worker, signals, what)
	endGroup(worker.Process)
	return errors.Join(err, shown(), os.RemoveAll(scratch))
}

// newScratch makes the folder in which a worker keeps its temp files.
func newScratch(flags *pflag.FlagSet) (string, error) {
	asked, err := flags.GetString(tempDirFlag)
	if err != nil {
		return "", err
	}
	scratch, err := os.MkdirTemp(tempdir.Resolve(asked), scratchPrefix)
	if err != nil {
		return "", fmt.Errorf("making a folder for temp files (--%s names another place): %w", tempDirFlag, err)
	}
	return scratch, nil
}

// newWorker is the worker before it starts.
func newWorker(ctx context.Context, scratch string, env []string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program's file: %w", err)
	}
	worker := exec.CommandContext(ctx, self, os.Args[1:]...) //nolint:gosec // It is this program, with its own arguments.
	// The SDK makes some temp files where the system wants them.
	worker.Env = append(os.Environ(), scratchVariable+"="+scratch, "TMPDIR="+scratch)
	worker.Env = append(worker.Env, env...)
	worker.Stdout, worker.Stderr = os.Stdout, os.Stderr
	worker.SysProcAttr = ownProcessGroup()
	worker.WaitDelay = stopPatience
	_, err = worker.StdinPipe() // Closes when this process ends, however it does.
	return worker, err
}

// outlive waits for a worker's end, and ends it on a signal.
func outlive(worker *exec.Cmd, signals <-chan os.Signal, what string) error {
	ended := make(chan error, 1)
	go func() { ended <- worker.Wait() }()
	select {
	case s := <-signals:
		stop(worker.Process, ended)
		return interruption(s, what)
	case err := <-ended:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return &exitError{code: max(exit.ExitCode(), 1), what: what + " failed"}
		}
		return err
	}
}

// stop asks a process to end, and ends it if it does not.
func stop(process *os.Process, ended <-chan error) {
	patience := time.After(stopPatience)
	if process.Signal(os.Interrupt) != nil { // Windows has no such signal.
		_ = process.Kill()
	}
	select {
	case <-patience:
		_ = process.Kill()
		<-ended //nolint:errcheck // It was killed; how it ended says nothing.
	case <-ended: //nolint:errcheck // It was interrupted; how it ended says nothing.
	}
}

// interruption is the error, with the shell's usual exit status, for a signal
// that ended a worker.
func interruption(s os.Signal, what string) error {
	code := 1
	if number, ok := s.(syscall.Signal); ok {
		code = 128 + int(number)
	}
	return &exitError{code: code, what: what + " was interrupted"}
}

// beWorker takes what runInWorker has handed over.
func beWorker(flags *pflag.FlagSet, scratch string) error {
	if !strings.HasPrefix(filepath.Base(scratch), scratchPrefix) {
		return fmt.Errorf("%s is set, which only this program does for itself: unset it", scratchVariable)
	}
	endWithParent(scratch)
	if err := flags.Set(tempDirFlag, scratch); err != nil {
		return err
	}
	if work := os.Getenv(workFileVariable); work != "" {
		return flags.Set("file", work)
	}
	return nil
}

// endWithParent ends this process when the one that started it is gone: nobody
// would put the snapshot in its place, nor remove the temp files.
func endWithParent(scratch string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = os.RemoveAll(scratch) //nolint:gosec // Its name is one of ours. What cannot be removed, nobody is left to hear of.
		os.Exit(1)
	}()
}
