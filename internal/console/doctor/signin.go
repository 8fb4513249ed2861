package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// lookUpTenant asks the sign-in service about the tenant, and compares the cloud
// that it is in with the configured one. It reports whether a sign-in has a
// chance.
func (e *examination) lookUpTenant(ctx context.Context) bool {
	if e.tenant == "" {
		e.skip("signin.tenant", groupSignIn, "authority and tenant", "the environment names the tenant")
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, contactLimit)
	defer cancel()
	document, err := signin.ReadTenantDocument(ctx, e.client, e.cloud, e.tenant)
	check := Check{ID: "signin.tenant", Group: groupSignIn, Name: "authority and tenant", Status: StatusOK}
	if err != nil {
		check.Status = StatusFailed
		check.Detail, check.Fix = explain(err)
		e.report.add(check)
		return false
	}
	check.Detail = "the sign-in service knows the tenant " + e.tenant
	if document.TenantID != "" && !strings.EqualFold(document.TenantID, e.tenant) {
		check.Detail += " as " + document.TenantID
	}
	e.report.add(check)
	e.report.add(e.checkCloud(document))
	return true
}

func (e *examination) checkCloud(document *signin.TenantDocument) Check {
	check := Check{ID: "signin.cloud", Group: groupSignIn, Name: "cloud", Status: StatusOK, Detail: e.cloud.Name}
	actual := document.Cloud()
	switch {
	case actual == e.cloud.Name || actual == "" && document.GraphHost == network.HostOf(e.cloud.GraphEndpoint):
	case actual == "":
		check.Status, check.Detail = StatusSkipped, "the sign-in service does not tell which cloud the tenant is in"
	default:
		check.Status = StatusFailed
		check.Detail = fmt.Sprintf("the tenant is in the cloud %s, and the connector is set to %s", actual, e.cloud.Name)
		check.Fix = "set --" + config.AzureCloudField.FieldName + " " + actual
	}
	return check
}

// signIn gets a token. Claims are nil where it cannot be read, which is no
// failure.
func (e *examination) signIn(ctx context.Context) (*signin.Claims, bool) {
	check := Check{ID: "signin.token", Group: groupSignIn, Name: "token", Status: StatusOK}
	claims, err := e.connector.Claims(ctx)
	switch {
	case errors.Is(err, signin.ErrOpaqueToken):
		check.Status, check.Detail = StatusWarning, "the token cannot be read, so that its permissions show only in Microsoft Graph's answers"
		e.report.add(check)
		return nil, true
	case err != nil:
		check.Status = StatusFailed
		check.Detail, check.Fix = explain(err)
		e.report.add(check)
		return nil, false
	}
	check.Detail = fmt.Sprintf("as application %s in tenant %s, %s", claims.AppID, claims.TenantID, describePermissions(claims))
	if len(claims.Permissions()) == 0 {
		check.Status = StatusFailed
		check.Fix = "have an administrator grant admin consent on the application's API permissions page, then wait a few minutes for a new token; " +
			"baton-azure-ad permissions lists what to add"
	}
	e.report.add(check)
	e.report.add(e.checkSurplus(claims))
	return claims, true
}

// checkSurplus names what the token may do beyond its work.
func (e *examination) checkSurplus(claims *signin.Claims) Check {
	check := Check{ID: "signin.surplus", Group: groupSignIn, Name: "least privilege", Status: StatusOK, Detail: "every permission is of use"}
	surplus := e.connector.Surplus(claims, e.options.Changes)
	if len(surplus) == 0 {
		return check
	}
	check.Detail = "these settings have no use for " + strings.Join(surplus, ", ")
	if slices.ContainsFunc(surplus, canChange) {
		check.Status, check.Fix = StatusWarning, "remove what can change the tenant, unless something else signs in as this application"
	}
	return check
}

// canChange goes by how Microsoft names permissions.
func canChange(permission string) bool {
	return !slices.ContainsFunc(strings.Split(permission, "."), func(part string) bool { return part == "Read" || part == "ReadBasic" })
}

func describePermissions(claims *signin.Claims) string {
	kind := "application"
	if !claims.AppOnly() {
		kind = "delegated"
	}
	held := claims.Permissions()
	if len(held) == 0 {
		return "without any permission for Microsoft Graph"
	}
	return fmt.Sprintf("with %s permissions: %s", kind, strings.Join(held, ", "))
}

// explain takes a sentence of the Graph client apart. There is always something
// to do.
func explain(err error) (string, string) {
	problem, fix := takeApart(err)
	if fix == "" {
		fix = "run again in a few minutes; if it stays, look at the network and the proxy (HTTPS_PROXY) of this machine"
	}
	return problem, fix
}

func takeApart(err error) (string, string) {
	var authority *signin.AuthorityError
	var refusal *failure.Error
	var broken *network.ConnectionError
	switch {
	case errors.As(err, &authority):
		said := *authority
		said.Advice = ""
		if authority.Advice == "" {
			return splitAdvice(authority.Error())
		}
		return said.Error(), authority.Advice
	case errors.As(err, &refusal):
		return refusal.Error(), "run again in a few minutes; if it stays, Microsoft's support can look the request-id up"
	case errors.As(err, &broken):
		problem, fix := splitAdvice(broken.Explanation)
		return broken.Operation + ": " + problem, fix
	case errors.Is(err, context.DeadlineExceeded):
		return "Microsoft Graph took too long to answer", "check the network, firewall and proxy (HTTPS_PROXY) of this machine, and run again later"
	}
	return splitAdvice(err.Error())
}
