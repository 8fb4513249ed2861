package graph

import (
	"encoding/base64"
	"encoding/json"

	"go/ast"
	"go/parser"
	gotoken "go/token"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTimeThatIsNoneIsAbsentAndLosesNoPage(t *testing.T) {
	for name, value := range map[string]string{
		"empty": `""`, "year 1": `"0001-01-01T00:00:00Z"`, "year 0": `"0000-00-00T00:00:00Z"`, "Windows's zero": `"1601-01-01T00:00:00Z"`,
		"null": `null`, "no zone": `"2026-01-02T03:04:05"`, "a day": `"2026-01-02"`, "words": `"never"`, "number": `0`, "object": `{"a":[1]}`,
		"escaped": `"\u0030001-01-01T00:00:00Z"`,
	} {
		t.Run(name, func(t *testing.T) {
			row := `{"id":"u","signInActivity":{"lastSignInDateTime":"2026-01-02T03:04:05Z","lastNonInteractiveSignInDateTime":` + value +
				`,"lastSuccessfulSignInDateTime":` + value + `}}`
			r := graphtest.NewServer(t, graphtest.Answer(http.StatusOK, `{"value":[`+row+`]}`))
			page, err := newTestClient(t, r).ListSignInActivity(t.Context(), "")
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
			assert.Nil(t, page.Items[0].Activity.LastNonInteractive.Time)
			require.NotNil(t, page.Items[0].Last())
			assert.Equal(t, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), page.Items[0].Last().UTC())
		})
	}
}

func TestTimeIsTheSameAfterItWasStored(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, want := range []TimeOrNone{{}, {&at}} {
		stored, err := json.Marshal(want)
		require.NoError(t, err)
		var got TimeOrNone
		require.NoError(t, json.Unmarshal(stored, &got))
		assert.Equal(t, want, got)
		require.NoError(t, jsonv2.Unmarshal(stored, &got))
		assert.Equal(t, want, got)
	}
}

// A pointer to a time would fail the page for an empty string, and show the year 1.
func TestEveryOptionalTimeOfGraphIsReadInTheOnePlaceThatKnowsItsForms(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	below, err := filepath.Glob("*/*.go")
	require.NoError(t, err)
	files = append(files, below...)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(gotoken.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil || !strings.Contains(field.Tag.Value, `json:"`) || len(field.Names) == 0 {
				return true
			}
			if pointer, ok := field.Type.(*ast.StarExpr); ok {
				if selector, ok := pointer.X.(*ast.SelectorExpr); ok && selector.Sel.Name == "Time" {
					assert.Fail(t, file+": "+field.Names[0].Name+" is to be a TimeOrNone")
				}
			}
			return true
		})
	}
}

func TestByteOrderMarkBeforeASuccessIsSkipped(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(http.StatusOK, "\ufeff"+`{"value":[{"id":"1"}]}`))
	page, err := newTestClient(t, r).ListUsers(t.Context(), "", UserOptions{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)

	r = graphtest.NewServer(t, graphtest.Answer(http.StatusOK, "\ufeff"+`{"value":[{"id":"tenant"}]}`))
	organization, err := newTestClient(t, r).Organization(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "tenant", organization.ID)
}

var oddErrors = map[string]string{
	"plain":           `{"error":{"code":"AadPremiumLicenseRequired","message":"m"}}`,
	"nested twice":    `{"error":{"error":{"code":"AadPremiumLicenseRequired","message":"m"}}}`,
	"nested and null": `{"error":{"code":null,"message":null,"error":{"code":"AadPremiumLicenseRequired","message":"m"}}}`,
	"code twice":      `{"error":{"code":"AadPremiumLicenseRequired","message":"m","innerError":{"code":"x"}},"extra":1}`,
}

func TestCodeOfARefusalIsFoundInEveryForm(t *testing.T) {
	for name, body := range oddErrors {
		for _, mark := range []string{"", "\ufeff"} {
			r := graphtest.NewServer(t, graphtest.Answer(http.StatusBadRequest, mark+body))
			_, err := newTestClient(t, r).ListUsers(t.Context(), "", UserOptions{})
			var refusal *failure.Error
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, failure.CodePremiumRequired, refusal.Code, name)
			assert.Equal(t, "m", refusal.Message, name)
		}
	}
}

func TestCodeOfARefusalInsideABatchIsFoundInEveryForm(t *testing.T) {
	for name, body := range oddErrors {
		marked := "\ufeff" + body
		text, err := json.Marshal(marked)
		require.NoError(t, err)
		for form, sent := range map[string]string{
			"as it is": body, "as text": string(text), "in base64": `"` + base64.StdEncoding.EncodeToString([]byte(marked)) + `"`,
		} {
			r := graphtest.NewServer(t, graphtest.Answer(http.StatusOK, `{"responses":[{"id":"0","status":400,"body":`+sent+`},{"id":"1","status":200,"body":`+graphtest.EmptyPage+`}]}`))
			results, err := sending.BatchPages[Reference](t.Context(), newTestClient(t, r).Sender, []string{"/a", "/b"})
			require.NoError(t, err)
			var refusal *failure.Error
			require.ErrorAs(t, results[0].Err, &refusal)
			assert.Equal(t, failure.CodePremiumRequired, refusal.Code, name+" "+form)
			require.NoError(t, results[1].Err)
		}
	}
}

func TestOddRefusalOfOneItemDoesNotBreakTheBatch(t *testing.T) {
	for _, sent := range []string{`{"error":"invalid_token"}`, `{"error":{"code":42,"message":["x"]}}`, `{"error":null}`, `{"error":[1]}`, `{}`, `null`, `"text"`, `7`} {
		r := graphtest.NewServer(t, graphtest.Answer(http.StatusOK, `{"responses":[{"id":"0","status":400,"headers":{"Retry-After":5,"x":null,"y":["z"]},"body":`+sent+
			`},{"id":"1","status":200,"headers":null,"body":`+graphtest.EmptyPage+`}]}`))
		results, err := sending.BatchPages[Reference](t.Context(), newTestClient(t, r).Sender, []string{"/a", "/b"})
		require.NoError(t, err, sent)
		var refusal *failure.Error
		require.ErrorAs(t, results[0].Err, &refusal, sent)
		assert.Equal(t, http.StatusBadRequest, refusal.StatusCode)
		assert.Equal(t, 5*time.Second, refusal.RetryAfter)
		require.NoError(t, results[1].Err, sent)
	}
}

func TestSuccessInsideABatchWithAByteOrderMarkIsRead(t *testing.T) {
	body := base64.StdEncoding.EncodeToString([]byte("\ufeff" + `{"value":[{"id":"1"}]}`))
	r := graphtest.NewServer(t, graphtest.Answer(http.StatusOK, `{"responses":[{"id":"0","status":200,"body":"`+body+`"}]}`))
	results, err := sending.BatchPages[Reference](t.Context(), newTestClient(t, r).Sender, []string{"/a"})
	require.NoError(t, err)
	require.NoError(t, results[0].Err)
	require.Len(t, results[0].Page.Items, 1)
}
