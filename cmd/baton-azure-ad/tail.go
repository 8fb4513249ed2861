package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// tailBytes is how much of a log is kept for the case that it has to be shown.
const tailBytes = 16 << 10

// tail keeps the end of what is written to it, from the beginning of a line.
type tail struct{ kept bytes.Buffer }

// Write keeps what is written, and forgets what was written before that is too much.
func (t *tail) Write(p []byte) (int, error) {
	_, _ = t.kept.Write(p) // It never fails.
	if over := t.kept.Len() - tailBytes; over > 0 {
		t.kept.Next(over)
		if end := bytes.IndexByte(t.kept.Bytes(), '\n'); end >= 0 {
			t.kept.Next(end + 1)
		}
	}
	return len(p), nil
}

// String is what was kept.
func (t *tail) String() string { return t.kept.String() }

// keepLog keeps what a worker and its child write to standard error, as show shows it.
func keepLog(worker *exec.Cmd, kept *tail) (func() error, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("preparing to keep the log: %w", err)
	}
	worker.Stderr = write
	copied := make(chan error, 1)
	go func() {
		_, err := io.Copy(kept, read)
		copied <- err
	}()
	return func() error {
		return errors.Join(write.Close(), <-copied, read.Close())
	}, nil
}
