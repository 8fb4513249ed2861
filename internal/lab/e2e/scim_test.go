package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// carrier is a connector that carries changes of access over to applications.
type carrier struct {
	*changer
	t       *testing.T
	process *subprocess
	// people is an application whose job carries people one by one, groups one whose
	// job has no rule for people, and none one without a job.
	people, groups, none string
}

func startCarrier(t *testing.T, env ...string) *carrier {
	t.Helper()
	server := startTenant(t, graphsim.Small)
	server.SetPermissions(append(append(graphsim.DefaultPermissions(), writePermissions...), "Synchronization.ReadWrite.All")...)
	process := startSubprocess(t, server, append(env, "BATON_PROVISIONING=true")...)
	c := &carrier{changer: &changer{server, process.parent(t)}, t: t, process: process}
	tenant := server.Tenant()
	kinds := map[string]string{}
	for _, sp := range tenant.Truth().ServicePrincipals {
		kinds[sp.ID] = sp.Kind
	}
	c.people, c.none = tenant.ID(graphsim.KindServicePrincipal, graphsim.SPGallery), tenant.ID(graphsim.KindServicePrincipal, graphsim.SPPayroll)
	for n := range tenant.Count(graphsim.KindServicePrincipal) {
		if id := tenant.ID(graphsim.KindServicePrincipal, n); n%2 == 1 && n != graphsim.SPGallery && tenant.SPTemplate(n) != "" && kinds[id] == "application" {
			c.groups = id
		}
	}
	require.NotEmpty(t, c.groups)
	return c
}

func defaultAccess(application, principalType, principal string) *edgeChange {
	return &edgeChange{entitlement: "application:" + application + ":default_access", principalType: principalType, principal: principal}
}

func (c *carrier) mustGrant(e *edgeChange) {
	c.t.Helper()
	_, err := c.grant(c.t.Context(), e)
	require.NoError(c.t, err)
}

func (c *carrier) mustRevoke(e *edgeChange) {
	c.t.Helper()
	_, err := c.revoke(c.t.Context(), e)
	require.NoError(c.t, err)
}

func (c *carrier) carried(application, user string) bool {
	return hasEdge(c.truth().Provisioned, application, user)
}

// jobWrites are how often jobs were started, and how often people were carried over.
func (c *carrier) jobWrites() (int, int) {
	starts, onDemand := 0, 0
	for _, w := range c.server.Writes() {
		switch {
		case strings.HasSuffix(w.Path, "/start"):
			starts++
		case strings.HasSuffix(w.Path, "/provisionOnDemand"):
			onDemand++
		}
	}
	return starts, onDemand
}

func TestGrantArrivesInTheApplicationAtOnceAndSoDoesItsEnd(t *testing.T) {
	t.Parallel()
	for name, lag := range map[string]time.Duration{"at once": 0, "with lag": 3 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCarrier(t, "BATON_PROVISION_AFTER_GRANT=true")
			c.server.SetReplicationLag(lag, lag)
			user := c.freeUser(3)
			e := defaultAccess(c.people, "user", user)
			for _, answer := range []graphsim.Action{graphsim.Latency(0), graphsim.ActThenReset()} {
				c.server.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/provisionOnDemand", First: 1, Action: answer})
				c.mustGrant(e)
				require.True(t, c.carried(c.people, user), "the application does not know of the grant: %s", c.process.stderr.String())
				c.mustRevoke(e)
				require.False(t, c.carried(c.people, user), "the application does not know of the end: %s", c.process.stderr.String())
			}
			starts, _ := c.jobWrites()
			require.Zero(t, starts, "a job was started for one person")
			require.NotContains(t, c.process.stderr.String(), "could not be made to carry it over")
		})
	}
}

