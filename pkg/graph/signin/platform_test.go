package signin

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

// platformTokens are tokens that come from a platform.
func platformTokens(t *testing.T, source oauth2.TokenSource) *Tokens {
	t.Helper()
	credential, err := NewTokenSourceCredential(Options{}, source)
	require.NoError(t, err)
	return NewTokens(credential, graphScope.Scopes[0])
}

func TestTokenOfTheFirstSignInDoesNotOutliveTheSecond(t *testing.T) {
	p := &graphtest.Platform{}
	p.Sign("first", time.Now().Add(time.Hour))
	c := platformTokens(t, p)
	token, err := c.Get(t.Context())
	require.NoError(t, err)
	require.Equal(t, "first", token)

	p.Sign("second", time.Now().Add(time.Hour))
	require.NoError(t, c.Newest(t.Context()))
	token, err = c.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "second", token)
	assert.Equal(t, 2, p.Asked)

	require.NoError(t, c.Newest(t.Context()), "the same token again is as good as before")
	_, err = c.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 3, p.Asked)
}

func TestTokenWithoutAnEndIsNotKeptForEver(t *testing.T) {
	jwt := func(end time.Time) string {
		return "e30." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, end.Unix())) + ".c2ln"
	}
	p := &graphtest.Platform{}
	p.Sign(jwt(time.Now().Add(2*time.Second)), time.Time{})
	c := platformTokens(t, p)
	first, err := c.Get(t.Context())
	require.NoError(t, err)
	p.Sign(jwt(time.Now().Add(time.Hour)), time.Time{})
	require.Eventually(t, func() bool {
		next, err := c.Get(t.Context())
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
			client := platformTokens(t, &graphtest.Platform{Give: c.give})
			for _, err := range []error{client.Newest(t.Context()), func() error { _, err := client.Get(t.Context()); return err }()} {
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
	credential, err := NewTokenSourceCredential(Options{}, source)
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
