package progress

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Time left is said once so much has been done; before, it would be a guess.
const (
	enoughParts   = 3
	enoughSeconds = 3
)

const secondsInAMinute = 60

// typeUser is the type that the walks over people belong to.
const typeUser = "user"

// line says in one line how far a sync is.
func (r *Report) line() string {
	var said string
	total := r.Total()
	switch {
	case total.Known > 0 && total.Done < total.Known:
		said = fmt.Sprintf("reading who has what: %d of %d parts (%d %%), %s so far%s",
			total.Done, total.Known, total.Done*100/total.Known, number(sum(r.Grants)), r.left(total))
	case r.GrantsFor > 0:
		said = "reading who has what: " + number(sum(r.Grants)) + " so far"
	default:
		var reading []string
		if r.Walk != nil {
			reading = append(reading, r.Walk.words())
		}
		for _, t := range r.Reading {
			if r.Walk != nil && t == typeUser {
				continue
			}
			if n := r.Resources[t]; n > 0 {
				reading = append(reading, counted(n, t))
			} else {
				reading = append(reading, plural(t))
			}
		}
		said = "reading " + strings.Join(reading, ", ")
	}
	switch {
	case r.PausedFor >= 1:
		said += fmt.Sprintf("; Microsoft Graph asks to wait %s", span(r.PausedFor))
	case len(r.HeldBack) > 0:
		said += "; waiting for Graph's budget for " + strings.Join(r.HeldBack, ", ")
	}
	return said
}

// left is how much longer the grants take if they go on as they did.
func (r *Report) left(total Parts) string {
	if total.Done < enoughParts || r.GrantsFor < enoughSeconds {
		return ""
	}
	return ", about " + span(r.GrantsFor*float64(total.Known-total.Done)/float64(total.Done)) + " left"
}

// words are how far a walk over people is, and how much longer it takes where it is
// known how many there are.
func (w *Walk) words() string {
	switch {
	case w.Rows == 0:
		return w.Data
	case w.Of == 0 && w.PerSecond == 0:
		return fmt.Sprintf("%s of %s people", w.Data, number(w.Rows))
	case w.Of == 0:
		return fmt.Sprintf("%s of %s people (%s a minute)", w.Data, number(w.Rows), number(int(math.Round(w.PerSecond*secondsInAMinute))))
	}
	left := ""
	if w.PerSecond > 0 {
		left = ", about " + span(float64(w.Of-w.Rows)/w.PerSecond) + " left"
	}
	return fmt.Sprintf("%s of %s of about %s people (%d %%%s)", w.Data, number(w.Rows), number(w.Of), w.Rows*100/w.Of, left)
}

// counted is so many objects of a type: "12,300 users".
func counted(n int, resourceType string) string {
	if n == 1 {
		return "1 " + words(resourceType)
	}
	return number(n) + " " + plural(resourceType)
}

func words(resourceType string) string { return strings.ReplaceAll(resourceType, "_", " ") }

func plural(resourceType string) string {
	name := words(resourceType)
	if stem, ok := strings.CutSuffix(name, "y"); ok {
		return stem + "ies"
	}
	return name + "s"
}

// number is n with the thousands set apart.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// span is a time in seconds as a person says it.
func span(seconds float64) string {
	d := time.Duration(math.Ceil(seconds)) * time.Second
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	if d < time.Hour {
		return fmt.Sprintf("%d min", int(math.Round(d.Minutes())))
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

// clock is a time since the start: 01:07, or 1:02:03.
func clock(d time.Duration) string {
	seconds := int(d.Seconds())
	if seconds < 3600 {
		return fmt.Sprintf("%02d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

func sum(counts map[string]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
