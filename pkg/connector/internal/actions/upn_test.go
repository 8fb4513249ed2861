package actions

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNamesWithNumbersStayWithinWhatEntraTakes(t *testing.T) {
	names := candidates(strings.Repeat("x", 64)+"@contoso.com", 1)
	seen := map[string]bool{}
	for _, name := range names {
		local, domain, _ := strings.Cut(name, "@")
		require.Len(t, local, 64)
		require.Equal(t, "contoso.com", domain)
		require.False(t, seen[name])
		seen[name] = true
	}
}
