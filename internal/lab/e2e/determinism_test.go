package e2e

import (
	"fmt"
	"testing"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/internal/lab/rows"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// storedRows are all rows of a snapshot, byte by byte: traits, profiles,
// annotations and the sources of expanded grants among them.
func storedRows(t *testing.T, path string) set {
	t.Helper()
	snapshot, err := rows.Open(t.Context(), path, t.TempDir())
	require.NoError(t, err)
	stored := set{}
	require.NoError(t, snapshot.Each(t.Context(), func(m proto.Message) error {
		raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(rows.Lasting(m))
		key := ""
		switch row := m.(type) {
		case *v2.Resource:
			key = row.GetId().GetResourceType() + ":" + row.GetId().GetResource()
		case *v2.Entitlement:
			key = row.GetId()
		case *v2.Grant:
			key = row.GetId()
		}
		stored.add(fmt.Sprintf("%T %s %q", m, key, raw))
		return err
	}))
	require.NoError(t, snapshot.Close())
	return stored
}

func TestTheSameTenantGivesTheSameSnapshotWhateverTheWorkersAndTheOrderOfAnswers(t *testing.T) {
	needsTime(t)
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	first := runSync(t, server, options{workers: 1, configure: everything})
	require.NoError(t, first.err)
	want := storedRows(t, first.path)
	runs := []struct {
		workers int
		jitter  time.Duration
		members int
	}{{16, 60 * time.Millisecond, 120}, {4, 0, 37}}
	for _, c := range runs {
		server.SetJitter(c.jitter)
		server.SetDeltaPageRows(c.members) // Groups are spread over other pages.
		o := runSync(t, server, options{workers: c.workers, configure: everything})
		require.NoError(t, o.err)
		requireSame(t, fmt.Sprintf("rows of %+v", c), want, storedRows(t, o.path))
	}
}
