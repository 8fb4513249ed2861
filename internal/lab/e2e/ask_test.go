package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/ask"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect/asked"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// questioner asks a snapshot.
type questioner struct {
	t *testing.T
	s *access.Snapshot
	// at is the day from which questions reckon.
	at time.Time
}

func newQuestioner(t *testing.T, path string) *questioner {
	t.Helper()
	s, err := access.Open(context.Background(), path, t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return &questioner{t: t, s: s, at: time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)}
}

// ask asks a question, and takes whatever answer there is.
func (q *questioner) ask(days int, name string, args ...string) *ask.Answer {
	q.t.Helper()
	question, ok := ask.Find(name)
	require.True(q.t, ok, name)
	answer, err := ask.Ask(context.Background(), q.s, question, args, ask.Options{Days: days, At: q.at})
	require.NoError(q.t, err, name)
	return answer
}

// answer asks a question with days, 0 for the usual ones.
func (q *questioner) answer(days int, name string, args ...string) *ask.Answer {
	q.t.Helper()
	answer := q.ask(days, name, args...)
	require.Empty(q.t, answer.Gaps, name)
	return answer
}

// rows makes one text of some cells of each row, each text once.
func rowsOf(t *testing.T, a *ask.Answer, text func(cell func(key string) string) string) set {
	t.Helper()
	places := map[string]int{}
	for i, c := range a.Columns {
		places[c.Key] = i
	}
	rows := set{}
	for _, row := range a.Rows {
		require.Len(t, row, len(a.Columns))
		rows.add(text(func(key string) string {
			i, ok := places[key]
			require.True(t, ok, "%s has no column %s", a.Question, key)
			return row[i]
		}))
	}
	return rows
}

func holdOf(cell func(string) string) string {
	return edge(cell("entitlement_id"), cell("principal_type"), cell("principal_id"))
}

func setOf(rows []string) set {
	s := set{}
	for _, row := range rows {
		s.add(row)
	}
	return s
}

func TestAnswersAreTheTenantsOwnAndNotWhatTheSnapshotMakesOfIt(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	one := runSync(t, server, options{workers: 16})
	require.NoError(t, one.err)
	q := newQuestioner(t, one.path)
	truth := server.Tenant().Truth()
	tenant := asked.Of(&truth)
	requireAccessAnswers(t, q, &truth, tenant)
	requirePermissionAnswers(t, q, tenant)
	requireOversightAnswers(t, q, tenant)
	requirePathAnswers(t, q, &truth, tenant)
	requirePackagesAreTold(t, q, tenant)
}

// requireFiveAnswers checks five questions about a larger tenant.
func requireFiveAnswers(t *testing.T, server *graphsim.Server, path string) {
	t.Helper()
	q := newQuestioner(t, path)
	truth := server.Tenant().Truth()
	tenant := asked.Of(&truth)
	requireExpiring(t, q, tenant)
	requireWhole(t, q, tenant)
	requireSame(t, "stale", setOf(tenant.Stale(q.s.About().ReadAt.AddDate(0, 0, -90))), rowsOf(t, q.answer(90, "stale"), holdOf))
}

// requireAccessAnswers checks who has what: every role, some groups and applications,
// some people.
func requireAccessAnswers(t *testing.T, q *questioner, truth *graphsim.Truth, tenant *asked.Tenant) {
	t.Helper()
	ends := setOf(tenant.Ends())
	for _, role := range truth.RoleDefinitions {
		answer := q.answer(0, "who-is", "role:"+role.ID)
		want := tenant.Edges(func(entitlement, _ string) bool {
			return entitlement == "role:"+role.ID+":assigned" || strings.HasPrefix(entitlement, "scoped_role:"+role.ID+"@") && strings.HasSuffix(entitlement, ":assigned")
		})
		requireSame(t, "who is "+role.DisplayName, setOf(want), rowsOf(t, answer, holdOf))
		for row := range rowsOf(t, answer, func(cell func(string) string) string {
			if !strings.HasPrefix(cell("how"), "directly") || !strings.HasPrefix(cell("until"), "20") {
				return ""
			}
			return holdOf(cell) + " until " + cell("until")[:len(time.DateOnly)]
		}) {
			if row != "" {
				require.Contains(t, ends, row)
			}
		}
	}
	requireWays(t, q, truth, tenant)
	var resources []string
	for i := range truth.Groups {
		resources = append(resources, "group:"+truth.Groups[i].ID)
	}
	for i := range truth.ServicePrincipals {
		if truth.ServicePrincipals[i].Kind == "application" {
			resources = append(resources, "application:"+truth.ServicePrincipals[i].ID)
		}
	}
	for i, resource := range resources {
		if i%5 == 0 {
			want := tenant.Edges(func(entitlement, _ string) bool { return strings.HasPrefix(entitlement, resource+":") })
			requireSame(t, "who has "+resource, setOf(want), rowsOf(t, q.answer(0, "who-has", resource), holdOf))
		}
	}
	for i := range truth.Users {
		if i%100 == 0 {
			who := "user:" + truth.Users[i].ID
			want := tenant.Edges(func(_, principal string) bool { return principal == who })
			got := rowsOf(t, q.answer(0, "what-has", truth.Users[i].UPN), func(cell func(string) string) string { return cell("entitlement_id") + " <- " + who })
			requireSame(t, "what has "+who, setOf(want), got)
		}
	}
}

