package graphsim

import (
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
)

const (
	graphPrefix  = "/v1.0/"
	maxBody      = 4 << 20
	diagnostic   = `{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"4","ScaleUnit":"001","RoleInstance":"SIM0001"}}`
	gzipMinBytes = 256
)

// handle is every request's way in.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	s.graph.recorder.enter()
	counted := &countingWriter{ResponseWriter: w}
	defer func() { s.graph.recorder.leave(counted.sent) }()
	path, isGraph := strings.CutPrefix(r.URL.EscapedPath(), graphPrefix)
	if !isGraph {
		s.handleAuthority(counted, r)
		return
	}
	c := &call{
		graph: s.graph, tenant: s.graph.directory, method: r.Method, path: path, rawQuery: r.URL.RawQuery, host: r.Host,
		header: r.Header, requestID: newRequestID(),
	}
	var unread error
	if r.Method != http.MethodGet {
		c.body, unread = readBody(r)
	}
	defer s.meter.visitMailbox(c)()
	seen := c.record()
	action := s.rules.match(seen, c.body)
	if path != batchPath { // The items of a batch wait, each for itself.
		wait(r.Context(), s.delay())
	}
	out := s.answer(r, c, action, unread)
	wait(r.Context(), time.Duration(c.rows)*s.graph.settings().itemLatency)
	seen.ResourceUnits, seen.Unmatched = c.units, !c.matched && action == nil
	if !action.onWire() {
		seen.Status = out.status
	}
	s.graph.recorder.add(seen)
	s.log.Info("graph", "method", seen.Method, "path", seen.Path, "query", seen.Query, "status", seen.Status, "units", seen.ResourceUnits)
	out.header.Set("request-id", c.requestID)
	out.header.Set("client-request-id", c.clientRequestID())
	out.header.Set("x-ms-ags-diagnostic", diagnostic)
	out.header.Set("Cache-Control", "no-cache")
	out.header.Set("Date", s.graph.now().UTC().Format(http.TimeFormat))
	s.write(counted, r, out, action)
}

// handleAuthority serves everything that is not Graph.
func (s *Server) handleAuthority(w *countingWriter, r *http.Request) {
	seen := Request{
		Time: s.graph.now(), Method: r.Method, Path: r.URL.Path, Host: r.Host, Authority: true, UserAgent: r.UserAgent(),
		HasAuthorization: r.Header.Get("Authorization") != "", ClientRequestID: r.Header.Get("client-request-id"),
	}
	action := s.rules.match(seen, nil)
	c := &call{graph: s.graph, tenant: s.graph.directory, header: r.Header, requestID: newRequestID()}
	var out reply
	if action != nil && action.kind == actRespond {
		out = action.perform(r.Context(), c, s.serveCall)
	} else {
		if action != nil {
			wait(r.Context(), action.delay)
		}
		out, seen.Unmatched = s.login(c, r)
		out = action.after(c, out)
	}
	out.header.Set("Date", s.graph.now().UTC().Format(http.TimeFormat))
	if !action.onWire() {
		seen.Status = out.status
	}
	s.graph.recorder.add(seen)
	s.log.Info("authority", "method", seen.Method, "path", seen.Path, "status", seen.Status)
	s.write(w, r, out, action)
}

// answer authenticates a request and serves it, as a batch or as a call.
func (s *Server) answer(r *http.Request, c *call, action *Action, unread error) reply {
	var err error
	if c.claims, err = s.authenticate(r.Header.Get("Authorization")); err == nil && unread != nil {
		err = badSyntax(messageUnreadable)
	}
	if err == nil {
		if c.path != batchPath {
			return action.perform(r.Context(), c, s.serveCall)
		}
		c.matched = true
		if action != nil && (action.kind == actRespond || action.kind == actReset) {
			return action.perform(r.Context(), c, s.serveCall)
		}
		if action != nil {
			wait(r.Context(), action.delay)
		}
		var out reply
		if out, err = s.answerBatch(r.Context(), c); err == nil {
			return action.after(c, out)
		}
	}
	c.matched = true
	var refused *graphError
	if !errors.As(err, &refused) {
		refused = &graphError{status: http.StatusInternalServerError, code: "InternalServerError", message: err.Error()}
	}
	return c.errorReply(refused)
}

func (s *Server) answerBatch(ctx context.Context, c *call) (reply, error) {
	if c.method != http.MethodPost {
		return reply{}, &graphError{status: http.StatusMethodNotAllowed, code: codeBadSyntax, message: "Only POST is allowed on $batch."}
	}
	return s.serveBatch(ctx, c)
}

// readBody reads a request body, which Microsoft's SDKs compress.
func readBody(r *http.Request) ([]byte, error) {
	in := io.LimitReader(r.Body, maxBody)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = io.LimitReader(unzipped, maxBody)
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
func (s *Server) write(w *countingWriter, r *http.Request, out reply, action *Action) {
	if action.onWire() && (action.kind == actReset || action.kind == actActThenReset) {
		wait(r.Context(), action.delay)
		abort(w)
	}
	for name, values := range out.header {
		w.Header()[name] = values
	}
	if action.onWire() {
		switch action.kind {
		case actBadGzip, actCutGzip:
			w.writeZipped(out, action.kind)
		case actEndless:
			w.writeEndless(out)
		default:
			s.writeBroken(w, r, out, action.kind)
		}
		return
	}
	if len(out.body) >= gzipMinBytes && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Vary", "Accept-Encoding")
		w.WriteHeader(out.status)
		z, ok := zippers.Get().(*gzip.Writer)
		if !ok {
			return
		}
		defer zippers.Put(z)
		z.Reset(w)
		if _, err := z.Write(out.body); err == nil {
			_ = z.Close()
		}
		return
	}
	if out.status == http.StatusNoContent {
		w.WriteHeader(out.status)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(out.body)))
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body)
}

// writeBroken sends half of the body, and then either ends the connection or waits for the client to.
func (s *Server) writeBroken(w *countingWriter, r *http.Request, out reply, kind actionKind) {
	w.Header().Set("Content-Length", strconv.Itoa(len(out.body)))
	w.WriteHeader(out.status)
	_, _ = w.Write(out.body[:len(out.body)/2])
	_ = http.NewResponseController(w.ResponseWriter).Flush()
	if kind == actStall {
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
