/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts and renders as Prometheus text.
 */
#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const metric_names[] = {
#define METRIC_NAME(symbol, name, counter, help) name,
    METRIC_LIST(METRIC_NAME)
#undef METRIC_NAME
};
static const char *const metric_helps[] = {
#define METRIC_HELP(symbol, name, counter, help) help,
    METRIC_LIST(METRIC_HELP)
#undef METRIC_HELP
};
static const int metric_is_counter[] = {
#define METRIC_COUNTER(symbol, name, counter, help) counter,
    METRIC_LIST(METRIC_COUNTER)
#undef METRIC_COUNTER
};

/* Upper bounds: from a cached answer to the longest analysis. */
static const int64_t bucket_bounds_us[METRIC_BUCKETS] = {100,   250,    500,    1000,   2500,    5000,    10000,    25000,
                                                         50000, 100000, 250000, 500000, 1000000, 5000000, 30000000, 300000000};

void metrics_init(struct metrics *metrics)
{
    memset(metrics, 0, sizeof *metrics);
}

void metrics_observe(struct metrics_histogram *histogram, int64_t duration_us)
{
    size_t bucket = 0;
    while (bucket < METRIC_BUCKETS && duration_us > bucket_bounds_us[bucket])
        bucket++;
    histogram->counts[bucket]++;
    histogram->sum_us += duration_us > 0 ? (uint64_t)duration_us : 0;
}

void metrics_request_done(struct metrics *metrics, size_t message, enum status status, int64_t duration_us)
{
    if (message >= METRIC_MESSAGES_MAX || (unsigned)status >= STATUS_COUNT)
        return;
    metrics->requests[message][status]++;
    metrics_observe(&metrics->request_latency[message], duration_us);
}

static void render_histogram(FILE *out, const char *name, const char *label, const struct metrics_histogram *histogram)
{
    const char *comma = label[0] != '\0' ? "," : "";
    uint64_t running = 0;
    for (size_t i = 0; i < METRIC_BUCKETS; i++) {
        running += histogram->counts[i];
        fprintf(out, "samordning_%s_bucket{%s%sle=\"%g\"} %" PRIu64 "\n", name, label, comma, (double)bucket_bounds_us[i] / 1e6,
                running);
    }
    running += histogram->counts[METRIC_BUCKETS];
    fprintf(out, "samordning_%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name, label, comma, running);
    const char *open = label[0] != '\0' ? "{" : "", *close = label[0] != '\0' ? "}" : "";
    fprintf(out, "samordning_%s_sum%s%s%s %.6f\n", name, open, label, close, (double)histogram->sum_us / 1e6);
    fprintf(out, "samordning_%s_count%s%s%s %" PRIu64 "\n", name, open, label, close, running);
}

char *metrics_render(const struct metrics *metrics, size_t *ret_size)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < METRIC_COUNT; i++)
        fprintf(out, "# HELP samordning_%s %s\n# TYPE samordning_%s %s\nsamordning_%s %" PRId64 "\n", metric_names[i],
                metric_helps[i], metric_names[i], metric_is_counter[i] ? "counter" : "gauge", metric_names[i],
                metrics->values[i]);
    fputs("# HELP samordning_requests_total Requests answered, by message and status\n"
          "# TYPE samordning_requests_total counter\n",
          out);
    /* OK is always there, so that rates begin at 0; failures appear when they happen. */
    for (size_t i = 0; i < METRIC_MESSAGES_MAX && metrics->message_names[i] != NULL; i++)
        for (size_t status = 0; status < STATUS_COUNT; status++)
            if (status == STATUS_OK || metrics->requests[i][status] != 0)
                fprintf(out, "samordning_requests_total{message=\"%s\",status=\"%s\"} %" PRIu64 "\n", metrics->message_names[i],
                        status_name((enum status)status), metrics->requests[i][status]);
    fputs("# HELP samordning_request_seconds Time from the whole frame to its answer, by message\n"
          "# TYPE samordning_request_seconds histogram\n",
          out);
    for (size_t i = 0; i < METRIC_MESSAGES_MAX && metrics->message_names[i] != NULL; i++) {
        char label[64];
        snprintf(label, sizeof label, "message=\"%s\"", metrics->message_names[i]);
        render_histogram(out, "request_seconds", label, &metrics->request_latency[i]);
    }
    fputs("# HELP samordning_commit_seconds Time a gathering took to be durable\n# TYPE samordning_commit_seconds histogram\n",
          out);
    render_histogram(out, "commit_seconds", "", &metrics->commit_latency);
    fputs("# HELP samordning_web_seconds Time from a whole request to the web port to its answer\n"
          "# TYPE samordning_web_seconds histogram\n",
          out);
    render_histogram(out, "web_seconds", "", &metrics->web_latency);
    int failed = ferror(out);
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    *ret_size = size;
    return text;
}
