package sending

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABodyOfAnySizeIsNotReadIntoMemory(t *testing.T) {
	l := &limitedReader{r: strings.NewReader("abcdef"), left: 4}
	buf := make([]byte, 10)
	n, err := l.Read(buf)
	require.NoError(t, err)
	require.Equal(t, 4, n)
	_, err = l.Read(buf)
	require.ErrorIs(t, err, errBodyTooLarge)
}

func TestABodyThatEndsInItsMarkIsBroken(t *testing.T) {
	for _, short := range []string{"", "\xef", "\xef\xbb", "{"} {
		var into struct{}
		require.Error(t, decode(strings.NewReader(short), &into))
	}
}
