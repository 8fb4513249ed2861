package graphsim

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/truth"
)

// writeEverything makes a write of every kind. With a clock, what was made shows before it is used.
func (b *bench) writeEverything(settle func()) {
	b.t.Helper()
	tenant := b.server.tenant
	plain := tenant.PlainUsers(4)
	first, second, third := b.id(KindUser, plain[0]), b.id(KindUser, plain[1]), b.id(KindUser, plain[2])
	payroll := b.id(KindServicePrincipal, SPPayroll)
	made := str(b.expect(201, "", http.MethodPost, "users", newPerson(map[string]any{"usageLocation": "US"})).body["id"])
	group := str(b.expect(201, "", http.MethodPost, "groups", newGroup(map[string]any{
		"isAssignableToRole": true, "owners@odata.bind": []string{b.server.URL() + "/v1.0/users/" + first},
	})).body["id"])
	b.expect(201, "", http.MethodPost, "invitations", map[string]any{"invitedUserEmailAddress": "eve@partner.example", "inviteRedirectUrl": "https://x"})
	settle()
	role := map[string]any{"principalId": group, "roleDefinitionId": directory.BuiltInRoles[RoleGlobalReader].ID, "directoryScopeId": "/"}
	pim := map[string]any{"principalId": third, "groupId": group, "accessId": "member"}
	for _, w := range []struct {
		method, path string
		body         any
	}{
		{http.MethodPost, roleAssignments, role},
		{http.MethodPost, eligibilityRequests, ask(nouns.ActionAssign, forAWeek, role)},
		{http.MethodPost, "groups/" + group + "/members/$ref", b.ref(made)},
		{http.MethodPost, "groups/" + group + "/owners/$ref", b.ref(second)},
		{http.MethodDelete, "groups/" + group + "/owners/" + first + "/$ref", nil},
		{http.MethodPost, groupEligible, ask(nouns.ActionAssign, forAWeek, pim)},
		{http.MethodPost, groupRequests, ask(nouns.ActionAssign, forAWeek, pim)},
		{http.MethodPost, "groups/" + b.id(KindGroup, GroupTwenty) + "/members/$ref", b.ref(made)},
		{http.MethodPost, "groups/" + b.id(KindGroup, GroupTwenty) + "/assignLicense", licenses(nil, directory.LicenseFlow)},
		{http.MethodPost, "users/" + made + "/assignLicense", licenses(license(directory.LicenseE5))},
		{http.MethodPatch, "users/" + first, map[string]any{"city": "Rome", "accountEnabled": false}},
		{http.MethodPut, "users/" + made + "/manager/$ref", b.ref(first)},
		{http.MethodDelete, "users/" + second + "/manager/$ref", nil},
		{http.MethodDelete, "users/" + b.id(KindUser, plain[3]), nil},
		{http.MethodPost, "users/" + first + "/revokeSignInSessions", nil},
		{http.MethodPost, "directory/deletedItems/" + tenant.IDOf(tenant.DeletedUser(0)) + "/restore", nil},
		{http.MethodPost, "servicePrincipals/" + payroll + "/appRoleAssignedTo", map[string]any{"principalId": made, "resourceId": payroll, "appRoleId": directory.DefaultAppRoleID}},
		{http.MethodDelete, "servicePrincipals/" + payroll + "/appRoleAssignedTo/" + b.id(directory.KindAppRoleAssignment, 0), nil},
		{http.MethodPost, "servicePrincipals/" + payroll + "/owners/$ref", b.ref(made)},
		{http.MethodPost, "applications/" + b.id(KindApplication, 1) + "/owners/$ref", b.ref(made)},
		{http.MethodPost, "applications/" + b.id(KindApplication, 1) + "/addPassword", map[string]any{}},
		{http.MethodPost, "directory/administrativeUnits/" + b.id(KindAdministrativeUnit, UnitEmpty) + "/members/$ref", b.ref(made)},
		{http.MethodDelete, "oauth2PermissionGrants/" + b.id(KindConsent, 0), nil},
		{http.MethodDelete, roleAssignments + "/" + b.id(KindRoleAssignment, 0), nil},
		{http.MethodDelete, "groups/" + b.id(KindGroup, GroupDiamondBottom), nil},
	} {
		a := b.send(w.method, w.path, w.body)
		require.Less(b.t, a.status, 300, "%s %s: %s", w.method, w.path, a.raw)
	}
}

