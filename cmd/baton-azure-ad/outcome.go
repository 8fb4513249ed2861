package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

// named is an object with its name, and a person with the name to sign in with, as far
// as the tenant tells.
func (w *witness) named(ctx context.Context, id *v2.ResourceId) string {
	name, _ := w.lookedUp(ctx, id)
	return name
}

// lookedUp is named, and whether the tenant says that there is no such object.
func (w *witness) lookedUp(ctx context.Context, id *v2.ResourceId) (string, bool) {
	plain := id.GetResourceType() + " " + id.GetResource()
	found, err := w.GetResource(ctx, v2.ResourceGetterServiceGetResourceRequest_builder{ResourceId: id}.Build())
	if err != nil || found.GetResource().GetDisplayName() == "" {
		return plain, status.Code(err) == codes.NotFound
	}
	return described(found.GetResource()), false
}

func described(r *v2.Resource) string {
	name := r.GetDisplayName()
	if trait, err := rs.GetUserTrait(r); err == nil && trait.GetLogin() != "" {
		name += " <" + trait.GetLogin() + ">"
	}
	return fmt.Sprintf("%s %s (%s)", r.GetId().GetResourceType(), name, r.GetId().GetResource())
}

// entitlementNamed is what is held, with the name of what it is held of.
func (w *witness) entitlementNamed(ctx context.Context, e *v2.Entitlement) string {
	id := e.GetResource().GetId()
	slug := strings.TrimPrefix(e.GetId(), id.GetResourceType()+":"+id.GetResource()+":")
	return slug + " of " + w.named(ctx, id)
}

func (w *witness) granted(ctx context.Context, q *v2.GrantManagerServiceGrantRequest, a *v2.GrantManagerServiceGrantResponse) string {
	what, who := w.entitlementNamed(ctx, q.GetEntitlement()), w.named(ctx, q.GetPrincipal().GetId())
	annos := annotations.Annotations(a.GetAnnotations())
	if annos.Contains(&v2.GrantAlreadyExists{}) {
		return "Nothing to do: " + who + " has " + what + " already."
	}
	return "Granted " + what + " to " + who + "."
}

func (w *witness) revoked(ctx context.Context, q *v2.GrantManagerServiceRevokeRequest, a *v2.GrantManagerServiceRevokeResponse) string {
	what, who := w.entitlementNamed(ctx, q.GetGrant().GetEntitlement()), w.named(ctx, q.GetGrant().GetPrincipal().GetId())
	annos := annotations.Annotations(a.GetAnnotations())
	if annos.Contains(&v2.GrantAlreadyRevoked{}) {
		return "Nothing to do: " + who + " does not have " + what + "."
	}
	return "Revoked " + what + " from " + who + "."
}

func createdSentence(a *v2.CreateAccountResponse) string {
	switch {
	case a.HasSuccess():
		return "Created " + described(a.GetSuccess().GetResource()) + "."
	case a.HasAlreadyExists():
		return "Nothing to do: there is " + described(a.GetAlreadyExists().GetResource()) + " already."
	case a.HasActionRequired():
		return "Created " + described(a.GetActionRequired().GetResource()) + ". " + a.GetActionRequired().GetMessage()
	}
	return ""
}

// acted is how an action answered. The reason of one that has failed is said as such, and
// not again among its results.
func (w *witness) acted(ctx context.Context, name string, state v2.BatonActionStatus, response *structpb.Struct) answer {
	result := response.AsMap()
	reason, _ := result["error"].(string)
	delete(result, "error")
	told := answer{Reason: progress.WithoutRelay(reason), Result: result}
	if state == v2.BatonActionStatus_BATON_ACTION_STATUS_COMPLETE {
		told.Sentence = "Done: " + name + w.about(ctx, result) + "."
	}
	return told
}

// about names whom or what an action was about, as its results tell.
func (w *witness) about(ctx context.Context, result map[string]any) string {
	for _, of := range []struct{ name, resourceType string }{{"user_id", "user"}, {"group_id", "group"}} {
		if id, given := result[of.name].(string); given && id != "" {
			return ", " + w.named(ctx, v2.ResourceId_builder{ResourceType: of.resourceType, Resource: id}.Build())
		}
	}
	return ""
}

// saidTwice are results under the names that ConductorOne's Entra connector has for them.
var saidTwice = []string{"deleted_count", "failed_count", "skipped_count", "results"}

// resultLines are an action's results as a person reads them: a line each, and one for
// each row of a list.
func resultLines(result map[string]any) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(result)) {
		if slices.Contains(saidTwice, name) {
			continue
		}
		switch value := result[name].(type) {
		case []any:
			lines = append(lines, name+":")
			for _, row := range value {
				lines = append(lines, "  "+oneLine(row))
			}
		default:
			if name != "success" || value != true {
				lines = append(lines, name+": "+oneLine(value))
			}
		}
	}
	return lines
}

func oneLine(value any) string {
	fields, isRow := value.(map[string]any)
	if !isRow {
		return fmt.Sprint(value)
	}
	var said []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		said = append(said, name+" "+fmt.Sprint(fields[name]))
	}
	return strings.Join(said, ", ")
}
