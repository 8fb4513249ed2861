package snapshotdiff

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
)

const (
	enabled  = v2.Status_RESOURCE_STATUS_ENABLED
	disabled = v2.Status_RESOURCE_STATUS_DISABLED
)

func TestSameSnapshotIsNoChange(t *testing.T) {
	n := office(t)
	n.grant(entitlementOf("group", "staff", "member"), typeUser, "ann")
	n.grant(entitlementOf(typeRole, globalAdministrator, slugAssigned), typeUser, "ann", "group:admins:member")
	path := n.write(t)
	for _, other := range []string{path, n.write(t)} {
		c := compareFiles(t, path, other, Options{})
		require.False(t, c.diff.Different())
		require.Contains(t, c.text, "No change.\n")
		require.JSONEq(t, "[]", field(t, c.raw, "access"))
		require.JSONEq(t, "[]", field(t, c.raw, "resources"))
	}
}

// field is one field of the document as it was written.
func field(t *testing.T, raw, name string) string {
	t.Helper()
	fields := map[string]json.RawMessage{}
	require.NoError(t, json.Unmarshal([]byte(raw), &fields))
	require.Contains(t, fields, name)
	return string(fields[name])
}

func TestRenamedPersonIsNotTakenForTwo(t *testing.T) {
	old, recent := newTenant(), newTenant()
	old.user(t, "1", "Ann Lee", "ann.lee@example.com", enabled)
	old.user(t, "2", "Bo Berg", "bo@example.com", enabled)
	old.user(t, "3", "Cy Cole", "cy@example.com", disabled)
	recent.user(t, "1", "Ann Roth", "ann.roth@example.com", enabled)
	recent.user(t, "2", "Bo Berg", "bo@example.com", disabled)
	recent.user(t, "3", "Cy Cole", "cy@example.com", enabled)
	// Another person takes the name that has become free.
	recent.user(t, "4", "Ann Lee", "ann.lee@example.com", enabled)
	c := compare(t, old, recent, Options{})
	require.Equal(t, Counts{Added: 1, Renamed: 1, Enabled: 1, Disabled: 1, Changed: 3}, *c.document.Summary.Resources[typeUser])
	require.Contains(t, c.text, `  ~ Ann Roth <ann.roth@example.com>: renamed, was "Ann Lee"; signs in as ann.roth@example.com, was ann.lee@example.com`+"\n")
	require.Contains(t, c.text, "  + Ann Lee <ann.lee@example.com>\n")
	require.Contains(t, c.text, "  ~ Bo Berg <bo@example.com>: disabled, was enabled\n")
	require.Contains(t, c.text, "  ~ Cy Cole <cy@example.com>: enabled, was disabled\n")
	require.NotContains(t, c.text, "  - ")
}

func TestCredentialsAreReportedWithWhoseTheyAre(t *testing.T) {
	old, recent := newTenant(), newTenant()
	for _, n := range []*tenant{old, recent} {
		n.types = append(n.types, "credential")
		n.resource("application", "app", "Payroll")
	}
	recent.resource("credential", "app:key", "New secret")
	recent.resources[1].SetParentResourceId(v2.ResourceId_builder{ResourceType: "application", Resource: "app"}.Build())
	c := compare(t, old, recent, Options{})
	require.Contains(t, c.text, "\nCredentials\n  + New secret (credential) of Payroll (application)\n")
	require.Equal(t, &Object{Type: "application", ID: "app", Name: "Payroll"}, c.document.Resources[0].Parent)
}

func TestAppRoleThatGoesIsReportedUnlessItsApplicationWentToo(t *testing.T) {
	old, recent := newTenant(), newTenant()
	for _, n := range []*tenant{old, recent} {
		n.resource("application", "kept", "Payroll")
		n.entitlement("application", "kept", "r1", "Reader")
	}
	old.resource("application", "gone", "Wiki")
	old.entitlement("application", "gone", "r1", "Reader")
	old.entitlement("application", "kept", "r2", "Writer")
	recent.entitlement("application", "kept", "r3", "Auditor")
	recent.entitlements[0].SetDisplayName("Reader (disabled)")
	c := compare(t, old, recent, Options{})
	require.Equal(t, Counts{Added: 1, Removed: 1, Renamed: 1, Changed: 1}, c.document.Summary.Entitlements)
	require.Len(t, c.document.Entitlements, 3)
	require.Contains(t, c.text, "  + Payroll (application): Auditor\n")
	require.Contains(t, c.text, "  - Payroll (application): Writer\n")
	require.Contains(t, c.text, `  ~ Payroll (application): Reader (disabled): renamed, was "Reader"`+"\n")
}

