package graphsim

import "fmt"

// Devices with a reason to exist have fixed indexes, the same at every size.
const (
	DeviceOfTwo   = 1 // Has two owners.
	DeviceOfAnApp = 2 // Is owned by a service principal.
	DeviceScope   = 3 // A role is scoped to it.
	firstPhone    = 30
)

type devicePlatform struct{ system, version, maker, model, prefix, management string }

var devicePlatforms = []devicePlatform{
	{"Windows", "10.0.26100.1", "Contoso Computers", "Book 14", "LAPTOP", "mdm"},
	{"iOS", "18.1", "Apple", "iPhone 16", "PHONE", "mdm"},
	{"Android", "15", "Samsung", "Galaxy S24", "PHONE", "androidForWork"},
	{"MacMDM", "15.1", "Apple", "MacBook Pro", "MAC", "mdm"},
	{"Linux", "24.04", "Lenovo", "ThinkPad X1", "LINUX", ""},
}

// platform of a device; the first ones are laptops, which a dynamic group picks by their names.
func platform(i int) devicePlatform {
	if i < firstPhone {
		return devicePlatforms[0]
	}
	return devicePlatforms[i%len(devicePlatforms)]
}

func deviceName(_ *Tenant, i int) string { return fmt.Sprintf("%s-%05d", platform(i).prefix, i) }

func deviceEnabled(i int) bool { return i%19 != 7 }

func deviceManaged(_ *Tenant, i int) bool { return i%5 != 0 && platform(i).management != "" }

// deviceTrust is how a device is joined: to Entra, to both directories, or by its owner alone.
func deviceTrust(i int) string { return [...]string{"AzureAd", "ServerAd", "Workplace"}[i%3] }

func deviceSynced(_ *Tenant, i int) bool { return deviceTrust(i) == "ServerAd" }

// deviceOwners are the registered owners: one user as a rule.
func (t *Tenant) deviceOwners(i int) []Ref {
	h := t.hash(makeRef(KindDevice, i), saltGiven)
	switch {
	case i == DeviceOfTwo:
		return []Ref{userRef(userPlain), userRef(userOther)}
	case i == DeviceOfAnApp:
		return []Ref{spRef(SPBusyOwner), t.deletedUser(deletedOwner)}
	case i != DeviceScope && i%10 == 9:
		return nil
	default:
		return t.users(below(h, t.shape.users), 1)
	}
}

func (c *call) ownersOfDevice(r Ref) []Ref { return c.living(c.tenant.deviceOwners(r.index())) }

func newDeviceType() *entityType {
	const plain = inDefault | filterable
	deviceID := func(t *Tenant, i int) string { return t.guidOf(makeRef(kindMisc, 1_000_000+i)).String() }
	managed := func(v string) func(t *Tenant, i int) string {
		return func(t *Tenant, i int) string { return onlyIf(deviceManaged(t, i), v) }
	}
	return newEntityType(
		entityType{name: "device", kind: KindDevice},
		[]property{
			idProperty(KindDevice),
			flag("accountEnabled", plain, func(_ *Tenant, i int) bool { return deviceEnabled(i) }),
			date("approximateLastSignInDateTime", plain, func(t *Tenant, i int) string { return t.timestamp(makeRef(KindDevice, i), saltStep) }),
			text("deviceId", plain, deviceID),
			text("deviceOwnership", inDefault, managed("Company")),
			text("displayName", plain|sortable, deviceName),
			value("isCompliant", edmBool, plain, func(t *Tenant, i int) any {
				if !deviceManaged(t, i) {
					return nil
				}
				return i%4 != 0
			}),
			value("isManaged", edmBool, plain, func(t *Tenant, i int) any { return deviceManaged(t, i) }),
			text("managementType", inDefault, func(t *Tenant, i int) string { return onlyIf(deviceManaged(t, i), platform(i).management) }),
			text("manufacturer", inDefault, func(_ *Tenant, i int) string { return platform(i).maker }),
			text("mdmAppId", inDefault|filterable, managed("0000000a-0000-0000-c000-000000000000")),
			text("model", inDefault, func(_ *Tenant, i int) string { return platform(i).model }),
			date("onPremisesLastSyncDateTime", inDefault, func(t *Tenant, i int) string { return onlyIf(deviceSynced(t, i), "2026-10-30T02:00:00Z") }),
			trueOrNull("onPremisesSyncEnabled", plain, deviceSynced),
			text("operatingSystem", plain, func(_ *Tenant, i int) string { return platform(i).system }),
			text("operatingSystemVersion", plain, func(_ *Tenant, i int) string { return platform(i).version }),
			list("physicalIds", plain, func(t *Tenant, i int) []string {
				return []string{"[GID]:g:" + fmt.Sprint(6_825_000_000+i), "[USER-HWID]:" + deviceID(t, i)}
			}),
			text("profileType", plain, func(*Tenant, int) string { return "RegisteredDevice" }),
			date("registrationDateTime", inDefault, func(t *Tenant, i int) string { return t.timestamp(makeRef(KindDevice, i), saltCreated) }),
			text("trustType", plain, func(_ *Tenant, i int) string { return deviceTrust(i) }),
		},
		unset(edmDate, inDefault, "complianceExpirationDateTime deletedDateTime"),
		unset(edmString, inDefault, "deviceCategory deviceMetadata enrollmentProfileName enrollmentType onPremisesSecurityIdentifier"),
		unset(edmBool, inDefault, "isManagementRestricted isRooted"),
		unset(edmInt, inDefault, "deviceVersion"),
		unset(edmStrings, inDefault, "systemLabels"),
		unset(edmComplexes, inDefault, "alternativeSecurityIds"),
	)
}
