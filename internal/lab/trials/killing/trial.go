package killing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// Trial is one run that is ended, and one that comes after.
type Trial struct {
	Signal os.Signal
	Victim Victim
	// At is the Graph request before whose answer the signal is sent, counted
	// from 1. 0 means before the first, more than a run makes after the last.
	At int
	// Delay is the further wait.
	Delay time.Duration
	// Older is whether there was a snapshot before.
	Older bool
}

// String says what happens when.
func (t Trial) String() string {
	s := fmt.Sprintf("%s to %s at request %d", signalName(t.Signal), t.Victim, t.At)
	if t.Delay > 0 {
		s += fmt.Sprintf(" and %d ms", t.Delay.Milliseconds())
	}
	if t.Older {
		s += ", over an older snapshot"
	}
	return s
}

func signalName(s os.Signal) string {
	switch s {
	case os.Interrupt:
		return "SIGINT"
	case syscall.SIGTERM:
		return "SIGTERM"
	default:
		return "SIGKILL"
	}
}

// Random is a trial at a moment anywhere in a run: mostly at a request, now and
// then while it starts, and more often while it expands, packs and publishes.
func (l *Lab) Random(random *rand.Rand, signal os.Signal, victim Victim) Trial {
	t := Trial{Signal: signal, Victim: victim, Older: random.IntN(2) == 0}
	const startUp = 400 * time.Millisecond
	switch n := random.IntN(20); {
	case n == 0:
		t.Delay = time.Duration(random.Int64N(int64(startUp)))
	case n < 6:
		t.At, t.Delay = l.requests, time.Duration(random.Int64N(int64(l.wrapUp)))
	default:
		t.At = 1 + random.IntN(l.requests)
	}
	return t
}

// Verdict is what a trial has shown.
type Verdict int

// The verdicts.
const (
	// Truth: what was there before was left alone, and the next run made the
	// whole snapshot.
	Truth Verdict = iota
	// Failed: the next run failed, and said so.
	Failed
	// Short: a snapshot is not the tenant, or the older one was harmed.
	Short
	// Hung: a run did not end.
	Hung
	// Leaked: processes or files were left, or files that others can read.
	Leaked
)

// Result is a trial's verdict and what the runs were seen to do.
type Result struct {
	Verdict Verdict
	// Why is for every verdict but Truth.
	Why error
	// Finished is whether the signal came too late to prevent the snapshot.
	Finished bool
	// Kept is whether unfinished work was kept, and CarriedOn whether the next
	// run made fewer requests than a whole one.
	Kept, CarriedOn bool
}

// Run makes a trial. Its error is one of the lab, not of the connector.
func (l *Lab) Run(ctx context.Context, t Trial) (Result, error) {
	p, err := newPlace(l.dir)
	if err != nil {
		return Result{}, err
	}
	defer p.remove()
	if t.Older {
		if err := os.WriteFile(p.target(), l.older, fileMode); err != nil {
			return Result{}, err
		}
	}
	first, err := l.disturbed(ctx, p, t)
	if errors.Is(err, errHung) {
		return Result{Verdict: Hung, Why: fmt.Errorf("the run that got the signal: %w", err)}, nil
	}
	if err != nil {
		return Result{}, err
	}
	result := l.afterSignal(ctx, p, t, first)
	if result.Verdict != Truth {
		return result, nil
	}
	l.tenant.Reset()
	second, err := l.start(ctx, p)
	if err != nil {
		return Result{}, err
	}
	if err := second.wait(runBound); err != nil {
		return Result{Verdict: Hung, Why: fmt.Errorf("the run after: %w", err)}, nil
	}
	result.CarriedOn = l.tenant.Stats().Requests < l.requests
	result.Verdict, result.Why = l.afterSecond(ctx, p, second)
	return result, nil
}

