package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/conductorone/baton-azure-ad/internal/console/permissions"
	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

const permissionsHelp = `Show the least permissions of Microsoft Graph for what the flags ask for. No
tenant is contacted, and no credentials are needed.

The formats:
  text          a table for a person
  json          the same for a program
  markdown      the same as a page of documentation
  manifest      requiredResourceAccess, for an application's manifest
  az            a script for the Azure CLI that registers an application, adds
                the permissions and consents to them
  graph         the same with requests to Microsoft Graph, for curl
  consent-link  where an administrator consents to what an application lists;
                takes --azure-tenant-id and --azure-client-id

With --auth-method managed-identity, az and graph give the permissions to the
identity. With --provisioning, the permissions of changes are listed too;
--operation narrows them down.`

// permissionsOptions are the flags of permissions that are its own.
type permissionsOptions struct {
	format     string
	operations []string
}

// addPermissionsCommand adds the sub-command that lists permissions.
func addPermissionsCommand(parent *cobra.Command, v *viper.Viper) error {
	o := permissionsOptions{}
	command := &cobra.Command{
		Use:   "permissions",
		Short: "Show the least permissions that the given flags need, and how to register them",
		Long:  permissionsHelp,
		RunE: func(command *cobra.Command, _ []string) error {
			s, err := readSettings(v, command, false)
			if err == nil {
				err = o.write(s, command.OutOrStdout())
			}
			if err != nil {
				return trouble(err)
			}
			return nil
		},
	}
	if err := addSettingsCommand(parent, v, command); err != nil {
		return err
	}
	flags := command.Flags()
	flags.StringVar(&o.format, "format", permissions.DefaultFormat, "One of "+strings.Join(permissions.Formats(), ", "))
	flags.StringSliceVar(&o.operations, "operation", nil, "With --provisioning: only the permissions of these changes, such as group-members")
	return nil
}

// write writes what the settings need.
func (o *permissionsOptions) write(s *settings, to io.Writer) error {
	if len(o.operations) > 0 && !s.provisioning {
		return fmt.Errorf("--operation is about changes, which take --provisioning")
	}
	cloud, err := connector.Cloud(s.config)
	if err != nil {
		return err
	}
	list, err := connector.Permissions(s.config, s.opts, connector.Features{Provisioning: s.provisioning, Operations: o.operations})
	if err != nil {
		return err
	}
	r := permissions.Registration{Permissions: list, Cloud: cloud, AuthMethod: s.opts.SelectedAuthMethod}
	if o.format == permissions.FormatConsentLink {
		if err := config.ValidateApplication(s.config); err != nil {
			return err
		}
		r.TenantID, r.ClientID = s.config.AzureTenantId, s.config.AzureClientId
	}
	return permissions.Write(to, o.format, r)
}
