package sending

import (
	"encoding/json"
	"strings"
)

// Rehearsal is told of each write in the place of Microsoft Graph: its method, its
// address, and its body without passwords.
type Rehearsal func(method, address, body string)

// RehearsedID is the id of whatever a rehearsed write makes.
const RehearsedID = "00000000-0000-0000-0000-000000000000"

// rehearsedAnswer is what a rehearsed write is answered: that it was done.
const rehearsedAnswer = `{"id":"` + RehearsedID + `","status":"Provisioned","keyId":"` + RehearsedID + `","invitedUser":{"id":"` + RehearsedID + `"}}`

// rehearse tells of a write that is not sent.
func (s *Sender) rehearse(k call) error {
	s.rehearsal(k.method, s.root.String()+k.ref, concealed(k.body))
	if k.consume == nil {
		return nil
	}
	return k.consume(&sent{}, strings.NewReader(rehearsedAnswer))
}

// concealed is a body that can be shown: without passwords.
func concealed(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	var content any
	if json.Unmarshal(body, &content) != nil {
		return "(not JSON)"
	}
	shown, err := json.Marshal(withoutPasswords(content))
	if err != nil {
		return "(not JSON)"
	}
	return string(shown)
}

func withoutPasswords(content any) any {
	switch value := content.(type) {
	case map[string]any:
		for name, inner := range value {
			if _, text := inner.(string); text && strings.EqualFold(name, "password") {
				value[name] = "(not shown)"
				continue
			}
			value[name] = withoutPasswords(inner)
		}
	case []any:
		for i := range value {
			value[i] = withoutPasswords(value[i])
		}
	}
	return content
}
