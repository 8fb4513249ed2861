// Command floor is the least that a sync of the same rows costs: a connector
// that replays what baton-azure-ad answered for a tenant, from disk and page for
// page, through the same SDK with the same options. What the connector costs
// beyond it is its own doing; what both cost is the SDK's.
package main

import (
	"context"
	"fmt"
	"sync"

	sdkconfig "github.com/conductorone/baton-sdk/pkg/config"

	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/conductorone/baton-sdk/pkg/connectorrunner"
	"github.com/conductorone/baton-sdk/pkg/exit"
	"github.com/conductorone/baton-sdk/pkg/field"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/spf13/viper"

	"github.com/conductorone/baton-azure-ad/internal/lab/bench/recording"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// defaultWorkers is the connector's own default.
const defaultWorkers = 4

var recordingField = field.StringField("recording", field.WithRequired(true), field.WithDescription("Directory of the recording to replay"))

func main() { exit.LogExit(run(context.Background())) }

func run(ctx context.Context) error {
	capabilities, err := connector.Capabilities()
	if err != nil {
		return err
	}
	_, command, err := sdkconfig.DefineConfigurationV2(
		ctx, "floor", newServer, field.NewConfiguration([]field.SchemaField{recordingField}),
		connectorrunner.WithDefaultCapabilitiesConnectorBuilderV2(capabilities),
		connectorrunner.WithSessionStoreEnabled(),
		connectorrunner.WithWorkerCount(defaultWorkers),
	)
	if err != nil {
		return fmt.Errorf("defining the command line: %w", err)
	}
	return command.ExecuteContext(ctx)
}

// newServer makes the connector that the SDK runs.
func newServer(ctx context.Context, cfg *viper.Viper, opts cli.RunTimeOpts) (types.ConnectorServer, error) {
	capabilities, err := connector.Capabilities()
	if err != nil {
		return nil, err
	}
	rest, err := connectorbuilder.NewConnector(ctx, capabilities, connectorbuilder.WithSessionStore(opts.SessionStore))
	if err != nil {
		return nil, fmt.Errorf("setting up the floor: %w", err)
	}
	dir := cfg.GetString(recordingField.FieldName)
	return recording.Replay(rest, sync.OnceValues(func() (*recording.Reader, error) { return recording.Open(dir) })), nil
}
