// Package login is the login authority of the tenant: token requests of every kind, assertions, device codes, the
// identity endpoint of App Service, and whether Graph takes a token. It does not know what tokens are used for.
package login

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/exchange"
)

// CredentialState is what the authority thinks of the connector's credential.
type CredentialState int

// The states; each but the first refuses every token request with its code.
const (
	CredentialValid          CredentialState = iota
	CredentialExpired                        // AADSTS7000222.
	CredentialUnknown                        // AADSTS700016: the application is not in the tenant.
	CredentialNoTenant                       // AADSTS90002.
	CredentialNoConsent                      // AADSTS65001.
	CredentialBlocked                        // AADSTS53003: conditional access.
	CredentialDisabled                       // AADSTS7000112.
	CredentialBadCertificate                 // AADSTS700027.
)

var stateErrors = map[CredentialState]int{
	CredentialExpired: 7000222, CredentialUnknown: 700016, CredentialNoTenant: 90002, CredentialNoConsent: 65001,
	CredentialBlocked: 53003, CredentialDisabled: 7000112, CredentialBadCertificate: 700027,
}

const (
	GrantClientCredentials = "client_credentials"
	grantDeviceCode        = "urn:ietf:params:oauth:grant-type:device_code"
	grantDeviceCodeMSAL    = "device_code" // What MSAL Go sends in its place.
	grantRefreshToken      = "refresh_token"
	assertionTypeJWT       = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	TokenPath              = "/oauth2/v2.0/token" //nolint:gosec // A path, not a credential.
	deviceCodePath         = "/oauth2/v2.0/devicecode"
	discoveryPath          = "/v2.0/.well-known/openid-configuration"
	managedIdentityPath    = "/msi/token"
	ScopeDefault           = "/.default"
)

// Authority is the login side: what is registered for the connector, and what tokens say.
type Authority struct {
	graph          *api.Graph
	secret         string
	secretID       string
	identityHeader string
	refreshToken   string

	mu           sync.Mutex
	certificates []registeredCertificate
	federated    []federatedCredential
	devicePolls  map[string]int
	claims       []string // Parameters of token requests.

	setMu sync.RWMutex
	set   tokenSettings
}

// tokenSettings are what may be switched of tokens while the authority answers.
type tokenSettings struct {
	permissions []string
	exchange    []string // App roles in tokens for Exchange.
	lifetime    time.Duration
	audience    string // Of another resource; empty for this one.
	refused     refusedTokens
	validity    time.Duration // How long tokens are really good for; zero for as long as they say.
	credential  CredentialState
}

const defaultTokenLifetime = time.Hour

// New makes the authority of a tenant, with secrets of its own.
func New(g *api.Graph) *Authority {
	return &Authority{
		graph:          g,
		secret:         api.RandomText(30),
		secretID:       api.NewRequestID(),
		identityHeader: api.RandomText(24),
		refreshToken:   api.RandomText(40),
		devicePolls:    map[string]int{},
		set:            tokenSettings{permissions: directory.DefaultPermissions(), lifetime: defaultTokenLifetime},
	}
}

// TenantID is the directory's id.
func (a *Authority) TenantID() string { return a.graph.Directory.TenantID() }

// ClientID is the application id of the connector.
func (a *Authority) ClientID() string { return a.graph.Directory.AppID(directory.SPConnector) }

// ClientSecret is the connector's secret.
func (a *Authority) ClientSecret() string { return a.secret }

// ClientSecretID is the id people paste in the place of the secret.
func (a *Authority) ClientSecretID() string { return a.secretID }

// ManagedIdentityEndpoint is what App Service puts in IDENTITY_ENDPOINT.
func (a *Authority) ManagedIdentityEndpoint() string { return a.graph.URL + managedIdentityPath }

// ManagedIdentityHeader is what App Service puts in IDENTITY_HEADER.
func (a *Authority) ManagedIdentityHeader() string { return a.identityHeader }

// SetCredentialState switches what the authority thinks of the connector's credential.
func (a *Authority) SetCredentialState(state CredentialState) {
	a.change(func(set *tokenSettings) { set.credential = state })
}

