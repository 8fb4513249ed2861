package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/ask"
)

// The exit status of ask; trouble is 2 as well.
const (
	exitNobody   = 1
	exitNotKnown = 2
)

const askHelp = `Ask a snapshot, offline: who has what, who can come to have it, what is privileged,
stale, ownerless or about to end.

%s
Names can be sign-in names, display names or ids; "type:id" names one thing for certain.

The exit status is 0 with rows, 1 without, 2 where the snapshot cannot answer: because
it lacks what the question needs, or because nothing in it is called so.`

// askOptions are the flags of ask.
type askOptions struct {
	file, format, at string
	days             int
}

// newAskCommand makes the sub-command that answers questions.
func newAskCommand() *cobra.Command {
	o := askOptions{}
	command := &cobra.Command{
		Use:   "ask QUESTION",
		Short: "Ask a snapshot: who has what, how, and until when",
		Long:  fmt.Sprintf(askHelp, askQuestions()),
		Args:  func(_ *cobra.Command, args []string) error { return checkQuestion(args) },
		RunE: func(command *cobra.Command, args []string) error {
			answer, err := o.run(command.Context(), args, command.OutOrStdout())
			switch {
			case err != nil:
				return trouble(err)
			case !answer.Whole():
				return &exitError{code: exitNotKnown}
			case len(answer.Rows) == 0:
				return &exitError{code: exitNobody}
			default:
				return nil
			}
		},
	}
	flags := offline(command)
	snapshotFlag(flags, &o.file)
	flags.StringVar(&o.format, "format", ask.FormatText, "How to write the answer: "+strings.Join(ask.Formats(), ", "))
	flags.IntVar(&o.days, "days", 0, "The reach of questions about time, in days")
	flags.StringVar(&o.at, "at", "", "The day from which the days are reckoned (2006-01-02); today if not given")
	return command
}

// askQuestions lists the questions for help.
func askQuestions() string {
	var b strings.Builder
	for _, q := range ask.Questions() {
		fmt.Fprintf(&b, "  %-36s %s\n", strings.TrimSpace(q.Name+" "+q.Usage), q.Short)
	}
	return b.String()
}

// checkQuestion refuses what is no question, with the nearest one.
func checkQuestion(args []string) error {
	if len(args) == 0 {
		return trouble(errors.New("ask takes a question; these are there:\n" + strings.TrimRight(askQuestions(), "\n")))
	}
	if _, ok := ask.Find(args[0]); ok {
		return nil
	}
	return trouble(fmt.Errorf("there is no question %q; these come nearest:\n%s", args[0], strings.Join(nearestQuestions(args[0]), "\n")))
}

// nearestQuestions are the three questions whose names come nearest, with those that
// share a word first.
func nearestQuestions(wanted string) []string {
	const shown = 3
	questions := slices.Clone(ask.Questions())
	apart := func(q *ask.Question) int {
		d := distance(strings.ToLower(wanted), q.Name)
		for _, word := range strings.FieldsFunc(strings.ToLower(wanted), func(r rune) bool { return r == '-' || r == ' ' }) {
			if len(word) > 3 && strings.Contains(q.Name+" "+strings.ToLower(q.Short), word) {
				d -= 2 * len(word)
			}
		}
		return d
	}
	slices.SortStableFunc(questions, func(a, b *ask.Question) int { return cmp.Compare(apart(a), apart(b)) })
	lines := make([]string, 0, shown)
	for _, q := range questions[:shown] {
		lines = append(lines, fmt.Sprintf("  %-36s %s", strings.TrimSpace(q.Name+" "+q.Usage), q.Short))
	}
	return lines
}

// run answers one question and writes the answer.
func (o *askOptions) run(ctx context.Context, args []string, to io.Writer) (*ask.Answer, error) {
	if !slices.Contains(ask.Formats(), o.format) {
		return nil, fmt.Errorf("there is no format %q: it is one of %s", o.format, strings.Join(ask.Formats(), ", "))
	}
	options := ask.Options{Days: o.days}
	if o.at != "" {
		at, err := time.Parse(time.DateOnly, o.at)
		if err != nil {
			return nil, fmt.Errorf("--at takes a day such as 2026-11-29, not %q", o.at)
		}
		options.At = at
	}
	var answer *ask.Answer
	err := withSnapshot(ctx, o.file, "the question", func(ctx context.Context, s *access.Snapshot) error {
		question, _ := ask.Find(args[0])
		var err error
		if answer, err = ask.Ask(ctx, s, question, args[1:], options); err != nil {
			return err
		}
		return answer.Write(to, s.About(), o.format, outputWidth())
	})
	return answer, err
}

// outputWidth is how wide the terminal is that standard output goes to; 0 where it is
// none.
func outputWidth() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return width
}
