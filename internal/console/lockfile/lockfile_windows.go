package lockfile

import (
	"errors"
	"os"
	"syscall"
)

const (
	// Of CreateFileW (https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew).
	flagDeleteOnClose = 0x04000000
	shareNothing      = 0

	errorSharingViolation syscall.Errno = 32
)

// hold opens the file for this process alone; Windows removes it with the last
// handle.
func hold(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	handle, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, shareNothing, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL|flagDeleteOnClose, 0)
	if errors.Is(err, errorSharingViolation) {
		return nil, ErrHeld
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(handle), name), nil
}

func release(file *os.File) error { return file.Close() }
