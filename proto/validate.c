/* SPDX-License-Identifier: GPL-3.0-or-later
 * What one interaction must satisfy before anything acts on it. */
#include "validate.h"

#include "civil_time.h"
#include "interaction_id.h"
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

typedef Samordning__V1__Interaction Interaction;
typedef Samordning__V1__Participant Participant;

/* Up to this many participants are compared pair by pair, which beats any table. */
#define PAIRWISE_MAX 32

void validate_limits_default(struct validate_limits *ret_limits, int64_t now_us)
{
    const int64_t two_years_us = 731 * CIVIL_DAY_US;
    *ret_limits = (struct validate_limits){
        .time_min_us = CIVIL_DAY_US,
        .time_max_us = now_us > INT64_MAX - two_years_us ? INT64_MAX : now_us + two_years_us,
        .participants_max = 5000,
        .actor_bytes_max = 300,
        .text_bytes_max = 300,
    };
}

static enum status refuse(struct errmsg *errmsg, const char *field, const char *reason)
{
    errmsg_set(errmsg, field, "%s", reason);
    return STATUS_INVALID;
}

static enum status refuse_in(struct errmsg *errmsg, size_t participant, const char *field, const char *reason)
{
    char path[64];
    snprintf(path, sizeof path, "participants[%zu].%s", participant, field);
    return refuse(errmsg, path, reason);
}

static enum status check_text(const char *text, size_t max, const char *field, struct errmsg *errmsg)
{
    if (text[0] == '\0')
        return STATUS_OK;
    struct text_finding finding;
    if (text_check(text, max, false, &finding))
        return STATUS_OK;
    text_describe(&finding, max, field, errmsg);
    return STATUS_INVALID;
}

static enum status check_code(int code, int last, const char *field, struct errmsg *errmsg)
{
    if (code >= 0 && code <= last)
        return STATUS_OK;
    errmsg_set(errmsg, field, "%d is not a known code (0 to %d are)", code, last);
    return STATUS_INVALID;
}

static enum status check_time(int64_t time_us, const struct validate_limits *limits, const char *field, struct errmsg *errmsg)
{
    if (time_us >= limits->time_min_us && time_us <= limits->time_max_us)
        return STATUS_OK;
    char text[CIVIL_TIME_TEXT_SIZE];
    char min[CIVIL_TIME_TEXT_SIZE];
    char max[CIVIL_TIME_TEXT_SIZE];
    civil_time_format(time_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, text);
    civil_time_format(limits->time_min_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_DAY, min);
    civil_time_format(limits->time_max_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_DAY, max);
    errmsg_set(errmsg, field, "%s is outside %s to %s", text, min, max);
    return STATUS_INVALID;
}

/* A date without a clock is that day's midnight: it is not before an instant of the same day. */
static bool is_before(int64_t later, int64_t earlier)
{
    if (later >= earlier)
        return false;
    int32_t day = civil_day_of(later);
    return day != civil_day_of(earlier) || later != civil_day_start_us(day);
}

