package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// gap stands for what differs from one error to the next.
const gap = "…"

// sentences are the first cells of the tables of docs/troubleshooting.md: of the
// tables of this connector's sentences, or of that of the SDK's.
func sentences(t *testing.T, ofSDK bool) []string {
	t.Helper()
	page, err := os.ReadFile("../../../docs/troubleshooting.md")
	require.NoError(t, err)
	own, sdk, found := strings.Cut(string(page), "## From the SDK")
	require.True(t, found)
	if ofSDK {
		own = sdk
	}
	var rows []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(own, -1) {
		rows = append(rows, row[1])
	}
	require.NotEmpty(t, rows)
	return rows
}

// pattern is a sentence as a regular expression.
func pattern(sentence string) *regexp.Regexp {
	parts := strings.Split(sentence, gap)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(strings.Join(parts, ".*"))
}

var verb = regexp.MustCompile(`%[+#]?[a-z]`)

// written are the texts in the source of a folder: literals, and sums of them,
// with gaps for what is put in.
func written(t *testing.T, folder string) []string {
	t.Helper()
	var texts []string
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if expression, ok := n.(ast.Expr); ok {
				if text := textOf(expression); text != gap {
					texts = append(texts, verb.ReplaceAllString(text, gap))
				}
			}
			return true
		})
		return nil
	}))
	return texts
}

func textOf(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); e.Kind == token.STRING && err == nil {
			return text
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return textOf(e.X) + textOf(e.Y)
		}
	}
	return gap
}

// A page that explains what nobody prints misleads whoever searches it.
func TestEachSentenceOfTheTroubleshootingPageIsOneThatTheConnectorPrints(t *testing.T) {
	t.Parallel()
	var texts []string
	for _, folder := range []string{"../../../pkg", "../../../cmd/baton-azure-ad", "../../../internal/console/snapshot", "../../../internal/console/doctor"} {
		texts = append(texts, written(t, folder)...)
	}
	all := strings.Join(texts, "\n")
	seen := map[string]bool{}
	for _, sentence := range sentences(t, false) {
		assert.True(t, pattern(sentence).MatchString(all), "%q is in no text of the source", sentence)
		assert.False(t, seen[sentence], "%q is there twice", sentence)
		seen[sentence] = true
	}
}

func TestTheSDKStillPrintsWhatThePageSaysOfIt(t *testing.T) {
	t.Parallel()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/conductorone/baton-sdk").Output()
	require.NoError(t, err)
	var texts []string
	for _, folder := range []string{"pkg/cli", "pkg/healthcheck", "pkg/sync"} {
		texts = append(texts, written(t, filepath.Join(strings.TrimSpace(string(dir)), folder))...)
	}
	all := strings.Join(texts, "\n")
	for _, sentence := range sentences(t, true) {
		assert.True(t, pattern(sentence).MatchString(all), "%q is in no text of the SDK", sentence)
	}
}

// What a run really prints has to be found on the page.
func TestEachFailureOfARunIsOnTheTroubleshootingPage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil    func(*graphsim.Server) func()
		env      []string
		sentence string
	}{
		"no settings":          {nil, []string{"BATON_AZURE_CLIENT_SECRET="}, "authentication method … needs …"},
		"unknown method":       {nil, []string{"BATON_AUTH_METHOD=password"}, "--auth-method must be one of …"},
		"wrong secret":         {nil, []string{"BATON_AZURE_CLIENT_SECRET=wrong"}, "the client secret is wrong"},
		"a secret's id":        {nil, []string{"BATON_AZURE_CLIENT_SECRET=11111111-2222-3333-4444-555555555555"}, "the client secret is wrong and looks like a secret's ID"},
		"unknown tenant":       {nil, []string{"BATON_AZURE_TENANT_ID=11111111-2222-3333-4444-555555555555"}, "the tenant does not exist in this cloud"},
		"unknown application":  {nil, []string{"BATON_AZURE_CLIENT_ID=11111111-2222-3333-4444-555555555555"}, "the application is not known in this tenant"},
		"untrusted":            {nil, []string{"BATON_CA_CERTIFICATE="}, "the certificate of … is not trusted"},
		"stopped":              {stop, nil, "… refused the connection"},
		"link elsewhere":       {fault("/users", graphsim.ForeignNextLink(evilHost)), nil, "refused to leave the configured Graph endpoint"},
		"refused":              {fault("/groups?", graphsim.Respond(403, "Authorization_RequestDenied", "x")), nil, "the application lacks a permission for this request, or its admin consent"},
		"unfinished":           {fault("/groups?", graphsim.Respond(403, "Authorization_RequestDenied", "x")), nil, "the unfinished sync is kept in …, and the same command carries it on"},
		"not accepted":         {fault("/groups?", graphsim.Respond(401, "InvalidAuthenticationToken", "x")), nil, "the access token was not accepted"},
		"a permission missing": {func(s *graphsim.Server) func() { s.SetPermissions("User.Read.All"); return func() {} }, nil, "application … in tenant … … the … permission… …"},
		"no permission":        {func(s *graphsim.Server) func() { s.SetPermissions(); return func() {} }, nil, "has no Microsoft Graph permission that an administrator has consented to"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, sentences(t, false), c.sentence)
			tenant := startTenant(t, graphsim.Small)
			if c.spoil != nil {
				defer c.spoil(tenant)()
			}
			r := runBinary(t, append(signInTo(t, tenant), c.env...), "-f", filepath.Join(t.TempDir(), "tenant.c1z"))
			require.NotZero(t, r.exit)
			require.Regexp(t, pattern(c.sentence), r.stderr)
		})
	}
}
