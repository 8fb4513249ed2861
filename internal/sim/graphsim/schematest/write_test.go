package schematest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// send makes a write with a body, which a model may be.
func (c *client) send(method, path string, body any) []byte {
	c.t.Helper()
	raw := c.encode(body)
	req, err := http.NewRequestWithContext(context.Background(), method, c.server.URL()+"/v1.0/"+path, bytes.NewReader(raw))
	require.NoError(c.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := c.http.Do(req)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	require.Less(c.t, resp.StatusCode, 300, "%s: %s", path, answer)
	return answer
}

func (c *client) encode(body any) []byte {
	c.t.Helper()
	model, isModel := body.(serialization.Parsable)
	if !isModel {
		raw, err := json.Marshal(body)
		require.NoError(c.t, err)
		return raw
	}
	w := jsonserialization.NewJsonSerializationWriter()
	require.NoError(c.t, w.WriteObjectValue("", model))
	raw, err := w.GetSerializedContent()
	require.NoError(c.t, err)
	return raw
}

func text(s string) *string { return &s }

func flag(b bool) *bool { return &b }

// TestWritesTakeAndGiveMicrosoftModels sends bodies made with Microsoft's models and reads the answers with them.
func TestWritesTakeAndGiveMicrosoftModels(t *testing.T) {
	c := startWith(t, append(graphsim.DefaultPermissions(), graphsim.WritePermissions()...)...)
	tenant := c.server.Tenant()
	principal := tenant.ID(graphsim.KindUser, tenant.PlainUsers(1)[0])
	resource := tenant.ID(graphsim.KindServicePrincipal, graphsim.SPUnassigned)
	for name, tc := range map[string]struct {
		path    string
		body    any
		factory serialization.ParsableFactory
	}{
		"user":           {"users", newUser(), models.CreateUserFromDiscriminatorValue},
		"group":          {"groups", newGroup(), models.CreateGroupFromDiscriminatorValue},
		"invitation":     {"invitations", newInvitation(), models.CreateInvitationFromDiscriminatorValue},
		"roleAssignment": {"roleManagement/directory/roleAssignments", newRoleAssignment(principal), models.CreateUnifiedRoleAssignmentFromDiscriminatorValue},
		"roleRequest":    {"roleManagement/directory/roleEligibilityScheduleRequests", newRoleRequest(principal), models.CreateUnifiedRoleEligibilityScheduleRequestFromDiscriminatorValue},
		"groupRequest": {
			"identityGovernance/privilegedAccess/group/eligibilityScheduleRequests", newGroupRequest(principal, tenant),
			models.CreatePrivilegedAccessGroupEligibilityScheduleRequestFromDiscriminatorValue,
		},
		"appRoleAssignment": {
			"servicePrincipals/" + resource + "/appRoleAssignedTo",
			map[string]any{"principalId": principal, "resourceId": resource, "appRoleId": "00000000-0000-0000-0000-000000000000"},
			models.CreateAppRoleAssignmentFromDiscriminatorValue,
		},
		"password": {"applications/" + tenant.ID(graphsim.KindApplication, 0) + "/addPassword", map[string]any{}, models.CreatePasswordCredentialFromDiscriminatorValue},
		"licence":  {"users/" + principal + "/assignLicense", map[string]any{"addLicenses": []any{}, "removeLicenses": []any{}}, models.CreateUserFromDiscriminatorValue},
	} {
		t.Run(name, func(t *testing.T) {
			c.t = t
			unknown := leftOver{}
			unknown.parse(t, c.send(http.MethodPost, tc.path, tc.body), tc.factory)
			assert.Subset(t, slices.Concat(newer["user"], newer["group"], newer["unifiedRoleAssignment"]), unknown.names())
		})
	}
}

func newUser() models.Userable {
	password := models.NewPasswordProfile()
	password.SetPassword(text("Correct-Horse-9"))
	password.SetForceChangePasswordNextSignIn(flag(true))
	u := models.NewUser()
	u.SetAccountEnabled(flag(true))
	u.SetDisplayName(text("Ada Byron"))
	u.SetMailNickname(text("ada"))
	u.SetUserPrincipalName(text("ada@contoso.com"))
	u.SetPasswordProfile(password)
	return u
}

func newGroup() models.Groupable {
	g := models.NewGroup()
	g.SetDisplayName(text("New Group"))
	g.SetMailNickname(text("newgroup"))
	g.SetMailEnabled(flag(true))
	g.SetSecurityEnabled(flag(false))
	g.SetGroupTypes([]string{"Unified"})
	return g
}

func newInvitation() models.Invitationable {
	i := models.NewInvitation()
	i.SetInvitedUserEmailAddress(text("eve@partner.example"))
	i.SetInviteRedirectUrl(text("https://myapps.microsoft.com"))
	i.SetSendInvitationMessage(flag(false))
	return i
}

const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"

func newRoleAssignment(principal string) models.UnifiedRoleAssignmentable {
	a := models.NewUnifiedRoleAssignment()
	a.SetPrincipalId(&principal)
	a.SetRoleDefinitionId(text(globalReader))
	a.SetDirectoryScopeId(text("/"))
	return a
}

func newSchedule() models.RequestScheduleable {
	kind := models.NOEXPIRATION_EXPIRATIONPATTERNTYPE
	e := models.NewExpirationPattern()
	e.SetTypeEscaped(&kind)
	s := models.NewRequestSchedule()
	s.SetExpiration(e)
	return s
}

func newRoleRequest(principal string) models.UnifiedRoleEligibilityScheduleRequestable {
	action := models.ADMINASSIGN_UNIFIEDROLESCHEDULEREQUESTACTIONS
	r := models.NewUnifiedRoleEligibilityScheduleRequest()
	r.SetAction(&action)
	r.SetJustification(text("needed"))
	r.SetPrincipalId(&principal)
	r.SetRoleDefinitionId(text(globalReader))
	r.SetDirectoryScopeId(text("/"))
	r.SetScheduleInfo(newSchedule())
	return r
}

func newGroupRequest(principal string, tenant *graphsim.Tenant) models.PrivilegedAccessGroupEligibilityScheduleRequestable {
	action, access := models.ADMINASSIGN_SCHEDULEREQUESTACTIONS, models.MEMBER_PRIVILEGEDACCESSGROUPRELATIONSHIPS
	kind, end := models.AFTERDATETIME_EXPIRATIONPATTERNTYPE, time.Now().Add(24*time.Hour)
	schedule := newSchedule()
	schedule.GetExpiration().SetTypeEscaped(&kind)
	schedule.GetExpiration().SetEndDateTime(&end)
	r := models.NewPrivilegedAccessGroupEligibilityScheduleRequest()
	r.SetAction(&action)
	r.SetAccessId(&access)
	r.SetPrincipalId(&principal)
	r.SetGroupId(text(tenant.ID(graphsim.KindGroup, graphsim.GroupTwenty)))
	r.SetScheduleInfo(schedule)
	return r
}

// TestRowsForWritersMatchMicrosoftModels reads what nothing but a writer needs.
func TestRowsForWritersMatchMicrosoftModels(t *testing.T) {
	c := startWith(t, append(graphsim.DefaultPermissions(), graphsim.WritePermissions()...)...)
	tenant := c.server.Tenant()
	methods := map[string]serialization.ParsableFactory{
		"#microsoft.graph.passwordAuthenticationMethod":               models.CreatePasswordAuthenticationMethodFromDiscriminatorValue,
		"#microsoft.graph.phoneAuthenticationMethod":                  models.CreatePhoneAuthenticationMethodFromDiscriminatorValue,
		"#microsoft.graph.microsoftAuthenticatorAuthenticationMethod": models.CreateMicrosoftAuthenticatorAuthenticationMethodFromDiscriminatorValue,
		"#microsoft.graph.fido2AuthenticationMethod":                  models.CreateFido2AuthenticationMethodFromDiscriminatorValue,
	}
	seen := map[string]bool{}
	for n := range 20 {
		for _, row := range c.rows("users/" + tenant.ID(graphsim.KindUser, n) + "/authentication/methods") {
			var annotated struct {
				Type string `json:"@odata.type"`
			}
			require.NoError(t, json.Unmarshal(row, &annotated))
			require.Contains(t, methods, annotated.Type)
			seen[annotated.Type] = true
			unknown := leftOver{}
			unknown.parse(t, row, methods[annotated.Type])
			assert.Subset(t, newer["authenticationMethod"], unknown.names())
		}
	}
	assert.Len(t, seen, len(methods))
	user := "users/" + tenant.ID(graphsim.KindUser, 5)
	gallery := "servicePrincipals/" + tenant.ID(graphsim.KindServicePrincipal, graphsim.SPGallery)
	policies := "policies/roleManagementPolicyAssignments?$expand=policy($expand=rules)&$filter=scopeId%20eq%20'/'%20and%20scopeType%20eq%20'DirectoryRole'"
	for path, factory := range map[string]serialization.ParsableFactory{
		"domains":                         models.CreateDomainFromDiscriminatorValue,
		user + "/licenseDetails":          models.CreateLicenseDetailsFromDiscriminatorValue,
		gallery + "/synchronization/jobs": models.CreateSynchronizationJobFromDiscriminatorValue,
		policies + "%20and%20roleDefinitionId%20eq%20'" + globalReader + "'": models.CreateUnifiedRoleManagementPolicyAssignmentFromDiscriminatorValue,
	} {
		rows := c.rows(path)
		require.NotEmpty(t, rows, path)
		for _, row := range rows {
			unknown := leftOver{}
			unknown.parse(t, row, factory)
			assert.Empty(t, unknown.names(), path)
		}
	}
}
