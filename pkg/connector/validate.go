package connector

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/grpc-ecosystem/go-grpc-middleware/logging/zap/ctxzap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// Validate signs in, compares what the token may do with what the sync needs,
// and reads the tenant. The SDK calls it at the start of every sync. Errors are
// one sentence: what is wrong, and what to do.
func (c *Connector) Validate(ctx context.Context) (annotations.Annotations, error) {
	// A person who has signed in again, after an administrator's consent, does
	// not have to wait for the old token's end.
	if err := c.client.Renew(ctx); err != nil {
		return nil, model.ToStatus(err)
	}
	claims, err := c.client.Claims(ctx)
	switch {
	case errors.Is(err, signin.ErrOpaqueToken):
		// Graph does not promise readable tokens. Data sets that not everybody
		// can read are tried instead; what else is missing will show as a
		// refusal, which fails the sync.
		ctxzap.Extract(ctx).Info("azure-ad: the access token cannot be read, so its permissions are not checked beforehand")
	case err != nil:
		return nil, model.ToStatus(err)
	default:
		if err := c.checkPermissions(ctx, claims); err != nil {
			return nil, err
		}
	}
	organization, err := c.client.Organization(ctx)
	if err != nil {
		return nil, model.ToStatus(err)
	}
	if err := c.checkTenant(organization); err != nil {
		return nil, err
	}
	if _, err := c.decider.Decide(ctx, claims, organization); err != nil {
		return nil, model.ToStatus(err)
	}
	return nil, nil
}

// checkPermissions fails where a permission is missing without which a resource
// type would be short. What the token does not name is asked for once: it may hold
// a permission that is newer than this build.
func (c *Connector) checkPermissions(ctx context.Context, claims *signin.Claims) error {
	var missing []decide.Source
	for i := range decide.Sources {
		s := &decide.Sources[i]
		if s.Optional || !c.filter.Wants(s) {
			continue
		}
		if permitted, known := decide.HeldPermission(s, claims); known && !permitted {
			missing = append(missing, *s)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	missing, err := c.decider.RefusedProbes(ctx, missing)
	if err != nil || len(missing) == 0 {
		return model.ToStatus(err)
	}
	return status.Error(codes.PermissionDenied, model.ErrorPrefix+missingSentence(claims, missing))
}

func missingSentence(claims *signin.Claims, missing []decide.Source) string {
	kind, then := "application", "grant admin consent, then wait a few minutes for a new token"
	if !claims.AppOnly() {
		kind, then = "delegated", "grant admin consent, then sign in again"
	}
	listed := make([]string, 0, len(missing))
	for _, p := range missing {
		listed = append(listed, fmt.Sprintf("%s (%s)", p.Permission, p.Purpose))
	}
	what := "lacks"
	if len(claims.Permissions()) == 0 {
		what = "has no Microsoft Graph permission that an administrator has consented to; it lacks"
	}
	return fmt.Sprintf(
		"application %s in tenant %s %s the %s permission%s %s; add %s under API permissions and %s",
		claims.AppID, claims.TenantID, what, kind, plural(missing), strings.Join(listed, ", "), them(missing), then)
}

func plural(list []decide.Source) string {
	if len(list) == 1 {
		return ""
	}
	return "s"
}

func them(list []decide.Source) string {
	if len(list) == 1 {
		return "it"
	}
	return "them"
}

// checkTenant makes sure that the tenant is the one that was asked for.
func (c *Connector) checkTenant(o *graph.Organization) error {
	if strings.Contains(c.tenantID, ".") || c.tenantID == "" || strings.EqualFold(o.ID, strings.TrimSpace(c.tenantID)) {
		return nil
	}
	return status.Errorf(codes.FailedPrecondition, "%sthe sign-in is for tenant %s instead of the configured %s; check --azure-tenant-id and the account that signs in",
		model.ErrorPrefix, o.ID, c.tenantID)
}
