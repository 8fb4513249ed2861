package schematest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// client reads the simulated Graph with every permission it knows.
type client struct {
	t      *testing.T
	server *graphsim.Server
	http   *http.Client
	token  string
}

func start(t *testing.T) *client {
	t.Helper()
	return startWith(t, "Directory.Read.All", "AuditLog.Read.All", "Member.Read.Hidden", "CustomSecAttributeAssignment.Read.All",
		"AgentIdentity.Read.All", "AgentIdentityBlueprintPrincipal.Read.All", "Application.Read.All", "RoleManagement.Read.Directory",
		"PrivilegedAssignmentSchedule.Read.AzureADGroup", "PrivilegedEligibilitySchedule.Read.AzureADGroup",
		"MailboxSettings.Read", "IdentityRiskyUser.Read.All")
}

// startWith is start with permissions of its own.
func startWith(t *testing.T, permissions ...string) *client {
	t.Helper()
	// What is left out here is what Microsoft's own models cannot read, and what the
	// requests of these tests cannot ask for.
	server, err := graphsim.Start(graphsim.NewTenant(graphsim.Small, 1, graphsim.Without(graphsim.QuirkSignInPlaceholders, graphsim.QuirkOddProfiles)), graphsim.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	server.Kindly(graphsim.QuirkFlexibleCredential, graphsim.QuirkRiskyUsersEnd, graphsim.QuirkSelectInExpand)
	server.SetPermissions(permissions...)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(server.CACertPEM()))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	c := &client{t: t, server: server, http: &http.Client{Transport: transport}}
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {server.ClientID()}, "client_secret": {server.ClientSecret()},
		"scope": {server.URL() + "/.default"},
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	c.do(http.MethodPost, server.URL()+"/"+server.TenantID()+"/oauth2/v2.0/token", strings.NewReader(form.Encode()), &answer)
	c.token = answer.Token
	return c
}

func (c *client) do(method, address string, body io.Reader, into any) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, address, body)
	require.NoError(c.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("ConsistencyLevel", "eventual")
	resp, err := c.http.Do(req)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	require.Equal(c.t, http.StatusOK, resp.StatusCode, "%s: %s", address, raw)
	require.NoError(c.t, json.Unmarshal(raw, into))
}

// rows reads a whole list.
func (c *client) rows(path string) []json.RawMessage {
	c.t.Helper()
	var out []json.RawMessage
	for next := c.server.URL() + "/v1.0/" + path; next != ""; {
		var page struct {
			Value []json.RawMessage `json:"value"`
			Next  string            `json:"@odata.nextLink"`
		}
		c.do(http.MethodGet, next, nil, &page)
		out = append(out, page.Value...)
		next = page.Next
	}
	return out
}

// leftOver collects the fields Microsoft's models do not have, at any depth, but for OData's own annotations.
type leftOver map[string]bool

func (l leftOver) parse(t *testing.T, row []byte, factory serialization.ParsableFactory) {
	t.Helper()
	node, err := jsonserialization.NewJsonParseNode(row)
	require.NoError(t, err)
	parsed, err := node.GetObjectValue(factory)
	require.NoError(t, err, string(row))
	l.collect(parsed)

	// Additional data does not hold nulls: the names of the row itself are checked one by one.
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(row, &fields))
	known := parsed.GetFieldDeserializers()
	for name := range fields {
		if _, ok := known[name]; !ok && !strings.Contains(name, "@odata.") {
			l[name] = true
		}
	}
}

func (l leftOver) collect(parsed any) {
	if _, open := parsed.(models.CustomSecurityAttributeValueable); open {
		return // What is in it is what an organization has called so.
	}
	if holder, ok := parsed.(serialization.AdditionalDataHolder); ok {
		for name := range holder.GetAdditionalData() {
			if !strings.Contains(name, "@odata.") {
				l[name] = true
			}
		}
	}
	// Getters give what was parsed; complex values hold additional data of their own.
	v := reflect.ValueOf(parsed)
	for i := range v.NumMethod() {
		method := v.Type().Method(i)
		if strings.HasPrefix(method.Name, "Get") && method.Type.NumIn() == 1 && method.Type.NumOut() == 1 && method.Name != "GetFieldDeserializers" {
			l.collectValue(v.Method(i).Call(nil)[0])
		}
	}
}

func (l leftOver) collectValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			l.collectValue(v.Index(i))
		}
	case reflect.Interface:
		if parsable, ok := v.Interface().(serialization.Parsable); ok && !v.IsNil() {
			l.collect(parsable)
		}
	default:
	}
}

func (l leftOver) names() []string { return slices.Sorted(maps.Keys(l)) }

