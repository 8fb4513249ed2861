package graphsim

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

func hasEdge(edges []TruthEdge, object, principal string) bool {
	return slices.ContainsFunc(edges, func(e TruthEdge) bool { return e.ObjectID == object && e.Principal.ID == principal })
}

func TestMemberThatWasAddedShowsEverywhere(t *testing.T) {
	b := writer(t)
	group, user := b.id(KindGroup, GroupEmpty), b.id(KindUser, directory.UserNobody)
	members := "groups/" + group + "/members"
	deltaLink := b.chain(deltaPath(b.server.tenant, withRelations, GroupEmpty))[0].deltaLink()

	b.expect(204, "", http.MethodPost, members+"/$ref", b.ref(user))
	assert.Equal(t, []string{user}, b.get(members+"?$select=id").ids())
	assert.Contains(t, b.get("users/"+user+"/memberOf?$select=id").ids(), group)
	assert.Contains(t, string(b.get("groups/"+group+"?$expand=members($select=id)").raw), user)
	assert.Contains(t, edgesOf(b.chain(deltaPath(b.server.tenant, withRelations, GroupEmpty)), "members"), edge(group, "user", user))
	assert.True(t, hasEdge(b.server.tenant.Truth().Members, group, user))
	changed := b.get(deltaLink)
	assert.Len(t, relationOf(changed.rows()[0], "members"), 1)

	again := b.expect(400, api.CodeBadRequest, http.MethodPost, members+"/$ref", b.ref(user))
	assert.Contains(t, again.refusal(), "added object references already exist for the following modified properties: 'members'")

	b.expect(204, "", http.MethodDelete, members+"/"+user+"/$ref", nil)
	assert.Empty(t, b.get(members).rows())
	assert.False(t, hasEdge(b.server.tenant.Truth().Members, group, user))
	removed := relationOf(b.get(changed.deltaLink()).rows()[0], "members")
	assert.Contains(t, removed[0], "@removed")
	b.expect(404, api.CodeResourceNotFound, http.MethodDelete, members+"/"+user+"/$ref", nil)
	assert.Len(t, b.server.Writes(), 2, "refused writes did not happen")
}

func TestGroupsThatGraphDoesNotChange(t *testing.T) {
	b := writer(t)
	user := b.ref(b.id(KindUser, directory.UserNobody))
	for name, tc := range map[string]struct {
		group, status int
		body          map[string]any
		text          string
	}{
		"mail-enabled security":          {GroupMailSecurity, 400, user, nouns.MessageExchangeGroup},
		"distribution":                   {GroupDistribution, 400, user, nouns.MessageExchangeGroup},
		"synced":                         {GroupSynced, 400, user, nouns.MessageSynced},
		"dynamic":                        {GroupDynamic, 403, user, api.MessageDenied},
		"restricted unit":                {GroupRoleAssignable, 403, user, api.MessageDenied},
		"group into Microsoft 365 group": {GroupMicrosoft365, 400, b.ref(b.id(KindGroup, GroupEmpty)), "Invalid object type"},
		"service principal into Microsoft 365 group": {GroupMicrosoft365, 400, b.ref(b.id(KindServicePrincipal, SPWiki)), "Invalid object type"},
		"group into role-assignable group":           {GroupRoleAssignableApps, 400, b.ref(b.id(KindGroup, GroupEmpty)), "Invalid object type"},
		"group into itself":                          {GroupEmpty, 400, b.ref(b.id(KindGroup, GroupEmpty)), "member of itself"},
		"foreign host":                               {GroupEmpty, 400, map[string]any{"@odata.id": "https://evil.example/v1.0/users/" + b.id(KindUser, 1)}, "not based on"},
		"unknown member":                             {GroupEmpty, 404, b.ref(directory.DefaultAppRoleID), "does not exist"},
		"unknown property":                           {GroupEmpty, 400, map[string]any{"id": "x"}, "Invalid property 'id'"},
		"no reference":                               {GroupEmpty, 400, map[string]any{}, "@odata.id"},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.send(http.MethodPost, "groups/"+b.id(KindGroup, tc.group)+"/members/$ref", tc.body)
			assert.Equal(t, tc.status, a.status)
			assert.Contains(t, a.refusal(), tc.text)
		})
	}
	assert.Empty(t, b.server.Writes())
	b.withPermissions("GroupMember.ReadWrite.All")
	b.expect(403, api.CodeDenied, http.MethodPost, "groups/"+b.id(KindGroup, GroupRoleAssignableApps)+"/members/$ref", user)
}

