package decide

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/conductorone/baton-sdk/pkg/types/sessions"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// tokenOf gives tokens of a tenant.
type tokenOf string

func (tenant tokenOf) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"tid":"` + string(tenant) + `","idtyp":"app"}`))
	return azcore.AccessToken{Token: "e30." + claims + ".", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// storeOf is a session store that holds one value under each key.
type storeOf struct {
	sessions.SessionStore
	value any
}

func (s storeOf) Get(context.Context, string, ...sessions.SessionStoreOption) ([]byte, bool, error) {
	raw, err := json.Marshal(s.value)
	return raw, true, err
}

// The command line's or the machine's identity says which tenant it is: the same
// settings can lead to another one when a sync is carried on.
func TestSyncOfOneTenantWouldBeCarriedOnWithAnother(t *testing.T) {
	const one, other = "11111111-0000-0000-0000-000000000000", "22222222-0000-0000-0000-000000000000"
	client, err := graph.New(sending.Options{Cloud: signin.Cloud{GraphEndpoint: "https://127.0.0.1"}, Credential: tokenOf(one), HTTPClient: http.DefaultClient})
	require.NoError(t, err)
	of := func(tenant string) error {
		made, err := (&Decider{Client: client}).Of(t.Context(), walk.Index{Store: storeOf{value: Decision{Reads: []model.DataSet{model.DataRoleEligibility}, Tenant: tenant}}})
		require.True(t, made.Has(model.DataRoleEligibility))
		return err
	}
	require.NoError(t, of(one))
	require.NoError(t, of(""), "a token that cannot be read does not say")
	err = of(other)
	require.Equal(t, codes.FailedPrecondition, status.Code(err))
	require.ErrorContains(t, err, "is of tenant "+other)
}