// nouns are the lists of the simulated Graph, with every property each may select. Properties that are refused in
// lists are read on a single object.
var nouns = []struct {
	name    string
	path    string
	factory serialization.ParsableFactory
	kind    graphsim.Kind
	single  string
	also    string // Query options besides $select.
}{
	{"user", "users", models.CreateUserFromDiscriminatorValue, graphsim.KindUser, "users/", ""},
	{"group", "groups", models.CreateGroupFromDiscriminatorValue, graphsim.KindGroup, "groups/", ""},
	{"servicePrincipal", "servicePrincipals", models.CreateServicePrincipalFromDiscriminatorValue, graphsim.KindServicePrincipal, "servicePrincipals/", ""},
	{"device", "devices", models.CreateDeviceFromDiscriminatorValue, graphsim.KindDevice, "devices/", "$expand=registeredOwners"},
	{"user", "directory/deletedItems/microsoft.graph.user", models.CreateUserFromDiscriminatorValue, graphsim.KindUser, "", ""},
	{
		"application", "applications", models.CreateApplicationFromDiscriminatorValue, graphsim.KindApplication, "applications/",
		"$expand=federatedIdentityCredentials",
	},
	{"oAuth2PermissionGrant", "oauth2PermissionGrants", models.CreateOAuth2PermissionGrantFromDiscriminatorValue, graphsim.KindConsent, "", ""},
	{
		"userRegistrationDetails", "reports/authenticationMethods/userRegistrationDetails", models.CreateUserRegistrationDetailsFromDiscriminatorValue,
		graphsim.KindRegistrationDetails, "", "",
	},
	{"riskyUser", "identityProtection/riskyUsers", models.CreateRiskyUserFromDiscriminatorValue, graphsim.KindRiskyUser, "", ""},
	{"orgContact", "contacts", models.CreateOrgContactFromDiscriminatorValue, graphsim.KindContact, "", ""},
	{"administrativeUnit", "directory/administrativeUnits", models.CreateAdministrativeUnitFromDiscriminatorValue, graphsim.KindAdministrativeUnit, "directory/administrativeUnits/", ""},
	{"organization", "organization", models.CreateOrganizationFromDiscriminatorValue, graphsim.KindOrganization, "", ""},
	{
		"unifiedRoleDefinition", "roleManagement/directory/roleDefinitions", models.CreateUnifiedRoleDefinitionFromDiscriminatorValue,
		graphsim.KindRoleDefinition, "roleManagement/directory/roleDefinitions/", "",
	},
	{
		"unifiedRoleAssignment", "roleManagement/directory/roleAssignments", models.CreateUnifiedRoleAssignmentFromDiscriminatorValue,
		graphsim.KindRoleAssignment, "roleManagement/directory/roleAssignments/", "$expand=roleDefinition",
	},
	{
		"unifiedRoleAssignmentScheduleInstance", "roleManagement/directory/roleAssignmentScheduleInstances",
		models.CreateUnifiedRoleAssignmentScheduleInstanceFromDiscriminatorValue, graphsim.KindRoleAssignmentInstance, "", "$expand=directoryScope($select=id,displayName)",
	},
	{
		"unifiedRoleEligibilityScheduleInstance", "roleManagement/directory/roleEligibilityScheduleInstances",
		models.CreateUnifiedRoleEligibilityScheduleInstanceFromDiscriminatorValue, graphsim.KindRoleEligibilityInstance, "", "$expand=roleDefinition",
	},
}

// newer are properties of the v1.0 metadata of August 2026 that the models of msgraph-sdk-go do not have yet. When
// the models get one, its entry has to go.
var newer = map[string][]string{
	"user": {"identityParentId"},
	"group": {
		"accessType", "infoCatalogs", "isFavorite", "onPremisesExtensionAttributes", "organizationId", "resourceBehaviorOptions",
		"resourceProvisioningOptions", "unseenConversationsCount", "unseenMessagesCount", "welcomeMessageEnabled",
	},
	"application":      {"createdByAppId", "isDisabled", "managerApplications"},
	"servicePrincipal": {"agentIdentityBlueprintId", "createdByAppId", "createdDateTime", "isDisabled"},
	"signIn": {
		"authenticationAppDeviceDetails", "homeTenantId", "resourceTenantId", "servicePrincipalId", "servicePrincipalName", "userAgent",
	},
	"unifiedRoleAssignment": {"principalOrganizationId"},
	"authenticationMethod":  {"createdDateTime"},
	"accessPackageSubject":  {"subjectLifecycle"},
}

