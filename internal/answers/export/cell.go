package export

import (
	"strconv"
	"time"
)

// textOf is a value as text.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return v.Format(momentForm)
	default:
		return ""
	}
}
