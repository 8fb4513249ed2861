package graphsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// claims are what an access token says.
type claims struct {
	Audience  string   `json:"aud"`
	Issuer    string   `json:"iss"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	AppName   string   `json:"app_displayname,omitempty"`
	AppID     string   `json:"appid"`
	IDType    string   `json:"idtyp"`
	ObjectID  string   `json:"oid"`
	Subject   string   `json:"sub"`
	TenantID  string   `json:"tid"`
	Roles     []string `json:"roles,omitempty"`
	Scopes    string   `json:"scp,omitempty"`
	RoleIDs   []string `json:"wids,omitempty"`
	UPN       string   `json:"upn,omitempty"`
	Version   string   `json:"ver"`
	Moment    int64    `json:"xms_moment"` // When it was issued, to the nanosecond.
}

func (c claims) delegated() bool { return c.Scopes != "" }

func (c claims) permissions() []string {
	if c.delegated() {
		return strings.Fields(c.Scopes)
	}
	return c.Roles
}

// seal makes a JSON web token. Clients must treat it as opaque, so any signature the server can check will do.
func (s *Server) seal(payload any) string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256","kid":"graphsim"}`))
	signed := header + "." + base64.RawURLEncoding.EncodeToString(appendJSON(nil, payload))
	return signed + "." + base64.RawURLEncoding.EncodeToString(s.sign(signed))
}

func (s *Server) sign(text string) []byte {
	mac := hmac.New(sha256.New, s.tokenKey)
	_, _ = mac.Write([]byte(text))
	return mac.Sum(nil)
}

// appClaims are those of a token for the connector's own service principal.
func (s *Server) appClaims() claims {
	c := s.baseClaims()
	c.IDType = "app"
	c.ObjectID = s.tenant.id(spRef(SPConnector))
	c.Subject = c.ObjectID
	c.Roles = s.settings().permissions
	return c
}

// userClaims are those of a token for an administrator who signed in.
func (s *Server) userClaims() claims {
	c := s.baseClaims()
	c.IDType = "user"
	c.ObjectID = s.tenant.id(userRef(userAdmin))
	c.Subject = c.ObjectID
	c.Scopes = strings.Join(s.settings().permissions, " ")
	c.RoleIDs = []string{builtInRoles[RoleGlobalAdministrator].id}
	c.UPN = s.tenant.userPrincipalName(userAdmin)
	return c
}

func (s *Server) baseClaims() claims {
	now := s.now()
	s.tenant.mu.RLock()
	defer s.tenant.mu.RUnlock()
	return claims{
		Audience: s.audience(), Issuer: "https://sts.windows.net/" + s.TenantID() + "/", TenantID: s.TenantID(), AppID: s.ClientID(),
		IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(s.settings().tokenLifetime).Unix(),
		AppName: s.tenant.spName(SPConnector), Version: "1.0", Moment: now.UnixNano(),
	}
}

// audience is whom tokens are for.
func (s *Server) audience() string {
	if other := s.settings().tokenAudience; other != "" {
		return other
	}
	return s.url
}

// authenticate checks the bearer token of a Graph request.
func (s *Server) authenticate(header string) (claims, error) {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || token == "" {
		return claims{}, unauthorized("Access token is empty.")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}, unauthorized("CompactToken parsing failed with error code: 80049217")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(signature, s.sign(parts[0]+"."+parts[1])) {
		return claims{}, unauthorized("Access token validation failure. Invalid signature.")
	}
	var c claims
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return claims{}, unauthorized("Access token validation failure.")
	}
	validity := s.settings().tokenValidity
	switch {
	case validity > 0 && s.now().After(time.Unix(c.IssuedAt, 0).Add(validity)):
		return claims{}, unauthorized(messageChallenge)
	case c.Audience != s.url:
		return claims{}, unauthorized("Access token validation failure. Invalid audience.")
	case s.now().After(time.Unix(c.Expires, 0)):
		return claims{}, unauthorized("Lifetime validation failed, the token is expired.")
	case c.TenantID != s.TenantID():
		return claims{}, unauthorized("Access token validation failure. Invalid issuer.")
	}
	if err := s.checkIssued(c); err != nil {
		return claims{}, err
	}
	return c, nil
}
