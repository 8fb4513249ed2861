package sending

import (
	"bytes"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
)

// errorOptions take what a refusal may look like: what it says is only for people
// and for decisions on its code.
var errorOptions = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), json.MatchCaseInsensitiveNames(true))

// errorBody is the body of a Graph error
// (https://learn.microsoft.com/graph/errors).
type errorBody struct {
	Error errorContent `json:"error"`
}

// errorContent is what a Graph error says.
type errorContent struct {
	Code    string
	Message string
}

// UnmarshalJSONFrom takes an error in every form that services give it: some nest
// it twice, and some send a text or a number where the code belongs. None of them
// may break the answer around it, such as a batch.
func (e *errorContent) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	*e = errorContent{}
	value, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	e.read(value, maxErrorDepth)
	return nil
}

// maxErrorDepth is how deep errors are nested: twice, and once to spare.
const maxErrorDepth = 3

func (e *errorContent) read(value jsontext.Value, depth int) {
	switch value.Kind() {
	case '"': // As the sign-in service does.
		e.Code = plainText(value)
	case '{':
		var fields struct {
			Code    jsontext.Value `json:"code"`
			Message jsontext.Value `json:"message"`
			Error   jsontext.Value `json:"error"`
		}
		if json.Unmarshal(value, &fields, errorOptions) != nil {
			return
		}
		e.Code, e.Message = plainText(fields.Code), plainText(fields.Message)
		if e.Code == "" && len(fields.Error) > 0 && depth > 1 {
			e.read(fields.Error, depth-1)
		}
	default: // Nothing that could be a code or a message.
	}
}

// plainText is a string or a number as text; empty for anything else.
func plainText(value jsontext.Value) string {
	switch {
	case len(value) == 0:
		return ""
	case value.Kind() == '"':
		var text string
		if json.Unmarshal(value, &text, errorOptions) != nil {
			return ""
		}
		return text
	case value.Kind() == '0':
		return string(value)
	}
	return ""
}

// What is kept of an answer's words at most, in runes.
const (
	maxNameRunes    = 100
	maxMessageRunes = 300
)

// newError is a refusal but for what its body says.
func newError(operation string, status int, retryAfter, requestID string) *failure.Error {
	return &failure.Error{
		Operation:  operation,
		StatusCode: status,
		RequestID:  terminal.Harmless(failure.Excerpt(requestID, maxNameRunes)),
		RetryAfter: pacing.ParseRetryAfter(retryAfter, time.Now()),
		Attempts:   1,
	}
}

// readBody takes code and message from a Graph error body, as text that is
// harmless wherever an error is shown.
func readBody(e *failure.Error, raw []byte) {
	var body errorBody
	if json.Unmarshal(bytes.TrimPrefix(raw, byteOrderMark), &body, errorOptions) == nil {
		take(e, body)
	}
}

// take gives an error the words of its body, harmless wherever they are shown.
func take(e *failure.Error, body errorBody) {
	e.Code = terminal.Harmless(failure.Excerpt(body.Error.Code, maxNameRunes))
	e.Message = terminal.Harmless(failure.Excerpt(body.Error.Message, maxMessageRunes))
}
