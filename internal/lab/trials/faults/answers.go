package faults

import (
	"net/http"
	"strconv"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// serverErrors are answers that Graph gives while it has a trouble of its own.
var serverErrors = []struct {
	name   string
	action graphsim.Action
}{
	{"500", graphsim.Respond(http.StatusInternalServerError, "InternalServerError", "An error occurred.")},
	{"502 with a page of HTML", graphsim.BadGateway()},
	{"504", graphsim.Respond(http.StatusGatewayTimeout, "UnknownError", "The gateway did not answer in time.")},
}

var busy = graphsim.Respond(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is busy.")

// answers are faults that are an answer of Graph.
func answers() []Fault {
	list := []Fault{
		{Name: "429 with seconds", arm: once(always(graphsim.Throttle("1")))},
		{Name: "429 with a fraction of a second", arm: once(func(s *scene) graphsim.Action {
			return graphsim.Throttle(strconv.FormatFloat(s.Float64(), 'f', 3, 64))
		})},
		{Name: "429 with a date", arm: once(func(s *scene) graphsim.Action {
			return graphsim.ThrottleUntil(s.between(0, 2*time.Second))
		})},
		{Name: "429 without a time", arm: once(always(graphsim.Throttle("")))},
		{Name: "429 with what is no time", arm: once(always(graphsim.Throttle("soon")))},
		{Name: "429 for a day", MayFail: true, arm: once(always(graphsim.Throttle("86400")))},
		{Name: "429 scattered", arm: scattered(always(graphsim.Throttle("0.01")))},
		{Name: "503", arm: once(always(busy))},
		{Name: "503 scattered", arm: scattered(always(busy))},
		{Name: "403 from some request on", MayFail: true, arm: forGood(always(
			graphsim.Respond(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")))},
		{Name: "a redirect to another host", MayFail: true, arm: once(func(s *scene) graphsim.Action { return graphsim.Redirect(s.trap.host()) })},
		{Name: "slow answers", arm: scattered(func(s *scene) graphsim.Action { return graphsim.Latency(s.between(0, 300*time.Millisecond)) })},
	}
	for _, e := range serverErrors {
		list = append(list,
			Fault{Name: e.name, arm: once(always(e.action))},
			Fault{Name: e.name + " scattered", arm: scattered(always(e.action))},
			Fault{Name: e.name + " from some request on", MayFail: true, arm: forGood(always(e.action))})
	}
	return list
}

// patient are refusals that last and name no time, or a short one: the sync
// waits for as long as it is meant to, and then fails.
func patient() []Fault {
	return []Fault{
		{Name: "429 from some request on", MayFail: true, Patient: true, arm: forGood(always(graphsim.Throttle("1")))},
		{Name: "503 from some request on", MayFail: true, Patient: true, arm: forGood(always(busy))},
		{Name: "503 of one item of batches for good", MayFail: true, Patient: true, arm: func(s *scene, name string) {
			group := s.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupPairA)
			s.strike(name, graphsim.Rule{Path: "/groups/" + group + "/members", On: graphsim.ItemsOnly, Action: busy})
		}},
	}
}

// bodies are answers whose body is not what it says.
func bodies() []Fault {
	var list []Fault
	for name, action := range map[string]graphsim.Action{
		"half a body":            graphsim.HalfBody(),
		"invalid JSON":           graphsim.InvalidJSON(),
		"the wrong content type": graphsim.WrongContentType(),
		"an empty object":        graphsim.EmptyObject(),
		"a body that is no gzip": graphsim.NotGzip(),
		"gzip that is cut short": graphsim.CutGzip(),
	} {
		list = append(list,
			Fault{Name: name, arm: once(always(action))},
			Fault{Name: name + " from some request on", MayFail: true, arm: forGood(always(action))})
	}
	return append(list,
		Fault{Name: "a body without an end", arm: once(always(graphsim.Endless()))},
		Fault{Name: "a body without an end from some request on", MayFail: true, arm: forGood(always(graphsim.Endless()))})
}
