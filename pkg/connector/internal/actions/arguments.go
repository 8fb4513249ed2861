package actions

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// argumentUserID is the argument that says which user an action is about.
const argumentUserID = "user_id"

var userArgument = textField(argumentUserID, "User", "The user's object id or user principal name.", true)

func textField(name, title, description string, required bool) *config.Field {
	return config.Field_builder{Name: name, DisplayName: title, Description: description, IsRequired: required, StringField: &config.StringField{}}.Build()
}

func flagField(name, title, description string, preset bool) *config.Field {
	return config.Field_builder{Name: name, DisplayName: title, Description: description, BoolField: config.BoolField_builder{DefaultValue: preset}.Build()}.Build()
}

func listField(name, title, description string) *config.Field {
	return config.Field_builder{Name: name, DisplayName: title, Description: description, StringSliceField: &config.StringSliceField{}}.Build()
}

func numberField(name, title, description string) *config.Field {
	return config.Field_builder{Name: name, DisplayName: title, Description: description, IntField: &config.IntField{}}.Build()
}

// arguments are what an action was called with. They were checked against the
// action's schema.
type arguments struct {
	given  map[string]*structpb.Value
	client *graph.Client
}

// check refuses what the action does not take: an argument whose name is
// misspelt would otherwise change something else than was meant.
func (a *arguments) check(of *action) error {
	wrong := &lifecycle.Faults{}
	known := map[string]bool{}
	for _, field := range of.arguments {
		name := field.GetName()
		known[name] = true
		value := a.given[name]
		switch {
		case a.empty(name):
			if field.GetIsRequired() {
				wrong.Addf("%s is required", name)
			}
		case field.HasStringField() && !isText(value):
			wrong.Addf("%s has to be a text", name)
		case field.HasBoolField() && !isFlag(value):
			wrong.Addf("%s has to be true or false", name)
		case field.HasStringSliceField() && !isTextList(value):
			wrong.Addf("%s has to be a list of texts", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.given)) {
		if !known[name] {
			wrong.Addf("there is no argument %q", name)
		}
	}
	return wrong.Err("the action " + of.name + " cannot be done as asked")
}

// empty is an argument that says nothing.
func (a *arguments) empty(name string) bool {
	switch value := a.given[name].GetKind().(type) {
	case nil, *structpb.Value_NullValue:
		return true
	case *structpb.Value_StringValue:
		return strings.TrimSpace(value.StringValue) == ""
	}
	return false
}

// has reports whether an argument was given at all, be it as an empty text.
func (a *arguments) has(name string) bool {
	_, null := a.given[name].GetKind().(*structpb.Value_NullValue)
	return a.given[name] != nil && !null
}

// isText takes a resource, too, for its id; and an object, which is JSON.
func isText(value *structpb.Value) bool {
	switch value.GetKind().(type) {
	case *structpb.Value_StringValue, *structpb.Value_StructValue:
		return true
	}
	return false
}

func isFlag(value *structpb.Value) bool {
	switch kind := value.GetKind().(type) {
	case *structpb.Value_BoolValue:
		return true
	case *structpb.Value_StringValue:
		return slices.Contains([]string{"true", "false"}, strings.ToLower(kind.StringValue))
	}
	return false
}

func isTextList(value *structpb.Value) bool {
	list, ok := value.GetKind().(*structpb.Value_ListValue)
	return ok && !slices.ContainsFunc(list.ListValue.GetValues(), func(v *structpb.Value) bool { return !isText(v) })
}

// text is an argument without the spaces around it.
func (a *arguments) text(name string) string { return asArgument(a.given[name]) }

func asArgument(value *structpb.Value) string {
	if object := value.GetStructValue(); object != nil {
		for _, id := range []string{"resource_id", "resource"} {
			if text := object.GetFields()[id].GetStringValue(); text != "" {
				return text
			}
		}
	}
	return strings.TrimSpace(value.GetStringValue())
}

// flag is a yes or no, and no where nobody says.
func (a *arguments) flag(name string) bool {
	return a.given[name].GetBoolValue() || strings.EqualFold(a.given[name].GetStringValue(), "true")
}

func (a *arguments) list(name string) []string {
	var texts []string
	for _, value := range a.given[name].GetListValue().GetValues() {
		if text := asArgument(value); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// object is a JSON object, as such or as a text.
func (a *arguments) object(name string) (map[string]any, error) {
	if object := a.given[name].GetStructValue(); object != nil {
		return object.AsMap(), nil
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(a.text(name)), &object); err != nil || object == nil {
		return nil, (lifecycle.Faults{name + " has to be a JSON object"}).Err("the action cannot be done as asked")
	}
	return object, nil
}

// user is the object id of the user that an action is about.
func (a *arguments) user(ctx context.Context) (string, error) {
	return a.userNamed(ctx, a.text(argumentUserID))
}

// userNamed is the object id of a user. An object id is taken as it is, so that
// a user who was made a moment ago is waited for where it is changed.
func (a *arguments) userNamed(ctx context.Context, who string) (string, error) {
	switch {
	case uuid.Validate(who) == nil:
		return model.ObjectID(who), nil
	case !strings.Contains(who, "@"):
		return "", (lifecycle.Faults{who + " is neither an object id nor a user principal name"}).Err("the action cannot be done as asked")
	}
	found, err := kinds.FindPerson(ctx, a.client, who)
	if err != nil {
		return "", err
	}
	return model.ObjectID(found.ID), nil
}
