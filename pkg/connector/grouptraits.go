package connector

import (
	"errors"
	"fmt"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// groupTraits are what a group's memberships need to know about it: who can
// change them.
type groupTraits uint8

const (
	// traitDynamic: a rule decides who is a member.
	traitDynamic groupTraits = 1 << iota
	// traitSynced: on-premises Active Directory is the source.
	traitSynced
	// traitExchange: only Exchange can change the group.
	traitExchange
	// traitRoleAssignable: the group can hold directory roles.
	traitRoleAssignable
)

func traitsOf(g *graph.Group) groupTraits {
	var t groupTraits
	if g.Dynamic() {
		t |= traitDynamic
	}
	if g.Synced() {
		t |= traitSynced
	}
	if g.ExchangeManaged() {
		t |= traitExchange
	}
	if g.RoleAssignable() {
		t |= traitRoleAssignable
	}
	return t
}

// fixedBecause says why Graph refuses to change who holds the entitlement;
// empty if it does not refuse. Owners are not subject to the membership rule.
func (t groupTraits) fixedBecause(slug string) string {
	switch {
	case t&traitSynced != 0:
		return "the group is synchronized from on-premises Active Directory; change it there"
	case t&traitExchange != 0:
		return "the group is managed by Exchange Online; change it there"
	case t&traitDynamic != 0 && slug == slugMember:
		return "the group's membership rule decides who is a member"
	}
	return ""
}

// sourceType is where the group's membership comes from, in Baton's terms.
func sourceType(g *graph.Group) rs.GroupSourceType {
	switch {
	case g.Synced():
		return rs.GroupSourceTypeDirectorySynced
	case g.Dynamic():
		return rs.GroupSourceTypeDynamic
	case g.ExchangeManaged():
		return rs.GroupSourceTypeDistribution
	default:
		return rs.GroupSourceTypeNative
	}
}

// rawSourceType is the group's kind in Microsoft's terms
// (https://learn.microsoft.com/graph/api/resources/groups-overview).
func rawSourceType(g *graph.Group) string {
	switch {
	case g.Unified():
		return "microsoft365"
	case g.MailEnabled && g.SecurityEnabled:
		return "mailEnabledSecurity"
	case g.MailEnabled:
		return "distribution"
	default:
		return "security"
	}
}

// immutables are the GrantImmutable annotations by their reason, marshaled once:
// a large tenant has hundreds of thousands of the same.
type immutables map[string]*anypb.Any

// dynamicUnitReason is why what is in a dynamic administrative unit cannot be
// changed here.
const dynamicUnitReason = "the administrative unit's rule decides what is in it"

const derivedReason = "the membership comes through another group of the same cycle of groups"

func newImmutables() (immutables, error) {
	made := immutables{}
	var failed error
	add := func(reason string) {
		if reason == "" {
			return
		}
		details, err := structpb.NewStruct(map[string]any{"reason": reason})
		if err == nil {
			made[reason], err = anypb.New(v2.GrantImmutable_builder{Metadata: details}.Build())
		}
		failed = errors.Join(failed, err)
	}
	for t := groupTraits(0); t <= traitDynamic|traitSynced|traitExchange; t++ {
		add(t.fixedBecause(slugMember))
		add(t.fixedBecause(slugOwner))
	}
	add(derivedReason)
	add(dynamicUnitReason)
	if failed != nil {
		return nil, fmt.Errorf("preparing annotations: %w", failed)
	}
	return made, nil
}
