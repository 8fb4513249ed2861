package graphsim

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/exchange"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/faults"
)

const (
	diagnostic   = `{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"4","ScaleUnit":"001","RoleInstance":"SIM0001"}}`
	gzipMinBytes = 256
)

// handle is every request's way in.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	s.graph.Recorder.Enter()
	counted := &countingWriter{ResponseWriter: w}
	defer func() { s.graph.Recorder.Leave(counted.sent) }()
	if exchange.Owns(r.URL.Path) {
		s.handleExchange(counted, r)
		return
	}
	path, isGraph := strings.CutPrefix(r.URL.EscapedPath(), api.GraphPrefix)
	if !isGraph {
		s.handleAuthority(counted, r)
		return
	}
	c := &api.Call{
		Graph: s.graph, Tenant: s.graph.Directory, Method: r.Method, Path: path, RawQuery: r.URL.RawQuery, Host: r.Host,
		Header: r.Header, RequestID: api.NewRequestID(),
	}
	var unread error
	if r.Method != http.MethodGet {
		c.Body, unread = readBody(r)
	}
	defer s.meter.VisitMailbox(c)()
	seen := c.Record()
	action := s.rules.Match(seen, c.Body)
	if path != api.BatchPath { // The items of a batch wait, each for itself.
		faults.Wait(r.Context(), s.delay())
	}
	out := s.answer(r, c, action, unread)
	faults.Wait(r.Context(), time.Duration(c.Rows)*s.graph.Settings().ItemLatency)
	seen.ResourceUnits, seen.Unmatched = c.Units, !c.Matched && action == nil
	if !action.OnWire() {
		seen.Status = out.Status
	}
	s.graph.Recorder.Add(seen)
	s.log.Info("graph", "method", seen.Method, "path", seen.Path, "query", seen.Query, "status", seen.Status, "units", seen.ResourceUnits)
	out.Header.Set("request-id", c.RequestID)
	out.Header.Set("client-request-id", c.ClientRequestID())
	out.Header.Set("x-ms-ags-diagnostic", diagnostic)
	out.Header.Set("Cache-Control", "no-cache")
	out.Header.Set("Date", s.graph.Now().UTC().Format(http.TimeFormat))
	s.write(counted, r, out, action)
}

// handleAuthority serves everything that is not Graph.
func (s *Server) handleAuthority(w *countingWriter, r *http.Request) {
	seen := api.Request{
		Time: s.graph.Now(), Method: r.Method, Path: r.URL.Path, Host: r.Host, Authority: true, UserAgent: r.UserAgent(),
		HasAuthorization: r.Header.Get("Authorization") != "", ClientRequestID: r.Header.Get("client-request-id"),
	}
	action := s.rules.Match(seen, nil)
	c := &api.Call{Graph: s.graph, Tenant: s.graph.Directory, Header: r.Header, RequestID: api.NewRequestID()}
	var out api.Reply
	if action != nil && action.Kind == faults.ActRespond {
		out = action.Perform(r.Context(), c, s.serveCall)
	} else {
		if action != nil {
			faults.Wait(r.Context(), action.Delay)
		}
		out, seen.Unmatched = s.Login(c, r)
		out = action.After(c, out)
	}
	out.Header.Set("Date", s.graph.Now().UTC().Format(http.TimeFormat))
	if !action.OnWire() {
		seen.Status = out.Status
	}
	s.graph.Recorder.Add(seen)
	s.log.Info("authority", "method", seen.Method, "path", seen.Path, "status", seen.Status)
	s.write(w, r, out, action)
}

// answer authenticates a request and serves it, as a batch or as a call.
func (s *Server) answer(r *http.Request, c *api.Call, action *faults.Action, unread error) api.Reply {
	var err error
	if c.Claims, err = s.Authenticate(r.Header.Get("Authorization")); err == nil && unread != nil {
		err = api.BadSyntax(api.MessageUnreadable)
	}
	if err == nil {
		if c.Path != api.BatchPath {
			return action.Perform(r.Context(), c, s.serveCall)
		}
		c.Matched = true
		if action != nil && (action.Kind == faults.ActRespond || action.Kind == faults.ActReset) {
			return action.Perform(r.Context(), c, s.serveCall)
		}
		if action != nil {
			faults.Wait(r.Context(), action.Delay)
		}
		var out api.Reply
		if out, err = s.answerBatch(r.Context(), c); err == nil {
			return action.After(c, out)
		}
	}
	c.Matched = true
	var refused *api.Error
	if !errors.As(err, &refused) {
		refused = &api.Error{Status: http.StatusInternalServerError, Code: "InternalServerError", Message: err.Error()}
	}
	return c.ErrorReply(refused)
}

