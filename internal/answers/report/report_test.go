package report

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/ask"
)

func guidFor(kind, n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, n) }

// hostile are names that end an element, a string or a comment, or that run where they
// are taken for HTML.
var hostile = []string{
	`</script><script>alert(1)</script>`, `<!-- <script>`, `-->`, `]]>`, `"><img src=x onerror=alert(1)>`, `'"` + "`" + `\${alert(1)}`, "line\u2028next\u2029", "{{blocks}}{{script}}",
	"\u202egpj.exe", "a\x00b\x1b[2J", `</SCRIPT ><svg onload=alert(1)>`, `javascript:alert(1)`, "&lt;b&gt;&#60;", `$(touch x)'; rm -rf ~; '`,
}

func hostileTenant(t *testing.T) *tenant {
	t.Helper()
	n := newTenant()
	role := n.add(t, "role", globalAdministrator, hostile[0], map[string]any{"isBuiltIn": true})
	assigned := n.entitlement(role, "assigned", hostile[0])
	graph := n.add(t, "application", guidFor(9, 0), hostile[1], map[string]any{"appId": "00000003-0000-0000-c000-000000000000"})
	mail := n.entitlement(graph, guidFor(8, 0), "Mail.Read "+hostile[0])
	for i, name := range hostile {
		user := n.user(t, guidFor(1, i), name, name, map[string]any{"userType": "Guest", "jobTitle": name, name: name, "externalUserState": name})
		n.grant(assigned, user)
		group := n.add(t, "group", guidFor(2, i), name, map[string]any{"membershipRule": name, "groupTypes": []any{"DynamicMembership"}})
		n.grant(n.entitlement(group, "member", name), user)
		app := n.add(t, "application", guidFor(3, i), name, map[string]any{"homepage": name, "appId": name})
		n.grant(mail, app)
	}
	return n
}

func TestNameCannotBreakOutOfItsPlaceInThePage(t *testing.T) {
	t.Parallel()
	plain, _ := write(t, newTenant().open(t), DefaultLimits())
	got, _ := write(t, hostileTenant(t).open(t), DefaultLimits())
	for _, element := range []string{"img", "svg", "b", "iframe", "style", "meta", "section", "noscript"} {
		require.Equal(t, plain.elements[element], got.elements[element], "a name makes an element %s", element)
	}
	require.Equal(t, plain.scripts, got.scripts, "a name changes what runs")
	require.Equal(t, plain.policy, got.policy)
	require.Equal(t, got.elements["script"], 2+len(got.blocks), "a name makes an element that runs")
	body := string(got.raw)
	from := strings.Index(body, `id="summary">`)
	data, _, _ := strings.Cut(body[from+len(`id="summary">`):], "</script>")
	require.True(t, json.Valid([]byte(data)), "the data ends early")
	for _, r := range data {
		require.NotContains(t, "<>&\u2028\u2029", string(r))
		require.True(t, unicode.IsGraphic(r), "%q hides or reorders what is shown", r)
	}
	require.Len(t, got.summary.Roles, 1)
	require.Len(t, got.summary.Roles[0].Holders, len(hostile))
	require.Len(t, got.summary.Applications, len(hostile))
	names := got.index(t).Names
	require.Contains(t, names, hostile[0], "a name is not the snapshot's")
	require.Contains(t, names, `\u202egpj.exe`)
}

