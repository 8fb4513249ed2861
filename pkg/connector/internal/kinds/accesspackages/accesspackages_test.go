package accesspackages

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds/kindtest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
)

const (
	aGroup = "11111111-2222-4333-8444-555555555555"
	aRole  = "66666666-7777-4888-9999-aaaaaaaaaaaa"
)

// What a package gives leads to an entitlement, or to none: never to another one.
func TestAPackageWouldLeadToWhatItDoesNotGive(t *testing.T) {
	for name, tc := range map[string]struct{ system, scope, role, want string }{
		"a member":                       {"AadGroup", aGroup, "Member_" + aGroup, "group:" + aGroup + ":member"},
		"an owner":                       {"AadGroup", aGroup, "Owner_" + aGroup, "group:" + aGroup + ":owner"},
		"a member of another group":      {"AadGroup", aGroup, "Member_" + aRole, ""},
		"a role that is to come":         {"AadGroup", aGroup, "Eligible Member_" + aGroup, ""},
		"an app role":                    {"AadApplication", aGroup, aRole, "application:" + aGroup + ":" + aRole},
		"access without a role":          {"AadApplication", aGroup, "00000000-0000-0000-0000-000000000000", "application:" + aGroup + ":default_access"},
		"an app role that is called so":  {"AadApplication", aGroup, "Reader", ""},
		"a role":                         {"DirectoryRole", aRole, "Active", "role:" + aRole + ":assigned"},
		"a role to activate":             {"DirectoryRole", aRole, "Eligible", "role:" + aRole + ":eligible"},
		"a site":                         {"SharePointOnline", "https://contoso.sharepoint.com/sites/sales", "4", ""},
		"something of a kind of its own": {"CustomDataProvidedResource", aGroup, "Member_" + aGroup, ""},
		"nothing":                        {"", "", "", ""},
	} {
		role, scope := &graph.AccessPackageOrigin{OriginID: tc.role, OriginSystem: tc.system}, &graph.AccessPackageOrigin{OriginID: tc.scope, OriginSystem: tc.system}
		require.Equal(t, tc.want, entitlementOf(role, scope), name)
	}
	upper := &graph.AccessPackageOrigin{OriginID: "MEMBER_11111111-2222-4333-8444-555555555555", OriginSystem: "AadGroup"}
	require.Equal(t, "group:"+aGroup+":member", entitlementOf(upper, &graph.AccessPackageOrigin{OriginID: aGroup, OriginSystem: "AadGroup"}), "ids are compared without case")
}

// Who reads no end takes access for permanent; who reads a wrong one takes it away.
func TestAnAssignmentWouldEndAtAnotherTimeThanItDoes(t *testing.T) {
	start, end := time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC), time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)
	at := func(m *time.Time) graph.TimeOrNone { return graph.TimeOrNone{Time: m} }
	for name, tc := range map[string]struct {
		start, end *time.Time
		duration   string
		want       string
	}{
		"never":                           {&start, nil, "", ""},
		"at a moment":                     {&start, &end, "", "2027-05-01T00:00:00Z"},
		"at a moment, also as a duration": {&start, &end, "P3650D", "2027-05-01T00:00:00Z"},
		"after days":                      {&start, nil, "P30D", "2026-03-02T10:00:00Z"},
		"after hours":                     {&start, nil, "PT8H", "2026-01-31T18:00:00Z"},
		"after days from nobody knows":    {nil, nil, "P30D", ""},
		"after what cannot be read":       {&start, nil, "a while", ""},
	} {
		var row graph.AccessPackageAssignment
		row.Schedule.StartDateTime, row.Schedule.Expiration.EndDateTime, row.Schedule.Expiration.Duration = at(tc.start), at(tc.end), tc.duration
		got := ""
		if ends := endOf(&row); ends != nil {
			got = ends.UTC().Format(time.RFC3339)
		}
		require.Equal(t, tc.want, got, name)
	}
}

// A Graph that ignores $expand would say of every assignment that it is nobody's, and of
// every policy that it is no package's: the platform would take everything away.
func TestAnExpansionThatIsIgnoredWouldTakeAllPackagesAway(t *testing.T) {
	const of, to = `"accessPackage":{"id":"` + aGroup + `"}`, `"target":{"id":"x","objectId":"` + aRole + `"}`
	row := func(parts ...string) string {
		return `{` + strings.Join(append([]string{`"id":"1"`, `"state":"delivered"`}, parts...), ",") + `}`
	}
	for name, tc := range map[string]struct {
		assignments bool
		rows        []string
		fails       bool
		left        int
	}{
		"assignments without whom":         {true, []string{row(of), row(of)}, true, 0},
		"assignments without what":         {true, []string{row(to), row(to)}, true, 0},
		"one assignment without what":      {true, []string{row(to)}, true, 0},
		"an assignment without whom":       {true, []string{row(of), row(of, to)}, false, 1},
		"an assignment with nobody in it":  {true, []string{row(of, `"target":{"objectId":""}`), row(of, `"target":{"objectId":null}`)}, false, 2},
		"assignments in another state":     {true, []string{`{"id":"1","state":"expired"}`, `{"id":"2","state":"expired"}`}, false, 0},
		"no assignments":                   {true, nil, false, 0},
		"policies without a package":       {false, []string{row(), row()}, true, 0},
		"a policy alone without a package": {false, []string{row()}, true, 0},
		"one of the policies without one":  {false, []string{row(), row(of)}, false, 1},
	} {
		client := fake.GraphThat(t, func(string) (int, string) { return http.StatusOK, `{"value":[` + strings.Join(tc.rows, ",") + `]}` })
		ix, _ := kindtest.PeopleListedIn(t, aRole)
		s := &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}}}
		list := s.listPolicies
		if tc.assignments {
			list = func(ctx context.Context, ix walk.Index, c walk.Cursor) (*walk.Cursor, error) {
				return s.listAssignments(ctx, ix, c, graph.AssignmentDelivered, phasePartly)
			}
		}
		_, err := list(t.Context(), ix, walk.Cursor{Version: walk.TokenVersion})
		if tc.fails {
			require.ErrorIs(t, err, forms.ErrMisses, name)
			continue
		}
		require.NoError(t, err, name)
		left := 0
		for _, n := range s.Left.Peek() {
			left += n
		}
		require.Equal(t, tc.left, left, name)
	}
}
