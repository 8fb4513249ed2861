package graphsim

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

func TestPagesAreWholeAndKeepTheQuery(t *testing.T) {
	b := start(t)
	b.server.SetExpandCaps(200, directory.ExpandLimit)
	seen, empty, links := map[string]bool{}, 0, 0
	path := "users?$select=id,displayName&$expand=manager($select=id)&$top=200"
	for path != "" {
		a := b.get(path)
		require.Equal(t, http.StatusOK, a.status, string(a.raw))
		if len(a.rows()) == 0 {
			empty++
		}
		for _, id := range a.ids() {
			require.False(t, seen[id], "a row came twice")
			seen[id] = true
		}
		if path = a.next(); path != "" {
			links++
			u, err := url.Parse(path)
			require.NoError(t, err)
			assert.Equal(t, b.server.URL(), u.Scheme+"://"+u.Host)
			assert.Equal(t, "id,displayName", u.Query().Get("$select"))
			assert.Equal(t, "manager($select=id)", u.Query().Get("$expand"))
		}
	}
	assert.Len(t, seen, 1300)
	assert.Equal(t, 1, empty, "an empty page with a nextLink is normal")
	assert.Equal(t, 7, links)
}

func TestPageBoundaries(t *testing.T) {
	b := start(t)
	a := b.get("groups/" + b.server.tenant.ID(KindGroup, directory.GroupPage) + "/members?$select=id&$top=999")
	assert.Len(t, a.rows(), directory.FullPage)
	assert.Empty(t, a.next(), "exactly one page")
	assert.Len(t, b.get("users").rows(), odata.DefaultTop)
	a = b.get("roleManagement/directory/roleAssignments")
	assert.Len(t, a.rows(), nouns.RolePageSize)
	assert.NotEmpty(t, a.next())
	assert.Len(t, b.all("roleManagement/directory/roleAssignments"), len(b.server.tenant.Assignments))
	wiki := "servicePrincipals/" + b.server.tenant.ID(KindServicePrincipal, SPWiki) + "/appRoleAssignedTo?$top=999"
	assert.Len(t, b.all(wiki), len(b.server.tenant.AssignedTo[SPWiki]))
}

func TestPageTokenExpires(t *testing.T) {
	b := start(t)
	next := b.get("users?$top=10").next()
	require.Equal(t, http.StatusOK, b.get(next).status)
	b.server.SetPageTokenLifetime(time.Nanosecond)
	a := b.get(next)
	assert.Equal(t, http.StatusBadRequest, a.status)
	assert.Equal(t, api.CodeExpiredPageToken, a.code())
}

func TestPageTokenFitsItsQueryOnly(t *testing.T) {
	b := start(t)
	next := b.get("users?$top=10").next()
	assert.Equal(t, api.CodeBadRequest, b.get(strings.Replace(next, "$top=10", "$top=11", 1)).code())
	assert.Equal(t, api.CodeBadRequest, b.get(strings.Replace(next, "/users", "/groups", 1)).code())
}

func TestOrganizationIgnoresPaging(t *testing.T) {
	b := start(t)
	a := b.get("organization?$top=1&$select=id,displayName")
	assert.Len(t, a.rows(), 1)
	assert.Empty(t, a.next())
	assert.Equal(t, b.server.TenantID(), a.ids()[0])
}

func TestOrderBySorts(t *testing.T) {
	b := start(t)
	names := func(query string) []string {
		var out []string
		for _, row := range b.get("groups?$select=displayName&$top=999&$orderby=displayName" + query).rows() {
			out = append(out, strings.ToLower(str(row["displayName"])))
		}
		return out
	}
	assert.IsIncreasing(t, compact(names("")))
	assert.IsDecreasing(t, compact(names(" desc")))
}

func compact(list []string) []string {
	var out []string
	for _, s := range list {
		if len(out) == 0 || out[len(out)-1] != s {
			out = append(out, s)
		}
	}
	return out
}
