package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// workFileVariable hands the path of the work file to the process that syncs.
// It is internal: a person sets --file.
const workFileVariable = "BATON_AZURE_AD_WORK_FILE"

// stopPatience is how long an interrupted sync may take to end.
const stopPatience = 30 * time.Second

// exitError ends this process with a status of its own. What went wrong in
// detail was said where it went wrong.
type exitError struct {
	code int
	what string
}

// Error says in short what happened.
func (e *exitError) Error() string { return e.what }

// syncInWorker runs this command once more in a process of its own, which syncs
// to the work file. The SDK ends its process at will once a sync is over, so
// what comes after a sync has to happen elsewhere. An interrupt of this process
// is passed on; the other one does not hear it from the terminal.
func syncInWorker(ctx context.Context, work string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program's file: %w", err)
	}
	worker := exec.CommandContext(ctx, self, os.Args[1:]...) //nolint:gosec // It is this program, with its own arguments.
	worker.Env = append(os.Environ(), workFileVariable+"="+work)
	worker.Stdout, worker.Stderr = os.Stdout, os.Stderr
	worker.SysProcAttr = ownProcessGroup()
	worker.WaitDelay = stopPatience
	alive, err := worker.StdinPipe() // Closes when this process ends, however it does.
	if err != nil {
		return fmt.Errorf("preparing the sync: %w", err)
	}
	defer alive.Close()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := worker.Start(); err != nil {
		return fmt.Errorf("starting the sync: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- worker.Wait() }()
	select {
	case s := <-signals:
		stop(worker.Process, ended)
		return interruption(s)
	case err := <-ended:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return &exitError{code: max(exit.ExitCode(), 1), what: "the sync failed"}
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
// that ended a sync.
func interruption(s os.Signal) error {
	code := 1
	if number, ok := s.(syscall.Signal); ok {
		code = 128 + int(number)
	}
	return &exitError{code: code, what: "the sync was interrupted"}
}

// endWithParent ends this process when the one that started it is gone: nobody
// would put the snapshot in its place.
func endWithParent() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
}
