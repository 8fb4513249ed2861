package graphsim

import "fmt"

// Service principals with a reason to exist have fixed indexes, the same at every size.
const (
	SPGraph      = iota // Microsoft Graph itself.
	SPConnector         // The application whose credentials Server hands out.
	SPExchange          // Another Microsoft application with application permissions.
	SPPayroll           // Several roles, one disabled and still held; users, groups, apps, managed and agent identities hold them.
	SPWiki              // No roles: default access only, for more principals than a page holds.
	SPDisabled          // accountEnabled is false.
	SPGallery           // Owned by another tenant.
	SPNested            // A role held by a group with nested groups.
	SPCycle             // A role held by a group of a cycle.
	SPBusyMember        // Member of more than 20 groups.
	SPBusyOwner         // Owner of more than 20 objects.
	SPUnassigned        // Requires assignment and has none.
	SPLegacyApp         // servicePrincipalType Legacy.
	firstRandomSP
)

const (
	graphAppID       = "00000003-0000-0000-c000-000000000000"
	exchangeAppID    = "00000002-0000-0ff1-ce00-000000000000"
	microsoftTenant  = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
	galleryTenant    = "9188040d-6c67-4c5b-b112-36a304b66dad"
	defaultAppRoleID = "00000000-0000-0000-0000-000000000000"
)

// generateServicePrincipals makes the applications, managed identities and agent identities.
func (t *Tenant) generateServicePrincipals() {
	t.sps = make([]servicePrincipal, t.shape.servicePrincipals)
	fixed := map[int]servicePrincipal{
		SPGraph:      {label: "Microsoft Graph", wellKnownID: graphAppID, foreign: true, roles: t.graphRoles()},
		SPConnector:  {label: "Baton Connector"},
		SPExchange:   {label: "Office 365 Exchange Online", wellKnownID: exchangeAppID, foreign: true, roles: t.exchangeRoles()},
		SPPayroll:    {label: "Payroll", assignmentRequired: true, roles: t.payrollRoles()},
		SPWiki:       {label: "Wiki"},
		SPDisabled:   {label: "Old Intranet", disabled: true, roles: t.appRoles(SPDisabled, 2)},
		SPGallery:    {label: "Salesforce", foreign: true, roles: t.appRoles(SPGallery, 3)},
		SPNested:     {label: "Nested Access", assignmentRequired: true, roles: t.appRoles(SPNested, 2)},
		SPCycle:      {label: "Cycle Access", roles: t.appRoles(SPCycle, 1)},
		SPBusyMember: {label: "Busy Member"},
		SPBusyOwner:  {label: "Busy Owner"},
		SPUnassigned: {label: "Nobody Yet", assignmentRequired: true, roles: t.appRoles(SPUnassigned, 1)},
		SPLegacyApp:  {label: "Legacy Portal", kind: spLegacy},
	}
	for i := range t.sps {
		if s, ok := fixed[i]; ok {
			t.sps[i] = s
			continue
		}
		t.sps[i] = t.randomSP(i)
	}
}

func (t *Tenant) randomSP(i int) servicePrincipal {
	switch {
	case i%7 == 1:
		return servicePrincipal{kind: spManagedIdentity}
	case i%11 == 2:
		return servicePrincipal{kind: spAgentIdentity}
	case i%11 == 3:
		return servicePrincipal{kind: spAgentBlueprint}
	}
	h := t.hash(spRef(i), saltShape)
	return servicePrincipal{
		disabled:           i%9 == 4,
		foreign:            i%5 == 0,
		assignmentRequired: h%2 == 0,
		roles:              t.appRoles(i, below(h>>8, 5)),
	}
}

// firstSP is the first service principal of a kind.
func (t *Tenant) firstSP(kind spKind) Ref {
	for i := range t.sps {
		if t.sps[i].kind == kind {
			return spRef(i)
		}
	}
	return spRef(firstRandomSP)
}

func (t *Tenant) spName(i int) string {
	s := t.sps[i]
	if s.label != "" {
		return s.label
	}
	name := pick(appNames, t.hash(spRef(i), saltName))
	switch s.kind {
	case spManagedIdentity:
		return fmt.Sprintf("mi-%s-%d", name, i)
	case spAgentIdentity:
		return name + " Agent"
	case spAgentBlueprint:
		return name + " Agent Blueprint"
	default:
		return t.lengthened(spRef(i), name)
	}
}

