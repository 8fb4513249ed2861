package login

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/exchange"
)

// seal makes a JSON web token. Clients must treat it as opaque, so any signature the server can check will do.
func (a *Authority) seal(payload any) string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256","kid":"graphsim"}`))
	signed := header + "." + base64.RawURLEncoding.EncodeToString(encode.JSON(nil, payload))
	return signed + "." + base64.RawURLEncoding.EncodeToString(a.graph.Sign(signed))
}

// appClaims are those of a token for the connector's own service principal.
func (a *Authority) appClaims() api.Claims {
	c := a.baseClaims()
	c.IDType = "app"
	c.ObjectID = a.graph.Directory.IDOf(directory.SPRef(directory.SPConnector))
	c.Subject = c.ObjectID
	c.Roles = a.settings().permissions
	return c
}

// userClaims are those of a token for an administrator who signed in.
func (a *Authority) userClaims() api.Claims {
	c := a.baseClaims()
	c.IDType = "user"
	c.ObjectID = a.graph.Directory.IDOf(directory.UserRef(directory.UserAdmin))
	c.Subject = c.ObjectID
	c.Scopes = strings.Join(a.settings().permissions, " ")
	c.RoleIDs = []string{directory.BuiltInRoles[directory.RoleGlobalAdministrator].ID}
	c.UPN = a.graph.Directory.UserPrincipalName(directory.UserAdmin)
	return c
}

func (a *Authority) baseClaims() api.Claims {
	now := a.graph.Now()
	a.graph.Directory.RLock()
	defer a.graph.Directory.RUnlock()
	return api.Claims{
		Audience: a.audience(), Issuer: "https://sts.windows.net/" + a.TenantID() + "/", TenantID: a.TenantID(), AppID: a.ClientID(),
		IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(a.settings().lifetime).Unix(),
		AppName: a.graph.Directory.SPName(directory.SPConnector), Version: "1.0", Moment: now.UnixNano(),
	}
}

// audience is whom tokens are for.
func (a *Authority) audience() string {
	if other := a.settings().audience; other != "" {
		return other
	}
	return a.graph.URL
}

// exchangeClaims are those of an application's token for Exchange.
func (a *Authority) exchangeClaims() api.Claims {
	c := a.appClaims()
	c.Audience, c.Roles = a.graph.URL+exchange.Audience, a.settings().exchange
	return c
}

// Authenticate checks the bearer token of a Graph request.
func (a *Authority) Authenticate(header string) (api.Claims, error) {
	return a.authenticate(header, a.graph.URL)
}

// AuthenticateExchange checks that of a request to Exchange.
func (a *Authority) AuthenticateExchange(header string) (api.Claims, error) {
	return a.authenticate(header, a.graph.URL+exchange.Audience)
}

func (a *Authority) authenticate(header, audience string) (api.Claims, error) {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || token == "" {
		return api.Claims{}, api.Unauthorized("Access token is empty.")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return api.Claims{}, api.Unauthorized("CompactToken parsing failed with error code: 80049217")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(signature, a.graph.Sign(parts[0]+"."+parts[1])) {
		return api.Claims{}, api.Unauthorized("Access token validation failure. Invalid signature.")
	}
	var c api.Claims
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return api.Claims{}, api.Unauthorized("Access token validation failure.")
	}
	validity := a.settings().validity
	switch {
	case validity > 0 && a.graph.Now().After(time.Unix(c.IssuedAt, 0).Add(validity)):
		return api.Claims{}, api.Unauthorized(messageChallenge)
	case c.Audience != audience:
		return api.Claims{}, api.Unauthorized("Access token validation failure. Invalid audience.")
	case a.graph.Now().After(time.Unix(c.Expires, 0)):
		return api.Claims{}, api.Unauthorized("Lifetime validation failed, the token is expired.")
	case c.TenantID != a.TenantID():
		return api.Claims{}, api.Unauthorized("Access token validation failure. Invalid issuer.")
	}
	if err := a.checkIssued(c); err != nil {
		return api.Claims{}, err
	}
	return c, nil
}

func (a *Authority) settings() tokenSettings {
	a.setMu.RLock()
	defer a.setMu.RUnlock()
	return a.set
}

func (a *Authority) change(edit func(*tokenSettings)) {
	a.setMu.Lock()
	defer a.setMu.Unlock()
	edit(&a.set)
}

// SetPermissions says which application permissions the next tokens carry.
func (a *Authority) SetPermissions(names ...string) {
	a.change(func(set *tokenSettings) { set.permissions = append([]string(nil), names...) })
}

// SetExchangeAppRoles says which app roles of Exchange the next tokens for it carry.
func (a *Authority) SetExchangeAppRoles(names ...string) {
	a.change(func(set *tokenSettings) { set.exchange = append([]string(nil), names...) })
}

// SetTokenLifetime says how long the next access tokens are good for.
func (a *Authority) SetTokenLifetime(d time.Duration) {
	a.change(func(set *tokenSettings) { set.lifetime = d })
}

// SetTokenAudience makes the next access tokens good for another resource than this Graph; empty for this one.
func (a *Authority) SetTokenAudience(audience string) {
	a.change(func(set *tokenSettings) { set.audience = audience })
}

// SetTokenValidity says how long access tokens are good for whatever they say themselves, as when access is revoked;
// zero for as long as they say.
func (a *Authority) SetTokenValidity(d time.Duration) {
	a.change(func(set *tokenSettings) { set.validity = d })
}
