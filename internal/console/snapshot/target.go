package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/conductorone/baton-sdk/pkg/dotc1z"
)

// mostLinks is how many symbolic links are followed before they are taken for a circle.
const mostLinks = 40

// behindLinks is the file that a name stands for, also where there is none yet: a link
// is kept, and what it leads to is written.
func behindLinks(name string) (string, error) {
	for range mostLinks {
		info, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return name, fmt.Errorf("the snapshot cannot be written to %s: %w", name, err)
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return name, nil
		}
		to, err := os.Readlink(name)
		if err != nil {
			return name, fmt.Errorf("the snapshot cannot be written to %s: %w", name, err)
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
	return name, fmt.Errorf("the snapshot cannot be written to %s: its symbolic links lead in a circle", name)
}

// replaceable refuses what a snapshot must not take the place of: whatever is there
// and is not a snapshot was named by mistake. An empty file holds nothing to lose.
func replaceable(target string) error {
	info, err := os.Stat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("the snapshot cannot be written to %s: %w", target, err)
	case info.IsDir():
		return fmt.Errorf("the snapshot cannot be written to %s: it is a folder", target)
	case !info.Mode().IsRegular():
		return fmt.Errorf("the snapshot cannot be written to %s: it is not a file", target)
	case info.Size() == 0:
		return nil
	}
	file, err := os.Open(target)
	if err != nil {
		return fmt.Errorf("the snapshot cannot be written to %s: whether it is one could not be read: %w", target, err)
	}
	defer func() { _ = file.Close() }()
	if dotc1z.ReadHeader(file) != nil {
		return fmt.Errorf("the snapshot cannot be written to %s: it is there and is no snapshot; name another file with --file, or remove this one", target)
	}
	return nil
}
