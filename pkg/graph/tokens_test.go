package graph

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

const wantedClaims = `{"access_token":{"nbf":{"essential":true,"value":"1767225600"}}}`

// numbered is a credential that keeps its token until claims come with the
// question for one.
type numbered struct {
	mu      sync.Mutex
	issued  int
	demands []string
	// slow is how long a new token takes.
	slow time.Duration
	// stuck never has another token.
	stuck bool
}

// GetToken implements azcore.TokenCredential.
func (n *numbered) GetToken(_ context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if options.Claims != "" {
		n.demands = append(n.demands, options.Claims)
	}
	if n.issued == 0 || options.Claims != "" && !n.stuck {
		time.Sleep(n.slow)
		n.issued++
	}
	return azcore.AccessToken{Token: fmt.Sprintf("token-%d", n.issued), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// refusing refuses some tokens, with or without a challenge, and answers the rest.
func refusing(challenge bool, refused ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, token := range refused {
			if r.Header.Get("Authorization") == "Bearer "+token || token == "all" {
				if challenge {
					w.Header().Set("WWW-Authenticate", `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", `+
						`error="insufficient_claims", claims="`+base64.StdEncoding.EncodeToString([]byte(wantedClaims))+`"`)
				}
				graphtest.Refusal(http.StatusUnauthorized, "TokenCreatedWithOutdatedPolicies")(w, r)
				return
			}
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		graphtest.Answer(http.StatusOK, graphtest.EmptyPage)(w, r)
	}
}

func clientWith(t *testing.T, r *graphtest.Server, credential azcore.TokenCredential) *Client {
	t.Helper()
	return newTestClient(t, r, func(o *sending.Options) { o.Credential = credential })
}

func TestSixteenWorkersWithARefusedTokenShareOneRenewal(t *testing.T) {
	r := graphtest.NewServer(t, refusing(true, "token-1"))
	credential := &numbered{slow: 20 * time.Millisecond}
	c := clientWith(t, r, credential)
	var workers sync.WaitGroup
	for range 16 {
		workers.Go(func() {
			_, err := c.ListUsers(t.Context(), "", UserOptions{})
			assert.NoError(t, err)
		})
	}
	workers.Wait()
	assert.Equal(t, []string{wantedClaims}, credential.demands, "Graph's own claims, once")
	sent := r.Count()
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
	assert.Equal(t, sent+1, r.Count(), "the refused token is not used again")
}

func TestRefusalWithoutClaimsStillBypassesTheCaches(t *testing.T) {
	credential := &numbered{}
	c := clientWith(t, graphtest.NewServer(t, refusing(false, "token-1")), credential)
	before := time.Now().Unix()
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
	require.Len(t, credential.demands, 1)
	var value int64
	_, err = fmt.Sscanf(credential.demands[0], `{"access_token":{"nbf":{"essential":true,"value":"%d"}}}`, &value)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, value, before)
}

func TestTokensThatAreAllRefusedEndInAnErrorAndNoLoop(t *testing.T) {
	r := graphtest.NewServer(t, refusing(true, "all"))
	credential := &numbered{}
	c := clientWith(t, r, credential)
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	var refusal *failure.Error
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, "TokenCreatedWithOutdatedPolicies", refusal.Code)
	assert.NotContains(t, fmt.Sprintf("%v %+v", err, err), "essential")
	assert.Equal(t, 2, r.Count())
	assert.Equal(t, 2, credential.issued)

	_, err = c.ListUsers(t.Context(), "", UserOptions{})
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, 3, r.Count(), "it began with a new token, so a second one would not be better")
	assert.Equal(t, "Bearer token-3", r.Requests[2].Header.Get("Authorization"))
}

func TestNextSyncStartsWithATokenThatNobodyRefused(t *testing.T) {
	r := graphtest.NewServer(t, refusing(false, "token-1", "token-2"))
	c := clientWith(t, r, &numbered{})
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.Error(t, err)
	require.NoError(t, c.Renew(t.Context()))
	_, err = c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
	assert.Equal(t, 3, r.Count())
}

func TestSourceWithOneTokenOnlyIsNotAskedToProveItAtEveryRequest(t *testing.T) {
	r := graphtest.NewServer(t, refusing(false, "token-1"))
	c := clientWith(t, r, &numbered{stuck: true})
	for range 3 {
		_, err := c.ListUsers(t.Context(), "", UserOptions{})
		var refusal *failure.Error
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, http.StatusUnauthorized, refusal.StatusCode)
	}
	assert.Equal(t, 1, r.Count())
}

