package graphsim

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
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
	grantClientCredentials = "client_credentials"
	grantDeviceCode        = "urn:ietf:params:oauth:grant-type:device_code"
	grantDeviceCodeMSAL    = "device_code" // What MSAL Go sends in its place.
	grantRefreshToken      = "refresh_token"
	assertionTypeJWT       = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	tokenPath              = "/oauth2/v2.0/token" //nolint:gosec // A path, not a credential.
	deviceCodePath         = "/oauth2/v2.0/devicecode"
	discoveryPath          = "/v2.0/.well-known/openid-configuration"
	managedIdentityPath    = "/msi/token"
	scopeDefault           = "/.default"
)

// authority is the state of the login side.
type authority struct {
	secret         string
	secretID       string
	identityHeader string
	refreshToken   string

	mu           sync.Mutex
	certificates []registeredCertificate
	federated    []federatedCredential
	devicePolls  map[string]int
	claims       []string // Parameters of token requests.
}

func newAuthority(s *Server) *authority {
	return &authority{
		secret:         randomText(30),
		secretID:       s.newRequestID(),
		identityHeader: randomText(24),
		refreshToken:   randomText(40),
		devicePolls:    map[string]int{},
	}
}

func randomText(n int) string {
	raw := make([]byte, n)
	if _, err := rand.Read(raw); err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// TenantID is the directory's id.
func (s *Server) TenantID() string { return s.tenant.TenantID() }

// ClientID is the application id of the connector.
func (s *Server) ClientID() string { return s.tenant.appID(SPConnector) }

// ClientSecret is the connector's secret.
func (s *Server) ClientSecret() string { return s.auth.secret }

// ClientSecretID is the id people paste in the place of the secret.
func (s *Server) ClientSecretID() string { return s.auth.secretID }

// ManagedIdentityEndpoint is what App Service puts in IDENTITY_ENDPOINT.
func (s *Server) ManagedIdentityEndpoint() string { return s.url + managedIdentityPath }

// ManagedIdentityHeader is what App Service puts in IDENTITY_HEADER.
func (s *Server) ManagedIdentityHeader() string { return s.auth.identityHeader }

// SetCredentialState switches what the authority thinks of the connector's credential.
func (s *Server) SetCredentialState(state CredentialState) {
	s.change(func(set *settings) { set.credential = state })
}

// handleAuthority serves everything that is not Graph.
func (s *Server) handleAuthority(w *countingWriter, r *http.Request) {
	seen := Request{
		Time: s.now(), Method: r.Method, Path: r.URL.Path, Host: r.Host, Authority: true, UserAgent: r.UserAgent(),
		HasAuthorization: r.Header.Get("Authorization") != "", ClientRequestID: r.Header.Get("client-request-id"),
	}
	action := s.rules.match(seen, nil)
	c := &call{server: s, tenant: s.tenant, header: r.Header, requestID: s.newRequestID()}
	var out reply
	if action != nil && action.kind == actRespond {
		out = action.perform(r.Context(), c)
	} else {
		if action != nil {
			wait(r.Context(), action.delay)
		}
		out, seen.Unmatched = s.login(c, r)
		out = action.after(c, out)
	}
	out.header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	if !action.onWire() {
		seen.Status = out.status
	}
	s.recorder.add(seen)
	s.log.Info("authority", "method", seen.Method, "path", seen.Path, "status", seen.Status)
	s.write(w, r, out, action)
}

// login answers a request to the authority and says whether it has no such endpoint.
func (s *Server) login(c *call, r *http.Request) (reply, bool) {
	if r.URL.Path == managedIdentityPath {
		return s.managedIdentity(r), false
	}
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	rest = "/" + rest
	handlers := map[string]func(tenant string, form url.Values) (any, error){
		http.MethodGet + discoveryPath:   s.discover,
		http.MethodPost + tokenPath:      s.token,
		http.MethodPost + deviceCodePath: s.deviceCode,
	}
	handler, ok := handlers[r.Method+rest]
	if !ok {
		return c.errorReply(&graphError{status: http.StatusNotFound, code: codeBadSyntax, message: fmt.Sprintf(messageMissingSegment, tenant)}), true
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return s.loginError(c, &authError{code: 900144}), false
	}
	if !s.knownTenant(tenant) {
		return s.loginError(c, &authError{code: 90002, detail: tenant}), false
	}
	answer, err := handler(tenant, r.Form)
	if err != nil {
		return s.loginError(c, err), false
	}
	return loginReply(http.StatusOK, answer), false
}

func (s *Server) knownTenant(tenant string) bool {
	if s.settings().credential == CredentialNoTenant {
		return false
	}
	switch strings.ToLower(tenant) {
	case s.TenantID(), s.tenant.Domain(), mailDomain, "organizations", "common":
		return true
	}
	return false
}

func loginReply(status int, body any) reply {
	out := newReply(status, appendJSON(nil, body))
	out.header = http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Cache-Control": {"no-store, no-cache"}}
	return out
}

func (s *Server) discover(tenant string, _ url.Values) (any, error) {
	root := s.url + "/" + tenant
	return map[string]any{
		"issuer":                        s.url + "/" + s.TenantID() + "/v2.0",
		"authorization_endpoint":        root + "/oauth2/v2.0/authorize",
		"token_endpoint":                root + tokenPath,
		"device_authorization_endpoint": root + deviceCodePath,
		"jwks_uri":                      root + "/discovery/v2.0/keys",
		"tenant_region_scope":           "NA",
		"cloud_instance_name":           "graphsim",
		"msgraph_host":                  strings.TrimPrefix(s.url, "https://"),
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

func (s *Server) token(tenant string, form url.Values) (any, error) {
	if form.Get("client_id") == "" {
		return nil, &authError{code: 900144, detail: "client_id"}
	}
	if form.Get("client_id") != s.ClientID() {
		return nil, &authError{code: 700016, detail: form.Get("client_id")}
	}
	if code, bad := stateErrors[s.settings().credential]; bad {
		return nil, &authError{code: code}
	}
	if err := s.noteClaims(form.Get("claims")); err != nil {
		return nil, err
	}
	switch form.Get("grant_type") {
	case grantClientCredentials:
		if err := s.checkClient(tenant, form); err != nil {
			return nil, err
		}
		if err := s.checkScope(form.Get("scope"), true); err != nil {
			return nil, err
		}
		return s.answerWith(s.appClaims()), nil
	case grantDeviceCode, grantDeviceCodeMSAL:
		return s.redeemDeviceCode(form)
	case grantRefreshToken:
		if form.Get("refresh_token") != s.auth.refreshToken {
			return nil, &authError{code: 9002313}
		}
		return s.userAnswer(), nil
	default:
		return nil, &authError{code: 70003, detail: form.Get("grant_type")}
	}
}

func (s *Server) answerWith(c claims) tokenAnswer {
	seconds := int(s.settings().tokenLifetime.Seconds())
	return tokenAnswer{TokenType: "Bearer", ExpiresIn: seconds, ExtExpiresIn: seconds, AccessToken: s.seal(c)}
}

// checkScope wants exactly one resource, this Graph; MSAL adds the OpenID scopes.
func (s *Server) checkScope(scope string, defaultOnly bool) error {
	resources := 0
	for one := range strings.FieldsSeq(scope) {
		switch one {
		case "openid", "offline_access", "profile":
			continue
		}
		resources++
		if one != s.url+scopeDefault && (defaultOnly || !strings.HasPrefix(one, s.url+"/")) {
			return &authError{code: 500011, detail: strings.TrimSuffix(one, scopeDefault)}
		}
	}
	if resources != 1 {
		return &authError{code: 70011, detail: scope}
	}
	return nil
}
