package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	reports "github.com/conductorone/baton-azure-ad/internal/answers/report"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

const reportHelp = `Make one HTML page of a snapshot: who holds privileged roles and by which ways,
what applications may do, credentials by when they end, guests, licences, groups,
and a search over everybody and everything. It opens in any browser, needs no
network, and can be printed.

The snapshot is only read, and no tenant is contacted. The page holds names and
access of a whole directory: only its owner may read it. A report that is there is
replaced, another file is not.

The exit status is 0 if the report was written, 2 for trouble.`

const snapshotEnding = ".c1z"

// reportOptions are the flags of report.
type reportOptions struct{ file, out string }

// newReportCommand makes the sub-command that makes a page of a snapshot.
func newReportCommand() *cobra.Command {
	o := reportOptions{}
	command := &cobra.Command{
		Use:   "report -f SNAPSHOT.c1z [--out PAGE.html]",
		Short: "Make one HTML page of a snapshot: who holds what gives much, and a search",
		Long:  reportHelp,
		Args:  without("report"),
		RunE: func(command *cobra.Command, _ []string) error {
			if err := o.run(command.Context(), command.OutOrStdout()); err != nil {
				return trouble(err)
			}
			return nil
		},
	}
	flags := offline(command)
	snapshotFlag(flags, &o.file)
	flags.StringVar(&o.out, "out", "", "Where the page goes (default: beside the snapshot, with the ending .html)")
	return command
}

// run makes the page, and says where it is.
func (o *reportOptions) run(ctx context.Context, to io.Writer) error {
	if o.out == "" {
		o.out = strings.TrimSuffix(o.file, snapshotEnding) + ".html"
	}
	// It would be a pity to find out at the end.
	if err := reports.Replaceable(o.out); err != nil {
		return err
	}
	made := &reports.Made{}
	err := withSnapshot(ctx, o.file, "the report", func(ctx context.Context, s *access.Snapshot) error {
		return reports.Save(o.out, func(page io.Writer) error {
			var err error
			made, err = reports.Write(ctx, s, page, reports.Options{Snapshot: filepath.Base(o.file), Build: version, Limits: reports.DefaultLimits()})
			return err
		})
	})
	if err != nil {
		return err
	}
	info, err := os.Stat(o.out)
	if err != nil {
		return fmt.Errorf("the report cannot be found after it was written: %w", err)
	}
	const mega = 1e6
	if _, err := fmt.Fprintf(to, "%s: %d objects, %.1f MB\n", terminal.Harmless(o.out), made.Objects, float64(info.Size())/mega); err != nil {
		return err
	}
	if made.Unlisted > 0 {
		_, err = fmt.Fprintf(to, "What %d of %d people hold is not in the page, which would get too large: ask \"baton-azure-ad ask\".\n", made.Unlisted, made.People)
	}
	return err
}
