package progress

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// TotalsVariable is the internal variable by which the process that talks to the
// platform names the file in which the one that reads Graph keeps its totals.
const TotalsVariable = "BATON_AZURE_AD_TOTALS"

// Totals are what the process that reads Graph has done since it began. None of them
// ever gets less.
type Totals struct {
	Requests      int64 `json:"requests"`
	BatchItems    int64 `json:"batch_items"`
	ResourceUnits int64 `json:"resource_units"`
	Throttled     int64 `json:"throttled"`
	Retried       int64 `json:"retried"`
	// Waited is the time spent waiting for the tenant's budgets, all workers added up,
	// in seconds.
	Waited float64 `json:"waited_seconds"`
	// Resources and Grants are the rows given, by resource type.
	Resources map[string]int `json:"resources,omitempty"`
	Grants    map[string]int `json:"grants,omitempty"`
}

// KeepTotals keeps what totals tells in a file, until the context ends. A file that
// cannot be written has no one to tell: the next try may succeed.
func KeepTotals(ctx context.Context, path string, totals func() *Totals) {
	due := time.NewTicker(Interval)
	defer due.Stop()
	var kept string
	for {
		if raw, err := json.Marshal(totals()); err == nil && string(raw) != kept && writeTotals(path, raw) == nil {
			kept = string(raw)
		}
		select {
		case <-ctx.Done():
			return
		case <-due.C:
		}
	}
}

// writeTotals replaces the file as a whole, so that nobody reads half of it.
func writeTotals(path string, raw []byte) error {
	const ownersOnly = 0o600
	beside := path + ".new"
	if err := os.WriteFile(beside, raw, ownersOnly); err != nil {
		return err
	}
	return os.Rename(beside, path)
}

// ReadTotals reads what KeepTotals has kept.
func ReadTotals(path string) (*Totals, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the totals: %w", err)
	}
	t := &Totals{}
	if err := json.Unmarshal(raw, t); err != nil {
		return nil, fmt.Errorf("reading the totals: %w", err)
	}
	return t, nil
}
