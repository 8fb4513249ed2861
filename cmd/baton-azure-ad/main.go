// Command baton-azure-ad reads a Microsoft Entra ID tenant into a Baton
// snapshot: once, as a service of the ConductorOne platform, or as a subprocess
// over gRPC.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	sdkconfig "github.com/conductorone/baton-sdk/pkg/config"
	"github.com/conductorone/baton-sdk/pkg/connectorrunner"
	"github.com/conductorone/baton-sdk/pkg/exit"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// defaultWorkers is how many cursors the SDK runs side by side unless --workers
// says otherwise.
const defaultWorkers = 4

func main() {
	err := run(context.Background())
	var ended *exitError
	if errors.As(err, &ended) {
		if ended.what != "" {
			say(err)
		}
		os.Exit(ended.code)
	}
	if err != nil && !leaveReasons(fromSnapshot(err)) {
		say(err)
	}
	exit.Exit(err)
}

// say writes an error, which can quote what a server or a file said, for a
// terminal.
func say(err error) { fmt.Fprintln(os.Stderr, terminal.HarmlessLines(err.Error())) }

func run(ctx context.Context) error {
	capabilities, err := connector.Capabilities()
	if err != nil {
		return err
	}
	if err := takeOtherNames(func(line string) { fmt.Fprintln(os.Stderr, line) }); err != nil {
		return err
	}
	made := &maker{}
	// RunConnector would leave no room for keepOrder.
	v, command, err := sdkconfig.DefineConfigurationV2(
		ctx, connector.Name, made.server, config.Configuration,
		connectorrunner.WithDefaultCapabilitiesConnectorBuilderV2(capabilities),
		connectorrunner.WithSessionStoreEnabled(),
		connectorrunner.WithWorkerCount(defaultWorkers),
	)
	if err != nil {
		return fmt.Errorf("defining the command line: %w", err)
	}
	if err := checkConfigurationFile(v); err != nil {
		return err
	}
	made.settings = v
	made.watch(command)
	command.Version = version
	command.RunE = keepOrder(made.telling(withTenant(v, command.RunE)))
	addOperationFlags(command)
	addServiceFlags(command)
	addVerifyFlag(command, v)
	command.AddCommand(newDiffCommand(), newAskCommand(), newReportCommand(), newExportCommand(), newActionsCommand())
	if err := errors.Join(addPermissionsCommand(command, v), addDoctorCommand(command, v), addVerifyCommand(command, v)); err != nil {
		return fmt.Errorf("defining the command line: %w", err)
	}
	return command.ExecuteContext(ctx)
}
