package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/report"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect/asked"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// reported is what the tests read of the summary of a report.
type reported struct {
	Overview struct {
		Counts []struct {
			Type string
			N    int
		}
	}
	Roles []struct {
		Role, More int
		Holders    []struct {
			Who  int
			Slug string
			Ways []struct {
				Through  []int
				Join     bool
				Packages []struct {
					On    int
					Until string
				}
			}
		}
	}
	Known []struct {
		N        int
		Type, ID string
	}
}

func readReport(t *testing.T, page string) *reported {
	t.Helper()
	_, after, found := strings.Cut(page, `<script type="application/json" id="summary">`)
	require.True(t, found)
	data, _, _ := strings.Cut(after, "</script>")
	var r reported
	require.NoError(t, json.Unmarshal([]byte(data), &r))
	return &r
}

// requireReportOfPrivilege compares the privileged access of a report with the tenant:
// nobody is missing, nobody is extra, and whoever is said to hold a role directly does.
func requireReportOfPrivilege(t *testing.T, server *graphsim.Server, path string) {
	t.Helper()
	ctx := context.Background()
	s, err := access.Open(ctx, path, t.TempDir())
	require.NoError(t, err)
	var page bytes.Buffer
	limits := report.DefaultLimits()
	limits.Listed = 1 << 20
	_, err = report.Write(ctx, s, &page, report.Options{Snapshot: "tenant.c1z", Limits: limits})
	require.NoError(t, err)
	require.NoError(t, s.Close(ctx))
	r := readReport(t, page.String())

	names := map[int]access.Ref{}
	for _, k := range r.Known {
		names[k.N] = access.Ref{Type: k.Type, ID: k.ID}
	}
	direct, effective, joining, given := set{}, set{}, set{}, set{}
	for _, role := range r.Roles {
		require.Zero(t, role.More)
		for _, h := range role.Holders {
			who := names[h.Who]
			e := edge(access.EntitlementID(names[role.Role], h.Slug), who.Type, who.ID)
			for _, w := range h.Ways {
				if w.Join {
					joining.add(edge(access.EntitlementID(names[w.Through[0]], access.SlugEligibleMember), who.Type, who.ID))
					continue
				}
				if who.Type != access.TypeGroup {
					effective.add(e)
				}
				if len(w.Through) == 0 {
					direct.add(e)
					for _, g := range w.Packages {
						given.add(e + " by " + names[g.On].ID + " until " + g.Until)
					}
				}
			}
		}
	}
	truth := server.Tenant().Truth()
	want := expected(&truth, expect.Options{})
	ofRoles := func(rows set) set {
		found := set{}
		for row := range rows {
			if strings.HasPrefix(row, "role:") || strings.HasPrefix(row, "scoped_role:") {
				found.add(row)
			}
		}
		return found
	}
	requireSame(t, "who holds or may activate roles in the report", ofRoles(want.effective), effective)
	requireSame(t, "who does directly", ofRoles(want.direct), direct)
	byPackages := set{}
	for row, list := range asked.Of(&truth).ByPackages() {
		for _, g := range list {
			byPackages.add(row + " by " + g.ID + " until " + g.End)
		}
	}
	requireSame(t, "by which access packages", ofRoles(byPackages), given)
	mayJoin := set{}
	for row := range want.effective {
		group, _, found := strings.Cut(row, ":eligible_member <- ")
		if found && holdsRole(want, strings.TrimPrefix(group, "group:")) {
			mayJoin.add(row)
		}
	}
	requireSame(t, "who may become a member of a group with a role", mayJoin, joining)
	for _, count := range r.Overview.Counts {
		if count.Type == access.TypeUser {
			require.Len(t, truth.Users, count.N)
		}
	}
}

// holdsRole reports whether a group holds or may activate a role.
func holdsRole(want *contents, group string) bool {
	for row := range want.direct {
		if (strings.HasPrefix(row, "role:") || strings.HasPrefix(row, "scoped_role:")) && strings.HasSuffix(row, " <- group:"+group) {
			return true
		}
	}
	return false
}

// requireReportOfHostileNames makes a report with the command.
func requireReportOfHostileNames(t *testing.T, snapshot string) {
	t.Helper()
	r := runBinary(t, nil, "report", "-f", snapshot)
	require.Zero(t, r.exit, r.stderr)
	require.Empty(t, r.stderr)
	requireEmpty(t, r.temp)
	path := strings.TrimSuffix(snapshot, ".c1z") + ".html"
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	_, after, _ := strings.Cut(string(page), `id="summary">`)
	data, _, _ := strings.Cut(after, "</script>")
	require.Contains(t, data, "Eve")
	for _, character := range data {
		require.True(t, unicode.IsGraphic(character) && !strings.ContainsRune("<>&", character), "%q is in the page", character)
	}
	require.True(t, json.Valid([]byte(data)), "a name ends the data")
	require.Equal(t, 1, strings.Count(string(page), "<script>"), "a name makes a script")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	before, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	for _, entry := range before {
		require.NotContains(t, entry.Name(), ".partial")
	}
}

func TestReportSaysWhatIsWrongAndExitsWithTwo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, mine := filepath.Join(dir, "text.c1z"), filepath.Join(dir, "mine.html")
	require.NoError(t, os.WriteFile(text, []byte("not a snapshot at all"), 0o600))
	require.NoError(t, os.WriteFile(mine, []byte("<html>mine</html>"), 0o600))
	missing := filepath.Join(dir, "missing.c1z")
	for says, args := range map[string][]string{
		"there is no file " + missing:            {"-f", missing},
		text + " is not a snapshot":              {"-f", text},
		"is not a report of this program":        {"-f", text, "--out", mine},
		"report takes no arguments":              {text},
		"unknown flag: --colour":                 {"--colour"},
		"the report cannot be written":           {"-f", text, "--out", filepath.Join(text, "x.html")},
		dir + " is not a file: name another one": {"-f", text, "--out", dir},
	} {
		r := runBinary(t, nil, append([]string{"report"}, args...)...)
		require.Equal(t, 2, r.exit, r.stderr)
		require.Empty(t, r.stdout)
		require.Contains(t, r.stderr, says)
		requireEmpty(t, r.temp)
		require.NoFileExists(t, missing)
	}
	kept, err := os.ReadFile(mine)
	require.NoError(t, err)
	require.Equal(t, "<html>mine</html>", string(kept))
}
