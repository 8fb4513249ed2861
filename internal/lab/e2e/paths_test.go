package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/paths"
	"github.com/conductorone/baton-azure-ad/internal/lab/expect/reached"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

func TestEverybodyWhoCanComeToARoleIsFoundByAShortestWayAndNobodyElse(t *testing.T) {
	t.Parallel()
	server := startTenant(t, graphsim.Small)
	o := runSync(t, server, options{workers: 16, configure: everything})
	require.NoError(t, o.err)
	ctx := context.Background()
	s, err := access.Open(ctx, o.path, t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close(ctx) })
	finder, err := paths.NewFinder(ctx, s)
	require.NoError(t, err)
	truth := server.Tenant().Truth()
	tenant := reached.Of(&truth, true)
	for _, kind := range []string{"role", "scoped_role", "application", "agent_identity", "managed_identity", "group"} {
		for _, target := range tenant.Targets(kind) {
			_, id, _ := strings.Cut(target, ":")
			result, err := finder.To(ctx, access.Ref{Type: kind, ID: id}, paths.Options{})
			require.NoError(t, err)
			want, got := set{}, set{}
			for start, length := range tenant.To(target) {
				want.add(fmt.Sprintf("%s in %d", start, length))
			}
			for _, p := range result.Paths {
				got.add(fmt.Sprintf("%s:%s in %d", p.Start.Type, p.Start.ID, len(p.Steps)))
			}
			requireSame(t, "paths to "+target, want, got)
		}
	}
}
