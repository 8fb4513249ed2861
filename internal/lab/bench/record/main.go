// Command record is baton-azure-ad with every answer to the SDK written down,
// for the floor to replay. BENCH_RECORDING names the directory; all settings
// are the connector's.
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

	"github.com/conductorone/baton-azure-ad/internal/lab/bench/recording"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

const directoryVariable = "BENCH_RECORDING"

func main() { exit.LogExit(run(context.Background())) }

func run(ctx context.Context) error {
	if os.Getenv(directoryVariable) == "" {
		return errors.New(directoryVariable + " must name the directory to record to")
	}
	_, command, err := sdkconfig.DefineConfigurationV2(
		ctx, connector.Name, newServer, config.Configuration,
		connectorrunner.WithSessionStoreEnabled(),
	)
	if err != nil {
		return fmt.Errorf("defining the command line: %w", err)
	}
	return command.ExecuteContext(ctx)
}

// newServer makes the connector that the SDK runs.
func newServer(ctx context.Context, cfg *config.AzureAd, opts cli.RunTimeOpts) (types.ConnectorServer, error) {
	c, err := connector.New(cfg, &cli.ConnectorOpts{
		SelectedAuthMethod:  opts.SelectedAuthMethod,
		SyncResourceTypeIDs: opts.SyncResourceTypeIDs,
	}, connector.Options{Version: "dev"}) // As a build without a version: the rows are compared.
	if err != nil {
		return nil, err
	}
	server, err := c.Server(ctx, opts)
	if err != nil {
		return nil, err
	}
	return recording.Record(server, recording.NewWriter(os.Getenv(directoryVariable))), nil
}
