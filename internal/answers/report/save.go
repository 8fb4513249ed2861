package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// headBytes is how far into a file its generator is looked for.
const headBytes = 1024

// Replaceable is an error if there is something at path that is no report of ours.
func Replaceable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("the report cannot be written: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file: name another one with --out", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s cannot be read, to see whether it is a report: %w", path, err)
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, headBytes))
	if err != nil {
		return fmt.Errorf("%s cannot be read, to see whether it is a report: %w", path, err)
	}
	if !strings.Contains(string(head), Generator) {
		return fmt.Errorf("%s is there and is not a report of this program: name another file with --out, or remove it", path)
	}
	return nil
}

// Save writes a report in one step: what was at path stays until the new page is
// whole. Only its owner may read it.
func Save(path string, write func(io.Writer) error) error {
	if err := Replaceable(path); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.partial") // Mode 0600.
	if err != nil {
		return fmt.Errorf("the report cannot be written: %w", err)
	}
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return errors.Join(fmt.Errorf("the report could not take its place at %s: %w", path, err), os.Remove(file.Name()))
	}
	return nil
}
