package signin

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

func token(payload string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".sig"
}

func TestClaimsTellAnApplicationsPermissionsFromAPersons(t *testing.T) {
	app, err := parseClaims(token(`{"tid":"t","appid":"a","roles":["User.Read.All"],"iat":1700000000}`))
	require.NoError(t, err)
	require.True(t, app.AppOnly())
	require.Equal(t, []string{"User.Read.All"}, app.Permissions())
	require.EqualValues(t, 1700000000, app.IssuedAt.Unix())

	person, err := parseClaims(token(`{"scp":"openid User.Read.All","roles":["ignored"]}`))
	require.NoError(t, err)
	require.False(t, person.AppOnly())
	require.Equal(t, []string{"openid", "User.Read.All"}, person.Permissions())
}

func TestATokenThatIsNoJWTIsOpaqueAndStaysSecret(t *testing.T) {
	for _, raw := range []string{"", graphtest.SecretToken, "a.b", "a.!!!.c", token("not json")} {
		_, err := parseClaims(raw)
		require.ErrorIs(t, err, ErrOpaqueToken)
		if raw != "" {
			require.NotContains(t, err.Error(), raw)
		}
	}
}
