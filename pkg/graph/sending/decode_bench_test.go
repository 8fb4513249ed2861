package sending_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

const benchID = "6e7b768e-07e2-4810-8459-485f84f8%04d"

// listing is a page of n rows made from one row's format, which takes its id.
func listing(n int, row string) []byte {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf(row, fmt.Sprintf(benchID, i))
	}
	return []byte(`{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#x","value":[` + strings.Join(rows, ",") +
		`],"@odata.nextLink":"https://graph.microsoft.com/v1.0/x?$skiptoken=y"}`)
}

const (
	userRow = `{"id":"%s","userPrincipalName":"zoe.mueller42@contoso.com","displayName":"Zoë Müller","givenName":"Zoë","surname":"Müller",` +
		`"mail":"zoe.mueller42@contoso.com","otherMails":["zoe@home.example"],"proxyAddresses":["SMTP:zoe.mueller42@contoso.com"],` +
		`"accountEnabled":true,"userType":"Member","externalUserState":null,"employeeId":"E42","employeeType":"Employee","jobTitle":"Engineer",` +
		`"department":"Research","companyName":"Contoso","createdDateTime":"2024-01-02T03:04:05Z","onPremisesSyncEnabled":null,` +
		`"manager":{"@odata.type":"#microsoft.graph.user","id":"00000000-0000-0000-0000-000000000001"}}`
	groupRow = `{"id":"%s","displayName":"Research","description":"All of research","mail":null,"mailNickname":"research","groupTypes":[],` +
		`"mailEnabled":false,"securityEnabled":true,"onPremisesSyncEnabled":null,"isAssignableToRole":null,"visibility":null,` +
		`"membershipRule":null,"createdDateTime":"2024-01-02T03:04:05Z","memberOf":[{"@odata.type":"#microsoft.graph.group","id":"g"}]}`
	applicationRow = `{"id":"%s","appId":"a","displayName":"Wiki","servicePrincipalType":"Application","accountEnabled":true,` +
		`"appRoleAssignmentRequired":false,"appRoles":[{"id":"00000000-0000-0000-0000-000000000009","displayName":"Reader","value":"Reader","isEnabled":true,"allowedMemberTypes":["User"]}],` +
		`"homepage":null,"tags":["WindowsAzureActiveDirectoryIntegratedApp"],"memberOf":[]}`
	memberRow     = `{"@odata.type":"#microsoft.graph.user","id":"%s"}`
	assignmentRow = `{"id":"x","deletedDateTime":null,"appRoleId":"00000000-0000-0000-0000-000000000000","createdDateTime":"2024-01-02T03:04:05Z",` +
		`"principalDisplayName":"Zoë Müller","principalId":"%s","principalType":"User","resourceDisplayName":"Wiki","resourceId":"00000000-0000-0000-0000-000000000002"}`
)

func deltaPage(n int) []byte {
	page := listing(n, memberRow)
	rows := page[bytes.IndexByte(page, '[')+1 : bytes.LastIndexByte(page, ']')]
	return []byte(`{"value":[{"id":"g","members@delta":[` + string(rows) + `]}],"@odata.nextLink":"https://graph.microsoft.com/v1.0/groups/delta?$skiptoken=y"}`)
}

// BenchmarkDecode decodes whole pages: into the nouns' structs, and into the
// models of Microsoft's SDK for comparison. Run it with
// go test ./pkg/graph/sending -bench Decode -run '^$'.
func BenchmarkDecode(b *testing.B) {
	for _, page := range []struct {
		name  string
		body  []byte
		ours  func([]byte) error
		model serialization.ParsableFactory
	}{
		{"users-999", listing(999, userRow), sending.DecodePage[graph.User], models.CreateUserCollectionResponseFromDiscriminatorValue},
		{"groups-999", listing(999, groupRow), sending.DecodePage[graph.Group], models.CreateGroupCollectionResponseFromDiscriminatorValue},
		{"servicePrincipals-999", listing(999, applicationRow), sending.DecodePage[graph.ServicePrincipal], models.CreateServicePrincipalCollectionResponseFromDiscriminatorValue},
		{"members-999", listing(999, memberRow), sending.DecodePage[graph.Reference], models.CreateDirectoryObjectCollectionResponseFromDiscriminatorValue},
		{"appRoleAssignedTo-999", listing(999, assignmentRow), sending.DecodePage[graph.AppRoleAssignment], models.CreateAppRoleAssignmentCollectionResponseFromDiscriminatorValue},
		{"delta-5000", deltaPage(5000), sending.DecodePage[graph.GroupDelta], models.CreateGroupCollectionResponseFromDiscriminatorValue},
	} {
		b.Run(page.name+"/ours", func(b *testing.B) {
			b.SetBytes(int64(len(page.body)))
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, page.ours(page.body))
			}
		})
		b.Run(page.name+"/msgraph-sdk-go", func(b *testing.B) {
			b.SetBytes(int64(len(page.body)))
			b.ReportAllocs()
			for b.Loop() {
				node, err := kiotajson.NewJsonParseNodeFactory().GetRootParseNode("application/json", page.body)
				require.NoError(b, err)
				_, err = node.GetObjectValue(page.model)
				require.NoError(b, err)
			}
		})
	}
	batch := batchOf(20, listing(999, memberRow))
	b.Run("batch-20x999/ours", func(b *testing.B) {
		b.SetBytes(int64(len(batch)))
		b.ReportAllocs()
		for b.Loop() {
			n, err := sending.DecodeBatch[graph.Reference](batch)
			require.NoError(b, err)
			require.Equal(b, 20, n)
		}
	})
}

func batchOf(n int, page []byte) []byte {
	answers := make([]string, n)
	for i := range answers {
		answers[i] = fmt.Sprintf(`{"id":"%d","status":200,"headers":{"x-ms-resource-unit":"1"},"body":%s}`, i, page)
	}
	return []byte(`{"responses":[` + strings.Join(answers, ",") + `]}`)
}
