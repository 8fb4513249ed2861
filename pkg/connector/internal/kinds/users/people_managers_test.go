package users

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide/decidetest"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// staff are people in the order of their names, as a Graph that caps what it
// expands shows them.
type staff struct {
	mu     sync.Mutex
	people []graph.User
	// page is how many people a page has, and limit how many with their managers.
	page, limit int
	// silent leaves the next link out where a page is cut short.
	silent bool
	// hidden are ids that no filter finds.
	hidden []string
	// refuse is a form that is refused, by a part of it.
	refuse string
	// shuffled lets ranges find nobody.
	shuffled bool
	// unexpanded passes $expand over.
	unexpanded bool
	asked      []string
}

func personNo(i int) string { return fmt.Sprintf("00000000-0000-0000-0000-%012x", i) }

// newStaff are so many people, of whom all but every third have a manager.
func newStaff(n int) *staff {
	s := &staff{page: sending.MaxPageSize, limit: 100}
	for i := range n {
		u := graph.User{ID: personNo(i), UserPrincipalName: fmt.Sprintf("p%06d_o'x#EXT#@contoso.com", i)}
		if i%3 != 0 {
			u.Manager = &graph.Reference{ID: personNo(i / 2)}
		}
		s.people = append(s.people, u)
	}
	return s
}

var (
	rangeForm = regexp.MustCompile(`userPrincipalName ge '(.*)' and userPrincipalName le '(.*)'&`)
	idForm    = regexp.MustCompile(`'([0-9a-f-]{36})'`)
	aloneForm = regexp.MustCompile(`^/users/([0-9a-f-]{36})/manager`)
)

func (s *staff) answer(raw string) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ref, err := url.QueryUnescape(raw)
	if err != nil || strings.Contains(raw, "#") || strings.Contains(raw, " ") {
		return http.StatusBadRequest, graphFailure("BadRequest")
	}
	s.asked = append(s.asked, ref)
	if s.refuse != "" && strings.Contains(ref, s.refuse) {
		return http.StatusBadRequest, graphFailure("InvalidFilter")
	}
	if one := aloneForm.FindStringSubmatch(ref); one != nil {
		for i := range s.people {
			if s.people[i].ID == one[1] && s.people[i].Manager != nil {
				return http.StatusOK, map[string]any{"id": s.people[i].Manager.ID}
			}
		}
		return http.StatusNotFound, graphFailure("Request_ResourceNotFound")
	}
	if !strings.Contains(ref, "$filter") {
		from := 0
		if _, token, ok := strings.Cut(ref, "$skiptoken="); ok {
			from, _ = strconv.Atoi(token)
		}
		to := min(from+s.page, len(s.people))
		rows := []any{}
		for _, u := range s.people[from:to] {
			rows = append(rows, map[string]any{"id": u.ID, "userPrincipalName": u.UserPrincipalName})
		}
		return http.StatusOK, rowsPage(rows, to < len(s.people), "/users?$skiptoken="+strconv.Itoa(to))
	}
	bounds, ids := rangeForm.FindStringSubmatch(ref), idForm.FindAllStringSubmatch(ref, -1)
	rows := []any{}
	for _, u := range s.people {
		found := slices.ContainsFunc(ids, func(m []string) bool { return m[1] == u.ID })
		if bounds != nil {
			from, to := strings.ReplaceAll(bounds[1], "''", "'"), strings.ReplaceAll(bounds[2], "''", "'")
			found = !s.shuffled && u.UserPrincipalName >= from && u.UserPrincipalName <= to
		}
		if !found || slices.Contains(s.hidden, u.ID) {
			continue
		}
		row := map[string]any{"id": u.ID}
		if u.Manager != nil && !s.unexpanded {
			row["manager"] = map[string]any{"id": u.Manager.ID}
		}
		rows = append(rows, row)
	}
	cut := len(rows) > s.limit
	return http.StatusOK, rowsPage(rows[:min(len(rows), s.limit)], cut && !s.silent, "/users?$skiptoken=of-a-range")
}

