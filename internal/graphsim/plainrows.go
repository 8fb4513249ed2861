package graphsim

import (
	"slices"
	"strings"
)

// plainRows answers a short list of rows that are no directory objects, whole or with what $select names.
func (c *call) plainRows(set string, rows []map[string]any) (reply, error) {
	pairs, err := parsePairs(c.rawQuery)
	if err != nil {
		return reply{}, err
	}
	for _, p := range pairs {
		switch {
		case p.name == optSelect:
			rows = slices.Clone(rows)
			for i := range rows {
				if rows[i], err = selectedOf(rows[i], strings.Split(p.value, ",")); err != nil {
					return reply{}, err
				}
			}
		case strings.HasPrefix(p.name, "$"):
			return reply{}, badRequest("'%s' is not supported by the service.", p.name)
		}
	}
	return c.plainObject(set, map[string]any{"value": rows})
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
			return nil, badRequest("Could not find a property named '%s'.", name)
		}
	}
	return out, nil
}
