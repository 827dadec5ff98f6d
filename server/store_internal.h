/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the store's parts share. Only store_*.c and the modules behind them include this.
 */
#ifndef SAMORDNING_STORE_INTERNAL_H
#define SAMORDNING_STORE_INTERNAL_H

#include "arena.h"
#include "config.h"
#include "db_pool.h"
#include "metrics.h"
#include "pg_binary.h"
#include "store.h"
#include "store_life.h"
#include "survey_link.h"

#include <event2/event.h>

#define STORE_RETRY_AFTER_MS   500
#define STORE_SWEEP_MS         100   /* how exactly deadlines of waiting calls are kept */
#define STORE_QUARANTINE_KEEP  10000 /* rejected rows kept of each organisation */
#define STORE_QUARANTINE_BYTES 65536 /* of one rejected row; longer ones are kept without their content */

struct access;
struct cluster;
struct counts;
struct exports;
struct gather;
struct jobs;
struct labels;
struct submissions;
struct survey_house;
struct survey_saves;
struct survey_waves;
struct workers;

struct store {
    struct event_base *base;
    const struct config *config;
    struct metrics *metrics;
    char *conninfo;
    struct cluster *cluster;  /* NULL: the database is somebody else's */
    int claim;                /* on the state directory; -1 = none */
    struct db_pool *side;     /* what an acknowledgement waits for: names, months, rejections */
    struct db_pool *verbs;    /* small verbs */
    struct db_pool *listener; /* one connection: notifications, caches, housekeeping */
    struct gather *gather;
    struct submissions *submissions;
    struct access *access;
    struct jobs *jobs;
    struct workers *workers;
    struct exports *exports;
    bool schema_is_ours, pools_started;
    bool ready; /* and the caches are filled */
    bool stopping;
    size_t verbs_open;
    uint64_t writes;       /* committed by this daemon: tells whether counts are still right */
    struct counts *counts; /* store_status.c */
    char *seen;            /* store_job.c: the snapshot it was last asked about; NULL = none */
    uint64_t looks;
    struct survey_saves *saves;
    struct survey_house *house;
    struct survey_waves *waves;
    struct survey_link_key link_key;
    bool has_link_key;

    struct store_call *answered, **answered_tail; /* done without the database; called back from the loop */
    struct event *answer_event;

    struct event *migrate_timer;
    struct event *drain_timer;
    void (*drained)(void *arg);
    void *drained_arg;
};

/* Calls back from the next turn of the loop. */
void store_answer_later(struct store *store, struct store_call *call, enum status status);
/* Calls back now (from the loop). */
void store_answer(struct store *store, struct store_call *call, enum status status);
int64_t store_deadline(const struct store *store, const struct store_call *call);
/* The status of a request that did not end in DB_OK, with words. */
enum status store_status_of(const struct db_request *request, struct errmsg *ret_errmsg);
void store_notified(struct store *store, const char *channel, const char *payload);

/* A small verb on the way: one statement, idempotent. */
struct verb {
    struct db_request request;
    struct store *store;
    struct store_call *call;     /* NULL: its caller is gone */
    struct pg_buffer buffers[4]; /* parameters */
    char numbers[4][32];
    enum status (*answer)(struct verb *verb, const PGresult *result); /* fills the response */
    void *state;                                                      /* freed with it */
    unsigned attempts;
};
/* An empty response of that type in the call's arena, unless the caller brought one. False: the call has been answered. */
bool store_make_response(struct store *store, struct store_message_call *c, const ProtobufCMessageDescriptor *type);
struct verb *verb_create(struct store *store, struct store_call *call, const char *sql); /* NULL: out of memory */
void verb_send(struct verb *verb);                       /* answers BUSY when the queue is full */
void verb_fail(struct verb *verb, enum status status);   /* answers later, frees */
void verb_buffer(struct verb *verb, size_t n, Oid type); /* appends buffers[n] as a parameter; empty text for no data */

/* Appends numbers as parameters, kept with the verb (one such list a verb). False: the call has been answered. */
bool verb_numbers(struct verb *verb, const int64_t numbers[], size_t count);

/* store_json.c: a verb whose $1 is the message as JSON and whose $2 is the organisation that asks, and which answers with the
 * JSON of its response. NULL: the call has been answered. */
struct verb *store_json_begin(struct store *store, struct store_message_call *c, const ProtobufCMessageDescriptor *answer,
                              const char *sql);
enum status store_json_answered(struct verb *verb, const PGresult *result); /* what it answers with */
enum status store_json_message(struct store_call *call, const PGresult *result, int column,
                               const ProtobufCMessageDescriptor *type, ProtobufCMessage **ret_message);
void store_put_organisation(struct verb *verb, const struct store_call *call); /* appends it as a parameter: numbers[0] */

/* store_export.c */
struct exports *exports_create(void);
void exports_destroy(struct exports *exports); /* answers what is open with UNAVAILABLE; NULL is fine */

/* store_status.c */
void counts_destroy(struct counts *counts);

/* A text of a row, in the call's arena; NULL: out of memory. */
char *store_keep_text(struct store_call *call, const PGresult *result, int row, int column);
/* A text[] without NULLs, in binary; nothing where it is NULL. */
bool store_keep_texts(struct store_call *call, const PGresult *result, int row, int column, size_t *ret_count,
                      char ***ret_texts);

/* store_survey.c, store_survey_save.c, store_survey_house.c, store_survey_waves.c */
void survey_keys_load(struct store *store);
/* The setup of a pool's connections with the statement that saves pages; malloc'ed, NULL: out of memory. */
char *survey_saves_setup(const char *before, const char *after);
struct survey_saves *survey_saves_create(struct store *store);
void survey_saves_destroy(struct survey_saves *saves); /* NULL is fine; the pools are gone */
struct survey_house *survey_house_create(struct store *store);
void survey_house_destroy(struct survey_house *house); /* likewise */
struct survey_waves *survey_waves_create(struct store *store);
void survey_waves_forget(struct survey_waves *waves);  /* a wave was changed: the next who ask fetch it */
void survey_waves_destroy(struct survey_waves *waves); /* likewise; nobody holds one */

/* store_submit.c */
struct submissions *submissions_create(struct store *store);
void submissions_destroy(struct submissions *all);
size_t submissions_open(const struct submissions *all);
void submissions_register_changed(struct submissions *all);
void submissions_up(struct submissions *all);

#endif
