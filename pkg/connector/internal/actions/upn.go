package actions

import (
	"context"
	"strconv"
	"strings"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	"github.com/conductorone/baton-sdk/pkg/actions"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/lifecycle"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

const (
	// candidatesAtOnce is how many names one look-up asks for.
	candidatesAtOnce = 15
	// mostCandidates is how far the search for a free name goes.
	mostCandidates = 60
)

func (d *Doer) checkUPN() action {
	const available = "available"
	return action{
		name: change.ActionCheckUPN, title: "Check user principal name", readOnly: true,
		description: "Says whether a user principal name is free, and finds the next one that is by adding a number. A name that was taken a moment ago can still look free.",
		kinds:       dynamicAction,
		arguments:   []*config.Field{textField(model.PropertyUserPrincipalName, "User principal name", "The name that is wanted, such as jane.doe@contoso.com.", true)},
		returns: []*config.Field{
			flagField(available, "Available", "Whether the name that is wanted is free.", false),
			textField(model.PropertyUserPrincipalName, "Free user principal name", "The name that is wanted, or the next one that is free.", false),
			textField(model.PropertyMailNickname, "Mail nickname", "What stands before the @ of it.", false),
		},
		run: func(ctx context.Context, args *arguments) (*structpb.Struct, error) {
			wanted := args.text(model.PropertyUserPrincipalName)
			free, err := d.freeName(ctx, wanted)
			if err != nil {
				return nil, err
			}
			local, _, _ := strings.Cut(free, "@")
			return succeeded(
				actions.NewBoolReturnField(available, free == wanted),
				actions.NewStringReturnField(model.PropertyUserPrincipalName, free),
				actions.NewStringReturnField(model.PropertyMailNickname, local),
			), nil
		},
	}
}

// freeName is the name that is wanted, or the first of those with a number that
// nobody signs in with.
func (d *Doer) freeName(ctx context.Context, wanted string) (string, error) {
	organization, err := d.client.Organization(ctx)
	if err != nil {
		return "", err
	}
	wrong := &lifecycle.Faults{}
	lifecycle.CheckPrincipalName(wanted, organization, wrong)
	if err := wrong.Err("the name cannot be used"); err != nil {
		return "", err
	}
	for first := 1; first <= mostCandidates; first += candidatesAtOnce {
		names := candidates(wanted, first)
		found, err := d.client.FindUsers(ctx, graph.UserByPrincipalName, names...)
		if err != nil {
			return "", err
		}
		taken := map[string]bool{}
		for i := range found {
			taken[strings.ToLower(found[i].UserPrincipalName)] = true
		}
		for _, name := range names {
			if !taken[strings.ToLower(name)] {
				return name, nil
			}
		}
	}
	return "", change.Refused("%s and the %d names after it are taken", wanted, mostCandidates-1)
}

// candidates are the wanted name, and then the name with 2, 3 and so on. The
// part before the @ keeps within the 64 characters that it may have.
func candidates(wanted string, first int) []string {
	local, domain, _ := strings.Cut(wanted, "@")
	names := make([]string, 0, candidatesAtOnce)
	for n := first; n < first+candidatesAtOnce; n++ {
		if n == 1 {
			names = append(names, wanted)
			continue
		}
		number := strconv.Itoa(n)
		names = append(names, local[:min(len(local), 64-len(number))]+number+"@"+domain)
	}
	return names
}
