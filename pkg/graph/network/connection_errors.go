package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
)

// ConnectionError says that no complete answer came: the host could not be
// reached, or what it sent was not an answer.
type ConnectionError struct {
	// Operation is the method and path, without the query string.
	Operation string
	// Explanation is a sentence for a person.
	Explanation string
	// Attempts is how often the request was sent.
	Attempts int
	// Unreadable means that answers came, each time or often enough, and were not
	// what was asked for: no JSON, say.
	Unreadable bool
	// Err is the cause.
	Err error
}

// Error is one sentence: what was asked and what went wrong.
func (e *ConnectionError) Error() string {
	s := e.Operation + ": " + e.Explanation
	if e.Attempts > 1 {
		s += fmt.Sprintf(" [%d attempts]", e.Attempts)
	}
	return s
}

// Unwrap gives the cause.
func (e *ConnectionError) Unwrap() error { return e.Err }

// ErrRedirect ends a redirected request: neither Graph nor the login authority redirects API
// calls, and following one could carry a token to another host.
var ErrRedirect = errors.New("the server answered with a redirect, which is not followed")

// ErrForeignAuthority ends a token request that would leave the sign-in service.
// The service itself names the address that secrets are then sent to, in a
// document that is read first (OpenID Connect Discovery).
var ErrForeignAuthority = errors.New("the request would go to a host that is not the configured sign-in service")

// WorthRetrying tells a passing trouble from one that a second try cannot cure.
func WorthRetrying(err error) bool {
	var untrusted *tls.CertificateVerificationError
	return !errors.As(err, &untrusted) && !errors.Is(err, ErrRedirect) && !errors.Is(err, ErrForeignAuthority)
}

// adviceRoute ends the sentences about hosts that cannot be reached.
const adviceRoute = "; check the network, firewall and proxy (HTTPS_PROXY) of this machine"

// proxyAuthRequired is how net/http reports a proxy that wants credentials: the
// text of the status, without a type.
var proxyAuthRequired = http.StatusText(http.StatusProxyAuthRequired)

// Explain turns the error of a request that got no answer into a
// sentence for a person: which host, what went wrong, what to do. It takes the
// host as the URL has it (with a port, perhaps) and whatever net/http returned.
// It decides on the types of the errors and repeats no URL.
func Explain(host string, err error) string {
	if said := explainCertificate(host, err); said != "" {
		return said
	}
	var dns *net.DNSError
	var op *net.OpError
	var notTLS tls.RecordHeaderError
	switch {
	case errors.Is(err, context.Canceled):
		return "the request to " + host + " was interrupted"
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "the proxy on the way to " + host + " cannot be reached; check HTTPS_PROXY and NO_PROXY"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "the host name " + host + " is not known; check the spelling, the cloud setting and this machine's DNS"
	case errors.As(err, &dns):
		return "the host name " + host + " could not be looked up; check this machine's DNS"
	case errors.As(err, &notTLS), errors.Is(err, http.ErrSchemeMismatch):
		return host + " does not speak TLS; check that the port is the one for https"
	case errors.Is(err, syscall.ECONNREFUSED):
		return host + " refused the connection; check host and port, and that the service runs"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no route to " + host + adviceRoute
	case IsTimeout(err):
		return host + " did not answer in time" + adviceRoute
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return host + " closed the connection before it answered" + adviceRoute
	case errors.Is(err, ErrRedirect):
		return host + " answered with a redirect, which is not followed; check that the host is the right one"
	case errors.Is(err, ErrForeignAuthority):
		return host + " is not the configured sign-in service, which names it as the place to sign in; nothing was sent there: check --authority-host"
	case innermost(err) == proxyAuthRequired:
		return "the proxy on the way to " + host + " asks for a user name and password; put them into HTTPS_PROXY"
	}
	return host + " cannot be reached" + adviceRoute
}

// explainCertificate is empty if the certificate is not the trouble.
func explainCertificate(host string, err error) string {
	var unknown x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		return "the certificate of " + host + " is not trusted; " +
			"if a proxy inspects TLS or the host is private, give its CA certificate as --ca-certificate"
	case errors.As(err, &wrongName):
		return "the certificate of " + host + " is for another name; check the host, and that no proxy answers in its place"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate of " + host + " has expired or is not valid yet; check this machine's clock"
	case errors.As(err, &untrusted), errors.As(err, &invalid):
		return "the certificate of " + host + " is not valid; if a proxy inspects TLS or the host is private, check --ca-certificate"
	}
	return ""
}

// IsConnectionFailure tells an error of the network from one that was made here.
func IsConnectionFailure(err error) bool {
	var request *url.Error
	var network net.Error
	return errors.As(err, &request) || errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded)
}

// IsTimeout reports whether err says that an answer did not come in time.
func IsTimeout(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT) || errors.As(err, &network) && network.Timeout()
}

// innermost is the text of the error at the end of the chain.
func innermost(err error) string {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err.Error()
}
