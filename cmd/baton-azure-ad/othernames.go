package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// otherName is a variable of ConductorOne's own Entra connector, and what says the same
// here.
type otherName struct {
	theirs, ours string
	// as is the value that ours takes; nil for the same one.
	as func(string) (string, error)
}

// otherNames are the variables that have other names here, from its documentation of
// August 2026. Those with the same name are taken as they are.
var otherNames = []otherName{
	{theirs: "BATON_ENTRA_TENANT_ID", ours: "BATON_AZURE_TENANT_ID"},
	{theirs: "BATON_ENTRA_CLIENT_ID", ours: "BATON_AZURE_CLIENT_ID"},
	{theirs: "BATON_ENTRA_CLIENT_SECRET", ours: "BATON_AZURE_CLIENT_SECRET"},
	{theirs: "BATON_SIGN_IN_ACTIVITY", ours: "BATON_SKIP_SIGN_IN_ACTIVITY", as: opposite},
	{theirs: "BATON_DISABLE_AUDIT_LOG_FEED", ours: "BATON_SKIP_DIRECTORY_CHANGES"},
	{theirs: "BATON_SCHEDULE_SCIM_PROVISIONING", ours: "BATON_PROVISION_AFTER_GRANT"},
}

// theirGraphDomain is their variable for the cloud, of which there is only Graph's host.
const theirGraphDomain = "BATON_GRAPH_DOMAIN"

var cloudsByGraphHost = map[string]string{
	"graph.microsoft.com": config.CloudPublic, "graph.microsoft.us": config.CloudUSGov,
	"dod-graph.microsoft.us": config.CloudUSGovDoD, "microsoftgraph.chinacloudapi.cn": config.CloudChina,
}

func opposite(value string) (string, error) {
	on, err := strconv.ParseBool(strings.TrimSpace(value))
	return strconv.FormatBool(!on), err
}

// takeOtherNames gives variables of the other connector the names that they have here,
// for this process and those that it starts, and says for each what to use instead.
// What is set under both names is what ours says.
func takeOtherNames(tell func(string)) error {
	names := otherNames
	if domain := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(os.Getenv(theirGraphDomain)), "https://"), "/"); domain != "" {
		cloud, known := cloudsByGraphHost[strings.ToLower(domain)]
		as := otherName{theirs: theirGraphDomain, ours: "BATON_GRAPH_ENDPOINT", as: func(string) (string, error) { return "https://" + domain, nil }}
		if known {
			as.ours, as.as = "BATON_AZURE_CLOUD", func(string) (string, error) { return cloud, nil }
		}
		names = append([]otherName{as}, names...)
	}
	for _, n := range names {
		value, given := os.LookupEnv(n.theirs)
		if !given || value == "" {
			continue
		}
		if os.Getenv(n.ours) != "" {
			tell(fmt.Sprintf("%s is not read, because %s says the same and is set too.", n.theirs, n.ours))
		} else {
			if n.as != nil {
				var err error
				if value, err = n.as(value); err != nil {
					return fmt.Errorf("%s has to be true or false (here it is called %s)", n.theirs, n.ours)
				}
			}
			if err := os.Setenv(n.ours, value); err != nil {
				return fmt.Errorf("reading %s: %w", n.theirs, err)
			}
			tell(fmt.Sprintf("%s is read as %s; use that name instead.", n.theirs, n.ours))
		}
		if err := os.Unsetenv(n.theirs); err != nil {
			return fmt.Errorf("reading %s: %w", n.theirs, err)
		}
	}
	return nil
}