// requirePermissionAnswers checks what applications may do.
func requirePermissionAnswers(t *testing.T, q *questioner, tenant *asked.Tenant) {
	t.Helper()
	permitted := func(cell func(string) string) string {
		who := cell("for")
		switch who {
		case "itself":
		case "everybody who signs in":
			who = "everybody"
		default:
			who = q.idOf(who)
		}
		return cell("principal_id") + " " + cell("permission") + " " + who
	}
	mail := slices.Concat(
		tenant.Permitted(asked.MicrosoftGraph, "Mail.Read", "Mail.ReadWrite", "Mail.ReadBasic", "Mail.ReadBasic.All", "Mail.Read.Shared", "Mail.ReadWrite.Shared"),
		tenant.Permitted(asked.ExchangeOnline, "full_access_as_app", "EWS.AccessAsUser.All", "IMAP.AccessAsUser.All"))
	require.NotEmpty(t, mail)
	requireSame(t, "who can read mail", setOf(mail), rowsOf(t, q.answer(0, "who-can-read-mail"), permitted))
	files := tenant.Permitted(asked.MicrosoftGraph, "Files.Read", "Files.ReadWrite", "Files.Read.All", "Files.ReadWrite.All",
		"Sites.Read.All", "Sites.ReadWrite.All", "Sites.FullControl.All", "Sites.Manage.All", "Sites.Selected")
	require.NotEmpty(t, files)
	writes := tenant.Permitted(asked.MicrosoftGraph, "Directory.ReadWrite.All", "Directory.AccessAsUser.All", "User.ReadWrite.All", "Group.ReadWrite.All",
		"GroupMember.ReadWrite.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "AppRoleAssignment.ReadWrite.All",
		"RoleManagement.ReadWrite.Directory", "EntitlementManagement.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All")
	require.NotEmpty(t, writes)
	requireSame(t, "who can write the directory", setOf(writes), rowsOf(t, q.answer(0, "who-can-write-directory"), permitted))
	requireSame(t, "who can read files", setOf(files), rowsOf(t, q.answer(0, "who-can-read-files"), permitted))
}

// idOf is the id of the person that an answer names.
func (q *questioner) idOf(called string) string {
	q.t.Helper()
	login := called[strings.LastIndexByte(called, '(')+1:]
	found, err := q.s.Find(context.Background(), strings.TrimSuffix(login, ")"), access.TypeUser)
	require.NoError(q.t, err)
	require.Len(q.t, found.Objects, 1, called)
	return found.Objects[0].ID
}

// requireOversightAnswers checks the questions that look over the whole tenant.
func requireOversightAnswers(t *testing.T, q *questioner, tenant *asked.Tenant) {
	t.Helper()
	requireSame(t, "stale", setOf(tenant.Stale(q.s.About().ReadAt.AddDate(0, 0, -90))), rowsOf(t, q.answer(90, "stale"), holdOf))
	requireWhole(t, q, tenant)
	requireExpiring(t, q, tenant)

	privileged := set{}
	for row := range rowsOf(t, q.answer(0, "privileged"), holdOf) {
		if !strings.HasPrefix(row, "application:") { // Permissions are told beside the roles.
			privileged.add(row)
		}
	}
	requireSame(t, "privileged", setOf(tenant.PrivilegedEdges()), privileged)
}

