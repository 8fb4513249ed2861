package export

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

func anyOf(t *testing.T, m proto.Message) *anypb.Any {
	t.Helper()
	packed, err := anypb.New(m)
	require.NoError(t, err)
	return packed
}

func TestAccessThroughAGroupEndsWhenTheGroupsOwnDoes(t *testing.T) {
	db := database(t, exampleTenant(t))
	require.Equal(t, []string{
		"g1|Admins|yes|||time-bound|2026-10-01 00:00:00|2026-12-01 00:00:00",
		"u1|Ada|no|Admins|g1|time-bound|2026-10-01 00:00:00|2026-12-01 00:00:00",
		`u2|=HYPERLINK("https://evil.example";"Bo")|yes|||permanent||`,
	}, ask(t, db, `SELECT principal_id, principal_name, direct, through, through_ids, kind, since, until FROM access WHERE resource_type = 'role' ORDER BY 1`))
	require.Equal(t, []string{"privileged directory role, which gives the whole tenant away"},
		ask(t, db, `SELECT DISTINCT power FROM access WHERE resource_type = 'role'`))
	require.Equal(t, []string{""}, ask(t, db, `SELECT power FROM access WHERE resource_type = 'group'`))
}

func TestLongestWayThroughGroupsDecidesUntilWhen(t *testing.T) {
	n := exampleTenant(t)
	admin := n.entitlements[1]
	n.resource(t, access.TypeGroup, "g2", "Others", nil)
	n.grant(t, admin, access.TypeGroup, "g2", map[string]any{"assignmentType": "permanent", "startDateTime": "2026-09-01T00:00:00Z"})
	n.grant(t, admin, access.TypeUser, "u3", nil, "group:g1:member", "group:g2:member")
	require.Equal(t, []string{"Admins; Others|permanent|2026-09-01 00:00:00|"},
		ask(t, database(t, n), `SELECT through, kind, since, until FROM access WHERE principal_id = 'u3'`))
}

func TestExportSaysWhatTheSnapshotDoesNotKnow(t *testing.T) {
	db := database(t, exampleTenant(t))
	require.Equal(t, []string{
		"data set|people|read|", "data set|sign-in activity|left out|permission AuditLog.Read.All", "export|build|test|",
		"rows|access|4|", "rows|credentials|2|", "rows|entitlements|2|", "rows|principals|3|", "rows|resources|1|", "setting|skip-ad-groups|true|",
		"snapshot|begun|2026-11-01 08:00:00|", "snapshot|build|v1.2.3|", "snapshot|file|tenant.c1z|",
		"tenant|cloud|public|", "tenant|domain|contoso.com|", "tenant|id|t1|", "tenant|name|Contoso|", "tenant|plan|AAD_PREMIUM_P2|",
	}, ask(t, db, `SELECT * FROM about WHERE name <> 'finished' ORDER BY 1, 2`))

	silent := exampleTenant(t)
	silent.resources = silent.resources[1:]
	require.Equal(t, []string{"not told"}, ask(t, database(t, silent), `SELECT value FROM about WHERE name = 'what was left out'`))
}

func TestCredentialThatEndedAnHourBeforeTheSnapshotIsExpired(t *testing.T) {
	db := database(t, exampleTenant(t))
	require.Equal(t, []string{"a1:k1|-1|yes|Payroll", "a1:k2|10|no|Payroll"}, ask(t, db, `SELECT id, days_left, expired, owner_name FROM credentials ORDER BY 1`))
}

