package powers

// PrivilegedRole is a directory role that Microsoft labels as privileged, or one of the
// two roles of directory synchronization.
type PrivilegedRole struct {
	// ID is the template id, which is the id of a built-in role in every tenant.
	ID   string
	Name string
	// Tier is 0 for roles that give the whole tenant away, directly or in one step, and 1
	// for the others.
	Tier int
}

// privilegedRoles are in the order in which they are reported
// (https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference,
// August 2026). A tenant's custom roles are not here: their ids say nothing about
// what they allow.
var privilegedRoles = []PrivilegedRole{
	{"62e90394-69f5-4237-9190-012177145e10", "Global Administrator", 0},
	{"e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator", 0},
	{"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "Privileged Authentication Administrator", 0},
	{"e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8", "Partner Tier2 Support", 0},
	{"8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", "Hybrid Identity Administrator", 0},
	{"d29b2b05-8046-44ba-8758-1e26182fcf32", "Directory Synchronization Accounts", 0},
	{"a92aed5d-d78a-4d16-b381-09adb37eb3b0", "On Premises Directory Sync Account", 0},
	{"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator", 0},
	{"158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator", 0},
	{"194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator", 1},
	{"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", "Conditional Access Administrator", 1},
	{"8329153b-31d0-4727-b945-745eb3bc5f31", "Domain Name Administrator", 1},
	{"be2f45a1-457d-42af-a067-6ec1fa63bc45", "External Identity Provider Administrator", 1},
	{"3a2c62db-5318-420d-8d74-23affee5d9d5", "Intune Administrator", 1},
	{"fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator", 1},
	{"c4e39bd9-1100-46d3-8c65-fb160da0071f", "Authentication Administrator", 1},
	{"729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator", 1},
	{"966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator", 1},
	{"4ba39ca4-527c-499a-b93d-d9b492c50246", "Partner Tier1 Support", 1},
	{"9360feb5-f418-4baa-8175-e2a00bac4301", "Directory Writers", 1},
	{"59d46f88-662b-457b-bceb-5c3809e5908f", "Lifecycle Workflows Administrator", 1},
	{"db506228-d27e-4b7d-95e5-295956d6615f", "Agent ID Administrator", 1},
	{"d2562ede-74db-457e-a7b6-544e236ebb61", "AI Administrator", 1},
	{"ecb2c6bf-0ab6-418e-bd87-7986f8d63bbe", "Attribute Provisioning Administrator", 1},
	{"25a516ed-2fa0-40ea-a2d0-12923a21473a", "Authentication Extensibility Administrator", 1},
	{"0b00bede-4072-4d22-b441-e7df02a1ef63", "Authentication Extensibility Password Administrator", 1},
	{"aaf43236-0c0d-4d5f-883a-6955382ac081", "B2C IEF Keyset Administrator", 1},
	{"7698a772-787b-4ac8-901f-60d6b08affd2", "Cloud Device Administrator", 1},
	{"cf1c38e5-3621-4004-a7cb-879624dced7c", "Application Developer", 1},
	{"5f2222b1-57c3-48ba-8ad5-d4759f1fde6f", "Security Operator", 1},
	{"f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader", 1},
	{"5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader", 1},
	{"422218e4-db15-4ef9-bbe0-8afb41546d79", "Attribute Provisioning Reader", 1},
	{"1fe13547-53f6-408d-ac04-7f8eed167b38", "AI Reader", 1},
}

// PrivilegedRoles are the privileged roles in the order of reports.
func PrivilegedRoles() []PrivilegedRole { return privilegedRoles }

var privilegedPlaces = func() map[string]int {
	places := make(map[string]int, len(privilegedRoles))
	for i := range privilegedRoles {
		places[privilegedRoles[i].ID] = i
	}
	return places
}()

// PrivilegedRoleOf is the row of a role and its place in reports, by its template id;
// ok is false for a role that is not privileged.
func PrivilegedRoleOf(id string) (PrivilegedRole, int, bool) {
	place, ok := privilegedPlaces[id]
	if !ok {
		return PrivilegedRole{}, 0, false
	}
	return privilegedRoles[place], place, true
}
