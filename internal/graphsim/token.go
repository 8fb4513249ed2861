package graphsim

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// seal makes a JSON web token. Clients must treat it as opaque, so any signature the server can check will do.
func (a *Authority) seal(payload any) string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256","kid":"graphsim"}`))
	signed := header + "." + base64.RawURLEncoding.EncodeToString(appendJSON(nil, payload))
	return signed + "." + base64.RawURLEncoding.EncodeToString(a.graph.sign(signed))
}

// appClaims are those of a token for the connector's own service principal.
func (a *Authority) appClaims() claims {
	c := a.baseClaims()
	c.IDType = "app"
	c.ObjectID = a.graph.directory.id(spRef(SPConnector))
	c.Subject = c.ObjectID
	c.Roles = a.settings().permissions
	return c
}

// userClaims are those of a token for an administrator who signed in.
func (a *Authority) userClaims() claims {
	c := a.baseClaims()
	c.IDType = "user"
	c.ObjectID = a.graph.directory.id(userRef(userAdmin))
	c.Subject = c.ObjectID
	c.Scopes = strings.Join(a.settings().permissions, " ")
	c.RoleIDs = []string{builtInRoles[RoleGlobalAdministrator].id}
	c.UPN = a.graph.directory.userPrincipalName(userAdmin)
	return c
}

func (a *Authority) baseClaims() claims {
	now := a.graph.now()
	a.graph.directory.mu.RLock()
	defer a.graph.directory.mu.RUnlock()
	return claims{
		Audience: a.audience(), Issuer: "https://sts.windows.net/" + a.TenantID() + "/", TenantID: a.TenantID(), AppID: a.ClientID(),
		IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(a.settings().lifetime).Unix(),
		AppName: a.graph.directory.spName(SPConnector), Version: "1.0", Moment: now.UnixNano(),
	}
}

// audience is whom tokens are for.
func (a *Authority) audience() string {
	if other := a.settings().audience; other != "" {
		return other
	}
	return a.graph.url
}

// authenticate checks the bearer token of a Graph request.
func (a *Authority) authenticate(header string) (claims, error) {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || token == "" {
		return claims{}, unauthorized("Access token is empty.")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}, unauthorized("CompactToken parsing failed with error code: 80049217")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(signature, a.graph.sign(parts[0]+"."+parts[1])) {
		return claims{}, unauthorized("Access token validation failure. Invalid signature.")
	}
	var c claims
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return claims{}, unauthorized("Access token validation failure.")
	}
	validity := a.settings().validity
	switch {
	case validity > 0 && a.graph.now().After(time.Unix(c.IssuedAt, 0).Add(validity)):
		return claims{}, unauthorized(messageChallenge)
	case c.Audience != a.graph.url:
		return claims{}, unauthorized("Access token validation failure. Invalid audience.")
	case a.graph.now().After(time.Unix(c.Expires, 0)):
		return claims{}, unauthorized("Lifetime validation failed, the token is expired.")
	case c.TenantID != a.TenantID():
		return claims{}, unauthorized("Access token validation failure. Invalid issuer.")
	}
	if err := a.checkIssued(c); err != nil {
		return claims{}, err
	}
	return c, nil
}
