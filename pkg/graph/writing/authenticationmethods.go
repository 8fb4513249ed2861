package writing

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// AuthenticationMethod is one way in which a user proves who it is
// (https://learn.microsoft.com/graph/api/resources/authenticationmethod).
type AuthenticationMethod struct {
	// ODataType says which kind it is.
	ODataType string `json:"@odata.type"`
	ID        string `json:"id"`
}

// TypePassword is the password among the authentication methods.
const TypePassword = "#microsoft.graph.passwordAuthenticationMethod"

// authenticationMethodRemovers are the kinds of methods that can be removed.
var authenticationMethodRemovers = map[string]func(context.Context, *users.ItemAuthenticationRequestBuilder, string) error{
	"#microsoft.graph.emailAuthenticationMethod": func(ctx context.Context, b *users.ItemAuthenticationRequestBuilder, id string) error {
		return b.EmailMethods().ByEmailAuthenticationMethodId(id).Delete(ctx, nil)
	},
	"#microsoft.graph.fido2AuthenticationMethod": func(ctx context.Context, b *users.ItemAuthenticationRequestBuilder, id string) error {
		return b.Fido2Methods().ByFido2AuthenticationMethodId(id).Delete(ctx, nil)
	},
	"#microsoft.graph.microsoftAuthenticatorAuthenticationMethod": func(ctx context.Context, b *users.ItemAuthenticationRequestBuilder, id string) error {
		return b.MicrosoftAuthenticatorMethods().ByMicrosoftAuthenticatorAuthenticationMethodId(id).Delete(ctx, nil)
	},
	"#microsoft.graph.phoneAuthenticationMethod": func(ctx context.Context, b *users.ItemAuthenticationRequestBuilder, id string) error {
		return b.PhoneMethods().ByPhoneAuthenticationMethodId(id).Delete(ctx, nil)
	},
	"#microsoft.graph.platformCredentialAuthenticationMethod": func(ctx context.Context, b *users.ItemAuthenticationRequestBuilder, id string) error {
		return b.PlatformCredentialMethods().ByPlatformCredentialAuthenticationMethodId(id).Delete(ctx, nil)
	},
	"#microsoft.graph.softwareOathAuthenticationMethod": func(ctx context.Context, b *users.ItemAuthenticationRequestBuilder, id string) error {
		return b.SoftwareOathMethods().BySoftwareOathAuthenticationMethodId(id).Delete(ctx, nil)
	},
	"#microsoft.graph.temporaryAccessPassAuthenticationMethod": func(ctx context.Context, b *users.ItemAuthenticationRequestBuilder, id string) error {
		return b.TemporaryAccessPassMethods().ByTemporaryAccessPassAuthenticationMethodId(id).Delete(ctx, nil)
	},
	"#microsoft.graph.windowsHelloForBusinessAuthenticationMethod": func(ctx context.Context, b *users.ItemAuthenticationRequestBuilder, id string) error {
		return b.WindowsHelloForBusinessMethods().ByWindowsHelloForBusinessAuthenticationMethodId(id).Delete(ctx, nil)
	},
}

// Removable reports whether Graph v1.0 lets a method of this kind be removed.
func (m *AuthenticationMethod) Removable() bool {
	_, ok := authenticationMethodRemovers[m.ODataType]
	return ok
}

// AuthenticationMethods reads how a user can sign in. Permission:
// UserAuthenticationMethod.Read.All
// (https://learn.microsoft.com/graph/api/authentication-list-methods).
func (c Client) AuthenticationMethods(ctx context.Context, userID string) ([]AuthenticationMethod, error) {
	return sending.All[AuthenticationMethod](ctx, c.Sender, sending.Query{Path: sending.ObjectPath("users", userID, "authentication/methods")})
}

// RemoveAuthenticationMethod takes a Removable method from a user. Graph keeps
// the default one while there are others. Permission:
// UserAuthenticationMethod.ReadWrite.All
// (https://learn.microsoft.com/graph/api/phoneauthenticationmethod-delete).
func (c Client) RemoveAuthenticationMethod(ctx context.Context, userID string, m AuthenticationMethod) error {
	return sending.OwnError(authenticationMethodRemovers[m.ODataType](ctx, c.users().ByUserId(userID).Authentication(), m.ID))
}
