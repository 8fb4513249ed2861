// Package permissions decides whether a call may be made at all: by the permissions in its token and by the plans of the
// tenant (permissions reference). It does not know what the call would answer.
package permissions

import (
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// KindEndpoints say whose permission lets an app read objects of a kind that appear in a mixed collection.
var KindEndpoints = map[directory.Kind]string{
	directory.KindUser:               "users",
	directory.KindGroup:              "groups",
	directory.KindServicePrincipal:   "serviceprincipals",
	directory.KindApplication:        "applications",
	directory.KindDevice:             "devices",
	directory.KindContact:            "contacts",
	directory.KindAdministrativeUnit: "directory/administrativeunits",
	directory.KindDirectoryRole:      "rolemanagement/directory/roledefinitions",
}

// Allowed is whether the token may call an endpoint. A relationship without a row of its own goes with its parent.
func Allowed(c *api.Call, endpoint string) bool {
	g, ok := EndpointGrants[strings.ToLower(endpoint)]
	if !ok {
		g, ok = EndpointGrants[strings.ToLower(expandedEndpoint(c, endpoint))]
	}
	return !ok || len(Matching(c, g)) > 0
}

// expandedEndpoint is the single-object form of a relationship named from a list: users/manager is users/{id}/manager.
func expandedEndpoint(c *api.Call, endpoint string) string {
	if i := strings.LastIndexByte(endpoint, '/'); i >= 0 {
		return endpoint[:i] + "/{id}" + endpoint[i:]
	}
	return endpoint
}

// Matching are those of a grant's permissions that the token carries.
func Matching(c *api.Call, g grant) []string {
	names := g.Application
	if c.Claims.Delegated() {
		names = g.delegated
	}
	var out []string
	for _, name := range names {
		if c.Holds(name) {
			out = append(out, name)
		}
	}
	return out
}

// Authorize checks the endpoint's permission and notes whether only basic properties may be read.
func Authorize(c *api.Call) error {
	if c.CastAllowed {
		return nil
	}
	needed := EndpointGrants[c.Route.Key()]
	held := Matching(c, needed)
	switch {
	case len(held) == 0 && (strings.HasSuffix(c.Route.Path, "scheduleinstances") || strings.HasSuffix(c.Route.Path, "schedulerequests")):
		return api.ScopeNotGranted(needed.Application)
	case len(held) == 0 && strings.HasPrefix(c.Route.Path, "teams/"):
		return &api.Error{
			Status: http.StatusForbidden, Code: "Forbidden",
			Message: "Missing role permissions on the request. API requires one of '" + strings.Join(needed.Application, ", ") + "'.",
		}
	case len(held) == 0:
		return api.Denied()
	}
	c.BasicOnly = !slices.ContainsFunc(held, func(name string) bool { return !strings.HasSuffix(name, ".ReadBasic.All") })
	return nil
}

// MayRead is whether the properties of an object of a kind are shown in a mixed collection.
func MayRead(c *api.Call, k directory.Kind) bool {
	endpoint, ok := KindEndpoints[k]
	return !ok || len(Matching(c, EndpointGrants[endpoint])) > 0
}

// MayReadSecurityAttributes is whether the answer has custom security attributes. Without the permission an application
// is refused, and a person gets null (microsoft-graph-docs#16943).
func MayReadSecurityAttributes(c *api.Call) bool {
	return c.Holds("CustomSecAttributeAssignment.Read.All") || c.Holds("CustomSecAttributeAssignment.ReadWrite.All")
}

// MayReadLeaveDates is whether the answer tells when people leave. Without the permission it says that nobody does, and
// nothing else shows that something is kept back.
func MayReadLeaveDates(c *api.Call) bool {
	return c.Holds("User-LifeCycleInfo.Read.All") || c.Holds("User-LifeCycleInfo.ReadWrite.All")
}
