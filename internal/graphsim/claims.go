package graphsim

import "strings"

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
