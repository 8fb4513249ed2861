package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// The table of measurements stands between these lines.
const (
	tableStart = "<!-- measurements -->"
	tableEnd   = "<!-- /measurements -->"
)

// render writes the measurements of all results of a directory into a document.
func render(dir, path string) error {
	results, err := load(dir)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the document: %w", err)
	}
	before, rest, opened := strings.Cut(string(raw), tableStart)
	_, after, closed := strings.Cut(rest, tableEnd)
	if !opened || !closed {
		return fmt.Errorf("%s has no place for the measurements: %s ... %s", path, tableStart, tableEnd)
	}
	slices.Reverse(results) // The oldest first.
	text := before + tableStart + "\n" + tables(results) + tableEnd + after
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // A document, for everybody to read.
		return fmt.Errorf("writing the document: %w", err)
	}
	return nil
}

func tables(results []*Result) string {
	var b strings.Builder
	m := results[0].Machine
	fmt.Fprintf(&b, "%s, %d cores, %d GiB of memory, %s, %s. Measured on %s at revision %s with:\n\n```\n",
		m.CPU, m.Cores, m.MemoryBytes>>30, m.Kernel, m.Go, results[0].Started.UTC().Format("2006-01-02"), results[0].Revision)
	for _, r := range results {
		b.WriteString(r.Command + "\n")
	}
	b.WriteString("```\n\n| size | scenario | workers | wall s | over floor | connector CPU s | over floor | connector MB ")
	b.WriteString("| SDK parent CPU s | SDK parent MB | requests | units | 429 | rows | file MB | largest answer KiB | largest value KiB |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range results {
		for i := range r.Measurements {
			row(&b, &r.Measurements[i], r.floor(&r.Measurements[i]))
		}
	}
	for _, r := range results {
		for _, t := range r.Truths {
			fmt.Fprintf(&b, "\nSnapshot against the tenant at %s: %d resources, %d entitlements, %d direct grants, %d effective; %d missing, %d extra.\n",
				t.Size, t.Resources, t.Entitlements, t.Direct, t.Effective, t.Missing, t.Extra)
		}
	}
	return b.String()
}

// floor is the floor's measurement that belongs to one of the connector.
func (r *Result) floor(m *Measurement) *Measurement {
	for i := range r.Measurements {
		f := &r.Measurements[i]
		if f.Program == programFloor && f.Size == m.Size && f.Workers == m.Workers {
			return f
		}
	}
	return nil
}

func row(b *strings.Builder, m, floor *Measurement) {
	name := m.Scenario
	wall, cpu := "", ""
	if m.Program == programFloor {
		name = "the floor"
	} else if floor != nil {
		wall = fmt.Sprintf("%.2f x", m.WallSeconds/floor.WallSeconds)
		cpu = fmt.Sprintf("%.2f x", m.Processes[roleConnector].CPU()/floor.Processes[roleConnector].CPU())
	}
	connector, parent := m.Processes[roleConnector], m.Processes[roleParent]
	fmt.Fprintf(b, "| %s | %s | %d | %.1f | %s | %.1f | %s | %d | %.1f | %d | %d | %d | %d | %d | %d | %d | %d |\n",
		m.Size, name, m.Workers, m.WallSeconds, wall, connector.CPU(), cpu, connector.PeakBytes>>20, parent.CPU(), parent.PeakBytes>>20,
		m.API.Requests, m.API.ResourceUnits, m.API.Throttled, m.Rows.Stored(), m.FileBytes>>20, m.LargestAnswer>>10, m.LargestValue>>10)
}
