package exchange

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

const (
	tenant = "11111111-2222-3333-4444-555555555555"
	group  = "22222222-2222-3333-4444-555555555555"
	who    = "33333333-2222-3333-4444-555555555555"
)

// tokens gives tokens with these app roles, each a new one where claims are asked for.
type tokens struct {
	mu     sync.Mutex
	roles  []string
	scopes []string
	given  int
	err    error
}

func (k *tokens) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.scopes = append(k.scopes, o.Scopes...)
	if o.Claims != "" {
		k.given++
	}
	payload, _ := json.Marshal(map[string]any{"tid": tenant, "roles": k.roles, "n": k.given})
	return azcore.AccessToken{Token: "h." + base64.RawURLEncoding.EncodeToString(payload) + ".s", ExpiresOn: time.Now().Add(time.Hour)}, k.err
}

// sent is a request as it arrived.
type sent struct {
	path, cmdlet string
	header       http.Header
	parameters   map[string]any
}

// mail is an Exchange that gives one answer after the other, the last one for ever.
type mail struct {
	t       *testing.T
	mu      sync.Mutex
	answers []func(http.ResponseWriter)
	got     []sent
	tokens  *tokens
	client  *Client
}

func startMail(t *testing.T, answers ...func(http.ResponseWriter)) *mail {
	t.Helper()
	m := &mail{t: t, answers: answers, tokens: &tokens{roles: []string{appRole}}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(m.serve))
	server.StartTLS()
	t.Cleanup(server.Close)
	client, err := network.NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	require.NoError(t, err)
	m.client, err = New(Options{
		Cloud: signin.Cloud{ExchangeEndpoint: server.URL}, Credential: m.tokens, HTTPClient: client, UserAgent: "test",
		Retry: pacing.RetryPolicy{Attempts: 3, BaseDelay: time.Millisecond, MaxDelay: 3 * time.Second, AttemptTimeout: 5 * time.Second},
	})
	require.NoError(t, err)
	return m
}

