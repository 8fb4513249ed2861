package model

import (
	"fmt"
	"maps"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// EntitlementOf is an entitlement with nothing but its ids, as grants refer to
// it. The grants of one answer share it.
func EntitlementOf(resourceType, id, slug string) *v2.Entitlement {
	return v2.Entitlement_builder{
		Id:       EntitlementID(resourceType, id, slug),
		Resource: ResourceRef(resourceType, id),
	}.Build()
}

// NewGrant says that a principal holds an entitlement. The grant's id is the one
// that the SDK's own constructor gives; that one takes three times as long, for
// what a large tenant has a million of.
func NewGrant(of *v2.Entitlement, principalType, principalID string) *v2.Grant {
	return v2.Grant_builder{
		Id:          of.GetId() + ":" + principalType + ":" + principalID,
		Entitlement: of,
		Principal:   ResourceRef(principalType, principalID),
	}.Build()
}

// Annotate appends a ready-made annotation, which is shared and never changed.
func Annotate(g *v2.Grant, annotation *anypb.Any) {
	if annotation != nil {
		g.SetAnnotations(append(g.GetAnnotations(), annotation))
	}
}

// AnnotateWith packs a message the same way each time, so that the same tenant
// gives the same snapshot.
func AnnotateWith(g *v2.Grant, message proto.Message) error {
	packed := &anypb.Any{}
	if err := anypb.MarshalFrom(packed, message, proto.MarshalOptions{Deterministic: true}); err != nil {
		return fmt.Errorf("annotating a grant: %w", err)
	}
	Annotate(g, packed)
	return nil
}

// DerivedFrom marks a grant as held through the membership of groups alone.
// The SDK keeps the sources, and does not take the grant for a direct one.
func DerivedFrom(g *v2.Grant, groupIDs ...string) {
	sources := make(map[string]*v2.GrantSources_GrantSource, len(groupIDs)+1)
	for _, id := range groupIDs {
		sources[EntitlementID(TypeGroup, id, SlugMember)] = &v2.GrantSources_GrantSource{IsDirect: true}
	}
	g.SetSources(v2.GrantSources_builder{Sources: sources}.Build())
}

// AlsoDirect marks a grant that has sources as held by itself too, as expansion
// does. Without sources it is held by itself anyway.
func AlsoDirect(g *v2.Grant) {
	if sources := g.GetSources().GetSources(); len(sources) > 0 {
		sources[g.GetEntitlement().GetId()] = &v2.GrantSources_GrantSource{IsDirect: true}
	}
}

// WithMetadata says more of a grant; empty values say nothing.
func WithMetadata(g *v2.Grant, values map[string]any) error {
	for key, value := range values {
		if value == nil || value == "" {
			delete(values, key)
		}
	}
	if len(values) == 0 {
		return nil
	}
	packed, err := structpb.NewStruct(values)
	if err != nil {
		return fmt.Errorf("describing a grant: %w", err)
	}
	return AnnotateWith(g, v2.GrantMetadata_builder{Metadata: packed}.Build())
}

// ImmutableBecause marks a grant as not to be changed here.
func ImmutableBecause(g *v2.Grant, reason string) error {
	details, err := structpb.NewStruct(map[string]any{"reason": reason})
	if err != nil {
		return fmt.Errorf("describing a grant: %w", err)
	}
	return AnnotateWith(g, v2.GrantImmutable_builder{Metadata: details}.Build())
}

// Timestamp is a time as profiles and metadata hold it; empty for none.
func Timestamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// DescribeEntitlement says more of an entitlement; empty values say nothing. The SDK has
// metadata for grants alone, so the annotation is the values themselves.
func DescribeEntitlement(e *v2.Entitlement, values map[string]any) error {
	maps.DeleteFunc(values, func(_ string, value any) bool { return value == nil || value == "" })
	described, err := structpb.NewStruct(values)
	if err != nil {
		return fmt.Errorf("describing an entitlement: %w", err)
	}
	packed := &anypb.Any{}
	if err := anypb.MarshalFrom(packed, described, proto.MarshalOptions{Deterministic: true}); err != nil {
		return fmt.Errorf("annotating an entitlement: %w", err)
	}
	e.SetAnnotations(append(e.GetAnnotations(), packed))
	return nil
}
