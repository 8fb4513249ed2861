package graph

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// The example of Microsoft's pages, and what nobody has documented.
func TestAnAttributeOfAKindThatIsNotKnownWouldEndTheSync(t *testing.T) {
	for raw, want := range map[string]SecurityAttributes{
		`{"Engineering":{"@odata.type":"#microsoft.graph.customSecurityAttributeValue","Project@odata.type":"#Collection(String)","Project":["Baker","Cascade"],
			"CostCenter@odata.type":"#Collection(Int32)","CostCenter":[1001],"Certification":true},"Marketing":{"EmployeeId":"QN26904","Level@odata.type":"#Int32","Level":4}}`: {
			"Engineering": {"Project": []any{"Baker", "Cascade"}, "CostCenter": []any{1001.0}, "Certification": true},
			"Marketing":   {"EmployeeId": "QN26904", "Level": 4.0},
		},
		`null`: nil, `{}`: nil, `"x"`: nil, `[1]`: nil, `{"A":null,"B":{},"C":3,"D":{"x":null,"y":"","z":[],"u":{"v":1},"w":[[1]],"q":[null]}}`: nil,
		`{"@odata.type":"#microsoft.graph.customSecurityAttributeValue","A":{"x":false}}`: {"A": {"x": false}},
	} {
		row := Attributed{Attributes: SecurityAttributes{"old": nil}}
		require.NoError(t, json.Unmarshal([]byte(`{"id":"1","customSecurityAttributes":`+raw+`}`), &row), raw)
		require.Equal(t, want, row.Attributes, raw)
	}
}
