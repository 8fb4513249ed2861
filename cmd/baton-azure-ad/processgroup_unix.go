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