func TestGrantToAGroupStartsTheJob(t *testing.T) {
	t.Parallel()
	c := startCarrier(t, "BATON_PROVISION_AFTER_GRANT=true")
	group := c.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupMicrosoft365)
	c.server.Fault(graphsim.Rule{Name: "lost", Method: http.MethodPost, Path: "/start", First: 1, Action: graphsim.ActThenReset()})
	c.mustGrant(defaultAccess(c.people, "group", group))
	for _, m := range c.truth().Members {
		if m.ObjectID == group && m.Principal.Type == "user" {
			require.True(t, c.carried(c.people, m.Principal.ID))
		}
	}
	starts, onDemand := c.jobWrites()
	require.NotZero(t, starts)
	require.Zero(t, onDemand)
}

func TestManyGrantsAtOnceStartTheJobFewTimesAndNoneIsForgotten(t *testing.T) {
	t.Parallel()
	c := startCarrier(t, "BATON_PROVISION_AFTER_GRANT=true")
	var all sync.WaitGroup
	for n := range 8 {
		user := c.freeUser(n)
		all.Go(func() {
			_, err := c.grant(t.Context(), defaultAccess(c.groups, "user", user))
			assert.NoError(t, err)
			assert.True(t, c.carried(c.groups, user), "it was answered before it arrived")
		})
	}
	all.Wait()
	starts, onDemand := c.jobWrites()
	require.LessOrEqual(t, starts, 3, "each grant has started the job by itself")
	require.Zero(t, onDemand)
	require.Contains(t, c.process.stderr.String(), "was started for several changes together")
}

func TestPausedJobStaysPaused(t *testing.T) {
	t.Parallel()
	c := startCarrier(t, "BATON_PROVISION_AFTER_GRANT=true")
	for _, application := range []string{c.people, c.groups} {
		require.NoError(t, c.server.Tenant().PauseProvisioning(application))
		c.mustGrant(defaultAccess(application, "user", c.freeUser(3)))
	}
	starts, onDemand := c.jobWrites()
	require.Zero(t, starts+onDemand, "what somebody has paused was started again")
	require.Contains(t, c.process.stderr.String(), "paused or not set up")
}

func TestGrantSucceedsThoughItCannotBeCarriedOver(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]graphsim.Rule{
		"no permission": {Name: "x", Path: "/synchronization/", Action: graphsim.Respond(http.StatusForbidden, "Authorization_RequestDenied", "x")},
		"refused":       {Name: "x", Method: http.MethodPost, Path: "/provisionOnDemand", Action: graphsim.Respond(http.StatusBadRequest, "BadRequest", "x")},
		"broken":        {Name: "x", Method: http.MethodPost, Path: "/provisionOnDemand", Action: graphsim.Respond(http.StatusInternalServerError, "UnknownError", "x")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCarrier(t, "BATON_PROVISION_AFTER_GRANT=true")
			c.server.Fault(rule)
			user := c.freeUser(3)
			e := defaultAccess(c.people, "user", user)
			c.mustGrant(e)
			require.True(t, hasAppRole(c.truth(), c.people, user))
			log := c.process.stderr.String()
			require.Contains(t, log, "its next cycle does, within 40 minutes")
			require.Contains(t, log, c.people)
			require.NotContains(t, log, user, "the log names a person")
			c.mustRevoke(e)
			require.False(t, hasAppRole(c.truth(), c.people, user))
		})
	}
}

func hasAppRole(truth *graphsim.Truth, application, principal string) bool {
	for _, a := range truth.AppRoleAssignments {
		if a.ResourceID == application && a.Principal.ID == principal {
			return true
		}
	}
	return false
}

func TestNothingIsCarriedOverWhereNobodyAskedForItOrThereIsNoJob(t *testing.T) {
	t.Parallel()
	off := startCarrier(t)
	off.mustGrant(defaultAccess(off.people, "user", off.freeUser(3)))
	for _, r := range off.server.Requests() {
		require.NotContains(t, r.Path, "/synchronization/")
	}
	on := startCarrier(t, "BATON_PROVISION_AFTER_GRANT=true")
	e := defaultAccess(on.none, "user", on.freeUser(3))
	on.mustGrant(e)
	on.mustRevoke(e)
	require.Contains(t, on.process.stderr.String(), "has no provisioning job")
	require.NotContains(t, on.process.stderr.String(), "could not be made to carry it over")
}
