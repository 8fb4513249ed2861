package graphsim

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/login"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/truth"
)

// bench is a running server with a client that trusts it.
type bench struct {
	t      *testing.T
	server *Server
	client *http.Client
	bearer string
	roles  map[string]string // By an id of a row: the id of the definition.
}

// answer is a decoded response.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	raw    []byte
}

func start(t *testing.T) *bench {
	t.Helper()
	server, err := Start(NewTenant(Small, 1), Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	b := &bench{t: t, server: server, client: clientOf(t, server)}
	b.bearer = b.login()
	return b
}

// WithoutDeletedPeople keeps what mentions no soft-deleted person: relations go on showing them.
func (b *bench) withoutDeletedPeople(edges []string) []string {
	b.t.Helper()
	gone := b.server.tenant.Truth().DeletedUsers
	out := slices.DeleteFunc(slices.Clone(edges), func(e string) bool {
		return slices.ContainsFunc(gone, func(u TruthUser) bool { return strings.Contains(e, u.ID) })
	})
	require.Less(b.t, len(out), len(edges), "soft-deleted people are shown somewhere")
	return out
}

// withoutPartners keeps what mentions no principal of another tenant.
func (b *bench) withoutPartners(edges []string) []string {
	partners := b.server.tenant.Truth().PartnerRoleAssignments
	return slices.DeleteFunc(slices.Clone(edges), func(e string) bool {
		return slices.ContainsFunc(partners, func(p truth.PartnerRole) bool { return strings.Contains(e, p.PrincipalID) })
	})
}

func clientOf(t *testing.T, server *Server) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(server.CACertPEM()))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

// login takes a token with the secret.
func (b *bench) login() string {
	b.t.Helper()
	a := b.token(url.Values{"client_secret": {b.server.ClientSecret()}})
	require.Equal(b.t, http.StatusOK, a.status, string(a.raw))
	token, ok := a.body["access_token"].(string)
	require.True(b.t, ok)
	return token
}

// token asks for a token with some fields changed; an empty value drops a field.
func (b *bench) token(change url.Values) answer {
	b.t.Helper()
	tenant := b.server.TenantID()
	form := url.Values{
		"client_id": {b.server.ClientID()}, "grant_type": {login.GrantClientCredentials},
		"scope": {b.server.URL() + "/.default openid offline_access profile"},
	}
	for name, values := range change {
		if name == "tenant" {
			tenant = values[0]
			continue
		}
		form[name] = values
	}
	return b.do(http.MethodPost, b.server.URL()+"/"+tenant+login.TokenPath, strings.NewReader(form.Encode()),
		http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// get reads a path below /v1.0/, or a whole URL, with pairs of header name and value.
func (b *bench) get(path string, headers ...string) answer {
	b.t.Helper()
	h := http.Header{"Authorization": {"Bearer " + b.bearer}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return b.do(http.MethodGet, b.absolute(path), nil, h)
}

func (b *bench) absolute(path string) string {
	if strings.HasPrefix(path, "https://") {
		return path
	}
	return b.server.URL() + "/v1.0/" + strings.ReplaceAll(path, " ", "%20")
}

func (b *bench) do(method, address string, body io.Reader, headers http.Header) answer {
	b.t.Helper()
	a, err := b.try(method, address, body, headers)
	require.NoError(b.t, err)
	return a
}

func (b *bench) try(method, address string, body io.Reader, headers http.Header) (answer, error) {
	req, err := http.NewRequestWithContext(context.Background(), method, address, body)
	if err != nil {
		return answer{}, err
	}
	req.Header = headers
	resp, err := b.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: resp.StatusCode, header: resp.Header, raw: raw}
	if plain := bytes.TrimPrefix(raw, []byte(api.ByteOrderMark)); json.Valid(plain) {
		err = json.Unmarshal(plain, &a.body)
	}
	return a, err
}

// code is the Graph error code of an answer, or empty.
func (a answer) code() string {
	e, ok := a.body["error"].(map[string]any)
	if !ok {
		return ""
	}
	if inner, nested := e["error"].(map[string]any); nested {
		e = inner
	}
	code, _ := e["code"].(string)
	return code
}

func (a answer) next() string {
	link, _ := a.body["@odata.nextLink"].(string)
	return link
}

func (a answer) rows() []map[string]any {
	list, _ := a.body["value"].([]any)
	out := make([]map[string]any, 0, len(list))
	for _, row := range list {
		if m, ok := row.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func (a answer) ids() []string {
	var out []string
	for _, row := range a.rows() {
		out = append(out, str(row["id"]))
	}
	return out
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

// all follows every nextLink.
func (b *bench) all(path string, headers ...string) []map[string]any {
	b.t.Helper()
	var out []map[string]any
	for path != "" {
		a := b.get(path, headers...)
		require.Equal(b.t, http.StatusOK, a.status, "%s: %s", path, a.raw)
		out = append(out, a.rows()...)
		path = a.next()
	}
	return out
}

// post sends a batch.
func (b *bench) batch(body any) answer {
	b.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(b.t, err)
	return b.do(http.MethodPost, b.server.URL()+"/v1.0/$batch", bytes.NewReader(raw),
		http.Header{"Authorization": {"Bearer " + b.bearer}, "Content-Type": {"application/json"}})
}
