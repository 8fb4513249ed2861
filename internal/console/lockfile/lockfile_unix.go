//go:build unix

package lockfile

import (
	"errors"
	"os"
	"syscall"
)

// hold locks the file that has the name. The holder before may have removed the
// file after it was opened here, and a lock on a file without a name keeps
// nobody away, so that is made sure of.
func hold(name string) (*os.File, error) {
	for {
		file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, mode)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(ErrHeld, file.Close())
		}
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		locked, err := file.Stat()
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		if named, err := os.Lstat(name); err == nil && os.SameFile(locked, named) {
			return file, nil
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
}

// release removes the file while it is locked: after that it may be another's.
// A file that somebody has removed is no trouble.
func release(file *os.File) error {
	err := os.Remove(file.Name())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, file.Close())
}
