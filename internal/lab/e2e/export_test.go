package e2e

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	answers "github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/export"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// requireExported makes sure that the tables that people read say what the tenant
// holds. It is given a snapshot that another test has made.
func requireExported(t *testing.T, server *graphsim.Server, snapshot string) {
	t.Helper()
	ctx, scratch := context.Background(), t.TempDir()
	s, err := answers.Open(ctx, snapshot, scratch)
	require.NoError(t, err)
	out := filepath.Join(t.TempDir(), "tenant.sqlite")
	_, err = export.Write(ctx, s, export.Options{Format: export.SQLite, Out: out, Scratch: scratch, Build: "test"})
	require.NoError(t, err)
	at := s.About().ReadAt
	if at.IsZero() {
		at = s.About().EndedAt
	}
	require.NoError(t, s.Close(ctx))
	db, err := sql.Open("sqlite", out)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()

	truth := server.Tenant().Truth()
	want := expected(&truth, expect.Options{})
	query := func(q string) set { return queried(t, db, q) }
	requireSame(t, "direct access in the export", want.direct, query(`SELECT entitlement_id || ' <- ' || principal_type || ':' || principal_id FROM access WHERE direct = 'yes'`))
	requireSame(t, "effective access in the export", want.effective, query(`SELECT entitlement_id || ' <- ' || principal_type || ':' || principal_id FROM access WHERE principal_type <> 'group'`))
	requireSame(t, "entitlements in the export", want.entitlements, query(`SELECT id FROM entitlements`))
	objects := query(`SELECT type || ':' || id FROM principals UNION ALL SELECT type || ':' || id FROM resources UNION ALL SELECT 'credential:' || id FROM credentials
		UNION ALL SELECT 'tenant:' || value FROM about WHERE about = 'tenant' AND name = 'id'`)
	requireResources(t, &truth, want.resources, &contents{resources: objects})
	require.Empty(t, query(`SELECT entitlement_id FROM access WHERE direct = 'no' AND through IS NULL`), "access that comes from nowhere")
	require.Empty(t, query(`SELECT entitlement_id FROM access WHERE principal_name IS NULL OR resource_name IS NULL OR entitlement_name IS NULL`))
	requireSameManagers(t, &truth, db)
	requireExamples(t, &truth, want, query, at)
}

// queried are the rows of a query with one column.
func queried(t *testing.T, db *sql.DB, q string) set {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), q)
	require.NoError(t, err, q)
	defer func() { _ = rows.Close() }()
	found := set{}
	for rows.Next() {
		var row string
		require.NoError(t, rows.Scan(&row), q)
		requireNotIn(t, found, row, "the export has it twice")
		found.add(row)
	}
	require.NoError(t, rows.Err())
	return found
}

func requireSameManagers(t *testing.T, truth *graphsim.Truth, db *sql.DB) {
	t.Helper()
	names := map[string]string{}
	for i := range truth.Users {
		names[truth.Users[i].ID] = truth.Users[i].DisplayName
	}
	want := set{}
	for i := range truth.Users {
		if u := &truth.Users[i]; names[u.ManagerID] != "" {
			want.add(u.ID + " " + names[u.ManagerID])
		}
	}
	require.NotEmpty(t, want)
	got := queried(t, db, `SELECT id || ' ' || manager_name FROM principals WHERE manager_id IS NOT NULL`)
	require.Empty(t, want.minus(got), "people whose manager has another name, or none")
}

