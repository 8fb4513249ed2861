package graphsim

import (
	"net/http"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/exchange"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/faults"
)

// SetExchange says which app roles of Exchange the next tokens carry, and what the application may do there. It has
// neither until told.
func (s *Server) SetExchange(role ExchangeRole, appRoles ...string) {
	s.SetExchangeAppRoles(appRoles...)
	s.mail.SetRole(role)
}

// SetExchangeTrouble makes the next so many requests to Exchange go wrong; an empty Retry-After is none.
func (s *Server) SetExchangeTrouble(kind exchange.Trouble, requests int, retryAfter string) {
	s.mail.SetTrouble(kind, requests, retryAfter)
}

// handleExchange serves what is sent to Exchange Online.
func (s *Server) handleExchange(w *countingWriter, r *http.Request) {
	c := &api.Call{
		Graph: s.graph, Tenant: s.graph.Directory, Method: r.Method, Path: r.URL.Path, Host: r.Host, Header: r.Header, RequestID: api.NewRequestID(),
	}
	var unread error
	c.Body, unread = readBody(r)
	seen := api.Request{
		Time: s.graph.Now(), Method: r.Method, Path: r.URL.Path, Host: r.Host, UserAgent: r.UserAgent(), Cmdlet: r.Header.Get("X-CmdletName"),
		HasAuthorization: r.Header.Get("Authorization") != "", ClientRequestID: r.Header.Get("client-request-id"),
	}
	action := s.rules.Match(seen, c.Body)
	faults.Wait(r.Context(), s.delay())
	out := action.Perform(r.Context(), c, func(c *api.Call) api.Reply {
		claims, err := s.AuthenticateExchange(r.Header.Get("Authorization"))
		if err != nil || unread != nil {
			return api.Reply{Status: http.StatusUnauthorized, Header: http.Header{"Www-Authenticate": {`Bearer realm="", error="invalid_token"`}}}
		}
		c.Claims = claims
		return s.mail.Serve(c)
	})
	seen.Unmatched = !c.Matched && action == nil && out.Status == http.StatusNotFound
	if !action.OnWire() {
		seen.Status = out.Status
	}
	s.graph.Recorder.Add(seen)
	s.log.Info("exchange", "method", seen.Method, "path", seen.Path, "cmdlet", seen.Cmdlet, "status", seen.Status)
	out.Header.Set("request-id", c.RequestID)
	out.Header.Set("Date", s.graph.Now().UTC().Format(http.TimeFormat))
	s.write(w, r, out, action)
}
