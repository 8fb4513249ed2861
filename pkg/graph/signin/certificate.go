package signin

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"software.sslmate.com/src/go-pkcs12"
)

// NewCertificateCredential signs in as an application with a certificate and
// its private key, given as PEM or PKCS #12 (PFX), either of them perhaps in
// base64; the password is that of the PFX and may be empty. The whole chain is
// sent along, which applications that trust a subject name and issuer need
// (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
func NewCertificateCredential(o Options, clientID string, certificate []byte, password string) (azcore.TokenCredential, error) {
	options, err := o.clientOptions()
	if err != nil {
		return nil, err
	}
	chain, key, err := parseCertificate(DecodeUpload(certificate), password)
	if err != nil {
		return nil, err
	}
	who := o.signIn(kindCertificate, clientID)
	inner, err := azidentity.NewClientCertificateCredential(who.tenant, who.client, chain, key, &azidentity.ClientCertificateCredentialOptions{
		ClientOptions:            options,
		DisableInstanceDiscovery: o.withoutDiscovery(),
		SendCertificateChain:     true,
	})
	return newExplained(inner, err, who, signInLimit)
}

// DecodeUpload returns the content of an uploaded file: decoded if it is
// nothing but base64, as it is otherwise. The platform and secret stores deliver
// binary files that way, and sometimes text as well.
func DecodeUpload(content []byte) []byte {
	trimmed := bytes.TrimSpace(content)
	if len(trimmed) == 0 || bytes.HasPrefix(trimmed, []byte("-----BEGIN")) {
		return content
	}
	// The decoder skips line breaks by itself.
	if decoded, err := base64.StdEncoding.DecodeString(string(trimmed)); err == nil {
		return decoded
	}
	return content
}

// parseCertificate gives the errors of what is wrong with a file a sentence.
func parseCertificate(content []byte, password string) ([]*x509.Certificate, crypto.PrivateKey, error) {
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, nil, errors.New("graph: the client certificate is empty")
	}
	parse := func() ([]*x509.Certificate, crypto.PrivateKey, error) { return parsePFX(content, password) }
	if block, _ := pem.Decode(content); block != nil {
		parse = func() ([]*x509.Certificate, crypto.PrivateKey, error) { return parsePEM(content) }
	}
	chain, key, err := parse()
	if err != nil {
		return nil, nil, err
	}
	if _, ok := key.(*rsa.PrivateKey); !ok {
		return nil, nil, errNotRSA
	}
	return chain, key, nil
}

// errNotRSA is for elliptic curves and the like
// (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
var errNotRSA = errors.New("graph: the client certificate's private key is not an RSA key, and Microsoft Entra takes RSA keys only for signing in with a certificate; " +
	"make a certificate with an RSA key of 2048 bits or more, and upload its public part to the app registration")

func parsePEM(content []byte) ([]*x509.Certificate, crypto.PrivateKey, error) {
	if hasBlock(content, func(b *pem.Block) bool { return b.Type == "ENCRYPTED PRIVATE KEY" || b.Headers["DEK-Info"] != "" }) {
		return nil, nil, errors.New("graph: the private key in the client certificate's PEM file is encrypted; " +
			"decrypt it (openssl pkey -in key.pem -out plain.pem) or give a PFX file with its password")
	}
	chain, key, err := azidentity.ParseCertificates(content, nil)
	switch {
	case err == nil:
		return chain, key, nil
	case hasBlock(content, func(b *pem.Block) bool { return b.Type == "EC PRIVATE KEY" }): // azidentity looks past it.
		return nil, nil, errNotRSA
	}
	return nil, nil, errors.New("graph: the client certificate's PEM file must hold one certificate (with its chain, if any) and its unencrypted private key")
}

// parsePFX reads PKCS #12 as old tools and as new ones write it: since 3.0, OpenSSL
// encrypts with AES.
func parsePFX(content []byte, password string) ([]*x509.Certificate, crypto.PrivateKey, error) {
	key, leaf, issuers, err := pkcs12.DecodeChain(content, password)
	var unsupported pkcs12.NotImplementedError
	switch {
	case err == nil:
		return append([]*x509.Certificate{leaf}, issuers...), key, nil
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return nil, nil, errors.New("graph: the password of the client certificate's PFX file is wrong or missing")
	case errors.As(err, &unsupported):
		return nil, nil, errors.New("graph: the client certificate's PFX file uses an algorithm that is not supported; " +
			"convert it to PEM (openssl pkcs12 -in certificate.pfx -nodes -out certificate.pem)")
	case isPFX(content):
		return nil, nil, errors.New("graph: the client certificate's PFX file must hold one certificate (with its chain, if any) and its private key")
	}
	return nil, nil, errors.New("graph: the client certificate is neither PEM nor PFX")
}

// isPFX reports whether a file begins as PKCS #12 does: with version 3
// (RFC 7292, section 4).
func isPFX(content []byte) bool {
	var pfx struct {
		Version int
		Safe    asn1.RawValue
		MAC     asn1.RawValue `asn1:"optional"`
	}
	_, err := asn1.Unmarshal(content, &pfx)
	return err == nil && pfx.Version == 3
}

func hasBlock(content []byte, is func(*pem.Block) bool) bool {
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		if is(block) {
			return true
		}
	}
	return false
}