func TestTypeThatOnlyOneSnapshotHasIsNotAllAddedOrLost(t *testing.T) {
	old, recent := office(t), office(t)
	recent.types = append(recent.types, "device")
	recent.resource("device", "d", "Laptop")
	recent.grant(entitlementOf("device", "d", slugAssigned), typeUser, "ann")
	recent.grant(entitlementOf("group", "staff", "member"), "device", "d")
	c := compare(t, old, recent, Options{})
	require.Equal(t, []Uncompared{{Type: "device", In: "new"}}, c.document.NotCompared)
	require.Empty(t, c.document.Resources)
	require.Empty(t, c.document.Access)
	require.Contains(t, c.text, "Devices are not compared: only the new snapshot was made with them.\n")
	require.True(t, c.diff.Different(), "what could not be compared is not called the same")

	c = compare(t, recent, old, Options{Types: []string{typeUser}})
	require.Equal(t, []Uncompared{{Type: "device", In: "old"}}, c.document.NotCompared, "a person has access to what is not compared")
	require.True(t, c.diff.Different())
}

func TestLimitToATypeKeepsTheAccessOfItsObjects(t *testing.T) {
	old, recent := office(t), office(t)
	recent.user(t, "bo", "Bo", "bo@example.com", enabled)
	recent.resource("application", "app", "Payroll")
	recent.grant(entitlementOf("group", "staff", "member"), typeUser, "bo")
	recent.grant(entitlementOf("group", "staff", "member"), "application", "app")
	c := compare(t, old, recent, Options{Types: []string{typeUser}})
	require.Equal(t, map[string]string{"group:staff:member <- user:bo": "none to direct"}, edges(c))
	require.Len(t, c.document.Resources, 1)

	ctx := context.Background()
	scratch := t.TempDir()
	a, err := Open(ctx, old.write(t), scratch)
	require.NoError(t, err)
	defer func() { require.NoError(t, a.Close(ctx)) }()
	_, err = Compare(ctx, a, a, scratch, Options{Types: []string{"person"}})
	require.ErrorContains(t, err, `there is no resource type "person" in these snapshots; they have user, group, role, application`)
}

func TestHostileNamesAreHarmless(t *testing.T) {
	hostile := "Eve\x1b[2J\x1b]0;owned\a\r\n  + Fake line\u202etxt.exe\u2066\u200b\u0085\u009b31m\U000e0041 ok 李"
	old, recent := office(t), office(t)
	recent.user(t, "eve", hostile, hostile, enabled)
	recent.resource("group", "evil", hostile)
	recent.entitlement("group", "evil", "member", hostile)
	old.resources[0].SetDisplayName(hostile)
	recent.grant(entitlementOf("group", "evil", "member"), typeUser, "eve", "group:evil:owner")
	recent.grant(entitlementOf("group", "evil\x1b[1m", "x\u202e"), typeUser, "nobody\x1b[1m")
	c := compare(t, old, recent, Options{})
	for _, text := range []string{c.text, c.whole} {
		require.Contains(t, text, `Eve\u001b[2J\u001b]0;owned\u0007\u000d\u000a  + Fake line\u202etxt.exe\u2066\u200b\u0085\u009b31m\udb40\udc41 ok 李`)
	}
	for _, out := range []string{c.text, c.whole, c.raw} {
		for _, r := range out {
			require.True(t, r == '\n' || unicode.IsGraphic(r), "%q reaches the terminal", r)
		}
	}
	found := false
	for _, r := range c.document.Resources {
		found = found || r.Name == hostile
	}
	require.True(t, found, "JSON keeps the name as it is")
	require.NotContains(t, c.text, "\n  + Fake line")

	require.Len(t, []rune(short(strings.Repeat("é", 256))), longestName+3)
}
