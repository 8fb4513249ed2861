package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/conductorone/baton-azure-ad/internal/console/snapshotdiff"
)

// exitDifferent is the exit status of diff where something changed, as diff(1) has it;
// trouble has exitTrouble.
const exitDifferent = 1

const diffHelp = `Compare two snapshots: objects that were added, removed, renamed, enabled or
disabled, and access that was gained or lost, directly and through groups.

Both files are only read, and no tenant is contacted. Temporary files, in TMPDIR,
take about one and a half times the size of both, and more where much changed.

The exit status is 0 if nothing changed, 1 if something did, 2 for trouble. With
--fail-on privileged it is 1 only if privileged access changed, and 2 if that cannot
be told because something was read for one of the snapshots only.`

// failOnPrivileged is the value of --fail-on that lets only privileged changes count.
const failOnPrivileged = "privileged"

// diffOptions are the flags of diff.
type diffOptions struct {
	json, all, effective bool
	types                []string
	failOn               string
}

// newDiffCommand makes the sub-command that compares two snapshots.
func newDiffCommand() *cobra.Command {
	o := diffOptions{}
	command := &cobra.Command{
		Use:   "diff OLD.c1z NEW.c1z",
		Short: "Compare two snapshots: what changed, who gained and lost access",
		Long:  diffHelp,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return trouble(errors.New("diff takes two snapshots: the older one, then the newer one"))
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			if o.failOn != "" && o.failOn != failOnPrivileged {
				return trouble(fmt.Errorf("--fail-on takes %q, and not %q", failOnPrivileged, o.failOn))
			}
			different, err := o.run(command.Context(), args[0], args[1], command.OutOrStdout())
			switch {
			case err != nil:
				return trouble(err)
			case different:
				return &exitError{code: exitDifferent}
			default:
				return nil
			}
		},
	}
	flags := offline(command)
	flags.BoolVar(&o.json, "json", false, "Write every change as one JSON document")
	flags.BoolVar(&o.all, "all", false, "Show everything, however long the report gets")
	flags.BoolVar(&o.effective, "effective", true, "Compare access through groups too; false compares direct access only")
	flags.StringVar(&o.failOn, "fail-on", "", `What makes the exit status 1: "privileged" for changes of privileged access alone; any change if not given`)
	flags.StringSliceVar(&o.types, "type", nil, "Compare only these resource types, access to them and access that they hold")
	return command
}

// run compares two files and writes the outcome.
func (o *diffOptions) run(ctx context.Context, old, recent string, to io.Writer) (bool, error) {
	different := false
	err := withScratch(ctx, "the comparison", func(ctx context.Context, scratch string) error {
		var err error
		different, err = o.compare(ctx, old, recent, scratch, to)
		return err
	})
	return different, err
}

func (o *diffOptions) compare(ctx context.Context, oldPath, newPath, scratch string, to io.Writer) (bool, error) {
	old, err := snapshotdiff.Open(ctx, oldPath, scratch)
	if err != nil {
		return false, err
	}
	recent, err := snapshotdiff.Open(ctx, newPath, scratch)
	if err != nil {
		return false, errors.Join(err, old.Close(ctx))
	}
	different, err := o.write(ctx, old, recent, scratch, to)
	return different, errors.Join(err, old.Close(ctx), recent.Close(ctx))
}

func (o *diffOptions) write(ctx context.Context, old, recent *snapshotdiff.Snapshot, scratch string, to io.Writer) (bool, error) {
	d, err := snapshotdiff.Compare(ctx, old, recent, scratch, snapshotdiff.Options{DirectOnly: !o.effective, Types: o.types})
	if err != nil {
		return false, err
	}
	if o.json {
		err = d.WriteJSON(ctx, to)
	} else {
		err = d.WriteText(ctx, to, o.all)
	}
	different, unseen := o.fails(d)
	return different, errors.Join(err, unseen, d.Close())
}

// fails reports whether what changed makes the exit status 1. A pipeline that goes by
// privileged changes alone must not take what cannot be compared for nothing: that is
// an error, unless what can be compared is enough to fail.
func (o *diffOptions) fails(d *snapshotdiff.Diff) (bool, error) {
	if o.failOn == "" {
		return d.Different(), nil
	}
	if unseen := d.Unseen(); len(unseen) > 0 && !d.Privileged() {
		return false, fmt.Errorf("privileged changes may be missing: %s cannot be compared", strings.Join(unseen, ", "))
	}
	return d.Privileged(), nil
}
