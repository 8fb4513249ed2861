package login

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
)

// authError is a refusal of the authority.
type authError struct {
	code   int
	detail string
}

// Error is the text of the refusal, for a log.
func (e *authError) Error() string { return fmt.Sprintf("AADSTS%d %s", e.code, e.detail) }

const (
	oauthInvalidClient   = "invalid_client"
	oauthInvalidRequest  = "invalid_request"
	oauthInvalidGrant    = "invalid_grant"
	oauthUnauthorized    = "unauthorized_client"
	oauthInvalidResource = "invalid_resource"
)

// authMessages are the authority's refusals (Microsoft Entra authentication error codes). %s is the detail.
var authMessages = map[int]struct {
	status  int
	oauth   string
	message string
}{
	7000215: {401, oauthInvalidClient, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, " +
		"not the client secret ID, for a secret added to app '%s'."},
	7000222: {401, oauthInvalidClient, "The provided client secret keys for app '%s' are expired. Create new keys for your app."},
	7000218: {401, oauthInvalidClient, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.%.0s"},
	7000112: {401, oauthUnauthorized, "Application '%s' is disabled."},
	700016:  {400, oauthUnauthorized, "Application with identifier '%s' was not found in the directory 'Contoso'."},
	700027:  {401, oauthInvalidClient, "The certificate with identifier used to sign the client assertion is not registered on application '%s'."},
	700024:  {401, oauthInvalidClient, "Client assertion is not within its valid time range.%.0s"},
	700211:  {400, oauthInvalidRequest, "No matching federated identity record found for presented assertion issuer '%s'."},
	700212:  {400, oauthInvalidRequest, "No matching federated identity record found for presented assertion audience '%s'."},
	700213:  {400, oauthInvalidRequest, "No matching federated identity record found for presented assertion subject '%s'."},
	90002:   {400, oauthInvalidRequest, "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."},
	900144:  {400, oauthInvalidRequest, "The request body must contain the following parameter: '%s'."},
	9002313: {400, oauthInvalidGrant, "Invalid request. Request is malformed or invalid.%.0s"},
	500011:  {400, oauthInvalidResource, "The resource principal named %s was not found in the tenant named Contoso."},
	65001:   {400, oauthInvalidGrant, "The user or administrator has not consented to use the application with ID '%s'. Send an interactive authorization request."},
	53003:   {400, oauthInvalidGrant, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.%.0s"},
	70003:   {400, "unsupported_grant_type", "The app requested an unsupported grant type '%s'."},
	70011:   {400, "invalid_scope", "The provided request must include a 'scope' input parameter. The scope '%s' is not valid."},
	70016:   {400, "authorization_pending", "OAuth 2.0 device flow error. Authorization is pending. Continue polling.%.0s"},
	70020:   {400, "expired_token", "The provided device code has expired or is not known.%.0s"},
}

type loginErrorBody struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	ErrorURI      string `json:"error_uri"`
}

// loginError renders a refusal as Entra does.
func (a *Authority) loginError(c *api.Call, err error) api.Reply {
	var refused *authError
	if !errors.As(err, &refused) {
		refused = &authError{code: 9002313}
	}
	known, ok := authMessages[refused.code]
	if !ok {
		known.status, known.oauth, known.message = http.StatusBadRequest, oauthInvalidRequest, "%s"
	}
	detail := refused.detail
	if detail == "" {
		detail = a.ClientID()
	}
	at := a.graph.Now().UTC().Format("2006-01-02 15:04:05Z")
	text := fmt.Sprintf("AADSTS%d: "+known.message, refused.code, detail)
	return loginReply(known.status, loginErrorBody{
		Error: known.oauth, Codes: []int{refused.code}, Timestamp: at, TraceID: c.RequestID, CorrelationID: c.ClientRequestID(),
		Description: fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s", text, c.RequestID, c.ClientRequestID(), at),
		ErrorURI:    fmt.Sprintf("%s/error?code=%d", a.graph.URL, refused.code),
	})
}
