package sending

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// offline is a client for what needs no server.
func offline(t testing.TB) *Sender {
	t.Helper()
	httpClient, err := network.NewHTTPClient(nil)
	require.NoError(t, err)
	c, err := New(Options{Cloud: signin.Cloud{GraphEndpoint: "https://graph.microsoft.com"}, Credential: graphtest.FixedToken{}, HTTPClient: httpClient}, nil)
	require.NoError(t, err)
	return c
}

// deltaRow is a row with rows of its own, as groups/delta gives them.
type deltaRow struct {
	ID      string `json:"id"`
	Members []row  `json:"members@delta"`
}

// oracleGroup is deltaRow as encoding/json knows it.
type oracleGroup struct {
	ID      string `json:"id"`
	Members []struct {
		ID string `json:"id"`
	} `json:"members@delta"`
}

// FuzzPage is about rows that get lost: whatever a body holds, its page has all
// rows that another decoder finds in it, or there is an error.
func FuzzPage(f *testing.F) {
	for _, seed := range []string{
		`{"value":[{"id":"a","members@delta":[{"@odata.type":"#microsoft.graph.user","id":"b"}]}],"@odata.deltaLink":"https://graph.microsoft.com/v1.0/groups/delta?$deltatoken=x"}`,
		`{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/groups?$skiptoken=x"}`,
		`{"value":[{"id":"a"}],"value":[{"id":"b"}]}`,
		`{"value":[{"id":"a","members@delta":[{"id":"b"}],"members@delta":[]}]}`,
		`{"value":[{"id":"a"}],"@odata.nextLink":"https://graph.microsoft.com/v1.0/a","@odata.nextLink":""}`,
		`{"value":null}`, `{"value":[null]}`, `{"value":[{}]}`, `{"value":{}}`, `{"Value":[{"id":"a"}]}`, `null`, ``, `[]`, `{}`,
		`{"value":[{"id":"a"}]}{"value":[{"id":"b"}]}`, `{"value":[{"id":"a"}]} x`,
		`{"value":[{"id":"\ud800"}]}`, "{\"value\":[{\"id\":\"\xff\"}]}", `{"value":[{"id":"a","@removed":{"reason":"deleted"}}]}`,
	} {
		f.Add([]byte(seed), uint16(20))
	}
	c := offline(f)
	read := func(body []byte, slowly bool) (*Page[deltaRow], error) {
		var decoded pageBody[deltaRow]
		from := iotest.DataErrReader(bytes.NewReader(body))
		if slowly {
			from = iotest.OneByteReader(from)
		}
		if err := decode(&limitedReader{r: from, left: maxBodyBytes}, &decoded); err != nil {
			return nil, err
		}
		return newPage(c, "/groups/delta", &decoded)
	}
	f.Fuzz(func(t *testing.T, body []byte, cut uint16) {
		page, err := read(body, false)
		slow, slowErr := read(body, true)
		require.Equal(t, page, slow, "a body that arrives byte by byte is another one")
		require.Equal(t, err == nil, slowErr == nil)
		if err != nil {
			graphtest.RequireSentence(t, describeBroken(err))
			return
		}
		var plain struct {
			Value []oracleGroup `json:"value"`
			Next  string        `json:"@odata.nextLink"`
		}
		if exactNames(body, &plain) {
			require.Len(t, page.Items, len(plain.Value))
			for i, row := range plain.Value {
				require.NotEmpty(t, page.Items[i].ID)
				require.Equal(t, row.ID, page.Items[i].ID)
				require.Len(t, page.Items[i].Members, len(row.Members))
				for j := range row.Members {
					require.Equal(t, row.Members[j].ID, page.Items[i].Members[j].ID)
				}
			}
			require.Equal(t, plain.Next == "", page.Next == "", "the way to further rows is lost")
		}
		whole := bytes.TrimRight(body, " \t\r\n")
		if n := int(cut); n < len(whole) {
			_, err := read(whole[:n], false)
			require.Error(t, err, "a page that broke off was taken for a whole one")
		}
	})
}

// exactNames decodes with encoding/json, and reports whether what it says can be
// held against this package: it takes VALUE for value, and this package does not.
func exactNames(body []byte, into any) bool {
	lower := strings.ToLower(string(body))
	for _, name := range []string{"value", "id", "members@delta", "@odata.nextlink", "@odata.deltalink", "@removed", "responses", "status", "body"} {
		exact := strings.NewReplacer("@odata.nextlink", "@odata.nextLink", "@odata.deltalink", "@odata.deltaLink").Replace(name)
		if strings.Count(lower, `"`+name+`"`) != strings.Count(string(body), `"`+exact+`"`) {
			return false
		}
	}
	// Names can be spelled with escapes too, and K has a third form.
	return !bytes.Contains(body, []byte(`\u`)) && !strings.ContainsAny(string(body), "\u212a\u017f") && json.Unmarshal(body, into) == nil
}

