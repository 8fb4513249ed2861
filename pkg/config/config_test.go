package config

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/conductorone/baton-sdk/pkg/field"
	"github.com/conductorone/baton-sdk/pkg/test"
	"github.com/spf13/viper"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	testTenant   = "11111111-2222-3333-4444-555555555555"
	testClient   = "66666666-7777-8888-9999-000000000000"
	testSecret   = "Zx8Q~not.a.real.secret_value" //nolint:gosec // Not a real one.
	testResource = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
)

// validateWith runs the SDK's checks and then ours, in the order a start of the
// connector does.
func validateWith(method string, values map[string]string) error {
	v := test.MakeViper(values)
	if err := field.Validate(Configuration, v, field.WithAuthMethod(method)); err != nil {
		return err
	}
	return Validate(v, method)
}

func TestValidateEachMethod(t *testing.T) {
	app := map[string]string{"azure-tenant-id": testTenant, "azure-client-id": testClient}
	with := func(more ...string) map[string]string {
		values := map[string]string{}
		for k, v := range app {
			values[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			values[more[i]] = more[i+1]
		}
		return values
	}
	for _, tc := range []struct {
		name, method string
		values       map[string]string
		wantErr      []string
	}{
		{"default method", "", with("azure-client-secret", testSecret), nil},
		{"client secret", AuthMethodClientSecret, with("azure-client-secret", testSecret), nil},
		{"nothing given", "", nil, []string{"--azure-tenant-id", "BATON_AZURE_TENANT_ID", "--azure-client-id", " and --azure-client-secret", "--auth-method"}},
		{"secret missing", "", app, []string{"client-secret needs --azure-client-secret (or BATON_AZURE_CLIENT_SECRET)"}},
		{"secret of spaces", "", with("azure-client-secret", " \n"), []string{"--azure-client-secret"}},
		{"tenant by domain", "", with("azure-tenant-id", "contoso.onmicrosoft.com", "azure-client-secret", testSecret), nil},
		{"tenant in capitals with a newline", "", with("azure-tenant-id", strings.ToUpper(testTenant)+"\n", "azure-client-secret", testSecret), nil},
		{"tenant is no tenant", "", with("azure-tenant-id", "common", "azure-client-secret", testSecret), []string{"--azure-tenant-id must be"}},
		{"tenant is a URL", "", with("azure-tenant-id", "https://contoso.com", "azure-client-secret", testSecret), []string{"--azure-tenant-id must be"}},
		{"tenant too long", "", with("azure-tenant-id", strings.Repeat("a.", 127)+"com", "azure-client-secret", testSecret), []string{"--azure-tenant-id must be"}},
		{"client is no GUID", "", with("azure-client-id", "my-app", "azure-client-secret", testSecret), []string{"--azure-client-id must be", "GUID"}},
		{"client in braces", "", with("azure-client-id", "{"+testClient+"}", "azure-client-secret", testSecret), []string{"--azure-client-id must be"}},
		{"reports of no age", "", with("azure-client-secret", testSecret, "reuse-reports-days", "0"), nil},
		{"reports of the day after tomorrow", "", with("azure-client-secret", testSecret, "reuse-reports-days", "-2"), []string{"--reuse-reports-days must be"}},
		{"reports of the last century", "", with("azure-client-secret", testSecret, "reuse-reports-days", "36500"), []string{"--reuse-reports-days must be"}},
		{"certificate", AuthMethodCertificate, with("azure-client-certificate", "PEM"), nil},
		{"certificate with password", AuthMethodCertificate, with("azure-client-certificate", "PFX", "azure-client-certificate-password", "p"), nil},
		{"certificate missing", AuthMethodCertificate, app, []string{"--azure-client-certificate"}},
		{"password without certificate", AuthMethodCertificate, with("azure-client-certificate-password", "p"), []string{"azure-client-certificate"}},
		{"password is ignored by another method", AuthMethodClientSecret, with("azure-client-secret", testSecret, "azure-client-certificate-password", "p"), nil},
		{"workload identity from its environment", AuthMethodWorkloadIdentity, nil, nil},
		{"workload identity by flags", AuthMethodWorkloadIdentity, with("azure-federated-token-file", "/var/run/token"), nil},
		{"workload identity, bad client", AuthMethodWorkloadIdentity, with("azure-client-id", "x"), []string{"--azure-client-id must be"}},
		{"managed identity", AuthMethodManagedIdentity, nil, nil},
		{"managed identity by client id", AuthMethodManagedIdentity, map[string]string{"azure-managed-identity-id": testClient}, nil},
		{"managed identity by resource id", AuthMethodManagedIdentity, map[string]string{"azure-managed-identity-id": testResource}, nil},
		{"managed identity by name", AuthMethodManagedIdentity, map[string]string{"azure-managed-identity-id": "reader"}, []string{"--azure-managed-identity-id must be"}},
		{"managed identity does not look at the client id", AuthMethodManagedIdentity, map[string]string{"azure-client-id": "x"}, nil},
		{"exchange as an application", AuthMethodManagedIdentity, map[string]string{"exchange": "true"}, nil},
		{"exchange as a person", AuthMethodDeviceCode, with("exchange", "true"), []string{"--exchange needs", "client-secret, certificate, workload-identity or managed-identity"}},
		{"exchange with the platform's token", AuthMethodOauth, map[string]string{"exchange": "true"}, []string{"--exchange needs"}},
		{"azure cli", AuthMethodAzureCLI, nil, nil},
		{"azure cli with a bad tenant", AuthMethodAzureCLI, map[string]string{"azure-tenant-id": "x y"}, []string{"--azure-tenant-id must be"}},
		{"device code", AuthMethodDeviceCode, app, nil},
		{"device code without application", AuthMethodDeviceCode, map[string]string{"azure-tenant-id": testTenant}, []string{"--azure-client-id"}},
		{"oauth", AuthMethodOauth, nil, nil},
		{"unknown method", "certficate", nil, []string{"--auth-method must be one of", "certificate", "or oauth", `"certficate"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := validateWith(tc.method, tc.values)
			if tc.wantErr == nil {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			for _, want := range tc.wantErr {
				assert.Contains(t, err.Error(), want)
			}
			assert.NotContains(t, err.Error(), "\n", "an error is one sentence")
		})
	}
}

// What the SDK checks, it says in its own words, on two lines.
func TestUnknownCloud(t *testing.T) {
	for _, group := range fieldGroups {
		err := validateWith(group.Name, map[string]string{"azure-cloud": "germany"})
		require.ErrorContains(t, err, "azure-cloud", "group %s", group.Name)
		assert.ErrorContains(t, err, "[public usgov usgov-dod china]")
	}
}

// A secret often lands in the field next to its own.
func TestErrorsRepeatNoValue(t *testing.T) {
	_, err := ResolveAuthMethod(testSecret)
	require.ErrorContains(t, err, "--auth-method must be one of")
	require.NotContains(t, err.Error(), testSecret)
	for _, name := range []string{"azure-tenant-id", "azure-client-id", "azure-managed-identity-id"} {
		for _, group := range fieldGroups {
			values := map[string]string{
				"azure-tenant-id": testTenant, "azure-client-id": testClient,
				"azure-client-secret": testSecret, "azure-client-certificate": testSecret,
			}
			values[name] = testSecret
			if err := validateWith(group.Name, values); err != nil {
				assert.NotContains(t, err.Error(), testSecret, "%s with %s", group.Name, name)
			}
		}
	}
}

// The SDK's own harness runs the default group.
func TestDefaultGroupThroughTheSDK(t *testing.T) {
	test.ExerciseTestCases(t, Configuration, func(v *viper.Viper) error { return Validate(v, "") }, []test.TestCase{
		{Configs: map[string]string{}, IsValid: false, Message: "nothing"},
		{Configs: map[string]string{"azure-tenant-id": testTenant, "azure-client-id": testClient}, IsValid: false, Message: "no secret"},
		{Configs: map[string]string{"azure-tenant-id": testTenant, "azure-client-id": testClient, "azure-client-secret": testSecret}, IsValid: true, Message: "all"},
		{Configs: map[string]string{"azure-tenant-id": testTenant, "azure-client-id": testClient, "azure-client-secret": testSecret, "azure-cloud": "mars"}, IsValid: false, Message: "no such cloud"},
	})
}

func TestGeneratedStructHasEveryField(t *testing.T) {
	tags := map[string]bool{}
	for i := range reflect.TypeFor[AzureAd]().NumField() {
		tags[reflect.TypeFor[AzureAd]().Field(i).Tag.Get("mapstructure")] = true
	}
	for _, f := range ConfigurationFields {
		assert.True(t, tags[f.FieldName], "run go generate ./pkg/config: %s is not in conf.gen.go", f.FieldName)
	}
	assert.Len(t, tags, len(ConfigurationFields))

	var c field.Configurable = &AzureAd{AzureTenantId: testTenant, AzureClientId: testClient, AzureClientCertificate: []byte("PEM")}
	require.NoError(t, Validate(c, AuthMethodCertificate))
}

func TestGroups(t *testing.T) {
	fields := map[string]bool{}
	for _, f := range ConfigurationFields {
		assert.False(t, fields[f.FieldName], "%s is declared twice", f.FieldName)
		fields[f.FieldName] = true
	}
	grouped := map[string]bool{}
	defaults := 0
	for _, group := range fieldGroups {
		listed := group.FieldMap()
		assert.Len(t, listed, len(group.Fields), "%s lists a field twice", group.Name)
		for name := range listed {
			assert.True(t, fields[name], "%s of group %s is not a field", name, group.Name)
			grouped[name] = true
		}
		for _, f := range sharedFields {
			assert.Contains(t, listed, f.FieldName, "group %s", group.Name)
		}
		needed, known := requiredFields[group.Name]
		assert.True(t, known, "requiredFields does not know %s", group.Name)
		for _, f := range needed {
			assert.Contains(t, listed, f.FieldName, "group %s", group.Name)
		}
		if group.Default {
			defaults++
			assert.Equal(t, AuthMethodClientSecret, group.Name)
		}
	}
	assert.Equal(t, 1, defaults)
	assert.Len(t, requiredFields, len(fieldGroups))
	assert.Equal(t, fields, grouped, "the SDK never validates a field that no group lists")
}

// The exported schema is what the platform builds its form from.
func TestExportedSchema(t *testing.T) {
	raw, err := Configuration.MarshalJSON()
	require.NoError(t, err)
	var schema struct {
		DisplayName, HelpURL, IconURL string
		IsDirectory                   bool
		Fields                        []struct {
			Name                 string
			IsSecret, IsRequired bool
		}
		FieldGroups []struct {
			Name    string
			Default bool
			Fields  []string
		}
	}
	require.NoError(t, json.Unmarshal(raw, &schema))
	assert.Equal(t, "Microsoft Entra ID", schema.DisplayName)
	assert.Equal(t, "/docs/baton/azure-ad", schema.HelpURL)
	assert.Equal(t, "/static/app-icons/azure-ad.svg", schema.IconURL)
	assert.True(t, schema.IsDirectory)

	exported := map[string]bool{}
	var secret, required []string
	for _, f := range schema.Fields {
		exported[f.Name] = true
		if f.IsSecret {
			secret = append(secret, f.Name)
		}
		if f.IsRequired {
			required = append(required, f.Name)
		}
	}
	assert.ElementsMatch(t, []string{"azure-client-secret", "azure-client-certificate", "azure-client-certificate-password"}, secret)
	assert.ElementsMatch(t, []string{"azure-tenant-id", "azure-client-id", "azure-client-secret", "azure-client-certificate"}, required)

	var groups []string
	for _, group := range schema.FieldGroups {
		groups = append(groups, group.Name)
		for _, name := range group.Fields {
			assert.True(t, exported[name], "group %s shows %s, which is not exported", group.Name, name)
		}
	}
	assert.Equal(t, []string{AuthMethodClientSecret, AuthMethodCertificate, AuthMethodOauth}, groups)
}

// Flags of the SDK with like names are the platform's: client-id, client-secret.
func TestNoFieldHidesAnSDKFlag(t *testing.T) {
	for _, ours := range ConfigurationFields {
		for _, theirs := range field.DefaultFields {
			assert.NotEqual(t, theirs.FieldName, ours.FieldName)
		}
		assert.Regexp(t, regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`), ours.FieldName)
	}
}

func TestConfigIsALeaf(t *testing.T) {
	for _, name := range []string{"config.go", "fields.go", "validate.go"} {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"(github\.com/[^"]+)"`).FindAllStringSubmatch(string(source), -1) {
			assert.Equal(t, "github.com/conductorone/baton-sdk/pkg/field", m[1])
		}
	}
}
