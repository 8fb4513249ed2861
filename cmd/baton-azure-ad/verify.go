package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/verify"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

const verifyHelp = `Hold a snapshot against the tenant, by other ways than it was read: numbers of
objects, and for objects drawn at random who is in which group, through any depth,
who holds which application and directory role. The largest group, every
privileged role and every role-assignable group are always asked about.

What differs is looked at twice, and then looked for in the audit log: what has
changed since the snapshot was read is told apart from what is wrong. The answer
says how sure it is.

It takes the same settings as a sync, and changes nothing. One seed draws the same
objects again.

The exit status is 0 if nothing is wrong, 1 if something is, 2 if that could not be
told.`

// How long verify waits, unless it is told otherwise.
const (
	verifyPause    = 5 * time.Second
	verifyPatience = 5 * time.Minute
)

// exitWrong is the exit status of verify where the snapshot is wrong.
const exitWrong = 1

// verifyOptions are the flags of verify.
type verifyOptions struct {
	file            string
	sample          int
	seed            uint64
	requests, units int64
	pause, patience time.Duration
	json            bool
}

// addVerifyCommand adds the sub-command that holds a snapshot against the tenant.
func addVerifyCommand(parent *cobra.Command, v *viper.Viper) error {
	o := verifyOptions{}
	command := &cobra.Command{
		Use:   "verify -f SNAPSHOT.c1z",
		Short: "Hold a snapshot against the tenant, and say how sure that makes it",
		Long:  verifyHelp,
		RunE: func(command *cobra.Command, _ []string) error {
			s, err := readSettings(v, command, true)
			if err != nil {
				return trouble(err)
			}
			if !command.Flags().Changed("seed") {
				o.seed = rand.Uint64() //nolint:gosec // It draws a sample.
			}
			return o.do(command, s)
		},
	}
	if err := addSettingsCommand(parent, v, command); err != nil {
		return err
	}
	flags := command.Flags()
	snapshotFlag(flags, &o.file)
	flags.IntVar(&o.sample, "sample", verify.DefaultSample, "How many people to draw; of groups half as many, of applications a fifth")
	flags.Uint64Var(&o.seed, "seed", 0, "Draw the objects of an earlier run (default: others each time)")
	flags.Int64Var(&o.requests, "requests", verify.DefaultRequests, "How many requests to send at most")
	flags.Int64Var(&o.units, "units", verify.DefaultUnits, "How many resource units of Graph to use at most")
	flags.DurationVar(&o.pause, "pause", verifyPause, "How long to wait before looking again at what differs")
	flags.DurationVar(&o.patience, "patience", verifyPatience, "How long to ask the audit log about what differs")
	flags.BoolVar(&o.json, "json", false, "Write the report as one JSON document")
	return nil
}

// addVerifyFlag lets a sync be followed by a comparison. The snapshot is in its place
// by then and stays there, whatever comes of it.
func addVerifyFlag(root *cobra.Command, v *viper.Viper) {
	root.Flags().Bool(verifyFlag, false, "After a sync, hold the snapshot against the tenant, as the verify command does")
	sync := root.RunE
	root.RunE = func(command *cobra.Command, args []string) error {
		flags := command.Flags()
		if !given(flags, verifyFlag) || os.Getenv(scratchVariable) != "" {
			return sync(command, args)
		}
		if operation, err := operationAsked(flags); err != nil || operation || given(flags, "client-id") || given(flags, "compact-syncs") {
			return errors.Join(err, fmt.Errorf("--%s belongs to a sync into a file", verifyFlag))
		}
		if err := sync(command, args); err != nil {
			return err
		}
		s, err := readSettings(v, command, true)
		if err != nil {
			return trouble(err)
		}
		o := verifyOptions{
			sample: verify.DefaultSample, seed: rand.Uint64(), requests: verify.DefaultRequests, units: verify.DefaultUnits, //nolint:gosec // It draws a sample.
			pause: verifyPause, patience: verifyPatience,
		}
		if o.file, err = flags.GetString("file"); err != nil {
			return err
		}
		return o.do(command, s)
	}
}

// do compares, says what came of it, and ends with the status that says the same.
func (o *verifyOptions) do(command *cobra.Command, s *settings) error {
	r, err := o.run(command.Context(), s, command.ErrOrStderr())
	if err == nil {
		err = o.write(r, command.OutOrStdout())
	}
	switch {
	case err != nil:
		return trouble(err)
	case r.Count(verify.VerdictWrong) > 0:
		return &exitError{code: exitWrong}
	case !r.Right():
		return &exitError{code: exitTrouble}
	default:
		return nil
	}
}

func (o *verifyOptions) write(r *verify.Report, to io.Writer) error {
	if o.json {
		return r.WriteJSON(to)
	}
	return r.WriteText(to)
}

// run compares. What is done is said on standard error.
func (o *verifyOptions) run(ctx context.Context, s *settings, say io.Writer) (*verify.Report, error) {
	if o.sample < 1 || o.requests < 1 || o.units < 1 {
		return nil, errors.New("--sample, --requests and --units have to be 1 or more")
	}
	c, err := connector.New(s.config, s.opts, connector.Options{Version: version})
	if err != nil {
		return nil, err
	}
	var made *verify.Report
	err = withSnapshot(ctx, o.file, "the comparison", func(ctx context.Context, snapshot *access.Snapshot) error {
		if err := sameTenant(ctx, c, snapshot); err != nil {
			return err
		}
		var err error
		made, err = verify.Run(ctx, verify.Options{
			Snapshot: snapshot, Graph: c.Client().Sender, Sample: o.sample, Seed: o.seed, Requests: o.requests, Units: o.units, Pause: o.pause, Patience: o.patience,
			Progress: func(what string) {
				if onTerminal() {
					_, _ = fmt.Fprintln(say, what)
				}
			},
		})
		return err
	})
	return made, err
}

// sameTenant makes sure that the snapshot is of the tenant that is asked.
func sameTenant(ctx context.Context, c *connector.Connector, s *access.Snapshot) error {
	organization, err := c.Organization(ctx)
	if err != nil {
		return err
	}
	if err := c.CheckTenant(organization); err != nil {
		return err
	}
	if of := s.About().TenantID; of != "" && !strings.EqualFold(of, organization.ID) {
		return fmt.Errorf("the snapshot is of the tenant %s, and the settings are those of the tenant %s", of, organization.ID)
	}
	return nil
}
