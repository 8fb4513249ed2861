// Command baton-azure-ad reads a Microsoft Entra ID tenant into a Baton
// snapshot: once, as a service of the ConductorOne platform, or as a subprocess
// over gRPC.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/conductorone/baton-sdk/pkg/cli"
	sdkconfig "github.com/conductorone/baton-sdk/pkg/config"
	"github.com/conductorone/baton-sdk/pkg/connectorrunner"
	"github.com/conductorone/baton-sdk/pkg/exit"
	"github.com/conductorone/baton-sdk/pkg/types"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// version is set by the release build.
var version = "dev"

// defaultWorkers is how many cursors the SDK runs side by side unless --workers
// says otherwise.
const defaultWorkers = 4

func main() {
	err := run(context.Background())
	var ended *exitError
	if errors.As(err, &ended) {
		if ended.what != "" {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(ended.code)
	}
	exit.LogExit(err)
}

func run(ctx context.Context) error {
	capabilities, err := connector.Capabilities()
	if err != nil {
		return err
	}
	// RunConnector would leave no room for keepOrder.
	v, command, err := sdkconfig.DefineConfigurationV2(
		ctx, connector.Name, newServer, config.Configuration,
		connectorrunner.WithDefaultCapabilitiesConnectorBuilderV2(capabilities),
		connectorrunner.WithSessionStoreEnabled(),
		connectorrunner.WithWorkerCount(defaultWorkers),
	)
	if err != nil {
		return fmt.Errorf("defining the command line: %w", err)
	}
	command.Version = version
	command.RunE = keepOrder(command.RunE)
	command.AddCommand(newDiffCommand())
	if err := errors.Join(addPermissionsCommand(command, v), addDoctorCommand(command, v)); err != nil {
		return fmt.Errorf("defining the command line: %w", err)
	}
	return command.ExecuteContext(ctx)
}

// newServer makes the connector that the SDK runs.
func newServer(ctx context.Context, cfg *config.AzureAd, opts cli.RunTimeOpts) (types.ConnectorServer, error) {
	c, err := connector.New(cfg, &cli.ConnectorOpts{
		TokenSource:         opts.TokenSource,
		SelectedAuthMethod:  opts.SelectedAuthMethod,
		SyncResourceTypeIDs: opts.SyncResourceTypeIDs,
		EgressPolicy:        opts.EgressPolicy,
	}, connector.Options{Version: version})
	if err != nil {
		return nil, err
	}
	return c.Server(ctx, opts)
}
