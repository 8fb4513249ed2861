package config

import (
	"strings"
	"testing"
	"unicode"

	"github.com/conductorone/baton-sdk/pkg/field"
	"github.com/stretchr/testify/require"
)

// FuzzConfiguration is about settings that make a start of the connector panic,
// or that an error repeats: a secret is easily pasted into the wrong field.
func FuzzConfiguration(f *testing.F) {
	f.Add("", testTenant, testClient, testSecret, "", "")
	f.Add("certificate", "contoso.onmicrosoft.com", testClient, "", "public", testResource)
	f.Add("managed-identity", "common", "x", "\x00", "mars", "/subscriptions/")
	f.Add("Oauth\x1b[31m\n", strings.Repeat("a.", 300)+"b", "\u202e", "y", "usgov-dod", "%s%d")
	f.Fuzz(func(t *testing.T, method, tenant, client, secret, cloud, identity string) {
		if err := field.Validate(Configuration, &AzureAd{}, field.WithAuthMethod(method)); err != nil {
			require.NotEmpty(t, err.Error())
		}
		c := &AzureAd{
			AzureTenantId: tenant, AzureClientId: client, AzureClientSecret: secret, AzureClientCertificate: []byte(secret),
			AzureCloud: cloud, AzureManagedIdentityId: identity,
		}
		err := Validate(c, method)
		resolved, unknown := ResolveAuthMethod(method)
		if unknown != nil {
			require.Equal(t, unknown.Error(), err.Error())
		}
		for _, said := range []error{err, ValidateApplication(c)} {
			if said == nil {
				continue
			}
			require.False(t, strings.ContainsFunc(said.Error(), func(r rune) bool { return !unicode.IsGraphic(r) }), "%q", said.Error())
			require.LessOrEqual(t, len(said.Error()), 1000)
			const longEnough = 31 // Shorter ones can be words of the sentence, or a name with a typing error.
			for _, value := range []string{tenant, client, secret, identity, method} {
				require.False(t, len(value) >= longEnough && strings.Contains(said.Error(), value), "an error repeats %q", value)
			}
		}
		if err != nil {
			return
		}
		listed := Configuration.FieldGroupFields(resolved)
		if _, used := listed[AzureTenantIDField.FieldName]; used && strings.TrimSpace(tenant) != "" {
			require.Regexp(t, `^[0-9A-Za-z.-]+$`, strings.TrimSpace(tenant), "the tenant becomes a part of a URL")
		}
		if _, used := listed[AzureClientIDField.FieldName]; used && strings.TrimSpace(client) != "" {
			require.Len(t, strings.TrimSpace(client), 36)
		}
	})
}
