//go:build unix

package main

import "syscall"

// ownProcessGroup keeps a terminal's interrupt from the process that syncs, so
// that it is ended by its parent alone and in order.
func ownProcessGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
