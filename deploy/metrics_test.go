package deploy

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"
)

const (
	alertFile     = "prometheus/alerts.yaml"
	dashboardFile = "grafana/dashboard.json"
)

// told are the series that the built connector tells of, by metric, and then the values
// of each label. It is a service whose platform is not there: everything it can tell of
// is told from the beginning.
var told = sync.OnceValues(func() (map[string]map[string][]string, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	service, err := nobodysService(ctx, port)
	if err != nil {
		return nil, err
	}
	var log bytes.Buffer
	service.Stdout, service.Stderr = &log, &log
	if err := service.Start(); err != nil {
		return nil, err
	}
	defer func() {
		_ = service.Process.Signal(syscall.SIGTERM)
		_ = service.Wait()
	}()
	for ctx.Err() == nil {
		series, err := scrape(ctx, port)
		if err == nil && len(series["baton_azure_ad_rows_total"]) > 0 { // The process that reads Graph has begun.
			return series, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, fmt.Errorf("the service tells nothing in a minute:\n%s", log.String())
})

func freePort() (int, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return 0, fmt.Errorf("%s is no TCP address", listener.Addr())
	}
	return address.Port, nil
}

// nobodysService is a service of a platform and a tenant that do not exist.
func nobodysService(ctx context.Context, port int) (*exec.Cmd, error) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	encode := base64.RawURLEncoding.EncodeToString
	key := fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q,"d":%q}`, encode(public), encode(private.Seed()))
	path := os.Getenv("CONNECTOR")
	if path == "" {
		path = "../bin/baton-azure-ad"
	}
	command := exec.CommandContext(ctx, path, fmt.Sprintf("--status-address=%d", port))
	command.WaitDelay = time.Second
	const id = "11111111-1111-1111-1111-111111111111"
	command.Env = append(os.Environ(),
		"BATON_CLIENT_ID=nobody@127.0.0.1:9/baton", "BATON_CLIENT_SECRET=conn:nobody:v1:"+encode([]byte(key)),
		"BATON_AZURE_TENANT_ID="+id, "BATON_AZURE_CLIENT_ID="+id, "BATON_AZURE_CLIENT_SECRET=x")
	return command, nil
}

func scrape(ctx context.Context, port int) (map[string]map[string][]string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/metrics", port), nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	series := map[string]map[string][]string{}
	label := regexp.MustCompile(`(\w+)="([^"]*)"`)
	lines := bufio.NewScanner(bytes.NewReader(body))
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		name, _, _ := strings.Cut(strings.Fields(lines.Text())[0], "{")
		if series[name] == nil {
			series[name] = map[string][]string{"": nil}
		}
		for _, l := range label.FindAllStringSubmatch(lines.Text(), -1) {
			series[name][l[1]] = append(series[name][l[1]], l[2])
		}
	}
	return series, lines.Err()
}

// requireTold makes sure that what an expression asks for is told: the metric, the
// labels, and the values of labels that are not Prometheus' own.
func requireTold(t *testing.T, where, expression string) {
	t.Helper()
	series, err := told()
	require.NoError(t, err)
	parsed, err := parser.ParseExpr(expression)
	require.NoError(t, err, "%s: %s", where, expression)
	found := 0
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		selector, is := node.(*parser.VectorSelector)
		if !is {
			return nil
		}
		found++
		if selector.Name == "up" {
			return nil
		}
		require.NotNil(t, series[selector.Name], "%s: nobody tells of %s", where, selector.Name)
		for _, m := range selector.LabelMatchers {
			if m.Name == labels.MetricName || m.Name == "job" || m.Name == "instance" {
				continue
			}
			require.Contains(t, series[selector.Name][m.Name], m.Value, "%s: %s has no %s of this value", where, selector.Name, m.Name)
		}
		return nil
	})
	require.Positive(t, found, "%s: %s asks for nothing", where, expression)
}

func alerts(t *testing.T) []rulefmt.RuleNode {
	t.Helper()
	groups, errs := rulefmt.ParseFile(alertFile)
	require.Empty(t, errs)
	require.Len(t, groups.Groups, 1)
	require.NotEmpty(t, groups.Groups[0].Rules)
	return groups.Groups[0].Rules
}

func TestAnAlertWouldWaitForAMetricThatNobodyTells(t *testing.T) {
	for _, rule := range alerts(t) {
		requireTold(t, rule.Alert.Value, rule.Expr.Value)
	}
}

