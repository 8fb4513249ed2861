package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-sdk/pkg/field"
)

var (
	// guid is the one form in which Microsoft Entra ID prints ids.
	guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

	// domainName has at least one dot, which keeps out the multi-tenant
	// authorities "common", "organizations" and "consumers": a snapshot is of
	// one tenant.
	domainName = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)

	// identityResourceID is the Azure resource id of a user-assigned identity
	// (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview).
	identityResourceID = regexp.MustCompile(`(?i)^/subscriptions/[^/]+/resourcegroups/[^/]+/providers/Microsoft\.ManagedIdentity/userAssignedIdentities/[^/]+$`)
)

// misspelled is what can be the name of a method with a typing error in it.
// Anything else may be a secret, and is not repeated.
var misspelled = regexp.MustCompile(`^[a-z-]{1,30}$`)

// maxDomainName is the longest domain name that DNS allows.
const maxDomainName = 253

// requiredFields says what each authentication method cannot do without.
//
// A managed identity and the Azure CLI know their tenant, a platform token was
// issued by one, and for a workload identity the cluster sets AZURE_TENANT_ID,
// AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE, which azidentity reads.
var requiredFields = map[string][]field.SchemaField{
	AuthMethodClientSecret:     {AzureTenantIDField, AzureClientIDField, AzureClientSecretField},
	AuthMethodCertificate:      {AzureTenantIDField, AzureClientIDField, AzureClientCertificateField},
	AuthMethodWorkloadIdentity: {},
	AuthMethodManagedIdentity:  {},
	AuthMethodAzureCLI:         {},
	AuthMethodDeviceCode:       {AzureTenantIDField, AzureClientIDField},
	AuthMethodOauth:            {},
}

// ResolveAuthMethod turns the value of --auth-method into one of the
// AuthMethod constants. Empty means the default, client-secret. The SDK takes
// an unknown name for the default too; here it is an error that lists the
// known ones.
func ResolveAuthMethod(selected string) (string, error) {
	if selected == "" {
		return AuthMethodClientSecret, nil
	}
	names := make([]string, 0, len(fieldGroups))
	for _, group := range fieldGroups {
		names = append(names, group.Name)
	}
	if !slices.Contains(names, selected) {
		sentence := "--auth-method must be one of " + enumerate(names, "or")
		if !misspelled.MatchString(selected) {
			return "", errors.New(sentence)
		}
		return "", fmt.Errorf("%s, not %q", sentence, selected)
	}
	return selected, nil
}

// Validate checks what the SDK's field rules cannot: that the chosen
// authentication method has what it needs, and that ids have the form of ids.
// It takes the value of --auth-method as given, and the generated struct or any
// other holder of the fields. The error is one sentence and repeats no value.
//
// The form of --authority-host and --graph-endpoint is left to
// graph.Cloud.WithOverrides, which everything that uses them goes through.
func Validate(c field.Configurable, authMethod string) error {
	method, err := ResolveAuthMethod(authMethod)
	if err != nil {
		return err
	}
	if err := checkRequired(c, method); err != nil {
		return err
	}
	if _, used := Configuration.FieldGroupFields(method)[ExchangeField.FieldName]; !used && c.GetBool(ExchangeField.FieldName) {
		return fmt.Errorf("--%s needs an authentication method that signs in as an application (%s), because Exchange Online takes no other token than one of its own",
			ExchangeField.FieldName, enumerate(methodsWith(ExchangeField), "or"))
	}
	if days := c.GetInt(ReuseReportsDaysField.FieldName); days < 0 || days > maxReuseDays {
		return fmt.Errorf("--%s must be a number of days from 0 to %d", ReuseReportsDaysField.FieldName, maxReuseDays)
	}
	return checkForms(c, method)
}

// maxReuseDays is after how many days what was read of people tells nothing any more.
const maxReuseDays = 90

// methodsWith are the methods that a field is for.
func methodsWith(f field.SchemaField) []string {
	var names []string
	for _, group := range fieldGroups {
		if slices.ContainsFunc(group.Fields, func(one field.SchemaField) bool { return one.FieldName == f.FieldName }) {
			names = append(names, group.Name)
		}
	}
	return names
}

// ValidateApplication checks that the settings name a tenant and an application
// in it, as a link for an administrator has to. How to sign in is left open.
func ValidateApplication(c field.Configurable) error {
	if missing := unset(c, list(AzureTenantIDField, AzureClientIDField)); len(missing) > 0 {
		return fmt.Errorf("the link needs %s", enumerate(missing, "and"))
	}
	return checkForms(c, AuthMethodClientSecret)
}

// checkForms checks that ids have the form of ids.
func checkForms(c field.Configurable, method string) error {
	listed := Configuration.FieldGroupFields(method)
	for _, check := range []struct {
		field field.SchemaField
		valid func(string) bool
		form  string
	}{
		{AzureTenantIDField, isTenantID, "the tenant's ID (a GUID) or one of its verified domain names, such as contoso.onmicrosoft.com"},
		{AzureClientIDField, guid.MatchString, "the Application (client) ID of the app registration, which is a GUID"},
		{AzureManagedIdentityIDField, isManagedIdentityID, "the client ID (a GUID) or the resource ID (/subscriptions/...) of a user-assigned managed identity"},
		{PimDurationField, isDuration, "a length of time in hours or minutes, such as 8h, 90m or 720h"},
	} {
		name := check.field.FieldName
		if _, used := listed[name]; !used {
			continue
		}
		if value := strings.TrimSpace(c.GetString(name)); value != "" && !check.valid(value) {
			return fmt.Errorf("--%s must be %s", name, check.form)
		}
	}
	return nil
}

func isDuration(text string) bool {
	d, err := time.ParseDuration(text)
	return err == nil && d >= time.Minute
}

// checkRequired names all missing fields at once, so that a first attempt is
// answered with the whole list.
func checkRequired(c field.Configurable, method string) error {
	missing := unset(c, requiredFields[method])
	if len(missing) == 0 {
		return nil
	}
	sentence := fmt.Sprintf("authentication method %s needs %s", method, enumerate(missing, "and"))
	if method == AuthMethodClientSecret {
		sentence += "; --auth-method chooses another one"
	}
	return errors.New(sentence)
}

// unset names those of the fields that have no value.
func unset(c field.Configurable, fields []field.SchemaField) []string {
	var missing []string
	for _, f := range fields {
		if strings.TrimSpace(c.GetString(f.FieldName)) == "" {
			missing = append(missing, fmt.Sprintf("--%s (or %s)", f.FieldName, environmentVariable(f.FieldName)))
		}
	}
	return missing
}

// environmentVariable is the name under which the SDK also reads a field.
func environmentVariable(fieldName string) string {
	return "BATON_" + strings.ToUpper(strings.ReplaceAll(fieldName, "-", "_"))
}

func isTenantID(s string) bool {
	return guid.MatchString(s) || len(s) <= maxDomainName && domainName.MatchString(s)
}

func isManagedIdentityID(s string) bool {
	return guid.MatchString(s) || identityResourceID.MatchString(s)
}

// enumerate joins words as a sentence does: "a, b and c".
func enumerate(words []string, conjunction string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}