func TestOnlyThePagesOwnScriptAndStyleMayBeUsed(t *testing.T) {
	t.Parallel()
	p, _ := write(t, newTenant().open(t), DefaultLimits())
	require.Len(t, p.scripts, 1)
	require.Len(t, p.styles, 1)
	require.Contains(t, p.policy, "default-src 'none'")
	require.Contains(t, p.policy, "script-src '"+hash(p.scripts[0])+"'")
	require.Contains(t, p.policy, "style-src '"+hash(p.styles[0])+"'")
	require.NotContains(t, p.policy, "unsafe")
	for _, way := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(", "XMLHttpRequest", "import(", "DOMParser", "srcdoc", "setHTML"} {
		require.NotContains(t, p.scripts[0], way)
	}
	for _, address := range []string{"src=", "url(", "@import", "@font-face", "http://"} {
		require.NotContains(t, strings.ReplaceAll(string(p.raw), svgNamespace, ""), address)
	}
}

func TestQuestionsThatThePageNamesAreThere(t *testing.T) {
	t.Parallel()
	script, err := joined(scripts)
	require.NoError(t, err)
	named := regexp.MustCompile(`question\("([a-z-]+)"`).FindAllStringSubmatch(script, -1)
	require.NotEmpty(t, named)
	for _, match := range named {
		_, ok := ask.Find(match[1])
		require.True(t, ok, "the page names a question that there is not: %s", match[1])
	}
}

const svgNamespace = "http://www.w3.org/2000/svg"

func TestSnapshotOfAnOlderBuildSaysWhatItCannotTell(t *testing.T) {
	t.Parallel()
	n := newTenant()
	n.types = slices.DeleteFunc(n.types, func(id string) bool { return id == "scoped_role" || id == "consent" })
	p, _ := write(t, n.open(t), DefaultLimits())
	require.False(t, p.summary.Overview.Told)
	require.Contains(t, p.summary.Overview.Untold, "does not say of which tenant it is")
	require.Contains(t, p.summary.Gaps["privileged"][0], "without directory roles at a scope")
	require.Contains(t, p.summary.Gaps["applications"][0], "without consents")
	require.Empty(t, p.summary.Gaps["licences"])
}

func TestSnapshotSaysWhatWasLeftOutAndWhy(t *testing.T) {
	t.Parallel()
	n := newTenant()
	n.types = append(n.types, "tenant")
	n.add(t, "tenant", guidFor(7, 0), "Contoso", map[string]any{
		"domains": []any{"contoso.example"}, "build": "v1", "readAt": "2026-11-29T08:00:00Z",
		"dataSets": []any{
			"people", "licences", "sign-in activity", "MFA registration", "role assignment times", "consents", "federated credentials", "hidden memberships",
			"group eligibilities", "access packages",
		},
		"leftOut": map[string]any{"role eligibilities": "no Entra ID P2"},
	})
	p, _ := write(t, n.open(t), DefaultLimits())
	require.True(t, p.summary.Overview.Told)
	require.Empty(t, p.summary.Overview.Untold)
	require.Equal(t, "Contoso", p.summary.Overview.Tenant)
	require.Equal(t, []string{"The snapshot was made without role eligibilities: who may activate a role is not in this report. Why: no Entra ID P2"}, p.summary.Gaps["privileged"])
}

// rows reads the varints of a block.
type rows struct {
	t   *testing.T
	raw []byte
}

func (r *rows) next() int {
	r.t.Helper()
	value, n := binary.Uvarint(r.raw)
	require.Positive(r.t, n, "a row ends early")
	r.raw = r.raw[n:]
	return int(value) //nolint:gosec // The test's own numbers are small.
}

// tail skips form, groups, times and access packages, and gives the form.
func (r *rows) tail() int {
	form := r.next()
	for range form >> 3 {
		r.next()
	}
	if form&2 != 0 {
		r.next()
	}
	if form&4 != 0 {
		for range 2 * r.next() {
			r.next()
		}
	}
	return form
}

// held are the entitlements that the page says each object holds; nil where it leaves
// that out.
func (p *page) held(t *testing.T, objects int) [][]int {
	t.Helper()
	var all [][]int
	for len(all) < objects {
		r := &rows{t, p.unpack(t, fmt.Sprintf("h%d", len(all)/perBlock))}
		for range min(perBlock, objects-len(all)) {
			count, entitlement := r.next(), 0
			var held []int
			if count > 0 {
				held = []int{}
			}
			for range max(0, count-1) {
				entitlement += r.next()
				held = append(held, entitlement)
				r.tail()
			}
			all = append(all, held)
		}
	}
	return all
}

func crowd(t *testing.T, people int) *tenant {
	t.Helper()
	n := newTenant()
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // The same tenant again.
	role := n.add(t, "role", globalAdministrator, "Global Administrator", map[string]any{"isBuiltIn": true})
	assigned := n.entitlement(role, "assigned", "Assigned")
	var groups []int
	for i := range max(10, people/20) {
		group := n.add(t, "group", randomID(random), fmt.Sprintf("Group %d of the %x", i, random.Uint32()), map[string]any{
			"groupTypes": []any{}, "description": fmt.Sprintf("Members %x", random.Uint64()),
		})
		n.entitlement(group, "member", "Member")
		groups = append(groups, len(n.entitlements)-1)
	}
	for i := range people {
		name := fmt.Sprintf("Person %x %d", random.Uint32(), i)
		profile := map[string]any{"jobTitle": fmt.Sprintf("Title %x", random.Uint32()), "department": "Sales", "managerId": randomID(random)}
		if i%100 == 0 {
			profile["userType"] = "Guest"
		}
		user := n.user(t, randomID(random), name, strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@contoso.example", profile)
		if i%500 == 0 {
			n.grant(assigned, user)
		}
		for range 8 {
			n.grant(n.entitlements[groups[random.IntN(len(groups))]], user)
		}
	}
	return n
}

func randomID(random *rand.Rand) string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", random.Uint32(), random.Uint32()>>16, random.Uint32()>>20, random.Uint32()>>20, random.Uint64()>>16)
}

func TestPageOfACrowdKeepsItsSizeAndSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	const people = 3000
	s := crowd(t, people).open(t)
	whole, made := write(t, s, DefaultLimits())
	require.Zero(t, made.Unlisted)
	tight := Limits{Details: 60_000, Held: 60_000, Holding: 60_000, Holders: 50, Listed: 20, Rows: 100, Memory: 40_000}
	small, made := write(t, s, tight)
	names := len(whole.blocks["ids"])*4/3 + len(whole.blocks["index"])*4/3
	require.Less(t, len(small.raw), names+len(small.scripts[0])+3*60_000+200_000)
	require.Positive(t, made.Unlisted)
	require.Equal(t, made.Unlisted, small.summary.Parts.Unlisted)
	require.Positive(t, small.summary.Parts.Undetailed)
	require.Positive(t, small.summary.Parts.Short)

	x, left := small.index(t), 0
	require.Equal(t, whole.index(t).Names, x.Names, "the search has everybody, whatever the size")
	want, got := whole.held(t, len(x.Names)), small.held(t, len(x.Names))
	for number := range got {
		if got[number] == nil {
			left++
			require.Zero(t, x.Flags[number]&(flagGuest|flagTierZero|flagTierOne), "what gives much is never left out")
			continue
		}
		require.Equal(t, want[number], got[number], "what somebody holds is told in part")
	}
	require.Equal(t, made.Unlisted, left)
}