// requireExamples runs every question that an export comes with, and works out the
// answers to some of them from the tenant's own truth.
func requireExamples(t *testing.T, truth *graphsim.Truth, want *contents, query func(string) set, at time.Time) {
	t.Helper()
	names := query(`SELECT name FROM examples`)
	require.Len(t, names, 10)
	for name := range names {
		require.NotPanics(t, func() { query(`SELECT COUNT(*) FROM ` + name) }, name)
	}

	guests := map[string]bool{}
	for i := range truth.Users {
		guests[truth.Users[i].ID] = truth.Users[i].UserType == "Guest"
	}
	privileged, ofGuests := set{}, set{}
	for e := range want.effective {
		entitlement, holder, _ := strings.Cut(e, " <- ")
		on, slug := answers.SplitEntitlement(entitlement)
		if on.Type != "role" && on.Type != "scoped_role" {
			continue
		}
		_, id, _ := strings.Cut(holder, ":")
		role, _, _ := strings.Cut(on.ID, "@")
		if _, _, labelled := powers.PrivilegedRoleOf(role); labelled && slug == "assigned" {
			privileged.add(on.ID + " " + id)
		}
		if guests[id] {
			ofGuests.add(on.ID + " " + slug + " " + id)
		}
	}
	require.NotEmpty(t, privileged)
	requireSame(t, "who holds a privileged role", privileged, query(`SELECT resource_id || ' ' || principal_id FROM privileged_people`))
	require.NotEmpty(t, ofGuests)
	requireSame(t, "guests with roles", ofGuests, query(`SELECT resource_id || ' ' || entitlement_slug || ' ' || principal_id FROM guests_with_roles`))

	ownerless := set{}
	for i := range truth.Groups {
		g := &truth.Groups[i]
		members, owners := 0, 0
		for e := range want.direct {
			switch {
			case strings.HasPrefix(e, "group:"+g.ID+":member "):
				members++
			case strings.HasPrefix(e, "group:"+g.ID+":owner "):
				owners++
			}
		}
		if g.OwnersReadable && !g.Synced && members > 0 && owners == 0 {
			ownerless.add(g.ID)
		}
	}
	require.NotEmpty(t, ownerless)
	requireSame(t, "groups without owners", ownerless, query(`SELECT id FROM groups_without_owners`))

	ending := 0
	for _, c := range truth.Credentials {
		if ends, err := time.Parse(time.RFC3339, c.End); err == nil && !ends.Before(at) && ends.Before(at.Add(31*24*time.Hour)) {
			ending++
		}
	}
	require.NotZero(t, ending)
	require.Len(t, query(`SELECT id FROM credentials_ending`), ending)
}

func TestExportByTheCommandIsCompleteOrNotThere(t *testing.T) {
	t.Parallel()
	needsBinary(t)
	server := startTenant(t, graphsim.Small)
	snapshot := runSync(t, server, options{workers: 4, resourceTypes: []string{"user", "role"}}).path
	dir := filepath.Dir(snapshot)
	for format, name := range map[string]string{"sqlite": "snapshot.sqlite", "csv": "snapshot-csv", "xlsx": "snapshot.xlsx"} {
		r := runBinary(t, nil, "export", "-f", snapshot, "--format", format)
		require.Zero(t, r.exit, r.stderr)
		require.Empty(t, r.stderr)
		require.Contains(t, r.stdout, name+": written\n")
		requireEmpty(t, r.temp)
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "a directory is not for everybody on the machine")
	}
	found, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, found, 4, "the snapshot and three exports, and nothing beside them")

	r := runBinary(t, nil, "export", "-f", snapshot, "--out", filepath.Join(dir, "other.XLSX"))
	require.Zero(t, r.exit, r.stderr)
	head, err := os.ReadFile(filepath.Join(dir, "other.XLSX"))
	require.NoError(t, err)
	require.Equal(t, "PK", string(head[:2]), "a database that Excel cannot open")

	kept, err := os.ReadFile(snapshot)
	require.NoError(t, err)
	missing := filepath.Join(dir, "missing.c1z")
	for says, args := range map[string][]string{
		"there is no file " + missing:       {"-f", missing},
		"it is there and is no unchanged":   {"-f", snapshot, "--out", snapshot},
		"none of sqlite, csv and xlsx":      {"-f", snapshot, "--format", "pdf"},
		"takes no arguments":                {snapshot},
		"unknown flag: --colour":            {"--colour"},
		"the export cannot be written to /": {"-f", snapshot, "--out", filepath.Join(dir, "not", "there.sqlite")},
	} {
		r := runBinary(t, nil, append([]string{"export"}, args...)...)
		require.Equal(t, 2, r.exit, r.stderr)
		require.Empty(t, r.stdout)
		require.Contains(t, r.stderr, says)
		require.NotContains(t, r.stderr, "goroutine ")
		requireEmpty(t, r.temp)
	}
	after, err := os.ReadFile(snapshot)
	require.NoError(t, err)
	require.Equal(t, kept, after)
}
