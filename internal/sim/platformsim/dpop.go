package platformsim

import (
	"context"
	"crypto"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"github.com/conductorone/dpop/pkg/dpop"
	"github.com/go-jose/go-jose/v4"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// proofs checks that hosted connectors hold the key that they show (RFC 9449),
// with the validator that belongs to the SDK's own client. Connectors in service
// mode prove nothing but their secret.
type proofs struct {
	// nonce has to be in what is signed for the token endpoint.
	nonce              string
	forTokens, forCall *dpop.Validator
}

func newProofs(nonce string, bound *tokens) *proofs {
	return &proofs{
		nonce: nonce,
		forTokens: dpop.NewValidator(dpop.WithNonceValidator(func(_ context.Context, given string) error {
			if given != nonce {
				return dpop.ErrInvalidNonce
			}
			return nil
		})),
		forCall: dpop.NewValidator(dpop.WithAccessTokenBindingValidator(func(_ context.Context, token string, key *jose.JSONWebKey) error {
			thumbprint, err := key.Thumbprint(crypto.SHA256)
			if err != nil || bound.key(token) != string(thumbprint) {
				return dpop.ErrInvalidTokenBinding
			}
			return nil
		})),
	}
}

// ofToken checks the proof of a request for a token, and returns the thumbprint
// of its key.
func (p *proofs) ofToken(r *http.Request) (string, error) {
	address := url.URL{Scheme: "https", Host: r.Host, Path: r.URL.Path}
	claims, err := p.forTokens.ValidateProof(r.Context(), r.Header.Get(dpop.HeaderName), r.Method, address.String())
	if err != nil {
		return "", err
	}
	thumbprint, err := claims.PublicKey().Thumbprint(crypto.SHA256)
	return string(thumbprint), err
}

// hostedServices are the services that connectors call with a proof.
var hostedServices = []string{v1.ConnectorConfigService_ServiceDesc.ServiceName, v1.BatonSessionService_ServiceDesc.ServiceName}

// isHosted reports whether a method is one of them.
func isHosted(fullMethod string) bool {
	service, _, _ := strings.Cut(strings.TrimPrefix(fullMethod, "/"), "/")
	return slices.Contains(hostedServices, service)
}

// authenticateHosted makes sure that a call carries a token that is good and the
// proof of the key that the token was given to.
func (s *Server) authenticateHosted(ctx context.Context, fullMethod string) (context.Context, error) {
	given, _ := metadata.FromIncomingContext(ctx)
	authorization, proof := given.Get("authorization"), given.Get(dpop.HeaderName)
	if len(authorization) != 1 || len(proof) != 1 {
		return ctx, status.Error(codes.Unauthenticated, "the access token or its proof is missing")
	}
	token, ok := strings.CutPrefix(authorization[0], "DPoP ")
	if !ok || !s.tokens.good(token) {
		return ctx, status.Error(codes.Unauthenticated, "the access token is unknown, expired, or not bound to a key")
	}
	address := url.URL{Scheme: "https", Host: s.Address(), Path: fullMethod}
	claims, err := s.proofs.forCall.ValidateProof(ctx, proof[0], http.MethodPost, address.String(), dpop.WithProofExpectedAccessToken(token))
	if err != nil {
		return ctx, status.Error(codes.Unauthenticated, err.Error())
	}
	return dpop.WithClaims(ctx, claims), nil
}

// challenge asks for a proof with the nonce.
func (p *proofs) challenge(w http.ResponseWriter) {
	w.Header().Set(dpop.NonceHeaderName, p.nonce)
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write([]byte(`{"error":"use_dpop_nonce","error_description":"sign the nonce too"}`)) // A client that has gone needs no answer.
}

// needsNonce reports whether that is all that was wrong with a proof.
func needsNonce(err error) bool { return errors.Is(err, dpop.ErrInvalidNonce) }

// hostOf is the audience of an assertion that is sent to an address.
func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}
