package signin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// microsoftAuthorities are the hosts under which Microsoft's sign-in services
// name each other
// (https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud).
var microsoftAuthorities = []string{
	"login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net",
	"login.microsoftonline.us", "login.chinacloudapi.cn", "login.partner.microsoftonline.cn",
}

// regionalAuthority ends the names of the hosts that AZURE_REGIONAL_AUTHORITY_NAME
// chooses.
const regionalAuthority = ".login.microsoft.com"

// pinPolicy keeps token requests at the sign-in service: at the configured host,
// or where that is Microsoft's, at Microsoft's hosts.
type pinPolicy struct {
	host      string
	microsoft bool
}

func newPinPolicy(c Cloud) pinPolicy {
	return pinPolicy{host: network.HostOf(c.AuthorityHost), microsoft: !c.hasPrivateAuthority()}
}

// Do implements policy.Policy.
func (p pinPolicy) Do(req *policy.Request) (*http.Response, error) {
	if !p.owns(req.Raw().URL) {
		return nil, network.ErrForeignAuthority
	}
	return req.Next()
}

func (p pinPolicy) owns(u *url.URL) bool {
	if u.Scheme != "https" {
		return false
	}
	host := strings.ToLower(u.Host)
	return host == strings.ToLower(p.host) || p.microsoft && (slices.Contains(microsoftAuthorities, host) || strings.HasSuffix(host, regionalAuthority))
}
