package graphsim

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/nouns"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/permissions"
)

// serveCall answers a call: it routes, authorizes and runs it, and charges for it.
func (s *Server) serveCall(c *api.Call) api.Reply {
	out, err := s.run(c)
	if err != nil {
		var refused *api.Error
		if !errors.As(err, &refused) {
			refused = &api.Error{Status: http.StatusInternalServerError, Code: "InternalServerError", Message: err.Error()}
		}
		out = c.ErrorReply(refused)
	}
	if c.Route == nil || c.Route.Service != api.ServiceDirectory {
		return out
	}
	if !c.Metered {
		c.Units = cost(c)
		out = s.meter.Charge(c, out)
	}
	out.Header.Set("x-ms-resource-unit", strconv.Itoa(c.Units))
	return out
}

func (s *Server) run(c *api.Call) (api.Reply, error) {
	segments, err := splitPath(c.Path)
	if err != nil {
		return api.Reply{}, err
	}
	if err = odata.CheckSegments(c, segments); err != nil {
		return api.Reply{}, err
	}
	if segments, err = splitCast(c, segments); err != nil {
		return api.Reply{}, err
	}
	var ids []string
	if c.Route, ids, err = s.find(c.Method, segments); err != nil {
		return api.Reply{}, err
	}
	if len(ids) > 0 {
		c.ID, c.Related = ids[0], ids[len(ids)-1]
	}
	c.Matched = true
	c.Single = c.Route.Single
	if c.Cast != 0 && c.Single {
		return api.Reply{}, api.NoSegment(segments[len(segments)-1])
	}
	if err := permissions.Authorize(c); err != nil {
		return api.Reply{}, err
	}
	if err := s.meter.LimitService(c); err != nil {
		return api.Reply{}, err
	}
	if c.Route.Method != "" {
		return s.runWrite(c)
	}
	c.Tenant = c.Graph.View()
	c.Tenant.RLock()
	defer c.Tenant.RUnlock()
	return c.Route.Run(c)
}

// runWrite answers a call that changes the directory. It is charged for before it acts: what is refused for a budget did
// not happen.
func (s *Server) runWrite(c *api.Call) (api.Reply, error) {
	if refused, ok := s.meter.ChargeWrite(c); !ok {
		return refused, nil
	}
	for part := range strings.SplitSeq(c.RawQuery, "&") {
		if name, _, _ := strings.Cut(part, "="); strings.HasPrefix(name, "$") || strings.HasPrefix(name, "%24") {
			return api.Reply{}, api.BadRequest("The query option '%s' is not allowed for the request target.", name)
		}
	}
	if err := checkBody(c); err != nil {
		return api.Reply{}, err
	}
	c.Tenant.Lock()
	defer c.Tenant.Unlock()
	return c.Route.Run(c)
}

// checkBody wants JSON where a body is wanted.
func checkBody(c *api.Call) error {
	if !c.Route.Bodied {
		return nil
	}
	kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return api.BadRequest(api.MessageNoType)
	case kind != "application/json":
		return &api.Error{Status: http.StatusUnsupportedMediaType, Code: api.CodeBadSyntax, Message: "The media type '" + kind + "' is not supported."}
	case !json.Valid(c.Body):
		return api.BadSyntax(api.MessageUnreadable)
	}
	return nil
}

// cost is the resource units of the call: the endpoint's, less one for $select, less one for a $top under 20, one
// more for $expand, and never below one (throttling-limits).
func cost(c *api.Call) int {
	units := c.Route.Cost
	pairs, err := odata.ParsePairs(c.RawQuery)
	if err != nil {
		return units
	}
	for _, p := range pairs {
		switch p.Name {
		case odata.OptSelect:
			units--
		case odata.OptExpand:
			units++
		case odata.OptTop:
			if n, err := strconv.Atoi(p.Value); err == nil && n < 20 {
				units--
			}
		}
	}
	return max(1, units)
}

func splitPath(path string) ([]string, error) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, p := range parts {
		s, err := url.PathUnescape(p)
		if err != nil || s == "" {
			return nil, api.BadRequest("Invalid path.")
		}
		parts[i] = s
	}
	return parts, nil
}

// splitCast takes a type cast off the end of a path.
func splitCast(c *api.Call, segments []string) ([]string, error) {
	last, ok := strings.CutPrefix(segments[len(segments)-1], directory.Namespace)
	if !ok {
		return segments, nil
	}
	if strings.EqualFold(strings.Join(segments, "/"), api.DeletedUsersPath) {
		return segments, nil // The type is a part of the path: there is no list without it.
	}
	cast, known := nouns.Casts[last]
	if !known || len(segments) == 1 {
		return nil, api.NoSegment(directory.Namespace + last)
	}
	if len(segments) == 2 {
		need, isList := nouns.CollectionCasts[last]
		if !isList || !strings.EqualFold(segments[0], need.List) {
			return nil, api.NoSegment(directory.Namespace + last)
		}
		if !c.Holds(need.Permission) {
			return nil, api.Denied()
		}
		c.CastAllowed = true
	}
	c.Cast, c.CastName = cast.Kind, cast.Name
	return segments[:len(segments)-1], nil
}

// find picks the route of a path and the ids in it.
func (s *Server) find(method string, segments []string) (*api.Route, []string, error) {
	known := false
	for i := range s.routes {
		r := &s.routes[i]
		ids, ok := match(r.Path, segments)
		if !ok {
			continue
		}
		known = true
		if (r.Method == "" && method == http.MethodGet) || r.Method == method {
			return r, ids, nil
		}
	}
	if known {
		return nil, nil, &api.Error{Status: http.StatusMethodNotAllowed, Code: api.CodeBadRequest, Message: api.MessageMethod}
	}
	return nil, nil, api.NoSegment(unknownSegment(s.routes, segments))
}

func match(pattern string, segments []string) ([]string, bool) {
	parts := strings.Split(pattern, "/")
	if len(parts) != len(segments) {
		return nil, false
	}
	var ids []string
	for i, part := range parts {
		switch {
		case part == "{id}" && reserved(segments[i]):
			return nil, false
		case part == "{id}":
			ids = append(ids, segments[i])
		case !strings.EqualFold(part, segments[i]):
			return nil, false
		}
	}
	return ids, true
}

// reserved segments are functions and options of OData, never ids.
func reserved(segment string) bool {
	return segment == "delta" || strings.HasPrefix(segment, "$") || strings.HasPrefix(segment, directory.Namespace)
}

// unknownSegment is the first segment no route knows: the one Graph names in its refusal.
func unknownSegment(routes []api.Route, segments []string) string {
	for n := 1; n <= len(segments); n++ {
		known := false
		for i := range routes {
			parts := strings.Split(routes[i].Path, "/")
			if len(parts) < n {
				continue
			}
			if _, ok := match(strings.Join(parts[:n], "/"), segments[:n]); ok {
				known = true
				break
			}
		}
		if !known {
			return segments[n-1]
		}
	}
	return segments[len(segments)-1]
}
