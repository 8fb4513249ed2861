package graphsim

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

func listOf(t *testing.T, row map[string]any, name string) []map[string]any {
	t.Helper()
	values, ok := row[name].([]any)
	require.True(t, ok, "%s of %v", name, row["id"])
	out := make([]map[string]any, 0, len(values))
	for _, v := range values {
		m, isObject := v.(map[string]any)
		require.True(t, isObject, name)
		out = append(out, m)
	}
	return out
}

// credentialRows are the credentials of a row, one for each id, as text.
func credentialRows(t *testing.T, owner string, row map[string]any) []string {
	t.Helper()
	byKey := map[string]string{}
	for _, name := range []string{"passwordCredentials", "keyCredentials"} {
		for _, c := range listOf(t, row, name) {
			kind := "password"
			if name == "keyCredentials" {
				kind = "certificate"
				assert.Contains(t, c, "key")
				assert.Nil(t, c["key"])
			}
			key := str(c["keyId"])
			if key == "" {
				key = "unnamed since " + str(c["startDateTime"])
			}
			byKey[key] = edge(owner, str(row["id"]), str(c["keyId"]), kind, str(c["displayName"]), str(c["startDateTime"]), str(c["endDateTime"]))
		}
	}
	var out []string
	for _, c := range byKey {
		out = append(out, c)
	}
	return out
}

func TestRegistrationsAndTruthAgree(t *testing.T) {
	b := start(t)
	truth := b.server.tenant.Truth()
	identities := map[string]string{}
	var credentials []string
	for _, s := range b.all("servicePrincipals?$select=id,appId,passwordCredentials,keyCredentials&$top=999") {
		identities[str(s["appId"])] = str(s["id"])
		for _, c := range credentialRows(t, "servicePrincipal", s) {
			credentials = append(credentials, edge(c, str(s["id"])))
		}
	}
	var registrations, owners []string
	for _, a := range b.all("applications?$select=id,appId,displayName,passwordCredentials,keyCredentials&$top=999") {
		id := str(a["id"])
		registrations = append(registrations, edge(id, str(a["appId"]), str(a["displayName"]), str(a["@odata.type"])))
		for _, c := range credentialRows(t, "application", a) {
			credentials = append(credentials, edge(c, identities[str(a["appId"])]))
		}
		for _, f := range b.all("applications/" + id + "/federatedIdentityCredentials?$top=999") {
			credentials = append(credentials, edge("application", id, str(f["id"]), "federated", str(f["name"]), "", "", identities[str(a["appId"])]))
		}
		for _, o := range b.all("applications/" + id + "/owners?$select=id&$top=999") {
			owners = append(owners, edge(id, typeOf(o), str(o["id"])))
		}
	}
	var want []string
	for _, a := range truth.Applications {
		annotation := ""
		if a.Blueprint {
			annotation = "#" + directory.Namespace + schema.AgentBlueprintAppType
		}
		want = append(want, edge(a.ID, a.AppID, a.DisplayName, annotation))
	}
	assert.Equal(t, sorted(want), sorted(registrations))
	want = nil
	for _, o := range truth.RegistrationOwners {
		want = append(want, edge(o.ObjectID, o.Principal.Type, o.Principal.ID))
	}
	assert.Equal(t, sorted(want), sorted(b.withoutDeletedPeople(owners)))
	want = nil
	for _, c := range truth.Credentials {
		if c.Unreadable {
			continue
		}
		want = append(want, edge(c.OwnerType, c.OwnerID, c.KeyID, c.Kind, c.DisplayName, c.Start, c.End, c.ServicePrincipalID))
	}
	assert.Equal(t, sorted(want), sorted(credentials))
}

func TestOwnedObjectsShowTheOwnersOfRegistrations(t *testing.T) {
	b := start(t)
	var owned, want []string
	for _, s := range b.server.tenant.Truth().ServicePrincipals {
		for _, o := range b.all("servicePrincipals/" + s.ID + "/ownedObjects?$select=id&$top=999") {
			if strings.HasSuffix(str(o["@odata.type"]), ".application") || strings.HasSuffix(str(o["@odata.type"]), "."+schema.AgentBlueprintAppType) {
				owned = append(owned, edge(str(o["id"]), s.ID))
			}
		}
	}
	for _, o := range b.server.tenant.Truth().RegistrationOwners {
		if o.Principal.Type == "servicePrincipal" {
			want = append(want, edge(o.ObjectID, o.Principal.ID))
		}
	}
	require.NotEmpty(t, want)
	assert.Equal(t, sorted(want), sorted(owned))
}