func TestLastOwnerStays(t *testing.T) {
	b := writer(t)
	owners := "groups/" + b.id(KindGroup, GroupEmpty) + "/owners/"
	first, second := b.server.tenant.IDOf(b.server.tenant.Groups[GroupEmpty].Owners[0]), b.id(KindUser, directory.UserPlain)
	a := b.expect(400, api.CodeBadRequest, http.MethodDelete, owners+first+"/$ref", nil)
	assert.Equal(t, nouns.MessageLastOwner, a.refusal())
	b.expect(204, "", http.MethodPost, owners+"$ref", b.ref(second))
	b.expect(400, api.CodeBadRequest, http.MethodPost, owners+"$ref", b.ref(second))
	b.expect(204, "", http.MethodDelete, owners+first+"/$ref", nil)
	assert.Equal(t, []string{second}, b.withoutDeletedPeople(b.get(owners).ids()))
	assert.True(t, hasEdge(b.server.tenant.Truth().GroupOwners, b.id(KindGroup, GroupEmpty), second))
}

func TestReadsLagBehindWrites(t *testing.T) {
	now := &clock{at: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}
	b := writerAt(t, now)
	b.server.SetReplicationLag(10*time.Second, time.Minute)
	group, user := b.id(KindGroup, GroupEmpty), b.id(KindUser, directory.UserNobody)
	members := "groups/" + group + "/members"
	b.expect(204, "", http.MethodPost, members+"/$ref", b.ref(user))
	assert.Empty(t, b.get(members).rows(), "reads show the old state")
	assert.True(t, hasEdge(b.server.tenant.Truth().Members, group, user), "the truth does not lag")
	b.expect(400, api.CodeBadRequest, http.MethodPost, members+"/$ref", b.ref(user))
	now.forward(11 * time.Second)
	assert.Equal(t, []string{user}, b.get(members).ids())
	b.expect(204, "", http.MethodDelete, members+"/"+user+"/$ref", nil)
	assert.Equal(t, []string{user}, b.get(members).ids(), "a deletion may still read as present")
	now.forward(11 * time.Second)
	assert.Empty(t, b.get(members).rows())
}

func TestOneOfTwoConflictingWritesIsRefused(t *testing.T) {
	b := writer(t)
	path := "groups/" + b.id(KindGroup, GroupEmpty) + "/members/$ref"
	const writers = 8
	statuses := make([]int, writers)
	var wait sync.WaitGroup
	for n := range writers {
		wait.Go(func() {
			if a, err := b.trySend(http.MethodPost, path, b.ref(b.id(KindUser, directory.UserNobody))); err == nil {
				statuses[n] = a.status
			}
		})
	}
	wait.Wait()
	slices.Sort(statuses)
	assert.Equal(t, 204, statuses[0])
	assert.Equal(t, 400, statuses[1])
	assert.Len(t, b.server.Writes(), 1)
}

func TestLostAnswerDoesNotUndoTheWrite(t *testing.T) {
	b := writer(t)
	path := "groups/" + b.id(KindGroup, GroupEmpty) + "/members/$ref"
	body := func(n int) any { return b.ref(b.id(KindUser, n)) }
	remove := b.server.Fault(Rule{Method: http.MethodPost, Action: ActThenReset()})
	_, err := b.trySend(http.MethodPost, path, body(1))
	require.Error(t, err)
	remove()
	assert.Len(t, b.server.Writes(), 1)
	b.expect(400, api.CodeBadRequest, http.MethodPost, path, body(1))

	remove = b.server.Fault(Rule{Method: http.MethodPost, Action: ActThenRespond(504, "UnknownError")})
	b.expect(504, "UnknownError", http.MethodPost, path, body(2))
	remove()
	assert.Len(t, b.server.Writes(), 2)

	remove = b.server.Fault(Rule{Method: http.MethodPost, Action: ResetConnection()})
	_, err = b.trySend(http.MethodPost, path, body(3))
	require.Error(t, err)
	remove()
	assert.Len(t, b.server.Writes(), 2, "a connection reset before the answer is another thing")
	b.expect(204, "", http.MethodPost, path, body(3))
}

