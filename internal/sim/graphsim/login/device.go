package login

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
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

func (a *Authority) deviceCode(_ string, form url.Values) (any, error) {
	if form.Get("client_id") != a.ClientID() {
		return nil, &authError{code: 700016, detail: form.Get("client_id")}
	}
	if err := a.checkScope(form.Get("scope"), false); err != nil {
		return nil, err
	}
	code, page := api.RandomText(24), a.graph.URL+"/devicelogin"
	a.mu.Lock()
	a.devicePolls[code] = 0
	a.mu.Unlock()
	return deviceCodeAnswer{
		UserCode: "SIM123456", DeviceCode: code, VerificationURI: page, ExpiresIn: deviceCodeSeconds, Interval: 1,
		Message: "To sign in, open " + page + " and enter the code SIM123456.",
	}, nil
}

// redeemDeviceCode is pending once and approved afterwards.
func (a *Authority) redeemDeviceCode(form url.Values) (any, error) {
	code := form.Get("device_code")
	a.mu.Lock()
	defer a.mu.Unlock()
	polls, known := a.devicePolls[code]
	if !known {
		return nil, &authError{code: 70020}
	}
	if polls == 0 {
		a.devicePolls[code]++
		return nil, &authError{code: 70016}
	}
	delete(a.devicePolls, code)
	return a.userAnswer(), nil
}

// userAnswer is a token for the person who signed in.
func (a *Authority) userAnswer() tokenAnswer {
	user := a.userClaims()
	out := a.answerWith(user)
	out.Scope = a.graph.URL + ScopeDefault
	out.RefreshToken = a.refreshToken
	out.IDToken = a.seal(map[string]any{
		"aud": user.AppID, "iss": a.graph.URL + "/" + user.TenantID + "/v2.0", "tid": user.TenantID, "oid": user.ObjectID,
		"preferred_username": user.UPN, "sub": user.Subject, "exp": user.Expires, "iat": user.IssuedAt,
	})
	info := encode.JSON(nil, map[string]string{"uid": user.ObjectID, "utid": user.TenantID})
	out.ClientInfo = base64.RawURLEncoding.EncodeToString(info)
	return out
}

// SignIn is the access token of an administrator who signs in to an application
// that was given consent to these delegated permissions, and when it ends. It is
// what a platform gets that signs people in by itself.
func (a *Authority) SignIn(scopes ...string) (string, time.Time) {
	c := a.userClaims()
	c.Scopes = strings.Join(append(slices.Clone(scopes), "openid", "profile", "email"), " ")
	return a.seal(c), time.Unix(c.Expires, 0)
}

// managedIdentity answers as App Service's identity endpoint does.
func (a *Authority) managedIdentity(r *http.Request) api.Reply {
	switch {
	case r.Method != http.MethodGet || r.Header.Get("X-Identity-Header") != a.identityHeader:
		return loginReply(http.StatusUnauthorized, map[string]any{"statusCode": http.StatusUnauthorized, "message": "Invalid X-IDENTITY-HEADER."})
	case r.URL.Query().Get("resource") != a.graph.URL:
		return loginReply(http.StatusBadRequest, map[string]any{"statusCode": http.StatusBadRequest, "message": "The resource is unknown."})
	}
	c := a.appClaims()
	return loginReply(http.StatusOK, map[string]any{
		"access_token": a.seal(c), "expires_on": strconv.FormatInt(c.Expires, 10), "resource": a.graph.URL, "token_type": "Bearer", "client_id": c.AppID,
	})
}
