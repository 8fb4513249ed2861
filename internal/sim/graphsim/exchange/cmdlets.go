package exchange

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// The namespaces of exceptions.
const (
	tasks     = "Microsoft.Exchange.Configuration.Tasks."
	groups    = "Microsoft.Exchange.Management.RecipientTasks."
	binding   = "System.Management.Automation.ParameterBindingException"
	hashTable = "#Exchange.GenericHashTable"
)

// cmdlet is one that is to be run.
type cmdlet struct {
	name       string
	parameters map[string]json.RawMessage
}

// known are the cmdlets and the parameters that they take here.
var known = map[string][]string{
	"Add-DistributionGroupMember":    {"Identity", "Member", bypass},
	"Remove-DistributionGroupMember": {"Identity", "Member", bypass, "Confirm"},
	"Set-DistributionGroup":          {"Identity", "ManagedBy", bypass},
	"Get-DistributionGroup":          {"Identity", "ResultSize"},
	"Get-Recipient":                  {"Identity"},
}

const bypass = "BypassSecurityGroupManagerCheck"

// changes is whether it is one that changes something.
func (k *cmdlet) changes() bool { return !strings.HasPrefix(k.name, "Get-") }

func (k *cmdlet) text(name string) string {
	var s string
	_ = json.Unmarshal(k.parameters[name], &s)
	return s
}

func (k *cmdlet) flag(name string) (bool, bool) {
	var b bool
	given := json.Unmarshal(k.parameters[name], &b) == nil && k.parameters[name] != nil
	return b, given
}

func (k *cmdlet) run(c *api.Call, role Role) ([]map[string]any, error) {
	allowed, ok := known[k.name]
	if !ok {
		return nil, exception("System.Management.Automation.CommandNotFoundException", "The term '%s' is not recognized as the name of a cmdlet.", k.name)
	}
	for name := range k.parameters {
		if !slices.Contains(allowed, name) || name == bypass && role < ExchangeAdministrator {
			return nil, exception(binding, "A parameter cannot be found that matches parameter name '%s'.", name)
		}
	}
	switch k.name {
	case "Get-Recipient":
		r, err := recipientOf(c, k.text("Identity"))
		if err != nil {
			return nil, err
		}
		return []map[string]any{describe(c, r)}, nil
	case "Get-DistributionGroup":
		return k.getGroup(c)
	}
	g, err := groupOf(c, k.text("Identity"))
	if err != nil {
		return nil, err
	}
	if on, _ := k.flag(bypass); !on {
		return nil, exception(tasks+"OperationRequiresGroupManagerException", "You don't have sufficient permissions. This operation can only be performed by a manager of the group.")
	}
	if c.Tenant.Groups[g.Index()].Flags&directory.FlagSynced != 0 {
		return nil, exception(tasks+"TaskInvalidOperationException", "The operation can't be performed because the object is being synchronized from your on-premises organization.")
	}
	if k.name == "Set-DistributionGroup" {
		return nil, k.setOwners(c, g)
	}
	return nil, k.changeMember(c, g)
}

func (k *cmdlet) getGroup(c *api.Call) ([]map[string]any, error) {
	if k.parameters["Identity"] == nil {
		return []map[string]any{describeGroup(c, directory.GroupRef(directory.GroupDistribution))}, nil
	}
	g, err := groupOf(c, k.text("Identity"))
	if err != nil {
		return nil, err
	}
	return []map[string]any{describeGroup(c, g)}, nil
}

func (k *cmdlet) changeMember(c *api.Call, g directory.Ref) error {
	id := k.text("Member")
	member, err := recipientOf(c, id)
	if err != nil {
		return err
	}
	there := c.Tenant.IsMember(g.Index(), member)
	if k.name == "Remove-DistributionGroupMember" {
		if confirm, given := k.flag("Confirm"); !given || confirm {
			return exception("System.Management.Automation.Host.HostException", "A command that prompts the user failed because the host program does not support user interaction.")
		}
		if !there {
			return exception(groups+"MemberNotFoundException", "The recipient %s isn't a member of the group %s.", id, nameOf(c, g))
		}
		c.Commit(api.LagWrites, c.IDsOf(g, member), func(t *directory.Tenant) { t.UnlinkGroup(g.Index(), directory.RelationMembers, member) })
		return nil
	}
	switch {
	case there:
		return exception(groups+"MemberAlreadyExistsException", "The recipient \"%s\" is already a member of the group \"%s\".", id, nameOf(c, g))
	case member == g:
		return exception(tasks+"RecipientTaskException", "A group can't be a member of itself.")
	case member.Kind() == directory.KindGroup && c.Tenant.Groups[member.Index()].Flags&directory.FlagUnified != 0:
		return exception(tasks+"RecipientTaskException", "You can't add the recipient %s, whose type is GroupMailbox, to this group.", id)
	}
	c.Commit(api.LagWrites, c.IDsOf(g, member), func(t *directory.Tenant) { t.LinkGroup(g.Index(), directory.RelationMembers, member) })
	return nil
}

// setOwners adds owners and takes some away; what is there already is taken without a word.
func (k *cmdlet) setOwners(c *api.Call, g directory.Ref) error {
	var table struct {
		Type   string   `json:"@odata.type"`
		Add    []string `json:"Add"`
		Remove []string `json:"Remove"`
	}
	if json.Unmarshal(k.parameters["ManagedBy"], &table) != nil || table.Type != hashTable {
		return exception(binding, "Cannot process argument transformation on parameter 'ManagedBy'.")
	}
	owners := ownersOf(c, g)
	var added, removed []directory.Ref
	for _, id := range table.Add {
		r, err := recipientOf(c, id)
		if err != nil {
			return err
		}
		if !slices.Contains(owners, r) {
			added = append(added, r)
		}
	}
	for _, id := range table.Remove {
		r, err := recipientOf(c, id)
		if err != nil {
			return err
		}
		if slices.Contains(owners, r) {
			removed = append(removed, r)
		}
	}
	if len(owners)+len(added)-len(removed) < 1 {
		return exception(tasks+"RecipientTaskException", "The group must have at least one owner.")
	}
	if len(added)+len(removed) == 0 {
		return nil
	}
	c.Commit(api.LagWrites, c.IDsOf(append(append([]directory.Ref{g}, added...), removed...)...), func(t *directory.Tenant) {
		for _, r := range added {
			t.LinkGroup(g.Index(), directory.RelationOwners, r)
		}
		for _, r := range removed {
			t.UnlinkGroup(g.Index(), directory.RelationOwners, r)
		}
	})
	return nil
}
