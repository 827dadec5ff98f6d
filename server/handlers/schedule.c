/* SPDX-License-Identifier: GPL-3.0-or-later
 * Schedules and what became of them; superseding of results; releases.
 */
#include "delivery.h"
#include "handlers.h"
#include "interaction_id.h"
#include "message_verb.h"
#include "period.h"
#include "recurrence.h"
#include "store_schedule.h"
#include "validate.h"

#include <string.h>

#define SCHEDULE_TEXT_MAX 2000
#define REASON_MAX        1000

/* Whether a specification names a key. */
static bool names(const char *spec, const char *key)
{
    size_t size = strlen(key);
    for (const char *at = spec; (at = strstr(at, key)) != NULL; at += size)
        if (at == spec || at[-1] == ' ')
            return true;
    return false;
}

static enum status wrong(struct errmsg *ret_errmsg, const char *field, const char *words)
{
    errmsg_set(ret_errmsg, field, "%s", words);
    return STATUS_INVALID;
}

/* Each known, and each once. */
static enum status formats_check(const char *formats, struct errmsg *ret_errmsg)
{
    for (const char *at = formats; *at != '\0';) {
        char format[16];
        size_t size = strcspn(at, ",");
        if (size == 0 || size >= sizeof format)
            return wrong(ret_errmsg, "schedule.formats", "must be some of html, pdf, text, csv, xlsx with commas between");
        memcpy(format, at, size);
        format[size] = '\0';
        for (const char *before = formats; before < at; before += strcspn(before, ",") + 1)
            if (strcspn(before, ",") == size && memcmp(before, at, size) == 0)
                return wrong(ret_errmsg, "schedule.formats", "names a form twice");
        if (document_format_check(format, ret_errmsg) != STATUS_OK)
            return wrong(ret_errmsg, "schedule.formats", "must be some of html, pdf, text, csv, xlsx with commas between");
        at += size;
        if (*at == ',' && *++at == '\0')
            return wrong(ret_errmsg, "schedule.formats", "ends in a comma");
    }
    return STATUS_OK;
}

static enum status add_check(const struct request *request, Samordning__V1__Schedule *schedule, struct errmsg *ret_errmsg)
{
    struct recurrence recurrence;
    struct recurrence_turn turn;
    enum delivery_kind kind;
    const char *place;
    int64_t now_us = request_wall_us(request);
    bool relative = schedule->period[0] != '\0';
    if (relative && !period_is_known(schedule->period)) {
        errmsg_set(ret_errmsg, "schedule.period", "\"%.60s\" is not one of %s", schedule->period, period_names);
        return STATUS_INVALID;
    }
    bool has_from = names(schedule->spec, "from="), has_to = names(schedule->spec, "to=");
    if (relative && (has_from || has_to))
        return wrong(ret_errmsg, "schedule.spec", "has from= or to= although a period is given");
    if (!relative && !(has_from && has_to))
        return wrong(ret_errmsg, "schedule.period", "must be given unless spec has from= and to=");
    if (!validate_report_language(schedule->language))
        return wrong(ret_errmsg, "schedule.language", "must be nb, nn or en");
    enum status status = formats_check(schedule->formats, ret_errmsg);
    if (status == STATUS_OK)
        status = delivery_read(schedule->deliver, request_config(request), &kind, &place, ret_errmsg);
    if (status == STATUS_OK)
        status = recurrence_read(schedule->rule, schedule->start, &recurrence, ret_errmsg);
    if (status == STATUS_OK)
        status = recurrence_turn(&recurrence, now_us, now_us, &turn, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if (turn.next_us == 0)
        return wrong(ret_errmsg, "schedule.rule", "there is no occurrence from now on");
    schedule->next_us = turn.next_us;
    return STATUS_OK;
}

static enum status schedule_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__ScheduleRequest *message = request->message->schedule;
    if ((unsigned)message->action > SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_REMOVE) {
        errmsg_set(ret_errmsg, "action", "%d is nothing that can be done with a schedule", (int)message->action);
        return STATUS_INVALID;
    }
    bool list = message->action == SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_LIST;
    if (!list && (message->schedule == NULL || message->schedule->key[0] == '\0'))
        return wrong(ret_errmsg, "schedule.key", "must be given");
    return message->action == SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_ADD ? add_check(request, message->schedule, ret_errmsg)
                                                                            : STATUS_OK;
}

void schedule_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = SCHEDULE_TEXT_MAX,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_SCHEDULE,
                                             .call = store_schedule,
                                             .check = schedule_check};
    message_verb_handle(request, &verb);
}

void schedule_history_handle(struct request *request)
{
    static const struct message_verb verb = {
        .text_max = 100, .answer = SAMORDNING__V1__RESPONSE__BODY_SCHEDULE_HISTORY, .call = store_schedule_history};
    message_verb_handle(request, &verb);
}

static enum status release_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__ReleaseRequest *message = request->message->release;
    if (strlen(message->digest) != 64 || strspn(message->digest, "0123456789abcdef") != 64)
        return wrong(ret_errmsg, "digest", "must be a SHA-256 in 64 hexadecimal digits");
    for (size_t i = 0; i < message->n_languages; i++)
        if (!validate_report_language(message->languages[i]))
            return wrong(ret_errmsg, "languages", "must be nb, nn or en");
    for (size_t i = 0; i < message->n_results; i++) {
        uint8_t id[INTERACTION_ID_SIZE];
        if (interaction_id_parse(message->results[i], id) != STATUS_OK)
            return wrong(ret_errmsg, "results", "must be ids of results, which are UUIDs");
    }
    return STATUS_OK;
}

void release_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = REASON_MAX,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_RELEASE,
                                             .call = store_release,
                                             .check = release_check};
    message_verb_handle(request, &verb);
}

void supersede_handle(struct request *request)
{
    static const struct message_verb verb = {
        .text_max = REASON_MAX, .answer = SAMORDNING__V1__RESPONSE__BODY_SUPERSEDE, .call = store_supersede};
    message_verb_handle(request, &verb);
}
