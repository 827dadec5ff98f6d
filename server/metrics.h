/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the daemon counts: a fixed list, so that the number of time series never grows with clients or data.
 *
 * Counters and gauges are rows of one list; add a row to add a metric. Requests are counted by message and status, their
 * latencies by message. One thread only.
 */
#ifndef SAMORDNING_METRICS_H
#define SAMORDNING_METRICS_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

/*    symbol                          name (without samordning_)           counter? help */
#define METRIC_LIST(X)                                                                                                         \
    X(METRIC_CONNECTIONS, "connections", 0, "Open client connections, handshakes included")                                    \
    X(METRIC_ACCEPTED, "connections_accepted_total", 1, "Connections accepted")                                                \
    X(METRIC_CONNECTIONS_REFUSED, "connections_refused_total", 1, "Connections closed at once because of a limit")             \
    X(METRIC_HANDSHAKES_FAILED, "handshakes_failed_total", 1, "TLS handshakes that failed or timed out")                       \
    X(METRIC_FRAMES_REFUSED, "frames_refused_total", 1, "Frames too large, malformed or not in time")                          \
    X(METRIC_BYTES_IN, "received_bytes_total", 1, "Bytes of complete request frames")                                          \
    X(METRIC_BYTES_OUT, "sent_bytes_total", 1, "Bytes of responses")                                                           \
    X(METRIC_REQUESTS_IN_FLIGHT, "requests_in_flight", 0, "Requests taken and not answered yet")                               \
    X(METRIC_REQUEST_BYTES, "request_bytes", 0, "Memory of requests being read or answered")                                   \
    X(METRIC_READS_PAUSED, "reads_paused_total", 1, "Times a connection was not read for a while: backpressure")               \
    X(METRIC_INTERACTIONS_RECEIVED, "interactions_received_total", 1, "Interactions in submissions")                           \
    X(METRIC_INTERACTIONS_REJECTED, "interactions_rejected_total", 1, "Interactions rejected by validation")                   \
    X(METRIC_INTERACTIONS_CLASSIFIED, "interactions_classified_total", 1, "Interactions refused because graded above open")    \
    X(METRIC_INTERACTIONS_STORED, "interactions_stored_total", 1, "Interactions committed for the first time")                 \
    X(METRIC_INTERACTIONS_ALREADY, "interactions_already_stored_total", 1, "Interactions that were stored before")             \
    X(METRIC_INTERACTIONS_WITNESSED, "interactions_witnessed_total", 1, "Interactions another organisation had reported")      \
    X(METRIC_INTERACTIONS_CORRECTED, "interactions_corrected_total", 1, "Corrections committed")                               \
    X(METRIC_INTERACTIONS_CONFLICT, "interactions_conflict_total", 1, "Same id, other content")                                \
    X(METRIC_INTERACTIONS_WITHDRAWN, "interactions_withdrawn_total", 1, "Withdrawals committed")                               \
    X(METRIC_STORE_COMMITS, "store_commits_total", 1, "Gatherings committed")                                                  \
    X(METRIC_STORE_COMMITS_FAILED, "store_commits_failed_total", 1, "Gatherings rolled back or lost")                          \
    X(METRIC_STORE_QUEUE_BYTES, "store_queue_bytes", 0, "Bytes waiting for the database")                                      \
    X(METRIC_STORE_BUSY, "store_busy_total", 1, "Calls the store turned away because its queue was full")                      \
    X(METRIC_DATABASE_UP, "database_up", 0, "1 when the database answers")                                                     \
    X(METRIC_DATABASE_RECONNECTS, "database_reconnects_total", 1, "Connections to the database made anew")                     \
    X(METRIC_WORKERS_RUNNING, "workers_running", 0, "Local analysis workers running")                                          \
    X(METRIC_WORKER_RESTARTS, "worker_restarts_total", 1, "Local analysis workers started again")                              \
    X(METRIC_MAIL_UP, "mail_up", 0, "1 when letters of surveys can be sent, as far as is known")                               \
    X(METRIC_LETTERS_SENT, "letters_sent_total", 1, "Letters of surveys the mail server took")                                 \
    X(METRIC_LETTERS_POSTPONED, "letters_postponed_total", 1, "Attempts that were refused for now")                            \
    X(METRIC_SCHEDULE_DONE, "schedule_done_total", 1, "Runs of schedules whose report was delivered")                          \
    X(METRIC_SCHEDULE_FAILED, "schedule_failed_total", 1, "Runs of schedules that were refused or given up")                   \
    X(METRIC_LETTERS_REFUSED, "letters_refused_total", 1, "Letters that were refused for good")                                \
    X(METRIC_CERTIFICATES_ISSUED, "certificates_issued_total", 1, "Client certificates signed")                                \
    X(METRIC_WEB_CONNECTIONS, "web_connections", 0, "Open TLS connections to the public web port")                             \
    X(METRIC_WEB_ACCEPTED, "web_connections_accepted_total", 1, "Connections to the public web port accepted")                 \
    X(METRIC_WEB_REQUESTS, "web_requests_total", 1, "Requests to the public web port")                                         \
    X(METRIC_WEB_REFUSED, "web_refused_total", 1, "Connections and requests refused there because of a limit")                 \
    X(METRIC_WEB_ERRORS, "web_errors_total", 1, "Answers there with a status of 500 or above")                                 \
    X(METRIC_RELOADS, "reloads_total", 1, "Configurations taken over by a reload")                                             \
    X(METRIC_RELOADS_FAILED, "reloads_failed_total", 1, "Reloads refused because of a bad configuration")                      \
    X(METRIC_CERTIFICATE_EXPIRES, "certificate_expires_seconds", 0, "When the daemon's certificate expires, since 1970")       \
    X(METRIC_STARTED, "start_time_seconds", 0, "When the daemon started, since 1970")

#define METRIC_ENUM(symbol, name, counter, help) symbol,
enum metric { METRIC_LIST(METRIC_ENUM) METRIC_COUNT };
#undef METRIC_ENUM

/* Histograms of time, in microseconds; METRIC_MESSAGES_MAX of them are requests by message. */
#define METRIC_MESSAGES_MAX 64
#define METRIC_BUCKETS      16
struct metrics_histogram {
    uint64_t counts[METRIC_BUCKETS + 1]; /* the last one: above the largest bound */
    uint64_t sum_us;
};

struct metrics {
    int64_t values[METRIC_COUNT];
    const char *message_names[METRIC_MESSAGES_MAX]; /* set once by dispatch */
    uint64_t requests[METRIC_MESSAGES_MAX][STATUS_COUNT];
    struct metrics_histogram request_latency[METRIC_MESSAGES_MAX];
    struct metrics_histogram commit_latency;
    struct metrics_histogram web_latency; /* of requests to the public web port */
};

void metrics_init(struct metrics *metrics);
static inline void metrics_add(struct metrics *metrics, enum metric metric, int64_t amount)
{
    metrics->values[metric] += amount;
}
static inline void metrics_set(struct metrics *metrics, enum metric metric, int64_t value)
{
    metrics->values[metric] = value;
}
void metrics_observe(struct metrics_histogram *histogram, int64_t duration_us);
void metrics_request_done(struct metrics *metrics, size_t message, enum status status, int64_t duration_us);

/* Prometheus text format 0.0.4 into one malloc'ed block the caller frees; NULL when out of memory. */
char *metrics_render(const struct metrics *metrics, size_t *ret_size);

#endif
