package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// The kinds of credentials, as errors name them.
const (
	kindClientSecret    = "client secret"
	kindCertificate     = "certificate"
	kindWorkload        = "workload identity"
	kindManagedIdentity = "managed identity"
	kindAzureCLI        = "Azure CLI"
	kindDeviceCode      = "device code"
	kindOauth           = "platform token"
)

// signIn is what errors may say about an attempt: never the secret itself.
type signIn struct {
	kind, authority, tenant, client string
	// secretIsAnID says that the client secret has the form of an ID.
	secretIsAnID bool
	// tokenFile is where the federated token is.
	tokenFile string
}

// signIn describes the attempts of a credential. Ids pasted with white space
// around them are meant without.
func (o Options) signIn(kind, clientID string) signIn {
	return signIn{
		kind:      kind,
		authority: o.Cloud.AuthorityHost,
		tenant:    strings.TrimSpace(o.TenantID),
		client:    strings.TrimSpace(clientID),
	}
}

// attempt begins the sentence of an error.
func (s signIn) attempt() string {
	if s.tenant == "" {
		return "signing in with " + s.kind
	}
	return "signing in to tenant " + failure.Excerpt(s.tenant, 100) + " with " + s.kind
}

// host is the sign-in host without scheme.
func (s signIn) host() string {
	if u, err := url.Parse(s.authority); err == nil && u.Host != "" {
		return u.Host
	}
	return "the sign-in service"
}

// explainNetwork is for requests that got no answer. Where there is no managed
// identity, nothing answers at its endpoint, and that says more.
func (s signIn) explainNetwork(host string, err error) explanation {
	if s.kind == kindManagedIdentity {
		return explanation{
			"no managed identity endpoint answers on this machine",
			"run on an Azure resource that has a managed identity, or choose another --auth-method",
		}
	}
	if host == "" {
		host = s.host()
	}
	return explanation{problem: network.Explain(host, err)}
}

// explainIdentityEndpoint is for refusals of a managed identity endpoint
// (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling).
func (s signIn) explainIdentityEndpoint(r *refusal) explanation {
	problem := fmt.Sprintf("the managed identity endpoint refused with HTTP status %d", r.status)
	switch {
	case r.status == http.StatusTooManyRequests || r.status >= http.StatusInternalServerError:
		return explanation{problem, adviceLater}
	case s.client != "":
		return explanation{problem, "assign the identity to this Azure resource, or correct --azure-managed-identity-id"}
	}
	return explanation{problem, "enable the system-assigned identity of this Azure resource, or name a user-assigned one with --azure-managed-identity-id"}
}

// tokenFileIsMissing looks for the federated token again: azidentity reads it
// only after a first answer, and drops the error of the file.
func (s signIn) tokenFileIsMissing() bool {
	if s.kind != kindWorkload {
		return false
	}
	file, err := os.Open(s.tokenFile)
	if err != nil {
		return true
	}
	return file.Close() != nil
}

// explainLocal is for attempts that failed before any request.
func (s signIn) explainLocal(err error) explanation {
	switch s.kind {
	case kindWorkload:
		if s.tokenFileIsMissing() {
			return explanation{
				"the federated token file " + s.tokenFile + " does not exist or cannot be read",
				"check --azure-federated-token-file and that the pod uses workload identity",
			}
		}
		return explanation{"the federated token in " + s.tokenFile + " could not be used", "check that the file holds a token"}
	case kindAzureCLI:
		if _, lookErr := exec.LookPath("az"); lookErr != nil {
			return explanation{"the Azure CLI (az) is not on the PATH", "install it, or choose another --auth-method"}
		}
		login := "az login"
		if s.tenant != "" {
			login += " --tenant " + s.tenant
		}
		if errors.Is(err, errSameToken) {
			return explanation{"Microsoft Graph refused the token of the Azure CLI, which has no other", "run " + login}
		}
		return explanation{"the Azure CLI gave no token for Microsoft Graph", "run " + login + ", after az cloud set if the tenant is in a national cloud"}
	case kindOauth:
		return explainSource(err)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return explanation{"it took too long", adviceLater}
	}
	return explanation{"the request could not be made", "check the tenant id, the client id and --authority-host"}
}
