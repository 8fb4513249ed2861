package connector

import (
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-sdk/pkg/cli"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// Need says what becomes of the connector without a permission.
type Need string

// The needs, the most pressing first.
const (
	// NeedRequired means that there is no sync without it.
	NeedRequired Need = "required"
	// NeedOptional means that a sync leaves something out without it.
	NeedOptional Need = "optional"
	// NeedProvisioning means that a change of the tenant takes it.
	NeedProvisioning Need = "provisioning"
)

// Use is one thing that a permission is for.
type Use struct {
	// Name is the name of the data set or of the operation.
	Name string
	// Purpose says, for a person, what is read or changed.
	Purpose string
	Need    Need
	// License is what the tenant needs to have bought; empty for nothing.
	License string
	// Setting is the flag that switches it on or off; empty if none does.
	Setting string
	// Remark is what the permission alone does not give; empty for nothing.
	Remark string
}

// Permission is an application permission of Microsoft Graph that the
// configured features need.
type Permission struct {
	// Name is the permission as Microsoft writes it, and ID the id of its app
	// role.
	Name, ID string
	// Need is the most pressing one of the uses.
	Need Need
	Uses []Use
}

// Features are what a deployment wants beyond its configuration.
type Features struct {
	// Provisioning asks for the permissions of changes.
	Provisioning bool
	// Operations narrow the changes down by name; empty for all of them.
	Operations []string
}

// settings are the flags that switch data sets on and off, where one does.
var settings = map[model.DataSet]string{
	model.DataMailboxes:        "--" + config.MailboxPurposeField.FieldName,
	model.DataGuestSponsors:    "--" + config.GuestSponsorsField.FieldName,
	model.DataUserAttributes:   "--" + config.CustomSecurityAttributesField.FieldName,
	model.DataAppAttributes:    "--" + config.CustomSecurityAttributesField.FieldName,
	model.DataChannels:         "--" + config.SyncChannelsField.FieldName,
	model.DataChannelMembers:   "--" + config.SyncChannelsField.FieldName,
	model.DataResourceConsents: "--" + config.ResourceSpecificConsentsField.FieldName,
	model.DataDeletedUsers:     "--" + config.SyncDeletedUsersField.FieldName,
	model.DataDevices:          "--" + config.SyncDevicesField.FieldName,
	model.DataRisk:             "--" + config.SyncUserRiskField.FieldName,
	model.DataSignIns:          "off with --" + config.SkipSignInActivityField.FieldName,
	model.DataRegistrations:    "off with --" + config.SkipMFARegistrationField.FieldName,
	model.DataGroupEligibility: "off with --" + config.PimGroupsField.FieldName + " " + config.PimGroupsNone,
	model.DataGroupRules:       "off with --" + config.PimGroupsField.FieldName + " " + config.PimGroupsNone,
}

// Permissions are the least permissions that a configuration needs, in the
// order of the tables. Only settings that say what is read matter; nothing of
// the sign-in has to be there.
func Permissions(cfg *config.AzureAd, opts *cli.ConnectorOpts, features Features) ([]Permission, error) {
	filter := decide.NewFilters(cfg, opts)
	if err := checkNames("--sync-resource-types", filter.Only, resourceTypeNames()); err != nil {
		return nil, err
	}
	if err := checkNames("--operation", features.Operations, operationNames()); err != nil {
		return nil, err
	}
	var list permissionList
	for i := range decide.Sources {
		if s := &decide.Sources[i]; filter.Uses(s) {
			list.add(s.Permission, useOf(s))
		}
	}
	if features.Provisioning {
		for i := range change.Operations {
			o := &change.Operations[i]
			if !wantsOperation(&filter, o, features.Operations) {
				continue
			}
			for _, name := range o.Permissions {
				list.add(name, changeOf(o))
			}
		}
	}
	return list, nil
}

// permissionList has each permission once, with all its uses.
type permissionList []Permission

func (l *permissionList) add(name string, use Use) {
	for i := range *l {
		if p := &(*l)[i]; p.Name == name {
			p.Uses = append(p.Uses, use)
			if use.Need == NeedRequired || p.Need == NeedProvisioning {
				p.Need = use.Need
			}
			return
		}
	}
	*l = append(*l, Permission{Name: name, ID: permissionIDs[name], Need: use.Need, Uses: []Use{use}})
}

func useOf(s *decide.Source) Use {
	need := NeedRequired
	if s.Optional {
		need = NeedOptional
	}
	return Use{Name: string(s.Data), Purpose: s.Purpose, Need: need, License: s.License, Setting: settings[s.Data]}
}

func changeOf(o *change.Operation) Use {
	use := Use{Name: o.Name, Purpose: o.Purpose, Need: NeedProvisioning, License: o.License, Remark: o.Remark}
	if o.Setting != "" {
		use.Setting = "--" + o.Setting
	}
	return use
}

// wantsOperation reports whether a change belongs to what is synced and, where
// changes were named, is one of these, or else is not switched off.
func wantsOperation(f *decide.Filters, o *change.Operation, named []string) bool {
	switch {
	case len(named) > 0 && !slices.Contains(named, o.Name):
		return false
	case len(named) == 0 && o.Setting != "" && !f.Makes(o.Setting):
		return false
	}
	return slices.ContainsFunc(o.ResourceTypes, f.Chosen)
}

func resourceTypeNames() []string {
	var names []string
	for i := range decide.Sources {
		names = append(names, decide.Sources[i].ResourceTypes...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func operationNames() []string {
	names := make([]string, 0, len(change.Operations))
	for i := range change.Operations {
		names = append(names, change.Operations[i].Name)
	}
	return names
}

// checkNames refuses a name that nobody knows: a typing error would otherwise
// read as "needs nothing".
func checkNames(flag string, given, known []string) error {
	for _, name := range given {
		if !slices.Contains(known, name) {
			return fmt.Errorf("%s: there is no %q; it takes %s", flag, name, strings.Join(known, ", "))
		}
	}
	return nil
}
