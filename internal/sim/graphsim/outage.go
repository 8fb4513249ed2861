package graphsim

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/faults"
)

// wire is what listens on the server's address, or nothing during an outage.
type wire struct {
	mu     sync.Mutex
	http   *http.Server
	served chan struct{}
}

// serve takes connections from a listener.
func (s *Server) serve(listener net.Listener) {
	server, served := &http.Server{
		Handler:           http.HandlerFunc(s.handle),
		TLSConfig:         s.tls.Clone(),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}, make(chan struct{})
	s.wire.http, s.wire.served = server, served
	go func() {
		defer close(served)
		if err := server.ServeTLS(listener, "", ""); err != nil {
			s.log.Debug("server ended", "error", err)
		}
	}()
}

// hangUp ends every connection and refuses new ones. Callers hold wire.mu.
func (s *Server) hangUp() error {
	if s.wire.http == nil {
		return nil
	}
	err := s.wire.http.Close()
	<-s.wire.served
	s.wire.http = nil
	return err
}

// Outage ends every connection and refuses new ones for a while. It returns when the server can be reached again, or
// is closed.
func (s *Server) Outage(d time.Duration) error {
	s.wire.mu.Lock()
	err := s.hangUp()
	s.wire.mu.Unlock()
	if err != nil {
		return fmt.Errorf("begin an outage: %w", err)
	}
	faults.Wait(s.ctx, d)
	s.wire.mu.Lock()
	defer s.wire.mu.Unlock()
	if s.ctx.Err() != nil || s.wire.http != nil {
		return nil
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", strings.TrimPrefix(s.graph.URL, "https://"))
	if err != nil {
		return fmt.Errorf("end an outage: %w", err)
	}
	s.serve(listener)
	return nil
}
