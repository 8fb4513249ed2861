package connector

import (
	"fmt"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/conductorone/baton-sdk/pkg/cli"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// newCredential makes the credential of the chosen authentication method.
func newCredential(cfg *config.AzureAd, opts *cli.ConnectorOpts, o graph.CredentialOptions) (azcore.TokenCredential, error) {
	method, err := config.ResolveAuthMethod(opts.SelectedAuthMethod)
	if err != nil {
		return nil, err
	}
	switch method {
	case config.AuthMethodClientSecret:
		return graph.NewClientSecretCredential(o, cfg.AzureClientId, cfg.AzureClientSecret)
	case config.AuthMethodCertificate:
		return graph.NewCertificateCredential(o, cfg.AzureClientId, graph.DecodeUpload(cfg.AzureClientCertificate), cfg.AzureClientCertificatePassword)
	case config.AuthMethodWorkloadIdentity:
		return graph.NewWorkloadIdentityCredential(o, cfg.AzureClientId, cfg.AzureFederatedTokenFile)
	case config.AuthMethodManagedIdentity:
		return graph.NewManagedIdentityCredential(o, cfg.AzureManagedIdentityId)
	case config.AuthMethodAzureCLI:
		return graph.NewAzureCLICredential(o)
	case config.AuthMethodDeviceCode:
		return graph.NewDeviceCodeCredential(o, cfg.AzureClientId, nil)
	case config.AuthMethodOauth:
		return graph.NewTokenSourceCredential(o, opts.TokenSource)
	}
	return nil, fmt.Errorf("authentication method %q is not implemented", method)
}
