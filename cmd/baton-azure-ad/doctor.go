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

	"github.com/conductorone/baton-azure-ad/internal/doctor"
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

The exit status is 0 if nothing failed (warnings are allowed), 1 if something
did, 2 if it could not run.`

// addDoctorCommand adds the sub-command that examines the connection.
func addDoctorCommand(parent *cobra.Command, v *viper.Viper) error {
	asJSON := false
	command := &cobra.Command{
		Use:   "doctor",
		Short: "Check the connection, the permissions and each data set, and say what to do",
		Long:  doctorHelp,
		RunE: func(command *cobra.Command, _ []string) error {
			s, err := readSettings(v, command, true)
			if err != nil {
				return trouble(err)
			}
			healthy, err := runDoctor(command.Context(), s, asJSON, command.OutOrStdout())
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
	return nil
}

// runDoctor examines and writes what was found.
func runDoctor(ctx context.Context, s *settings, asJSON bool, to io.Writer) (bool, error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	report, err := doctor.Run(ctx, doctor.Options{Config: s.config, Opts: s.opts, Changes: s.provisioning, Version: version})
	switch {
	case ctx.Err() != nil:
		return false, errors.New("the examination was interrupted")
	case err != nil:
		return false, err
	case asJSON:
		err = report.WriteJSON(to)
	default:
		err = report.WriteText(to)
	}
	return report.Healthy, err
}
