package ask

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// hostile is a name that its owner chose to do harm.
const hostile = "=HYPERLINK(\"http://x\")\x1b[2J\u202eevil|<script>\n# title"

func hostileAnswer() *Answer {
	return &Answer{
		Question: "who-has", Arguments: []string{hostile}, Headline: "1 principal holds " + hostile + ".",
		Columns: []Column{{Key: "who", Title: "Who"}, {Key: "id", Detail: true}}, Rows: [][]string{{hostile, "1"}},
		Notes: []string{hostile}, Gaps: []string{hostile},
	}
}

var told = &access.About{Told: true, Tenant: hostile, EndedAt: time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC), LeftOut: map[string]string{}}

func written1(t *testing.T, format string, width int) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, hostileAnswer().Write(&b, told, format, width))
	return b.String()
}

func TestAnswerDoesWhatANameSays(t *testing.T) {
	for _, format := range Formats() {
		text := written1(t, format, 80)
		require.NotContains(t, text, "\x1b", format)
		require.NotContains(t, text, "\u202e", format)
	}
	require.NotContains(t, written1(t, FormatMarkdown, 0), "<script>")
	for _, line := range strings.Split(written1(t, FormatMarkdown, 0), "\n") {
		require.False(t, strings.HasPrefix(line, "# "), line)
	}
	rows, err := csv.NewReader(strings.NewReader(written1(t, FormatCSV, 0))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, terminal.HarmlessField(hostile), rows[1][0])
	require.Equal(t, "'=", rows[1][0][:2], "a spreadsheet would take it for a formula")
}

func TestAnswerInJSONLosesNothing(t *testing.T) {
	var out written
	require.NoError(t, json.Unmarshal([]byte(written1(t, FormatJSON, 0)), &out))
	require.Equal(t, hostile, out.Rows[0]["who"])
	require.Equal(t, []string{hostile}, out.Gaps)
	require.False(t, out.Whole)
}

func TestAnswerThatIsNotWholeLooksWhole(t *testing.T) {
	for _, format := range []string{FormatText, FormatMarkdown} {
		require.Contains(t, strings.ToLower(written1(t, format, 0)), "not whole", format)
	}
}

func TestTableThatIsTooWideForATerminalIsNotWrappedIntoANonsense(t *testing.T) {
	a := &Answer{Headline: "x", Columns: []Column{{Key: "a", Title: "A"}, {Key: "b", Title: "B"}}, Rows: [][]string{{strings.Repeat("a ", 20), strings.Repeat("b ", 20)}}}
	for _, width := range []int{0, 40, 80, 200} {
		var b strings.Builder
		require.NoError(t, a.Write(&b, told, FormatText, width))
		for _, line := range strings.Split(b.String(), "\n") {
			if width > 0 && !strings.Contains(line, "evil") { // One word cannot be folded.
				require.LessOrEqual(t, len([]rune(line)), width)
			}
		}
	}
}

func TestWhatASnapshotDoesNotSayLooksLikeNobody(t *testing.T) {
	needs := []need{{data: access.DataConsents, lacking: "consents do not show", gap: true}, {data: access.DataRoleTimes, lacking: "ends do not show"}}
	for name, about := range map[string]*access.About{
		"older build": {}, "left out": {Told: true, LeftOut: map[string]string{access.DataConsents: "the permission Directory.Read.All"}},
	} {
		q := &query{Answer: &Answer{}}
		q.judgeBy(about, needs)
		require.False(t, q.Whole(), name)
	}
	q := &query{Answer: &Answer{Rows: [][]string{{"x"}}}}
	q.judgeBy(&access.About{}, needs)
	require.True(t, q.Whole(), "there is an answer, and the note says that there may be more")
	require.NotEmpty(t, q.Notes)
	q = &query{Answer: &Answer{}}
	q.judgeBy(&access.About{Told: true, Read: []string{access.DataConsents, access.DataRoleTimes}}, needs)
	require.True(t, q.Whole())
	require.Empty(t, q.Notes)
}

// Without a permission in Entra an application can read mail all the same, by a role of Exchange's own.
func TestNobodyReadsMailIsNotSaidOfWhatCannotBeRead(t *testing.T) {
	q := &query{Answer: &Answer{}}
	q.besideExchange()
	require.False(t, q.Whole())
	require.Contains(t, q.Gaps[0], "RBAC for Applications")
	q = &query{Answer: &Answer{Rows: [][]string{{"x"}}}}
	q.besideExchange()
	require.True(t, q.Whole())
	require.Contains(t, q.Notes[0], "RBAC for Applications")
}