func TestWriteWithARefusedTokenIsSentAgain(t *testing.T) {
	r := graphtest.NewServer(t, refusing(true, "token-1"))
	require.NoError(t, addMember(t.Context(), clientWith(t, r, &numbered{}), "g", "u"))
	assert.Equal(t, 2, r.Count())
	assert.Equal(t, r.Bodies[0], r.Bodies[1])
}

func TestTokenRefusedInsideABatchIsRenewedOnce(t *testing.T) {
	challenge := `"WWW-Authenticate":"Bearer error=\"insufficient_claims\", claims=\"` + base64.RawURLEncoding.EncodeToString([]byte(wantedClaims)) + `\""`
	refused := `{"id":"%d","status":401,"headers":{` + challenge + `},"body":{"error":{"code":"InvalidAuthenticationToken"}}}`
	first := `{"responses":[{"id":"0","status":200,"body":` + graphtest.EmptyPage + `},` + fmt.Sprintf(refused, 1) + `,` + fmt.Sprintf(refused, 2) + `]}`
	rest := `{"responses":[{"id":"1","status":200,"body":` + graphtest.EmptyPage + `},` + fmt.Sprintf(refused, 2) + `]}`
	r := graphtest.NewServer(t, graphtest.Answer(http.StatusOK, first), graphtest.Answer(http.StatusOK, rest))
	credential := &numbered{}
	results, err := sending.BatchPages[Reference](t.Context(), clientWith(t, r, credential).Sender, []string{"/a", "/b", "/c"})
	require.NoError(t, err)
	require.NoError(t, results[1].Err)
	require.ErrorContains(t, results[2].Err, "401")
	assert.Equal(t, []string{wantedClaims}, credential.demands)
	assert.Equal(t, 2, r.Count())
}

func TestWorkerThatGivesUpDoesNotFailTheOthersRenewal(t *testing.T) {
	r := graphtest.NewServer(t, refusing(false, "first"))
	var demands atomic.Int64
	begun := make(chan struct{})
	c := clientWith(t, r, credentialFunc(func(ctx context.Context, options policy.TokenRequestOptions) (string, error) {
		switch {
		case demands.Load() > 1:
			return "second", nil
		case options.Claims == "":
			return "first", nil
		case demands.Add(1) > 1:
			return "second", nil
		}
		close(begun)
		<-ctx.Done()
		return "", ctx.Err()
	}))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _, _ = c.ListUsers(ctx, "", UserOptions{}) }()
	<-begun
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := c.ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
}

type credentialFunc func(context.Context, policy.TokenRequestOptions) (string, error)

func (f credentialFunc) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := f(ctx, options)
	return azcore.AccessToken{Token: token, ExpiresOn: time.Now().Add(time.Hour)}, err
}

func TestRefusedTokenIsReplacedOnceByTheNewest(t *testing.T) {
	p := &graphtest.Platform{}
	p.Sign("first", time.Now().Add(time.Hour))
	r := graphtest.NewServer(t, accepting("second"))
	credential, err := signin.NewTokenSourceCredential(signin.Options{}, p)
	require.NoError(t, err)
	c := clientWith(t, r, credential)
	_, err = c.Claims(t.Context())
	require.ErrorIs(t, err, signin.ErrOpaqueToken, "a token was given")
	p.Sign("second", time.Now().Add(time.Hour))
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			_, err := c.ListUsers(t.Context(), "", UserOptions{})
			assert.NoError(t, err)
		})
	}
	callers.Wait()
	assert.Equal(t, 2, p.Asked, "all wait for one new token")

	p.Sign("second", time.Now().Add(time.Hour))
	r = graphtest.NewServer(t, accepting("third"))
	credential, err = signin.NewTokenSourceCredential(signin.Options{}, p)
	require.NoError(t, err)
	c = clientWith(t, r, credential)
	_, err = c.ListUsers(t.Context(), "", UserOptions{})
	require.ErrorContains(t, err, "sign in again in the connector's settings")
	assert.NotContains(t, err.Error(), "second")
	assert.Equal(t, 1, r.Count(), "the same token is not tried again")
}

// accepting takes one token and refuses all others.
func accepting(token string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			graphtest.Refusal(http.StatusUnauthorized, failure.CodeInvalidToken)(w, r)
			return
		}
		graphtest.Answer(http.StatusOK, `{"value":[]}`)(w, r)
	}
}
