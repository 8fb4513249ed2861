package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

func TestEachNetworkErrorThatAPersonCanMeetIsOnTheTroubleshootingPage(t *testing.T) {
	t.Parallel()
	var said []string
	for _, err := range []error{
		context.Canceled, context.DeadlineExceeded, io.EOF, ErrRedirect, errors.New("x"), errors.New(proxyAuthRequired),
		&net.OpError{Op: "proxyconnect", Err: io.EOF}, &net.DNSError{IsNotFound: true}, &net.DNSError{}, tls.RecordHeaderError{}, http.ErrSchemeMismatch,
		syscall.ECONNREFUSED, syscall.ENETUNREACH, syscall.ETIMEDOUT, syscall.ECONNRESET,
		x509.UnknownAuthorityError{}, x509.HostnameError{Certificate: &x509.Certificate{}}, x509.CertificateInvalidError{Reason: x509.Expired}, &tls.CertificateVerificationError{Err: io.EOF},
	} {
		said = append(said, Explain("graph.example", err))
	}
	_, err := NewHTTPClient([]byte("x"))
	require.Error(t, err)
	said = append(said, err.Error())
	graphtest.AssertExplained(t, said)
}