static enum status check_participant(const Participant *p, size_t i, int64_t time_us, const struct validate_limits *limits,
                                     struct errmsg *errmsg)
{
    if (p->actor == NULL || p->actor[0] == '\0')
        return refuse_in(errmsg, i, "actor", "is missing");
    struct text_finding finding;
    char path[64];
    if (!text_check(p->actor, limits->actor_bytes_max, false, &finding)) {
        snprintf(path, sizeof path, "participants[%zu].actor", i);
        text_describe(&finding, limits->actor_bytes_max, path, errmsg);
        return STATUS_INVALID;
    }
    const struct {
        const char *name;
        int code;
        int last;
    } codes[] = {
        {"role", (int)p->role, SAMORDNING__V1__ROLE__ROLE_DECLINED},
        {"reply_status", (int)p->reply_status, SAMORDNING__V1__REPLY_STATUS__REPLY_NOTED},
        {"outcome", (int)p->outcome, SAMORDNING__V1__OUTCOME__OUTCOME_CASE_WITHDRAWN},
    };
    for (size_t k = 0; k < sizeof codes / sizeof codes[0]; k++) {
        if (codes[k].code >= 0 && codes[k].code <= codes[k].last)
            continue;
        snprintf(path, sizeof path, "participants[%zu].%s", i, codes[k].name);
        return check_code(codes[k].code, codes[k].last, path, errmsg);
    }
    const struct {
        const char *name;
        int64_t time_us;
    } times[] = {{"received", p->received}, {"deadline", p->deadline}, {"replied", p->replied}};
    for (size_t k = 0; k < sizeof times / sizeof times[0]; k++) {
        int64_t t = times[k].time_us;
        if (t == 0 || (t >= limits->time_min_us && t <= limits->time_max_us))
            continue;
        snprintf(path, sizeof path, "participants[%zu].%s", i, times[k].name);
        return check_time(t, limits, path, errmsg);
    }
    bool has_received = p->received != 0;
    int64_t from = has_received ? p->received : time_us;
    if (p->deadline != 0 && is_before(p->deadline, from))
        return refuse_in(errmsg, i, "deadline", has_received ? "is before received" : "is before time");
    if (p->replied != 0 && is_before(p->replied, from))
        return refuse_in(errmsg, i, "replied", has_received ? "is before received" : "is before time");
    return STATUS_OK;
}

static bool is_directed(const Interaction *message)
{
    for (size_t i = 0; i < message->n_participants; i++) {
        Samordning__V1__Role role = message->participants[i]->role;
        if (role == SAMORDNING__V1__ROLE__ROLE_SENDER || role == SAMORDNING__V1__ROLE__ROLE_ADDRESSEE)
            return true;
    }
    return false;
}

static enum status refuse_duplicate(const Interaction *message, size_t first, size_t second, bool directed,
                                    struct errmsg *errmsg)
{
    char path[64];
    snprintf(path, sizeof path, "participants[%zu].actor", second);
    errmsg_set(errmsg, path,
               directed ? "\"%.200s\" has the same role already in participants[%zu]"
                        : "\"%.200s\" takes part already in participants[%zu]",
               message->participants[second]->actor, first);
    return STATUS_INVALID;
}

