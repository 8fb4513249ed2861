package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

func profileOf(r *v2.Resource) map[string]any { return r.GetProfile().AsMap() }

// pick takes a message out of a row's annotations.
func pick[M proto.Message](t *testing.T, row interface{ GetAnnotations() []*anypb.Any }, into M) M {
	t.Helper()
	annos := annotations.Annotations(row.GetAnnotations())
	ok, err := annos.Pick(into)
	require.NoError(t, err)
	require.True(t, ok, "%T is missing", into)
	return into
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return at
}

func TestPeopleAreShownInFull(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4, configure: everything})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	purposes := map[string]int{}
	sponsors := map[string][]any{}
	for _, e := range truth.UserSponsors { // By the ids of the sponsors, as the profile has them.
		sponsors[e.ObjectID] = append(sponsors[e.ObjectID], e.Principal.ID)
	}
	require.NotEmpty(t, sponsors)
	for i := range truth.Users {
		u := &truth.Users[i]
		r := got.resourceRows["user:"+u.ID]
		trait, err := rs.GetUserTrait(r)
		require.NoError(t, err)
		profile := profileOf(r)
		if u.LastSignIn == "" {
			require.Nil(t, trait.GetLastLogin(), u.ID)
		} else {
			require.Equal(t, instant(t, u.LastSignIn).Unix(), trait.GetLastLogin().GetSeconds(), u.ID)
		}
		require.Equal(t, u.MFARegistered != nil, trait.GetMfaStatus() != nil, u.ID)
		if u.MFARegistered != nil {
			require.Equal(t, *u.MFARegistered, trait.GetMfaStatus().GetMfaEnabled(), u.ID)
		}
		wantPurpose := u.MailboxPurpose
		if u.UserType == "Guest" {
			wantPurpose = ""
		}
		purpose, _ := profile["mailboxPurpose"].(string)
		require.Equal(t, wantPurpose, purpose, u.ID)
		purposes[purpose]++
		people := trait.GetAccountType() == v2.UserTrait_ACCOUNT_TYPE_HUMAN
		require.Equal(t, !u.Agent && purpose != "shared" && purpose != "room" && purpose != "equipment", people, u.ID)
		manager, _ := profile["managerId"].(string)
		require.Equal(t, u.ManagerID, manager, u.ID)
		for name, value := range u.ExtensionAttributes {
			require.Equal(t, value, profile[name], u.ID)
		}
		requireDetails(t, u, profile)
		requireAttributes(t, u.SecurityAttributes, profile)
		listed, _ := profile["sponsorIds"].([]any)
		require.ElementsMatch(t, sponsors[u.ID], listed, u.ID)
		names, _ := profile["sponsors"].([]any)
		require.Len(t, names, len(listed))
	}
	for i := range truth.ServicePrincipals {
		if sp := &truth.ServicePrincipals[i]; sp.Kind == "application" {
			requireAttributes(t, sp.SecurityAttributes, profileOf(got.resourceRows["application:"+sp.ID]))
		}
	}
	require.Greater(t, len(purposes), 3, "the tenant has mailboxes of few kinds: %v", purposes)
	for i := range truth.DeletedUsers {
		require.Equal(t, v2.Status_RESOURCE_STATUS_DELETED, got.resourceRows["user:"+truth.DeletedUsers[i].ID].GetStatus().GetStatus())
	}
}

// requireAttributes fails unless a profile has these custom security attributes, and no others.
func requireAttributes(t *testing.T, want map[string]map[string]any, profile map[string]any) {
	t.Helper()
	got, told := profile["customSecurityAttributes"]
	require.Equal(t, len(want) > 0, told)
	if told {
		raw, err := json.Marshal(want)
		require.NoError(t, err)
		is, err := json.Marshal(got)
		require.NoError(t, err)
		require.JSONEq(t, string(raw), string(is))
	}
}

// detailNames are the properties of people that come with their managers.
var detailNames = []string{
	"usageLocation", "officeLocation", "city", "state", "country", "preferredLanguage", "mailNickname", "employeeHireDate", "division", "costCenter",
	"lastPasswordChangeDateTime", "onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesImmutableId", "onPremisesDistinguishedName",
	"onPremisesDomainName", "onPremisesUserPrincipalName", "streetAddress", "postalCode", "mobilePhone", "faxNumber", "employeeLeaveDateTime",
}

// requireDetails fails unless a profile has these properties, and no others of them.
func requireDetails(t *testing.T, u *graphsim.TruthUser, profile map[string]any, unread ...string) {
	t.Helper()
	for _, name := range detailNames {
		want := u.Details[name]
		if slices.Contains(unread, name) {
			want = ""
		}
		got, _ := profile[name].(string)
		require.Equal(t, want, got, "%s of %s", name, u.ID)
	}
	var phones []string
	list, _ := profile["businessPhones"].([]any)
	for _, one := range list {
		phones = append(phones, one.(string)) //nolint:forcetypeassert // A test.
	}
	if slices.Contains(unread, "businessPhones") {
		require.Empty(t, phones, u.ID)
		return
	}
	require.ElementsMatch(t, u.Phones, phones, u.ID)
}

