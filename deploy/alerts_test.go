package deploy

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
	"github.com/stretchr/testify/require"
)

// now is when Prometheus last asked. What a test tells is a minute apart, for a day and a half
// before.
var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

const (
	hours  = 36
	minute = time.Minute
	hour   = time.Hour
	// betweenScrapes is how long after the last value a rule is tried.
	betweenScrapes = 17 * time.Second
)

// history is what Prometheus has of a series: its value so long ago, and whether there
// was one.
type history struct {
	series string
	was    func(ago time.Duration) (float64, bool)
}

// always is a series with one value.
func always(series string, value float64) history {
	return history{series, func(time.Duration) (float64, bool) { return value, true }}
}

// since is a series that tells when something happened last: so long ago.
func since(series string, ago time.Duration) history {
	return always(series, float64(now.Add(-ago).Unix()))
}

// grown is a counter that has grown by one at each of some times.
func grown(series string, at ...time.Duration) history {
	return history{series, func(ago time.Duration) (float64, bool) {
		n := 0.0
		for _, a := range at {
			if ago <= a {
				n++
			}
		}
		return n, true
	}}
}

// steady is a counter that grows by so much in each second.
func steady(series string, perSecond float64) history {
	return history{series, func(ago time.Duration) (float64, bool) { return perSecond * (hours*hour - ago).Seconds(), true }}
}

// parseSeries is a series as Prometheus has it of a service.
func parseSeries(series string) (labels.Labels, error) {
	metric, err := parser.ParseMetric(series)
	if err != nil {
		return labels.EmptyLabels(), err
	}
	return labels.NewBuilder(metric).Set("job", "baton-azure-ad").Set("instance", "one:8082").Labels(), nil
}

// sample is one value of a series.
type sample struct {
	at    int64
	value float64
}

func (s sample) T() int64                      { return s.at }
func (s sample) F() float64                    { return s.value }
func (s sample) H() *histogram.Histogram       { return nil }
func (s sample) FH() *histogram.FloatHistogram { return nil }
func (s sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }

// set is the series that a selector finds.
type set struct {
	found []storage.Series
	at    int
}

func (s *set) Next() bool                        { s.at++; return s.at <= len(s.found) }
func (s *set) At() storage.Series                { return s.found[s.at-1] }
func (s *set) Err() error                        { return nil }
func (s *set) Warnings() annotations.Annotations { return nil }

// fires reports whether a rule holds now, on Prometheus' own engine.
func fires(t *testing.T, expression string, told []history) bool {
	t.Helper()
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e6, Timeout: minute})
	var all []storage.Series
	for _, h := range told {
		metric, err := parseSeries(h.series)
		require.NoError(t, err)
		var samples []chunks.Sample
		for ago := hours * hour; ago >= 0; ago -= minute {
			if value, is := h.was(ago); is {
				samples = append(samples, sample{now.Add(-ago).UnixMilli(), value})
			}
		}
		all = append(all, storage.NewListSeries(metric, samples))
	}
	querier := &storage.MockQuerier{SelectMockFunction: func(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
		s := &set{}
		for _, series := range all {
			matches := true
			for _, m := range matchers {
				matches = matches && m.Matches(series.Labels().Get(m.Name))
			}
			if matches {
				s.found = append(s.found, series)
			}
		}
		return s
	}}
	query, err := engine.NewInstantQuery(context.Background(), &storage.MockQueryable{MockQuerier: querier}, nil, expression, now.Add(betweenScrapes))
	require.NoError(t, err)
	defer query.Close()
	result := query.Exec(t.Context())
	require.NoError(t, result.Err)
	vector, err := result.Vector()
	require.NoError(t, err)
	return len(vector) > 0
}

func TestAnAlertWouldNeverFireOrWithoutNeed(t *testing.T) {
	const (
		up, ready   = "up", "baton_azure_ad_ready"
		began       = "baton_azure_ad_start_timestamp_seconds"
		good        = "baton_azure_ad_last_good_snapshot_timestamp_seconds"
		failed      = `baton_azure_ad_syncs_total{outcome="failed"}`
		uploaded    = `baton_azure_ad_syncs_total{outcome="uploaded"}`
		denied      = `baton_azure_ad_sync_failures_total{kind="permission"}`
		unavailable = `baton_azure_ad_sync_failures_total{kind="unavailable"}`
		throttled   = "baton_azure_ad_graph_throttled_total"
		requests    = "baton_azure_ad_graph_requests_total"
		items       = "baton_azure_ad_graph_batch_items_total"
	)
	restarts := func(every time.Duration) history {
		return history{began, func(ago time.Duration) (float64, bool) {
			return float64(now.Add(-ago).Truncate(every).Unix()), true
		}}
	}
	type state struct {
		why   string
		fires bool
		told  []history
	}
	tried := map[string][]state{
		"EntraConnectorGone": {
			{"it answers", false, []history{always(up, 1)}},
			{"it does not", true, []history{always(up, 0)}},
			{"nobody asks it", true, nil},
		},
		"EntraConnectorRestarts": {
			{"it runs", false, []history{since(began, 2*hour)}},
			{"once in an hour", false, []history{since(began, 10*minute)}},
			{"every ten minutes", true, []history{restarts(10 * minute)}},
		},
		"EntraConnectorCutOff": {
			{"reached", false, []history{always(ready, 1)}},
			{"cut off", true, []history{always(ready, 0)}},
		},
		"EntraConnectorNoGoodSnapshot": {
			{"an hour ago", false, []history{since(began, 35*hour), since(good, hour)}},
			{"25 hours ago", true, []history{since(began, 35*hour), since(good, 25*hour)}},
			{"none since it began, just now", false, []history{since(began, hour), always(good, 0)}},
			{"none since it began, long ago", true, []history{since(began, 25*hour), always(good, 0)}},
		},
		"EntraConnectorSyncsFail": {
			{"none has", false, []history{grown(failed), grown(uploaded, 5*hour, hour)}},
			{"one has", false, []history{grown(failed, hour), grown(uploaded, 20*hour)}},
			{"two have", true, []history{grown(failed, 4*hour, hour), grown(uploaded, 20*hour)}},
			{"two have, and one succeeded since", false, []history{grown(failed, 4*hour, 3*hour), grown(uploaded, hour)}},
			{"long ago", false, []history{grown(failed, 20*hour, 19*hour), grown(uploaded)}},
		},
		"EntraConnectorRefusedByTenant": {
			{"no failure", false, []history{grown(denied), grown(unavailable)}},
			{"another failure", false, []history{grown(denied), grown(unavailable, 10*minute)}},
			{"refused", true, []history{grown(denied, 10*minute), grown(unavailable)}},
		},
		"EntraConnectorThrottled": {
			{"idle", false, []history{always(throttled, 9), always(requests, 90), always(items, 90)}},
			{"now and then", false, []history{steady(throttled, 0.01), steady(requests, 1), steady(items, 7)}},
			{"much", true, []history{steady(throttled, 1), steady(requests, 1), steady(items, 7)}},
		},
	}
	for _, rule := range alerts(t) {
		states := tried[rule.Alert.Value]
		require.NotEmpty(t, states, "%s is tried on nothing", rule.Alert.Value)
		for _, s := range states {
			require.Equal(t, s.fires, fires(t, rule.Expr.Value, s.told), "%s: %s", rule.Alert.Value, s.why)
		}
	}
}
