package connector

// GraphAppID is the application id of Microsoft Graph, the same in every tenant
// (https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in).
const GraphAppID = "00000003-0000-0000-c000-000000000000"

// permissionIDs are the ids of Microsoft Graph's application permissions, which
// are app roles of its service principal and the same in every tenant and cloud
// (https://learn.microsoft.com/graph/permissions-reference#all-permissions).
// Checked in August 2026 against the descriptions and the deployment list that
// Microsoft publishes in microsoftgraph/microsoft-graph-devx-content, and each
// against a copy that others have taken from a tenant.
var permissionIDs = map[string]string{ //nolint:gosec // Everybody may know them.
	"AdministrativeUnit.Read.All":                          "134fd756-38ce-4afd-ba33-e9623dbe66c2",
	"AdministrativeUnit.ReadWrite.All":                     "5eb59dd3-1da2-4329-8733-9dabdc435916",
	"AppRoleAssignment.ReadWrite.All":                      "06b708a9-e830-4db3-a914-8e69da51d44f",
	"Application.Read.All":                                 "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
	"Application.ReadWrite.OwnedBy":                        "18a4783c-866b-4cc7-a460-3d5e5662c884",
	"AuditLog.Read.All":                                    "b0afded3-3588-46d8-8b3d-9842eff778da",
	"Channel.ReadBasic.All":                                "59a6b24b-4225-4393-8165-ebaec5f55d7a",
	"ChannelMember.Read.All":                               "3b55498e-47ec-484f-8136-9013221c06a9",
	"CustomSecAttributeAssignment.Read.All":                "3b37c5a4-1226-493d-bec3-5d6c6b866f3f",
	"DelegatedPermissionGrant.ReadWrite.All":               "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
	"Device.Read.All":                                      "7438b122-aefc-4978-80ed-43db9fcc7715",
	"Directory.Read.All":                                   "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
	"EntitlementManagement.Read.All":                       "c74fd47d-ed3c-45c3-9a9e-b8676de685d2",
	"EntitlementManagement.ReadWrite.All":                  "9acd699f-1e81-4958-b001-93b1d2506e19",
	"Group.Create":                                         "bf7b1a76-6e77-406b-b258-bf5c7720e98f",
	"Group.ReadWrite.All":                                  "62a82d76-70ea-41e2-9197-370581804d09",
	"GroupMember.Read.All":                                 "98830695-27a2-44f7-8c18-0c3ebc9698f6",
	"GroupMember.ReadWrite.All":                            "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
	"IdentityRiskyUser.Read.All":                           "dc5007c0-2d7d-4c42-879c-2dab87571379",
	"LicenseAssignment.Read.All":                           "e2f98668-2877-4f38-a2f4-8202e0717aa1",
	"LicenseAssignment.ReadWrite.All":                      "5facf0c1-8979-4e95-abcf-ff3d079771c0",
	"MailboxSettings.Read":                                 "40f97065-369a-49f4-947c-6a255697ae91",
	"Member.Read.Hidden":                                   "658aa5d8-239f-45c4-aa12-864f4fc7e490",
	"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup":  "41202f2c-f7ab-45be-b001-85c9728b9d69",
	"PrivilegedEligibilitySchedule.Read.AzureADGroup":      "edb419d6-7edc-42a3-9345-509bfdf5d87c",
	"PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": "618b6020-bca8-4de6-99f6-ef445fa4d857",
	"RoleAssignmentSchedule.ReadWrite.Directory":           "dd199f4a-f148-40a4-a2ec-f0069cc799ec",
	"RoleEligibilitySchedule.ReadWrite.Directory":          "fee28b28-e1f3-4841-818e-2704dc62245f",
	"RoleManagement.Read.Directory":                        "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
	"RoleManagement.ReadWrite.Directory":                   "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
	"RoleManagementPolicy.Read.AzureADGroup":               "69e67828-780e-47fd-b28c-7b27d14864e6",
	"Synchronization.ReadWrite.All":                        "9b50c33d-700f-43b1-b2eb-87e89b703581",
	"User-LifeCycleInfo.Read.All":                          "8556a004-db57-4d7a-8b82-97a13428e96f",
	"User-PasswordProfile.ReadWrite.All":                   "cc117bb9-00cf-4eb8-b580-ea2a878fe8f7",
	"User.DeleteRestore.All":                               "eccc023d-eccf-4e7b-9683-8813ab36cecc",
	"User.EnableDisableAccount.All":                        "3011c876-62b7-4ada-afa2-506cbbecc68c",
	"User.Invite.All":                                      "09850681-111b-4a89-9bed-3f2cae46d706",
	"User.Read.All":                                        "df021288-bdef-4463-88db-98f22de89214",
	"User.ReadWrite.All":                                   "741f803b-c850-494e-b5df-cde7c675a1ca",
	"User.RevokeSessions.All":                              "77f3a031-c388-4f99-b373-dc68676a979e",
	"UserAuthenticationMethod.ReadWrite.All":               "50483e42-d915-4231-9639-7fdb7fd190e5",
}
