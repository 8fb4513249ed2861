package e2e

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The linker keeps a great deal for one use of some functions, which nobody would see
// in a change. The program names each function that it has.
func TestProgramDoesNotHoldWhatOneUseBringsAlong(t *testing.T) {
	program, err := os.ReadFile(binary)
	require.NoError(t, err)
	require.True(t, bytes.Contains(program, []byte("msgraph-sdk-go/models.NewReferenceCreate")), "functions are not found by their names any more")
	for name, why := range map[string]string{
		"msgraph-sdk-go/models.CreateDirectoryObjectFromDiscriminatorValue": "a model that can hold any object is sent or read (pkg/graph/builders.go): all of Microsoft's models are linked",
		"text/template.(*state).evalField":                                  "a template is run: every exported method is linked",
	} {
		assert.False(t, bytes.Contains(program, []byte(name)), why)
	}
}
