package connector

import (
	"fmt"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/conductorone/baton-sdk/pkg/cli"
	"golang.org/x/oauth2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// newCredential makes the credential of the chosen authentication method.
func newCredential(cfg *config.AzureAd, opts *cli.ConnectorOpts, o signin.Options) (azcore.TokenCredential, error) {
	method, err := config.ResolveAuthMethod(opts.SelectedAuthMethod)
	if err != nil {
		return nil, err
	}
	switch method {
	case config.AuthMethodClientSecret:
		return signin.NewClientSecretCredential(o, cfg.AzureClientId, cfg.AzureClientSecret)
	case config.AuthMethodCertificate:
		return signin.NewCertificateCredential(o, cfg.AzureClientId, signin.DecodeUpload(cfg.AzureClientCertificate), cfg.AzureClientCertificatePassword)
	case config.AuthMethodWorkloadIdentity:
		return signin.NewWorkloadIdentityCredential(o, cfg.AzureClientId, cfg.AzureFederatedTokenFile)
	case config.AuthMethodManagedIdentity:
		return signin.NewManagedIdentityCredential(o, cfg.AzureManagedIdentityId)
	case config.AuthMethodAzureCLI:
		return signin.NewAzureCLICredential(o)
	case config.AuthMethodDeviceCode:
		return signin.NewDeviceCodeCredential(o, cfg.AzureClientId, nil)
	case config.AuthMethodOauth:
		if opts.TokenSource == nil {
			return signin.NewTokenSourceCredential(o, nil)
		}
		return signin.NewTokenSourceCredential(o, platformTokens{opts.TokenSource})
	}
	return nil, fmt.Errorf("authentication method %q is not implemented", method)
}

// platformTokens is the SDK's token source. It tells a platform that cannot be
// asked from one that says no.
type platformTokens struct{ source oauth2.TokenSource }

// Token implements oauth2.TokenSource.
func (p platformTokens) Token() (*oauth2.Token, error) {
	token, err := p.source.Token()
	switch status.Code(err) {
	case codes.OK:
		return token, nil
	case codes.Unavailable, codes.DeadlineExceeded:
		return nil, fmt.Errorf("%w: %w", signin.ErrSourceUnavailable, err)
	default:
		return nil, err
	}
}
