package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/field"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// settingsUsage is what a command says after its own flags that takes the settings of
// a sync.
const settingsUsage = `
Of the flags for a sync, --auth-method, --sync-resource-types and --provisioning count here too.
`

// ownUsage tells how a command is called, and its own flags: few of the SDK's, or of
// the connector's for a sync, mean anything to it. It is a function and no template,
// because one template keeps all that any type can do in the program.
func ownUsage(c *cobra.Command, rest string) error {
	_, err := fmt.Fprintf(c.OutOrStderr(), "Usage:\n  %s\n\nFlags:\n%s\n%s", c.UseLine(), strings.TrimRightFunc(c.LocalFlags().FlagUsages(), unicode.IsSpace), rest)
	return err
}

// checkConfigurationFile fails where the SDK (v0.26.0, pkg/config) goes on
// without the settings of a file that it cannot read, or that was named and is
// not there.
func checkConfigurationFile(v *viper.Viper) error {
	err := v.ReadInConfig()
	var missing viper.ConfigFileNotFoundError
	named := os.Getenv("BATON_CONFIG_PATH")
	if err == nil || errors.As(err, &missing) && named == "" {
		return nil
	}
	return fmt.Errorf("reading the configuration file: %w", err)
}

// addSettingsCommand adds a sub-command that takes the connector's settings from
// where a sync takes them: flags, environment and configuration file.
func addSettingsCommand(parent *cobra.Command, v *viper.Viper, command *cobra.Command) error {
	command.Args = cobra.NoArgs
	command.SetUsageFunc(func(c *cobra.Command) error { return ownUsage(c, settingsUsage) })
	command.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return trouble(err) })
	_, err := cli.AddCommand(parent, v, &config.Configuration, command)
	return err
}

// settings are what a sub-command was told.
type settings struct {
	config       *config.AzureAd
	opts         *cli.ConnectorOpts
	provisioning bool
}

// readSettings reads the connector's settings as the SDK does for a sync.
// Uploads are files of which the content is read if readFiles says so.
func readSettings(v *viper.Viper, command *cobra.Command, readFiles bool) (*settings, error) {
	if err := v.BindPFlags(command.Flags()); err != nil {
		return nil, err
	}
	cfg, err := cli.MakeGenericConfiguration[*config.AzureAd](v, field.WithAdditionalDecodeHooks(field.FileUploadDecodeHook(readFiles)))
	if err != nil {
		// The SDK lists what is wrong on lines of its own.
		return nil, errors.New("reading the settings: " + strings.Join(strings.Fields(err.Error()), " "))
	}
	method, err := config.ResolveAuthMethod(v.GetString("auth-method"))
	if err != nil {
		return nil, err
	}
	if err := field.Validate(config.Configuration, cfg, field.WithAuthMethod(method)); err != nil {
		return nil, err
	}
	return &settings{
		config: cfg,
		opts: &cli.ConnectorOpts{
			SelectedAuthMethod:  method,
			SyncResourceTypeIDs: v.GetStringSlice(typesFlag),
		},
		provisioning: v.GetBool("provisioning"),
	}, nil
}
