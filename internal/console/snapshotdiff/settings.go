package snapshotdiff

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// The settings that leave rows out which are there without them.
const (
	settingADGroups   = "skip-ad-groups"
	settingUnassigned = "skip-unassigned-apps"
	settingPIMGroups  = "pim-groups"
)

// hiddenMembership is the visibility of groups and units whose members need a permission
// of their own.
const hiddenMembership = "HiddenMembership"

// settingsOf are a snapshot's settings by the names of their flags, however they are
// spelled in it.
func settingsOf(a *access.About) map[string]string {
	settings := map[string]string{}
	for name, value := range a.Settings {
		plain := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
		for _, known := range []string{settingADGroups, settingUnassigned, settingPIMGroups} {
			if plain == strings.ReplaceAll(known, "-", "") {
				name = known
			}
		}
		settings[name] = fmt.Sprint(value)
	}
	return settings
}

// compareSettings names settings that differ, and finds what they leave out.
func (d *Diff) compareSettings(old, recent *access.About) {
	if !old.Told || !recent.Told {
		return
	}
	before, after := settingsOf(old), settingsOf(recent)
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		was, is := before[name], after[name]
		if was == is || isOff(was) && isOff(is) {
			continue
		}
		d.warnings = append(d.warnings, fmt.Sprintf("--%s was %s for the old snapshot and is %s for the new one.", name, orNone(was), orNone(is)))
		switch name {
		case settingADGroups, settingUnassigned:
			in := inOld
			if isOff(is) {
				in = inNew
			}
			d.blanks.add(&Blank{Setting: name, In: in})
		case settingPIMGroups:
			in := inOld
			if breadth(is) > breadth(was) {
				in = inNew
			}
			d.blanks.add(&Blank{Setting: name, In: in})
		}
	}
}

func isOff(value string) bool { return value == "" || value == "false" || value == "[]" }

func orNone(value string) string {
	if value == "" {
		return "not set"
	}
	return value
}

// breadth orders the values of --pim-groups by how many groups they ask about.
func breadth(value string) int {
	switch value {
	case "all":
		return 2
	case "none":
		return 0
	default:
		return 1
	}
}

// blankOfResource is the blank that an object which only one snapshot has falls into.
func (d *Diff) blankOfResource(r *v2.Resource, in string) *Blank {
	if b := d.blanks.of(dataOfResource(r), in); b != nil {
		return b
	}
	switch r.GetId().GetResourceType() {
	case typeGroup:
		if isSynced(r) {
			return d.blanks.of(settingADGroups, in)
		}
	case typeApplication:
		return d.blanks.of(settingUnassigned, in)
	}
	return nil
}

func isSynced(group *v2.Resource) bool {
	return group.GetProfile().GetFields()["onPremisesSyncEnabled"].GetBoolValue()
}

// blankOfAccess is the blank that access which only one snapshot has falls into. on is
// what it is to, as the snapshot that has the access knows it.
func (d *Diff) blankOfAccess(ctx context.Context, c *AccessChange, on *v2.Resource) (*Blank, error) {
	in, has := inOld, d.old
	if c.Old == StateNone {
		in, has = inNew, d.recent
	}
	if len(d.blanks.list) == 0 {
		return nil, nil //nolint:nilnil // Its absence is the answer.
	}
	if b := d.blanks.of(c.data, in); b != nil {
		return b, nil
	}
	if c.data == access.DataChannelMembers { // Without channels there is nobody in them.
		if b := d.blanks.of(access.DataChannels, in); b != nil {
			return b, nil
		}
	}
	if c.data == access.DataGroupEligibility && !on.GetProfile().GetFields()["isAssignableToRole"].GetBoolValue() {
		if b := d.blanks.of(settingPIMGroups, in); b != nil {
			return b, nil
		}
	}
	if b := d.blanks.of(access.DataHiddenMembers, in); b != nil {
		hidden := func(o *access.Object) bool { return o.Text("visibility") == hiddenMembership }
		found := c.slug == access.SlugMember && profileText(on, "visibility") == hiddenMembership
		through, err := everySource(ctx, has.facts, c, hidden)
		if err != nil || found || through {
			return b, err
		}
	}
	b := d.blanks.of(settingADGroups, in)
	if b == nil {
		return nil, nil //nolint:nilnil // Its absence is the answer.
	}
	synced := func(o *access.Object) bool { return o.Type == typeGroup && o.Flag("onPremisesSyncEnabled") }
	if c.Resource.Type == typeGroup && isSynced(on) {
		return b, nil
	}
	holder, err := has.facts.Object(ctx, access.Ref{Type: c.Principal.Type, ID: c.Principal.ID})
	if err != nil || synced(holder) {
		return b, err
	}
	through, err := everySource(ctx, has.facts, c, synced)
	if err != nil || through {
		return b, err
	}
	return nil, nil //nolint:nilnil // Its absence is the answer.
}

// everySource reports whether access is derived, and from nothing but what is so.
func everySource(ctx context.Context, facts *access.Snapshot, c *AccessChange, is func(*access.Object) bool) (bool, error) {
	if c.Old == StateDirect || c.New == StateDirect || len(c.sources) == 0 {
		return false, nil
	}
	for _, source := range c.sources {
		ref, _ := access.SplitEntitlement(source)
		o, err := facts.Object(ctx, ref)
		if err != nil || !is(o) {
			return false, err
		}
	}
	return true, nil
}
