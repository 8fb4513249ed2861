package decide

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// graphFor answers probes as a tenant with these plans does for a token with these
// permissions.
func graphFor(t *testing.T, claims *signin.Claims, plans []string) *graph.Client {
	t.Helper()
	return fake.GraphThat(t, func(ref string) (int, string) {
		for i := range Sources {
			s := &Sources[i]
			for _, probe := range s.Probes {
				if plain, err := url.QueryUnescape(probe); err != nil || plain != ref {
					continue
				}
				switch {
				case !s.permitted(claims.Permissions()):
					return http.StatusForbidden, fake.RefusalBody(failure.CodeAccessDenied)
				case len(s.Plans) > 0 && !anyOf(s.Plans, plans):
					return http.StatusBadRequest, fake.RefusalBody(failure.CodePremiumRequired)
				}
				return http.StatusOK, fake.EmptyPage
			}
		}
		return http.StatusNotFound, fake.RefusalBody("BadRequest")
	})
}

func anyOf(wanted, had []string) bool {
	for _, w := range wanted {
		for _, h := range had {
			if w == h {
				return true
			}
		}
	}
	return false
}
