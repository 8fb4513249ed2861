package snapshotdiff

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAssignmentThatIsMadePermanentOrProlongedIsNotTakenForNoChange(t *testing.T) {
	const until, later = "2026-12-01T08:00:00Z", "2027-01-01T08:00:00Z"
	type term struct{ kind, until string }
	for name, c := range map[string]struct {
		old, recent *term // Nil for no grant.
		says        string
		summary     AccessSummary
	}{
		"made permanent": {&term{"time-bound", until}, &term{"permanent", ""}, "~ Ann <ann@example.com>: Assigned, now permanent; was until 2026-12-01 08:00 UTC", AccessSummary{Reassigned: 1}},
		"prolonged": {&term{"time-bound", until}, &term{"time-bound", later},
			"~ Ann <ann@example.com>: Assigned, now until 2027-01-01 08:00 UTC; was until 2026-12-01 08:00 UTC", AccessSummary{Reassigned: 1}},
		"another spelling": {&term{"time-bound", until}, &term{"time-bound", "2026-12-01T09:00:00+01:00"}, "", AccessSummary{}},
		"times not read":   {&term{"time-bound", until}, &term{"", ""}, "", AccessSummary{}},
		"activated": {nil, &term{"activated", until}, "+ Ann <ann@example.com>: Assigned, activated until 2026-12-01 08:00 UTC", AccessSummary{
			Effective: AccessCounts{Gained: 1}, Direct: AccessCounts{Gained: 1}, Privileged: AccessCounts{Gained: 1}, Activated: AccessCounts{Gained: 1},
		}},
		"no longer activated": {&term{"activated", until}, nil, "- Ann <ann@example.com>: Assigned, was activated until 2026-12-01 08:00 UTC", AccessSummary{
			Effective: AccessCounts{Lost: 1}, Direct: AccessCounts{Lost: 1}, Privileged: AccessCounts{Lost: 1}, Activated: AccessCounts{Lost: 1},
		}},
		"activation made permanent": {&term{"activated", until}, &term{"permanent", ""},
			"~ Ann <ann@example.com>: Assigned, now permanent; was activated until 2026-12-01 08:00 UTC", AccessSummary{Reassigned: 1}},
		"given for a time": {nil, &term{"time-bound", until}, "+ Ann <ann@example.com>: Assigned, directly, until 2026-12-01 08:00 UTC", AccessSummary{
			Effective: AccessCounts{Gained: 1}, Direct: AccessCounts{Gained: 1}, Privileged: AccessCounts{Gained: 1},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			old, recent := office(t), office(t)
			for n, is := range map[*tenant]*term{old: c.old, recent: c.recent} {
				if is != nil {
					n.grant(entitlementOf(typeRole, globalAdministrator, slugAssigned), typeUser, "ann")
					n.assigned(t, is.kind, is.until)
				}
			}
			got := compare(t, old, recent, Options{})
			require.Equal(t, c.summary, got.document.Summary.Access)
			if c.says == "" {
				require.Contains(t, got.text, "No change.")
				return
			}
			require.Contains(t, got.text, "    "+c.says+"\n")
			require.True(t, got.document.Access[0].Privileged)
			require.True(t, got.diff.Privileged())
		})
	}
}

func TestWhatIsDerivedHasNoTermOfItsOwn(t *testing.T) {
	old, recent := office(t), office(t)
	for _, n := range []*tenant{old, recent} {
		n.grant(entitlementOf(typeRole, globalAdministrator, slugAssigned), typeUser, "ann", "group:admins:member")
	}
	recent.assigned(t, "time-bound", "2026-12-01T08:00:00Z")
	require.False(t, compare(t, old, recent, Options{}).diff.Different())
}