func TestAnAlertWouldNotSayWhoHasToActOrHowUrgentItIs(t *testing.T) {
	for _, rule := range alerts(t) {
		require.Regexp(t, `^(Whoever runs the service|The tenant's administrator): `, rule.Annotations["description"], rule.Alert.Value)
		require.NotEmpty(t, rule.Annotations["summary"], rule.Alert.Value)
		require.Contains(t, []string{"critical", "warning"}, rule.Labels["severity"], rule.Alert.Value)
	}
}

func TestAPanelWouldStayEmpty(t *testing.T) {
	content, err := os.ReadFile(dashboardFile)
	require.NoError(t, err)
	var dashboard struct {
		Title, UID string
		Templating struct {
			List []struct {
				Name  string
				Query json.RawMessage
			}
		}
		Panels []struct {
			ID          int
			Title, Type string
			GridPos     struct{ X, Y, W, H int }
			Targets     []struct{ Expr, RefID string }
		}
	}
	require.NoError(t, json.Unmarshal(content, &dashboard))
	require.NotEmpty(t, dashboard.Title)
	require.NotEmpty(t, dashboard.Panels)
	variables := strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*")
	ids, cells := map[int]bool{}, map[[2]int]string{}
	for _, p := range dashboard.Panels {
		require.False(t, ids[p.ID], "%s has the id of another panel", p.Title)
		ids[p.ID] = true
		require.NotEmpty(t, p.Targets, p.Title)
		for _, target := range p.Targets {
			expression := variables.Replace(target.Expr)
			require.NotContains(t, expression, "$", "%s asks for a variable that does not exist", p.Title)
			require.Contains(t, target.Expr, `instance=~"$instance"`, "%s adds up all services", p.Title)
			requireTold(t, p.Title, expression)
		}
		require.LessOrEqual(t, p.GridPos.X+p.GridPos.W, 24, p.Title)
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				require.Empty(t, cells[[2]int{x, y}], "%s lies over another panel", p.Title)
				cells[[2]int{x, y}] = p.Title
			}
		}
	}
	require.Len(t, dashboard.Templating.List, 2)
	metric := regexp.MustCompile(`label_values\((\w+), instance\)`).FindStringSubmatch(string(dashboard.Templating.List[1].Query))
	require.NotNil(t, metric)
	requireTold(t, "the list of services", metric[1])
}

func TestThePageWouldNameAMetricThatNobodyTellsOrLackOne(t *testing.T) {
	series, err := told()
	require.NoError(t, err)
	page, err := os.ReadFile("../docs/operations.md")
	require.NoError(t, err)
	named := map[string]bool{}
	for _, name := range regexp.MustCompile("`(baton_azure_ad_\\w+|process_\\w+)`").FindAllStringSubmatch(string(page), -1) {
		require.NotNil(t, series[name[1]], name[1])
		named[name[1]] = true
	}
	for name := range series {
		require.True(t, named[name] || strings.HasPrefix(name, "process_"), "%s is not in docs/operations.md", name)
	}
	for _, kind := range series["baton_azure_ad_sync_failures_total"]["kind"] {
		require.Contains(t, string(page), "\n| `"+kind+"` |")
	}
}

func TestAReadinessProbeWouldAskAnotherServer(t *testing.T) {
	for _, w := range workloads(t) {
		container := w.pod.Spec.Containers[0]
		if w.kind != "Deployment" {
			continue
		}
		var address string
		for _, arg := range container.Args {
			if value, is := strings.CutPrefix(arg, "--status-address="); is {
				address = value
			}
		}
		port := address[strings.LastIndex(address, ":")+1:]
		require.NotEmpty(t, port, "%s: only the connector's own server knows whether the platform was reached", w.folder)
		require.Contains(t, container.ReadinessProbe.Exec.Command, "--health-check-port="+port, w.folder)
		require.NotContains(t, container.LivenessProbe.Exec.Command, "--health-check-port="+port, "%s: a service that is cut off would be started again for it", w.folder)
		if !w.measured() {
			require.Equal(t, port, address, "%s: the port is open to the network", w.folder)
			continue
		}
		require.Equal(t, port, w.pod.Annotations["prometheus.io/port"])
		require.Equal(t, port, fmt.Sprint(container.Ports[0].ContainerPort))
		for _, object := range render(t, w.folder) {
			if policy, is := object.(*networkingv1.NetworkPolicy); is {
				require.Len(t, policy.Spec.Ingress, 1)
				require.Len(t, policy.Spec.Ingress[0].From, 1, "everybody may come in")
				require.Equal(t, port, policy.Spec.Ingress[0].Ports[0].Port.String())
			}
		}
	}
	_, err := os.Stat(filepath.Join(root, "components", "metrics"))
	require.NoError(t, err)
}
