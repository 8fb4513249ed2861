package platformsim

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	transport "github.com/conductorone/baton-sdk/pkg/lambda/grpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

const (
	functionName   = "simulated-function"
	callerIssuer   = "https://" + clientHost
	callerAudience = "simulated-connector"
	callerLifetime = time.Minute
	// versionHeader tells a connector the version of its settings.
	versionHeader = "x-baton-connector-config-version"
)

// Function is one instance of a hosted connector's function, as the platform
// sees it: the connector in it answers one call after the other.
type Function struct {
	platform *Server
	runtime  *runtime
}

// StartFunction opens a place for a hosted connector to run in.
func (s *Server) StartFunction() (*Function, error) {
	r, err := startRuntime()
	if err != nil {
		return nil, err
	}
	return &Function{platform: s, runtime: r}, nil
}

// Close ends the function. The connector in it ends by itself.
func (f *Function) Close() error { return f.runtime.close() }

// Environment is what the connector in the function needs to know.
func (f *Function) Environment() []string {
	s := f.platform
	public, _ := s.credentials.platform.Public().(ed25519.PublicKey)
	key, err := json.Marshal(jsonWebKey{Type: "OKP", Curve: "Ed25519", Public: base64.RawURLEncoding.EncodeToString(public)})
	if err != nil {
		return nil // Strings are always encoded.
	}
	return []string{
		"AWS_LAMBDA_RUNTIME_API=" + f.runtime.address,
		"AWS_LAMBDA_FUNCTION_NAME=" + functionName,
		"AWS_REGION=" + cloudRegion,
		"AWS_ACCESS_KEY_ID=" + cloudKeyID,
		"AWS_SECRET_ACCESS_KEY=simulated",
		"AWS_EC2_METADATA_DISABLED=true",
		"BATON_LAMBDA_CLIENT_ID=" + s.credentials.id,
		"BATON_LAMBDA_CLIENT_SECRET=" + s.credentials.secret,
		"BATON_LAMBDA_TOKEN_HOST=" + s.Address(),
		"BATON_LAMBDA_CONFIGURATION_HOST=" + s.Address(),
		"BATON_LAMBDA_CA_CERT_PATH=" + s.caFile,
		"BATON_LAMBDA_AUTH_JWT_SIGNER=" + string(key),
		"BATON_LAMBDA_AUTH_JWT_EXPECTED_ISSUER=" + callerIssuer,
		"BATON_LAMBDA_AUTH_JWT_EXPECTED_SUBJECT=" + functionName,
		"BATON_LAMBDA_AUTH_JWT_EXPECTED_AUDIENCE=" + callerAudience,
	}
}

// Caller is how the platform calls the connector in a function.
type Caller struct {
	// Stranger leaves out the proof that the platform calls.
	Stranger bool
	// Unversioned leaves out the version of the settings, as an older platform
	// does.
	Unversioned bool
}

// Connection carries calls to the connector in the function.
func (f *Function) Connection(c Caller) grpc.ClientConnInterface {
	return &connection{ClientConnInterface: transport.NewClientConn(f), platform: f.platform, caller: c}
}

// connection adds what the platform says about itself to each call.
type connection struct {
	grpc.ClientConnInterface
	platform *Server
	caller   Caller
}

// Invoke implements grpc.ClientConnInterface.
func (c *connection) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	if !c.caller.Stranger {
		now := time.Now()
		token, err := signToken(c.platform.credentials.platform, map[string]any{
			"iss": callerIssuer, "sub": functionName, "aud": callerAudience,
			"iat": now.Unix(), "nbf": now.Add(-clockSkew).Unix(), "exp": now.Add(callerLifetime).Unix(),
		})
		if err != nil {
			return err
		}
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	}
	if !c.caller.Unversioned {
		ctx = metadata.AppendToOutgoingContext(ctx, versionHeader, c.platform.ConfigVersion())
	}
	return c.ClientConnInterface.Invoke(ctx, method, args, reply, opts...)
}

// signToken makes a JSON web token.
func signToken(key ed25519.PrivateKey, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encode claims: %w", err)
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(signed))), nil
}

// RoundTrip carries one call into the function and its answer out, within the
// sizes that the function runtime allows.
func (f *Function) RoundTrip(ctx context.Context, request *transport.Request) (*transport.Response, error) {
	payload, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("encode the call: %w", err)
	}
	answer, err := f.runtime.invoke(ctx, payload)
	if err != nil {
		return nil, err
	}
	response := &transport.Response{}
	if err := json.Unmarshal(answer, response); err != nil {
		return nil, fmt.Errorf("decode the answer: %w", err)
	}
	return response, nil
}
