package graphtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// RequireSentence makes sure that a text can be shown to a person, on one line.
func RequireSentence(t *testing.T, text string) {
	t.Helper()
	require.NotEmpty(t, text)
	require.False(t, strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }), "%q", text)
}

// AssertExplained makes sure that docs/troubleshooting.md explains each of the
// sentences. The end-to-end tests hold that each that it explains is in the code.
func AssertExplained(t *testing.T, said []string) {
	t.Helper()
	explained := troubleshooting(t)
	for _, sentence := range said {
		found := false
		for _, form := range explained {
			found = found || form.MatchString(sentence)
		}
		assert.True(t, found, "the page does not explain %q", sentence)
	}
}

// troubleshooting are the sentences that the page explains.
func troubleshooting(t *testing.T) []*regexp.Regexp {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root(t), "docs", "troubleshooting.md"))
	require.NoError(t, err)
	var explained []*regexp.Regexp
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		parts := strings.Split(row[1], "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		explained = append(explained, regexp.MustCompile("(?s)"+strings.Join(parts, ".*")))
	}
	require.NotEmpty(t, explained)
	return explained
}

// root is the directory of the module.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		require.NotEqual(t, filepath.Dir(dir), dir, "there is no go.mod above the test")
		dir = filepath.Dir(dir)
	}
}
