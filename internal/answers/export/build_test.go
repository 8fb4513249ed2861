package export

import (
	"context"
	"database/sql"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
)

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"

// tenant is what a test's snapshot holds.
type tenant struct {
	resources    []*v2.Resource
	entitlements []*v2.Entitlement
	grants       []*v2.Grant
}

func (n *tenant) user(t *testing.T, id, name string, profile map[string]any) {
	t.Helper()
	r, err := rs.NewUserResource(name, v2.ResourceType_builder{Id: access.TypeUser}.Build(), id,
		[]rs.UserTraitOption{rs.WithUserLogin(id + "@contoso.com")}, rs.WithResourceProfile(profile), rs.WithResourceStatus(v2.Status_RESOURCE_STATUS_ENABLED, ""))
	require.NoError(t, err)
	n.resources = append(n.resources, r)
}

func (n *tenant) resource(t *testing.T, resourceType, id, name string, profile map[string]any) {
	t.Helper()
	r, err := rs.NewResource(name, v2.ResourceType_builder{Id: resourceType}.Build(), id, rs.WithResourceProfile(profile))
	require.NoError(t, err)
	n.resources = append(n.resources, r)
}

func (n *tenant) entitlement(resourceType, id, slug, name string) *v2.Entitlement {
	e := v2.Entitlement_builder{Id: resourceType + ":" + id + ":" + slug, Slug: slug, DisplayName: name, Resource: handmade.Ref(resourceType, id)}.Build()
	n.entitlements = append(n.entitlements, e)
	return e
}

// grant adds a grant; sources are entitlement ids.
func (n *tenant) grant(t *testing.T, e *v2.Entitlement, holderType, holder string, metadata map[string]any, sources ...string) {
	t.Helper()
	g := handmade.Grant(e, handmade.Ref(holderType, holder), sources...)
	if metadata != nil {
		told, err := structpb.NewStruct(metadata)
		require.NoError(t, err)
		annos := g.GetAnnotations()
		annos = append(annos, anyOf(t, v2.GrantMetadata_builder{Metadata: told}.Build()))
		g.SetAnnotations(annos)
	}
	n.grants = append(n.grants, g)
}

// write makes the snapshot's file.
func (n *tenant) write(t *testing.T) string {
	t.Helper()
	return (&handmade.File{Types: access.TypeIDs(), Resources: n.resources, Entitlements: n.entitlements, Grants: n.grants}).Write(t)
}

// example is a tenant with some of everything.
func exampleTenant(t *testing.T) *tenant {
	t.Helper()
	n := &tenant{}
	n.resource(t, access.TypeTenant, "t1", "Contoso", map[string]any{
		"build": "v1.2.3", "readAt": "2026-11-01T08:00:00Z", "cloud": "public", "domains": []any{"contoso.com"}, "plans": []any{"AAD_PREMIUM_P2"},
		"dataSets": []any{"people"}, "leftOut": map[string]any{"sign-in activity": "permission AuditLog.Read.All"}, "settings": map[string]any{"skip-ad-groups": true},
	})
	n.user(t, "u1", "Ada", map[string]any{"userType": "Member", "managerId": "u2", "department": "Research", "source": "cloud"})
	n.user(t, "u2", `=HYPERLINK("https://evil.example";"Bo")`, map[string]any{"userType": "Guest", "jobTitle": "+1", "department": "a;@b", "companyName": "\tx", "givenName": "-1"})
	n.resource(t, access.TypeGroup, "g1", "Admins", map[string]any{"securityEnabled": true, "isAssignableToRole": true})
	n.resource(t, access.TypeRole, globalAdministrator, "Global Administrator", map[string]any{"isBuiltIn": true})
	n.resource(t, access.TypeCredential, "a1:k1", "Payroll: job", map[string]any{"kind": "clientSecret", "owner": "Payroll", "endDateTime": "2026-11-01T07:00:00Z"})
	n.resource(t, access.TypeCredential, "a1:k2", "Payroll: other job", map[string]any{"kind": "clientSecret", "owner": "Payroll", "endDateTime": "2026-11-11T09:00:00Z"})
	member := n.entitlement(access.TypeGroup, "g1", access.SlugMember, "Member")
	admin := n.entitlement(access.TypeRole, globalAdministrator, access.SlugAssigned, "Assigned")
	n.grant(t, member, access.TypeUser, "u1", nil)
	n.grant(t, admin, access.TypeGroup, "g1", map[string]any{"assignmentType": "time-bound", "startDateTime": "2026-10-01T00:00:00Z", "endDateTime": "2026-12-01T00:00:00Z"})
	n.grant(t, admin, access.TypeUser, "u1", nil, member.GetId())
	n.grant(t, admin, access.TypeUser, "u2", map[string]any{"assignmentType": "permanent"})
	return n
}

// written exports a snapshot.
func written(ctx context.Context, t *testing.T, snapshot string, o Options) (*Result, error) {
	t.Helper()
	scratch := t.TempDir()
	o.Scratch, o.Build = scratch, "test"
	s, err := access.Open(context.Background(), snapshot, scratch)
	require.NoError(t, err)
	result, err := Write(ctx, s, o)
	require.NoError(t, s.Close(context.Background()))
	left, readErr := os.ReadDir(scratch)
	require.NoError(t, readErr)
	require.Empty(t, left, "temporary files are left")
	return result, err
}

// database exports into a database and opens it.
func database(t *testing.T, n *tenant) *sql.DB {
	t.Helper()
	out := filepath.Join(t.TempDir(), "what? 100% #1.sqlite")
	_, err := written(context.Background(), t, n.write(t), Options{Format: SQLite, Out: out})
	require.NoError(t, err)
	db, err := sql.Open("sqlite", sqliteURI(out))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// ask runs a query and gives its rows, with | between values.
func ask(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query, args...)
	require.NoError(t, err, query)
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	require.NoError(t, err)
	var found []string
	for rows.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		require.NoError(t, rows.Scan(into...))
		texts := make([]string, len(columns))
		for i := range values {
			texts[i] = values[i].String
		}
		found = append(found, strings.Join(texts, "|"))
	}
	require.NoError(t, rows.Err())
	return found
}

// readCSV reads a file of an export, without the mark at its beginning.
func readCSV(t *testing.T, dir, name string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, name+csvSuffix))
	require.NoError(t, err)
	text, marked := strings.CutPrefix(string(raw), byteOrderMark)
	require.True(t, marked, "Excel takes the file for another encoding")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return rows
}

// runsOut is a context that ends when it has been asked so many times.
type runsOut struct {
	context.Context
	left int
}

func (c *runsOut) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}
