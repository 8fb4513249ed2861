package graph

import (
	"testing"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

func TestEachErrorThatAPersonCanMeetIsOnTheTroubleshootingPage(t *testing.T) {
	t.Parallel()
	graphtest.AssertExplained(t, []string{ErrForeignLink.Error(), ErrUntyped.Error()})
}
