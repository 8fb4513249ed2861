package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// Contact is what a first request shows of the way to a host.
type Contact struct {
	// Host is the host[:port] that was asked.
	Host string
	// Proxy is the host[:port] of the proxy on the way; empty if there is none.
	Proxy string
	// Addresses are what DNS said; empty for an address or behind a proxy.
	Addresses []string
	// TLSVersion is the version that both sides agreed on.
	TLSVersion string
	// Chain are the certificates that the host showed, its own first. They are
	// verified where Reach gives no error.
	Chain []Certificate
	// Ahead is how far this machine's clock is ahead of the host's, to within
	// the second that a Date header gives; behind is negative.
	Ahead time.Duration
	// KnowsTime says that the host told its time.
	KnowsTime bool
}

// Certificate is what a person recognizes a certificate by.
type Certificate struct {
	Subject, Issuer string
	// Organizations are the issuer's.
	Organizations []string
	NotAfter      time.Time
}

// Reach asks a host for something, without credentials. Whatever it answers
// will do, and so will a redirect: the way there is all that counts. The error
// is *ConnectionError; the contact then holds what was learned before.
func Reach(ctx context.Context, client *http.Client, rawURL string) (*Contact, error) {
	trace := &reachTrace{}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace.hooks()), http.MethodGet, rawURL, nil)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	contact := &Contact{Host: req.URL.Host}
	if proxy, proxyErr := http.ProxyFromEnvironment(req); proxyErr == nil && proxy != nil {
		contact.Proxy = proxy.Host
	}
	start := time.Now()
	resp, err := client.Do(req)
	took := time.Since(start)
	if contact.Proxy == "" {
		contact.Addresses = trace.found()
	}
	if resp == nil || err != nil && !errors.Is(err, ErrRedirect) {
		contact.Chain = describeChain(shownCertificates(err))
		return contact, &ConnectionError{Operation: "GET " + req.URL.Path, Explanation: Explain(contact.Host, err), Attempts: 1, Err: err}
	}
	defer resp.Body.Close()
	if resp.TLS != nil {
		contact.TLSVersion = tls.VersionName(resp.TLS.Version)
		contact.Chain = describeChain(resp.TLS.PeerCertificates)
	}
	if at, dateErr := http.ParseTime(resp.Header.Get("Date")); dateErr == nil {
		// The header is the second in which the answer was made, in the middle
		// of the exchange as far as one can tell.
		contact.KnowsTime, contact.Ahead = true, start.Add(took/2).Sub(at.Add(time.Second/2))
	}
	return contact, nil
}

// reachTrace collects addresses. Its hooks may run after the request is over.
type reachTrace struct {
	mu        sync.Mutex
	addresses []string
}

func (t *reachTrace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{DNSDone: func(info httptrace.DNSDoneInfo) {
		t.mu.Lock()
		defer t.mu.Unlock()
		for _, address := range info.Addrs {
			t.addresses = append(t.addresses, address.String())
		}
	}}
}

func (t *reachTrace) found() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.addresses...)
}

// shownCertificates are those of a host that was not trusted.
func shownCertificates(err error) []*x509.Certificate {
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) {
		return untrusted.UnverifiedCertificates
	}
	return nil
}

func describeChain(chain []*x509.Certificate) []Certificate {
	described := make([]Certificate, 0, len(chain))
	for _, c := range chain {
		described = append(described, Certificate{
			Subject: c.Subject.String(), Issuer: c.Issuer.String(), Organizations: c.Issuer.Organization, NotAfter: c.NotAfter,
		})
	}
	return described
}

// IsUntrusted reports whether err is about the certificate of a host.
func IsUntrusted(err error) bool { return explainCertificate("", err) != "" }

// HostOf is the host[:port] of a URL; empty if it is none.
func HostOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	return u.Host
}