// contactDetails are those that have to be asked for.
var contactDetails = []string{"streetAddress", "postalCode", "mobilePhone", "faxNumber", "businessPhones"}

// Where somebody lives is in no snapshot that nobody asked for it, and when somebody
// leaves in none without the permission, by which Graph says that nobody does.
func TestPersonalDataIsReadOnDemandAndLeaveDatesWithTheirPermission(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(without("User-LifeCycleInfo.Read.All")...)
	o := runSync(t, server, options{workers: 1})
	require.NoError(t, o.err)
	require.Equal(t, map[string]string{"leave dates": "permission User-LifeCycleInfo.Read.All"}, skippedData(o))
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	seen := map[string]int{}
	for i := range truth.Users {
		u := &truth.Users[i]
		requireDetails(t, u, profileOf(got.resourceRows["user:"+u.ID]), append([]string{"employeeLeaveDateTime"}, contactDetails...)...)
		for name := range u.Details {
			seen[name]++
		}
	}
	for _, name := range detailNames {
		require.Positive(t, seen[name], "nobody has a %s", name)
	}
}

// The walk over people is as many requests as it was: what is new comes with them.
func TestFurtherPropertiesCostNoRequest(t *testing.T) {
	t.Parallel()
	count := func(configure func(*config.AzureAd), refused bool) (int64, int64) {
		server := startTenant(t, graphsim.Small)
		if refused { // The forms in which people were read before.
			server.Fault(graphsim.Rule{Name: "details", Action: graphsim.Refusals()[0].Action, Match: func(r graphsim.Request) bool {
				return strings.Contains(r.Query, "usageLocation")
			}})
		}
		o := runSync(t, server, options{workers: 1, resourceTypes: []string{"user"}, configure: configure})
		require.NoError(t, o.err)
		lines := o.logs.FilterMessage("azure-ad: Microsoft Graph requests").All()
		require.Len(t, lines, 1)
		fields := lines[0].ContextMap()
		return fields["requests"].(int64), fields["resource_units"].(int64) //nolint:forcetypeassert // A test.
	}
	requests, units := count(nil, false)
	withContacts, unitsWithContacts := count(func(cfg *config.AzureAd) { cfg.ContactDetails = true }, false)
	before, unitsBefore := count(nil, true)
	require.Equal(t, requests, withContacts)
	require.Equal(t, units, unitsWithContacts)
	require.LessOrEqual(t, requests, before)
	require.LessOrEqual(t, units, unitsBefore)
}

func TestARoleSaysUntilWhenItIsHeld(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	kinds := map[string]int{}
	check := func(rows []graphsim.TruthRoleAssignment, slug string) {
		for _, a := range rows {
			resource := "role:" + a.RoleID
			if a.Scope != "/" {
				resource = "scoped_role:" + a.RoleID + "@" + a.ScopeObjectID
			}
			if a.Principal.Type != "user" {
				continue
			}
			g := got.grantRows[edge(resource+":"+slug, "user", a.Principal.ID)]
			require.NotNil(t, g, "%s of %s", slug, resource)
			metadata := &v2.GrantMetadata{}
			annos := annotations.Annotations(g.GetAnnotations())
			_, err := annos.Pick(metadata)
			require.NoError(t, err)
			fields := metadata.GetMetadata().AsMap()
			end, _ := fields["endDateTime"].(string)
			if a.End == "" {
				require.Empty(t, end)
			} else {
				require.Equal(t, instant(t, a.End), instant(t, end))
			}
			kind, _ := fields["assignmentType"].(string)
			if a.AssignmentType == "Activated" {
				require.Equal(t, "activated", kind)
			}
			kinds[slug+" "+kind]++
		}
	}
	check(truth.RoleAssignments, "assigned")
	check(truth.RoleEligibilities, "eligible")
	for _, kind := range []string{"assigned permanent", "assigned time-bound", "assigned activated", "eligible permanent", "eligible time-bound"} {
		require.Positive(t, kinds[kind], "%s: %v", kind, kinds)
	}
}

func TestAScopedRoleNamesItsRoleAndItsScope(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	types := map[string]string{"administrativeUnit": "administrative_unit", "application": "app_registration", "group": "group", "device": "device", "attributeSet": "attribute_set"}
	for _, sp := range truth.ServicePrincipals {
		types[sp.ID] = sp.Kind
	}
	seen := map[string]bool{}
	for _, a := range truth.RoleAssignments {
		if a.ScopeType == "" {
			continue
		}
		r := got.resourceRows["scoped_role:"+a.RoleID+"@"+a.ScopeObjectID]
		require.NotNil(t, r)
		trait := pick(t, r, &v2.ScopeBindingTrait{})
		require.Equal(t, "role", trait.GetRoleId().GetResourceType())
		require.Equal(t, a.RoleID, trait.GetRoleId().GetResource())
		require.Equal(t, a.ScopeObjectID, trait.GetScopeResourceId().GetResource())
		want := types[a.ScopeType]
		if a.ScopeType == "servicePrincipal" {
			want = types[a.ScopeObjectID]
		}
		require.Equal(t, want, trait.GetScopeResourceId().GetResourceType())
		seen[a.ScopeType] = true
	}
	require.Len(t, seen, 6, "%v", seen)
}

