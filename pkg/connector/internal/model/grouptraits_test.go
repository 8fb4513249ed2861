package model

import (
	"testing"

	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestGroupsAreToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		group  graph.Group
		source rs.GroupSourceType
		raw    string
		member string
		owner  bool
	}{
		"security":      {graph.Group{SecurityEnabled: true}, rs.GroupSourceTypeNative, "security", "", false},
		"Microsoft 365": {graph.Group{MailEnabled: true, GroupTypes: []string{"Unified"}}, rs.GroupSourceTypeNative, "microsoft365", "", false},
		"distribution":  {graph.Group{MailEnabled: true}, rs.GroupSourceTypeDistribution, "distribution", "Exchange", true},
		"mail-enabled":  {graph.Group{MailEnabled: true, SecurityEnabled: true}, rs.GroupSourceTypeDistribution, "mailEnabledSecurity", "Exchange", true},
		"dynamic":       {graph.Group{SecurityEnabled: true, GroupTypes: []string{"DynamicMembership"}}, rs.GroupSourceTypeDynamic, "security", "rule", false},
		"synced":        {graph.Group{SecurityEnabled: true, OnPremisesSyncEnabled: new(true)}, rs.GroupSourceTypeDirectorySynced, "security", "on-premises", true},
		"once synced":   {graph.Group{SecurityEnabled: true, OnPremisesSyncEnabled: new(false)}, rs.GroupSourceTypeNative, "security", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.source, SourceType(&c.group))
			require.Equal(t, c.raw, RawSourceType(&c.group))
			traits := TraitsOf(&c.group)
			require.Contains(t, traits.FixedBecause(SlugMember, false), c.member)
			require.Equal(t, c.member != "", traits.FixedBecause(SlugMember, false) != "")
			require.Equal(t, c.owner, traits.FixedBecause(SlugOwner, false) != "")
			open := c.source == rs.GroupSourceTypeDistribution
			require.Equal(t, c.member != "" && !open, traits.FixedBecause(SlugMember, true) != "", "through Exchange")
			require.Equal(t, c.owner && !open, traits.FixedBecause(SlugOwner, true) != "", "through Exchange")
		})
	}
}
