package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the top of the repository.
const root = "../../.."

func TestDocsCiteTestsThatDoNotExist(t *testing.T) {
	t.Parallel()
	there := set{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path) //nolint:gosec // The repository is nobody else's.
		for _, m := range declared.FindAllStringSubmatch(string(source), -1) {
			there.add(m[1])
		}
		return err
	}))
	pages, err := filepath.Glob(root + "/docs/*.md*")
	require.NoError(t, err)
	cited := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w+)`")
	inSecurity := 0
	for _, page := range append(pages, root+"/README.md") {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range cited.FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, there, m[1], "%s cites a test that is not there", page)
			if filepath.Base(page) == "security.md" {
				inSecurity++
			}
		}
	}
	require.Greater(t, inSecurity, 20, "the claims of docs/security.md have lost their tests")
}

func TestAPlaceholderIsLeftInADocument(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(root + "/docs/*.md*")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, page := range append(pages, root+"/README.md") {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		require.NotRegexp(t, `@@\w+@@|\bTODO\b|\bTBD\b`, string(text), page)
	}
}