func graphFailure(code string) any { return map[string]any{"error": map[string]any{"code": code}} }

func rowsPage(rows []any, more bool, next string) any {
	page := map[string]any{"value": rows}
	if more {
		page["@odata.nextLink"] = "ROOT" + next
	}
	return page
}

// over makes a client of it.
func (s *staff) over(t *testing.T) *graph.Client {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		status, body := http.StatusOK, any(nil)
		if strings.HasSuffix(r.URL.Path, "/$batch") {
			var batch struct {
				Requests []struct{ ID, URL string }
			}
			_ = json.NewDecoder(r.Body).Decode(&batch)
			responses := []any{}
			for _, item := range batch.Requests {
				status, body := s.answer(item.URL)
				responses = append(responses, map[string]any{"id": item.ID, "status": status, "body": body})
			}
			body = map[string]any{"responses": responses}
		} else {
			status, body = s.answer(strings.TrimPrefix(r.URL.RequestURI(), "/v1.0"))
		}
		raw, _ := json.Marshal(body)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(strings.ReplaceAll(string(raw), "ROOT", server.URL+"/v1.0")))
	})
	server.StartTLS()
	t.Cleanup(server.Close)
	httpClient, err := network.NewHTTPClient(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	require.NoError(t, err)
	client, err := graph.New(sending.Options{Cloud: signin.Cloud{GraphEndpoint: server.URL}, Credential: fake.AnyToken{}, HTTPClient: httpClient})
	require.NoError(t, err)
	return client
}

// AskedFor counts the requests that contain a text.
func (s *staff) askedFor(text string) int {
	n := 0
	for _, ref := range s.asked {
		if strings.Contains(ref, text) {
			n++
		}
	}
	return n
}

// requireManagers lists all people and compares the managers that they are given.
// again makes another process of the one that lists, at each call.
func (s *staff) requireManagers(t *testing.T, again bool) {
	t.Helper()
	client, ctx := s.over(t), forms.WithRefused(t.Context(), forms.NewRefused(nil, nil))
	syncer := &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}}, ahead: &walk.PagesAhead{}}
	ix := walk.Index{Store: decidetest.SyncReading(t)}
	got := map[string]*v2.Resource{}
	c := &walk.Cursor{Version: walk.TokenVersion, Phase: phaseUsers}
	for calls := 0; c != nil; calls++ {
		require.Less(t, calls, 100)
		if again {
			syncer.ahead = &walk.PagesAhead{}
		}
		token, err := walk.EncodeToken(c)
		require.NoError(t, err)
		at, err := walk.DecodeCursor(token)
		require.NoError(t, err)
		var found []*v2.Resource
		if at.Phase == phaseManagers {
			found, c, err = syncer.listManaged(ctx, ix, at, &decide.Decision{}, "")
		} else {
			found, c, err = syncer.listUsers(ctx, ix, "sync", at, &decide.Decision{}, phaseManagers)
		}
		require.NoError(t, err)
		for _, r := range found {
			got[r.GetId().GetResource()] = r
		}
	}
	require.Len(t, got, len(s.people))
	there := func(id string) bool { return got[id] != nil }
	for i := range s.people {
		u := &s.people[i]
		want := ""
		if u.Manager != nil && there(u.Manager.ID) {
			want = u.Manager.ID
		}
		require.Equal(t, want, got[u.ID].GetProfile().GetFields()["managerId"].GetStringValue(), u.ID)
	}
}

func TestManagersWouldBeShortWhereAnExpansionCapsThePage(t *testing.T) {
	for _, silent := range []bool{false, true} {
		s := newStaff(2350)
		s.silent = silent
		s.requireManagers(t, false)
		require.Equal(t, 1+2, s.askedFor("$orderby")+s.askedFor("$skiptoken"), "no page of people is read twice")
		require.Equal(t, 1+9+10+4, s.askedFor(" ge "), "the first answer tells how many people to ask about at a time")
		require.Zero(t, s.askedFor(" in ("))
	}
}

