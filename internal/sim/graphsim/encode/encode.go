// Package encode writes values in JSON as Graph writes them, without the detours of encoding/json where pages are
// large. It knows nothing of what the values are.
package encode

import (
	"encoding/json"
	"strconv"
)

// Value appends the value of a property.
func Value(buf []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(buf, "null"...)
	case string:
		return String(buf, v)
	case bool:
		return strconv.AppendBool(buf, v)
	case []string:
		buf = append(buf, '[')
		for i, s := range v {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = String(buf, s)
		}
		return append(buf, ']')
	case interface{ AppendTo(buf []byte) []byte }:
		return v.AppendTo(buf)
	default:
		return JSON(buf, v)
	}
}

// JSON appends whatever encoding/json makes of a value.
func JSON(buf []byte, v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return append(buf, "null"...)
	}
	return append(buf, raw...)
}

// String writes a JSON string; only strings with something to escape take the slow way.
func String(buf []byte, s string) []byte {
	for i := range len(s) {
		if ch := s[i]; ch < 0x20 || ch == '"' || ch == '\\' {
			return JSON(buf, s)
		}
	}
	buf = append(buf, '"')
	buf = append(buf, s...)
	return append(buf, '"')
}
