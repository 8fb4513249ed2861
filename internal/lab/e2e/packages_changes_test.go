package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// assignment is the access package that a change gives, as the tenant has it.
func (c *changer) assignment(t *testing.T, e *edgeChange) graphsim.TruthPackageAssignment {
	t.Helper()
	truth := c.truth()
	at := slices.IndexFunc(truth.PackageAssignments, func(a graphsim.TruthPackageAssignment) bool {
		return "access_package:"+a.PackageID+":"+a.PolicyID == e.entitlement && a.Principal.ID == e.principal
	})
	require.GreaterOrEqual(t, at, 0)
	return truth.PackageAssignments[at]
}

// Microsoft takes a request for an access package and says later that it came to nothing.
func TestAnAccessPackageThatWasNotDeliveredIsNoSuccess(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	e := c.packages()[0]
	for _, states := range [][]string{{"deliveryFailed"}, {"denied"}, {"canceled"}, {"pendingApproval"}, {"partiallyDelivered"}, {"submitted", "delivering", "deliveryFailed"}} {
		c.server.SetScheduleFates(states...)
		_, err := c.grant(ctx, e)
		requireRefused(t, err, codes.FailedPrecondition, states[len(states)-1])
		require.False(t, e.holds(c.truth()), states)
	}
	c.server.SetScheduleFates("submitted", "accepted", "delivering", "")
	already, err := c.grant(ctx, e)
	require.NoError(t, err)
	require.False(t, already)
	require.True(t, e.holds(c.truth()))
	c.server.SetScheduleFates("submitted", "deliveryFailed")
	_, err = c.revoke(ctx, e)
	requireRefused(t, err, codes.FailedPrecondition, "deliveryFailed")
	require.True(t, e.holds(c.truth()), "a removal that came to nothing took it away")
	c.server.SetScheduleFates("submitted", "")
	already, err = c.revoke(ctx, e)
	require.NoError(t, err)
	require.False(t, already)
	require.False(t, e.holds(c.truth()))
}

// A package that ends tomorrow is not what somebody has who was to have it for longer.
func TestAnAccessPackageEndsWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	e := c.packages()[1]
	require.NoError(t, c.grantOnTerms(ctx, e, forADay()))
	end, err := time.Parse(time.RFC3339, c.assignment(t, e).End)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(24*time.Hour), end, time.Hour)
	requireRefused(t, c.grantOnTerms(ctx, e, map[string]string{"duration": "48h"}), codes.FailedPrecondition, "until "+end.Format("2006-01-02T15"))
	require.NoError(t, c.grantOnTerms(ctx, e, map[string]string{"duration": "8h"}), "it is held for longer than that")
}

// What nobody can be given is refused before anything is sent.
func TestAGroupWouldBeAskedForAnAccessPackage(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), syncBound)
	defer cancel()
	c := startChanger(t, graphsim.Small)
	e := *c.packages()[0]
	e.principalType, e.principal = "group", c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupEmpty)
	_, err := c.grant(ctx, &e)
	requireRefused(t, err, codes.FailedPrecondition, "cannot have an access package")
	require.Empty(t, c.server.Writes())
}
