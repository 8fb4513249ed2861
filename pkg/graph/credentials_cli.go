package graph

import (
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// cliLimit is generous because az, a Python program, can take seconds to start.
const cliLimit = 30 * time.Second

// NewAzureCLICredential uses the account that is signed in to the Azure CLI. The
// tenant is optional: the CLI has a current one. Only o.TenantID and o.Cloud are
// used: az makes its own connections, with its own proxy and certificates.
// Tokens are kept here, because every question starts an az process.
func NewAzureCLICredential(o CredentialOptions) (azcore.TokenCredential, error) {
	who := o.signIn(kindAzureCLI, "")
	inner, err := azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: who.tenant})
	return newExplained(&cached{inner: inner}, err, who, cliLimit)
}
