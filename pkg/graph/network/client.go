// Package network is the way to a host: the HTTP client that all requests share,
// what can be learned of a host without credentials, and sentences for a person
// whose request got no answer.
//
// It knows hosts, proxies and certificates, and neither Graph nor the sign-in
// service.
package network

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// NewHTTPClient returns the HTTP client that credentials and Graph requests
// share: system roots plus extraRoots (PEM, may be empty), TLS 1.2 or newer,
// proxies from the environment, and no redirects. It makes no connection.
func NewHTTPClient(extraRoots []byte) (*http.Client, error) {
	tlsConfig := &tls.Config{MinVersion: tls.VersionTLS12}
	if len(extraRoots) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("graph: the system's root certificates cannot be read: %w", err)
		}
		if !pool.AppendCertsFromPEM(extraRoots) {
			return nil, errors.New("graph: the CA certificate holds no PEM certificate")
		}
		tlsConfig.RootCAs = pool
	}
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           dialer.DialContext,
			TLSClientConfig:       tlsConfig,
			ForceAttemptHTTP2:     true,
			MaxIdleConnsPerHost:   32,
			IdleConnTimeout:       60 * time.Second,
			TLSHandshakeTimeout:   15 * time.Second,
			ResponseHeaderTimeout: 100 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return ErrRedirect },
	}, nil
}
