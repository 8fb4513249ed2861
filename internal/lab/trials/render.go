package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/record"
)

// The tables stand between these lines.
const (
	tableStart = "<!-- trials -->"
	tableEnd   = "<!-- /trials -->"
)

// render writes all recordings of a folder into a document, a table for each.
func render(dir, path string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no recordings in %s: %w", dir, err)
	}
	slices.Sort(files)
	raw, err := os.ReadFile(path) //nolint:gosec // The document that the command line names.
	if err != nil {
		return fmt.Errorf("reading the document: %w", err)
	}
	before, rest, opened := strings.Cut(string(raw), tableStart)
	_, after, closed := strings.Cut(rest, tableEnd)
	if !opened || !closed {
		return fmt.Errorf("%s has no place for the tables: %s ... %s", path, tableStart, tableEnd)
	}
	var text strings.Builder
	for _, file := range files {
		trials, err := record.Read(file)
		if err != nil {
			return err
		}
		table(&text, strings.TrimSuffix(filepath.Base(file), ".json"), trials)
	}
	content := before + tableStart + "\n" + text.String() + "\n" + tableEnd + after
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil { //nolint:gosec // A document, for everybody to read.
		return fmt.Errorf("writing the document: %w", err)
	}
	return nil
}

func table(b *strings.Builder, name string, trials []record.Trial) {
	total := record.Trial{Name: "**all**"}
	for _, t := range trials {
		total.Tried += t.Tried
		total.Truth += t.Truth
		total.LeftOut += t.LeftOut
		total.FailedCleanly += t.FailedCleanly
		total.Short += t.Short
		total.Hung += t.Hung
		total.Leaked += t.Leaked
		total.Seconds = max(total.Seconds, t.Seconds)
	}
	fmt.Fprintf(b, "\n### %s\n\n", strings.ToUpper(name[:1])+name[1:])
	b.WriteString("| what | tried | truth | left out by name | failed cleanly | short | hung | leaked | longest, s | note |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	for _, t := range append(slices.Clip(trials), total) {
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d | %d | %d | %.1f | %s |\n",
			t.Name, t.Tried, t.Truth, t.LeftOut, t.FailedCleanly, t.Short, t.Hung, t.Leaked, t.Seconds, t.Note)
	}
}
