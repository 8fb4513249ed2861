package actions

import (
	"context"
	"strings"
	"time"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// The kinds of group that create_group makes.
const (
	groupSecurity     = "security"
	groupMicrosoft365 = "microsoft_365"
)

func (d *Doer) createGroup() action {
	return action{
		name: change.ActionCreateGroup, title: "Create group", operation: change.OperationCreateGroups,
		description: "Makes a group with owners and members. A group with the same mail nickname, name and kind is taken for the one that is wanted: " +
			"asking twice makes one. A role-assignable group also takes " + change.ReadWriteRoles + ".",
		kinds: []v2.ActionType{v2.ActionType_ACTION_TYPE_RESOURCE_CREATE},
		arguments: []*config.Field{
			textField("display_name", "Name", "The group's name.", true),
			textField("mail_nickname", "Mail nickname", "The group's alias. Without it, the name without what an alias cannot hold.", false),
			textField("description", "Description", "What the group is for.", false),
			textField("group_type", "Kind", "security or microsoft_365. Without it, a security group.", false),
			flagField("is_assignable_to_role", "Role-assignable", "Whether the group can hold directory roles. This can never be changed.", false),
			listField("owners", "Owners", "Object ids or user principal names."),
			listField("members", "Members", "Object ids or user principal names."),
		},
		returns: []*config.Field{
			textField("group_id", "Group", "The group's object id.", false),
			flagField("created", "Created", "Whether the group was made now; otherwise it was there.", false),
			textField("mail_nickname", "Mail nickname", "The group's alias.", false),
		},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			wanted, err := newGroup(args)
			if err != nil {
				return nil, err
			}
			if wanted.OwnerIDs, err = d.people(ctx, args, "owners"); err != nil {
				return nil, err
			}
			if wanted.MemberIDs, err = d.people(ctx, args, "members"); err != nil {
				return nil, err
			}
			id, made, err := d.makeGroup(ctx, wanted)
			if id == "" {
				return nil, err
			}
			return actions.NewReturnValues(err == nil,
				actions.NewStringReturnField("group_id", id),
				actions.NewBoolReturnField("created", made),
				actions.NewStringReturnField("mail_nickname", wanted.MailNickname),
			), err
		},
	}
}

// newGroup is the group that the arguments describe, but for its owners and
// members.
func newGroup(args *arguments) (*writing.NewGroup, error) {
	wrong := &lifecycle.Faults{}
	wanted := &writing.NewGroup{
		DisplayName: args.text("display_name"), Description: args.text("description"), MailNickname: args.text("mail_nickname"),
		RoleAssignable: args.flag("is_assignable_to_role"),
	}
	switch args.text("group_type") {
	case "", groupSecurity:
	case groupMicrosoft365:
		wanted.Unified = true
	default:
		wrong.Addf("group_type has to be %s or %s", groupSecurity, groupMicrosoft365)
	}
	if wanted.MailNickname == "" {
		wanted.MailNickname = nicknameOf(wanted.DisplayName)
	}
	switch {
	case len([]rune(wanted.DisplayName)) > 256:
		wrong.Addf("display_name has %d characters, and Entra takes 256 at the most", len([]rune(wanted.DisplayName)))
	case !lifecycle.NicknameAllowed(wanted.MailNickname) || len(wanted.MailNickname) > 64:
		wrong.Addf("mail_nickname has to be 1 to 64 characters of ASCII without spaces or any of %s", lifecycle.NicknameForbidden)
	}
	return wanted, wrong.Err("the group cannot be created as asked")
}

// nicknameOf is a name without what an alias cannot hold.
func nicknameOf(name string) string {
	kept := strings.Map(func(c rune) rune {
		if c <= ' ' || c > '~' || strings.ContainsRune(lifecycle.NicknameForbidden, c) {
			return -1
		}
		return c
	}, name)
	return kept[:min(len(kept), 64)]
}

