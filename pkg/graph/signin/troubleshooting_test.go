package signin

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

func TestEachSignInErrorThatAPersonCanMeetIsOnTheTroubleshootingPage(t *testing.T) {
	t.Parallel()
	var said []string
	who := signIn{kind: kindClientSecret, authority: "https://login.example", tenant: "contoso.com", client: "x"}
	for code := range authorityCodes {
		said = append(said, who.explainRefusal(&refusal{status: 400, code: code}).problem)
	}
	for name := range oauthErrors {
		said = append(said, who.explainRefusal(&refusal{status: 400, oauthError: name}).problem)
	}
	said = append(said, signIn{kind: kindClientSecret, secretIsAnID: true}.explainRefusal(&refusal{status: 401, code: codeWrongSecret}).problem)
	for _, r := range []refusal{{status: 400}, {status: 429}, {status: 503}, {status: 400, code: 1}, {status: 400, oauthError: "odd"}} {
		said = append(said, who.explainRefusal(&r).problem)
	}
	identity := signIn{kind: kindManagedIdentity}
	said = append(said, identity.explainNetwork("x", io.EOF).problem, identity.explainRefusal(&refusal{status: 400}).problem)
	for _, kind := range []string{kindClientSecret, kindWorkload, kindAzureCLI, kindOauth} {
		said = append(said, signIn{kind: kind}.explainLocal(errors.New("x")).problem)
	}
	said = append(said, who.explainLocal(context.DeadlineExceeded).problem, signIn{kind: kindAzureCLI}.explainLocal(errSameToken).problem)
	_, clouds := CloudByName("mars")
	_, _, certificate := parseCertificate([]byte("x"), "")
	for _, err := range []error{clouds, certificate, errNotRSA} {
		require.Error(t, err)
		said = append(said, err.Error())
	}
	graphtest.AssertExplained(t, said)
}
