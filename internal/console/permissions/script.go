package permissions

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// azureClouds are the names that the Azure CLI has for the clouds. It has none
// for usgov-dod, whose Graph is at an address of its own.
var azureClouds = map[string]string{
	config.CloudPublic: "AzureCloud",
	config.CloudUSGov:  "AzureUSGovernment",
	config.CloudChina:  "AzureChinaCloud",
}

// again is for what fails until the new application is known everywhere.
const again = `
again() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 10 ] || return 1
		echo "Not yet; the new application may not be known everywhere. Trying again." >&2
		sleep 6
	done
}
`

const identityVariable = `: "${IDENTITY_OBJECT_ID:?must be the object (principal) ID of the managed identity}"`

// writeAz writes a script for the Azure CLI
// (https://learn.microsoft.com/cli/azure/ad/app).
func writeAz(to io.Writer, r Registration) error {
	if err := r.checkAppOnly("az"); err != nil {
		return err
	}
	cloud, known := azureClouds[r.Cloud.Name]
	if !known {
		return fmt.Errorf("the Azure CLI has no cloud for --azure-cloud %s; use --format graph", r.Cloud.Name)
	}
	var b strings.Builder
	b.WriteString("#!/bin/sh\n# Needs the Azure CLI, signed in to the tenant (az login --allow-no-subscriptions) as a\n" +
		"# Privileged Role Administrator or Global Administrator. Each run registers an application.\nset -eu\n")
	fmt.Fprintf(&b, "[ \"$(az cloud show --query name --output tsv)\" = %s ] || { echo 'Run first: az cloud set --name %s' >&2; exit 1; }\n", cloud, cloud)
	if r.AuthMethod == config.AuthMethodManagedIdentity {
		b.WriteString(identityVariable + "\nprincipal_id=$IDENTITY_OBJECT_ID\n")
		b.WriteString(again)
		r.azGrants(&b)
		return flush(to, &b)
	}
	b.WriteString(again)
	fmt.Fprintf(&b, "\napp_id=$(az ad app create --display-name %s --sign-in-audience AzureADMyOrg --query appId --output tsv)\n", connector.Name)
	b.WriteString("echo \"Application (client) ID: $app_id\"\n")
	b.WriteString("principal_id=$(again az ad sp create --id \"$app_id\" --query id --output tsv)\n")
	fmt.Fprintf(&b, "az ad app permission add --id \"$app_id\" --api %s --api-permissions", connector.GraphAppID)
	for _, p := range r.Permissions {
		fmt.Fprintf(&b, " \\\n\t%s=Role", p.ID)
	}
	b.WriteString("\n")
	if r.Cloud.Name == config.CloudPublic {
		b.WriteString("again az ad app permission admin-consent --id \"$app_id\"\n")
	} else {
		b.WriteString("\n# az ad app permission admin-consent is for the public cloud only.\n")
		r.azGrants(&b)
	}
	b.WriteString("\n# A client secret, which is shown once:\n# az ad app credential reset --id \"$app_id\" --append --display-name " + connector.Name + " --years 1 --query password --output tsv\n")
	return flush(to, &b)
}

// azGrants consents to one permission after the other.
func (r Registration) azGrants(b *strings.Builder) {
	url := r.Cloud.GraphEndpoint + "/v1.0/servicePrincipals"
	fmt.Fprintf(b, "\ngraph_id=$(az ad sp show --id %s --query id --output tsv)\ngrant() {\n", connector.GraphAppID)
	fmt.Fprintf(b, "\tagain az rest --method post --url \"%s/$graph_id/appRoleAssignedTo\" --resource %s --output none \\\n", url, r.Cloud.GraphEndpoint)
	b.WriteString("\t\t--body \"{\\\"principalId\\\": \\\"$principal_id\\\", \\\"resourceId\\\": \\\"$graph_id\\\", \\\"appRoleId\\\": \\\"$1\\\"}\"\n}\n")
	r.grantLines(b)
}

func (r Registration) grantLines(b *strings.Builder) {
	for _, p := range r.Permissions {
		fmt.Fprintf(b, "grant %s # %s\n", p.ID, p.Name)
	}
}

// writeGraph writes the same as requests to Microsoft Graph. The token goes to
// curl on its standard input, where other users of the machine cannot see it.
func writeGraph(to io.Writer, r Registration) error {
	if err := r.checkAppOnly("graph"); err != nil {
		return err
	}
	if strings.ContainsAny(r.Cloud.GraphEndpoint, "\"'\\$` \n") {
		return errors.New("the Graph endpoint cannot be written into a script")
	}
	var b strings.Builder
	b.WriteString("#!/bin/sh\n# Needs curl and jq, and in TOKEN an access token for " + r.Cloud.GraphEndpoint + " of an administrator, with\n" +
		"# Application.ReadWrite.All and AppRoleAssignment.ReadWrite.All.\nset -eu\n: \"${TOKEN:?must be an access token}\"\n")
	b.WriteString("\n# graph METHOD PATH [BODY]\ngraph() {\n\tanswer=$(printf 'header = \"Authorization: Bearer %s\"\\n' \"$TOKEN\" |\n" +
		"\t\tcurl --silent --show-error --fail-with-body --config - --request \"$1\" --header 'Content-Type: application/json' \\\n" +
		"\t\t\t${3:+--data \"$3\"} \"" + r.Cloud.GraphEndpoint + "/v1.0$2\") || { printf '%s\\n' \"$answer\" >&2; return 1; }\n" +
		"\tprintf '%s\\n' \"$answer\"\n}\n")
	b.WriteString(again + "\n")
	if r.AuthMethod == config.AuthMethodManagedIdentity {
		b.WriteString(identityVariable + "\nprincipal_id=$IDENTITY_OBJECT_ID\n")
	} else if err := r.graphRegistration(&b); err != nil {
		return err
	}
	fmt.Fprintf(&b, "graph_id=$(graph GET \"/servicePrincipals(appId='%s')?\\$select=id\" | jq -er .id)\ngrant() {\n", connector.GraphAppID)
	b.WriteString("\tagain graph POST \"/servicePrincipals/$graph_id/appRoleAssignedTo\" \\\n" +
		"\t\t\"{\\\"principalId\\\": \\\"$principal_id\\\", \\\"resourceId\\\": \\\"$graph_id\\\", \\\"appRoleId\\\": \\\"$1\\\"}\" >/dev/null\n}\n")
	r.grantLines(&b)
	return flush(to, &b)
}

// graphRegistration registers the application and makes its service principal.
func (r Registration) graphRegistration(b *strings.Builder) error {
	application, err := json.Marshal(map[string]any{
		"displayName": connector.Name, "signInAudience": "AzureADMyOrg", "requiredResourceAccess": r.requiredAccess(),
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "app_id=$(graph POST /applications '%s' | jq -er .appId)\n", application)
	b.WriteString("echo \"Application (client) ID: $app_id\"\n")
	b.WriteString("principal_id=$(again graph POST /servicePrincipals \"{\\\"appId\\\": \\\"$app_id\\\"}\" | jq -er .id)\n")
	return nil
}

func flush(to io.Writer, b *strings.Builder) error {
	_, err := io.WriteString(to, b.String())
	return err
}
