package graph

import (
	"testing"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

func TestEachErrorThatAPersonCanMeetIsOnTheTroubleshootingPage(t *testing.T) {
	t.Parallel()
	graphtest.AssertExplained(t, []string{sending.ErrForeignLink.Error(), ErrUntyped.Error()})
}