// disturbed is a run that gets the signal.
func (l *Lab) disturbed(ctx context.Context, p *place, t Trial) (*run, error) {
	l.tenant.Reset()
	seen, struck, done := 0, make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(done) })
	defer release()
	remove := l.tenant.Fault(graphsim.Rule{On: graphsim.RequestsOnly, Match: func(graphsim.Request) bool {
		if seen++; seen == t.At {
			close(struck)
			if t.Delay == 0 {
				<-done // The answer comes after the signal.
			}
		}
		return false
	}})
	defer remove()
	r, err := l.start(ctx, p)
	if err != nil {
		return nil, err
	}
	if t.At > 0 {
		select {
		case <-struck:
		case <-r.ended:
		case <-time.After(runBound):
			return nil, errors.Join(errHung, r.wait(0))
		}
	}
	time.Sleep(t.Delay)
	strike(r.command.Process.Pid, t.Victim, t.Signal)
	release()
	return r, r.wait(endBound)
}

// afterSignal judges what a run leaves that got a signal.
func (l *Lab) afterSignal(ctx context.Context, p *place, t Trial, r *run) Result {
	content, err := os.ReadFile(p.target())
	untouched := errors.Is(err, fs.ErrNotExist) && !t.Older || err == nil && t.Older && bytes.Equal(content, l.older)
	result := Result{Finished: !untouched}
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		result.Verdict, result.Why = Short, err
	case errors.Is(err, fs.ErrNotExist) && t.Older:
		result.Verdict, result.Why = Short, errors.New("the older snapshot is gone")
	case untouched && r.succeeded():
		result.Verdict, result.Why = Short, errors.New("the run says that it made a snapshot, and did not")
	case !untouched:
		if err := l.want.Compare(ctx, p.target(), p.scratch); err != nil {
			result.Verdict, result.Why = Short, err
		}
	}
	if result.Verdict != Truth {
		return result
	}
	killed := t.Signal == os.Kill
	left, err := p.leftovers(func(name string) bool {
		work := strings.HasPrefix(name, "."+targetName+".")
		switch {
		case name == targetName, work && strings.HasSuffix(name, ".partial"):
			return true
		case work:
			return killed // Nobody was left to remove them, and the next run does.
		default:
			return killed && t.Victim == All
		}
	})
	result.Kept = slices.ContainsFunc(left.all, func(name string) bool { return strings.HasSuffix(name, ".partial") })
	if err = errors.Join(err, left.trouble()); err != nil {
		result.Verdict, result.Why = Leaked, err
	}
	return result
}

// afterSecond judges what the run after leaves: the whole snapshot, and nothing
// else.
func (l *Lab) afterSecond(ctx context.Context, p *place, r *run) (Verdict, error) {
	if !r.succeeded() {
		return Failed, fmt.Errorf("the run after failed: %s", r.output.String())
	}
	if err := l.want.Compare(ctx, p.target(), p.scratch); err != nil {
		return Short, err
	}
	left, err := p.leftovers(func(name string) bool { return name == targetName })
	if err = errors.Join(err, left.trouble()); err != nil {
		return Leaked, err
	}
	return Truth, nil
}

// leftovers are the files that runs have left.
type leftovers struct{ all, unwanted, open []string }

// leftovers lists files beside the snapshot and in the folder for temp files.
func (p *place) leftovers(wanted func(name string) bool) (leftovers, error) {
	var found leftovers
	for _, root := range []string{p.data, p.temp} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || path == root {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			found.all = append(found.all, name)
			if !wanted(name) {
				found.unwanted = append(found.unwanted, name)
			}
			info, err := entry.Info()
			if err != nil {
				return err
			}
			// What is inside of a private folder is private.
			if filepath.Dir(path) == root && info.Mode().Perm()&0o077 != 0 {
				found.open = append(found.open, fmt.Sprintf("%s %s", info.Mode(), name))
			}
			return nil
		})
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

func (l leftovers) trouble() error {
	var err error
	if len(l.unwanted) > 0 {
		err = fmt.Errorf("files are left: %q", l.unwanted)
	}
	if len(l.open) > 0 {
		err = errors.Join(err, fmt.Errorf("files that others can read: %q", l.open))
	}
	return err
}
