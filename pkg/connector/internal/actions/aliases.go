package actions

import (
	"maps"
	"slices"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// aliases are the names that arguments have in ConductorOne's own Entra connector, by
// action, with the names that they have here: what was written for the one works with
// the other (docs/migrating.md).
var aliases = map[string]map[string]string{
	change.ActionCheckUPN:   {"proposed_upn": model.PropertyUserPrincipalName},
	change.ActionSetManager: {"manager_identifier": argumentManager},
	change.ActionCreateGroup: {
		"displayName": "display_name", "mailNickname": "mail_nickname", "groupType": "group_type",
		"isAssignableToRole": "is_assignable_to_role", "owner": "owners", "userMembers": "members",
	},
}

// taken are the arguments as the platform may send them: under either name. One that
// has two is not required under the one; that it is there is checked under both.
func (a *action) taken() []*config.Field {
	byName := map[string]*config.Field{}
	fields := make([]*config.Field, 0, len(a.arguments))
	for _, field := range a.arguments {
		byName[field.GetName()] = proto.CloneOf(field)
		fields = append(fields, byName[field.GetName()])
	}
	for _, other := range slices.Sorted(maps.Keys(aliases[a.name])) {
		ours := byName[aliases[a.name][other]]
		ours.SetIsRequired(false)
		field := proto.CloneOf(ours)
		field.SetName(other)
		field.SetDescription("The same as " + ours.GetName() + ", under the name that it has in ConductorOne's Entra connector.")
		fields = append(fields, field)
	}
	return fields
}

// underOwnNames gives arguments the names that they have here. One text stands for a
// list of one.
func (a *action) underOwnNames(given map[string]*structpb.Value) (map[string]*structpb.Value, error) {
	renamed := maps.Clone(given)
	wrong := &lifecycle.Faults{}
	for other, ours := range aliases[a.name] {
		value, found := given[other]
		if !found {
			continue
		}
		delete(renamed, other)
		if had, both := given[ours]; both && !proto.Equal(had, value) {
			wrong.Addf("%s and %s are the same argument and say different things", ours, other)
		}
		at := slices.IndexFunc(a.arguments, func(f *config.Field) bool { return f.GetName() == ours })
		if a.arguments[at].HasStringSliceField() && isText(value) {
			value = structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{value}})
		}
		renamed[ours] = value
	}
	return renamed, wrong.Err("the action " + a.name + " cannot be done as asked")
}
