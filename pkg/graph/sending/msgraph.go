package sending

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiotahttp "github.com/microsoft/kiota-http-go"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/network"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// Adapter lets the request builders and models of Microsoft's Go SDK run over this
// client's transport.
func (s *Sender) Adapter() abstractions.RequestAdapter { return s.adapter }

// newAdapter leaves the SDK's own pipeline out on purpose: its middleware order
// changes from process to process, it repeats POSTs, and it knows neither the host
// pin nor the shared retry rules.
func newAdapter(s *Sender) (abstractions.RequestAdapter, error) {
	a, err := kiotahttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{}, // pipeline adds the token.
		kiotajson.NewJsonParseNodeFactory(),
		kiotajson.NewJsonSerializationWriterFactory(),
		&http.Client{Transport: pipeline{s}},
	)
	if err != nil {
		return nil, fmt.Errorf("graph: preparing Microsoft's request builders: %w", err)
	}
	a.SetBaseUrl(s.root.String())
	return a, nil
}

// pipeline is the client's transport in the form that Microsoft's SDK takes.
// Refusals come out as errors (*failure.Error), not as answers, so that there is one
// place where Graph's errors are read.
type pipeline struct{ client *Sender }

// RoundTrip sends a read through the client's reading, and everything else
// through its writing, which knows what may be repeated.
func (p pipeline) RoundTrip(req *http.Request) (*http.Response, error) {
	ref, err := p.client.relative(req.URL.String())
	if err != nil {
		return nil, err
	}
	var buffered bytes.Buffer
	k := call{
		method: req.Method,
		ref:    ref,
		consume: func(_ *sent, body io.Reader) error {
			buffered.Reset()
			_, err := buffered.ReadFrom(withoutMark(body))
			return err
		},
	}
	if req.Body != nil {
		defer req.Body.Close()
		if k.body, err = io.ReadAll(req.Body); err != nil {
			return nil, fmt.Errorf("graph: reading the body of a request: %w", err)
		}
	}
	send := p.client.do
	if req.Method != http.MethodGet {
		send = p.client.send
	}
	if err := send(req.Context(), k); err != nil {
		return nil, err
	}
	status := http.StatusOK
	if buffered.Len() == 0 {
		status = http.StatusNoContent
	}
	return &http.Response{
		Status:        http.StatusText(status),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(&buffered),
		ContentLength: int64(buffered.Len()),
		Request:       req,
	}, nil
}

// OwnError drops the layers that net/http and the SDK put around this client's
// own errors, whose sentences say all there is to say; nil stays nil.
func OwnError(err error) error {
	if err == nil {
		return nil
	}
	var unknown *failure.OutcomeUnknownError
	if errors.As(err, &unknown) {
		return unknown
	}
	var refusal *failure.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	var broken *network.ConnectionError
	if errors.As(err, &broken) {
		return broken
	}
	var authority *signin.AuthorityError
	if errors.As(err, &authority) {
		return authority
	}
	return fmt.Errorf("talking to Microsoft Graph: %w", err)
}
