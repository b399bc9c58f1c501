#include "metrics.h"

#include "base/clock.h"
#include "base/must.h"
#include "gateway.h"
#include "routes.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdlib.h>

#define ROUTES_MAX 256

static const uint64_t bounds_us[] = {
    250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 5000000};
#define BOUNDS (sizeof bounds_us / sizeof *bounds_us)

struct counted {
    uint64_t by_class[6]; /* of the status; 0: the client left */
    uint64_t buckets[BOUNDS + 1];
    uint64_t sum_us;
};

struct metrics {
    struct counted routes[ROUTES_MAX + 1]; /* the last one: no route */
    uint64_t refusals[ERR_COUNT];
    uint64_t sign_ins[ERR_COUNT]; /* by outcome */
};

struct metrics *metrics_new(void)
{
    struct metrics *metrics = calloc(1, sizeof *metrics);
    must(metrics && !route_at(ROUTES_MAX));
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    free(metrics);
}

void metrics_request(struct metrics *metrics, size_t route, int status, uint64_t took_us)
{
    struct counted *counted = &metrics->routes[route < ROUTES_MAX ? route : ROUTES_MAX];
    size_t bucket = 0;
    while (bucket < BOUNDS && took_us > bounds_us[bucket])
        bucket++;
    counted->by_class[status >= 100 && status < 600 ? status / 100 : 0]++;
    counted->buckets[bucket]++;
    counted->sum_us += took_us;
}

void metrics_refusal(struct metrics *metrics, enum err err)
{
    metrics->refusals[err]++;
}

