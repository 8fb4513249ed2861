package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// TenantDocument is what the sign-in service tells everybody about a tenant: the
// part of its OpenID configuration that says where the tenant is
// (https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc).
type TenantDocument struct {
	// TenantID is the tenant's id, whatever name it was asked for by.
	TenantID string
	// GraphHost is the host of the Graph that holds the tenant; empty if the
	// sign-in service does not tell.
	GraphHost string
	// SubScope tells the clouds of the United States' government apart.
	SubScope string
}

// maxDocumentBytes is far above the largest document.
const maxDocumentBytes = 64 << 10

// subScopeDoD marks tenants of the Department of Defense, which share the
// sign-in service with others but not Graph.
const subScopeDoD = "DOD"

// TenantDocumentURL is where a tenant's document is. An empty tenant stands for
// whichever signs in.
func (c Cloud) TenantDocumentURL(tenant string) string {
	if tenant = strings.TrimSpace(tenant); tenant == "" {
		tenant = "common"
	}
	return c.AuthorityHost + "/" + url.PathEscape(tenant) + "/v2.0/.well-known/openid-configuration"
}

// ReadTenantDocument looks a tenant up, without credentials. Errors:
// *AuthorityError where the sign-in service does not know the tenant,
// *network.ConnectionError where it gave no usable answer.
func ReadTenantDocument(ctx context.Context, client *http.Client, cloud Cloud, tenant string) (*TenantDocument, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cloud.TenantDocumentURL(tenant), nil)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, &network.ConnectionError{Operation: documentOperation, Explanation: network.Explain(req.URL.Host, err), Attempts: 1, Err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxDocumentBytes))
	if err != nil {
		return nil, &network.ConnectionError{Operation: documentOperation, Explanation: network.Explain(req.URL.Host, err), Attempts: 1, Err: err}
	}
	if resp.StatusCode != http.StatusOK {
		r := parseRefusal(resp.StatusCode, body)
		said := signIn{kind: "document", authority: cloud.AuthorityHost}.explainRefusal(r)
		return nil, &AuthorityError{
			Code: r.code, StatusCode: r.status, TraceID: r.traceID, CorrelationID: r.correlationID, TenantID: strings.TrimSpace(tenant),
			Problem: said.problem, Advice: said.advice, attempt: "looking up tenant " + failure.Excerpt(strings.TrimSpace(tenant), 100),
		}
	}
	document, err := parseTenantDocument(body)
	if err != nil {
		return nil, &network.ConnectionError{
			Operation: documentOperation, Attempts: 1, Err: err,
			Explanation: "the answer of " + req.URL.Host + " is not the document of a tenant; check --authority-host, and that no proxy or captive portal answers in its place",
		}
	}
	return document, nil
}

const documentOperation = "GET openid-configuration"

func parseTenantDocument(body []byte) (*TenantDocument, error) {
	var answer struct {
		Issuer    string `json:"issuer"`
		GraphHost string `json:"msgraph_host"`
		SubScope  string `json:"tenant_region_sub_scope"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	issuer, err := url.Parse(answer.Issuer)
	if err != nil || answer.Issuer == "" {
		return nil, errors.New("it names no issuer")
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(issuer.Path, "/"), "/")
	document := &TenantDocument{GraphHost: strings.ToLower(answer.GraphHost), SubScope: answer.SubScope}
	if IsGUID(id) {
		document.TenantID = strings.ToLower(id)
	}
	return document, nil
}

// Cloud is the name of the cloud that the tenant is in; empty if the document
// does not tell.
func (d *TenantDocument) Cloud() string {
	for _, c := range clouds {
		if d.SubScope == subScopeDoD && c.Name == cloudDoD || d.SubScope != subScopeDoD && network.HostOf(c.GraphEndpoint) == d.GraphHost {
			return c.Name
		}
	}
	return ""
}
