package graph

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// troubleshooting are the sentences that docs/troubleshooting.md explains. The
// end-to-end tests hold that each of them is in the code.
func troubleshooting(t *testing.T) []*regexp.Regexp {
	t.Helper()
	page, err := os.ReadFile("../../docs/troubleshooting.md")
	require.NoError(t, err)
	var explained []*regexp.Regexp
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		parts := strings.Split(row[1], "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		explained = append(explained, regexp.MustCompile("(?s)"+strings.Join(parts, ".*")))
	}
	require.NotEmpty(t, explained)
	return explained
}

func TestEachErrorThatAPersonCanMeetIsOnTheTroubleshootingPage(t *testing.T) {
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

	for _, err := range []error{
		context.Canceled, context.DeadlineExceeded, io.EOF, errRedirect, errors.New("x"), errors.New(proxyAuthRequired),
		&net.OpError{Op: "proxyconnect", Err: io.EOF}, &net.DNSError{IsNotFound: true}, &net.DNSError{}, tls.RecordHeaderError{}, http.ErrSchemeMismatch,
		syscall.ECONNREFUSED, syscall.ENETUNREACH, syscall.ETIMEDOUT, syscall.ECONNRESET,
		x509.UnknownAuthorityError{}, x509.HostnameError{Certificate: &x509.Certificate{}}, x509.CertificateInvalidError{Reason: x509.Expired}, &tls.CertificateVerificationError{Err: io.EOF},
	} {
		said = append(said, ExplainConnection("graph.example", err))
	}
	for _, e := range []Error{
		{StatusCode: 403}, {StatusCode: 401}, {StatusCode: 429}, {StatusCode: 500}, {StatusCode: 503}, {StatusCode: 403, Code: CodePremiumRequired},
		{StatusCode: 403, Code: CodeAccessDenied}, {StatusCode: 401, Code: CodeIdentityNotFound}, {StatusCode: 400, Code: CodeUnsupportedQuery}, {StatusCode: 400, Code: CodeExpiredPageToken},
	} {
		require.NotEmpty(t, e.advice())
		said = append(said, e.Error())
	}
	_, clouds := CloudByName("mars")
	_, _, certificate := parseCertificate([]byte("x"), "")
	_, roots := NewHTTPClient([]byte("x"))
	for _, err := range []error{clouds, certificate, roots, ErrForeignLink, ErrUntyped, errNotRSA} {
		require.Error(t, err)
		said = append(said, err.Error())
	}

	explained := troubleshooting(t)
	for _, sentence := range said {
		found := false
		for _, form := range explained {
			found = found || form.MatchString(sentence)
		}
		assert.True(t, found, "the page does not explain %q", sentence)
	}
}