// requireWhole checks the questions about every group, application, guest and product.
func requireWhole(t *testing.T, q *questioner, tenant *asked.Tenant) {
	t.Helper()
	typed := func(cell func(string) string) string { return cell("type") + ":" + cell("id") }
	requireSame(t, "ownerless", setOf(tenant.Ownerless()), rowsOf(t, q.answer(0, "ownerless"), typed))
	requireSame(t, "unused applications", setOf(tenant.Unused()), rowsOf(t, q.answer(0, "unused-applications"), func(cell func(string) string) string { return cell("id") }))
	requireSame(t, "guests", setOf(tenant.Guests()), rowsOf(t, q.answer(0, "guests"), func(cell func(string) string) string {
		return strings.Join([]string{cell("principal_id"), cell("roles"), cell("applications"), cell("groups")}, " ")
	}))
	requireSame(t, "licences", setOf(tenant.Licences()), rowsOf(t, q.answer(0, "licences"), func(cell func(string) string) string {
		return strings.Join([]string{cell("id"), cell("consumed"), cell("direct"), cell("through_groups"), cell("failed")}, " ")
	}))
}

// requireExpiring checks what ends within ten years: the simulated ends are far off.
func requireExpiring(t *testing.T, q *questioner, tenant *asked.Tenant) {
	t.Helper()
	const days = 3650
	var credentials []string
	holds := rowsOf(t, q.answer(days, "expiring"), func(cell func(string) string) string {
		if cell("type") == access.TypeCredential {
			credentials = append(credentials, cell("principal_id")+" "+cell("ends"))
			return "credential"
		}
		return holdOf(cell) + " until " + cell("ends")[:len(time.DateOnly)]
	})
	slices.Sort(credentials)
	require.Equal(t, tenant.ExpiringCredentials(q.at, days), credentials)
	delete(holds, "credential")
	last := q.at.AddDate(0, 0, days).Format(time.DateOnly)
	want := slices.DeleteFunc(tenant.Ends(), func(row string) bool {
		day := row[len(row)-len(time.DateOnly):]
		return day < q.at.Format(time.DateOnly) || day >= last
	})
	require.NotEmpty(t, want)
	requireSame(t, "holds that end", setOf(want), holds)
}

// restsOn are the questions whose answers are not whole without a data set.
var restsOn = map[string][]string{
	"role eligibilities":    {"what-has", "who-can-become", "paths-to", "privileged", "expiring", "stale"},
	"group eligibilities":   {"what-has", "who-can-become", "paths-to", "expiring"},
	"role assignment times": {"expiring"},
	"consents":              {"who-can-read-mail", "who-can-read-files", "who-can-write-directory", "unused-applications", "what-has"},
	"sign-in activity":      {"stale"},
	"licences":              {"licences", "what-has"},
	"administrative units":  {"what-has", "who-can-become", "paths-to"},
	"agent sponsors":        {"ownerless"},
	"hidden memberships":    {"who-is", "what-has", "who-can-become", "paths-to"},
	"access packages":       {"what-has", "expiring", "who-can-become", "paths-to"},

	"access package catalogues": {"what-has", "who-can-become", "paths-to"},
}

// askedOf are the arguments of the questions that take one: a role that the simulated
// tenant has.
func askedOf(name string) []string {
	switch name {
	case "who-is", "who-can-become", "paths-to":
		return []string{"Global Administrator"}
	case "what-has":
		return []string{"Tier 0 Readers"}
	default:
		return nil
	}
}

// requireGapsAreSaid checks that each question names the data sets that it lacks, with
// the reason.
func requireGapsAreSaid(t *testing.T, path string, left map[string]string) {
	t.Helper()
	q := newQuestioner(t, path)
	for data, why := range left {
		for _, name := range restsOn[data] {
			gaps := q.ask(0, name, askedOf(name)...).Gaps
			require.True(t, slices.ContainsFunc(gaps, func(gap string) bool { return strings.Contains(gap, data) && strings.Contains(gap, why) }),
				"%s does not say that it lacks %s (%s): %v", name, data, why, gaps)
		}
	}
}

func TestWhatAnOlderBuildDidNotSayWouldLookLikeNobody(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 16, resourceTypes: []string{"user", "role", "scoped_role"}})
	require.NoError(t, o.err)
	q := newQuestioner(t, o.path)
	require.False(t, q.s.About().Told)
	for _, name := range []string{"licences", "who-can-read-mail", "unused-applications"} {
		answer := q.ask(0, name)
		require.Empty(t, answer.Rows, name)
		require.NotEmpty(t, answer.Gaps, name)
	}
	stale := q.ask(0, "stale")
	require.NotContains(t, rowsOf(t, stale, func(cell func(string) string) string { return cell("last_sign_in") }), "not known")
	require.NotEmpty(t, stale.Gaps, "nobody is stale because sign-ins may not have been read")
	known := q.ask(0, "who-is", "Global Administrator")
	require.NotEmpty(t, known.Rows)
	require.NotEmpty(t, known.Notes, "there may be more")
}