func TestPersonWithoutARowWouldHaveNoManager(t *testing.T) {
	s := newStaff(300)
	s.hidden = []string{personNo(0), personNo(1), personNo(150), personNo(299)}
	s.requireManagers(t, false)
	require.Equal(t, len(s.hidden), s.askedFor("/manager?"))
}

func TestNamesThatNoFilterTakesWouldLoseTheirManagers(t *testing.T) {
	s := newStaff(120)
	for _, i := range []int{0, 1, 50, 99, 100, 119} {
		s.people[i].UserPrincipalName = s.people[i].UserPrincipalName[:7] + strings.Repeat("y", 120)
	}
	s.requireManagers(t, false)
}

func TestTenantThatSortsNamesOtherwiseWouldLoseManagers(t *testing.T) {
	s := newStaff(1200)
	s.shuffled = true
	s.requireManagers(t, false)
	require.LessOrEqual(t, s.askedFor(" ge "), 2, "ranges are given up for the rest of the sync")
}

func TestRefusedFormOfManagersWouldEndTheSync(t *testing.T) {
	for _, form := range []string{"$expand=manager($select=id)", " ge ", " in (", "$filter", "$orderby"} {
		s := newStaff(230)
		s.refuse = form
		s.hidden = []string{personNo(7)}
		s.requireManagers(t, false)
	}
}

func TestPageThatAnotherProcessReadAheadWouldBeLost(t *testing.T) {
	s := newStaff(1000)
	s.page = 150
	s.requireManagers(t, true)
}

// A contact can be somebody's manager, and so can somebody who has just gone.
func TestManagerWhoIsNotInTheSnapshotWouldBeNamed(t *testing.T) {
	s := newStaff(500)
	for i := 3; i < 480; i += 2 {
		s.people[i].Manager = &graph.Reference{ID: "99999999-0000-0000-0000-000000000000"}
	}
	s.people[481].Manager = &graph.Reference{ID: "no GUID"}
	s.requireManagers(t, false)
}

func TestPeopleAreAskedAboutOnceAPageIsThere(t *testing.T) {
	s := newStaff(1)
	s.requireManagers(t, false)
	require.Len(t, s.asked, 3, "the people, their managers, and one of those who seem to have none by himself")
	s = newStaff(0)
	s.requireManagers(t, false)
	require.Len(t, s.asked, 1)
}

// Rows without a manager are the same where there is none and where the tenant
// passes $expand over.
func TestATenantThatPassesExpandOverWouldHaveNoManagers(t *testing.T) {
	s := newStaff(60)
	s.unexpanded = true
	s.requireManagers(t, false)
}

// Who is given twice is in the snapshot as he was given last.
func TestProductsThatFailedWouldGoUnsaidOfPeopleWhoAreGivenTwice(t *testing.T) {
	client := fake.GraphThat(t, func(ref string) (int, string) {
		states := ""
		if strings.Contains(ref, "/manager") {
			return http.StatusNotFound, `{"error":{"code":"Request_ResourceNotFound"}}`
		}
		if strings.Contains(ref, "licenseAssignmentStates") {
			states = `,"licenseAssignmentStates":[{"skuId":"` + fake.SomeApp + `","state":"Error","error":"CountViolation"}]`
		}
		return http.StatusOK, `{"value":[{"id":"` + fake.Here + `","userPrincipalName":"a@b.c"` + states + `}]}`
	})
	s := &Syncer{Kit: kinds.Kit{Client: client, Left: &walk.Tally{}}}
	d := &decide.Decision{Reads: []model.DataSet{model.DataUsers, model.DataLicenses}}
	found, err := s.giveWithoutStrangers(t.Context(), walk.Index{Store: decidetest.SyncReading(t)}, []string{fake.Here}, d)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.NotNil(t, found[0].GetProfile().GetFields()["licenseErrors"])
}
