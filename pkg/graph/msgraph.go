package graph

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiotahttp "github.com/microsoft/kiota-http-go"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"
)

// adapter lets the request builders and models of Microsoft's Go SDK run over
// this client's transport. The SDK's own pipeline is left out on purpose: its
// middleware order changes from process to process, it repeats POSTs, and it
// knows neither the host pin nor the shared retry rules.
func (c *Client) adapter() (abstractions.RequestAdapter, error) {
	a, err := kiotahttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{}, // pipeline adds the token.
		kiotajson.NewJsonParseNodeFactory(),
		kiotajson.NewJsonSerializationWriterFactory(),
		&http.Client{Transport: pipeline{c}},
	)
	if err != nil {
		return nil, fmt.Errorf("graph: preparing Microsoft's request builders: %w", err)
	}
	a.SetBaseUrl(c.root.String())
	return a, nil
}

// pipeline is the client's transport in the form that Microsoft's SDK takes.
// Refusals come out as errors (*Error), not as answers, so that there is one
// place where Graph's errors are read.
type pipeline struct{ client *Client }

// RoundTrip sends a read through the client. Writes are refused: repeating one
// whose outcome is unknown needs rules of its own.
func (p pipeline) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return nil, fmt.Errorf("graph: %s is not a read", req.Method)
	}
	ref, err := p.client.relative(req.URL.String())
	if err != nil {
		return nil, err
	}
	var buffered bytes.Buffer
	err = p.client.do(req.Context(), call{
		method: req.Method,
		ref:    ref,
		consume: func(_ *permit, body io.Reader) error {
			buffered.Reset()
			_, err := buffered.ReadFrom(body)
			return err
		},
	})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status:        "200 OK",
		StatusCode:    http.StatusOK,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(&buffered),
		ContentLength: int64(buffered.Len()),
		Request:       req,
	}, nil
}