func TestReadsArriveAtTheTruth(t *testing.T) {
	now := &clock{at: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
	b := writerAt(t, now)
	before := b.server.tenant.Truth()
	b.server.SetReplicationLag(10*time.Second, 30*time.Second)
	b.writeEverything(func() {
		assert.Equal(t, before, truth.Of(b.server.graph.View()), "nothing shows yet")
		now.forward(time.Minute)
	})
	assert.NotEqual(t, b.server.tenant.Truth(), truth.Of(b.server.graph.View()))
	now.forward(time.Minute)
	assert.Equal(t, b.server.tenant.Truth(), truth.Of(b.server.graph.View()))
	assert.Len(t, b.server.Writes(), 28)
	assert.Equal(t, len(b.server.tenant.Truth().Users), len(b.all("users?$select=id&$top=999")))
	truth := b.server.tenant.Truth()
	assert.Equal(t, len(truth.RoleAssignments)+len(truth.PartnerRoleAssignments), len(b.all(roleAssignments)))
}

func TestShortenedLagKeepsTheOrder(t *testing.T) {
	now := &clock{at: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
	b := writerAt(t, now)
	b.server.SetReplicationLag(time.Minute, time.Minute)
	first := str(b.expect(201, "", http.MethodPost, "users", newPerson(nil)).body["id"])
	b.server.SetReplicationLag(0, 0)
	second := str(b.expect(201, "", http.MethodPost, "users", newPerson(map[string]any{"userPrincipalName": "eve@contoso.com"})).body["id"])
	assert.Equal(t, 404, b.get("users/"+second).status)
	now.forward(2 * time.Minute)
	assert.Equal(t, "ada@contoso.com", b.get("users/" + first).body["userPrincipalName"])
	assert.Equal(t, "eve@contoso.com", b.get("users/" + second).body["userPrincipalName"])
}

func TestReadsAndWritesAtOnce(t *testing.T) {
	b := writer(t)
	b.server.SetReplicationLag(time.Millisecond, time.Millisecond)
	user := b.id(KindUser, b.plainUser())
	var wait sync.WaitGroup
	run := func(n int, what func(i int)) {
		wait.Go(func() {
			for i := range n {
				what(i)
			}
		})
	}
	headers := http.Header{"Authorization": {"Bearer " + b.bearer}}
	for _, path := range []string{"groups/" + b.id(KindGroup, GroupEmpty) + "/members", "users?$top=5", "users/" + user + "/memberOf", "groups/delta?$select=members", roleAssignments} {
		run(20, func(int) { _, _ = b.try(http.MethodGet, b.absolute(path), nil, headers) })
	}
	run(5, func(int) { b.server.Tenant().Truth() })
	for w := range 3 {
		run(20, func(i int) {
			id := b.id(KindUser, 10+w*20+i)
			_, _ = b.trySend(http.MethodPost, "groups/"+b.id(KindGroup, GroupEmpty)+"/members/$ref", b.ref(id))
			_, _ = b.trySend(http.MethodPatch, "users/"+user, map[string]any{"city": fmt.Sprint(i)})
			_, _ = b.trySend(http.MethodPost, "users", newPerson(map[string]any{"userPrincipalName": fmt.Sprintf("p%d.%d@contoso.com", w, i)}))
		})
	}
	wait.Wait()
	b.login()
	assert.Len(t, b.server.tenant.Truth().Users, 1300+60)
}

func TestEveryWriteNeedsItsPermission(t *testing.T) {
	b := start(t)
	b.withPermissions("Mail.Read", "Directory.Read.All", "User.Read.All", "RoleManagement.Read.Directory")
	for _, r := range nouns.WriteRoutes() {
		require.NotEmpty(t, permissions.EndpointGrants[r.Key()].Application, r.Key())
		path := strings.ReplaceAll(r.Path, "{id}", b.id(KindUser, 1))
		a := b.send(r.Method, path, map[string]any{})
		assert.Equal(t, http.StatusForbidden, a.status, r.Key())
		if strings.HasSuffix(r.Path, "schedulerequests") {
			assert.Equal(t, api.CodeUnknown, a.code(), r.Key())
		} else {
			assert.Equal(t, api.CodeDenied, a.code(), r.Key())
		}
	}
	assert.Empty(t, b.server.Writes())
}

func TestWritesOfAReadingApplicationAreRefused(t *testing.T) {
	b := start(t)
	b.expect(403, api.CodeDenied, http.MethodPost, "groups/"+b.id(KindGroup, GroupEmpty)+"/members/$ref", b.ref(b.id(KindUser, 1)))
	b.expect(405, api.CodeBadRequest, http.MethodPatch, "devices/"+b.id(KindDevice, 1), map[string]any{})
	b = writer(t)
	b.expect(400, api.CodeBadRequest, http.MethodPost, "users?$select=id", newPerson(nil))
	b.expect(404, api.CodeResourceNotFound, http.MethodPatch, "users/nope@", map[string]any{"city": "x"})
}
