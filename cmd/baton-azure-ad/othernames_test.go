package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever comes from ConductorOne's Entra connector has its variables in a deployment,
// and would be told that a tenant id is missing.
func TestVariablesOfTheOtherConnectorAreReadAndToldOnce(t *testing.T) {
	for name, value := range map[string]string{
		"BATON_ENTRA_TENANT_ID": "t", "BATON_ENTRA_CLIENT_ID": "theirs", "BATON_AZURE_CLIENT_ID": "ours", "BATON_ENTRA_CLIENT_SECRET": "s3cret",
		"BATON_SIGN_IN_ACTIVITY": "false", "BATON_GRAPH_DOMAIN": "graph.microsoft.us", "BATON_AZURE_TENANT_ID": "", "BATON_AZURE_CLIENT_SECRET": "",
		"BATON_SKIP_SIGN_IN_ACTIVITY": "", "BATON_AZURE_CLOUD": "", "BATON_GRAPH_ENDPOINT": "",
	} {
		t.Setenv(name, value)
	}
	var said []string
	tell := func(line string) { said = append(said, line) }
	require.NoError(t, takeOtherNames(tell))
	for name, want := range map[string]string{
		"BATON_AZURE_TENANT_ID": "t", "BATON_AZURE_CLIENT_ID": "ours", "BATON_AZURE_CLIENT_SECRET": "s3cret",
		"BATON_SKIP_SIGN_IN_ACTIVITY": "true", "BATON_AZURE_CLOUD": "usgov", "BATON_GRAPH_ENDPOINT": "",
	} {
		require.Equal(t, want, os.Getenv(name), name)
	}
	require.Len(t, said, 5)
	require.NotContains(t, strings.Join(said, "\n"), "s3cret")
	require.NoError(t, takeOtherNames(tell))
	require.Len(t, said, 5, "a process that this one starts says it again")

	t.Setenv("BATON_GRAPH_DOMAIN", "https://graph.example.com/")
	t.Setenv("BATON_AZURE_CLOUD", "")
	require.NoError(t, takeOtherNames(tell))
	require.Equal(t, "https://graph.example.com", os.Getenv("BATON_GRAPH_ENDPOINT"))
	t.Setenv("BATON_SIGN_IN_ACTIVITY", "perhaps")
	t.Setenv("BATON_SKIP_SIGN_IN_ACTIVITY", "")
	require.ErrorContains(t, takeOtherNames(tell), "BATON_SIGN_IN_ACTIVITY has to be true or false")
}
