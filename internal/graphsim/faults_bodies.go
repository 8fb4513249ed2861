package graphsim

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
)

// HalfBody answers half of the body as if that were all of it.
func HalfBody() Action {
	return Action{spoil: func(body []byte) []byte { return body[:len(body)/2] }}
}

// InvalidJSON answers with a byte in the middle of the body that JSON has no use for.
func InvalidJSON() Action {
	return Action{spoil: func(body []byte) []byte {
		at := len(body) / 2
		return bytes.Join([][]byte{body[:at], body[at:]}, []byte{0})
	}}
}

// WrongContentType answers success with a page of HTML, as a captive portal does.
func WrongContentType() Action {
	return Action{typed: "text/html; charset=utf-8", spoil: func([]byte) []byte {
		return []byte("<html><body>Sign in to the network to go on.</body></html>")
	}}
}

// EmptyObject answers success with an object that has none of what was asked for.
func EmptyObject() Action {
	return Action{spoil: func([]byte) []byte { return []byte("{}") }}
}

// NotGzip says that the body is compressed, and it is not.
func NotGzip() Action { return Action{kind: actBadGzip} }

// CutGzip compresses the body and leaves out the end, checksum and all.
func CutGzip() Action { return Action{kind: actCutGzip} }

// Endless begins the body and goes on with a string that has no end.
func Endless() Action { return Action{kind: actEndless} }

// spoilt is the answer with the body and the type that the action gives it.
func (a *Action) spoilt(out reply) reply {
	if a.spoil != nil && out.status < http.StatusMultipleChoices {
		out.body = a.spoil(out.body)
	}
	if a.typed != "" {
		out.header.Set("Content-Type", a.typed)
	}
	return out
}

// writeZipped answers with a body that cannot be decompressed.
func (w *countingWriter) writeZipped(out reply, kind actionKind) {
	body := out.body
	if kind == actCutGzip {
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, _ = z.Write(out.body)
		_ = z.Close()
		body = zipped.Bytes()[:max(zipped.Len()-12, 0)]
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(out.status)
	_, _ = w.Write(body)
}

// writeEndless writes until the client has had enough.
func (w *countingWriter) writeEndless(out reply) {
	w.WriteHeader(out.status)
	_, err := w.Write([]byte(`{"endless":"`))
	for more := bytes.Repeat([]byte("x"), 64<<10); err == nil; {
		_, err = w.Write(more)
	}
	panic(http.ErrAbortHandler)
}