void metrics_sign_in(struct metrics *metrics, enum err outcome)
{
    metrics->sign_ins[outcome]++;
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(
    struct buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
    head(out, name, type, help);
    buf_printf(out, "%s %" PRIu64 "\n", name, value);
}

/* The labels that tell one route from another. */
static void route_labels(struct buf *out, size_t index)
{
    const struct route *route = index < ROUTES_MAX ? route_at(index) : NULL;
    buf_printf(out, "route=\"%s\",method=\"%s\"", route ? route->pattern : "none",
        route ? method_word(route->method) : "any");
}

static uint64_t calls_of(const struct counted *counted)
{
    uint64_t calls = 0;
    for (size_t c = 0; c < 6; c++)
        calls += counted->by_class[c];
    return calls;
}

static void write_requests(const struct metrics *metrics, struct buf *out)
{
    static const char *const classes[6] = {"left", "1xx", "2xx", "3xx", "4xx", "5xx"};
    head(out, "misaq_http_requests_total", "counter", "Requests by route and class of status");
    for (size_t r = 0; r <= ROUTES_MAX; r++)
        for (size_t c = 0; c < 6; c++)
            if (metrics->routes[r].by_class[c]) {
                buf_str(out, "misaq_http_requests_total{");
                route_labels(out, r);
                buf_printf(out, ",status=\"%s\"} %" PRIu64 "\n", classes[c],
                    metrics->routes[r].by_class[c]);
            }
    head(out, "misaq_http_refusals_total", "counter", "Refusals by problem type");
    for (enum err e = OK; e < ERR_COUNT; e++)
        if (metrics->refusals[e])
            buf_printf(out, "misaq_http_refusals_total{problem=\"%s\"} %" PRIu64 "\n", err_word(e),
                metrics->refusals[e]);
}

static void write_histogram(const struct counted *counted, size_t route, struct buf *out)
{
    uint64_t below = 0;
    for (size_t b = 0; b <= BOUNDS; b++) {
        below += counted->buckets[b];
        buf_str(out, "misaq_http_request_seconds_bucket{");
        route_labels(out, route);
        if (b < BOUNDS)
            buf_printf(out, ",le=\"%g\"} ", (double)bounds_us[b] / 1e6);
        else
            buf_str(out, ",le=\"+Inf\"} ");
        buf_printf(out, "%" PRIu64 "\n", below);
    }
    buf_str(out, "misaq_http_request_seconds_sum{");
    route_labels(out, route);
    buf_printf(out, "} %.6f\nmisaq_http_request_seconds_count{", (double)counted->sum_us / 1e6);
    route_labels(out, route);
    buf_printf(out, "} %" PRIu64 "\n", below);
}

static void write_own(const struct gateway *gateway, struct buf *out)
{
    const struct answers_counts *kept = answers_counts(gateway->answers);
    const struct lines_counts *lines = http_lines(gateway->public_http);
    const struct ledger_health *health = ledger_health(gateway->ledger);
    uint64_t position = feed_position(gateway->feed), known = feed_head(gateway->feed);
    single(out, "misaq_http_in_flight", "gauge", "Requests that are not answered yet",
        http_under_way(gateway->public_http));
    single(out, "misaq_http_connections", "gauge", "Connections open", lines->open);
    single(out, "misaq_http_connections_total", "counter", "Connections taken", lines->opened);
    single(out, "misaq_http_connections_cut_total", "counter", "Connections cut off as late",
        lines->cut);
    single(out, "misaq_cache_hits_total", "counter", "Answers given from memory", kept->hits);
    single(out, "misaq_cache_misses_total", "counter", "Answers not in memory", kept->misses);
    single(out, "misaq_cache_dropped_total", "counter", "Answers made stale by an event",
        kept->dropped);
    single(out, "misaq_cache_evicted_total", "counter", "Answers that had to make room",
        kept->evicted);
    single(out, "misaq_cache_bytes", "gauge", "Memory of kept answers", kept->bytes);
    single(out, "misaq_cache_entries", "gauge", "Kept answers", kept->entries);
    single(
        out, "misaq_ledger_ok", "gauge", "Whether the ledger is reachable and durable", health->ok);
    single(out, "misaq_ledger_head", "gauge", "Last position of the ledger", known);
    single(out, "misaq_ledger_position", "gauge", "Last position that the gateway heard", position);
    single(out, "misaq_ledger_lag", "gauge", "Events not heard yet",
        known > position ? known - position : 0);
    single(out, "misaq_ledger_holes_total", "counter", "Gaps that the ledger had to fill",
        feed_holes(gateway->feed));
}

static void write_sessions(const struct gateway *gateway, struct buf *out)
{
    const struct metrics *metrics = gateway->metrics;
    head(out, "misaq_sign_ins_total", "counter", "Sign-ins by outcome");
    for (enum err e = OK; e < ERR_COUNT; e++)
        if (metrics->sign_ins[e] || e == OK)
            buf_printf(out, "misaq_sign_ins_total{outcome=\"%s\"} %" PRIu64 "\n", err_word(e),
                metrics->sign_ins[e]);
    single(out, "misaq_sessions_known", "gauge", "Session tokens seen that have not expired",
        tokens_count(gateway->tokens, clock_wall_ms() / 1000));
    single(out, "misaq_tokens_unsealed_total", "counter", "Tokens that were not known yet",
        tokens_unsealed(gateway->tokens));
    single(out, "misaq_hold", "gauge", "Whether nothing is written: the record does not fit",
        feed_hold(gateway->feed, gateway->now_us) != NULL);
}

static void write_streams(const struct gateway *gateway, struct buf *out)
{
    const struct stream_status *status = junction_status(gateway->junction);
    single(out, "misaq_streams_up", "gauge", "Whether misaq-streams is there", status != NULL);
    if (!status)
        return;
    const struct {
        const char *name, *type, *help;
        struct whole value;
    } rows[] = {
        {"misaq_streams_open", "gauge", "Streams open", status->open},
        {"misaq_streams_behind", "gauge", "Streams that read the past", status->behind},
        {"misaq_streams_blocked", "gauge", "Streams whose reader takes nothing", status->blocked},
        {"misaq_streams_total", "counter", "Streams begun", status->taken},
        {"misaq_streams_refused_total", "counter", "Streams refused: too many", status->refused},
        {"misaq_streams_cut_total", "counter", "Streams cut: reader too slow", status->cut},
        {"misaq_streams_events_total", "counter", "Events written to readers", status->delivered},
        {"misaq_streams_position", "gauge", "Last position that it folded", status->position},
        {"misaq_streams_head", "gauge", "Last position that it knows of", status->head},
        {"misaq_departments_events_total", "counter", "Events published to departments",
            status->published},
        {"misaq_departments_let_in_total", "counter", "Departments' connections let in",
            status->let_in},
        {"misaq_departments_refused_keys_total", "counter", "Keys that are not let in",
            status->refused_keys},
        {"misaq_departments_refused_topics_total", "counter", "Subscriptions not opened",
            status->refused_topics},
        {"misaq_streams_memory_bytes", "gauge", "Its resident memory", status->memory},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        single(out, rows[i].name, rows[i].type, rows[i].help, (uint64_t)rows[i].value.value);
}

static void write_bus(const struct gateway *gateway, struct buf *out)
{
    head(out, "misaq_bus_timeouts_total", "counter", "Questions without an answer in time");
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        buf_printf(out, "misaq_bus_timeouts_total{service=\"%s\"} %" PRIu64 "\n", service_name(s),
            asks_timeouts(gateway->asks, s));
    head(out, "misaq_bus_repeats_total", "counter", "Questions asked once more");
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        buf_printf(out, "misaq_bus_repeats_total{service=\"%s\"} %" PRIu64 "\n", service_name(s),
            asks_repeats(gateway->asks, s));
    head(out, "misaq_bus_waiting", "gauge", "Questions that wait for an answer");
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        buf_printf(out, "misaq_bus_waiting{service=\"%s\"} %zu\n", service_name(s),
            asks_waiting(gateway->asks, s));
}

void metrics_write(const struct gateway *gateway, struct buf *out)
{
    write_requests(gateway->metrics, out);
    head(out, "misaq_http_request_seconds", "histogram",
        "Time from the request line until the answer stands");
    for (size_t r = 0; r <= ROUTES_MAX; r++)
        if (calls_of(&gateway->metrics->routes[r]))
            write_histogram(&gateway->metrics->routes[r], r, out);
    write_own(gateway, out);
    write_sessions(gateway, out);
    write_bus(gateway, out);
    write_streams(gateway, out);
    watch_write_metrics(gateway->watch, gateway->now_us, out);
}
