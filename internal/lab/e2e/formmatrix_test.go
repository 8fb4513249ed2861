package e2e

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/lab/trials/forms"
)

// This is a sample of make trials-forms, which tries every row; see
// docs/reliability.md.
func TestARefusedFormEndsASyncOrMakesItShort(t *testing.T) {
	needsTime(t)
	t.Parallel()
	rows := forms.Catalogue()
	for _, name := range []string{
		"a cloud without all of these",
		"all richest forms refused at once",
		"applications: no form answered",
		"assignments to an application: no form answered",
		"A7 and everything unkind",
		"no $select inside $expand",
	} {
		at := slices.IndexFunc(rows, func(r *forms.Row) bool { return r.Name == name })
		require.GreaterOrEqual(t, at, 0, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := forms.Run(context.Background(), rows[at])
			require.NoError(t, err)
			require.True(t, r.Allowed, r.String())
		})
	}
}
