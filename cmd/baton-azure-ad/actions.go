package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	config "github.com/conductorone/baton-sdk/pb/c1/config/v1"
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/spf13/cobra"

	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

const actionsHelp = `List the actions that --invoke-action takes, or one of them: what it does, its
arguments and the least permissions. No tenant is contacted, and no credentials
are needed.`

// newActionsCommand makes the sub-command that lists actions.
func newActionsCommand() *cobra.Command {
	asJSON := false
	command := &cobra.Command{
		Use:   "actions [NAME]",
		Short: "List what --invoke-action can do, with arguments and permissions",
		Long:  actionsHelp,
		Args:  cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 1 {
				if err := checkAction(args[0]); err != nil {
					return err
				}
			}
			var listed []*v2.BatonActionSchema
			for _, a := range connector.Actions() {
				if len(args) == 0 || a.GetName() == args[0] {
					listed = append(listed, a)
				}
			}
			if asJSON {
				return writeActionsJSON(command.OutOrStdout(), listed)
			}
			return writeActions(command.OutOrStdout(), listed)
		},
	}
	command.Flags().BoolVar(&asJSON, jsonFlag, false, "Print the list as JSON")
	return command
}

// listedArgument is an argument in the list for programs.
type listedArgument struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	Required    bool   `json:"required"`
	Description string `json:"description"`
}

func kindOf(f *config.Field) string {
	switch {
	case f.HasBoolField():
		return "true or false"
	case f.HasStringSliceField():
		return "list"
	case f.HasIntField():
		return "number"
	}
	return "text"
}

func writeActionsJSON(out io.Writer, listed []*v2.BatonActionSchema) error {
	rows := make([]map[string]any, 0, len(listed))
	for _, a := range listed {
		arguments := []listedArgument{}
		for _, f := range a.GetArguments() {
			arguments = append(arguments, listedArgument{f.GetName(), kindOf(f), f.GetIsRequired(), f.GetDescription()})
		}
		rows = append(rows, map[string]any{"name": a.GetName(), "title": a.GetDisplayName(), "description": a.GetDescription(), "arguments": arguments})
	}
	lines := json.NewEncoder(out)
	lines.SetIndent("", "  ")
	return lines.Encode(rows)
}

func writeActions(out io.Writer, listed []*v2.BatonActionSchema) error {
	const width = 80
	var b strings.Builder
	for i, a := range listed {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n%s", a.GetName(), wrapped(a.GetDescription(), "  ", width))
		for _, f := range a.GetArguments() {
			required := ""
			if f.GetIsRequired() {
				required = ", required"
			}
			fmt.Fprintf(&b, "    %s (%s%s)\n%s", f.GetName(), kindOf(f), required, wrapped(f.GetDescription(), "      ", width))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// wrapped is a text in lines that fit a width, each with an indent.
func wrapped(text, indent string, width int) string {
	var b strings.Builder
	line := indent
	for word := range strings.FieldsSeq(text) {
		if len(line) > len(indent) && len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = indent
		}
		if len(line) > len(indent) {
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}
