package odata

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// signIn reads a comparison of one of the moments of sign-in activity, which is a whole filter: it goes with no other
// one (howto-manage-inactive-user-accounts).
func (p *filterParser) signIn(moment string) (matcher, error) {
	if p.entity == nil || p.entity.Kind != directory.KindUser {
		return nil, noProperty(directory.SignInProperty, p.entity)
	}
	if err := permissions.CheckSignInActivity(p.call); err != nil {
		return nil, err
	}
	prop, _ := p.entity.Property(directory.SignInProperty)
	read := map[string]func(schema.SignInActivity) string{
		"lastSignInDateTime":               func(a schema.SignInActivity) string { return a.LastSignIn },
		"lastNonInteractiveSignInDateTime": func(a schema.SignInActivity) string { return a.LastNonInteractive },
		"lastSuccessfulSignInDateTime":     func(a schema.SignInActivity) string { return a.LastSuccessful },
	}[moment]
	if read == nil {
		return nil, noProperty(directory.SignInProperty+"/"+moment, p.entity)
	}
	operator, literal := p.next().Text, p.next()
	if (operator != "ge" && operator != "le") || literal.Kind != tokenWord || !isDate(literal.Text) {
		return nil, api.BadRequest("Invalid filter clause: operator '%s' on property '%s'.", operator, directory.SignInProperty)
	}
	if len(p.tokens) != p.pos || p.pos != signInTokens {
		return nil, api.UnsupportedQuery("Filter on '%s' cannot be combined with other filters.", directory.SignInProperty)
	}
	p.result.signIns = true
	return func(t *directory.Tenant, r directory.Ref) bool {
		activity, signedIn := prop.Value(t, r.Index()).(schema.SignInActivity)
		at := read(activity)
		return signedIn && at != "" && !strings.HasPrefix(at, schema.NoMoment) && ordered(operator, compareDates(at, literal.Text))
	}, nil
}

// signInTokens are the property, the operator and the moment.
const signInTokens = 3
