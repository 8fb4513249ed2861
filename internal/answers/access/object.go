package access

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
)

// Ref names an object.
type Ref struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// What an object's status is called.
const (
	StatusEnabled  = "enabled"
	StatusDisabled = "disabled"
	StatusDeleted  = "deleted"
)

// Object is a resource of the snapshot.
type Object struct {
	Ref
	Name        string
	Description string
	// Login is what a person signs in as: the user principal name.
	Login string
	// Human says that a user is a person's account, and not an agent's or a room's.
	Human bool
	// Status is empty where the snapshot has none.
	Status string
	// LastSignIn is zero where nobody signed in, or sign-ins were not read.
	LastSignIn time.Time
	Created    time.Time
	// MFA tells whether a person registered for it; nil where that was not read.
	MFA *bool
	// Profile has the values of docs/data-model.md, as JSON has them.
	Profile map[string]any
	// Parent is whose a credential is; empty for other types.
	Parent Ref
	// Purchased and Consumed are the seats of a licence.
	Purchased, Consumed int64
	// Missing says that something refers to the object and the snapshot does not have
	// it: it was left out, or its type was not read.
	Missing bool
}

// Text is a value of the profile that is a text, or empty.
func (o *Object) Text(key string) string {
	text, _ := o.Profile[key].(string)
	return text
}

// Flag is a value of the profile that is true or false; false where there is none.
func (o *Object) Flag(key string) bool {
	flag, _ := o.Profile[key].(bool)
	return flag
}

// Texts is a value of the profile that is a list of texts.
func (o *Object) Texts(key string) []string {
	list, _ := o.Profile[key].([]any)
	texts := make([]string, 0, len(list))
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// Rows is a value of the profile that is a list of objects.
func (o *Object) Rows(key string) []map[string]any {
	list, _ := o.Profile[key].([]any)
	rows := make([]map[string]any, 0, len(list))
	for _, item := range list {
		if row, ok := item.(map[string]any); ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// Guest reports whether the object is a person from outside.
func (o *Object) Guest() bool { return o.Type == TypeUser && o.Text("userType") == "Guest" }

// SignInUnknown reports whether nobody knows when a person last signed in, though
// sign-ins were read.
func (o *Object) SignInUnknown() bool { return o.Flag("lastSignInUnknown") }

// Called is what people know the object by: the name, and for a person the name to
// sign in with. An object without a name is called by its type and id.
// Of a very long name it gives the beginning, so that what follows can be seen.
func (o *Object) Called() string {
	name := o.Name
	if utf8.RuneCountInString(name) > longestName {
		name = strings.TrimRight(string([]rune(name)[:longestName-1]), " ") + "…"
	}
	switch {
	case name == "" && o.Login == "":
		return TypeName(o.Type, false) + " " + o.ID
	case o.Login == "" || o.Login == o.Name:
		return name
	case name == "":
		return o.Login
	default:
		return name + " (" + o.Login + ")"
	}
}

// longestName is how much of a name people are shown where it is not asked for itself.
const longestName = 64

func objectOf(row *v2.Resource) (*Object, error) {
	o := &Object{
		Ref:  Ref{row.GetId().GetResourceType(), row.GetId().GetResource()},
		Name: row.GetDisplayName(), Description: row.GetDescription(), Status: statusOf(row.GetStatus().GetStatus()), Profile: row.GetProfile().AsMap(),
	}
	if row.HasCreatedAt() {
		o.Created = row.GetCreatedAt().AsTime()
	}
	if parent := row.GetParentResourceId(); parent != nil {
		o.Parent = Ref{parent.GetResourceType(), parent.GetResource()}
	}
	annos := annotations.Annotations(row.GetAnnotations())
	switch o.Type {
	case TypeUser:
		trait := &v2.UserTrait{}
		if _, err := annos.Pick(trait); err != nil {
			return nil, fmt.Errorf("reading the row of user %s: %w", o.ID, err)
		}
		o.Login, o.Human = trait.GetLogin(), trait.GetAccountType() == v2.UserTrait_ACCOUNT_TYPE_HUMAN
		if trait.HasLastLogin() {
			o.LastSignIn = trait.GetLastLogin().AsTime()
		}
		if mfa := trait.GetMfaStatus(); mfa != nil {
			registered := mfa.GetMfaEnabled()
			o.MFA = &registered
		}
	case TypeLicense:
		trait := &v2.LicenseProfileTrait{}
		if _, err := annos.Pick(trait); err != nil {
			return nil, fmt.Errorf("reading the row of licence %s: %w", o.ID, err)
		}
		o.Purchased, o.Consumed = trait.GetPurchasedSeats(), trait.GetConsumedSeats()
	}
	return o, nil
}

func statusOf(s v2.Status_ResourceStatus) string {
	switch s {
	case v2.Status_RESOURCE_STATUS_ENABLED:
		return StatusEnabled
	case v2.Status_RESOURCE_STATUS_DISABLED:
		return StatusDisabled
	case v2.Status_RESOURCE_STATUS_DELETED:
		return StatusDeleted
	default:
		return ""
	}
}

// Entitlement is something that can be held.
type Entitlement struct {
	ID          string
	On          Ref
	Slug        string
	Name        string
	Description string
	// Activation is what it takes to activate it; nil where the snapshot does not say, and
	// for what needs none.
	Activation *Activation
}

func entitlementOf(row *v2.Entitlement) (*Entitlement, error) {
	on, slug := SplitEntitlement(row.GetId())
	activation, err := activationOf(row)
	if err != nil {
		return nil, fmt.Errorf("reading the row of %s: %w", row.GetId(), err)
	}
	return &Entitlement{ID: row.GetId(), On: on, Slug: slug, Name: row.GetDisplayName(), Description: row.GetDescription(), Activation: activation}, nil
}

// SplitEntitlement takes an entitlement's id apart: "type:id:slug". The id of an object
// can hold colons, a type and a slug cannot.
func SplitEntitlement(id string) (Ref, string) {
	resourceType, rest, _ := strings.Cut(id, ":")
	at := strings.LastIndexByte(rest, ':')
	if at < 0 {
		return Ref{resourceType, rest}, ""
	}
	return Ref{resourceType, rest[:at]}, rest[at+1:]
}

// EntitlementID is the id of an entitlement.
func EntitlementID(on Ref, slug string) string { return on.Type + ":" + on.ID + ":" + slug }
