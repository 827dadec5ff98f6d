/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sorting out who was asked, by when, and what came of it.
 */
#include "reply_gather.h"

#include "civil_time.h"
#include "digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void reply_set_release(struct reply_set *set)
{
    free(set->replies);
    *set = (struct reply_set){0};
}

void reply_gather_init(struct reply_gather *gather)
{
    *gather = (struct reply_gather){0};
}

void reply_gather_release(struct reply_gather *gather)
{
    reply_set_release(&gather->set);
}

static struct reply *add_reply(struct reply_gather *gather)
{
    if (gather->set.count == gather->capacity) {
        size_t capacity = gather->capacity ? 2 * gather->capacity : 256;
        struct reply *larger = realloc(gather->set.replies, capacity * sizeof *larger);
        if (!larger)
            return NULL;
        gather->set.replies = larger;
        gather->capacity = capacity;
    }
    return &gather->set.replies[gather->set.count++];
}

static int32_t sender_of(struct merge *merge, const struct event *event)
{
    for (uint32_t i = 0; i < event->count; i++) {
        if (event->roles[i] != ROLE_SENDER)
            continue;
        int32_t actor = merge_actor_of(merge, event->labels[i], event->day);
        if (actor >= 0)
            return actor;
    }
    return -1;
}

/* What became of it. False: it is no row, and counted so. */
static bool end_of(struct reply_gather *gather, const struct event *event, uint32_t i, enum reply_end *ret_end,
                   int64_t *ret_time_us)
{
    int16_t status = event->reply_status ? event->reply_status[i] : EVENT_REPLY_NONE;
    int64_t replied = event->replied ? event->replied[i] : EVENT_NO_TIME;
    bool expected = event_reply_end(status, replied != EVENT_NO_TIME,
                                    (event->received && event->received[i] != EVENT_NO_TIME) ||
                                        (event->deadline && event->deadline[i] != EVENT_NO_TIME),
                                    ret_end);
    *ret_time_us = replied;
    if (*ret_end == REPLY_END_PENDING) {
        gather->set.unstated += !expected;
        return expected;
    }
    gather->set.undated += replied == EVENT_NO_TIME;
    return replied != EVENT_NO_TIME;
}

static bool says_no_remark(const struct event *event, uint32_t i)
{
    return (event->reply_status && event->reply_status[i] == EVENT_REPLY_NO_REMARK) ||
           (event->outcome && event->outcome[i] == EVENT_OUTCOME_NO_REMARK);
}

bool reply_gather_add(struct reply_gather *gather, struct merge *merge, const struct event *event)
{
    if (event->kind != EVENT_REQUEST)
        return true;
    uint64_t request = digest_bytes(0, event->id, sizeof event->id); /* whatever order interactions come in */
    int32_t sender = sender_of(merge, event);
    for (uint32_t i = 0; i < event->count; i++) {
        if (event_side(event->kind, event->roles[i]) != SIDE_TO)
            continue;
        int32_t addressee = merge_actor_of(merge, event->labels[i], event->day);
        if (addressee < 0) {
            gather->set.collective += addressee == MERGE_GROUP;
            gather->set.unplaced += addressee != MERGE_GROUP;
            continue;
        }
        enum reply_end end;
        int64_t end_us;
        if (addressee == sender || !end_of(gather, event, i, &end, &end_us))
            continue;
        struct reply *reply = add_reply(gather);
        if (!reply)
            return false;
        bool received = event->received && event->received[i] != EVENT_NO_TIME;
        bool deadline = event->deadline && event->deadline[i] != EVENT_NO_TIME;
        *reply = (struct reply){
            .request = request,
            .cluster = event->case_ref ? digest_bytes(0, event->case_ref, strlen(event->case_ref)) : request,
            .sender = sender,
            .addressee = addressee,
            .layer = event->layer,
            .stage = event->stage,
            .sent_day = civil_day_fraction(event->time_us),
            .received_day = civil_day_fraction(received ? event->received[i] : event->time_us),
            .deadline_day = deadline ? civil_day_fraction(event->deadline[i]) : NAN,
            .end_day = end == REPLY_END_PENDING ? NAN : civil_day_fraction(end_us),
            .end = end,
            .outcome = event->outcome ? event->outcome[i] : 0,
            .no_remark = end == REPLY_END_ANSWERED && says_no_remark(event, i),
        };
    }
    return true;
}

static int compare_replies(const void *a, const void *b)
{
    const struct reply *left = a, *right = b;
    if (left->request != right->request)
        return left->request < right->request ? -1 : 1;
    if (left->addressee != right->addressee)
        return left->addressee < right->addressee ? -1 : 1;
    /* Two offices of one actor: the later end first, so that order never depends on rows. */
    if (left->end_day != right->end_day)
        return left->end_day > right->end_day ? -1 : 1;
    return (left->received_day > right->received_day) - (left->received_day < right->received_day);
}

/* The replies of one interaction came one after the other. */
struct run {
    uint64_t request;
    size_t first, count;
};

static int compare_runs(const void *a, const void *b)
{
    const struct run *left = a, *right = b;
    return (left->request > right->request) - (left->request < right->request);
}

/* Interactions are put in order and their replies after them, which is a fifth of what sorting all replies takes. False: out of
 * memory. */
static bool sort_replies(struct reply_set *set)
{
    struct run *runs = malloc((set->count + 1) * sizeof *runs);
    struct reply *sorted = malloc((set->count + 1) * sizeof *sorted);
    if (!runs || !sorted) {
        free(runs);
        free(sorted);
        return false;
    }
    size_t run_count = 0, placed = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (i == 0 || set->replies[i].request != set->replies[i - 1].request)
            runs[run_count++] = (struct run){.request = set->replies[i].request, .first = i};
        runs[run_count - 1].count++;
    }
    if (run_count > 1)
        qsort(runs, run_count, sizeof *runs, compare_runs);
    for (size_t r = 0, from = 0; r < run_count; r++) {
        memcpy(sorted + placed, set->replies + runs[r].first, runs[r].count * sizeof *sorted);
        placed += runs[r].count;
        if (r + 1 < run_count && runs[r + 1].request == runs[r].request)
            continue; /* a run of another interaction with the same digest */
        if (placed - from > 1)
            qsort(sorted + from, placed - from, sizeof *sorted, compare_replies);
        from = placed;
    }
    free(runs);
    free(set->replies);
    set->replies = sorted;
    return true;
}

bool reply_gather_finish(struct reply_gather *gather, int32_t to_day, int64_t recorded_us, struct reply_set *ret_set)
{
    struct reply_set set = gather->set;
    set.observed_until = to_day;
    if (recorded_us != INT64_MIN && civil_day_fraction(recorded_us) < to_day)
        set.observed_until = civil_day_fraction(recorded_us);
    size_t kept = 0;
    for (size_t i = 0; i < set.count; i++) {
        struct reply *reply = &set.replies[i];
        if (reply->received_day > set.observed_until)
            continue;
        if (reply->end == REPLY_END_PENDING || reply->end_day > set.observed_until) {
            reply->end = REPLY_END_PENDING;
            reply->end_day = set.observed_until;
            reply->no_remark = false;
        }
        set.replies[kept++] = *reply;
    }
    set.count = kept;
    reply_gather_init(gather);
    if (sort_replies(&set)) {
        *ret_set = set;
        return true;
    }
    reply_set_release(&set);
    return false;
}