func (s *Server) answerBatch(ctx context.Context, c *api.Call) (api.Reply, error) {
	if c.Method != http.MethodPost {
		return api.Reply{}, &api.Error{Status: http.StatusMethodNotAllowed, Code: api.CodeBadSyntax, Message: "Only POST is allowed on $batch."}
	}
	return s.serveBatch(ctx, c)
}

// readBody reads a request body, which Microsoft's SDKs compress.
func readBody(r *http.Request) ([]byte, error) {
	in := io.LimitReader(r.Body, api.MaxBody)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = io.LimitReader(unzipped, api.MaxBody)
	}
	return io.ReadAll(in)
}

var zippers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		return gzip.NewWriter(io.Discard)
	}
	return z
}}

// write puts an answer on the wire, whole or broken.
func (s *Server) write(w *countingWriter, r *http.Request, out api.Reply, action *faults.Action) {
	if action.OnWire() && (action.Kind == faults.ActReset || action.Kind == faults.ActActThenReset) {
		faults.Wait(r.Context(), action.Delay)
		abort(w)
	}
	for name, values := range out.Header {
		w.Header()[name] = values
	}
	if action.OnWire() {
		switch action.Kind {
		case faults.ActBadGzip, faults.ActCutGzip:
			w.writeZipped(out, action.Kind)
		case faults.ActEndless:
			w.writeEndless(out)
		default:
			s.writeBroken(w, r, out, action.Kind)
		}
		return
	}
	if len(out.Body) >= gzipMinBytes && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Vary", "Accept-Encoding")
		w.WriteHeader(out.Status)
		z, ok := zippers.Get().(*gzip.Writer)
		if !ok {
			return
		}
		defer zippers.Put(z)
		z.Reset(w)
		if _, err := z.Write(out.Body); err == nil {
			_ = z.Close()
		}
		return
	}
	if out.Status == http.StatusNoContent {
		w.WriteHeader(out.Status)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(out.Body)))
	w.WriteHeader(out.Status)
	_, _ = w.Write(out.Body)
}

// writeBroken sends half of the body, and then either ends the connection or waits for the client to.
func (s *Server) writeBroken(w *countingWriter, r *http.Request, out api.Reply, kind faults.ActionKind) {
	w.Header().Set("Content-Length", strconv.Itoa(len(out.Body)))
	w.WriteHeader(out.Status)
	_, _ = w.Write(out.Body[:len(out.Body)/2])
	_ = http.NewResponseController(w.ResponseWriter).Flush()
	if kind == faults.ActStall {
		select {
		case <-r.Context().Done():
		case <-s.ctx.Done():
		}
	}
	panic(http.ErrAbortHandler)
}

// abort resets the connection: with a TCP reset on HTTP/1.1, with a stream reset on HTTP/2.
func abort(w *countingWriter) {
	if conn, _, err := http.NewResponseController(w.ResponseWriter).Hijack(); err == nil {
		if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
			conn = wrapped.NetConn()
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.SetDeadline(time.Now())
		_ = conn.Close()
	}
	panic(http.ErrAbortHandler)
}

// countingWriter counts the bytes of bodies.
type countingWriter struct {
	http.ResponseWriter
	sent int64
}

// Write counts and passes on.
func (w *countingWriter) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.sent += int64(n)
	return n, err
}

// writeZipped answers with a body that cannot be decompressed.
func (w *countingWriter) writeZipped(out api.Reply, kind faults.ActionKind) {
	body := out.Body
	if kind == faults.ActCutGzip {
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, _ = z.Write(out.Body)
		_ = z.Close()
		body = zipped.Bytes()[:max(zipped.Len()-12, 0)]
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(out.Status)
	_, _ = w.Write(body)
}

// writeEndless writes until the client has had enough.
func (w *countingWriter) writeEndless(out api.Reply) {
	w.WriteHeader(out.Status)
	_, err := w.Write([]byte(`{"endless":"`))
	for more := bytes.Repeat([]byte("x"), 64<<10); err == nil; {
		_, err = w.Write(more)
	}
	panic(http.ErrAbortHandler)
}
