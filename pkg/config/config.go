// Package config declares what the connector can be told: the fields, the
// authentication methods that group them, and the checks that need more than
// one field or more than a pattern.
//
// Every field is a flag (--azure-tenant-id), an environment variable
// (BATON_AZURE_TENANT_ID), a key of the .baton.yaml file and, where a hosted
// connector can use it, a field of the platform's form.
package config

//go:generate go run ./gen
//go:generate gofmt -w conf.gen.go

import (
	"slices"

	"github.com/conductorone/baton-sdk/pkg/field"
)

// The authentication methods: names of the field groups and values of
// --auth-method.
const (
	AuthMethodClientSecret     = "client-secret"
	AuthMethodCertificate      = "certificate"
	AuthMethodWorkloadIdentity = "workload-identity"
	AuthMethodManagedIdentity  = "managed-identity"
	AuthMethodAzureCLI         = "azure-cli"
	AuthMethodDeviceCode       = "device-code"
	AuthMethodOauth            = "oauth"
)

var (
	// sharedFields serve every authentication method.
	sharedFields = []field.SchemaField{
		AzureCloudField,
		GraphEndpointField,
		CaCertificateField,
	}

	// signInFields serve the methods that talk to the sign-in service
	// themselves, and so have to be told the tenant and may be told the host.
	signInFields = []field.SchemaField{
		AzureTenantIDField,
		AzureClientIDField,
		AuthorityHostField,
	}

	// identityFields are what is left: each belongs to one method.
	identityFields = []field.SchemaField{
		AzureClientSecretField,
		AzureClientCertificateField,
		AzureClientCertificatePasswordField,
		AzureFederatedTokenFileField,
		AzureManagedIdentityIDField,
		OauthField,
	}

	// fieldGroups are the authentication methods. Those that need a machine of
	// one's own (a cluster, an Azure host, a signed-in CLI, a terminal) are not
	// offered in the platform's form.
	fieldGroups = []field.SchemaFieldGroup{
		{
			Name:        AuthMethodClientSecret,
			DisplayName: "Client secret",
			HelpText:    "Sign in as an app registration with a client secret.",
			Fields:      fieldsOf(signInFields, list(AzureClientSecretField), sharedFields, behaviourFields, applicationFields),
			Default:     true,
		},
		{
			Name:        AuthMethodCertificate,
			DisplayName: "Certificate",
			HelpText:    "Sign in as an app registration with a certificate and its private key.",
			Fields:      fieldsOf(signInFields, list(AzureClientCertificateField, AzureClientCertificatePasswordField), sharedFields, behaviourFields, applicationFields),
		},
		{
			Name:         AuthMethodWorkloadIdentity,
			DisplayName:  "Workload identity",
			HelpText:     "Sign in with the federated token of a Kubernetes service account or another trusted issuer.",
			Fields:       fieldsOf(signInFields, list(AzureFederatedTokenFileField), sharedFields, behaviourFields, applicationFields),
			ExportTarget: field.ExportTargetCLIOnly,
		},
		{
			Name:         AuthMethodManagedIdentity,
			DisplayName:  "Managed identity",
			HelpText:     "Sign in as the managed identity of the Azure resource the connector runs on.",
			Fields:       fieldsOf(list(AzureTenantIDField, AzureManagedIdentityIDField), sharedFields, behaviourFields, applicationFields),
			ExportTarget: field.ExportTargetCLIOnly,
		},
		{
			Name:         AuthMethodAzureCLI,
			DisplayName:  "Azure CLI",
			HelpText:     "Use the account that is signed in to the Azure CLI on this machine.",
			Fields:       fieldsOf(list(AzureTenantIDField), sharedFields, behaviourFields),
			ExportTarget: field.ExportTargetCLIOnly,
		},
		{
			Name:         AuthMethodDeviceCode,
			DisplayName:  "Device code",
			HelpText:     "Sign in as a person, with a code entered in a browser.",
			Fields:       fieldsOf(signInFields, sharedFields, behaviourFields),
			ExportTarget: field.ExportTargetCLIOnly,
		},
		{
			Name:        AuthMethodOauth,
			DisplayName: "Sign in with Microsoft",
			HelpText:    "Let the ConductorOne platform sign in and keep the token fresh.",
			Fields:      fieldsOf(list(AzureTenantIDField, OauthField), sharedFields, behaviourFields),
		},
	}

	// constraints hold for whichever method is chosen: the SDK leaves out the
	// fields that are not in its group.
	constraints = []field.SchemaFieldRelationship{
		field.FieldsDependentOn(list(AzureClientCertificatePasswordField), list(AzureClientCertificateField)),
		field.FieldsDependentOn(list(IncludeOnPremGroupMembersField), list(SkipADGroupsField)),
	}

	// ConfigurationFields are all fields of the connector. conf.gen.go has one
	// member for each.
	ConfigurationFields = fieldsOf(signInFields, identityFields, sharedFields, behaviourFields, applicationFields)

	// Configuration is the schema that the SDK builds flags, validation and the
	// platform's form from.
	Configuration = field.NewConfiguration(
		ConfigurationFields,
		field.WithConstraints(constraints...),
		field.WithFieldGroups(fieldGroups),
		field.WithConnectorDisplayName("Microsoft Entra ID"),
		field.WithHelpUrl("/docs/baton/azure-ad"),
		field.WithIconUrl("/static/app-icons/azure-ad.svg"),
		field.WithIsDirectory(true),
	)
)

// list makes a list of the given fields.
func list(fields ...field.SchemaField) []field.SchemaField { return fields }

// fieldsOf joins lists of fields into a new one.
func fieldsOf(lists ...[]field.SchemaField) []field.SchemaField { return slices.Concat(lists...) }