func TestACredentialSaysWhoseItIsAndUntilWhen(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	kinds := map[string]string{}
	for _, sp := range truth.ServicePrincipals {
		kinds[sp.ID] = sp.Kind
	}
	classes := map[string]v2.SecretTrait_CredentialType{
		"password": v2.SecretTrait_CREDENTIAL_TYPE_STATIC_SECRET, "certificate": v2.SecretTrait_CREDENTIAL_TYPE_CERTIFICATE,
		"federated": v2.SecretTrait_CREDENTIAL_TYPE_ASYMMETRIC_KEY,
	}
	for _, c := range truth.Credentials {
		if c.KeyID == "" || c.Unreadable {
			continue
		}
		r := got.resourceRows["credential:"+c.OwnerID+":"+c.KeyID]
		require.NotNil(t, r)
		trait := pick(t, r, &v2.SecretTrait{})
		require.Equal(t, classes[c.Kind], trait.GetCredentialType(), c.KeyID)
		if c.End == "" {
			require.Nil(t, trait.GetExpiresAt())
		} else {
			require.Equal(t, instant(t, c.End).Unix(), trait.GetExpiresAt().GetSeconds())
		}
		owner := "app_registration"
		if c.OwnerType == "servicePrincipal" {
			owner = kinds[c.OwnerID]
		}
		require.Equal(t, owner, r.GetParentResourceId().GetResourceType())
		require.Equal(t, c.OwnerID, r.GetParentResourceId().GetResource())
		identity := c.ServicePrincipalID
		if identity == "" {
			identity = c.OwnerID
		}
		require.Equal(t, identity, trait.GetIdentityId().GetResource())
	}
}

func TestALicenceTellsDirectFromInheritedAndWhatIsWrong(t *testing.T) {
	t.Parallel()
	needsTime(t)
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 4})
	require.NoError(t, o.err)
	got := readSnapshot(t, o.path)
	truth := server.Tenant().Truth()
	works := func(a *graphsim.TruthLicenseAssignment) bool {
		return a.State == "Active" || a.State == "ActiveWithError"
	}
	byHolder := map[string][]*graphsim.TruthLicenseAssignment{}
	for i := range truth.LicenseAssignments {
		a := &truth.LicenseAssignments[i]
		e := edge("license:"+a.SkuID+":assigned", a.Principal.Type, a.Principal.ID)
		if a.Principal.Type != "user" { // What a group gives is in no state.
			requireIn(t, got.direct, e)
			continue
		}
		byHolder[e] = append(byHolder[e], a)
	}
	seen := map[string]int{}
	for e, all := range byHolder {
		working := slices.DeleteFunc(slices.Clone(all), func(a *graphsim.TruthLicenseAssignment) bool { return !works(a) })
		if len(working) == 0 {
			requireNotIn(t, got.grantRows, e)
			seen["failed"]++
			continue
		}
		g := got.grantRows[e]
		require.NotNil(t, g, e)
		fields := map[string]any{}
		metadata := &v2.GrantMetadata{}
		annos := annotations.Annotations(g.GetAnnotations())
		if ok, err := annos.Pick(metadata); err == nil && ok {
			fields = metadata.GetMetadata().AsMap()
		}
		var groups []string
		direct := slices.IndexFunc(working, func(a *graphsim.TruthLicenseAssignment) bool { return a.GroupID == "" })
		for _, a := range working {
			if a.GroupID != "" {
				groups = append(groups, a.GroupID)
				require.Contains(t, g.GetSources().GetSources(), "group:"+a.GroupID+":member")
			}
		}
		if direct >= 0 {
			requireIn(t, got.direct, e)
			require.Equal(t, len(working[direct].DisabledPlans) > 0, fields["disabledPlans"] != nil)
			seen["both"] += min(len(groups), 1)
		} else {
			requireNotIn(t, got.direct, e, "it comes through a group")
			require.True(t, annos.Contains(&v2.GrantImmutable{}))
		}
		if len(all) == 1 && all[0].State != "Active" {
			require.Equal(t, all[0].State, fields["state"])
			require.Equal(t, all[0].Error, fields["error"])
			seen[all[0].State]++
		}
	}
	require.Positive(t, seen["both"])
	require.Positive(t, seen["failed"])
	require.Positive(t, seen["ActiveWithError"])
	for _, l := range truth.Licenses {
		trait := pick(t, got.resourceRows["license:"+l.SkuID], &v2.LicenseProfileTrait{})
		require.EqualValues(t, l.Consumed, trait.GetConsumedSeats())
		require.Equal(t, []string{"license:" + l.SkuID + ":assigned"}, trait.GetEntitlementIds())
	}
}
