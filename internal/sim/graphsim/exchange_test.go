package graphsim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// mailBench runs cmdlets in the Exchange of a tenant.
type mailBench struct {
	*bench
	token string
}

func startExchange(t *testing.T, b *bench) *mailBench {
	t.Helper()
	b.server.SetExchange(ExchangeAdministrator, ExchangeAppRole)
	m := &mailBench{bench: b}
	m.signIn()
	return m
}

func (m *mailBench) signIn() {
	m.t.Helper()
	a := m.bench.token(url.Values{"client_secret": {m.server.ClientSecret()}, "scope": {m.server.URL() + "/adminapi/.default"}})
	require.Equal(m.t, http.StatusOK, a.status, string(a.raw))
	m.token = str(a.body["access_token"])
}

// invoke runs a cmdlet; edit changes the headers of the request.
func (m *mailBench) invoke(name string, parameters map[string]any, edit func(http.Header)) answer {
	m.t.Helper()
	raw, err := json.Marshal(map[string]any{"CmdletInput": map[string]any{"CmdletName": name, "Parameters": parameters}})
	require.NoError(m.t, err)
	tenant := m.server.TenantID()
	h := http.Header{
		"Authorization": {"Bearer " + m.token}, "Content-Type": {"application/json"}, "X-Cmdletname": {name}, "X-Responseformat": {"json"},
		"X-Anchormailbox":   {"APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@" + tenant},
		"Client-Request-Id": {api.NewRequestID()}, "Connection-Id": {api.NewRequestID()}, "Prefer": {"odata.maxpagesize=1000"},
	}
	if edit != nil {
		edit(h)
	}
	return m.do(http.MethodPost, m.server.URL()+"/adminapi/beta/"+tenant+"/InvokeCommand", strings.NewReader(string(raw)), h)
}

// class is the middle of the detail of a refusal.
func (a answer) class() string {
	e, _ := a.body["error"].(map[string]any)
	details, _ := e["details"].([]any)
	if len(details) == 0 {
		return ""
	}
	detail, _ := details[0].(map[string]any)
	parts := strings.Split(str(detail["message"]), "|")
	return parts[1][strings.LastIndexByte(parts[1], '.')+1:]
}

func member(group, who string) map[string]any {
	return map[string]any{"Identity": group, "Member": who, "BypassSecurityGroupManagerCheck": true}
}

func confirmed(parameters map[string]any) map[string]any {
	parameters["Confirm"] = false
	return parameters
}

func owner(group, how, who string) map[string]any {
	return map[string]any{
		"Identity": group, "BypassSecurityGroupManagerCheck": true,
		"ManagedBy": map[string]any{"@odata.type": "#Exchange.GenericHashTable", how: []string{who}},
	}
}

func TestMemberOfADistributionListShowsInGraphLater(t *testing.T) {
	now := &clock{at: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)}
	m := startExchange(t, writerAt(t, now))
	m.server.SetReplicationLag(10*time.Second, time.Minute)
	group, who := m.id(KindGroup, GroupDistribution), m.id(KindUser, directory.UserPlain)
	members := "groups/" + group + "/members?$select=id&$top=999"
	require.NotContains(t, m.get(members).ids(), who)
	for n, class := range []string{"", "MemberAlreadyExistsException"} {
		a := m.invoke("Add-DistributionGroupMember", member(strings.ToUpper(group), strings.ToUpper(who)), nil)
		require.Equal(t, []int{200, 400}[n], a.status, string(a.raw))
		require.Equal(t, class, a.class())
	}
	assert.NotContains(t, m.get(members).ids(), who, "Graph lags")
	assert.True(t, hasEdge(m.server.tenant.Truth().Members, group, who))
	now.forward(11 * time.Second)
	assert.Contains(t, m.get(members).ids(), who)
	for n, class := range []string{"", "MemberNotFoundException"} {
		a := m.invoke("Remove-DistributionGroupMember", confirmed(member(group, who)), nil)
		require.Equal(t, []int{200, 400}[n], a.status, string(a.raw))
		require.Equal(t, class, a.class())
	}
	assert.False(t, hasEdge(m.server.tenant.Truth().Members, group, who))
	assert.Len(t, m.server.Writes(), 2)
}

