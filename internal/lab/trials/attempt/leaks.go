package attempt

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"time"
)

// labelTrial marks the goroutines of a trial: those that it starts inherit it.
const labelTrial = "trial"

// lingering are the goroutines of a trial that have not ended a while after it
// has: one line for each group of them.
func lingering(trial string) ([]string, error) {
	const patience = 10 * time.Second
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		left, err := goroutinesOf(trial)
		if err != nil || len(left) == 0 || time.Now().After(end) {
			return left, err
		}
	}
}

// goroutinesOf reads the profile, whose text has groups of goroutines with
// their labels (runtime/pprof).
func goroutinesOf(trial string) ([]string, error) {
	var text bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&text, 1); err != nil {
		return nil, fmt.Errorf("listing goroutines: %w", err)
	}
	var found []string
	for group := range strings.SplitSeq(text.String(), "\n\n") {
		if !strings.Contains(group, fmt.Sprintf("%q:%q", labelTrial, trial)) {
			continue
		}
		var calls []string
		for line := range strings.Lines(group) {
			if parts := strings.Fields(line); len(parts) > 2 && parts[0] == "#" && parts[1] != "labels:" {
				calls = append(calls, parts[2])
			}
		}
		found = append(found, "goroutine: "+strings.Join(calls, " < "))
	}
	return found, nil
}

// lyingAbout are the files in a folder that has to be empty.
func lyingAbout(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && path != dir {
			found = append(found, "file: "+filepath.Base(path))
		}
		return err
	})
	return found, err
}
