package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/conductorone/baton-azure-ad/internal/console/doctor"
)

// exitUnhealthy is the exit status of doctor where something is red. Trouble has
// exitTrouble.
const exitUnhealthy = 1

const doctorHelp = `Connect as configured, and check the way there step by step: the hosts, their
certificates, this machine's clock, the tenant and its cloud, the sign-in, the
token's permissions, the licences, and each data set of a sync. Nothing is
changed, and no secret is shown.

It takes the same settings as a sync. With --provisioning, the permissions of
changes are compared too.

With --forms it does something else: it sends each form of each request that a
sync can send, and says which of them this tenant's Microsoft Graph answers,
refuses or caps. That takes some minutes. With --json, what it writes has nothing
of the tenant in it and can be handed on.

The exit status is 0 if nothing failed (warnings are allowed), 1 if something
did, 2 if it could not run. With --forms, 1 says that a sync would fail on
something or leave something out.`

// addDoctorCommand adds the sub-command that examines the connection.
func addDoctorCommand(parent *cobra.Command, v *viper.Viper) error {
	asJSON, forms := false, false
	command := &cobra.Command{
		Use:   "doctor",
		Short: "Check the connection, the permissions and each data set, and say what to do",
		Long:  doctorHelp,
		RunE: func(command *cobra.Command, _ []string) error {
			s, err := readSettings(v, command, true)
			if err != nil {
				return trouble(err)
			}
			run := examine
			if forms {
				run = tryForms
			}
			healthy, err := runDoctor(command.Context(), s, run, asJSON, command.OutOrStdout())
			switch {
			case err != nil:
				return trouble(err)
			case !healthy:
				return &exitError{code: exitUnhealthy}
			default:
				return nil
			}
		},
	}
	if err := addSettingsCommand(parent, v, command); err != nil {
		return err
	}
	command.Flags().BoolVar(&asJSON, "json", false, "Write the report as one JSON document")
	command.Flags().BoolVar(&forms, "forms", false, "Try each form of each request, and say which are answered, refused or capped")
	return nil
}

// report is what an examination found.
type report interface {
	WriteJSON(to io.Writer) error
	WriteText(to io.Writer) error
}

// examine checks the way to the tenant, and reports whether nothing failed.
func examine(ctx context.Context, o doctor.Options) (report, bool, error) {
	r, err := doctor.Run(ctx, o)
	if err != nil {
		return nil, false, err
	}
	return r, r.Healthy, nil
}

// tryForms tries all forms of request, and reports whether a sync would read
// everything.
func tryForms(ctx context.Context, o doctor.Options) (report, bool, error) {
	r, err := doctor.RunForms(ctx, o)
	if err != nil {
		return nil, false, err
	}
	return r, r.Whole, nil
}

// runDoctor examines and writes what was found.
func runDoctor(ctx context.Context, s *settings, run func(context.Context, doctor.Options) (report, bool, error), asJSON bool, to io.Writer) (bool, error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	found, healthy, err := run(ctx, doctor.Options{Config: s.config, Opts: s.opts, Changes: s.provisioning, Version: version})
	switch {
	case ctx.Err() != nil:
		return false, errors.New("the examination was interrupted")
	case err != nil:
		return false, err
	case asJSON:
		err = found.WriteJSON(to)
	default:
		err = found.WriteText(to)
	}
	return healthy, err
}