func (m *mail) serve(w http.ResponseWriter, r *http.Request) {
	var body struct {
		CmdletInput struct {
			CmdletName string
			Parameters map[string]any
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	m.mu.Lock()
	m.got = append(m.got, sent{r.Method + " " + r.URL.Path, body.CmdletInput.CmdletName, r.Header, body.CmdletInput.Parameters})
	answer := m.answers[min(len(m.got), len(m.answers))-1]
	m.mu.Unlock()
	answer(w)
}

func says(status int, body string, headers ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func done(rows string) func(http.ResponseWriter) { return says(200, `{"value":[`+rows+`]}`) }

func throws(status int, class, text string) func(http.ResponseWriter) {
	return says(status, fmt.Sprintf(`{"error":{"code":"BadRequest","message":"Error executing cmdlet","details":[{"message":"Ex6F9304|Microsoft.Exchange.Any.%s|%s"}]}}`, class, text),
		"request-id", "the-request")
}

func lost(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func (m *mail) cmdlets() string {
	var names []string
	for i := range m.got {
		names = append(names, m.got[i].cmdlet)
	}
	return strings.Join(names, " ")
}

func TestEachRequestIsWhatThePowerShellModuleSends(t *testing.T) {
	m := startMail(t, done(""))
	require.NoError(t, m.client.AddMember(t.Context(), group, who))
	require.NoError(t, m.client.RemoveMember(t.Context(), group, who))
	require.Equal(t, "POST /adminapi/beta/"+tenant+"/InvokeCommand", m.got[0].path)
	for name, value := range map[string]string{
		"X-AnchorMailbox": "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@" + tenant, "X-CmdletName": "Add-DistributionGroupMember",
		"X-ResponseFormat": "json", "Prefer": "odata.maxpagesize=1000", "Content-Type": "application/json", "User-Agent": "test",
	} {
		require.Equal(t, value, m.got[0].header.Get(name))
	}
	require.Equal(t, m.got[0].header.Get("connection-id"), m.got[1].header.Get("connection-id"))
	require.NotEqual(t, m.got[0].header.Get("client-request-id"), m.got[1].header.Get("client-request-id"))
	require.Equal(t, map[string]any{"Identity": group, "Member": who, "BypassSecurityGroupManagerCheck": true}, m.got[0].parameters)
	require.Equal(t, map[string]any{"Identity": group, "Member": who, "BypassSecurityGroupManagerCheck": true, "Confirm": false}, m.got[1].parameters)
	require.Equal(t, m.client.root.String()+"/.default", m.tokens.scopes[0])
}

func TestOwnersAreAddedAndRemovedAndNeverReplaced(t *testing.T) {
	person := done(`{"Name":"ada","ExternalDirectoryObjectId":"` + who + `"}`)
	for name, c := range map[string]struct {
		owners string
		change func(*Client) error
		hash   map[string]any
		is     error
		says   string
	}{
		"added":          {`"other"`, func(c *Client) error { return c.AddOwner(t.Context(), group, who) }, map[string]any{"Add": []any{who}}, nil, ""},
		"there":          {`"other","ADA"`, func(c *Client) error { return c.AddOwner(t.Context(), group, who) }, nil, failure.ErrAlreadyThere, "already"},
		"removed":        {`"other","` + strings.ToUpper(who) + `"`, func(c *Client) error { return c.RemoveOwner(t.Context(), group, who) }, map[string]any{"Remove": []any{who}}, nil, ""},
		"gone":           {`"other"`, func(c *Client) error { return c.RemoveOwner(t.Context(), group, who) }, nil, failure.ErrAlreadyGone, "not there"},
		"the last owner": {`"ada"`, func(c *Client) error { return c.RemoveOwner(t.Context(), group, who) }, nil, nil, "at least one owner"},
	} {
		m := startMail(t, person, done(`{"ManagedBy":[`+c.owners+`]}`), done(""))
		err := c.change(m.client)
		if c.says == "" {
			require.NoError(t, err, name)
			c.hash["@odata.type"] = "#Exchange.GenericHashTable"
			require.Equal(t, map[string]any{"Identity": group, "BypassSecurityGroupManagerCheck": true, "ManagedBy": c.hash}, m.got[2].parameters, name)
			continue
		}
		require.ErrorContains(t, err, c.says, name)
		require.Equal(t, "Get-Recipient Get-DistributionGroup", m.cmdlets(), "%s: it was sent all the same", name)
		if c.is != nil {
			require.ErrorIs(t, err, c.is, name)
		}
	}
}

func TestEachRefusalHasASentenceOfItsOwn(t *testing.T) {
	seen := map[string]string{}
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter)
		roles  []string
		reason Reason
	}{
		"member is there":       {throws(400, "MemberAlreadyExistsException", "x"), nil, ReasonAlreadyThere},
		"member is not there":   {throws(400, "MemberNotFoundException", "x"), nil, ReasonAlreadyGone},
		"unknown group":         {throws(400, "ManagementObjectNotFoundException", "object '"+strings.ToUpper(group)+"' couldn't be found"), nil, ReasonNoGroup},
		"unknown member":        {throws(400, "ManagementObjectNotFoundException", "object '"+who+"' couldn't be found"), nil, ReasonNoRecipient},
		"unknown":               {throws(500, "ManagementObjectNotFoundException", "wurde nicht gefunden"), nil, ReasonNotKnown},
		"not a manager":         {throws(400, "OperationRequiresGroupManagerException", "x"), nil, ReasonNotManager},
		"something else":        {throws(400, "RecipientTaskException", "ada@example.com"), nil, ReasonOther},
		"no app role":           {says(403, ""), nil, ReasonNoAppRole},
		"the newer app role":    {says(403, "\x00\x00"), []string{newAppRole}, ReasonOnlyNewRole},
		"no role":               {says(403, ""), []string{appRole}, ReasonNoRole},
		"token":                 {says(401, ""), nil, ReasonToken},
		"too long to be waited": {says(429, "Too many", "Retry-After", "3600"), nil, ReasonThrottled},
	} {
		m := startMail(t, c.answer)
		m.tokens.roles = c.roles
		err := m.client.AddMember(t.Context(), group, who)
		var refusal *Error
		require.ErrorAs(t, err, &refusal, name)
		require.Equal(t, c.reason, refusal.Reason, name)
		require.Contains(t, err.Error(), "Add-DistributionGroupMember for group "+group, name)
		require.Contains(t, err.Error(), "[request-id ", name)
		require.NotContains(t, err.Error(), "ada@example.com", "an error repeats what others wrote")
		require.Empty(t, seen[string(c.reason)], "%s and %s say the same", name, seen[string(c.reason)])
		seen[string(c.reason)] = name
	}
}

// Nobody knows what became of it, so the caller asks again.
func TestALostAnswerIsNeitherSuccessNorRefusal(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter){
		"lost": lost, "a page of a proxy": says(200, "<html>"), "timeout": says(504, ""), "own trouble": says(500, `{"error":{"code":"InternalServerError","message":"x"}}`),
		"a class that nobody knows": throws(500, "SomethingException", "x"),
	} {
		m := startMail(t, answer, throws(400, "MemberAlreadyExistsException", "x"))
		require.True(t, failure.IsOutcomeUnknown(m.client.AddMember(t.Context(), group, who)), name)
		require.Len(t, m.got, 1, name)
		require.True(t, failure.IsAlreadyThere(m.client.AddMember(t.Context(), group, who)), name)
	}
}

func TestWhatExchangeAsksToWaitForIsWaitedFor(t *testing.T) {
	for name, first := range map[string]func(http.ResponseWriter){
		"busy":                says(429, "Too many concurrent requests", "Retry-After", "0.01"),
		"busy without a time": says(429, ""),
		"unavailable":         says(503, "", "Retry-After", "0.01"),
		"not passed on":       says(500, "", "X-ExceptionType", "UnableToWriteToAadException"),
		"named by its class":  throws(500, "UnableToWriteToAadException", "x"),
	} {
		m := startMail(t, first, done(""))
		require.NoError(t, m.client.AddMember(t.Context(), group, who), name)
		require.Len(t, m.got, 2, name)
	}
	// What was done the first time is not reported as there before.
	m := startMail(t, says(503, "", "Retry-After", "0.01"), throws(400, "MemberAlreadyExistsException", "x"))
	require.NoError(t, m.client.AddMember(t.Context(), group, who))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	m = startMail(t, says(429, "", "Retry-After", "2"))
	require.ErrorIs(t, m.client.AddMember(ctx, group, who), context.DeadlineExceeded)
}

func TestATokenThatIsNotTakenIsRenewedOnceAndGoesNowhereElse(t *testing.T) {
	m := startMail(t, says(401, ""), done(""))
	require.NoError(t, m.client.AddMember(t.Context(), group, who))
	require.Equal(t, 1, m.tokens.given)

	other := startMail(t, done(""))
	m = startMail(t, says(307, "", "Location", other.client.root.String()+"/adminapi/beta/"+tenant+"/InvokeCommand"))
	err := m.client.AddMember(t.Context(), group, who)
	require.ErrorIs(t, err, network.ErrRedirect)
	require.Empty(t, other.got)
}

func TestWithoutATokenNothingIsSent(t *testing.T) {
	m := startMail(t, done(""))
	m.tokens.err = &signin.AuthorityError{Code: 500011, Problem: "p"}
	require.ErrorContains(t, m.client.AddMember(t.Context(), group, who), "the tenant does not know Exchange Online")
	m.tokens.err = &signin.AuthorityError{Code: 7000222, Problem: "the client secret has expired"}
	require.ErrorContains(t, m.client.AddMember(t.Context(), group, who), "no access token for Exchange Online:")
	require.Empty(t, m.got)
}

func TestNewAsksNobodyAndWantsAnHTTPSHost(t *testing.T) {
	for _, endpoint := range []string{"", "http://outlook.example", "https://"} {
		_, err := New(Options{Cloud: signin.Cloud{ExchangeEndpoint: endpoint}, Credential: &tokens{}, HTTPClient: http.DefaultClient})
		require.ErrorContains(t, err, "must be an https URL")
	}
}

func TestNoMoreThanAFewRequestsAreUnderWay(t *testing.T) {
	var mu sync.Mutex
	var now, most int
	m := startMail(t, func(w http.ResponseWriter) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		done("")(w)
	})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { _ = m.client.AddMember(context.Background(), group, who) })
	}
	all.Wait()
	require.LessOrEqual(t, most, turns)
}
