// Command chain reads what `baton resources -o json` and `baton grants -o json`
// print, one after the other, and tells of people who hold a directory role or
// an app role only through a group. Its arguments, the directory of the baton
// command and the snapshot, are for the command that it proposes.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// resource is as much of a Baton resource as a sentence needs.
type resource struct {
	ID struct {
		ResourceType string `json:"resourceType"`
		Resource     string `json:"resource"`
	} `json:"id"`
	DisplayName string `json:"displayName"`
	Annotations []struct {
		AccountType string `json:"accountType"`
	} `json:"annotations"`
}

// person reports whether the resource is a human being's account.
func (r *resource) person() bool {
	for _, a := range r.Annotations {
		if a.AccountType == "ACCOUNT_TYPE_HUMAN" {
			return true
		}
	}
	return false
}

// output is either list that the baton command prints.
type output struct {
	Resources []struct {
		Resource resource `json:"resource"`
	} `json:"resources"`
	Grants []grant `json:"grants"`
}

type grant struct {
	Grant struct {
		Sources struct {
			Sources map[string]json.RawMessage `json:"sources"`
		} `json:"sources"`
	} `json:"grant"`
	Entitlement struct {
		ID          string `json:"id"`
		DisplayName string `json:"displayName"`
		Slug        string `json:"slug"`
	} `json:"entitlement"`
	Principal resource `json:"principal"`
	Resource  resource `json:"resource"`
}

// chain is one person's access and the groups that it comes through.
type chain struct {
	access string
	person resource
	what   string
	groups []string
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: chain BIN_DIRECTORY SNAPSHOT")
		os.Exit(2)
	}
	if err := run(os.Stdin, os.Stdout, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "chain:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer, bin, snapshot string) error {
	groups := map[string]string{}
	var grants []grant
	decoder := json.NewDecoder(in)
	for {
		var o output
		if err := decoder.Decode(&o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("reading what the baton command printed: %w", err)
		}
		for i := range o.Resources {
			groups[o.Resources[i].Resource.ID.Resource] = o.Resources[i].Resource.DisplayName
		}
		grants = append(grants, o.Grants...)
	}
	var examples []chain
	for _, kind := range []string{"role", "application"} {
		if c, ok := best(grants, kind, groups); ok {
			examples = append(examples, c)
		}
	}
	if len(examples) == 0 {
		return errors.New("nobody in the snapshot holds a role only through a group")
	}
	fmt.Fprintln(out, "Access that no direct assignment shows:")
	for _, c := range examples {
		fmt.Fprintf(out, "  %s holds %s only through the group %s.\n", c.person.DisplayName, c.what, strings.Join(c.groups, " and the group "))
	}
	person := examples[0].person
	fmt.Fprintf(out, "\nAll that %s has:\n  %s/baton access -f %s -t %s -r %s\n", person.DisplayName, bin, snapshot, person.ID.ResourceType, person.ID.Resource)
	return nil
}

// best is the first example in the order of names, so that every run of the
// demo tells the same; one with as few groups as possible.
func best(grants []grant, kind string, groups map[string]string) (chain, bool) {
	var found []chain
	for i := range grants {
		g := &grants[i]
		// Default access to an application is no role.
		if g.Resource.ID.ResourceType != kind || !g.Principal.person() || g.Entitlement.Slug == "default_access" {
			continue
		}
		if names := through(g, groups); len(names) > 0 {
			found = append(found, chain{access: g.Entitlement.ID, person: g.Principal, what: describe(g), groups: names})
		}
	}
	if len(found) == 0 {
		return chain{}, false
	}
	return slices.MinFunc(found, func(a, b chain) int {
		return cmp.Or(
			cmp.Compare(len(a.groups), len(b.groups)),
			cmp.Compare(a.person.DisplayName, b.person.DisplayName),
			cmp.Compare(a.access, b.access),
			cmp.Compare(a.person.ID.Resource, b.person.ID.Resource),
		)
	}), true
}

// through names the groups that a grant comes from; none if it is also, or
// only, a direct one.
func through(g *grant, groups map[string]string) []string {
	var names []string
	for source := range g.Grant.Sources.Sources {
		parts := strings.Split(source, ":")
		if len(parts) != 3 || parts[0] != "group" {
			return nil
		}
		names = append(names, cmp.Or(groups[parts[1]], parts[1]))
	}
	slices.Sort(names)
	return names
}

func describe(g *grant) string {
	if g.Resource.ID.ResourceType == "role" {
		return "the directory role " + g.Resource.DisplayName
	}
	return fmt.Sprintf("the app role %s of the application %s", g.Entitlement.DisplayName, g.Resource.DisplayName)
}
