package signin

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"software.sslmate.com/src/go-pkcs12"
)

func TestCertificate(t *testing.T) {
	a := newAuthority(t)
	cert, key := makeCertificate(t)
	both := append(append([]byte{}, cert...), key...)
	for name, content := range map[string][]byte{
		"PEM": both, "key first": append(append([]byte{}, key...), cert...),
		"PEM in base64": []byte(base64.StdEncoding.EncodeToString(both) + "\n"),
	} {
		credential, err := NewCertificateCredential(a.options(t), signInClient, content, "an unneeded password")
		require.NoError(t, err, name)
		requireToken(t, credential)
		assertion := a.lastForm(t).Get("client_assertion")
		require.Len(t, strings.Split(assertion, "."), 3)
		header, err := base64.RawURLEncoding.DecodeString(strings.Split(assertion, ".")[0])
		require.NoError(t, err)
		assert.Contains(t, string(header), `"x5c"`, "the chain is sent along")
	}

	a.answer = refuse(http.StatusUnauthorized, 700027, "invalid_client")
	credential, err := NewCertificateCredential(a.options(t), signInClient, both, "")
	require.NoError(t, err)
	assert.Equal(t, 700027, requireAuthorityError(t, credential).Code)
}

func TestCertificateThatCannotBeUsed(t *testing.T) {
	a := newAuthority(t)
	cert, key := makeCertificate(t)
	encrypted := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte{1, 2, 3}})
	for name, tc := range map[string]struct {
		content []byte
		want    string
	}{
		"nothing":        {nil, "is empty"},
		"blank":          {[]byte(" \n"), "is empty"},
		"no key":         {cert, "must hold one certificate"},
		"no certificate": {key, "must hold one certificate"},
		"encrypted key":  {append(append([]byte{}, cert...), encrypted...), "is encrypted"},
		"garbage":        {[]byte("hello, world"), "neither PEM nor PFX"},
	} {
		_, err := NewCertificateCredential(a.options(t), signInClient, tc.content, "")
		require.ErrorContains(t, err, tc.want, name)
	}
	assert.Zero(t, a.requests.Load())
}

func TestCertificateAsPFX(t *testing.T) {
	a := newAuthority(t)
	legacy, err := os.ReadFile("testdata/certificate-legacy.pfx")
	require.NoError(t, err)
	for _, content := range [][]byte{legacy, []byte(base64.StdEncoding.EncodeToString(legacy))} {
		credential, err := NewCertificateCredential(a.options(t), signInClient, content, "testing")
		require.NoError(t, err)
		requireToken(t, credential)
	}
	for _, password := range []string{"", "another"} {
		_, err = NewCertificateCredential(a.options(t), signInClient, legacy, password)
		require.ErrorContains(t, err, "password of the client certificate's PFX file is wrong or missing")
	}
}

func TestPFXOfOpenSSL3IsRead(t *testing.T) {
	a := newAuthority(t)
	modern, err := os.ReadFile("testdata/certificate-openssl3.pfx")
	require.NoError(t, err)
	credential, err := NewCertificateCredential(a.options(t), signInClient, modern, "testing")
	require.NoError(t, err)
	requireToken(t, credential)
	for _, password := range []string{"", "another"} {
		_, err = NewCertificateCredential(a.options(t), signInClient, modern, password)
		require.ErrorContains(t, err, "password of the client certificate's PFX file is wrong or missing")
	}
	assert.Equal(t, int64(2), a.requests.Load(), "discovery and one attempt")
}

func TestPFXOfEveryAgeKeepsTheOrderOfItsChain(t *testing.T) {
	issuerKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	issuer := signCertificate(t, "issuer", nil, nil, &issuerKey.PublicKey, issuerKey)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	leaf := signCertificate(t, "leaf", issuer, issuerKey, &key.PublicKey, nil)
	for name, encoder := range map[string]*pkcs12.Encoder{
		"RC2": pkcs12.LegacyRC2, "3DES": pkcs12.LegacyDES, "AES": pkcs12.Modern2023, "PBMAC1": pkcs12.Modern2026,
	} {
		a := newAuthority(t)
		content, err := encoder.Encode(key, leaf, []*x509.Certificate{issuer}, "testing")
		require.NoError(t, err)
		chain, parsed, err := parseCertificate(content, "testing")
		require.NoError(t, err, name)
		assert.Equal(t, key, parsed)
		require.Len(t, chain, 2)
		assert.Equal(t, "leaf", chain[0].Subject.CommonName, name)
		credential, err := NewCertificateCredential(a.options(t), signInClient, content, "testing")
		require.NoError(t, err, "an issuer may have another sort of key")
		requireToken(t, credential)
		header, err := base64.RawURLEncoding.DecodeString(strings.Split(a.lastForm(t).Get("client_assertion"), ".")[0])
		require.NoError(t, err)
		sent := string(header)
		first, second := strings.Index(sent, base64.StdEncoding.EncodeToString(leaf.Raw)), strings.Index(sent, base64.StdEncoding.EncodeToString(issuer.Raw))
		assert.True(t, 0 < first && first < second, name)
		_, _, err = parseCertificate(content, "another")
		require.ErrorContains(t, err, "password of the client certificate's PFX file is wrong or missing", name)
	}
	store, err := pkcs12.Modern2023.EncodeTrustStore([]*x509.Certificate{leaf}, "testing")
	require.NoError(t, err)
	_, _, err = parseCertificate(store, "testing")
	require.ErrorContains(t, err, "must hold one certificate (with its chain, if any) and its private key")
}

func TestKeyThatMicrosoftEntraDoesNotTakeIsNamedAsThat(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	cert := signCertificate(t, "leaf", nil, nil, &key.PublicKey, key)
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	sec1, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	pfx, err := pkcs12.Modern2023.Encode(key, cert, nil, "testing")
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"PKCS #8": append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), certPEM...),
		"SEC 1":   append(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1}), certPEM...),
		"PFX":     pfx,
	} {
		_, _, err := parseCertificate(content, "testing")
		require.ErrorContains(t, err, "Microsoft Entra takes RSA keys only", name)
	}
}

// signCertificate makes a certificate; without an issuer it signs itself.
func signCertificate(t *testing.T, name string, issuer *x509.Certificate, issuerKey crypto.Signer, public crypto.PublicKey, own crypto.Signer) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: issuer == nil, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	if issuer == nil {
		issuer, issuerKey = template, own
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, public, issuerKey)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return cert
}

func makeCertificate(t *testing.T) ([]byte, []byte) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "connector"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

func TestDecodeUpload(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	block := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	encoded := base64.StdEncoding.EncodeToString(block)
	for _, content := range [][]byte{block, []byte(encoded), []byte(encoded[:64] + "\r\n" + encoded[64:] + "\n")} {
		assert.Equal(t, block, DecodeUpload(content))
	}
	assert.Equal(t, der, DecodeUpload(der), "binary stays as it is")
	assert.Empty(t, DecodeUpload(nil))
}
