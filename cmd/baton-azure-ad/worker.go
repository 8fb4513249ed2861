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

	"github.com/spf13/pflag"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

// serve serves the platform until a signal.
func serve(ctx context.Context, flags *pflag.FlagSet) error {
	return withWorker(flags, "the service", endlessService, nil, func(w *worker) error {
		if err := w.run(ctx); err != nil {
			return err
		}
		return &exitError{code: 1, what: "the service ended without being asked to"}
	})
}

// worker is this command once more, in a process of its own. The SDK ends its
// process at will, when a sync is over or when it is interrupted, so what comes
// after has to happen elsewhere: putting a snapshot in its place, and removing
// what of the directory is left in temp files. A signal to this process is
// passed on; the other one does not hear it from the terminal.
type worker struct {
	what    string
	scratch string
	manner  manner
	signals <-chan os.Signal
	// screen shows the progress; nil if nobody watches.
	screen *progress.Screen
	// arguments are those of this process, but for what is its own.
	arguments []string
	// quiet keeps the log of the worker for the case that nothing else says why it
	// failed.
	quiet bool
	log   tail
	// logFormat is the environment that chooses the form of the log.
	logFormat []string
}

// withWorker does what needs a worker, with a folder for temp files that is
// gone afterwards. From here on a signal ends the worker and not this process,
// which has to clean up after it.
func withWorker(flags *pflag.FlagSet, what string, m manner, screen *progress.Screen, do func(*worker) error) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, endings()...)
	defer signal.Stop(signals)
	makePrivateFiles()
	s, err := newScratch(flags)
	if err != nil {
		return err
	}
	err = do(&worker{
		what: what, arguments: withoutFlags(os.Args[1:], verifyFlag), scratch: s.path, manner: m, signals: signals, screen: screen, logFormat: logFormat(flags, onTerminal(), screen != nil),
	})
	return errors.Join(err, s.remove())
}

// run runs the worker to its end.
func (w *worker) run(ctx context.Context, env ...string) error {
	command, err := w.command(ctx, env)
	if err != nil {
		return fmt.Errorf("preparing %s: %w", w.what, err)
	}
	shown, err := show(command, w.screen)
	if w.quiet {
		shown, err = keepLog(command, &w.log)
	}
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return errors.Join(fmt.Errorf("starting %s: %w", w.what, err), shown())
	}
	failure := w.outlive(ctx, command)
	endGroup(command.Process)
	err = shown()
	if ended := (*exitError)(nil); errors.As(failure, &ended) {
		_ = w.explain(ended)
	}
	return errors.Join(failure, err)
}

// explain puts the log that was kept before a failure that says no reason.
func (w *worker) explain(failed *exitError) *exitError {
	if !failed.explained {
		failed.what, failed.explained = w.log.String()+failed.what, true
	}
	return failed
}

// command is the worker before it starts.
func (w *worker) command(ctx context.Context, env []string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program's file: %w", err)
	}
	command := exec.CommandContext(ctx, self, w.arguments...)
	// The SDK makes some temp files where the system wants them.
	command.Env = append(os.Environ(), scratchVariable+"="+w.scratch, "TMPDIR="+w.scratch)
	command.Env = append(append(command.Env, w.logFormat...), env...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.SysProcAttr = ownProcessGroup()
	command.WaitDelay = killPatience
	_, err = command.StdinPipe() // Closes when this process ends, however it does.
	return command, err
}

// outlive waits for a worker's end, and ends it on a signal or when there is no
// room left on the disk. A sync that is finished when it is asked to end is
// finished.
func (w *worker) outlive(ctx context.Context, command *exec.Cmd) error {
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	select {
	case s := <-w.signals:
		if w.screen != nil {
			w.screen.Hush()
		}
		if finished := w.end(command.Process, ended, w.manner.stop); finished {
			return nil
		}
		return interruption(s, w.what)
	case full := <-watchRoom(ctx, w.scratch, w.manner.probeEvery):
		w.end(command.Process, ended, stopNow)
		return fmt.Errorf("%s was ended: %w", w.what, full)
	case err := <-ended:
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return err
		}
		return w.failure(max(exit.ExitCode(), 1))
	}
}

// failure is the error for a run that failed. The reason that led to the others is
// said last.
func (w *worker) failure(code int) *exitError {
	failed := &exitError{code: code, what: w.what + " failed"}
	reasons := reasonsIn(w.scratch)
	if full := probe(w.scratch); full != nil {
		reasons = append([]string{full.Error()}, reasons...)
	}
	failed.explained = len(reasons) > 0
	if failed.explained {
		failed.what = strings.Join(append(reasons[1:], failed.what+": "+reasons[0]), "\n")
	}
	return failed
}

// beWorker takes what command has handed over.
func beWorker(flags *pflag.FlagSet, scratch string) error {
	if !strings.HasPrefix(filepath.Base(scratch), scratchPrefix) {
		return fmt.Errorf("%s is set, which only this program does for itself: unset it", scratchVariable)
	}
	if os.Getenv(orphanVariable) != "" {
		removeOrphaned(scratch)
		return &exitError{code: 1}
	}
	endWithParent(scratch)
	if err := flags.Set(tempDirFlag, scratch); err != nil {
		return err
	}
	if work := os.Getenv(workFileVariable); work != "" {
		passStopOn()
		return flags.Set("file", work)
	}
	return nil
}

// endWithParent ends this process when the one that started it is gone: nobody
// would put the snapshot in its place, nor remove the temp files. The sync would
// write new ones, and end this process where it finds that they are gone, so it
// has to end before them.
func endWithParent(scratch string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		startOver(orphanVariable + "=true")
		removeOrphaned(scratch)
		os.Exit(1)
	}()
}
