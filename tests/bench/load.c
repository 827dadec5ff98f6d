/* SPDX-License-Identifier: GPL-3.0-or-later
 * Load for a running daemon through libsamordning: C connections, batches of B, F in flight, as fast as it goes; or at a rate,
 * then each waits for its receipts before it sends more.
 *
 * The interactions are those of docs/performance.md: 2 + floor(Exp(3)) participants (at most 50, 4.5 on average) among A
 * actors, one every few ms of event time with an hour of jitter. Prints one JSON object: stored, seconds, per_second, latencies
 * in ms.
 */
#include "samordning.h"
#include "samordning.pb-c.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PARTICIPANTS_MAX = 50, ACTORS_MAX = 100000 };

struct load {
    struct samordning_options options;
    unsigned connections;
    uint64_t count; /* interactions per connection */
    unsigned actors;
    double rate; /* interactions/s over all connections; 0 = as fast as it goes */
    uint64_t seed;
    int64_t start_us, span_us; /* event times */
    char (*names)[24];
};

struct lane {
    const struct load *load;
    unsigned number;
    pthread_t thread;
    uint64_t rng[2];
    uint64_t stored, already, other;
    int64_t *sent_ns; /* by tag */
    float *latency_ms;
    int error;
    char message[200];
};

static int64_t now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static uint64_t draw(struct lane *lane) /* xoroshiro128++ */
{
    uint64_t s0 = lane->rng[0], s1 = lane->rng[1], result = rotl(s0 + s1, 17) + s0;
    s1 ^= s0;
    lane->rng[0] = rotl(s0, 49) ^ s1 ^ (s1 << 21);
    lane->rng[1] = rotl(s1, 28);
    return result;
}

static double draw_unit(struct lane *lane)
{
    return ((double)(draw(lane) >> 11) + 0.5) / 9007199254740992.0;
}

static void received(void *arg, uint64_t tag, const Samordning__V1__Receipt *receipt)
{
    struct lane *lane = arg;
    if (lane->latency_ms)
        lane->latency_ms[tag] = (float)((double)(now_ns() - lane->sent_ns[tag]) / 1e6);
    switch (receipt->state) {
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED:
        lane->stored++;
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED:
        lane->already++;
        break;
    default:
        if (!lane->other++)
            snprintf(lane->message, sizeof lane->message, "receipt %d: %s: %s", receipt->state, receipt->field,
                     receipt->reason);
    }
}

static void make(struct lane *lane, uint64_t i, Samordning__V1__Interaction *message, Samordning__V1__Participant *participants,
                 Samordning__V1__Participant **pointers, uint8_t id[16])
{
    const struct load *load = lane->load;
    size_t k = 2 + (size_t)floor(-3.0 * log(draw_unit(lane))); /* 4.53 on average */
    if (k > PARTICIPANTS_MAX)
        k = PARTICIPANTS_MAX;
    double progress = (double)i / (double)load->count;
    int64_t time_us = load->start_us + (int64_t)(progress * (double)load->span_us) + (int64_t)(draw(lane) % 3600000000u);
    uint64_t ms = (uint64_t)(time_us / 1000), a = draw(lane), b = draw(lane);
    for (int byte = 0; byte < 6; byte++)
        id[byte] = (uint8_t)(ms >> (40 - 8 * byte));
    memcpy(id + 6, &a, 2);
    memcpy(id + 8, &b, 8);
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x70);
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);

    static char meeting[] = "meeting", no_case[] = "";
    samordning__v1__interaction__init(message);
    message->id.data = id;
    message->id.len = 16;
    message->type = meeting;
    message->case_ref = no_case;
    message->time = time_us;
    message->n_participants = k;
    message->participants = pointers;
    for (size_t p = 0; p < k; p++) {
        samordning__v1__participant__init(&participants[p]);
        pointers[p] = &participants[p];
        participants[p].role = SAMORDNING__V1__ROLE__ROLE_PARTICIPANT;
        for (;;) { /* distinct */
            char *name = load->names[draw(lane) % load->actors];
            size_t q = 0;
            while (q < p && participants[q].actor != name)
                q++;
            if (q == p) {
                participants[p].actor = name;
                break;
            }
        }
    }
}

