package main

import (
	"os"
	"syscall"
)

// ownProcessGroup keeps a console's interrupt from the worker, so that it is
// ended by its parent alone and in order.
func ownProcessGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// endGroup does nothing: what a worker has left running ends when it finds its
// standard input closed.
func endGroup(*os.Process) {}

// askGroup does nothing: Windows has no signal that asks a process to stop.
func askGroup() {}

// makePrivateFiles does nothing: who may read a file, its folder says.
func makePrivateFiles() {}

// startOver does nothing: Windows cannot put a program in another one's place.
func startOver(string) {}
