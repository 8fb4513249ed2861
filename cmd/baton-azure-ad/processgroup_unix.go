//go:build unix

package main

import (
	"os"
	"syscall"
)

// ownProcessGroup keeps a terminal's interrupt from the worker, so that it is
// ended by its parent alone and in order.
func ownProcessGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// endGroup ends what a worker that is gone has left running: the process that
// reads the tenant ends by itself, but not before its parent.
func endGroup(worker *os.Process) {
	_ = syscall.Kill(-worker.Pid, syscall.SIGKILL) // There is mostly nobody left.
}

// askGroup asks the processes of this one's group to stop.
func askGroup() {
	_ = syscall.Kill(0, syscall.SIGTERM) // This process at least is in it.
}

// makePrivateFiles keeps what this process and its children write from other
// users of the machine; the SDK's own files are for everybody to read.
func makePrivateFiles() {
	const private = 0o077
	_ = syscall.Umask(private) // What it was before is of no interest.
}

// startOver makes this process the program from its start, with one more
// variable: whatever it was doing is over. It returns if that cannot be done.
func startOver(variable string) {
	if self, err := os.Executable(); err == nil {
		_ = syscall.Exec(self, os.Args, append(os.Environ(), variable)) //nolint:gosec // It is this program, with its own arguments.
	}
}
