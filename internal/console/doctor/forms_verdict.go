package doctor

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Verdict is what a sync would do about one ladder.
type Verdict string

// The verdicts.
const (
	// VerdictUsed is a form that is answered.
	VerdictUsed Verdict = "used"
	// VerdictLeftOut is what a sync would go without.
	VerdictLeftOut Verdict = "left out"
	// VerdictFails is what a sync would fail on.
	VerdictFails Verdict = "fails"
	// VerdictUntold is what nothing in the tenant shows.
	VerdictUntold Verdict = "untold"
	// VerdictAside is about what no sync asks.
	VerdictAside Verdict = "aside"
)

// judge goes down the ladder as a sync would: from what is refused as a form to
// the next one, and no further than to any other answer.
func (l *LadderReport) judge(e *sending.Example) {
	if l.Aside {
		l.Verdict, l.Sync = VerdictAside, "no sync asks this way"
		return
	}
	for i := range l.Forms {
		f := &l.Forms[i]
		switch f.Outcome {
		case outcomeSame, sending.OutcomeRefused, sending.OutcomeUnreadable:
		case sending.OutcomeAnswered, sending.OutcomeAbsent:
			l.Verdict, l.Sync = VerdictUsed, "a sync asks in the form \""+f.Form+"\""+f.pace()
			if lacks := e.Ladder.Steps[i].Lacks; lacks != "" {
				l.Sync += ", without " + lacks
			}
			return
		case sending.OutcomeNoPermission, sending.OutcomeNoLicence:
			l.without("for lack of a " + lackWord(f.Outcome))
			return
		case sending.OutcomeFailed:
			l.Verdict, l.Sync = VerdictFails, "a sync fails: what Graph says is no refusal of the form"
			return
		}
	}
	l.without("because no form is answered")
}

// judgeUnasked is the verdict where there was nothing to ask about.
func (l *LadderReport) judgeUnasked(e *sending.Example, err error) {
	switch {
	case l.Aside:
		l.judge(e)
	case failure.IsUnlicensed(err):
		l.without("for lack of a " + lackWord(sending.OutcomeNoLicence))
	case failure.IsAccessDenied(err):
		l.without("for lack of a " + lackWord(sending.OutcomeNoPermission))
	default:
		l.Verdict, l.Sync = VerdictUntold, fmt.Sprintf("not tried: no %s was found to ask about", e.Needs)
	}
}

// without is the verdict on what a sync does not get.
func (l *LadderReport) without(why string) {
	if l.Optional {
		l.Verdict, l.Sync = VerdictLeftOut, "a sync leaves it out "+why
		return
	}
	l.Verdict, l.Sync = VerdictFails, "a sync fails "+why
}

func lackWord(o sending.Outcome) string {
	if o == sending.OutcomeNoLicence {
		return "licence"
	}
	return "permission"
}

// pace says how large pages would be, where that is not as was asked for.
func (f *FormReport) pace() string {
	if f.Page == CapLower {
		return fmt.Sprintf(", %d rows a page", f.Rows)
	}
	return ""
}
