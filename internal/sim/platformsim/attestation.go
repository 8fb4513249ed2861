package platformsim

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	v1 "github.com/conductorone/baton-sdk/pb/c1/connectorapi/baton/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// The identity of hosted connectors in the cloud that runs them.
const (
	cloudRegion = "us-east-1"
	cloudKeyID  = "AKIDSIMULATED"
)

// verifyAttestation checks what a hosted connector says about where it runs: a
// signed question to Amazon's token service, which the platform would ask in the
// connector's place. That service alone can check the signature.
func verifyAttestation(encoded string) error {
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return errors.New("the attestation is not base64")
	}
	var packed anypb.Any
	var signed v1.Sigv4SignedRequestSTSGetCallerIdentity
	if proto.Unmarshal(raw, &packed) != nil || packed.UnmarshalTo(&signed) != nil {
		return errors.New("the attestation is no signed request")
	}
	authorization := ""
	for _, header := range signed.GetHeaders() {
		if header.GetKey() == "Authorization" {
			authorization = strings.Join(header.GetValue(), ",")
		}
	}
	if signed.GetMethod() != http.MethodPost || signed.GetEndpoint() != "https://sts."+cloudRegion+".amazonaws.com" ||
		string(signed.GetBody()) != "Action=GetCallerIdentity&Version=2011-06-15" ||
		!strings.HasPrefix(authorization, "AWS4-HMAC-SHA256 Credential="+cloudKeyID+"/") {
		return errors.New("the attestation asks something else, or for somebody else")
	}
	return nil
}