// TestAHundredThousandPeopleStayBelowFortyMegabytes fills the parts of a report without
// a snapshot, which would take minutes to make.
func TestAHundredThousandPeopleStayBelowFortyMegabytes(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred thousand people take their time under the race detector")
	}
	t.Parallel()
	const people, groupsHeld, each = 100_000, 20_000, 20
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // The same tenant again.
	s := newTenant().open(t)
	m := newMaker(s, Options{Snapshot: "tenant.c1z", Limits: DefaultLimits()})
	add := func(resourceType string, i int) *access.Object {
		name := fmt.Sprintf("%s %x of the %d", resourceType, random.Uint64(), i)
		o := &access.Object{Ref: access.Ref{Type: resourceType, ID: randomID(random)}, Name: name, Login: strings.ReplaceAll(name, " ", ".") + "@contoso.example", Profile: map[string]any{
			"jobTitle": fmt.Sprintf("Title %x", random.Uint64()), "managerId": randomID(random), "employeeId": fmt.Sprint(random.Uint32()),
		}}
		number := m.dir.add(o)
		require.NoError(t, m.details.visit(number, o))
		return o
	}
	var groups, users []*access.Object
	for i := range groupsHeld {
		groups = append(groups, add("group", i))
	}
	for i := range people {
		users = append(users, add("user", i))
	}
	require.NoError(t, m.details.flush())
	for _, group := range groups {
		id := access.EntitlementID(group.Ref, "member")
		holding := access.Holding{Entitlement: id, On: group.Ref, Slug: "member", Direct: true}
		require.NoError(t, m.holdings.next(t.Context(), s, &holding, m.dir.number(group.Ref), nil))
		for range people * each / groupsHeld {
			holding.Principal, holding.Sources = users[random.IntN(people)].Ref, nil
			if random.IntN(4) == 0 {
				holding.Sources = []string{access.EntitlementID(groups[random.IntN(groupsHeld)].Ref, "member")}
			}
			m.holdings.add(&holding, m.dir.number(group.Ref))
		}
	}
	require.NoError(t, m.holdings.holders.end())
	blocks, parts, err := m.blocks()
	require.NoError(t, err)
	size := 0
	for i := range blocks {
		size += blocks[i].size()
	}
	require.Less(t, size, 39_000_000)
	t.Logf("%d bytes, of how many people what they hold is left out: %d", size, parts.Unlisted)
}

func TestFileThatIsNoReportOfOursIsNotOverwritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tenant.html")
	page := func(to io.Writer) error {
		_, err := io.WriteString(to, "<!doctype html>\n"+Generator+"\nnew")
		return err
	}
	require.NoError(t, os.WriteFile(path, []byte("<html>my own page</html>"), 0o600))
	require.ErrorContains(t, Save(path, page), "is not a report of this program")
	require.NoError(t, os.Remove(path))
	require.NoError(t, Save(path, page))
	require.NoError(t, Save(path, page), "a report is replaced by a newer one")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.ErrorIs(t, Save(path, func(io.Writer) error { return context.Canceled }), context.Canceled)
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(kept), "new", "what was there is gone, and nothing new is there")
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "something is left behind")
	require.ErrorContains(t, Save(filepath.Dir(path), page), "is not a file")
}

func TestIdOfAnyFormIsFoundAgain(t *testing.T) {
	t.Parallel()
	for id, usual := range map[string]bool{
		guidFor(1, 2): true, strings.ToUpper(guidFor(0xab, 0xcdef)): false, guidFor(1, 2) + "@" + guidFor(3, 4): false, "": false, "not-an-id": false,
		"00000000-0000-0000-0000-00000000000g": false, "000000000000-0000-0000-0000-00000000": false,
	} {
		_, ok := guidOf(id)
		require.Equal(t, usual, ok, id)
	}
}
