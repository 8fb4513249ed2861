package failure

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

func TestEachFailureErrorThatAPersonCanMeetIsOnTheTroubleshootingPage(t *testing.T) {
	t.Parallel()
	var said []string
	for _, e := range []Error{
		{StatusCode: 403}, {StatusCode: 401}, {StatusCode: 429}, {StatusCode: 500}, {StatusCode: 503}, {StatusCode: 403, Code: CodePremiumRequired},
		{StatusCode: 403, Code: CodeAccessDenied}, {StatusCode: 401, Code: CodeIdentityNotFound}, {StatusCode: 400, Code: CodeUnsupportedQuery}, {StatusCode: 400, Code: CodeExpiredPageToken},
	} {
		require.NotEmpty(t, e.advice())
		said = append(said, e.Error())
	}
	graphtest.AssertExplained(t, said)
}