func TestWriteQuotaRefusesBeforeActing(t *testing.T) {
	b := writer(t)
	b.server.SetWriteQuota(Budget{Units: 2, Per: time.Hour})
	path := "groups/" + b.id(KindGroup, GroupEmpty) + "/members/$ref"
	for n := range 2 {
		b.expect(204, "", http.MethodPost, path, b.ref(b.id(KindUser, n)))
	}
	a := b.expect(429, "TooManyRequests", http.MethodPost, path, b.ref(b.id(KindUser, 3)))
	assert.Equal(t, "WriteLimitExceeded", a.header.Get("x-ms-throttle-information"))
	assert.Contains(t, a.header.Get("x-ms-throttle-scope"), "/Write/")
	assert.NotEmpty(t, a.header.Get("Retry-After"))
	assert.Len(t, b.server.Writes(), 2)
	assert.Equal(t, http.StatusOK, b.get("users?$top=1").status, "reads are metered apart")
}

func TestBatchCarriesWrites(t *testing.T) {
	b := writer(t)
	group := "/groups/" + b.id(KindGroup, GroupEmpty)
	item := func(id, method, path string, body any) map[string]any {
		out := map[string]any{"id": id, "method": method, "url": path}
		if body != nil {
			out["body"], out["headers"] = body, map[string]string{"Content-Type": "application/json"}
		}
		return out
	}
	got := b.batch(envelope(
		item("1", http.MethodPost, group+"/members/$ref", b.ref(b.id(KindUser, 1))),
		item("2", http.MethodDelete, group+"/members/"+b.id(KindUser, 2)+"/$ref", nil),
		item("3", http.MethodPost, group+"/members/$ref", b.ref(b.id(KindUser, 3))),
	)).items()
	assert.EqualValues(t, 204, got["1"]["status"])
	assert.NotContains(t, got["1"], "body")
	assert.EqualValues(t, 404, got["2"]["status"])
	assert.EqualValues(t, 204, got["3"]["status"])
	b.server.Fault(Rule{On: ItemsOnly, Action: ActThenReset()})
	got = b.batch(envelope(item("1", http.MethodPost, group+"/members/$ref", b.ref(b.id(KindUser, 4))))).items()
	assert.EqualValues(t, 504, got["1"]["status"])
	assert.Len(t, b.server.Writes(), 3)
}

func TestPagesDoNotSkipWhenAMemberLeaves(t *testing.T) {
	b := writer(t)
	members := "groups/" + b.id(KindGroup, GroupTwenty) + "/members"
	first := b.get(members + "?$select=id&$top=10")
	b.expect(204, "", http.MethodDelete, members+"/"+first.ids()[0]+"/$ref", nil)
	assert.Len(t, append(first.ids(), b.get(first.next()).ids()...), directory.ExpandLimit, "the others are all there")
}

func TestWriteWithoutJSONIsRefused(t *testing.T) {
	b := writer(t)
	address := b.absolute("groups/" + b.id(KindGroup, GroupEmpty) + "/members/$ref")
	a := b.do(http.MethodPost, address, nil, http.Header{"Authorization": {"Bearer " + b.bearer}})
	assert.Equal(t, api.MessageNoType, a.refusal())
	a = b.do(http.MethodPost, address, nil, http.Header{"Authorization": {"Bearer " + b.bearer}, "Content-Type": {"application/json"}})
	assert.Equal(t, api.MessageUnreadable, a.refusal())
	assert.Equal(t, http.StatusMethodNotAllowed, b.send(http.MethodPut, "groups/"+b.id(KindGroup, GroupEmpty), map[string]any{}).status)
}

func newGroup(change map[string]any) map[string]any {
	body := map[string]any{"displayName": "New Group", "mailNickname": "newgroup", "mailEnabled": false, "securityEnabled": true}
	for name, v := range change {
		if v == nil {
			delete(body, name)
			continue
		}
		body[name] = v
	}
	return body
}

