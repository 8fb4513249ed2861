package graphtest

import (
	"time"

	"golang.org/x/oauth2"
)

// Platform is a token source as the SDK's (pkg/cli, lambdaTokenSource): it keeps
// a token until that ends, and is not safe for several callers at once.
type Platform struct {
	kept *oauth2.Token
	// Asked is how often it was asked for a new token.
	Asked int
	// Give is the answer to the question for a token.
	Give func() (*oauth2.Token, error)
}

// Token implements oauth2.TokenSource.
func (p *Platform) Token() (*oauth2.Token, error) {
	if p.kept.Valid() {
		return p.kept, nil
	}
	p.Asked++
	token, err := p.Give()
	if err != nil {
		return nil, err
	}
	p.kept = token
	return token, nil
}

// Sign makes the platform give a token of a name.
func (p *Platform) Sign(name string, expiry time.Time) {
	p.Give = func() (*oauth2.Token, error) { return &oauth2.Token{AccessToken: name, Expiry: expiry}, nil }
}