// hasRegistration is whether the application object of a service principal lives in this tenant.
func (t *Tenant) hasRegistration(i int) bool {
	s := t.sps[i]
	return (s.kind == spApplication || s.kind == spAgentBlueprint) && !s.foreign
}

func (t *Tenant) appID(i int) string {
	if id := t.sps[i].wellKnownID; id != "" {
		return id
	}
	return t.guidOf(makeRef(kindAppID, i)).String()
}

const rolesPerApp = 1024 // Room for role ids per application.

func (t *Tenant) appRoleID(sp, n int) guid { return t.guidOf(makeRef(kindAppRole, sp*rolesPerApp+n)) }

var roleWords = []string{"Reader", "Contributor", "Approver", "Administrator", "Auditor"}

func (t *Tenant) appRoles(sp, n int) []appRole {
	out := make([]appRole, 0, n)
	for k := range n {
		word := roleWords[k%len(roleWords)]
		out = append(out, appRole{id: t.appRoleID(sp, k), value: word, name: word, forUsers: true, forApps: k%2 == 0})
	}
	return out
}

// The roles of SPPayroll.
const (
	PayrollReader = iota
	PayrollApprover
	PayrollRetired // Disabled, and still held.
	PayrollService // For applications only.
)

func (t *Tenant) payrollRoles() []appRole {
	return []appRole{
		PayrollReader:   {id: t.appRoleID(SPPayroll, PayrollReader), value: "Payroll.Read", name: "Reader", forUsers: true},
		PayrollApprover: {id: t.appRoleID(SPPayroll, PayrollApprover), value: "Payroll.Approve", name: "Approver", forUsers: true, forApps: true},
		PayrollRetired:  {id: t.appRoleID(SPPayroll, PayrollRetired), value: "Payroll.Legacy", name: "Legacy (retired)", disabled: true, forUsers: true},
		PayrollService:  {id: t.appRoleID(SPPayroll, PayrollService), value: "Payroll.Service", name: "Service", forApps: true},
	}
}

// graphPermissionIDs are Microsoft Graph's published ids of application permissions.
var graphPermissionIDs = []struct{ value, id string }{
	{"User.Read.All", "df021288-bdef-4463-88db-98f22de89214"},
	{"GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"},
	{"Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"},
	{"RoleManagement.Read.Directory", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c"},
	{"Member.Read.Hidden", "658aa5d8-239f-45c4-aa12-864f4fc7e490"},
	{"Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"},
	{"Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"},
	{"Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"},
	{"Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09"},
	{"AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da"},
	{"User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca"},
	{"Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"},
	{"Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96"},
	{"Sites.Read.All", "332a536c-c7ef-4017-ab91-336970924f0d"},
	{"Calendars.Read", "798ee544-9d2d-430c-a058-570e29e34338"},
	{"RoleManagement.ReadWrite.Directory", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"},
	{"AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f"},
	{"AdministrativeUnit.Read.All", "134fd756-38ce-4afd-ba33-e9623dbe66c2"},
	{"Device.Read.All", "7438b122-aefc-4978-80ed-43db9fcc7715"},
	{"MailboxSettings.Read", "40f97065-369a-49f4-947c-6a255697ae91"},
	{"IdentityRiskyUser.Read.All", "dc5007c0-2d7d-4c42-879c-2dab87571379"},
}

// graphRoles gives Microsoft Graph its well-known permissions and enough others to make its row long.
func (t *Tenant) graphRoles() []appRole {
	out := make([]appRole, 0, graphRoleCount)
	for _, p := range graphPermissionIDs {
		id, _ := parseGUID(p.id)
		out = append(out, appRole{id: id, value: p.value, name: p.value, forApps: true})
	}
	for _, noun := range appNames {
		for _, verb := range []string{"Read", "ReadWrite", "Manage", "Send", "Export", "Import", "Approve", "Delete"} {
			value := fmt.Sprintf("Sim%s.%s.All", noun, verb)
			out = append(out, appRole{id: t.appRoleID(SPGraph, len(out)), value: value, name: value, forApps: true})
		}
	}
	if t.quirks.has(QuirkGraphRoles) {
		return t.withRealWeight(out)
	}
	return out
}

func (t *Tenant) exchangeRoles() []appRole {
	out := t.appRoles(SPExchange, 3)
	for i := range out {
		out[i].forUsers, out[i].forApps = false, true
	}
	return out
}