/* Where roles give a direction, an actor may have several roles but none twice; elsewhere it takes part once. */
static enum status check_duplicates(const Interaction *message, struct errmsg *errmsg)
{
    const size_t n = message->n_participants;
    const bool directed = is_directed(message);
    uint64_t few[PAIRWISE_MAX];
    uint64_t *hashes = few;
    uint32_t *slots = NULL;
    size_t mask = 0;
    if (n > PAIRWISE_MAX) {
        size_t size = 64;
        while (size < n * 2)
            size *= 2;
        mask = size - 1;
        hashes = malloc(n * sizeof *hashes);
        slots = calloc(size, sizeof *slots);
        if (hashes == NULL || slots == NULL) {
            free(hashes);
            free(slots);
            errmsg_set(errmsg, "participants", "out of memory");
            return STATUS_NO_MEMORY;
        }
    }
    enum status status = STATUS_OK;
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        const Participant *p = message->participants[i];
        hashes[i] = XXH3_64bits_withSeed(p->actor, strlen(p->actor), directed ? (uint64_t)p->role : 0);
        if (slots == NULL) {
            for (size_t j = 0; j < i; j++) {
                if (hashes[j] == hashes[i] && strcmp(message->participants[j]->actor, p->actor) == 0 &&
                    (!directed || message->participants[j]->role == p->role))
                    return refuse_duplicate(message, j, i, directed, errmsg);
            }
            continue;
        }
        size_t slot = hashes[i] & mask;
        while (slots[slot] != 0) {
            size_t j = slots[slot] - 1;
            if (hashes[j] == hashes[i] && strcmp(message->participants[j]->actor, p->actor) == 0 &&
                (!directed || message->participants[j]->role == p->role)) {
                status = refuse_duplicate(message, j, i, directed, errmsg);
                break;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = (uint32_t)(i + 1);
    }
    if (slots != NULL) {
        free(hashes);
        free(slots);
    }
    return status;
}

static enum status check_head(const Interaction *m, const struct validate_limits *limits, struct errmsg *errmsg)
{
    enum status status = STATUS_OK;
    if (m->type == NULL || m->type[0] == '\0')
        return refuse(errmsg, "type", "is missing");
    if ((status = check_text(m->type, limits->text_bytes_max, "type", errmsg)) != STATUS_OK ||
        (status = check_text(m->case_ref, limits->text_bytes_max, "case_ref", errmsg)) != STATUS_OK ||
        (status = check_text(m->source, limits->text_bytes_max, "source", errmsg)) != STATUS_OK ||
        (status = check_text(m->source_id, limits->text_bytes_max, "source_id", errmsg)) != STATUS_OK)
        return status;
    if ((status = check_code((int)m->stage, SAMORDNING__V1__STAGE__STAGE_IMPLEMENTATION, "stage", errmsg)) != STATUS_OK ||
        (status = check_code((int)m->level, SAMORDNING__V1__LEVEL__LEVEL_GOVERNMENT_CONFERENCE, "level", errmsg)) !=
            STATUS_OK ||
        (status = check_code((int)m->resolved_level, SAMORDNING__V1__LEVEL__LEVEL_GOVERNMENT_CONFERENCE, "resolved_level",
                             errmsg)) != STATUS_OK ||
        (status = check_code((int)m->time_precision, SAMORDNING__V1__TIME_PRECISION__PRECISION_MONTH, "time_precision",
                             errmsg)) != STATUS_OK)
        return status;
    if (m->time == 0)
        return refuse(errmsg, "time", "is missing");
    if ((status = check_time(m->time, limits, "time", errmsg)) != STATUS_OK)
        return status;
    if (m->end != 0 && (status = check_time(m->end, limits, "end", errmsg)) != STATUS_OK)
        return status;
    if (m->end != 0 && m->end < m->time)
        return refuse(errmsg, "end", "is before time");
    if (!isfinite(m->weight) || m->weight < 0) {
        errmsg_set(errmsg, "weight", "%g is not a finite number of at least 0", m->weight);
        return STATUS_INVALID;
    }
    if (m->id.len != 0 && m->id.len != INTERACTION_ID_SIZE) {
        errmsg_set(errmsg, "id", "has %zu bytes, not %d", m->id.len, INTERACTION_ID_SIZE);
        return STATUS_INVALID;
    }
    if (m->id.len != 0 && !interaction_id_matches_time(m->id.data, m->time))
        return refuse(errmsg, "id", "is not a UUID of version 7 or 8 whose first 48 bits are time in milliseconds");
    return STATUS_OK;
}

enum status validate_interaction(const Interaction *message, const struct validate_limits *limits, struct errmsg *ret_errmsg)
{
    /* First of all: of graded material nothing is said back, not even what else is wrong with it. */
    if (message->classification != SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_UNSPECIFIED &&
        message->classification != SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_OPEN) {
        errmsg_set(ret_errmsg, "classification", "graded material is not taken in");
        return STATUS_CLASSIFIED;
    }
    enum status status = check_head(message, limits, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if (message->n_participants < 2 || message->n_participants > limits->participants_max) {
        errmsg_set(ret_errmsg, "participants", "%zu of them, where 2 to %zu are allowed", message->n_participants,
                   limits->participants_max);
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < message->n_participants; i++) {
        status = check_participant(message->participants[i], i, message->time, limits, ret_errmsg);
        if (status != STATUS_OK)
            return status;
    }
    return check_duplicates(message, ret_errmsg);
}

bool validate_report_language(const char *code)
{
    return strcmp(code, "nb") == 0 || strcmp(code, "nn") == 0 || strcmp(code, "en") == 0;
}
