/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages of many respondents saved by one statement: what arrives while one is under way goes with the next, so that a flush of
 * the log is shared, and a lone page never waits for company.
 *
 * Sending again is harmless (survey.save_pages), so a statement whose connection was lost is sent again by the pool. When a
 * statement of several is refused as a whole, each is sent by itself, so that one bad page fails nobody else's.
 */
#include "clock.h"
#include "sql_text.h"
#include "store_internal.h"
#include "store_survey.h"
#include "stored_answers.h"

#include <stdio.h>
#include <stdlib.h>

#define SAVES_TOGETHER_MAX 256
#define SAVES_BYTES_MAX    ((size_t)4 << 20) /* of one statement; a larger page goes alone */
#define SAVES_WAITING_MAX  20000
#define SAVES_FLYING_MAX   2
#define SAVES_ATTEMPTS_MAX 5 /* of statements that waited for each other in a circle */
#define SAVE_PARAMETERS    4
#define SAVE_STATEMENT     "survey_save" /* prepared on each connection, since nothing comes more often */

struct one_save {
    struct store_survey_save *save;
    char *content;
    size_t size;
    int64_t deadline_us;
    bool alone;
    struct one_save *next;
};

struct flight {
    struct survey_saves *saves;
    bool busy;
    struct db_request request;
    struct pg_buffer buffers[SAVE_PARAMETERS];
    const char *values[SAVE_PARAMETERS];
    int lengths[SAVE_PARAMETERS];
    struct one_save *aboard[SAVES_TOGETHER_MAX];
    size_t count;
    unsigned attempts;
};

struct survey_saves {
    struct store *store;
    struct one_save *head, **tail;
    size_t waiting;
    struct event *sweep;
    struct flight flights[SAVES_FLYING_MAX];
};

static void one_save_end(struct survey_saves *saves, struct one_save *one, enum status status)
{
    struct store_survey_save *save = one->save;
    free(one->content);
    free(one);
    saves->store->verbs_open--;
    store_answer(saves->store, &save->call, status);
}

static enum status read_saved(struct store_survey_save *save, const PGresult *result, int row)
{
    enum status status = (enum status)pg_get_int32(result, row, 1);
    save->ret_revision = (uint32_t)pg_get_int32(result, row, 4);
    if (status != STATUS_OK)
        errmsg_set(&save->call.errmsg, PQgetvalue(result, row, 2), "%s", PQgetvalue(result, row, 3));
    if (status != STATUS_CONFLICT)
        return status;
    save->now = (struct store_survey_page){
        .section = save->section, .revision = save->ret_revision, .saved_us = pg_get_int64(result, row, 5)};
    enum status read = stored_answers_parse(PQgetvalue(result, row, 6), (size_t)PQgetlength(result, row, 6), save->call.arena,
                                            &save->now.answer_count, &save->now.answers);
    return read == STATUS_OK ? status : read;
}

static void put_back(struct survey_saves *saves, struct one_save *one)
{
    one->next = saves->head;
    if (saves->head == NULL)
        saves->tail = &one->next;
    saves->head = one;
    saves->waiting++;
}

static void pump(struct survey_saves *saves);

static void landed(struct db_request *request)
{
    struct flight *flight = request->owner;
    struct survey_saves *saves = flight->saves;
    bool collided = strncmp(request->sqlstate, "40", 2) == 0;
    if (request->outcome == DB_ERROR && collided && ++flight->attempts < SAVES_ATTEMPTS_MAX &&
        db_pool_send(saves->store->verbs, request))
        return;
    size_t count = flight->count;
    struct one_save *aboard[SAVES_TOGETHER_MAX];
    memcpy(aboard, flight->aboard, sizeof aboard);
    flight->count = 0;
    flight->busy = false;
    if (request->outcome == DB_OK && (size_t)PQntuples(request->result) == count) {
        for (int row = 0; row < (int)count; row++) {
            size_t n = (size_t)pg_get_int32(request->result, row, 0) - 1;
            struct one_save *one = n < count ? aboard[n] : NULL;
            if (one == NULL)
                continue; /* the database answers each once */
            aboard[n] = NULL;
            one_save_end(saves, one, read_saved(one->save, request->result, row));
        }
    } else if (request->outcome == DB_ERROR && count > 1 && !db_error_is_transient(request) && !saves->store->stopping) {
        for (size_t i = count; i-- > 0;) {
            aboard[i]->alone = true;
            put_back(saves, aboard[i]);
        }
        count = 0;
    }
    for (size_t i = 0; i < count; i++)
        if (aboard[i] != NULL)
            one_save_end(saves, aboard[i],
                         request->outcome == DB_OK ? STATUS_INTERNAL : store_status_of(request, &aboard[i]->save->call.errmsg));
    pump(saves);
}