// people are the object ids in a list, each once.
func (d *Doer) people(ctx context.Context, args *arguments, name string) ([]string, error) {
	var ids []string
	seen := map[string]bool{}
	for _, who := range args.list(name) {
		id, err := args.userNamed(ctx, who)
		if err != nil {
			return nil, err
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// makeGroup makes a group unless it is there, and completes its owners and
// members. Nothing of a group is unique but its id, so that whether it is there
// has to be looked up.
func (d *Doer) makeGroup(ctx context.Context, wanted *writing.NewGroup) (string, bool, error) {
	unlock, err := d.provision.Locks.Lock(ctx, "nickname/"+strings.ToLower(wanted.MailNickname))
	if err != nil {
		return "", false, err
	}
	defer unlock()
	found, err := d.findGroup(ctx, wanted)
	switch {
	case err != nil:
		return "", false, err
	case found != nil:
		return model.ObjectID(found.ID), false, d.fill(ctx, found.ID, wanted.OwnerIDs, wanted.MemberIDs)
	}
	first := *wanted
	first.OwnerIDs = wanted.OwnerIDs[:min(len(wanted.OwnerIDs), writing.MaxBoundReferences)]
	first.MemberIDs = wanted.MemberIDs[:min(len(wanted.MemberIDs), writing.MaxBoundReferences-len(first.OwnerIDs))]
	made, err := d.postGroup(ctx, &first)
	if err != nil {
		return "", false, err
	}
	d.provision.Touched.Add(model.ObjectID(made.ID))
	return model.ObjectID(made.ID), true, d.fill(ctx, made.ID, wanted.OwnerIDs[len(first.OwnerIDs):], wanted.MemberIDs[len(first.MemberIDs):])
}

// postGroup makes a group. After a lost answer it looks for the group for as
// long as one that was made could stay unseen, and only then makes it again.
func (d *Doer) postGroup(ctx context.Context, wanted *writing.NewGroup) (*graph.Group, error) {
	for attempt := 1; ; attempt++ {
		var made *graph.Group
		var lost error
		_, err := change.SettleWithin(ctx, d.provision.Bound(), func(ctx context.Context) error {
			var err error
			if made, err = writing.By(d.client).CreateGroup(ctx, *wanted); failure.IsOutcomeUnknown(err) {
				lost = err
				return nil
			}
			return err
		}, change.Never, failure.IsNotFound)
		if err != nil || lost == nil {
			return made, err
		}
		found, err := d.awaitGroup(ctx, wanted)
		if err != nil || found != nil {
			return found, err
		}
		if attempt > change.UnknownAttempts {
			return nil, lost
		}
	}
}

func (d *Doer) awaitGroup(ctx context.Context, wanted *writing.NewGroup) (*graph.Group, error) {
	deadline := time.Now().Add(d.provision.Bound())
	for wait := min(change.FirstLook, d.provision.Bound()/8); ; wait = min(2*wait, change.LookEvery) {
		found, err := d.findGroup(ctx, wanted)
		if err != nil || found != nil || time.Now().Add(wait).After(deadline) {
			return found, err
		}
		if err := change.Pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// findGroup finds the group that is wanted, and refuses another one that bears
// its alias.
func (d *Doer) findGroup(ctx context.Context, wanted *writing.NewGroup) (*graph.Group, error) {
	found, err := d.client.FindGroups(ctx, wanted.MailNickname)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	for i := range found {
		g := &found[i]
		if g.DisplayName == wanted.DisplayName && g.Unified() == wanted.Unified && g.RoleAssignable() == wanted.RoleAssignable && !g.Synced() && !g.Dynamic() {
			return g, nil
		}
	}
	return nil, status.Errorf(codes.AlreadyExists, "%sanother group, %s, has the mail nickname %s; give another one as mail_nickname", model.ErrorPrefix, found[0].ID, wanted.MailNickname)
}

// fill adds owners and members; those that are there stay.
func (d *Doer) fill(ctx context.Context, id string, owners, members []string) error {
	for _, owner := range owners {
		if _, err := d.provision.Add(ctx, id+"/"+model.SlugOwner+"/"+owner, func(ctx context.Context) error { return writing.By(d.client).AddGroupOwner(ctx, id, owner) }); err != nil {
			return err
		}
	}
	for _, member := range members {
		if _, err := d.provision.Add(ctx, id+"/"+model.SlugMember+"/"+member, func(ctx context.Context) error { return writing.By(d.client).AddGroupMember(ctx, id, member) }); err != nil {
			return err
		}
	}
	return nil
}
