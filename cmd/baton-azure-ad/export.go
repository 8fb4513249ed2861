package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/export"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

const exportHelp = `Write a snapshot as tables: a SQLite database, a workbook for Excel, or a folder of
CSV files. The tables explain themselves, and questions to begin with are in them.

The snapshot is only read, and no tenant is contacted. The export appears when it is
complete, for nobody else to read, and takes the place of an older export only.
Temporary files, in TMPDIR, take a few times the size of the snapshot, and for a
workbook 1 GB more for each million rows.

The exit status is 0 if the export was written, 2 for trouble.`

// exportOptions are the flags of export.
type exportOptions struct{ snapshot, format, out string }

// newExportCommand makes the sub-command that writes a snapshot as tables.
func newExportCommand() *cobra.Command {
	o := exportOptions{}
	command := &cobra.Command{
		Use:   "export -f SNAPSHOT.c1z [--format sqlite|csv|xlsx] [--out PATH]",
		Short: "Write a snapshot as tables: SQLite, CSV or Excel",
		Long:  exportHelp,
		Args:  without("export"),
		RunE: func(command *cobra.Command, _ []string) error {
			if err := o.run(command.Context(), command.OutOrStdout()); err != nil {
				return trouble(err)
			}
			return nil
		},
	}
	flags := offline(command)
	snapshotFlag(flags, &o.snapshot)
	flags.StringVar(&o.format, "format", "", "sqlite, csv or xlsx; without it the ending of --out decides, and else it is sqlite")
	flags.StringVar(&o.out, "out", "", "The file, or the folder for CSV; without it one beside the snapshot")
	return command
}

// run writes the export and says what is in it.
func (o *exportOptions) run(ctx context.Context, to io.Writer) error {
	format, err := o.chosen()
	if err != nil {
		return err
	}
	out := o.out
	if out == "" {
		out = export.DefaultPath(o.snapshot, format)
	}
	return withSnapshot(ctx, o.snapshot, "the export", func(ctx context.Context, s *access.Snapshot) error {
		result, err := export.Write(ctx, s, export.Options{Format: format, Out: out, Build: version})
		if err != nil {
			return err
		}
		return tellExport(to, s.About(), result)
	})
}

// chosen is the format that was asked for.
func (o *exportOptions) chosen() (export.Format, error) {
	formats := export.Formats()
	if o.format == "" {
		if ending := export.Format(strings.TrimPrefix(strings.ToLower(filepath.Ext(o.out)), ".")); slices.Contains(formats, ending) {
			return ending, nil
		}
		return export.SQLite, nil
	}
	format := export.Format(strings.ToLower(o.format))
	if !slices.Contains(formats, format) {
		return "", fmt.Errorf("--format %s is none of sqlite, csv and xlsx", o.format)
	}
	return format, nil
}

// tellExport says what was written, and what a reader of it should know first.
func tellExport(to io.Writer, about *access.About, result *export.Result) error {
	counts := make([]string, 0, len(result.Counts))
	for _, c := range result.Counts {
		if c.Table != "about" {
			counts = append(counts, fmt.Sprintf("%s: %d", c.Table, c.Rows))
		}
	}
	lines := fmt.Sprintf("%s: written\n%s\n", terminal.Harmless(result.Path), strings.Join(counts, ", "))
	switch left := len(about.LeftOut); {
	case !about.Told:
		lines += "The snapshot does not say what was left out of it.\n"
	case left > 0:
		lines += fmt.Sprintf("The snapshot was made without %d data sets: the table about names them.\n", left)
	}
	if _, err := io.WriteString(to, lines); err != nil {
		return fmt.Errorf("the export is written, and saying so failed: %w", err)
	}
	return nil
}
