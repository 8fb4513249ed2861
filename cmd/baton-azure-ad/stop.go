package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// asking is one way to end a worker, and how long it may take before the next
// one is tried. A further signal to this process means that somebody has no
// patience.
type asking struct {
	signal   os.Signal
	patience time.Duration
}

// killPatience is how long a killed worker may take to be gone.
const killPatience = 10 * time.Second

// manner is how a worker is treated.
type manner struct {
	// stop is how it is ended on a signal.
	stop []asking
	// probeEvery is how often the room for its temp files is looked at.
	probeEvery time.Duration
}

// stopNow ends what has nothing to keep.
var stopNow = []asking{{os.Interrupt, 10 * time.Second}, {os.Kill, killPatience}}

// The SDK answers an interrupt by ending its process before it has written the
// sync down, so a sync is asked in another way first: on SIGTERM the connector
// refuses to read on, which the SDK takes for a failed sync and keeps. A service
// keeps nothing.
var (
	oneSync        = manner{probeEvery: 10 * time.Second, stop: append([]asking{{syscall.SIGTERM, 10 * time.Second}}, stopNow...)}
	oneOperation   = manner{probeEvery: 10 * time.Second, stop: stopNow}
	endlessService = manner{probeEvery: time.Minute, stop: []asking{{os.Interrupt, 30 * time.Second}, {os.Kill, killPatience}}}
)

// endings are the signals that ask this process to end: a terminal that is gone,
// too, unless it is told to outlive that, as nohup does.
func endings() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}

// end ends a worker. It tells whether the worker was finished with its work
// before it was told to leave it.
func (w *worker) end(process *os.Process, ended <-chan error, stop []asking) bool {
	for _, ask := range stop {
		if process.Signal(ask.signal) != nil { // Windows can do no more than kill.
			_ = process.Kill()
		}
		select {
		case err := <-ended:
			return err == nil && ask.signal == syscall.SIGTERM
		case <-time.After(ask.patience):
		case <-w.signals:
		}
	}
	return false
}

// stopReading ends when the connector is to read no further, which only a
// one-shot sync asks for: a service of another program ends as that says.
func stopReading(ctx context.Context) context.Context {
	if os.Getenv(workFileVariable) == "" {
		return nil
	}
	stop, _ := signal.NotifyContext(ctx, syscall.SIGTERM) // For as long as the process.
	return stop
}

// passStopOn lets the connector, which is a process of its own, hear that the
// sync is to end.
func passStopOn() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	go func() {
		<-asked
		askGroup()
	}()
}
