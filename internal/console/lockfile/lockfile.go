// Package lockfile keeps two processes from doing the same thing at the same
// time: who holds the lock on a file's name does it. The system ends a lock with
// the process that holds it, however that ends.
package lockfile

import (
	"errors"
	"fmt"
	"os"
)

// mode keeps lock files, which are empty, from other users of the machine.
const mode = 0o600

// ErrHeld says that somebody else holds the lock.
var ErrHeld = errors.New("the lock is held by another process")

// Lock is a lock that this process holds.
type Lock struct{ file *os.File }

// Hold takes the lock that has a name, or returns ErrHeld. The lock's file is
// made if it is not there, and is gone when the lock is.
func Hold(name string) (*Lock, error) {
	file, err := hold(name)
	switch {
	case errors.Is(err, ErrHeld):
		return nil, ErrHeld
	case err != nil:
		return nil, fmt.Errorf("locking %s: %w", name, err)
	}
	return &Lock{file: file}, nil
}

// Release ends the lock and removes its file.
func (l *Lock) Release() error {
	if err := release(l.file); err != nil {
		return fmt.Errorf("ending the lock %s: %w", l.file.Name(), err)
	}
	return nil
}
