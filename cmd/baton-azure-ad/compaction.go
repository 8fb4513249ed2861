package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"
)

// refuseForeignWork refuses the SDK's flags for what this connector cannot do.
// They fail by themselves, but one failure in fifty to a hundred ends with 0: see
// operate.
func refuseForeignWork(flags *pflag.FlagSet) error {
	for _, name := range []string{"create-ticket", "bulk-create-ticket", "list-ticket-schemas", "get-ticket"} {
		if given(flags, name) {
			return fmt.Errorf("--%s is for connectors of ticket systems: Microsoft Entra ID has no tickets", name)
		}
	}
	for _, name := range []string{"list-resource-actions", "invoke-resource-action"} {
		if given(flags, name) {
			return fmt.Errorf("the SDK does nothing for --%s: --list-action-schemas and --invoke-action have the actions", name)
		}
	}
	return nil
}

// compact lets the SDK make one file of several snapshots, in a worker. Its
// status alone says little, for the reason that operate has, but the file is put
// in its place last.
func compact(ctx context.Context, flags *pflag.FlagSet) error {
	dir, err := flags.GetString("compact-output-path")
	if err != nil {
		return err
	}
	return withWorker(flags, "the compaction", oneOperation, nil, func(w *worker) error {
		before, err := compactedFiles(dir)
		if err != nil {
			return err
		}
		if err := w.run(ctx); err != nil {
			return err
		}
		after, err := compactedFiles(dir)
		if err == nil && maps.Equal(before, after) {
			err = &exitError{code: 1, what: w.what + " failed"}
		}
		return err
	})
}

// compactedFiles are the times at which the compacted files of a directory were
// written, in nanoseconds.
func compactedFiles(dir string) (map[string]int64, error) {
	entries, err := os.ReadDir(filepath.Clean(dir))
	if err != nil {
		return nil, fmt.Errorf("looking at --compact-output-path: %w", err)
	}
	found := map[string]int64{}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "compacted-") {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("looking at --compact-output-path: %w", err)
		}
		found[e.Name()] = info.ModTime().UnixNano()
	}
	return found, nil
}
