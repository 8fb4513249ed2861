// Package permissions writes down what the connector may be allowed to do: for
// a person, for a program, and as the commands and documents that register it.
package permissions

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// Registration is an application that is to hold permissions.
type Registration struct {
	Permissions []connector.Permission
	Cloud       signin.Cloud
	// AuthMethod is how the connector signs in: one of config's constants.
	AuthMethod string
	// TenantID and ClientID are needed for the consent link alone.
	TenantID, ClientID string
}

// DefaultFormat is for a person at a terminal.
const DefaultFormat = "text"

// FormatConsentLink takes a tenant and an application that exists.
const FormatConsentLink = "consent-link"

var formats = map[string]func(io.Writer, Registration) error{
	DefaultFormat:     writeText,
	"json":            writeJSON,
	"markdown":        writeMarkdown,
	"manifest":        writeManifest,
	"az":              writeAz,
	"graph":           writeGraph,
	FormatConsentLink: writeConsentLink,
}

// Formats are the names that Write knows, in alphabetical order.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// Write writes a registration in a format. An error leaves nothing half written
// that could be taken for the whole, but for one of the writer itself.
func Write(to io.Writer, format string, r Registration) error {
	write, known := formats[format]
	if !known {
		return fmt.Errorf("--format must be one of %s, not %q", strings.Join(Formats(), ", "), format)
	}
	return write(to, r)
}

// delegated are the methods that act for a person, with delegated permissions,
// whose ids are others.
var delegated = []string{config.AuthMethodDeviceCode, config.AuthMethodAzureCLI, config.AuthMethodOauth}

// checkAppOnly refuses to register application permissions where nobody would
// use them.
func (r Registration) checkAppOnly(format string) error {
	if slices.Contains(delegated, r.AuthMethod) {
		return fmt.Errorf("--format %s is for application permissions, which --auth-method %s does not use; "+
			"add the delegated permissions of the same names, which --format text lists, on the registration's API permissions page", format, r.AuthMethod)
	}
	return nil
}

// errNotRegistered is about managed identities.
var errNotRegistered = errors.New("a managed identity has no registration; --format az and --format graph give it the permissions")

func writeText(to io.Writer, r Registration) error { return writeTable(to, r.Permissions) }