static void take_off(struct flight *flight)
{
    struct survey_saves *saves = flight->saves;
    size_t bytes = 0;
    while (saves->head != NULL && flight->count < SAVES_TOGETHER_MAX) {
        struct one_save *one = saves->head;
        bool stays = flight->count > 0 && (one->alone || bytes + one->size > SAVES_BYTES_MAX);
        if (stays)
            break;
        saves->head = one->next;
        if (saves->head == NULL)
            saves->tail = &saves->head;
        saves->waiting--;
        bytes += one->size;
        flight->aboard[flight->count++] = one;
        if (one->alone)
            break;
    }
    static const Oid elements[SAVE_PARAMETERS] = {PG_BYTEA_OID, PG_TEXT_OID, PG_INT4_OID, PG_TEXT_OID};
    static const int binary[SAVE_PARAMETERS] = {1, 1, 1, 1};
    bool whole = true;
    for (size_t k = 0; k < SAVE_PARAMETERS; k++) {
        flight->buffers[k].size = 0;
        flight->buffers[k].failed = false;
        pg_array_begin(&flight->buffers[k], elements[k], flight->count, false);
    }
    int64_t deadline_us = INT64_MAX;
    for (size_t i = 0; i < flight->count; i++) {
        const struct one_save *one = flight->aboard[i];
        pg_array_bytes(&flight->buffers[0], one->save->link_hash, SURVEY_LINK_HASH_SIZE);
        pg_array_bytes(&flight->buffers[1], one->save->section, strlen(one->save->section));
        pg_array_int32(&flight->buffers[2], (int32_t)one->save->revision);
        pg_array_bytes(&flight->buffers[3], one->content, one->size);
        deadline_us = one->deadline_us < deadline_us ? one->deadline_us : deadline_us;
    }
    for (size_t k = 0; k < SAVE_PARAMETERS; k++) {
        whole = whole && !flight->buffers[k].failed;
        flight->values[k] = (const char *)flight->buffers[k].data;
        flight->lengths[k] = (int)flight->buffers[k].size;
    }
    flight->request = (struct db_request){.statement = SAVE_STATEMENT,
                                          .many_count = SAVE_PARAMETERS,
                                          .many_values = flight->values,
                                          .many_lengths = flight->lengths,
                                          .many_formats = binary,
                                          .binary = true,
                                          .deadline_us = deadline_us,
                                          .done = landed,
                                          .owner = flight};
    flight->attempts = 0;
    flight->busy = whole && db_pool_send(saves->store->verbs, &flight->request);
    if (flight->busy)
        return;
    size_t count = flight->count;
    flight->count = 0;
    for (size_t i = 0; i < count; i++) {
        struct one_save *one = flight->aboard[i];
        struct store_survey_save *save = one->save;
        free(one->content);
        free(one);
        saves->store->verbs_open--;
        store_answer_later(saves->store, &save->call, whole ? STATUS_BUSY : STATUS_NO_MEMORY);
    }
}

static void pump(struct survey_saves *saves)
{
    if (saves->store->stopping)
        return;
    for (size_t i = 0; i < SAVES_FLYING_MAX && saves->head != NULL; i++)
        if (!saves->flights[i].busy)
            take_off(&saves->flights[i]);
}

/* Waiting behind statements that do not come back, because the database is away. */
static void sweep_cb(evutil_socket_t fd, short what, void *arg)
{
    struct survey_saves *saves = arg;
    int64_t now_us = clock_monotonic_us();
    struct one_save *late = NULL;
    for (struct one_save **at = &saves->head; *at != NULL;) {
        struct one_save *one = *at;
        if (one->deadline_us < now_us) {
            *at = one->next;
            one->next = late;
            late = one;
            saves->waiting--;
        } else {
            at = &one->next;
        }
    }
    saves->tail = &saves->head;
    while (*saves->tail != NULL)
        saves->tail = &(*saves->tail)->next;
    while (late != NULL) {
        struct one_save *next = late->next;
        one_save_end(saves, late, STATUS_UNAVAILABLE);
        late = next;
    }
}

void store_survey_save(struct store *store, struct store_survey_save *save)
{
    struct survey_saves *saves = store->saves;
    struct one_save *one = NULL;
    enum status status = store->stopping                       ? STATUS_UNAVAILABLE
                         : saves->waiting >= SAVES_WAITING_MAX ? STATUS_BUSY
                         : (one = calloc(1, sizeof *one)) == NULL
                             ? STATUS_NO_MEMORY
                             : stored_answers_write(save->answer_count, save->answers, &one->content);
    if (status != STATUS_OK) {
        free(one);
        store_answer_later(store, &save->call, status);
        return;
    }
    one->save = save;
    one->size = strlen(one->content);
    one->deadline_us = store_deadline(store, &save->call);
    store->verbs_open++;
    *saves->tail = one;
    saves->tail = &one->next;
    saves->waiting++;
    pump(saves);
}

char *survey_saves_setup(const char *before, const char *after)
{
    char *sql;
    bool made = asprintf(&sql, "%sPREPARE " SAVE_STATEMENT " (bytea[], text[], int4[], text[]) AS %s; %s", before,
                         sql_server_survey_save, after) >= 0;
    return made ? sql : NULL;
}

struct survey_saves *survey_saves_create(struct store *store)
{
    struct survey_saves *saves = calloc(1, sizeof *saves);
    if (saves == NULL)
        return NULL;
    saves->store = store;
    saves->tail = &saves->head;
    for (size_t i = 0; i < SAVES_FLYING_MAX; i++)
        saves->flights[i].saves = saves;
    saves->sweep = event_new(store->base, -1, EV_PERSIST, sweep_cb, saves);
    if (saves->sweep == NULL) {
        free(saves);
        return NULL;
    }
    event_add(saves->sweep, &(struct timeval){.tv_usec = STORE_SWEEP_MS * 1000L});
    return saves;
}

void survey_saves_destroy(struct survey_saves *saves)
{
    if (saves == NULL)
        return;
    while (saves->head != NULL) {
        struct one_save *one = saves->head;
        saves->head = one->next;
        one_save_end(saves, one, STATUS_UNAVAILABLE);
    }
    for (size_t i = 0; i < SAVES_FLYING_MAX; i++)
        for (size_t k = 0; k < SAVE_PARAMETERS; k++)
            pg_buffer_release(&saves->flights[i].buffers[k]);
    event_free(saves->sweep);
    free(saves);
}