// Login answers a request to the authority and says whether it has no such endpoint.
func (a *Authority) Login(c *api.Call, r *http.Request) (api.Reply, bool) {
	if r.URL.Path == managedIdentityPath {
		return a.managedIdentity(r), false
	}
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	rest = "/" + rest
	handlers := map[string]func(tenant string, form url.Values) (any, error){
		http.MethodGet + discoveryPath:   a.discover,
		http.MethodPost + TokenPath:      a.token,
		http.MethodPost + deviceCodePath: a.deviceCode,
	}
	handler, ok := handlers[r.Method+rest]
	if !ok {
		return c.ErrorReply(&api.Error{Status: http.StatusNotFound, Code: api.CodeBadSyntax, Message: fmt.Sprintf(api.MessageMissingSegment, tenant)}), true
	}
	r.Body = http.MaxBytesReader(nil, r.Body, api.MaxBody)
	if err := r.ParseForm(); err != nil {
		return a.loginError(c, &authError{code: 900144}), false
	}
	if !a.knownTenant(tenant) {
		return a.loginError(c, &authError{code: 90002, detail: tenant}), false
	}
	answer, err := handler(tenant, r.Form)
	if err != nil {
		return a.loginError(c, err), false
	}
	return loginReply(http.StatusOK, answer), false
}

func (a *Authority) knownTenant(tenant string) bool {
	if a.settings().credential == CredentialNoTenant {
		return false
	}
	switch strings.ToLower(tenant) {
	case a.TenantID(), a.graph.Directory.Domain(), directory.MailDomain, "organizations", "common":
		return true
	}
	return false
}

func loginReply(status int, body any) api.Reply {
	out := api.NewReply(status, encode.JSON(nil, body))
	out.Header = http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Cache-Control": {"no-store, no-cache"}}
	return out
}

func (a *Authority) discover(tenant string, _ url.Values) (any, error) {
	root := a.graph.URL + "/" + tenant
	return map[string]any{
		"issuer":                        a.graph.URL + "/" + a.TenantID() + "/v2.0",
		"authorization_endpoint":        root + "/oauth2/v2.0/authorize",
		"token_endpoint":                root + TokenPath,
		"device_authorization_endpoint": root + deviceCodePath,
		"jwks_uri":                      root + "/discovery/v2.0/keys",
		"tenant_region_scope":           "NA",
		"cloud_instance_name":           "graphsim",
		"msgraph_host":                  strings.TrimPrefix(a.graph.URL, "https://"),
	}, nil
}

type tokenAnswer struct {
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	ExtExpiresIn int    `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`
	Scope        string `json:"scope,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}

func (a *Authority) token(tenant string, form url.Values) (any, error) {
	if form.Get("client_id") == "" {
		return nil, &authError{code: 900144, detail: "client_id"}
	}
	if form.Get("client_id") != a.ClientID() {
		return nil, &authError{code: 700016, detail: form.Get("client_id")}
	}
	if code, bad := stateErrors[a.settings().credential]; bad {
		return nil, &authError{code: code}
	}
	if err := a.noteClaims(form.Get("claims")); err != nil {
		return nil, err
	}
	switch form.Get("grant_type") {
	case GrantClientCredentials:
		if err := a.checkClient(tenant, form); err != nil {
			return nil, err
		}
		if a.forExchange(form.Get("scope")) {
			return a.answerWith(a.exchangeClaims()), nil
		}
		if err := a.checkScope(form.Get("scope"), true); err != nil {
			return nil, err
		}
		return a.answerWith(a.appClaims()), nil
	case grantDeviceCode, grantDeviceCodeMSAL:
		return a.redeemDeviceCode(form)
	case grantRefreshToken:
		if form.Get("refresh_token") != a.refreshToken {
			return nil, &authError{code: 9002313}
		}
		return a.userAnswer(), nil
	default:
		return nil, &authError{code: 70003, detail: form.Get("grant_type")}
	}
}

func (a *Authority) answerWith(c api.Claims) tokenAnswer {
	seconds := int(a.settings().lifetime.Seconds())
	return tokenAnswer{TokenType: "Bearer", ExpiresIn: seconds, ExtExpiresIn: seconds, AccessToken: a.seal(c)}
}

// forExchange is whether a token is asked for Exchange, and for nothing else.
func (a *Authority) forExchange(scope string) bool {
	first, _, _ := strings.Cut(scope, " ")
	return first == a.graph.URL+exchange.Audience+ScopeDefault
}

// checkScope wants exactly one resource, this Graph; MSAL adds the OpenID scopes.
func (a *Authority) checkScope(scope string, defaultOnly bool) error {
	resources := 0
	for one := range strings.FieldsSeq(scope) {
		switch one {
		case "openid", "offline_access", "profile":
			continue
		}
		resources++
		if one != a.graph.URL+ScopeDefault && (defaultOnly || !strings.HasPrefix(one, a.graph.URL+"/")) {
			return &authError{code: 500011, detail: strings.TrimSuffix(one, ScopeDefault)}
		}
	}
	if resources != 1 {
		return &authError{code: 70011, detail: scope}
	}
	return nil
}
