package sending

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

func TestOnlyTheThrottledItemsOfABatchAreSentAgain(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(url string, nth int) string {
		if url == "/groups/b/owners" && nth < 3 {
			return graphtest.ItemThrottled
		}
		return graphtest.ItemOK
	}))
	results, err := BatchPages[row](context.Background(), newTestSender(t, r), []string{"/groups/a/owners", "/groups/b/owners"})
	require.NoError(t, err)
	for _, res := range results {
		require.NoError(t, res.Err)
		require.Len(t, res.Page.Items, 1)
	}
	require.Equal(t, 3, r.Count())
	require.NotContains(t, r.Bodies[1], "/groups/a/owners")
}

func TestAnItemsErrorIsItsOwn(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(url string, _ int) string {
		switch url {
		case "/groups/gone/owners":
			return `"status":404,"headers":{"request-id":"r9"},"body":{"error":{"code":"Request_ResourceNotFound","message":"x"}}`
		case "/groups/busy/owners":
			return graphtest.ItemThrottled
		case "/groups/old/owners":
			return `"status":400,"body":{"error":{"code":"Directory_ExpiredPageToken"}}`
		case "/groups/odd/owners":
			return `"status":200,"body":"PGh0bWw+"`
		case "/groups/empty/owners":
			return `"status":200,"body":{}`
		}
		return graphtest.ItemOK
	}))
	results, err := BatchPages[row](context.Background(), newTestSender(t, r),
		[]string{"/groups/gone/owners", "/groups/busy/owners", "/groups/old/owners", "/groups/odd/owners", "/groups/empty/owners", "/groups/ok/owners"})
	require.NoError(t, err)
	require.True(t, failure.IsNotFound(results[0].Err))
	require.ErrorContains(t, results[0].Err, "GET /groups/gone/owners")
	require.ErrorContains(t, results[0].Err, "r9")
	var busy *failure.Error
	require.ErrorAs(t, results[1].Err, &busy)
	require.True(t, busy.Throttled())
	require.True(t, failure.IsExpiredPageToken(results[2].Err))
	require.Error(t, results[3].Err)
	require.Nil(t, results[3].Page)
	require.Error(t, results[4].Err, "an item without value is no empty page")
	require.NoError(t, results[5].Err)
}

// Each request is asked alone where the envelope does not answer it; what is no
// page then is no empty page either.
func TestABatchAnswerThatLacksAnItemIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"missing":   `{"responses":[{"id":"0",` + graphtest.ItemOK + `}]}`,
		"twice":     `{"responses":[{"id":"0",` + graphtest.ItemOK + `},{"id":"0",` + graphtest.ItemOK + `}]}`,
		"unknown":   `{"responses":[{"id":"0",` + graphtest.ItemOK + `},{"id":"1",` + graphtest.ItemOK + `},{"id":"7",` + graphtest.ItemOK + `}]}`,
		"no list":   `{}`,
		"nothing":   `{"responses":[null,null]}`,
		"otherwise": `{"responses":[{"id":"00",` + graphtest.ItemOK + `},{"id":"+1",` + graphtest.ItemOK + `}]}`,
		"not an id": `{"responses":[{"id":"a",` + graphtest.ItemOK + `}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := graphtest.NewServer(t, graphtest.Answer(200, body))
			results, err := BatchPages[row](context.Background(), newTestSender(t, r), []string{"/a/b", "/c/d"})
			require.NoError(t, err)
			for _, result := range results {
				require.ErrorContains(t, result.Err, "not a page")
				require.Nil(t, result.Page)
			}
		})
	}
}

func TestAnItemWithoutItsObjectIsNotTakenForAnEmptyOne(t *testing.T) {
	for _, item := range []string{`"status":200`, `"status":200,"body":null`, `"status":200,"body":{}`, `"status":204`} {
		r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(string, int) string { return item }))
		results, err := BatchObjects[row](context.Background(), newTestSender(t, r), []string{"/servicePrincipals/a"})
		require.NoError(t, err)
		require.Error(t, results[0].Err, item)
		require.Nil(t, results[0].Object)
	}
}

func TestABatchItemCannotLeadElsewhere(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.BatchHandler(t, func(string, int) string {
		return `"status":200,"body":{"value":[],"@odata.nextLink":"https://evil.example/v1.0/groups"}`
	}))
	_, err := BatchPages[row](context.Background(), newTestSender(t, r), []string{"/groups/a/owners"})
	require.ErrorIs(t, err, ErrForeignLink)
	_, err = BatchPages[row](context.Background(), newTestSender(t, r), []string{"https://evil.example/x"})
	require.ErrorIs(t, err, ErrForeignLink)
}

func TestABatchIsNeverLargerThanGraphAllows(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, `{}`))
	_, err := BatchPages[row](context.Background(), newTestSender(t, r), make([]string, MaxBatchSize+1))
	require.Error(t, err)
	require.Zero(t, r.Count())
}

// endingRow is a row whose reading ends its context: the answer came whole, and
// the caller is gone.
type endingRow struct{}

var endOfCaller context.CancelFunc

func (*endingRow) UnmarshalJSON([]byte) error {
	endOfCaller()
	return nil
}

func TestACallerThatEndsBetweenLoneRequestsWouldCrashTheConnector(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	endOfCaller = cancel
	r := graphtest.NewServer(t, func(w http.ResponseWriter, req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "/$batch") {
			graphtest.Answer(400, `{"error":{"code":"BadRequest"}}`)(w, req)
			return
		}
		graphtest.Answer(200, `{"value":[{"id":"1"}]}`)(w, req)
	})
	_, err := BatchPages[endingRow](ctx, newTestSender(t, r), []string{"/a/b", "/c/d"})
	require.ErrorIs(t, err, context.Canceled)
}
