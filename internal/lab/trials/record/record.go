// Package record is how trials are written down: one file for each kind of
// trial, which docs/reliability.md is rendered from.
package record

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

const (
	dirMode  = 0o750
	fileMode = 0o600
)

// Trial is what came of trying one danger so many times. Each run counts in
// exactly one of the six outcomes.
type Trial struct {
	Name  string `json:"name"`
	Tried int    `json:"tried"`
	// Truth counts the runs whose snapshot was the tenant, LeftOut those whose
	// snapshot was the tenant but for data sets and objects that the log names, and
	// FailedCleanly those that ended with an error a person can act on and no snapshot that
	// passes for a whole one.
	Truth         int `json:"truth"`
	LeftOut       int `json:"left_out,omitzero"`
	FailedCleanly int `json:"failed_cleanly"`
	// Short counts snapshots that passed for whole and were not the tenant,
	// Hung runs that had not ended within their bound, and Leaked those that
	// left something running, lying about or told.
	Short  int `json:"short"`
	Hung   int `json:"hung"`
	Leaked int `json:"leaked"`
	// Seconds is the longest run.
	Seconds float64 `json:"seconds"`
	Note    string  `json:"note"`
}

// Write writes the trials of one kind to a file.
func Write(path string, trials []Trial) error {
	raw, err := json.MarshalIndent(trials, "", " ")
	if err != nil {
		return fmt.Errorf("recording the trials: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
		return fmt.Errorf("recording the trials: %w", err)
	}
	if err := os.WriteFile(path, append(raw, '\n'), fileMode); err != nil {
		return fmt.Errorf("recording the trials: %w", err)
	}
	return nil
}

// Read reads the trials of one kind.
func Read(path string) ([]Trial, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the trials: %w", err)
	}
	var trials []Trial
	if err := json.Unmarshal(raw, &trials); err != nil {
		return nil, fmt.Errorf("reading the trials in %s: %w", path, err)
	}
	return trials, nil
}
