package events

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
)

// What is not found is no event, and the feed does not come back to it.
func TestWhatIsForgottenWhileItIsNeededWouldBeAnEventTheLess(t *testing.T) {
	const other = "0a000000-0000-4000-8000-000000000009"
	client := fake.GraphThat(t, func(ref string) (int, string) {
		var rows []string
		for _, id := range []string{fake.SomeApp, other} {
			if strings.Contains(ref, id) {
				rows = append(rows, `{"id":"`+id+`","servicePrincipalType":"Application"}`)
			}
		}
		return http.StatusOK, fake.RowsIn(rows...)
	})
	l := newLookup(client, fake.Sales)
	_, err := l.servicePrincipals(t.Context(), []string{fake.SomeApp})
	require.NoError(t, err)
	for i := range maxKnown {
		l.byID[fmt.Sprint(i)] = knownPrincipal{walk.Holder{}, time.Now().Add(time.Hour)}
	}
	found, err := l.servicePrincipals(t.Context(), []string{fake.SomeApp, other})
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.LessOrEqual(t, len(l.byID), maxKnown)
}
