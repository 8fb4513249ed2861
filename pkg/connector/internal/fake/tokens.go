package fake

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// RequireRefusal makes sure that a token is refused in a sentence for a person.
func RequireRefusal(t *testing.T, err error) {
	t.Helper()
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	require.False(t, strings.ContainsFunc(status.Convert(err).Message(), unicode.IsControl))
}

// Encoded is a page token as it is written.
func Encoded(t *testing.T, token any) string {
	t.Helper()
	text, err := json.Marshal(token)
	require.NoError(t, err)
	return string(text)
}
