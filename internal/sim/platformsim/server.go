package platformsim

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/conductorone/baton-sdk/pkg/session"
	"google.golang.org/grpc"

	"github.com/conductorone/baton-azure-ad/internal/sim/certificates"
)

// Options are how a platform starts.
type Options struct {
	// Dir is where uploaded assets and the certificate file are kept.
	Dir string
	// Poll is how long a client is told to wait before it asks for the next
	// task; defaultPoll if zero.
	Poll time.Duration
	// Heartbeat is how often a client is told to report on a task; a second,
	// the least that the SDK takes, if zero.
	Heartbeat time.Duration
	// TokenLifetime is how long access tokens are good for; an hour if zero.
	TokenLifetime time.Duration
	// Unreachable leaves the address closed until Reach.
	Unreachable bool
}

const (
	defaultPoll          = 100 * time.Millisecond
	defaultHeartbeat     = time.Second
	defaultTokenLifetime = time.Hour
	readHeaderTimeout    = 10 * time.Second
)

// Server is the platform on the wire: token endpoint and task service at one
// address.
type Server struct {
	v1.UnimplementedBatonServiceServer
	v1.UnimplementedConnectorConfigServiceServer

	options     Options
	credentials *clientCredentials
	address     string
	certificate tls.Certificate
	caFile      string
	grpc        *grpc.Server
	rules       ruleSet
	recorder    recorder
	tokens      tokens
	tasks       tasks
	proofs      *proofs
	hosting     hosting

	mu   sync.Mutex
	open *listening
}

// listening is the time from Reach to Cut or Close.
type listening struct {
	http  *http.Server
	ended chan struct{}
}

// Start makes a platform. It is ready when Start returns, unless it is to start
// unreachable.
func Start(o Options) (*Server, error) {
	if o.Dir == "" {
		return nil, errors.New("a platform needs a directory for its assets")
	}
	o.Poll = defaultTo(o.Poll, defaultPoll)
	o.Heartbeat = defaultTo(o.Heartbeat, defaultHeartbeat)
	o.TokenLifetime = defaultTo(o.TokenLifetime, defaultTokenLifetime)
	certificate, caPEM, err := certificates.New("platformsim")
	if err != nil {
		return nil, err
	}
	caFile := filepath.Join(o.Dir, "platform-ca.pem")
	if err := os.WriteFile(caFile, caPEM, fileMode); err != nil {
		return nil, fmt.Errorf("write the authority's certificate: %w", err)
	}
	client, err := newCredentials()
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, credentials: client, certificate: certificate, caFile: caFile, address: "127.0.0.1:0"}
	s.tasks.known = map[string]*Task{}
	s.proofs = newProofs(rand.Text(), &s.tokens)
	s.hosting.sessions = session.NewGRPCSessionServer()
	s.grpc = grpc.NewServer(grpc.UnaryInterceptor(s.unary), grpc.StreamInterceptor(s.stream))
	v1.RegisterBatonServiceServer(s.grpc, s)
	v1.RegisterConnectorConfigServiceServer(s.grpc, s)
	v1.RegisterBatonSessionServiceServer(s.grpc, s.hosting.sessions)
	if err := s.Reach(); err != nil {
		return nil, err
	}
	if o.Unreachable {
		return s, s.Cut()
	}
	return s, nil
}

func defaultTo(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}

// Reach opens the address, which is the same as before a Cut.
func (s *Server) Reach() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open != nil {
		return nil
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", s.address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.address, err)
	}
	s.address = listener.Addr().String()
	open := &listening{ended: make(chan struct{}), http: &http.Server{
		Handler:           http.HandlerFunc(s.handle),
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{s.certificate}},
		ReadHeaderTimeout: readHeaderTimeout,
		ConnContext:       withConnection,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}}
	go func() {
		defer close(open.ended)
		_ = open.http.ServeTLS(listener, "", "") // It ends with Cut, and with nothing to say.
	}()
	s.open = open
	return nil
}

// Cut makes the platform unreachable: the address is closed, and so is every
// connection to it.
func (s *Server) Cut() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return nil
	}
	err := s.open.http.Close()
	<-s.open.ended
	s.open = nil
	return err
}

// Close ends the platform. Assets stay.
func (s *Server) Close() error {
	err := s.Cut()
	s.grpc.Stop()
	return err
}

// Address is the host and port of the platform.
func (s *Server) Address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.address
}

// Environment is what a client in service mode needs to know.
func (s *Server) Environment() []string {
	return []string{
		"BATON_CLIENT_ID=" + s.credentials.id,
		"BATON_CLIENT_SECRET=" + s.credentials.secret,
		"BATON_C1_API_HOST=" + s.Address(),
		"SSL_CERT_FILE=" + s.caFile,
	}
}

// handle tells the task service from the token endpoint.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.ProtoMajor == 2 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc"):
		s.grpc.ServeHTTP(w, r)
	case r.URL.Path == tokenPath:
		s.serveToken(w, r)
	default:
		http.NotFound(w, r)
	}
}

// ClientID is the id of the client.
func (s *Server) ClientID() string { return s.credentials.id }

// ClientSecret is the secret of the client, which holds its private key.
func (s *Server) ClientSecret() string { return s.credentials.secret }

// Fault puts a rule in force until it is removed.
func (s *Server) Fault(rule Rule) *Fault {
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	f := &Fault{Rule: rule, set: &s.rules}
	s.rules.faults = append(s.rules.faults, f)
	return f
}