func TestEverySizeHasTheTrapsOfRegistrations(t *testing.T) {
	for _, size := range []Size{Small, Medium} {
		tenant := NewTenant(size, 1)
		assert.Equal(t, "Payroll", tenant.RegistrationName(directory.RegistrationPayroll))
		assert.Equal(t, "Busy Owner", tenant.RegistrationName(directory.RegistrationBusyOwner))
		assert.Greater(t, len(tenant.Registrations[RegistrationWiki].Owners), directory.ExpandLimit)
		assert.Equal(t, KindServicePrincipal, tenant.Registrations[RegistrationWiki].Owners[directory.ExpandLimit+4].Kind(), "beyond the rows of $expand")
		assert.Empty(t, tenant.Registrations[directory.RegistrationMobile].Owners)
		assert.Equal(t, directory.NoServicePrincipal, tenant.Registrations[directory.RegistrationPrototype].SP)
		assert.True(t, tenant.IsBlueprint(directory.RegistrationBlueprint))
		assert.Len(t, tenant.FederatedOf(RegistrationConnector), directory.FederatedPerApp)
		truth := tenant.Truth()
		seen, expired, soon, nameless, nowhere := map[string]bool{}, 0, 0, 0, 0
		for _, c := range truth.Credentials {
			require.False(t, c.KeyID != "" && seen[c.OwnerID+c.KeyID], "one credential for each id")
			seen[c.OwnerID+c.KeyID] = true
			switch {
			case c.ServicePrincipalID == "":
				nowhere++
			case c.Kind == "federated":
			case c.End < "2026-11-25":
				expired++
			case c.End < "2026-12-25":
				soon++
			}
			if c.DisplayName == "" {
				nameless++
			}
		}
		for _, n := range []int{expired, soon, nameless, nowhere} {
			assert.Positive(t, n, size)
		}
	}
}

func TestPasswordOfASigningKeySharesItsID(t *testing.T) {
	b := start(t)
	row := b.get("servicePrincipals/" + b.server.tenant.ID(KindServicePrincipal, SPGallery) + "?$select=id,keyCredentials,passwordCredentials").body
	keys := map[string]map[string]any{}
	for _, k := range listOf(t, row, "keyCredentials") {
		keys[str(k["usage"])] = k
	}
	passwords := listOf(t, row, "passwordCredentials")
	require.Len(t, passwords, 1)
	require.Len(t, keys, 2)
	assert.Equal(t, keys[directory.UsageSign]["keyId"], passwords[0]["keyId"])
	assert.NotEqual(t, keys[directory.UsageVerify]["keyId"], passwords[0]["keyId"])
	assert.Equal(t, keys[directory.UsageSign]["customKeyIdentifier"], keys[directory.UsageVerify]["customKeyIdentifier"])
}

func TestExpandingFederatedCredentialsHasThreeAnswers(t *testing.T) {
	b := start(t)
	b.server.Kindly(QuirkFlexibleCredential)
	const path = "applications?$select=id&$expand=federatedIdentityCredentials($select=id,name)&$top=999"
	a := b.get(path)
	require.Equal(t, http.StatusOK, a.status, string(a.raw))
	most := 0
	for _, row := range a.rows() {
		most = max(most, len(listOf(t, row, directory.RelationFederated)))
	}
	assert.Equal(t, directory.FederatedPerApp, most)

	b.server.SetExpandsFederatedCredentials(FederatedIgnored)
	a = b.get(path)
	require.Equal(t, http.StatusOK, a.status)
	for _, row := range a.rows() {
		assert.NotContains(t, row, directory.RelationFederated)
	}
	b.server.SetExpandsFederatedCredentials(FederatedRefused)
	assert.Equal(t, api.CodeUnsupportedQuery, b.get(path).code())
	assert.Equal(t, http.StatusOK, b.get("applications?$select=id&$expand=owners($select=id)").status)
}

func TestFederatedCredentialsNeedMoreThanTheDirectory(t *testing.T) {
	b := start(t)
	b.withPermissions("Directory.Read.All")
	registration := "applications/" + b.server.tenant.ID(KindApplication, RegistrationConnector)
	for path, status := range map[string]int{
		"applications?$top=5": http.StatusOK, registration + "/owners": http.StatusOK, "applications?$expand=owners($select=id)": http.StatusOK,
		registration + "/federatedIdentityCredentials":         http.StatusForbidden,
		"applications?$expand=federatedIdentityCredentials":    http.StatusForbidden,
		registration + "?$expand=federatedIdentityCredentials": http.StatusForbidden,
	} {
		assert.Equal(t, status, b.get(path).status, path)
	}
}

