package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// operations are the SDK's flags that ask for one operation on the tenant, beside
// the one for events.
var operations = []string{
	"grant-entitlement", "revoke-grant", "create-account-profile", "create-account-login", "create-account-email",
	"invoke-action", "list-action-schemas", "delete-resource", "rotate-credentials",
}

// details are the SDK's flags that only say more of an operation, with the ones
// that ask for it. By themselves they would be a sync.
var details = []struct{ flags, of []string }{
	{[]string{"grant-principal", "grant-principal-type"}, []string{"grant-entitlement"}},
	{[]string{"event-feed-id", "event-feed-start-at", "event-feed-cursor"}, []string{"event-feed"}},
	{[]string{"create-account-resource-type"}, []string{"create-account-profile", "create-account-login", "create-account-email"}},
	{[]string{"delete-resource-type"}, []string{"delete-resource"}},
	{[]string{"rotate-credentials-type"}, []string{"rotate-credentials"}},
	{[]string{"invoke-action-args", "invoke-action-resource-type"}, []string{"invoke-action"}},
	{[]string{"list-action-schemas-resource-type"}, []string{"list-action-schemas"}},
}

// refuseHalfOperations refuses flags that would be a sync, though a change is
// meant: those of an operation without what it is about.
func refuseHalfOperations(flags *pflag.FlagSet) error {
	for _, name := range operations {
		if f := flags.Lookup(name); f != nil && f.Changed && f.Value.Type() == "string" && f.Value.String() == "" {
			return fmt.Errorf("--%s is empty", name)
		}
	}
	asked := func(name string) bool { return given(flags, name) }
	for _, d := range details {
		for _, name := range d.flags {
			f := flags.Lookup(name)
			if f == nil || f.Value.String() == f.DefValue || !asked(name) || slices.ContainsFunc(d.of, asked) {
				continue
			}
			return fmt.Errorf("--%s says more of an operation that is not asked for: --%s is missing", name, strings.Join(d.of, " or --"))
		}
	}
	return nil
}

// operationAsked reports whether the flags ask for an operation. The SDK declares
// --event-feed as a text and reads it as a boolean: for a feed's name it would
// sync, into the very file that --file names.
func operationAsked(flags *pflag.FlagSet) (bool, error) {
	if f := flags.Lookup("event-feed"); f != nil && f.Value.String() != "" {
		events, err := strconv.ParseBool(f.Value.String())
		if err != nil {
			return false, errors.New("--event-feed has to be true or false: the name of a feed goes to --event-feed-id")
		}
		if events {
			return true, nil
		}
	}
	if slices.ContainsFunc(operations, func(name string) bool { return given(flags, name) }) {
		return true, nil
	}
	return false, refuseHalfOperations(flags)
}

// given reports whether a flag has a value other than none.
func given(flags *pflag.FlagSet, name string) bool {
	f := flags.Lookup(name)
	if f == nil {
		return false
	}
	none := []string{"", "[]"}
	if f.Value.Type() == "bool" {
		none = []string{"false"}
	}
	return !slices.Contains(none, f.Value.String())
}
