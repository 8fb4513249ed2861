package writing

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/applications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// CredentialOwner is the object whose credentials are changed.
type CredentialOwner struct {
	ID string
	// ServicePrincipal means a service principal; otherwise it is an app
	// registration.
	ServicePrincipal bool
}

// NewSecret is a client secret that Graph has just made. Its text is shown this
// once, and never when it is printed.
type NewSecret struct {
	graph.PasswordCredential
	// Text is the secret itself.
	Text string
}

// String hides the secret.
func (NewSecret) String() string { return "(a client secret)" }

// GoString hides the secret.
func (s NewSecret) GoString() string { return s.String() }

// AddSecret makes a client secret. Permission: Application.ReadWrite.OwnedBy, or
// Application.ReadWrite.All for what the connector does not own
// (https://learn.microsoft.com/graph/api/application-addpassword).
func (c Client) AddSecret(ctx context.Context, owner CredentialOwner, name string, end time.Time) (*NewSecret, error) {
	wanted := models.NewPasswordCredential()
	wanted.SetDisplayName(&name)
	wanted.SetEndDateTime(&end)
	var made models.PasswordCredentialable
	var err error
	if owner.ServicePrincipal {
		body := serviceprincipals.NewItemAddPasswordPostRequestBody()
		body.SetPasswordCredential(wanted)
		made, err = c.servicePrincipals().ByServicePrincipalId(owner.ID).AddPassword().Post(ctx, body, nil)
	} else {
		body := applications.NewItemAddPasswordPostRequestBody()
		body.SetPasswordCredential(wanted)
		made, err = c.applications().ByApplicationId(owner.ID).AddPassword().Post(ctx, body, nil)
	}
	if err != nil {
		return nil, sending.OwnError(err)
	}
	return &NewSecret{PasswordCredential: passwordCredentialOf(made), Text: text(made.GetSecretText())}, nil
}

func passwordCredentialOf(p models.PasswordCredentialable) graph.PasswordCredential {
	return graph.PasswordCredential{
		KeyID: uuidText(p.GetKeyId()), DisplayName: text(p.GetDisplayName()),
		StartDateTime: graph.TimeOrNone{Time: p.GetStartDateTime()}, EndDateTime: graph.TimeOrNone{Time: p.GetEndDateTime()},
	}
}

func uuidText(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

// RemoveSecret takes a client secret away
// (https://learn.microsoft.com/graph/api/application-removepassword).
func (c Client) RemoveSecret(ctx context.Context, owner CredentialOwner, keyID string) error {
	key, err := uuid.Parse(keyID)
	if err != nil {
		return badID(keyID, err)
	}
	if owner.ServicePrincipal {
		body := serviceprincipals.NewItemRemovePasswordPostRequestBody()
		body.SetKeyId(&key)
		return sending.OwnError(c.servicePrincipals().ByServicePrincipalId(owner.ID).RemovePassword().Post(ctx, body, nil))
	}
	body := applications.NewItemRemovePasswordPostRequestBody()
	body.SetKeyId(&key)
	return sending.OwnError(c.applications().ByApplicationId(owner.ID).RemovePassword().Post(ctx, body, nil))
}

// GetCredentials reads the secrets and certificates of an object. Permission:
// Application.Read.All (https://learn.microsoft.com/graph/api/application-get).
func (c Client) GetCredentials(ctx context.Context, owner CredentialOwner) (*graph.ApplicationCredentials, error) {
	fields := []string{"id", "appId", "displayName", "passwordCredentials", "keyCredentials"}
	if owner.ServicePrincipal {
		request, err := c.servicePrincipals().ByServicePrincipalId(owner.ID).ToGetRequestInformation(ctx, &serviceprincipals.ServicePrincipalItemRequestBuilderGetRequestConfiguration{
			QueryParameters: &serviceprincipals.ServicePrincipalItemRequestBuilderGetQueryParameters{Select: fields},
		})
		return sending.Receive[graph.ApplicationCredentials](ctx, c.Sender, request, err)
	}
	request, err := c.applications().ByApplicationId(owner.ID).ToGetRequestInformation(ctx, &applications.ApplicationItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &applications.ApplicationItemRequestBuilderGetQueryParameters{Select: fields},
	})
	return sending.Receive[graph.ApplicationCredentials](ctx, c.Sender, request, err)
}

// FederatedCredentials reads the federated credentials of an app registration,
// which has twenty at the most
// (https://learn.microsoft.com/graph/api/application-list-federatedidentitycredentials).
func (c Client) FederatedCredentials(ctx context.Context, applicationID string) ([]graph.FederatedIdentityCredential, error) {
	page, err := sending.GetPage[graph.FederatedIdentityCredential](ctx, c.Sender, graph.FederatedCredentialsRef(applicationID))
	if err != nil {
		return nil, err
	}
	return page.Items, nil
}

// RemoveFederatedCredential ends the trust in another issuer. Permission:
// Application.ReadWrite.OwnedBy, or Application.ReadWrite.All
// (https://learn.microsoft.com/graph/api/federatedidentitycredential-delete).
func (c Client) RemoveFederatedCredential(ctx context.Context, applicationID, id string) error {
	return sending.OwnError(c.applications().ByApplicationId(applicationID).FederatedIdentityCredentials().ByFederatedIdentityCredentialId(id).Delete(ctx, nil))
}
