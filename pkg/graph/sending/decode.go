package sending

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
)

// decodeOptions take bytes that are not UTF-8 as encoding/json does: a directory's
// data is older than its rules. A name that occurs twice in an object is refused:
// of two lists of rows the second would hide the first.
var decodeOptions = json.JoinOptions(jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(true))

// decode reads one JSON value from a body while it arrives, and makes sure that
// the body ends with it.
func decode(body io.Reader, into any) error {
	return json.UnmarshalRead(withoutMark(body), into, decodeOptions)
}

// byteOrderMark begins some of Graph's bodies, although JSON has none.
var byteOrderMark = []byte("\ufeff")

// withoutMark skips a byte order mark at the beginning.
func withoutMark(body io.Reader) io.Reader {
	start := make([]byte, len(byteOrderMark))
	n, err := io.ReadFull(body, start)
	switch {
	case bytes.Equal(start, byteOrderMark):
		return body
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return io.MultiReader(bytes.NewReader(start[:n]), brokenReader{err})
	}
	return io.MultiReader(bytes.NewReader(start[:n]), body)
}

// brokenReader gives the error that reading met.
type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

// misshapen says what is wrong with a body that is not what was asked for.
type misshapen string

// Error is a clause about the body.
func (m misshapen) Error() string { return string(m) }

// describeBroken says what was wrong with a body without quoting any of it:
// JSON errors can carry a piece of the value that they stumbled on.
func describeBroken(err error) string {
	var syntax *jsontext.SyntacticError
	var wrongType *json.SemanticError
	var known misshapen
	switch {
	case errors.As(err, &known):
		return known.Error()
	case errors.Is(err, jsontext.ErrDuplicateName):
		return "a name occurs twice in one object of it"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "it ended too early"
	case network.IsTimeout(err):
		return "it did not arrive in time"
	case errors.As(err, &syntax):
		return "it is not JSON"
	case errors.As(err, &wrongType):
		return "a field is not of the expected type"
	}
	return "the connection was lost while it was read"
}

const (
	// maxBodyBytes is far above the largest honest answer: a batch of twenty
	// pages of 999 rows is about 15 MiB.
	maxBodyBytes = 64 << 20
	// maxErrorBodyBytes is how much of a refusal is read to find its code.
	maxErrorBodyBytes = 64 << 10
)

// checkJSON refuses a success that is not Graph's: a captive portal's or a
// proxy's page answers 200 too.
func checkJSON(resp *http.Response) error {
	if resp.StatusCode == http.StatusNoContent {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return fmt.Errorf("the answer is %q instead of JSON; something between here and Microsoft Graph may have answered in its place", failure.Excerpt(mediaType, 60))
	}
	return nil
}

var errBodyTooLarge = misshapen(fmt.Sprintf("it is larger than %d MiB", maxBodyBytes>>20))

// limitedReader fails, instead of ending quietly, when a body is too large.
type limitedReader struct {
	r    io.Reader
	left int64
	// lost means that the body did not come to its end.
	lost bool
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errBodyTooLarge
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	l.lost = err != nil && !errors.Is(err, io.EOF)
	return n, err //nolint:wrapcheck // A reader passes errors through as they are: io.EOF must stay io.EOF.
}
