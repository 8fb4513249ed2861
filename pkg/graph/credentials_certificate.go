package graph

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"golang.org/x/crypto/pkcs12"
)

// NewCertificateCredential signs in as an application with a certificate and
// its private key, given as PEM or PKCS #12 (PFX), either of them perhaps in
// base64; the password is that of the PFX and may be empty. The whole chain is
// sent along, which applications that trust a subject name and issuer need
// (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
func NewCertificateCredential(o CredentialOptions, clientID string, certificate []byte, password string) (azcore.TokenCredential, error) {
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

// parseCertificate gives azidentity's errors a sentence: they do not say what
// to do, and for damaged PEM they speak of PKCS #12.
func parseCertificate(content []byte, password string) ([]*x509.Certificate, crypto.PrivateKey, error) {
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, nil, errors.New("graph: the client certificate is empty")
	}
	secret := []byte(password)
	block, _ := pem.Decode(content)
	isPEM := block != nil
	if isPEM {
		// With a password azidentity would take the content for a PFX.
		secret = nil
		if hasEncryptedKey(content) {
			return nil, nil, errors.New("graph: the private key in the client certificate's PEM file is encrypted; " +
				"decrypt it (openssl pkey -in key.pem -out plain.pem) or give a PFX file with its password")
		}
	}
	chain, key, err := azidentity.ParseCertificates(content, secret)
	if err == nil {
		return chain, key, nil
	}
	var unsupported pkcs12.NotImplementedError
	switch {
	case isPEM:
		return nil, nil, errors.New("graph: the client certificate's PEM file must hold one certificate (with its chain, if any) and its unencrypted private key")
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return nil, nil, errors.New("graph: the password of the client certificate's PFX file is wrong or missing")
	case errors.As(err, &unsupported):
		return nil, nil, errors.New("graph: the client certificate's PFX file uses an algorithm that is not supported, as those of OpenSSL 3 do; " +
			"convert it to PEM (openssl pkcs12 -in certificate.pfx -nodes -out certificate.pem)")
	}
	return nil, nil, errors.New("graph: the client certificate is neither PEM nor PFX")
}

func hasEncryptedKey(content []byte) bool {
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
			return true
		}
	}
	return false
}
