package accesspackages

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph/entitlements"
)

// Microsoft refuses to be asked a second time while the package is on its way, and it can
// come to nothing after that, or end before it is to.
func TestAPackageThatOnlySomebodyElseAskedForWouldBeCalledHeld(t *testing.T) {
	const (
		none, coming = `{"value":[]}`, `{"value":[{"id":"a","state":"delivering","assignmentPolicy":{"id":"policy"}}]}`
		ending       = `{"value":[{"id":"a","state":"delivered","assignmentPolicy":{"id":"policy"},` +
			`"schedule":{"expiration":{"type":"afterDateTime","endDateTime":"2030-01-01T00:00:00Z"}}}]}`
		held = `{"value":[{"id":"a","state":"delivered","assignmentPolicy":{"id":"policy"}}]}`
	)
	later := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		then string
		code codes.Code
	}{"comes to nothing": {none, codes.FailedPrecondition}, "never arrives": {coming, codes.FailedPrecondition}, "ends before": {ending, codes.FailedPrecondition}, "is held": {held, codes.OK}} {
		var looks atomic.Int32
		client := fake.ClientOver(t, func(w http.ResponseWriter, r *http.Request) {
			answer := c.then
			switch {
			case r.Method == http.MethodPost:
				w.WriteHeader(http.StatusBadRequest)
				answer = fake.RefusalBody("BadRequest")
				looks.Store(100)
			case !strings.Contains(r.URL.Path, "assignments"):
				t.Errorf("asked for %s", r.URL)
			case looks.Load() < 100:
				answer = none
			case looks.Add(1) == 101:
				answer = coming
			}
			_, _ = io.WriteString(w, answer)
		})
		s := New(kinds.Kit{Client: client, Left: &walk.Tally{}, Provision: &change.Provisioner{Client: client, Locks: &change.KeyedLocks{}, Patience: 100 * time.Millisecond}})
		outcome, err := s.give(t.Context(), entitlements.Holding{PackageID: "package", PolicyID: "policy", TargetID: aGroup}, entitlements.Request{End: &later})
		require.Equal(t, c.code, status.Code(err), "%s: %v", name, err)
		require.Equal(t, change.Unchanged, outcome, name)
	}
}