func TestWhatExchangeRefuses(t *testing.T) {
	m := startExchange(t, writer(t))
	group, who := m.id(KindGroup, GroupMailSecurity), m.id(KindUser, directory.UserPlain)
	const add, remove = "Add-DistributionGroupMember", "Remove-DistributionGroupMember"
	for name, c := range map[string]struct {
		cmdlet     string
		parameters map[string]any
		class      string
	}{
		"an unknown group":            {add, member(directory.DefaultAppRoleID, who), "ManagementObjectNotFoundException"},
		"a security group":            {add, member(m.id(KindGroup, GroupEmpty), who), "ManagementObjectNotFoundException"},
		"an unknown member":           {add, member(group, directory.DefaultAppRoleID), "ManagementObjectNotFoundException"},
		"a service principal":         {add, member(group, m.id(KindServicePrincipal, SPWiki)), "ManagementObjectNotFoundException"},
		"a group without mail":        {add, member(group, m.id(KindGroup, GroupEmpty)), "ManagementObjectNotFoundException"},
		"a Microsoft 365 group":       {add, member(group, m.id(KindGroup, GroupMicrosoft365)), "RecipientTaskException"},
		"itself":                      {add, member(group, group), "RecipientTaskException"},
		"without the bypass":          {add, map[string]any{"Identity": group, "Member": who}, "OperationRequiresGroupManagerException"},
		"a question that nobody sees": {remove, member(group, who), "HostException"},
		"a parameter of its own":      {add, map[string]any{"Identity": group, "Member": who, "Force": true}, "ParameterBindingException"},
		"a table without its type":    {"Set-DistributionGroup", map[string]any{"Identity": group, "BypassSecurityGroupManagerCheck": true, "ManagedBy": []string{who}}, "ParameterBindingException"},
		"another cmdlet":              {"Remove-Mailbox", map[string]any{"Identity": who}, "CommandNotFoundException"},
	} {
		a := m.invoke(c.cmdlet, c.parameters, nil)
		assert.Equal(t, 400, a.status, name)
		assert.Equal(t, c.class, a.class(), name)
	}
	for _, header := range []string{"X-Anchormailbox", "X-Cmdletname", "X-Responseformat", "Client-Request-Id", "Connection-Id", "Prefer", "Content-Type"} {
		a := m.invoke(add, member(group, who), func(h http.Header) { h.Del(header) })
		assert.Equal(t, 400, a.status, header)
	}
	assert.Empty(t, m.server.Writes())
}

func TestLastOwnerOfAnExchangeGroupStays(t *testing.T) {
	m := startExchange(t, writer(t))
	group, first, second := m.id(KindGroup, GroupDistribution), m.id(KindUser, directory.UserPlain), m.id(KindUser, directory.UserPlain+1)
	owners := func() int {
		row := m.invoke("Get-DistributionGroup", map[string]any{"Identity": group}, nil).rows()[0]
		list, _ := row["ManagedBy"].([]any)
		return len(list)
	}
	before := owners()
	for range 2 {
		require.Equal(t, 200, m.invoke("Set-DistributionGroup", owner(group, "Add", first), nil).status, "what is there is taken without a word")
		require.Equal(t, before+1, owners())
	}
	for _, e := range m.server.tenant.Truth().GroupOwners {
		if e.ObjectID == group && e.Principal.ID != first {
			require.Equal(t, 200, m.invoke("Set-DistributionGroup", owner(group, "Remove", e.Principal.ID), nil).status)
		}
	}
	require.Equal(t, "RecipientTaskException", m.invoke("Set-DistributionGroup", owner(group, "Remove", first), nil).class())
	require.Equal(t, 200, m.invoke("Set-DistributionGroup", owner(group, "Add", second), nil).status)
	require.Equal(t, 200, m.invoke("Set-DistributionGroup", owner(group, "Remove", first), nil).status)
	require.Equal(t, 1, owners())
}

func TestNobodyIsLetIntoExchangeWithoutBothRoles(t *testing.T) {
	m := startExchange(t, writer(t))
	group, who := m.id(KindGroup, GroupDistribution), m.id(KindUser, directory.UserPlain)
	for name, c := range map[string]struct {
		role     ExchangeRole
		appRoles []string
		status   int
		class    string
	}{
		"no app role":      {ExchangeAdministrator, nil, 403, ""},
		"the newer one":    {ExchangeAdministrator, []string{"Exchange.ManageAsAppV2"}, 403, ""},
		"no role":          {ExchangeNoRole, []string{ExchangeAppRole}, 403, ""},
		"too small a role": {RecipientAdministrator, []string{ExchangeAppRole}, 400, "ParameterBindingException"},
	} {
		m.server.SetExchange(c.role, c.appRoles...)
		m.signIn()
		a := m.invoke("Add-DistributionGroupMember", member(group, who), nil)
		assert.Equal(t, c.status, a.status, name)
		assert.Equal(t, c.class, a.class(), name)
		assert.True(t, c.status != 403 || strings.Trim(string(a.raw), "\x00") == "", "%s: the body says nothing", name)
		assert.Equal(t, c.status == 403, a.header.Get("x-ms-diagnostics") != "", name)
	}
	m.token = m.bearer
	assert.Equal(t, 401, m.invoke("Add-DistributionGroupMember", member(group, who), nil).status, "a token for Graph")
	assert.Empty(t, m.server.Writes())
}

func TestTroubleOfExchangePasses(t *testing.T) {
	m := startExchange(t, writer(t))
	parameters := member(m.id(KindGroup, GroupDistribution), m.id(KindUser, directory.UserPlain))
	m.server.SetExchangeTrouble(ExchangeBusy, 1, "7")
	a := m.invoke("Add-DistributionGroupMember", parameters, nil)
	require.Equal(t, 429, a.status)
	require.Equal(t, "7", a.header.Get("Retry-After"))
	require.Contains(t, string(a.raw), "concurrent requests")
	m.server.SetExchangeTrouble(ExchangeUnwritten, 1, "")
	a = m.invoke("Add-DistributionGroupMember", parameters, nil)
	require.Equal(t, 500, a.status)
	require.Equal(t, "UnableToWriteToAadException", a.header.Get("X-ExceptionType"))
	require.Empty(t, m.server.Writes())
	require.Equal(t, 200, m.invoke("Add-DistributionGroupMember", parameters, nil).status)
}
