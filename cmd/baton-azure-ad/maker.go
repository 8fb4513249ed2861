package main

import (
	"context"
	"os"

	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/types"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// provisioningFlag is the SDK's switch for changing the tenant.
const provisioningFlag = "provisioning"

// functionCommand is the SDK's command in the platform's function runtime, where
// provisioning is always on. Other builds have no such command.
const functionCommand = "lambda"

// sessionCacheFlag is the SDK's size of a process's own copy of a sync's session
// store; zero for none.
const sessionCacheFlag = "session-store-maximum-size"

// maker makes the connector that the SDK runs.
type maker struct {
	// settings are all flags, the SDK's included, once a command runs.
	settings   *viper.Viper
	inFunction bool
}

// watch notes when the platform's function runtime is what runs. There the calls
// of a sync reach several instances, and what one of them keeps of the session
// store does not change with what another writes: scopes of roles, and service
// principals in groups, were lost. So nothing is kept, whatever is configured.
func (m *maker) watch(root *cobra.Command) {
	for _, command := range root.Commands() {
		if command.Name() != functionCommand || command.RunE == nil {
			continue
		}
		run := command.RunE
		command.RunE = func(command *cobra.Command, args []string) error {
			m.inFunction = true
			m.settings.Set(sessionCacheFlag, 0)
			return run(command, args)
		}
	}
}

// server makes the connector. The SDK tells it of its own settings, but not
// whether it may change the tenant.
func (m *maker) server(ctx context.Context, cfg *config.AzureAd, opts cli.RunTimeOpts) (types.ConnectorServer, error) {
	silenceKiota()
	keepMemoryLow(ctx)
	c, err := connector.New(cfg, &cli.ConnectorOpts{
		TokenSource:         opts.TokenSource,
		SelectedAuthMethod:  opts.SelectedAuthMethod,
		SyncResourceTypeIDs: opts.SyncResourceTypeIDs,
		EgressPolicy:        opts.EgressPolicy,
	}, connector.Options{
		Version:      version,
		Provisioning: m.inFunction || m.settings.GetBool(provisioningFlag),
		Progress:     reportsEvery(),
		Rehearsal:    rehearsal(),
		Earlier:      os.Getenv(earlierVariable),
		Stop:         stopReading(ctx),
	})
	if err != nil {
		return nil, err
	}
	server, err := c.Server(ctx, opts)
	if err != nil {
		return nil, err
	}
	return confessing(witnessed(server)), nil
}
