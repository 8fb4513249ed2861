package graphsim

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

type deviceCodeAnswer struct {
	UserCode        string `json:"user_code"`
	DeviceCode      string `json:"device_code"`
	VerificationURI string `json:"verification_uri"`
	ExpiresIn       int    `json:"expires_in"`
	Interval        int    `json:"interval"`
	Message         string `json:"message"`
}

const deviceCodeSeconds = 900

func (s *Server) deviceCode(_ string, form url.Values) (any, error) {
	if form.Get("client_id") != s.ClientID() {
		return nil, &authError{code: 700016, detail: form.Get("client_id")}
	}
	if err := s.checkScope(form.Get("scope"), false); err != nil {
		return nil, err
	}
	code, page := randomText(24), s.url+"/devicelogin"
	s.auth.mu.Lock()
	s.auth.devicePolls[code] = 0
	s.auth.mu.Unlock()
	return deviceCodeAnswer{
		UserCode: "SIM123456", DeviceCode: code, VerificationURI: page, ExpiresIn: deviceCodeSeconds, Interval: 1,
		Message: "To sign in, open " + page + " and enter the code SIM123456.",
	}, nil
}

// redeemDeviceCode is pending once and approved afterwards.
func (s *Server) redeemDeviceCode(form url.Values) (any, error) {
	code := form.Get("device_code")
	s.auth.mu.Lock()
	defer s.auth.mu.Unlock()
	polls, known := s.auth.devicePolls[code]
	if !known {
		return nil, &authError{code: 70020}
	}
	if polls == 0 {
		s.auth.devicePolls[code]++
		return nil, &authError{code: 70016}
	}
	delete(s.auth.devicePolls, code)
	return s.userAnswer(), nil
}

// userAnswer is a token for the person who signed in.
func (s *Server) userAnswer() tokenAnswer {
	user := s.userClaims()
	out := s.answerWith(user)
	out.Scope = s.url + scopeDefault
	out.RefreshToken = s.auth.refreshToken
	out.IDToken = s.seal(map[string]any{
		"aud": user.AppID, "iss": s.url + "/" + user.TenantID + "/v2.0", "tid": user.TenantID, "oid": user.ObjectID,
		"preferred_username": user.UPN, "sub": user.Subject, "exp": user.Expires, "iat": user.IssuedAt,
	})
	info := appendJSON(nil, map[string]string{"uid": user.ObjectID, "utid": user.TenantID})
	out.ClientInfo = base64.RawURLEncoding.EncodeToString(info)
	return out
}

// SignIn is the access token of an administrator who signs in to an application
// that was given consent to these delegated permissions, and when it ends. It is
// what a platform gets that signs people in by itself.
func (s *Server) SignIn(scopes ...string) (string, time.Time) {
	c := s.userClaims()
	c.Scopes = strings.Join(append(slices.Clone(scopes), "openid", "profile", "email"), " ")
	return s.seal(c), time.Unix(c.Expires, 0)
}

// managedIdentity answers as App Service's identity endpoint does.
func (s *Server) managedIdentity(r *http.Request) reply {
	switch {
	case r.Method != http.MethodGet || r.Header.Get("X-Identity-Header") != s.auth.identityHeader:
		return loginReply(http.StatusUnauthorized, map[string]any{"statusCode": http.StatusUnauthorized, "message": "Invalid X-IDENTITY-HEADER."})
	case r.URL.Query().Get("resource") != s.url:
		return loginReply(http.StatusBadRequest, map[string]any{"statusCode": http.StatusBadRequest, "message": "The resource is unknown."})
	}
	c := s.appClaims()
	return loginReply(http.StatusOK, map[string]any{
		"access_token": s.seal(c), "expires_on": strconv.FormatInt(c.Expires, 10), "resource": s.url, "token_type": "Bearer", "client_id": c.AppID,
	})
}