static void *run_lane(void *arg)
{
    struct lane *lane = arg;
    const struct load *load = lane->load;
    struct samordning *s = samordning_create(&load->options);
    struct samordning_submission_options options = {.file = "load", .receipt = received, .arg = lane};
    struct samordning_submission *submission = NULL;
    if (!s || (lane->error = samordning_submission_begin(s, &options, &submission))) {
        snprintf(lane->message, sizeof lane->message, "%s", s ? samordning_last_error(s) : "out of memory");
        samordning_destroy(s);
        return NULL;
    }
    Samordning__V1__Interaction message;
    Samordning__V1__Participant participants[PARTICIPANTS_MAX], *pointers[PARTICIPANTS_MAX];
    uint8_t id[16];
    int64_t begin = now_ns();
    for (uint64_t i = 0; i < load->count && !lane->error; i++) {
        if (load->rate > 0) {
            int64_t due = begin + (int64_t)((double)i * 1e9 * load->connections / load->rate);
            int64_t wait = due - now_ns();
            if (wait > 0) {
                struct timespec ts = {wait / 1000000000, wait % 1000000000};
                nanosleep(&ts, NULL);
            }
        }
        make(lane, i, &message, participants, pointers, id);
        lane->sent_ns[i] = now_ns();
        lane->error = samordning_submission_add(submission, &message, i);
        if (load->rate > 0 && !lane->error) /* receipts are read while something waits for them: here, at once */
            lane->error = samordning_submission_flush(submission);
    }
    if (lane->error)
        snprintf(lane->message, sizeof lane->message, "%s", samordning_last_error(s));
    int end = samordning_submission_finish(submission);
    if (end && !lane->error) {
        lane->error = end;
        snprintf(lane->message, sizeof lane->message, "%s", samordning_last_error(s));
    }
    samordning_destroy(s);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static uint64_t number(const char *text)
{
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (errno || *end || end == text) {
        fprintf(stderr, "load: not a number: %s\n", text);
        exit(64);
    }
    return value;
}

int main(int argc, char **argv)
{
    struct load load = {.connections = 1,
                        .count = 100000,
                        .actors = 500,
                        .seed = 1,
                        .start_us = INT64_C(1388534400000000),
                        .span_us = INT64_C(28) * 86400000000,
                        .options = {.batch = 1000, .in_flight = 4, .retry_for_ms = 60000, .software = "load"}};
    static const struct option long_options[] = {{"bundle", required_argument, NULL, 'b'},
                                                 {"connections", required_argument, NULL, 'c'},
                                                 {"count", required_argument, NULL, 'n'},
                                                 {"batch", required_argument, NULL, 'B'},
                                                 {"in-flight", required_argument, NULL, 'f'},
                                                 {"actors", required_argument, NULL, 'a'},
                                                 {"rate", required_argument, NULL, 'r'},
                                                 {"seed", required_argument, NULL, 's'},
                                                 {"start", required_argument, NULL, 't'},
                                                 {"days", required_argument, NULL, 'd'},
                                                 {NULL, 0, NULL, 0}};
    for (int c; (c = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        switch (c) {
        case 'b':
            load.options.bundle = optarg;
            break;
        case 'c':
            load.connections = (unsigned)number(optarg);
            break;
        case 'n':
            load.count = number(optarg);
            break;
        case 'B':
            load.options.batch = (unsigned)number(optarg);
            break;
        case 'f':
            load.options.in_flight = (unsigned)number(optarg);
            break;
        case 'a':
            load.actors = (unsigned)number(optarg);
            break;
        case 'r':
            load.rate = (double)number(optarg);
            break;
        case 's':
            load.seed = number(optarg);
            break;
        case 't':
            load.start_us = (int64_t)number(optarg) * 1000000;
            break;
        case 'd':
            load.span_us = (int64_t)number(optarg) * 86400000000;
            break;
        default:
            return 64;
        }
    }
    if (!load.connections || load.connections > 1000 || load.actors < PARTICIPANTS_MAX || load.actors > ACTORS_MAX) {
        fprintf(stderr, "load: connections must be 1..1000, actors %d..%d\n", PARTICIPANTS_MAX, ACTORS_MAX);
        return 64;
    }
    load.names = calloc(load.actors, sizeof *load.names);
    for (unsigned i = 0; i < load.actors; i++)
        snprintf(load.names[i], sizeof load.names[i], "Bench actor %u", i);
    load.count /= load.connections;
    struct lane *lanes = calloc(load.connections, sizeof *lanes);
    int64_t begin = now_ns();
    for (unsigned i = 0; i < load.connections; i++) {
        lanes[i].load = &load;
        lanes[i].number = i;
        lanes[i].rng[0] = load.seed * UINT64_C(0x9E3779B97F4A7C15) + i + 1;
        lanes[i].rng[1] = ~lanes[i].rng[0] * UINT64_C(0xD1B54A32D192ED03) + 7;
        lanes[i].sent_ns = malloc(load.count * sizeof *lanes[i].sent_ns);
        lanes[i].latency_ms = malloc(load.count * sizeof *lanes[i].latency_ms);
        pthread_create(&lanes[i].thread, NULL, run_lane, &lanes[i]);
    }
    uint64_t stored = 0, already = 0, other = 0, total = load.count * load.connections;
    int failed = 0;
    float *all = malloc((total + 1) * sizeof *all);
    size_t filled = 0;
    for (unsigned i = 0; i < load.connections; i++)
        pthread_join(lanes[i].thread, NULL);
    double seconds = (double)(now_ns() - begin) / 1e9;
    for (unsigned i = 0; i < load.connections; i++) {
        stored += lanes[i].stored;
        already += lanes[i].already;
        other += lanes[i].other;
        if (lanes[i].error || lanes[i].other) {
            fprintf(stderr, "load: connection %u: %d %s\n", i, lanes[i].error, lanes[i].message);
            failed = 1;
        } else {
            memcpy(all + filled, lanes[i].latency_ms, load.count * sizeof *all);
            filled += load.count;
        }
    }
    qsort(all, filled, sizeof *all, by_value);
    printf("{\"stored\": %" PRIu64 ", \"already\": %" PRIu64 ", \"other\": %" PRIu64
           ", \"seconds\": %.4f, \"per_second\": %.1f",
           stored, already, other, seconds, (double)(stored + already) / seconds);
    if (filled)
        printf(", \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f", all[filled / 2], all[filled * 99 / 100],
               all[filled - 1]);
    printf("}\n");
    for (unsigned i = 0; i < load.connections; i++) {
        free(lanes[i].sent_ns);
        free(lanes[i].latency_ms);
    }
    free(all);
    free(lanes);
    free(load.names);
    return failed;
}
