package permissions

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/config"
	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// formatVersion changes when a field of the JSON document goes away or changes
// its meaning, not when one is added.
const formatVersion = 1

type permissionJSON struct {
	Name string    `json:"name"`
	ID   string    `json:"id"`
	Need string    `json:"need"`
	Uses []useJSON `json:"uses"`
}

type useJSON struct {
	Name    string `json:"name"`
	Purpose string `json:"purpose"`
	Need    string `json:"need"`
	License string `json:"license,omitempty"`
	Setting string `json:"setting,omitempty"`
	Remark  string `json:"remark,omitempty"`
}

func writeJSON(to io.Writer, r Registration) error {
	list := make([]permissionJSON, 0, len(r.Permissions))
	for _, p := range r.Permissions {
		row := permissionJSON{Name: p.Name, ID: p.ID, Need: string(p.Need)}
		for _, u := range p.Uses {
			row.Uses = append(row.Uses, useJSON{Name: u.Name, Purpose: u.Purpose, Need: string(u.Need), License: u.License, Setting: u.Setting, Remark: u.Remark})
		}
		list = append(list, row)
	}
	return encode(to, map[string]any{"version": formatVersion, "resource_app_id": connector.GraphAppID, "permissions": list})
}

// resourceAccess is one API in an application's manifest
// (https://learn.microsoft.com/graph/api/resources/requiredresourceaccess).
type resourceAccess struct {
	ResourceAppID  string       `json:"resourceAppId"`
	ResourceAccess []accessItem `json:"resourceAccess"`
}

type accessItem struct {
	ID string `json:"id"`
	// Type is Role for an application permission.
	Type string `json:"type"`
}

func (r Registration) requiredAccess() []resourceAccess {
	access := resourceAccess{ResourceAppID: connector.GraphAppID, ResourceAccess: []accessItem{}}
	for _, p := range r.Permissions {
		access.ResourceAccess = append(access.ResourceAccess, accessItem{ID: p.ID, Type: "Role"})
	}
	return []resourceAccess{access}
}

func writeManifest(to io.Writer, r Registration) error {
	if err := r.checkAppOnly("manifest"); err != nil {
		return err
	}
	if r.AuthMethod == config.AuthMethodManagedIdentity {
		return errNotRegistered
	}
	return encode(to, map[string]any{"requiredResourceAccess": r.requiredAccess()})
}

// writeConsentLink writes the address at which an administrator consents to
// what the registration lists
// (https://learn.microsoft.com/entra/identity-platform/v2-admin-consent).
func writeConsentLink(to io.Writer, r Registration) error {
	if r.AuthMethod == config.AuthMethodManagedIdentity {
		return errNotRegistered
	}
	tenant, client := strings.TrimSpace(r.TenantID), strings.TrimSpace(r.ClientID)
	_, err := fmt.Fprintf(to, "%s/%s/adminconsent?client_id=%s\n", r.Cloud.AuthorityHost, url.PathEscape(tenant), url.QueryEscape(client))
	return err
}

func encode(to io.Writer, document any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing the permissions: %w", err)
	}
	return nil
}
