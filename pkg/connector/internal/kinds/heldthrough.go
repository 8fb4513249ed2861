package kinds

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

const servicePrincipals graph.DirectoryPath = "servicePrincipals"

// collections are where Graph has principals by their resource types.
var collections = map[string]graph.DirectoryPath{
	model.TypeUser: "users", model.TypeGroup: "groups",
	model.TypeApplication: servicePrincipals, model.TypeManagedIdentity: servicePrincipals, model.TypeAgentIdentity: servicePrincipals,
}

// GroupsOf are the names of the groups that a principal is in, by id: those that it is a
// member of itself, or also those around them. Kinds that cannot be in groups are in
// none, and so is a principal that is gone.
func (k *Kit) GroupsOf(ctx context.Context, who *v2.ResourceId, transitive bool) (map[string]string, error) {
	names := map[string]string{}
	collection, ok := collections[who.GetResourceType()]
	if !ok {
		return names, nil
	}
	groups, err := k.Client.GroupsOf(ctx, collection, who.GetResource(), transitive)
	if failure.IsNotFound(err) {
		return names, nil
	}
	for _, g := range groups {
		names[model.ObjectID(g.ID)] = g.DisplayName
	}
	return names, err
}

// RefuseThrough refuses to call revoked what a principal does not hold itself, and
// holds through a group: the access stays. Holders are the groups that hold it. Where
// Graph does not let the connector see groups, nothing is known, and nothing is refused.
func (k *Kit) RefuseThrough(ctx context.Context, who *v2.ResourceId, holders []string) error {
	if len(holders) == 0 {
		return nil
	}
	of, err := k.GroupsOf(ctx, who, false)
	if failure.IsAccessDenied(err) {
		return nil
	}
	if err != nil {
		return err
	}
	var through []string
	for _, id := range holders {
		if name, in := of[model.ObjectID(id)]; in {
			through = append(through, NamedObject(name, id))
		}
	}
	return ThroughError(who, through)
}

// ThroughError is the refusal that names the groups; nil without any.
func ThroughError(who *v2.ResourceId, through []string) error {
	if len(through) == 0 {
		return nil
	}
	return change.Refused("%s %s does not hold this itself, but through %s; change the membership there", who.GetResourceType(), who.GetResource(), strings.Join(through, ", "))
}

// NamedObject is an object's name with its id behind it, as far as there is a name.
func NamedObject(name, id string) string {
	if name == "" {
		return model.ObjectID(id)
	}
	return name + " (" + model.ObjectID(id) + ")"
}