// baseFactories parse the types these models do not have yet as the types they derive from.
var baseFactories = map[string]serialization.ParsableFactory{
	"#microsoft.graph.agentUser":                       models.CreateUserFromDiscriminatorValue,
	"#microsoft.graph.agentIdentity":                   models.CreateServicePrincipalFromDiscriminatorValue,
	"#microsoft.graph.agentIdentityBlueprint":          models.CreateApplicationFromDiscriminatorValue,
	"#microsoft.graph.agentIdentityBlueprintPrincipal": models.CreateServicePrincipalFromDiscriminatorValue,
}

func TestSchemaMatchesMicrosoftModels(t *testing.T) {
	c := start(t)
	for _, noun := range nouns {
		t.Run(noun.name, func(t *testing.T) {
			list, single := graphsim.Selectable(noun.kind)
			require.NotEmpty(t, list)
			rows := c.rows(noun.path + "?$select=" + strings.Join(list, ",") + "&" + noun.also)
			rows = append(rows, c.rows(noun.path)...)
			require.NotEmpty(t, rows)
			unknown := leftOver{}
			for _, row := range rows {
				unknown.parse(t, row, noun.factory)
			}
			defer func() { assert.Equal(t, newer[noun.name], unknown.names()) }()
			if noun.single == "" {
				return
			}
			var row json.RawMessage
			all := append(append([]string{}, list...), single...)
			c.do(http.MethodGet, c.server.URL()+"/v1.0/"+noun.single+c.server.Tenant().ID(noun.kind, 1)+"?$select="+strings.Join(all, ","), nil, &row)
			unknown.parse(t, row, noun.factory)
		})
	}
}

func TestMixedCollectionsMatchMicrosoftModels(t *testing.T) {
	c := start(t)
	c.server.SetIncludeServicePrincipals(true)
	group := "groups/" + c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupMixed)
	owner := "servicePrincipals/" + c.server.Tenant().ID(graphsim.KindServicePrincipal, graphsim.SPBusyOwner)
	connector := "servicePrincipals/" + c.server.Tenant().ID(graphsim.KindServicePrincipal, graphsim.SPConnector)
	types, unknown := map[string]bool{}, leftOver{}
	for _, path := range []string{group + "/members", owner + "/ownedObjects", connector + "/memberOf", connector + "/owners"} {
		for _, row := range c.rows(path + "?$top=999") {
			var annotated struct {
				Type string `json:"@odata.type"`
			}
			require.NoError(t, json.Unmarshal(row, &annotated))
			types[strings.TrimPrefix(annotated.Type, "#microsoft.graph.")] = true
			factory := models.CreateDirectoryObjectFromDiscriminatorValue
			if base, ok := baseFactories[annotated.Type]; ok {
				factory = base
			}
			unknown.parse(t, row, factory)
		}
	}
	assert.Subset(t, slices.Concat(newer["group"], newer["servicePrincipal"], newer["application"]), unknown.names())
	for _, name := range []string{
		"user", "agentUser", "group", "device", "orgContact", "servicePrincipal", "agentIdentity", "agentIdentityBlueprintPrincipal", "application", "directoryRole",
	} {
		assert.True(t, types[name], name)
	}
}

func TestRowsWithoutSelectMatchMicrosoftModels(t *testing.T) {
	c := start(t)
	tenant := c.server.Tenant()
	registration := "applications/" + tenant.ID(graphsim.KindApplication, graphsim.RegistrationConnector)
	for path, factory := range map[string]serialization.ParsableFactory{
		"subscribedSkus": models.CreateSubscribedSkuFromDiscriminatorValue,
		registration + "/federatedIdentityCredentials": models.CreateFederatedIdentityCredentialFromDiscriminatorValue,
	} {
		rows := c.rows(path)
		require.NotEmpty(t, rows, path)
		unknown := leftOver{}
		for _, row := range rows {
			unknown.parse(t, row, factory)
		}
		assert.Empty(t, unknown.names(), path)
	}
	var row json.RawMessage
	c.do(http.MethodGet, c.server.URL()+"/v1.0/users/"+tenant.ID(graphsim.KindUser, 1)+"/mailboxSettings", nil, &row)
	unknown := leftOver{}
	unknown.parse(t, row, models.CreateMailboxSettingsFromDiscriminatorValue)
	assert.Empty(t, unknown.names())
}

func TestAppRoleAssignmentsMatchMicrosoftModels(t *testing.T) {
	c := start(t)
	payroll := "servicePrincipals/" + c.server.Tenant().ID(graphsim.KindServicePrincipal, graphsim.SPPayroll)
	for _, path := range []string{payroll + "/appRoleAssignedTo?$top=999", payroll + "/appRoleAssignments"} {
		rows := c.rows(path)
		require.NotEmpty(t, rows)
		unknown := leftOver{}
		for _, row := range rows {
			unknown.parse(t, row, models.CreateAppRoleAssignmentFromDiscriminatorValue)
		}
		assert.Empty(t, unknown.names())
	}
}
