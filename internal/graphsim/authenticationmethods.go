package graphsim

import (
	"net/http"
	"strings"
)

// methodKind is a sort of authentication method.
type methodKind struct {
	typeName string // In the namespace microsoft.graph.
	segment  string // In the path of one method; empty for what nobody deletes.
	id       string // Microsoft's own where there is one of a kind; else it belongs to the user.
}

// The methods users have here, the one preferred for the second factor last but one.
const (
	methodPassword = iota
	methodPhone
	methodAuthenticator
	methodFIDO
)

var methodKinds = []methodKind{
	methodPassword:      {typeName: "passwordAuthenticationMethod", id: "28c10230-6103-485e-b985-444c60001490"},
	methodPhone:         {typeName: "phoneAuthenticationMethod", segment: "phonemethods", id: "3179e48a-750b-4051-897c-87b9720928f7"},
	methodAuthenticator: {typeName: "microsoftAuthenticatorAuthenticationMethod", segment: "microsoftauthenticatormethods"},
	methodFIDO:          {typeName: "fido2AuthenticationMethod", segment: "fido2methods"},
}

// methodKey names a method of a user.
type methodKey struct{ user, kind int }

// hasFactor is whether a user had set up a second factor before any write.
func (t *Tenant) hasFactor(i int) bool { return !t.madeUser(i) && t.hash(userRef(i), saltMFA)%10 < 7 }

// factorsOf are the methods of a user beside the password.
func (t *Tenant) factorsOf(i int) []int {
	var all []int
	switch {
	case !t.hasFactor(i):
	case t.hash(userRef(i), saltMFA)>>8%5 == 0:
		all = []int{methodAuthenticator, methodFIDO}
	default:
		all = []int{methodPhone, methodAuthenticator}
	}
	var out []int
	for _, kind := range all {
		if _, gone := t.written.methods[methodKey{i, kind}]; !gone {
			out = append(out, kind)
		}
	}
	return out
}

func (t *Tenant) methodID(i, kind int) string {
	if id := methodKinds[kind].id; id != "" {
		return id
	}
	return t.guidOf(makeRef(kindMisc, 1<<24+i*len(methodKinds)+kind)).String()
}

// listMethods lists the authentication methods of a user (authentication-list-methods).
func (c *call) listMethods() (reply, error) {
	r, err := c.target()
	if err != nil {
		return reply{}, err
	}
	i := r.index()
	rows := []map[string]any{}
	for _, kind := range append([]int{methodPassword}, c.tenant.factorsOf(i)...) {
		row := map[string]any{
			"@odata.type": "#" + namespace + methodKinds[kind].typeName, "id": c.tenant.methodID(i, kind), "createdDateTime": nil,
		}
		switch kind {
		case methodPassword:
			row["password"] = nil
		case methodPhone:
			row["phoneNumber"], row["phoneType"], row["smsSignInState"] = "+1 2065550100", "mobile", "notAllowedByPolicy"
		case methodAuthenticator:
			row["displayName"], row["deviceTag"], row["phoneAppVersion"] = "Phone", "SoftwareTokenActivated", "6.2401.0119"
		case methodFIDO:
			row["displayName"], row["aaGuid"], row["model"] = "Key", "cb69481e-8ff7-4039-93ec-0a2729a154a8", "YubiKey 5"
			row["attestationCertificates"], row["attestationLevel"] = []string{}, "attested"
		}
		rows = append(rows, row)
	}
	return c.plainRows("users('"+c.tenant.id(r)+"')/authentication/methods", rows)
}

// deleteMethod takes an authentication method from a user. The default one goes last.
func deleteMethod(kind int) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		r, err := c.subject()
		if err != nil {
			return reply{}, err
		}
		if err := c.checkPrivileged(r); err != nil {
			return reply{}, err
		}
		factors, has := c.tenant.factorsOf(r.index()), false
		for _, one := range factors {
			has = has || one == kind
		}
		switch {
		case !has || !strings.EqualFold(c.tenant.methodID(r.index(), kind), c.related):
			return reply{}, &graphError{status: http.StatusNotFound, code: "resourceNotFound", message: "The requested authentication method was not found."}
		case kind == methodAuthenticator && len(factors) > 1:
			return reply{}, badSyntax("The default authentication method of a user cannot be deleted while there are others.")
		}
		id := c.tenant.methodID(r.index(), kind)
		c.commit(lagWrites, append(c.idsOf(r), id), func(t *Tenant) { t.written.methods[methodKey{r.index(), kind}] = struct{}{} })
		return done(), nil
	}
}
