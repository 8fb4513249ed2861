package graphsim

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

func (b *bench) withPermissions(names ...string) {
	b.server.SetPermissions(names...)
	b.bearer = b.login()
}

func TestEveryEndpointNeedsItsPermission(t *testing.T) {
	b := start(t)
	tenant := b.server.tenant
	ids := map[Kind]string{
		KindUser: tenant.ID(KindUser, directory.UserAdmin), KindGroup: tenant.ID(KindGroup, 3), KindServicePrincipal: tenant.ID(KindServicePrincipal, SPPayroll),
		KindApplication:    tenant.ID(KindApplication, directory.RegistrationPayroll),
		KindRoleDefinition: tenant.ID(KindRoleDefinition, 0), KindRoleAssignment: tenant.ID(KindRoleAssignment, 0),
		KindDevice: tenant.ID(KindDevice, 0), KindAdministrativeUnit: tenant.ID(KindAdministrativeUnit, 0),
		KindConsent: tenant.ID(KindConsent, 0), KindRegistrationDetails: tenant.ID(KindUser, directory.UserAdmin), KindRiskyUser: someoneAtRisk(tenant),
	}
	for _, r := range nouns.Routes() {
		path := strings.Replace(r.Path, "{id}", ids[r.Kind], 1)
		denial := api.CodeDenied
		switch {
		case r.Path == "directory/deleteditems/{id}":
			path = strings.Replace(r.Path, "{id}", tenant.IDOf(tenant.DeletedUser(0)), 1)
		case r.Path == "users/{id}/sponsors":
		case strings.HasSuffix(r.Path, "/schema"):
			path = "servicePrincipals/" + tenant.ID(KindServicePrincipal, SPGallery) + "/synchronization/jobs/" + nouns.JobOf(tenant.Tenant, directory.SPRef(SPGallery)) + "/schema"
		case strings.HasSuffix(r.Path, "blueprintprincipal/sponsors"):
			path = strings.Replace(r.Path, "{id}", tenant.IDOf(tenant.FirstSP(directory.SPAgentBlueprint)), 1)
		case strings.HasSuffix(r.Path, "/sponsors"):
			path = strings.Replace(r.Path, "{id}", tenant.IDOf(tenant.FirstSP(directory.SPAgentIdentity)), 1)
		case strings.HasSuffix(r.Path, "schedulerequests/{id}"):
			path = strings.Replace(r.Path, "{id}", b.server.graph.RememberRequest([]string{"Provisioned"}), 1)
		case strings.HasPrefix(r.Path, "identitygovernance/privilegedaccess/group/"):
			path, denial = path+"?$filter=groupId eq '"+ids[KindGroup]+"'", api.CodeUnknown
		case r.Path == "policies/rolemanagementpolicyassignments":
			path += "?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'"
		case r.Path == "policies/rolemanagementpolicies/{id}/rules":
			path = strings.Replace(r.Path, "{id}", "DirectoryRole_"+tenant.TenantID()+"_"+ids[KindRoleDefinition], 1)
		case strings.HasSuffix(r.Path, "/inheritablepermissions"):
			path = strings.Replace(r.Path, "{id}", tenant.ID(KindApplication, directory.RegistrationBlueprint), 1)
		case strings.HasSuffix(r.Path, "scheduleinstances"):
			denial = api.CodeUnknown
		}
		require.NotEmpty(t, permissions.EndpointGrants[r.Path].Application, r.Path)
		b.withPermissions("Mail.Read")
		a := b.get(path)
		assert.Equal(t, http.StatusForbidden, a.status, path)
		assert.Equal(t, denial, a.code(), path)
		b.withPermissions(permissions.EndpointGrants[r.Path].Application[0])
		assert.Equal(t, http.StatusOK, b.get(path).status, path)
	}
}

func someoneAtRisk(t *Tenant) string {
	for i := range t.Shape.Users {
		if t.RiskOf(i).State != "" {
			return t.ID(KindUser, i)
		}
	}
	return ""
}

func TestCorePermissionsDoNotReachFurther(t *testing.T) {
	b := start(t)
	b.withPermissions(CorePermissions()...)
	for _, path := range []string{"devices", "contacts", "directory/administrativeUnits", "users?$select=id,signInActivity"} {
		assert.Equal(t, http.StatusForbidden, b.get(path).status, path)
	}
	b.withPermissions("User.Read.All", "AuditLog.Read.All")
	a := b.get("users?$select=id,signInActivity&$top=999")
	require.Equal(t, http.StatusOK, a.status)
	assert.Len(t, a.rows(), odata.SignInPageMax)
}

func TestBasicPermissionReadsBasicPropertiesOnly(t *testing.T) {
	b := start(t)
	b.withPermissions("User.ReadBasic.All")
	assert.Equal(t, http.StatusOK, b.get("users?$select=id,displayName,mail").status)
	assert.Equal(t, http.StatusForbidden, b.get("users?$select=id,accountEnabled").status)
	assert.Equal(t, http.StatusForbidden, b.get("users?$expand=manager").status)
}

func TestHiddenMembershipNeedsItsPermission(t *testing.T) {
	b := start(t)
	tenant := b.server.tenant
	hidden := tenant.ID(KindGroup, GroupHidden)
	require.NotEmpty(t, b.get("groups/"+hidden+"/members").rows())
	b.withPermissions("User.Read.All", "GroupMember.Read.All", "Application.Read.All", "Group.Read.All", "Directory.Read.All")
	a := b.get("groups/" + hidden + "/members")
	assert.Equal(t, http.StatusOK, a.status, "no error says that members are missing")
	assert.Empty(t, a.rows())
	member := tenant.IDOf(tenant.Groups[GroupHidden].Members[0])
	assert.NotContains(t, string(b.get("users/"+member+"/memberOf?$top=999").raw), hidden)
}

func TestMembersOfUnreadableKindsShowTypeAndIDOnly(t *testing.T) {
	b := start(t)
	b.withPermissions(CorePermissions()...)
	seen := false
	for _, row := range b.get("groups/" + b.server.tenant.ID(KindGroup, GroupMixed) + "/members?$select=id,displayName").rows() {
		if row["@odata.type"] == "#microsoft.graph.device" {
			seen = true
			assert.NotEmpty(t, row["id"])
			assert.Contains(t, row, "displayName")
			assert.Nil(t, row["displayName"])
		}
	}
	assert.True(t, seen)
}

func TestTokenIsChecked(t *testing.T) {
	b := start(t)
	good := b.bearer
	parts := strings.Split(good, ".")
	forged := parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))
	for name, bearer := range map[string]string{"none": "", "not a token": "abc", "forged": forged} {
		b.bearer = bearer
		a := b.get("users")
		assert.Equal(t, http.StatusUnauthorized, a.status, name)
		assert.Equal(t, api.CodeInvalidToken, a.code(), name)
		assert.NotEmpty(t, a.header.Get("WWW-Authenticate"), name)
	}
	b.server.SetTokenLifetime(-time.Minute)
	b.bearer = b.login()
	assert.Equal(t, api.CodeInvalidToken, b.get("users").code(), "expired")
}
