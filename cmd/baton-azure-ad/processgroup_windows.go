package main

import "syscall"

// ownProcessGroup keeps a console's interrupt from the process that syncs, so
// that it is ended by its parent alone and in order.
func ownProcessGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