func TestEveryColumnIsExplainedWhereItIs(t *testing.T) {
	db := database(t, exampleTenant(t))
	for _, name := range ask(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('schema', 'examples')`) {
		require.Len(t, ask(t, db, `SELECT meaning FROM schema WHERE table_name = ? AND column_name IS NULL AND meaning <> ''`, name), 1, name)
		columns := ask(t, db, `SELECT name FROM pragma_table_info(?)`, name)
		require.NotEmpty(t, columns)
		require.Equal(t, columns, ask(t, db, `SELECT column_name FROM schema WHERE table_name = ? AND column_name IS NOT NULL AND meaning <> '' AND holds <> ''`, name))
		for _, column := range columns {
			require.Contains(t, schemaPage(), "| `"+column+"` |")
		}
	}
	for _, line := range strings.Split(schemaPage(), "\n") {
		if strings.HasPrefix(line, "|") {
			require.Equal(t, 4, strings.Count(line, "|"), "a bar in a text breaks the table: %s", line)
		}
	}
}

func TestExamplesRunAndAreViews(t *testing.T) {
	db := database(t, exampleTenant(t))
	require.Len(t, examples, 10)
	for _, e := range examples {
		require.Equal(t, []string{e.question + "|" + e.sql}, ask(t, db, `SELECT question, sql FROM examples WHERE name = ?`, e.name))
		require.Equal(t, ask(t, db, e.sql), ask(t, db, `SELECT * FROM `+e.name))
	}
	require.Len(t, ask(t, db, `SELECT * FROM privileged_people`), 2)
	require.Len(t, ask(t, db, `SELECT * FROM managers_to_ask`), 1)
}

func TestNameThatIsAFormulaIsATextInEverySpreadsheet(t *testing.T) {
	snapshot := exampleTenant(t).write(t)
	dir := filepath.Join(t.TempDir(), "csv")
	_, err := written(context.Background(), t, snapshot, Options{Format: CSV, Out: dir})
	require.NoError(t, err)
	book := filepath.Join(t.TempDir(), "tenant.xlsx")
	_, err = written(context.Background(), t, snapshot, Options{Format: XLSX, Out: book})
	require.NoError(t, err)
	file, err := excelize.OpenFile(book)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	for _, table := range tables() {
		sheet, err := file.GetRows(table.name)
		require.NoError(t, err)
		for _, rows := range [][][]string{readCSV(t, dir, table.name), sheet} {
			require.NotEmpty(t, rows)
			for _, row := range rows {
				for _, cell := range row {
					if _, err := strconv.Atoi(cell); err != nil { // Days can be negative.
						require.NotRegexp(t, "^[ \n\"]*[=+@＝＋－＠-]", cell)
					}
				}
			}
		}
	}
	people := readCSV(t, dir, "principals")
	require.Contains(t, people[len(people)-1], `'=HYPERLINK("https://evil.example";"Bo")`)
	require.Contains(t, people[len(people)-1], `a;'@b`, "half of the world's spreadsheets cut at semicolons")
	require.Contains(t, people[len(people)-1], `\u0009x`)
	cell, err := file.GetCellFormula("principals", "C4")
	require.NoError(t, err)
	require.Empty(t, cell)
}

func TestTextsThatNoCellHoldsAreCut(t *testing.T) {
	long := cut(strings.Repeat("é😀", 20_000))
	require.True(t, strings.HasSuffix(long, cutHere))
	book := excelize.NewFile()
	require.NoError(t, book.SetCellStr("Sheet1", "A1", long))
	got, err := book.GetCellValue("Sheet1", "A1")
	require.NoError(t, err)
	require.Equal(t, long, got, "the library has cut it, too, and does not say so")
}

func TestRowsBeyondASheetGoOnInTheNext(t *testing.T) {
	require.Equal(t, 1_048_576, excelize.TotalRows, "what Excel allows")
	n := exampleTenant(t)
	for i := range 7 {
		n.grant(t, n.entitlements[0], access.TypeUser, fmt.Sprintf("x%d", i), nil)
	}
	book := filepath.Join(t.TempDir(), "tenant.xlsx")
	result, err := written(context.Background(), t, n.write(t), Options{Format: XLSX, Out: book, SheetRows: 5})
	require.NoError(t, err)
	file, err := excelize.OpenFile(book)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	require.Subset(t, file.GetSheetList()[7:], []string{"access 2", "access 3", "about 2"})
	require.Equal(t, []string{readMe, "about", "principals", "resources", "entitlements", "credentials", "access", "access 2"}, file.GetSheetList()[:8])
	seen := map[string]bool{}
	for number, sheet := range []string{"access", "access 2", "access 3"} {
		rows, err := file.GetRows(sheet)
		require.NoError(t, err)
		require.Equal(t, "principal_id", rows[0][0], "each sheet has its heading")
		require.Len(t, rows, []int{5, 5, 4}[number])
		for _, row := range rows[1:] {
			seen[row[0]+row[9]] = true
		}
	}
	require.Len(t, seen, 11)
	require.Equal(t, Count{Table: "access", Rows: 11}, result.Counts[len(result.Counts)-1])
}

func TestDatesOfAWorkbookAreDates(t *testing.T) {
	book := filepath.Join(t.TempDir(), "tenant.xlsx")
	_, err := written(context.Background(), t, exampleTenant(t).write(t), Options{Format: XLSX, Out: book})
	require.NoError(t, err)
	file, err := excelize.OpenFile(book)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	shown, err := file.GetCellValue("credentials", "H2")
	require.NoError(t, err)
	require.Equal(t, "2026-11-01 07:00:00", shown)
	raw, err := file.GetCellValue("credentials", "H2", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Regexp(t, `^46327\.2916`, raw)
}
