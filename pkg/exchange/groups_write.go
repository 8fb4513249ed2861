package exchange

import (
	"context"
	"slices"
	"strings"
)

// parameters are those of a cmdlet. Groups and recipients are named by the ids that
// Microsoft Entra has for them, which all of these cmdlets take.
type parameters map[string]any

// AddMember makes a recipient a direct member of a group
// (https://learn.microsoft.com/powershell/module/exchangepowershell/add-distributiongroupmember).
// Errors: *Error, which wraps failure.ErrAlreadyThere where it is one already, and
// *failure.OutcomeUnknownError.
func (c *Client) AddMember(ctx context.Context, group, member string) error {
	return c.write(ctx, command{
		name: "Add-DistributionGroupMember", group: group, principal: member,
		parameters: parameters{identity: group, "Member": member, bypass: true},
	})
}

// RemoveMember ends a direct membership
// (https://learn.microsoft.com/powershell/module/exchangepowershell/remove-distributiongroupmember).
// Errors as those of AddMember, with failure.ErrAlreadyGone.
func (c *Client) RemoveMember(ctx context.Context, group, member string) error {
	return c.write(ctx, command{
		name: "Remove-DistributionGroupMember", group: group, principal: member,
		parameters: parameters{identity: group, "Member": member, bypass: true, "Confirm": false},
	})
}

// identity is the parameter that names what a cmdlet is about.
const identity = "Identity"

// bypass lets an application change what it does not own
// (https://learn.microsoft.com/powershell/module/exchangepowershell/set-distributiongroup).
const bypass = "BypassSecurityGroupManagerCheck"

// AddOwner makes a recipient an owner of a group
// (https://learn.microsoft.com/powershell/module/exchangepowershell/set-distributiongroup).
// Exchange takes an owner that is there without a word, so it is looked at first.
func (c *Client) AddOwner(ctx context.Context, group, owner string) error {
	return c.changeOwner(ctx, "Add", group, owner)
}

// RemoveOwner ends an ownership. One owner has to stay, and is not sent.
func (c *Client) RemoveOwner(ctx context.Context, group, owner string) error {
	return c.changeOwner(ctx, "Remove", group, owner)
}

const setGroup = "Set-DistributionGroup"

func (c *Client) changeOwner(ctx context.Context, how, group, owner string) error {
	k := command{
		name: setGroup, group: group, principal: owner,
		parameters: parameters{
			identity: group, bypass: true,
			"ManagedBy": map[string]any{"@odata.type": "#Exchange.GenericHashTable", how: []string{owner}},
		},
	}
	who, err := c.recipient(ctx, group, owner)
	if err != nil {
		return err
	}
	owners, err := c.owners(ctx, group, owner)
	if err != nil {
		return err
	}
	there := slices.ContainsFunc(owners, who.named)
	switch {
	case how == "Add" && there:
		return &Error{Cmdlet: k.name, GroupID: group, Reason: ReasonAlreadyThere}
	case how == "Remove" && !there:
		return &Error{Cmdlet: k.name, GroupID: group, Reason: ReasonAlreadyGone}
	case how == "Remove" && len(owners) == 1:
		return &Error{Cmdlet: k.name, GroupID: group, Reason: ReasonLastOwner}
	}
	return c.write(ctx, k)
}

// recipient is what Exchange calls somebody. Lists of owners have names in them, of
// which a recipient has several.
type recipient struct {
	Name, Alias, Identity, Guid, DistinguishedName, ExternalDirectoryObjectId, PrimarySmtpAddress string //nolint:revive // Exchange's own names.
}

func (r *recipient) named(text string) bool {
	return text != "" && slices.ContainsFunc([]string{
		r.Name, r.Alias, r.Identity, r.Guid, r.DistinguishedName, r.ExternalDirectoryObjectId, r.PrimarySmtpAddress,
	}, func(name string) bool { return strings.EqualFold(name, text) })
}

// recipient looks somebody up
// (https://learn.microsoft.com/powershell/module/exchangepowershell/get-recipient).
func (c *Client) recipient(ctx context.Context, group, id string) (*recipient, error) {
	k := command{name: "Get-Recipient", group: group, principal: id, parameters: parameters{identity: id}}
	rows, err := read[recipient](ctx, c, k)
	switch {
	case err != nil:
		return nil, err
	case len(rows) != 1:
		return nil, &Error{Cmdlet: k.name, GroupID: group, Reason: ReasonNoRecipient}
	}
	return &rows[0], nil
}

// owners are the names of who owns a group
// (https://learn.microsoft.com/powershell/module/exchangepowershell/get-distributiongroup).
func (c *Client) owners(ctx context.Context, group, owner string) ([]string, error) {
	k := command{name: getGroup, group: group, principal: owner, parameters: parameters{identity: group}}
	rows, err := read[struct{ ManagedBy []string }](ctx, c, k)
	switch {
	case err != nil:
		return nil, err
	case len(rows) != 1:
		return nil, &Error{Cmdlet: k.name, GroupID: group, Reason: ReasonNoGroup}
	}
	return rows[0].ManagedBy, nil
}

const getGroup = "Get-DistributionGroup"

// Check reads one group, which shows whether the application may ask Exchange Online
// at all. What it may change, only a change would tell.
func (c *Client) Check(ctx context.Context) error {
	_, err := read[struct{}](ctx, c, command{name: getGroup, parameters: parameters{"ResultSize": 1}})
	return err
}
