package graphsim

import (
	"net/http"
	"net/url"
	"strings"
)

func splitPath(path string) ([]string, error) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, p := range parts {
		s, err := url.PathUnescape(p)
		if err != nil || s == "" {
			return nil, badRequest("Invalid path.")
		}
		parts[i] = s
	}
	return parts, nil
}

// splitCast takes a type cast off the end of a path.
func (c *call) splitCast(segments []string) ([]string, error) {
	last, ok := strings.CutPrefix(segments[len(segments)-1], namespace)
	if !ok {
		return segments, nil
	}
	if strings.EqualFold(strings.Join(segments, "/"), deletedUsersPath) {
		return segments, nil // The type is a part of the path: there is no list without it.
	}
	cast, known := casts[last]
	if !known || len(segments) == 1 {
		return nil, noSegment(namespace + last)
	}
	if len(segments) == 2 {
		need, isList := collectionCasts[last]
		if !isList || !strings.EqualFold(segments[0], need.list) {
			return nil, noSegment(namespace + last)
		}
		if !c.holds(need.permission) {
			return nil, denied()
		}
		c.castAllowed = true
	}
	c.cast, c.castName = cast.kind, cast.name
	return segments[:len(segments)-1], nil
}

// find picks the route of a path and the ids in it.
func (s *Server) find(method string, segments []string) (*route, []string, error) {
	known := false
	for i := range s.routes {
		r := &s.routes[i]
		ids, ok := match(r.path, segments)
		if !ok {
			continue
		}
		known = true
		if (r.method == "" && method == http.MethodGet) || r.method == method {
			return r, ids, nil
		}
	}
	if known {
		return nil, nil, &graphError{status: http.StatusMethodNotAllowed, code: codeBadRequest, message: messageMethod}
	}
	return nil, nil, noSegment(unknownSegment(s.routes, segments))
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
	return segment == "delta" || strings.HasPrefix(segment, "$") || strings.HasPrefix(segment, namespace)
}

// unknownSegment is the first segment no route knows: the one Graph names in its refusal.
func unknownSegment(routes []route, segments []string) string {
	for n := 1; n <= len(segments); n++ {
		known := false
		for i := range routes {
			parts := strings.Split(routes[i].path, "/")
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
