package graph

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

// platform is a token source as the SDK's (pkg/cli, lambdaTokenSource): it keeps
// a token until that ends, and is not safe for several callers at once.
type platform struct {
	kept  *oauth2.Token
	asked int
	// give is the answer to the question for a token.
	give func() (*oauth2.Token, error)
}

// Token implements oauth2.TokenSource.
func (p *platform) Token() (*oauth2.Token, error) {
	if p.kept.Valid() {
		return p.kept, nil
	}
	p.asked++
	token, err := p.give()
	if err != nil {
		return nil, err
	}
	p.kept = token
	return token, nil
}

func (p *platform) sign(name string, expiry time.Time) {
	p.give = func() (*oauth2.Token, error) { return &oauth2.Token{AccessToken: name, Expiry: expiry}, nil }
}

// platformClient is a client whose tokens come from a platform.
func platformClient(t *testing.T, r *recorder, source oauth2.TokenSource) *Client {
	t.Helper()
	c := newTestClient(t, r)
	credential, err := NewTokenSourceCredential(CredentialOptions{}, source)
	require.NoError(t, err)
	c.tokens.credential = credential
	return c
}

// accepting takes one token and refuses all others.
func accepting(token string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			graphError(http.StatusUnauthorized, CodeInvalidToken)(w, r)
			return
		}
		answer(http.StatusOK, `{"value":[]}`)(w, r)
	}
}

func TestTokenOfTheFirstSignInDoesNotOutliveTheSecond(t *testing.T) {
	p := &platform{}
	p.sign("first", time.Now().Add(time.Hour))
	c := platformClient(t, newRecorder(t, accepting("second")), p)
	token, err := c.tokens.get(t.Context())
	require.NoError(t, err)
	require.Equal(t, "first", token)

	p.sign("second", time.Now().Add(time.Hour))
	require.NoError(t, c.Renew(t.Context()))
	token, err = c.tokens.get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "second", token)
	assert.Equal(t, 2, p.asked)

	require.NoError(t, c.Renew(t.Context()), "the same token again is as good as before")
	_, err = c.tokens.get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 3, p.asked)
}

func TestRefusedTokenIsReplacedOnceByTheNewest(t *testing.T) {
	p := &platform{}
	p.sign("first", time.Now().Add(time.Hour))
	r := newRecorder(t, accepting("second"))
	c := platformClient(t, r, p)
	_, err := c.tokens.get(t.Context())
	require.NoError(t, err)
	p.sign("second", time.Now().Add(time.Hour))
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			_, err := c.ListUsers(t.Context(), "", UserOptions{})
			assert.NoError(t, err)
		})
	}
	callers.Wait()
	assert.Equal(t, 2, p.asked, "all wait for one new token")

	p.sign("second", time.Now().Add(time.Hour))
	r = newRecorder(t, accepting("third"))
	c = platformClient(t, r, p)
	_, err = c.ListUsers(t.Context(), "", UserOptions{})
	require.ErrorContains(t, err, "sign in again in the connector's settings")
	assert.NotContains(t, err.Error(), "second")
	assert.Equal(t, 1, r.count(), "the same token is not tried again")
}

func TestTokenWithoutAnEndIsNotKeptForEver(t *testing.T) {
	jwt := func(end time.Time) string {
		return "e30." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, end.Unix())) + ".c2ln"
	}
	p := &platform{}
	p.sign(jwt(time.Now().Add(2*time.Second)), time.Time{})
	c := platformClient(t, newRecorder(t, accepting("")), p)
	first, err := c.tokens.get(t.Context())
	require.NoError(t, err)
	p.sign(jwt(time.Now().Add(time.Hour)), time.Time{})
	require.Eventually(t, func() bool {
		next, err := c.tokens.get(t.Context())
		return err == nil && next != first
	}, 5*time.Second, 50*time.Millisecond)
}

func TestPlatformThatGivesNoUsefulTokenIsExplained(t *testing.T) {
	for name, c := range map[string]struct {
		give      func() (*oauth2.Token, error)
		says      string
		temporary bool
	}{
		"ended": {func() (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: "t", Expiry: time.Now().Add(-time.Minute)}, nil
		}, "has expired and was not renewed; sign in again", false},
		"signed out":  {func() (*oauth2.Token, error) { return nil, errors.New("secret words") }, "gave no access token; sign in again", false},
		"unavailable": {func() (*oauth2.Token, error) { return nil, fmt.Errorf("%w: secret words", ErrSourceUnavailable) }, "did not answer the request for an access token; try again later", true},
	} {
		t.Run(name, func(t *testing.T) {
			client := platformClient(t, newRecorder(t, accepting("")), &platform{give: c.give})
			for _, err := range []error{client.Renew(t.Context()), func() error { _, err := client.tokens.get(t.Context()); return err }()} {
				var failed *AuthorityError
				require.ErrorAs(t, err, &failed)
				assert.ErrorContains(t, err, c.says)
				assert.NotContains(t, err.Error(), "secret words")
				assert.Equal(t, c.temporary, failed.Temporary())
			}
		})
	}
}

func TestSourceThatHangsIsAskedByOneCallerAtATime(t *testing.T) {
	asked, release := make(chan struct{}, 2), make(chan struct{})
	source := tokenSourceFunc(func() (*oauth2.Token, error) {
		asked <- struct{}{}
		<-release
		return &oauth2.Token{AccessToken: "t", Expiry: time.Now().Add(time.Hour)}, nil
	})
	credential, err := NewTokenSourceCredential(CredentialOptions{}, source)
	require.NoError(t, err)
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, err := credential.GetToken(ctx, graphScope)
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
	close(release)
	_, err = credential.GetToken(t.Context(), graphScope)
	require.NoError(t, err)
	assert.Len(t, asked, 1, "who comes later takes what the first one got")
}
