package nouns

import (
	"net/http"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

// listMethods lists the authentication methods of a user (authentication-list-methods).
func listMethods(c *api.Call) (api.Reply, error) {
	r, err := c.Target()
	if err != nil {
		return api.Reply{}, err
	}
	i := r.Index()
	rows := []map[string]any{}
	for _, kind := range append([]int{directory.MethodPassword}, c.Tenant.FactorsOf(i)...) {
		row := map[string]any{
			"@odata.type": "#" + directory.Namespace + directory.MethodKinds[kind].TypeName, "id": c.Tenant.MethodID(i, kind), "createdDateTime": nil,
		}
		switch kind {
		case directory.MethodPassword:
			row["password"] = nil
		case directory.MethodPhone:
			row["phoneNumber"], row["phoneType"], row["smsSignInState"] = "+1 2065550100", "mobile", "notAllowedByPolicy"
		case directory.MethodAuthenticator:
			row["displayName"], row["deviceTag"], row["phoneAppVersion"] = "Phone", "SoftwareTokenActivated", "6.2401.0119"
		case directory.MethodFIDO:
			row["displayName"], row["aaGuid"], row["model"] = "Key", "cb69481e-8ff7-4039-93ec-0a2729a154a8", "YubiKey 5"
			row["attestationCertificates"], row["attestationLevel"] = []string{}, "attested"
		}
		rows = append(rows, row)
	}
	return odata.PlainRows(c, "users('"+c.Tenant.IDOf(r)+"')/authentication/methods", rows)
}

// deleteMethod takes an authentication method from a user. The default one goes last.
func deleteMethod(kind int) func(c *api.Call) (api.Reply, error) {
	return func(c *api.Call) (api.Reply, error) {
		r, err := c.Subject()
		if err != nil {
			return api.Reply{}, err
		}
		if err := checkPrivileged(c, r); err != nil {
			return api.Reply{}, err
		}
		factors, has := c.Tenant.FactorsOf(r.Index()), false
		for _, one := range factors {
			has = has || one == kind
		}
		switch {
		case !has || !strings.EqualFold(c.Tenant.MethodID(r.Index(), kind), c.Related):
			return api.Reply{}, &api.Error{Status: http.StatusNotFound, Code: "resourceNotFound", Message: "The requested authentication method was not found."}
		case kind == directory.MethodAuthenticator && len(factors) > 1:
			return api.Reply{}, api.BadSyntax("The default authentication method of a user cannot be deleted while there are others.")
		}
		id := c.Tenant.MethodID(r.Index(), kind)
		c.Commit(api.LagWrites, append(c.IDsOf(r), id), func(t *directory.Tenant) {
			t.Written.Methods[directory.MethodKey{User: r.Index(), Method: kind}] = struct{}{}
		})
		return api.Done(), nil
	}
}
