package config

import "github.com/conductorone/baton-sdk/pkg/field"

// The values of --azure-cloud, which are the names that graph.CloudByName knows.
const (
	CloudPublic   = "public"
	CloudUSGov    = "usgov"
	CloudUSGovDoD = "usgov-dod"
	CloudChina    = "china"
)

// guidPlaceholder shows in forms what a tenant or client id looks like.
const guidPlaceholder = "00000000-0000-0000-0000-000000000000"

// Fields that say who signs in. None of the secret ones carries a rule of the
// SDK, and neither do the ids next to them in a form: the SDK's messages quote
// the refused value, which may be a secret pasted into the wrong field.
var (
	// AzureTenantIDField is the tenant to read. Managed identities, the Azure
	// CLI and platform tokens bring their own tenant.
	AzureTenantIDField = requiredInForms(field.StringField(
		"azure-tenant-id",
		field.WithDisplayName("Tenant ID"),
		field.WithDescription("Directory (tenant) ID of the Microsoft Entra tenant, or one of its verified domain names"),
		field.WithPlaceholder(guidPlaceholder),
	))

	// AzureClientIDField is the application that the connector signs in as.
	AzureClientIDField = requiredInForms(field.StringField(
		"azure-client-id",
		field.WithDisplayName("Client ID"),
		field.WithDescription("Application (client) ID of the app registration the connector signs in as"),
		field.WithPlaceholder(guidPlaceholder),
	))

	// AzureClientSecretField is the value of a client secret.
	AzureClientSecretField = requiredInForms(field.StringField(
		"azure-client-secret",
		field.WithDisplayName("Client secret"),
		field.WithDescription("Value of a client secret of the app registration (the Value, not the Secret ID)"),
		field.WithIsSecret(true),
	))

	// AzureClientCertificateField is a certificate with its private key. The
	// SDK reads the file on the command line and as a service; the platform
	// sends the content.
	AzureClientCertificateField = requiredInForms(field.FileUploadField(
		"azure-client-certificate",
		[]string{".pem", ".pfx", ".p12"},
		field.WithDisplayName("Client certificate"),
		field.WithDescription("File with the certificate and its private key, as PEM or PKCS #12 (PFX)"),
		field.WithIsSecret(true),
	))

	// AzureClientCertificatePasswordField opens a protected PFX file.
	AzureClientCertificatePasswordField = field.StringField(
		"azure-client-certificate-password",
		field.WithDisplayName("Client certificate password"),
		field.WithDescription("Password of the PFX file, if it has one"),
		field.WithIsSecret(true),
	)

	// AzureFederatedTokenFileField is a file, and not an upload, because the
	// cluster replaces its content about every hour.
	AzureFederatedTokenFileField = field.StringField(
		"azure-federated-token-file",
		field.WithDisplayName("Federated token file"),
		field.WithDescription("Path of the file with the workload's federated token; AZURE_FEDERATED_TOKEN_FILE if not set"),
		field.WithExportTarget(field.ExportTargetCLIOnly),
	)

	// AzureManagedIdentityIDField chooses a user-assigned identity.
	AzureManagedIdentityIDField = field.StringField(
		"azure-managed-identity-id",
		field.WithDisplayName("Managed identity ID"),
		field.WithDescription("Client ID or resource ID of a user-assigned managed identity; the system-assigned one if not set"),
		field.WithExportTarget(field.ExportTargetCLIOnly),
	)

	// OauthField makes the platform obtain and refresh the access token.
	OauthField = field.Oauth2Field(
		"oauth",
		field.WithDisplayName("Sign in with Microsoft"),
		field.WithDescription("Token that the ConductorOne platform obtains by signing in; has no use on the command line"),
	)
)

// Fields that say where Microsoft Entra ID and Microsoft Graph are.
var (
	// AzureCloudField sets both the sign-in host and the Graph host.
	AzureCloudField = field.SelectField(
		"azure-cloud",
		[]string{CloudPublic, CloudUSGov, CloudUSGovDoD, CloudChina},
		field.WithDisplayName("Cloud"),
		field.WithDescription("Microsoft cloud of the tenant: public, usgov (GCC High), usgov-dod or china (21Vianet)"),
		field.WithDefaultValue(CloudPublic),
	)

	// AuthorityHostField replaces the cloud's sign-in host. Its form is checked
	// where the cloud is put together, in graph.Cloud.WithOverrides.
	AuthorityHostField = field.StringField(
		"authority-host",
		field.WithDisplayName("Authority host"),
		field.WithDescription("Root URL of the sign-in service, in place of the cloud's own, such as https://login.example.com"),
		field.WithPlaceholder("https://login.microsoftonline.com"),
	)

	// GraphEndpointField replaces the cloud's Microsoft Graph host. Its form is
	// checked in graph.Cloud.WithOverrides.
	GraphEndpointField = field.StringField(
		"graph-endpoint",
		field.WithDisplayName("Graph endpoint"),
		field.WithDescription("Root URL of Microsoft Graph without /v1.0, in place of the cloud's own, such as https://graph.example.com"),
		field.WithPlaceholder("https://graph.microsoft.com"),
	)

	// CaCertificateField adds certificates to the system's roots.
	CaCertificateField = field.FileUploadField(
		"ca-certificate",
		[]string{".pem", ".crt", ".cer"},
		field.WithDisplayName("CA certificate"),
		field.WithDescription("PEM file with certificates to trust besides the system's, for private clouds and TLS-inspecting proxies"),
	)
)

// requiredInForms marks a field as required in the exported schema only. The
// SDK's own rule is one for all authentication methods, and its message does
// not say what to do; Validate checks what each method needs instead.
func requiredInForms(f field.SchemaField) field.SchemaField {
	f.Required = true
	return f
}
