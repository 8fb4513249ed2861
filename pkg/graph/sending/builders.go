package sending

import (
	"bytes"
	"context"
	"fmt"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// Object is the JSON object that a request sends: Graph's names, and values that may
// be models of Microsoft's.
type Object map[string]any

// Serialize writes the object as Microsoft's models write properties that they do not
// know.
func (o Object) Serialize(writer serialization.SerializationWriter) error {
	return writer.WriteAdditionalData(o) //nolint:wrapcheck // Change says what failed.
}

// GetFieldDeserializers is empty: an object is only sent.
func (o Object) GetFieldDeserializers() map[string]func(serialization.ParseNode) error {
	return nil
}

// Change makes a request with a body, to the address of one of Microsoft's builders.
func Change(ctx context.Context, s *Sender, method abstractions.HttpMethod, at abstractions.BaseRequestBuilder, body Object) (*abstractions.RequestInformation, error) {
	request := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(method, at.UrlTemplate, at.PathParameters)
	request.Headers.TryAdd("Accept", "application/json")
	if err := request.SetContentFromParsable(ctx, s.adapter, "application/json", body); err != nil {
		return nil, fmt.Errorf("graph: writing the body of a request: %w", err)
	}
	return request, nil
}

// Receive sends a request of Microsoft's builders and reads the answer as a T, as rows
// of pages are read; T is empty if Graph answers with nothing. prepared is the error
// of making the request.
func Receive[T any](ctx context.Context, s *Sender, request *abstractions.RequestInformation, prepared error) (*T, error) {
	if prepared != nil {
		return nil, OwnError(prepared)
	}
	answer, err := s.adapter.SendPrimitive(ctx, request, "[]byte", nil)
	if err != nil {
		return nil, OwnError(err)
	}
	received := new(T)
	raw, ok := answer.([]byte)
	if !ok {
		return received, nil
	}
	if err := decode(bytes.NewReader(raw), received); err != nil {
		return nil, OwnError(misshapen("the answer was not valid: " + describeBroken(err)))
	}
	return received, nil
}

// Perform sends a request of Microsoft's builders, of whose answer nothing is wanted.
// prepared is the error of making the request.
func Perform(ctx context.Context, s *Sender, request *abstractions.RequestInformation, prepared error) error {
	if prepared != nil {
		return OwnError(prepared)
	}
	return OwnError(s.adapter.SendNoContent(ctx, request, nil))
}
