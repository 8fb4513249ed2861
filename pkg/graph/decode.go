package graph

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decodeOptions take names that occur twice and bytes that are not UTF-8 as
// encoding/json does: a directory's data is older than its rules.
var decodeOptions = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// decode reads one JSON value from a body while it arrives, and makes sure that
// the body ends with it.
func decode(body io.Reader, into any) error {
	return json.UnmarshalRead(body, into, decodeOptions)
}

// describeBroken says what was wrong with a body without quoting any of it:
// JSON errors can carry a piece of the value that they stumbled on.
func describeBroken(err error) string {
	var syntax *jsontext.SyntacticError
	var wrongType *json.SemanticError
	switch {
	case errors.Is(err, errBodyTooLarge), errors.Is(err, errNoValue), errors.Is(err, errNoCount), errors.Is(err, errBatchMismatch), errors.Is(err, errNoObject):
		return err.Error()
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "it ended too early"
	case isTimeout(err):
		return "it did not arrive in time"
	case errors.As(err, &syntax):
		return "it is not JSON"
	case errors.As(err, &wrongType):
		return "a field is not of the expected type"
	}
	return "the connection was lost while it was read"
}
