package graph

import (
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
	modern, err := os.ReadFile("testdata/certificate-openssl3.pfx")
	require.NoError(t, err)
	_, err = NewCertificateCredential(a.options(t), signInClient, modern, "testing")
	require.ErrorContains(t, err, "convert it to PEM")
	assert.NotContains(t, err.Error(), "testing")
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
