package signin

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// Cloud is one Microsoft cloud: where to sign in, where Graph is, and where a
// person looks at the same tenant.
type Cloud struct {
	// Name is the value of the cloud setting.
	Name string
	// AuthorityHost is the root URL of the sign-in service, without a slash at
	// the end.
	AuthorityHost string
	// GraphEndpoint is the root URL of Microsoft Graph, without version and
	// without a slash at the end.
	GraphEndpoint string
	// ExchangeEndpoint is the root URL of Exchange Online, without a slash at the
	// end.
	ExchangeEndpoint string
	// PortalURL is the root of the Microsoft Entra admin center.
	PortalURL string
}

const (
	cloudDoD       = "usgov-dod"
	authorityUSGov = "https://login.microsoftonline.us"
	portalUSGov    = "https://entra.microsoft.us"
)

// clouds are the national clouds, public first. A GCC tenant is in the public
// one (https://learn.microsoft.com/graph/deployments).
var clouds = []Cloud{
	{
		Name:             "public",
		AuthorityHost:    "https://login.microsoftonline.com",
		GraphEndpoint:    "https://graph.microsoft.com",
		ExchangeEndpoint: "https://outlook.office365.com",
		PortalURL:        "https://entra.microsoft.com",
	},
	{
		Name:             "usgov",
		AuthorityHost:    authorityUSGov,
		GraphEndpoint:    "https://graph.microsoft.us",
		ExchangeEndpoint: "https://outlook.office365.us",
		PortalURL:        portalUSGov,
	},
	{
		Name:             cloudDoD,
		AuthorityHost:    authorityUSGov,
		GraphEndpoint:    "https://dod-graph.microsoft.us",
		ExchangeEndpoint: "https://outlook-dod.office365.us",
		PortalURL:        portalUSGov,
	},
	{
		Name:             "china",
		AuthorityHost:    "https://login.chinacloudapi.cn",
		GraphEndpoint:    "https://microsoftgraph.chinacloudapi.cn",
		ExchangeEndpoint: "https://outlook.office365.cn",
		PortalURL:        "https://entra.microsoftonline.cn",
	},
}

// CloudByName returns the cloud of that name; empty means public. The error of
// an unknown name lists the known ones.
func CloudByName(name string) (Cloud, error) {
	if name == "" {
		return clouds[0], nil
	}
	names := make([]string, 0, len(clouds))
	for _, c := range clouds {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return Cloud{}, fmt.Errorf("the cloud %q is unknown; it must be one of %s", failure.Excerpt(name, 40), strings.Join(names, ", "))
}

// WithOverrides returns the cloud with its sign-in host and its Graph host
// replaced where the argument is not empty. Both are root URLs: https (on
// loopback too: a secret and then a token go there), a host, perhaps a port,
// and nothing else but one slash. The error says which one is not, and why.
//
// Exchange Online is where Graph is: at the other cloud's, or at the very host that
// was named. What is meant for a host of one's own, such as a simulated tenant, thus
// never reaches Microsoft's.
func (c Cloud) WithOverrides(authorityHost, graphEndpoint string) (Cloud, error) {
	for _, override := range []struct {
		setting, value string
		target         *string
	}{
		{"authority host", authorityHost, &c.AuthorityHost},
		{"Graph endpoint", graphEndpoint, &c.GraphEndpoint},
	} {
		value := strings.TrimSpace(override.value)
		if value == "" {
			continue
		}
		root, err := rootURL(value)
		if err != nil {
			return Cloud{}, fmt.Errorf("the %s must be an https URL of just a host, such as https://login.example.com:8443: %w", override.setting, err)
		}
		*override.target = root
	}
	if strings.TrimSpace(graphEndpoint) != "" {
		c.ExchangeEndpoint = exchangeBeside(c.GraphEndpoint)
	}
	return c, nil
}

// exchangeBeside is the Exchange Online that belongs to a Graph.
func exchangeBeside(graphEndpoint string) string {
	for _, known := range clouds {
		if known.GraphEndpoint == graphEndpoint {
			return known.ExchangeEndpoint
		}
	}
	return graphEndpoint
}

// Scope is the scope to ask a token for: whatever the application has been
// granted on this cloud's Graph
// (https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope).
func (c Cloud) Scope() string {
	return strings.TrimSuffix(c.GraphEndpoint, "/") + "/.default"
}

// ExchangeScope is the scope for Exchange Online. Where one host is both, it tells
// the two apart, so that neither takes the other's tokens.
func (c Cloud) ExchangeScope() string {
	root := strings.TrimSuffix(c.ExchangeEndpoint, "/")
	if root == strings.TrimSuffix(c.GraphEndpoint, "/") {
		root += "/adminapi"
	}
	return root + "/.default"
}

// hasPrivateAuthority reports whether sign-in goes to a host that is not
// Microsoft's. Such a host is unknown to Microsoft's instance discovery, which
// would refuse it.
func (c Cloud) hasPrivateAuthority() bool {
	for _, known := range clouds {
		if known.AuthorityHost == strings.TrimSuffix(c.AuthorityHost, "/") {
			return false
		}
	}
	return true
}

// IsMicrosoftHost reports whether a root URL is a sign-in service or a Graph of
// one of Microsoft's clouds.
func IsMicrosoftHost(root string) bool {
	root = strings.TrimSuffix(root, "/")
	return slices.ContainsFunc(clouds, func(c Cloud) bool { return root == c.AuthorityHost || root == c.GraphEndpoint })
}

// rootURL returns value as scheme and host only. Its errors do not repeat the
// value, which may hold a password.
func rootURL(value string) (string, error) {
	u, err := url.Parse(value)
	switch {
	case err != nil:
		return "", errors.New("it is not a URL")
	case u.Scheme == "":
		return "", errors.New("https:// is missing")
	case u.Scheme != "https":
		return "", errors.New("it does not begin with https://")
	case u.Hostname() == "" || u.Opaque != "":
		return "", errors.New("it has no host")
	case u.User != nil:
		return "", errors.New("it has a user name")
	case u.Path != "" && u.Path != "/":
		return "", errors.New("it has a path")
	case u.RawQuery != "" || u.ForceQuery:
		return "", errors.New("it has a query")
	case u.Fragment != "" || strings.HasSuffix(value, "#"):
		return "", errors.New("it has a fragment")
	}
	root := url.URL{Scheme: "https", Host: strings.ToLower(strings.TrimSuffix(u.Host, ":"))}
	return root.String(), nil
}
