package decide

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Tenant is what a sync knows of the tenant that it reads.
type Tenant struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	// Domains are the verified ones, the default one first.
	Domains []string `json:"domains,omitempty"`
	// Plans are the names of those that data sets depend on.
	Plans []string `json:"plans,omitempty"`
}

// keyTenant leads to the tenant. It is not a part of the decision, which each call
// reads: a tenant can have five thousand domains.
const keyTenant = "tenant"

func tenantOf(made *Decision) *Tenant {
	o := &made.organization
	return &Tenant{ID: model.ObjectID(o.ID), Name: o.DisplayName, Domains: o.Domains, Plans: graph.PlanNames(o.Plans)}
}

// TenantOf is the tenant of the sync of the index, as it was when the sync began, and
// what is read of it, as far as that is known by now. It asks nobody but the session
// store, unless it is the first that the sync asks for.
func (d *Decider) TenantOf(ctx context.Context, ix walk.Index) (*Tenant, *Decision, error) {
	made, err := d.Of(ctx, ix)
	if err != nil {
		return nil, nil, err
	}
	found, ok, err := walk.GetValue[Tenant](ctx, ix, keyTenant)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, nil, walk.ErrIndexLost
	}
	return &found, made, nil
}

// TenantNow is the tenant of which a sync would read now what the second value says.
func (d *Decider) TenantNow(ctx context.Context) (*Tenant, *Decision, error) {
	made, err := d.Current(ctx)
	if err != nil {
		return nil, nil, err
	}
	return tenantOf(made), made, nil
}

// Names are the names of the data sets that are read, in the order of the table.
func (d *Decision) Names() []string {
	names := make([]string, 0, len(d.Reads))
	for i := range Sources {
		if d.Has(Sources[i].Data) {
			names = append(names, string(Sources[i].Data))
		}
	}
	return names
}

// Settings are the values of the settings that say what is read, by flag. The types
// are there if not all of them are read.
func (f *Filters) Settings() map[string]any {
	pim := config.PimGroupsRoleAssignable
	switch {
	case slices.Contains(f.declined, model.DataGroupEligibility):
		pim = config.PimGroupsNone
	case f.EveryGroupEligibility:
		pim = config.PimGroupsAll
	}
	settings := map[string]any{
		config.SkipADGroupsField.FieldName:                  f.SkipADGroups,
		config.IncludeOnPremGroupMembersField.FieldName:     f.ThroughADGroups,
		config.SkipUnassignedAppsField.FieldName:            f.SkipUnassignedApps,
		config.PimGroupsField.FieldName:                     pim,
		config.SkipSignInActivityField.FieldName:            slices.Contains(f.declined, model.DataSignIns),
		config.SkipMFARegistrationField.FieldName:           slices.Contains(f.declined, model.DataRegistrations),
		config.MailboxPurposeField.FieldName:                slices.Contains(f.Asked, model.DataMailboxes),
		config.OnPremisesExtensionAttributesField.FieldName: f.ExtensionAttributes,
		config.GuestSponsorsField.FieldName:                 slices.Contains(f.Asked, model.DataGuestSponsors),
		config.CustomSecurityAttributesField.FieldName:      slices.Contains(f.Asked, model.DataUserAttributes),
		config.ResourceSpecificConsentsField.FieldName:      slices.Contains(f.Asked, model.DataResourceConsents),
		config.ContactDetailsField.FieldName:                f.ContactDetails,
		config.SyncDeletedUsersField.FieldName:              slices.Contains(f.Asked, model.DataDeletedUsers),
		config.SyncChannelsField.FieldName:                  slices.Contains(f.Asked, model.DataChannels),
		config.SyncDevicesField.FieldName:                   slices.Contains(f.Asked, model.DataDevices),
		config.SyncUserRiskField.FieldName:                  slices.Contains(f.Asked, model.DataRisk),
	}
	if only := slices.DeleteFunc(slices.Sorted(slices.Values(f.Only)), func(t string) bool { return t == model.TypeTenant }); len(only) > 0 {
		settings[SettingTypes] = only
	}
	return settings
}

// SettingTypes is the SDK's flag that narrows a sync down to some types.
const SettingTypes = "sync-resource-types"
