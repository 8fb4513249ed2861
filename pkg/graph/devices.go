package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Device is the part of Microsoft's device that the connector reads
// (https://learn.microsoft.com/graph/api/resources/device).
type Device struct {
	ID                     string     `json:"id"`
	DeviceID               string     `json:"deviceId"`
	DisplayName            string     `json:"displayName"`
	AccountEnabled         *bool      `json:"accountEnabled"`
	OperatingSystem        string     `json:"operatingSystem"`
	OperatingSystemVersion string     `json:"operatingSystemVersion"`
	TrustType              string     `json:"trustType"`
	Manufacturer           string     `json:"manufacturer"`
	Model                  string     `json:"model"`
	DeviceOwnership        string     `json:"deviceOwnership"`
	IsCompliant            *bool      `json:"isCompliant"`
	IsManaged              *bool      `json:"isManaged"`
	RegistrationDateTime   TimeOrNone `json:"registrationDateTime"`
	LastSignIn             TimeOrNone `json:"approximateLastSignInDateTime"`
	// RegisteredOwners are who registered the device, normally one.
	RegisteredOwners Expanded `json:"registeredOwners"`
}

var deviceList = sending.Query{
	Path: "/devices",
	Fields: []string{
		"id", "deviceId", "displayName", "accountEnabled", "operatingSystem", "operatingSystemVersion", "trustType", "manufacturer",
		"model", "deviceOwnership", "isCompliant", "isManaged", "registrationDateTime", "approximateLastSignInDateTime",
	},
	Expand: "registeredOwners($select=id)",
	Top:    sending.MaxPageSize,
}

// ListDevices reads one page of the tenant's devices with up to ExpandLimit of
// the owners of each. Permission: Device.Read.All
// (https://learn.microsoft.com/graph/api/device-list).
func (c *Client) ListDevices(ctx context.Context, next string) (*sending.Page[Device], error) {
	return sending.GetPage[Device](ctx, c.Sender, sending.OrFirst(next, deviceList))
}

// DeviceOwnersRef is the first page of a device's registered owners
// (https://learn.microsoft.com/graph/api/device-list-registeredowners).
func DeviceOwnersRef(id string) string {
	return sending.Query{Path: sending.ObjectPath("devices", id, "registeredOwners"), Fields: []string{"id"}, Top: sending.MaxPageSize}.String()
}
