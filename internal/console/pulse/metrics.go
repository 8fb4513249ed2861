package pulse

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/conductorone/baton-azure-ad/internal/console/progress"
)

const namespace = "baton_azure_ad"

// The metrics. Their labels are outcomes, kinds and resource types of this program's,
// and its version: nothing of the tenant.
var (
	buildInfo = metric("build_info", "Always 1; the label says which version this is.", "version")
	began     = metric("start_timestamp_seconds", "When the service began.")
	isReady   = metric("ready", "1 if the platform was reached within the time that ready means, else 0.")
	reached   = metric("platform_last_reached_timestamp_seconds", "When the platform last answered; 0 before it has.")
	lastEnd   = metric("last_sync_timestamp_seconds", "When a sync last ended, however it did; 0 before one has.")
	lastGood  = metric("last_good_snapshot_timestamp_seconds", "When a snapshot was last uploaded; 0 before one is.")
	syncs     = metric("syncs_total", "Syncs that have ended.", "outcome")
	failures  = metric("sync_failures_total", "Syncs that have failed, by why.", "kind")

	requests  = metric("graph_requests_total", "HTTP requests to Microsoft Graph, those that were sent again included.")
	items     = metric("graph_batch_items_total", "Requests that travelled inside batches.")
	units     = metric("graph_resource_units_total", "Resource units that Microsoft Graph has charged.")
	throttled = metric("graph_throttled_total", "Requests that Microsoft Graph refused for load.")
	retried   = metric("graph_retried_total", "Requests that were sent again.")
	waited    = metric("graph_waited_seconds_total", "Time spent waiting for Microsoft Graph's budgets, all workers added up.")
	rows      = metric("rows_total", "Rows that were given to snapshots, by resource type; before expansion.", "row", "type")
)

func metric(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
}

// collector puts a ledger, and the totals of the process that reads Graph, into
// metrics.
type collector struct {
	ledger  *Ledger
	within  time.Duration
	version string
	totals  func() *progress.Totals
}

// Describe names the metrics.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		buildInfo, began, isReady, reached, lastEnd, lastGood, syncs, failures,
		requests, items, units, throttled, retried, waited, rows,
	} {
		to <- d
	}
}

// Collect gives the metrics as they stand.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	give := func(d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, kind, value, labels...)
	}
	f := c.ledger.read()
	give(buildInfo, prometheus.GaugeValue, 1, c.version)
	ready := 0.0
	if f.ready(c.ledger.now(), c.within).Status == statusReady {
		ready = 1
	}
	give(isReady, prometheus.GaugeValue, ready)
	for _, at := range []struct {
		d    *prometheus.Desc
		time time.Time
	}{{began, f.began}, {reached, f.reached}, {lastEnd, f.ended}, {lastGood, f.good}} {
		seconds := 0.0
		if !at.time.IsZero() {
			seconds = float64(at.time.UnixMilli()) / float64(time.Second/time.Millisecond)
		}
		give(at.d, prometheus.GaugeValue, seconds)
	}
	give(syncs, prometheus.CounterValue, float64(f.uploaded), OutcomeUploaded)
	give(syncs, prometheus.CounterValue, float64(f.failures()), OutcomeFailed)
	for _, kind := range Kinds() {
		give(failures, prometheus.CounterValue, float64(f.failed[kind]), string(kind))
	}
	t := c.totals()
	for _, count := range []struct {
		d     *prometheus.Desc
		total float64
	}{
		{requests, float64(t.Requests)},
		{items, float64(t.BatchItems)},
		{units, float64(t.ResourceUnits)},
		{throttled, float64(t.Throttled)},
		{retried, float64(t.Retried)},
		{waited, t.Waited},
	} {
		give(count.d, prometheus.CounterValue, count.total)
	}
	for row, counts := range map[string]map[string]int{"resource": t.Resources, "grant": t.Grants} {
		for resourceType, n := range counts {
			give(rows, prometheus.CounterValue, float64(n), row, resourceType)
		}
	}
}