// FuzzBatch is about answers inside a batch that are lost, doubled or taken for
// another's.
func FuzzBatch(f *testing.F) {
	const ok = `"status":200,"body":{"value":[{"id":"x"}]}`
	for _, seed := range []string{
		`{"responses":[{"id":"0",` + ok + `},{"id":"1",` + ok + `},{"id":"2","status":429,"headers":{"Retry-After":"1"},"body":{"error":{"code":"TooManyRequests"}}}]}`,
		`{"responses":[{"id":"2",` + ok + `},{"id":"1","status":200},{"id":"0","status":204,"body":null}]}`,
		`{"responses":[null,null,null]}`, `{"responses":[{"id":"0"},{"id":"0"},{"id":"1"}]}`, `{"responses":[{"id":0},{"id":"+1"},{"id":"02"}]}`,
		`{"responses":[{"id":"0","status":"200"},{"id":"1","status":200.5},{"id":"-2","status":1e3}]}`,
		`{"responses":[{"id":"0",` + ok + `,"body":{"value":[]}},{"id":"1",` + ok + `},{"id":"2",` + ok + `}]}`,
		`{"responses":[{"id":"0","status":200,"body":"PGh0bWw+"},{"id":"1","status":200,"body":[1]},{"id":"2","status":200,"body":{"value":null,"error":{"code":1}}}]}`,
		`{}`, `null`, `{"responses":{}}`,
	} {
		f.Add([]byte(seed))
	}
	c := offline(f)
	pending := []int{0, 1, 2}
	f.Fuzz(func(t *testing.T, body []byte) {
		var decoded struct {
			Responses []batchAnswer[pageBody[row]] `json:"responses"`
		}
		err := decode(bytes.NewReader(body), &decoded)
		if err != nil {
			graphtest.RequireSentence(t, describeBroken(err))
			return
		}
		answers, err := matchAnswers(decoded.Responses, pending)
		var ids []string
		for _, r := range decoded.Responses {
			ids = append(ids, r.ID)
		}
		slices.Sort(ids)
		require.Equal(t, slices.Equal(ids, []string{"0", "1", "2"}), err == nil, "%v", ids)
		if err != nil {
			return
		}
		var plain struct {
			Responses []struct {
				ID     string          `json:"id"`
				Status int             `json:"status"`
				Body   json.RawMessage `json:"body"`
			} `json:"responses"`
		}
		known := exactNames(body, &plain)
		for _, i := range pending {
			answers[i].ref = "/groups/a/members"
			page, err := batchPage(c, answers[i])
			require.NotEqual(t, page == nil, err == nil, "a page or an error")
			if err != nil {
				graphtest.RequireSentence(t, err.Error())
				continue
			}
			if known {
				at := slices.IndexFunc(decoded.Responses, func(r batchAnswer[pageBody[row]]) bool { return r.ID == answers[i].ID })
				var rows struct {
					Value []struct{ ID string } `json:"value"`
				}
				require.NoError(t, json.Unmarshal(plain.Responses[at].Body, &rows))
				require.GreaterOrEqual(t, plain.Responses[at].Status, 200)
				require.Len(t, page.Items, len(rows.Value))
			}
			for _, row := range page.Items {
				require.NotEmpty(t, row.ID)
			}
		}
	})
}

// FuzzErrorBody is about refusals that put words into errors and logs.
func FuzzErrorBody(f *testing.F) {
	f.Add([]byte(`{"error":{"code":"Request_ResourceNotFound","message":"Resource x"}}`), "req-1", 404)
	f.Add([]byte(`{"error":{"code":"\u001b[2J\n{\"level\":\"info\"}","message":"\u202e"}}`), "a\x1b\u009b\n", 403)
	f.Add([]byte(`{"error":"invalid_client"}`), "", 429)
	f.Add([]byte(`<html>`), "\xff", 502)
	f.Fuzz(func(t *testing.T, body []byte, requestID string, status int) {
		e := newError("GET /users", status, requestID, requestID)
		readBody(e, body)
		graphtest.RequireSentence(t, e.Error())
		require.LessOrEqual(t, len([]rune(e.Error())), 2000)
		require.GreaterOrEqual(t, e.RetryAfter, 0*e.RetryAfter)
		_, _, _, _ = failure.IsNotFound(e), failure.IsAlreadyThere(e), failure.TakenProperty(e), failure.IsAlreadyGone(e)
	})
}
