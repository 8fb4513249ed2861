package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// Devices with a reason to exist have fixed indexes, the same at every size.
const (
	DeviceOfTwo   = 1 // Has two owners.
	DeviceOfAnApp = 2 // Is owned by a service principal.
	DeviceScope   = 3 // A role is scoped to it.
	firstPhone    = 30
)

type devicePlatform struct{ System, version, maker, model, prefix, management string }

var DevicePlatforms = []devicePlatform{
	{"Windows", "10.0.26100.1", "Contoso Computers", "Book 14", "LAPTOP", "mdm"},
	{"iOS", "18.1", "Apple", "iPhone 16", "PHONE", "mdm"},
	{"Android", "15", "Samsung", "Galaxy S24", "PHONE", "androidForWork"},
	{"MacMDM", "15.1", "Apple", "MacBook Pro", "MAC", "mdm"},
	{"Linux", "24.04", "Lenovo", "ThinkPad X1", "LINUX", ""},
}

// Platform of a device; the first ones are laptops, which a dynamic group picks by their names.
func Platform(i int) devicePlatform {
	if i < firstPhone {
		return DevicePlatforms[0]
	}
	return DevicePlatforms[i%len(DevicePlatforms)]
}

// DeviceName is the display name of a device.
func DeviceName(_ *directory.Tenant, i int) string {
	return fmt.Sprintf("%s-%05d", Platform(i).prefix, i)
}

// DeviceEnabled is whether a device may sign in.
func DeviceEnabled(i int) bool { return i%19 != 7 }

func deviceManaged(_ *directory.Tenant, i int) bool { return i%5 != 0 && Platform(i).management != "" }

// DeviceTrust is how a device is joined: to Entra, to both directories, or by its owner alone.
func DeviceTrust(i int) string { return [...]string{"AzureAd", "ServerAd", "Workplace"}[i%3] }

func deviceSynced(_ *directory.Tenant, i int) bool { return DeviceTrust(i) == "ServerAd" }

// DeviceOwners are the registered owners: one user as a rule.
func DeviceOwners(t *directory.Tenant, i int) []directory.Ref {
	h := t.Hash(directory.MakeRef(directory.KindDevice, i), directory.SaltGiven)
	switch {
	case i == DeviceOfTwo:
		return []directory.Ref{directory.UserRef(directory.UserPlain), directory.UserRef(directory.UserOther)}
	case i == DeviceOfAnApp:
		return []directory.Ref{directory.SPRef(directory.SPBusyOwner), t.DeletedUser(directory.DeletedOwner)}
	case i != DeviceScope && i%10 == 9:
		return nil
	default:
		return t.Users(directory.Below(h, t.Shape.Users), 1)
	}
}

func newDeviceType() *directory.EntityType {
	const plain = directory.InDefault | directory.Filterable
	deviceID := func(t *directory.Tenant, i int) string {
		return t.GUIDOf(directory.MakeRef(directory.KindMisc, 1_000_000+i)).String()
	}
	managed := func(v string) func(t *directory.Tenant, i int) string {
		return func(t *directory.Tenant, i int) string { return onlyIf(deviceManaged(t, i), v) }
	}
	return directory.NewEntityType(
		directory.EntityType{Name: "device", Kind: directory.KindDevice},
		[]directory.Property{
			idProperty(directory.KindDevice),
			flag("accountEnabled", plain, func(_ *directory.Tenant, i int) bool { return DeviceEnabled(i) }),
			date("approximateLastSignInDateTime", plain, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.MakeRef(directory.KindDevice, i), directory.SaltStep)
			}),
			text("deviceId", plain, deviceID),
			text("deviceOwnership", directory.InDefault, managed("Company")),
			text("displayName", plain|directory.Sortable, DeviceName),
			value("isCompliant", directory.EDMBool, plain, func(t *directory.Tenant, i int) any {
				if !deviceManaged(t, i) {
					return nil
				}
				return i%4 != 0
			}),
			value("isManaged", directory.EDMBool, plain, func(t *directory.Tenant, i int) any { return deviceManaged(t, i) }),
			text("managementType", directory.InDefault, func(t *directory.Tenant, i int) string { return onlyIf(deviceManaged(t, i), Platform(i).management) }),
			text("manufacturer", directory.InDefault, func(_ *directory.Tenant, i int) string { return Platform(i).maker }),
			text("mdmAppId", directory.InDefault|directory.Filterable, managed("0000000a-0000-0000-c000-000000000000")),
			text("model", directory.InDefault, func(_ *directory.Tenant, i int) string { return Platform(i).model }),
			date("onPremisesLastSyncDateTime", directory.InDefault, func(t *directory.Tenant, i int) string { return onlyIf(deviceSynced(t, i), "2026-10-30T02:00:00Z") }),
			trueOrNull("onPremisesSyncEnabled", plain, deviceSynced),
			text("operatingSystem", plain, func(_ *directory.Tenant, i int) string { return Platform(i).System }),
			text("operatingSystemVersion", plain, func(_ *directory.Tenant, i int) string { return Platform(i).version }),
			list("physicalIds", plain, func(t *directory.Tenant, i int) []string {
				return []string{"[GID]:g:" + fmt.Sprint(6_825_000_000+i), "[USER-HWID]:" + deviceID(t, i)}
			}),
			text("profileType", plain, func(*directory.Tenant, int) string { return "RegisteredDevice" }),
			date("registrationDateTime", directory.InDefault, func(t *directory.Tenant, i int) string {
				return t.Timestamp(directory.MakeRef(directory.KindDevice, i), directory.SaltCreated)
			}),
			text("trustType", plain, func(_ *directory.Tenant, i int) string { return DeviceTrust(i) }),
		},
		unset(directory.EDMDate, directory.InDefault, "complianceExpirationDateTime deletedDateTime"),
		unset(directory.EDMString, directory.InDefault, "deviceCategory deviceMetadata enrollmentProfileName enrollmentType onPremisesSecurityIdentifier"),
		unset(directory.EDMBool, directory.InDefault, "isManagementRestricted isRooted"),
		unset(directory.EDMInt, directory.InDefault, "deviceVersion"),
		unset(directory.EDMStrings, directory.InDefault, "systemLabels"),
		unset(directory.EDMComplexes, directory.InDefault, "alternativeSecurityIds"),
	)
}
