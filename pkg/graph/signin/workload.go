package signin

import (
	"errors"
	"os"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// What the workload identity webhook sets in a pod
// (https://learn.microsoft.com/azure/aks/workload-identity-overview).
const (
	envTenantID           = "AZURE_TENANT_ID"
	envClientID           = "AZURE_CLIENT_ID"
	envFederatedTokenFile = "AZURE_FEDERATED_TOKEN_FILE"
)

// NewWorkloadIdentityCredential signs in as an application with a token that
// another issuer (Kubernetes, usually) keeps fresh in a file. Tenant, client id
// and file come from the environment where they are empty; the error names what
// is missing in both places. The file is read when a token is needed.
func NewWorkloadIdentityCredential(o Options, clientID, tokenFile string) (azcore.TokenCredential, error) {
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	who := o.signIn(kindWorkload, clientID)
	who.tokenFile = strings.TrimSpace(tokenFile)
	for _, setting := range []struct {
		value         *string
		name, envName string
	}{
		{&who.tenant, "tenant id", envTenantID},
		{&who.client, "client id", envClientID},
		{&who.tokenFile, "federated token file", envFederatedTokenFile},
	} {
		if *setting.value == "" {
			*setting.value = strings.TrimSpace(os.Getenv(setting.envName))
		}
		if *setting.value == "" {
			return nil, errors.New("graph: workload identity needs a " + setting.name + ", and " + setting.envName + " is not set either")
		}
	}
	inner, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions:            options,
		ClientID:                 who.client,
		DisableInstanceDiscovery: o.withoutDiscovery(),
		TenantID:                 who.tenant,
		TokenFilePath:            who.tokenFile,
	})
	return newExplained(inner, err, who, signInLimit)
}
