package directory

import (
	"errors"
)

// RiskPageMax is the largest page of the list of risky users.
const RiskPageMax = 500

// Size is one of the prepared sizes of a tenant.
type Size string

// The prepared sizes.
const (
	// Tiny has the people of a small office, and what the larger ones have for a reason as far as those people go.
	Tiny   Size = "tiny"
	Small  Size = "small"
	Medium Size = "medium"
	Large  Size = "large"
	// MediumDouble is Medium with twice of everything, and LargeHalf and LargeDouble are Large with half and twice, for
	// telling what grows with a tenant.
	MediumDouble Size = "medium-double"
	LargeHalf    Size = "large-half"
	LargeDouble  Size = "large-double"
	// Heavy has many applications for its people, as tenants with a long history have.
	Heavy Size = "heavy"
)

// Shape holds the counts of a size.
type Shape struct {
	Users, Groups, ServicePrincipals int
	Devices, Contacts, Units         int
	Memberships, AppRoleAssignments  int
	BigGroup, WikiUsers              int
	CustomRoles, RoleAssignments     int

	RiskyUsers                  int // Exactly so many; zero for one in forty.
	SyncedHolders, SyncedPeople int // Synchronized groups that hold an app role, and the people in each.
}

var Shapes = map[Size]Shape{
	Tiny: {
		Users: 50, Groups: 75, ServicePrincipals: 60, Devices: 40, Contacts: 5, Units: 7,
		Memberships: 500, AppRoleAssignments: 400, BigGroup: 45, WikiUsers: 40, CustomRoles: 2, RoleAssignments: 50,
	},
	Small: {
		Users: 1300, Groups: 80, ServicePrincipals: 60, Devices: 120, Contacts: 15, Units: 8,
		Memberships: 5_000, AppRoleAssignments: 2_200, BigGroup: 1_205, WikiUsers: 1_100, CustomRoles: 4, RoleAssignments: 140,
		RiskyUsers: RiskPageMax, // A page of the largest size, exactly.
	},
	Medium: {
		Users: 10_000, Groups: 2_000, ServicePrincipals: 600, Devices: 1_500, Contacts: 120, Units: 12,
		Memberships: 100_000, AppRoleAssignments: 8_000, BigGroup: 6_000, WikiUsers: 2_100, CustomRoles: 80, RoleAssignments: 600,
		SyncedHolders: 8, SyncedPeople: 1_000,
	},
	MediumDouble: {
		Users: 20_000, Groups: 4_000, ServicePrincipals: 1_200, Devices: 3_000, Contacts: 240, Units: 24,
		Memberships: 200_000, AppRoleAssignments: 16_000, BigGroup: 12_000, WikiUsers: 4_200, CustomRoles: 80, RoleAssignments: 1_200,
		SyncedHolders: 8, SyncedPeople: 1_000,
	},
	Large: {
		Users: 100_000, Groups: 20_000, ServicePrincipals: 3_000, Devices: 20_000, Contacts: 1_500, Units: 60,
		Memberships: 1_000_000, AppRoleAssignments: 150_000, BigGroup: 60_000, WikiUsers: 20_000, CustomRoles: 150, RoleAssignments: 3_000,
		SyncedHolders: 8, SyncedPeople: 1_000,
	},
	LargeHalf: {
		Users: 50_000, Groups: 10_000, ServicePrincipals: 1_500, Devices: 10_000, Contacts: 750, Units: 30,
		Memberships: 500_000, AppRoleAssignments: 75_000, BigGroup: 30_000, WikiUsers: 10_000, CustomRoles: 150, RoleAssignments: 1_500,
		SyncedHolders: 8, SyncedPeople: 1_000,
	},
	Heavy: {
		Users: 50_000, Groups: 20_000, ServicePrincipals: 5_000, Devices: 10_000, Contacts: 750, Units: 40,
		Memberships: 500_000, AppRoleAssignments: 100_000, BigGroup: 30_000, WikiUsers: 10_000, CustomRoles: 150, RoleAssignments: 2_000,
		SyncedHolders: 8, SyncedPeople: 1_000,
	},
	LargeDouble: {
		Users: 200_000, Groups: 40_000, ServicePrincipals: 6_000, Devices: 40_000, Contacts: 3_000, Units: 120,
		Memberships: 2_000_000, AppRoleAssignments: 300_000, BigGroup: 120_000, WikiUsers: 40_000, CustomRoles: 150, RoleAssignments: 6_000,
		SyncedHolders: 8, SyncedPeople: 1_000,
	},
}

// ErrUnknownObject is returned for an id that names no object of the tenant.
var ErrUnknownObject = errors.New("no such object in the tenant")