func TestGroupThatWasMadeIsAGroup(t *testing.T) {
	b := writer(t)
	user := b.id(KindUser, directory.UserPlain)
	bind := []string{b.server.URL() + "/v1.0/users/" + user}
	latest := b.get("groups/delta?$deltatoken=latest&$select=members").deltaLink()
	made := b.expect(201, "", http.MethodPost, "groups", newGroup(map[string]any{
		"description": "Made by a test", "isAssignableToRole": true, "owners@odata.bind": bind, "members@odata.bind": bind,
	}))
	id := str(made.body["id"])
	row := b.get("groups/" + id + "?$select=displayName,description,isAssignableToRole,groupTypes,securityEnabled,mail,membershipRule").body
	assert.Equal(t, "New Group", row["displayName"])
	assert.Equal(t, true, row["isAssignableToRole"])
	assert.Nil(t, row["mail"])
	assert.Equal(t, []string{user}, b.get("groups/"+id+"/members").ids())
	assert.Equal(t, []string{user}, b.get("groups/"+id+"/owners").ids())
	assert.Equal(t, []string{id}, b.get(latest).ids())
	truth := b.server.tenant.Truth()
	assert.True(t, hasEdge(truth.Members, id, user))
	assert.True(t, hasEdge(truth.GroupOwners, id, user))
	assert.True(t, slices.ContainsFunc(truth.Groups, func(g TruthGroup) bool { return g.ID == id && g.RoleAssignable && g.Description == "Made by a test" }))
	b.expect(204, "", http.MethodDelete, "groups/"+id, nil)
	assert.Equal(t, 404, b.get("groups/"+id).status)
	assert.NotContains(t, b.get("users/"+user+"/memberOf").ids(), id)
}

func TestGroupThatGraphDoesNotMake(t *testing.T) {
	b := writer(t)
	m365 := map[string]any{"groupTypes": []string{"Unified"}, "mailEnabled": true, "securityEnabled": false}
	merged := func(more map[string]any) map[string]any {
		out := newGroup(m365)
		for name, v := range more {
			out[name] = v
		}
		return out
	}
	many := make([]string, nouns.MaxBound+1)
	for n := range many {
		many[n] = b.server.URL() + "/v1.0/users/" + b.id(KindUser, n)
	}
	for name, body := range map[string]map[string]any{
		"no name":                     newGroup(map[string]any{"displayName": nil}),
		"no nickname":                 newGroup(map[string]any{"mailNickname": nil}),
		"mail-enabled security":       newGroup(map[string]any{"mailEnabled": true}),
		"neither mail nor security":   newGroup(map[string]any{"securityEnabled": false}),
		"dynamic":                     newGroup(map[string]any{"groupTypes": []string{"DynamicMembership"}}),
		"more than twenty members":    newGroup(map[string]any{"members@odata.bind": many}),
		"unknown property":            newGroup(map[string]any{"nope": 1}),
		"group in Microsoft 365":      merged(map[string]any{"members@odata.bind": []string{b.server.URL() + "/v1.0/groups/" + b.id(KindGroup, 1)}}),
		"role-assignable, not secure": merged(map[string]any{"isAssignableToRole": true}),
		"taken nickname":              merged(map[string]any{"mailNickname": schema.GroupNickname(GroupMicrosoft365)}),
		"nickname with a space":       newGroup(map[string]any{"mailNickname": "a b"}),
	} {
		assert.Equal(t, 400, b.send(http.MethodPost, "groups", body).status, name)
	}
	b.expect(201, "", http.MethodPost, "groups", newGroup(m365))
	b.withPermissions("Group.ReadWrite.All")
	b.expect(403, api.CodeDenied, http.MethodPost, "groups", newGroup(map[string]any{"isAssignableToRole": true}))
	assert.Len(t, b.server.Writes(), 1)
}

func TestOnlyGroupsOfMicrosoft365ComeBack(t *testing.T) {
	b := writer(t)
	before := b.server.tenant.Truth()
	unified, plain := b.id(KindGroup, GroupMicrosoft365), b.id(KindGroup, GroupTwenty)
	for _, id := range []string{unified, plain} {
		b.expect(204, "", http.MethodDelete, "groups/"+id, nil)
	}
	b.expect(200, "", http.MethodPost, "directory/deletedItems/"+unified+"/restore", nil)
	b.expect(404, api.CodeResourceNotFound, http.MethodPost, "directory/deletedItems/"+plain+"/restore", nil)
	assert.Len(t, b.server.tenant.Truth().Groups, len(before.Groups)-1)
	assert.Len(t, b.get("groups/"+unified+"/members?$top=999").rows(), 30)
}
