package main

import (
	"os"
	"syscall"
)

// exitError ends this process with a status of its own. What went wrong in
// detail was said where it went wrong.
type exitError struct {
	code int
	what string
	// explained means that what says why.
	explained bool
	// interrupted means that a signal ended what was under way.
	interrupted bool
}

// Error says in short what happened.
func (e *exitError) Error() string { return e.what }

// exitTrouble is the exit status of a sub-command that could not do its work, as
// diff(1) has it.
const exitTrouble = 2

// trouble is the error of a sub-command that could not do its work.
func trouble(err error) error { return &exitError{code: exitTrouble, what: err.Error()} }

// interruption is the error, with the shell's usual exit status, for a signal
// that ended a worker.
func interruption(s os.Signal, what string) error {
	code := 1
	if number, ok := s.(syscall.Signal); ok {
		code = 128 + int(number)
	}
	return &exitError{code: code, what: what + " was interrupted", explained: true, interrupted: true}
}
