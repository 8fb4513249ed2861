package model

import (
	"errors"
	"fmt"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// GroupTraits are what a group's memberships need to know about it: who can
// change them.
type GroupTraits uint8

const (
	// TraitDynamic: a rule decides who is a member.
	TraitDynamic GroupTraits = 1 << iota
	// TraitSynced: on-premises Active Directory is the source.
	TraitSynced
	// TraitExchange: only Exchange Online can change the group.
	TraitExchange
	// TraitRoleAssignable: the group can hold directory roles.
	TraitRoleAssignable
	// TraitUnified: a Microsoft 365 group, which can have a team.
	TraitUnified
)

func TraitsOf(g *graph.Group) GroupTraits {
	var t GroupTraits
	if g.Dynamic() {
		t |= TraitDynamic
	}
	if g.Synced() {
		t |= TraitSynced
	}
	if g.ExchangeManaged() {
		t |= TraitExchange
	}
	if g.RoleAssignable() {
		t |= TraitRoleAssignable
	}
	if g.Unified() {
		t |= TraitUnified
	}
	return t
}

// FixedBecause says why the connector cannot change who holds the entitlement; empty
// if it can: through Graph, or where it may, through Exchange Online. Owners are not
// subject to the membership rule.
func (t GroupTraits) FixedBecause(slug string, exchange bool) string {
	switch {
	case t&TraitSynced != 0:
		return "the group is synchronized from on-premises Active Directory; change it there"
	case t&TraitExchange != 0 && !exchange:
		return "the group is managed by Exchange Online; --exchange lets the connector change it"
	case t&TraitDynamic != 0 && slug == SlugMember:
		return "the group's membership rule decides who is a member"
	}
	return ""
}

// SourceType is where the group's membership comes from, in Baton's terms.
func SourceType(g *graph.Group) rs.GroupSourceType {
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

// RawSourceType is the group's kind in Microsoft's terms
// (https://learn.microsoft.com/graph/api/resources/groups-overview).
func RawSourceType(g *graph.Group) string {
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

// Immutables are the GrantImmutable annotations by their reason, marshaled once:
// a large tenant has hundreds of thousands of the same.
type Immutables map[string]*anypb.Any

// DynamicUnitReason is why what is in a dynamic administrative unit cannot be
// changed here.
const DynamicUnitReason = "the administrative unit's rule decides what is in it"

// ResourceConsentReason is why what an application may do in one group cannot be
// changed here.
const ResourceConsentReason = "the permission comes with the app that is installed in the team; change it there"

const DerivedReason = "the membership comes through another group of the same cycle of groups"

func NewImmutables() (Immutables, error) {
	made := Immutables{}
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
	// Exchange takes reasons away, and adds none.
	for t := GroupTraits(0); t <= TraitDynamic|TraitSynced|TraitExchange; t++ {
		add(t.FixedBecause(SlugMember, false))
		add(t.FixedBecause(SlugOwner, false))
	}
	add(DerivedReason)
	add(DynamicUnitReason)
	add(ResourceConsentReason)
	if failed != nil {
		return nil, fmt.Errorf("preparing annotations: %w", failed)
	}
	return made, nil
}