func TestBlueprintsHaveATypeAndAPermissionOfTheirOwn(t *testing.T) {
	b := start(t)
	const path = "applications/microsoft.graph.agentIdentityBlueprint?$count=true&$select=id"
	assert.Equal(t, http.StatusForbidden, b.get(path, "ConsistencyLevel", "eventual").status)
	b.withPermissions("AgentIdentityBlueprint.Read.All")
	rows := b.all(path, "ConsistencyLevel", "eventual")
	require.NotEmpty(t, rows)
	for _, row := range rows {
		assert.Equal(t, "#"+directory.Namespace+schema.AgentBlueprintAppType, row["@odata.type"])
	}
	assert.Equal(t, http.StatusForbidden, b.get("applications").status)
	assert.Equal(t, http.StatusNotFound, b.get("servicePrincipals/microsoft.graph.agentIdentityBlueprint").status)
}

func TestConsentsAndTruthAgree(t *testing.T) {
	b := start(t)
	b.withPermissions("Directory.Read.All")
	var got, want []string
	for _, g := range b.all("oauth2PermissionGrants?$top=999") {
		got = append(got, edge(str(g["id"]), str(g["clientId"]), str(g["resourceId"]), str(g["consentType"]), str(g["principalId"]), str(g["scope"])))
		assert.Equal(t, str(g["consentType"]) == directory.ConsentAll, g["principalId"] == nil)
	}
	for _, g := range b.server.tenant.Truth().Consents {
		want = append(want, edge(g.ID, g.ClientID, g.ResourceID, g.ConsentType, g.PrincipalID, g.Scope))
	}
	assert.Equal(t, sorted(want), sorted(got))
	payroll := b.server.tenant.ID(KindServicePrincipal, SPPayroll)
	assert.Len(t, b.all("oauth2PermissionGrants?$filter=clientId eq '"+payroll+"' and consentType eq 'Principal'"), 3, "one of somebody who is gone")
	assert.Equal(t, api.CodeBadRequest, b.get("oauth2PermissionGrants?$filter=scope eq 'User.Read'").code())
	assert.Equal(t, api.CodeBadRequest, b.get("oauth2PermissionGrants?$expand=client").code())
}

func TestConsentsAreOfEveryKind(t *testing.T) {
	for size, least := range map[Size]int{Small: 50, Medium: 500} {
		tenant := NewTenant(size, 1)
		ids, users, everybody, leading, agents, blueprints := map[string]bool{}, 0, 0, 0, 0, 0
		for i, g := range tenant.Consents {
			id := tenant.ConsentID(i)
			require.False(t, ids[id], "a client has one consent of a principal at a resource")
			ids[id] = true
			if g.Principal == 0 {
				everybody++
			} else {
				users++
			}
			if strings.HasPrefix(g.Scope, " ") {
				leading++
			}
			switch tenant.SPs[g.Client].Kind {
			case directory.SPAgentIdentity:
				agents++
			case directory.SPAgentBlueprint:
				blueprints++
			default:
				require.Equal(t, directory.SPApplication, tenant.SPs[g.Client].Kind)
			}
		}
		assert.GreaterOrEqual(t, users, least)
		assert.Positive(t, everybody)
		assert.Positive(t, leading)
		assert.Equal(t, 1, agents)
		assert.Positive(t, blueprints)
	}
}

func TestDeletedEndsTakeCredentialsAndConsentsWithThem(t *testing.T) {
	tenant := NewTenant(Small, 1)
	payroll := tenant.ID(KindServicePrincipal, SPPayroll)
	require.NoError(t, tenant.Delete(KindServicePrincipal, payroll))
	truth := tenant.Truth()
	assert.False(t, slices.ContainsFunc(truth.Consents, func(g TruthConsent) bool { return g.ClientID == payroll || g.ResourceID == payroll }))
	registration := tenant.ID(KindApplication, directory.RegistrationPayroll)
	kept := 0
	for _, c := range truth.Credentials {
		if c.OwnerID == registration {
			kept++
			assert.Empty(t, c.ServicePrincipalID)
		}
	}
	assert.Positive(t, kept)
	connector := tenant.ID(KindApplication, RegistrationConnector)
	require.NoError(t, tenant.Delete(KindApplication, connector))
	assert.False(t, slices.ContainsFunc(tenant.Truth().Credentials, func(c TruthCredential) bool { return c.OwnerID == connector }))
}
