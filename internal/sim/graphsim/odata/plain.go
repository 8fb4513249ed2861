package odata

import (
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/encode"
)

// PlainObject answers members that belong to no entity.
func PlainObject(c *api.Call, set string, members map[string]any) (api.Reply, error) {
	members["@odata.context"] = c.Graph.URL + "/v1.0/$metadata#" + set
	return api.NewReply(http.StatusOK, encode.JSON(nil, members)), nil
}

// PlainRows answers a short list of rows that are no directory objects, whole or with what $select names.
func PlainRows(c *api.Call, set string, rows []map[string]any) (api.Reply, error) {
	pairs, err := ParsePairs(c.RawQuery)
	if err != nil {
		return api.Reply{}, err
	}
	for _, p := range pairs {
		switch {
		case p.Name == OptSelect:
			rows = slices.Clone(rows)
			for i := range rows {
				if rows[i], err = selectedOf(rows[i], strings.Split(p.Value, ",")); err != nil {
					return api.Reply{}, err
				}
			}
		case strings.HasPrefix(p.Name, "$"):
			return api.Reply{}, api.BadRequest("'%s' is not supported by the service.", p.Name)
		}
	}
	return PlainObject(c, set, map[string]any{"value": rows})
}

// selectedOf keeps the properties of a row that were asked for, its id and its type.
func selectedOf(row map[string]any, names []string) (map[string]any, error) {
	out := map[string]any{}
	for _, name := range append(names, "id", "@odata.type") {
		v, known := row[name]
		switch {
		case known:
			out[name] = v
		case name != "@odata.type":
			return nil, api.BadRequest("Could not find a property named '%s'.", name)
		}
	}
	return out, nil
}
