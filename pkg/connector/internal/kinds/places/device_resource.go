package places

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func (s *DeviceSyncer) resource(d *graph.Device) (*v2.Resource, error) {
	id := model.ObjectID(d.ID)
	status := rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_ENABLED, "")
	if d.AccountEnabled != nil && !*d.AccountEnabled {
		status = rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_DISABLED, "the device is blocked")
	}
	profile := map[string]any{"id": d.ID, "deviceId": d.DeviceID}
	model.SetNonEmpty(profile, map[string]string{
		"operatingSystem": d.OperatingSystem, "operatingSystemVersion": d.OperatingSystemVersion, "trustType": d.TrustType,
		"deviceOwnership": d.DeviceOwnership, "lastSignIn": model.Timestamp(d.LastSignIn.Time),
	})
	options := []rs.ResourceOption{rs.WithResourceProfile(profile), status, s.Portal.Link(model.DeviceBlade, id)}
	if registered := d.RegistrationDateTime.Time; registered != nil {
		options = append(options, rs.WithResourceCreatedAt(*registered))
	}
	return rs.NewManagedDeviceResource(model.DisplayName(d.DisplayName, d.DeviceID, id), kinds.DeviceResourceType, id, deviceTrait(d), options...)
}

// deviceTrait leaves what Graph does not tell unspecified: for a device that
// nobody manages there is no such thing as compliance.
func deviceTrait(d *graph.Device) []rs.ManagedDeviceTraitOption {
	trait := []rs.ManagedDeviceTraitOption{
		rs.WithManagedDeviceOS(v2.DeviceOS_builder{
			Type: operatingSystem(d.OperatingSystem), Name: d.OperatingSystem, Version: d.OperatingSystemVersion,
		}.Build()),
		rs.WithManagedDeviceModel(d.Model),
		rs.WithManagedDeviceVendor(d.Manufacturer),
	}
	if d.IsManaged != nil {
		state := v2.ManagedDeviceTrait_MANAGEMENT_STATE_UNMANAGED
		if *d.IsManaged {
			state = v2.ManagedDeviceTrait_MANAGEMENT_STATE_MANAGED
		}
		trait = append(trait, rs.WithManagedDeviceManagementState(state))
	}
	if d.IsCompliant != nil {
		compliance := v2.ManagedDeviceTrait_COMPLIANCE_NONCOMPLIANT
		if *d.IsCompliant {
			compliance = v2.ManagedDeviceTrait_COMPLIANCE_COMPLIANT
		}
		trait = append(trait, rs.WithManagedDeviceCompliance(compliance))
	}
	if d.DeviceOwnership == "Personal" || d.DeviceOwnership == "Company" {
		trait = append(trait, rs.WithManagedDevicePersonal(d.DeviceOwnership == "Personal"))
	}
	return trait
}

// operatingSystem is the kind of a device's operating system, whose names Graph
// keeps as the devices give them.
func operatingSystem(name string) v2.DeviceOS_OsType {
	switch lower := strings.ToLower(name); {
	case lower == "":
		return v2.DeviceOS_OS_TYPE_UNSPECIFIED
	case strings.HasPrefix(lower, "windows"):
		return v2.DeviceOS_OS_TYPE_WINDOWS
	case strings.HasPrefix(lower, "mac"):
		return v2.DeviceOS_OS_TYPE_MACOS
	case strings.HasPrefix(lower, "ipados"), strings.HasPrefix(lower, "ipad"):
		return v2.DeviceOS_OS_TYPE_IPADOS
	case strings.HasPrefix(lower, "ios"), strings.HasPrefix(lower, "iphone"):
		return v2.DeviceOS_OS_TYPE_IOS
	case strings.HasPrefix(lower, "android"):
		return v2.DeviceOS_OS_TYPE_ANDROID
	case strings.HasPrefix(lower, "linux"):
		return v2.DeviceOS_OS_TYPE_LINUX
	default:
		return v2.DeviceOS_OS_TYPE_OTHER
	}
}

// Get reads one device.
func (s *DeviceSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	return kinds.GetOne(ctx, id, s.Client.Device, s.resource)
}
