package signin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// deviceLimit is a little more than the fifteen minutes that a device code
// lives (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code).
const deviceLimit = 16 * time.Minute

// DevicePrompt shows a person where to go and which code to enter. The message
// is Microsoft's, in one or two sentences.
type DevicePrompt func(ctx context.Context, message string) error

// NewDeviceCodeCredential signs in as a person, who enters a code in a browser
// on any device. GetToken waits for that, up to a quarter of an hour, the first
// time; later tokens come from a refresh token in memory. A nil prompt writes to
// standard error, since standard output may be a program's.
func NewDeviceCodeCredential(o Options, clientID string, prompt DevicePrompt) (azcore.TokenCredential, error) {
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	who := o.signIn(kindDeviceCode, clientID)
	if who.tenant == "" || who.client == "" {
		// Without them azidentity would sign in to any tenant, as an
		// application of Microsoft's.
		return nil, errors.New("graph: signing in with a device code needs a tenant id and a client id")
	}
	if prompt == nil {
		prompt = promptOnStderr
	}
	inner, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions:            options,
		ClientID:                 who.client,
		DisableInstanceDiscovery: o.withoutDiscovery(),
		TenantID:                 who.tenant,
		UserPrompt: func(ctx context.Context, code azidentity.DeviceCodeMessage) error {
			return prompt(ctx, code.Message)
		},
	})
	return newExplained(inner, err, who, deviceLimit)
}

func promptOnStderr(_ context.Context, message string) error {
	_, err := fmt.Fprintln(os.Stderr, terminal.HarmlessLines(message))
	return err
}
