/* SPDX-License-Identifier: GPL-3.0-or-later
 * Waves and their questionnaires, fetched once for all who ask within SURVEY_WAVE_FRESH_US.
 */
#include "clock.h"
#include "store_internal.h"
#include "store_survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define WAVES_MAX         64                 /* kept */
#define WAVE_BYTES        ((size_t)64 << 20) /* of one: questionnaire and rosters */
#define WAVE_KEY_SIZE     49                 /* survey.wave's wave_key_form */
#define FETCH_DEADLINE_US INT64_C(10000000)

struct kept_wave {
    struct survey_wave shown; /* first: who holds it gives it back as this */
    char key[WAVE_KEY_SIZE];
    struct arena arena;
    int64_t fetched_us;
    size_t users;
    bool is_current; /* in the list */
    TAILQ_ENTRY(kept_wave) entry;
};

/* A wave on its way, and the calls that wait for it. */
struct wave_fetch {
    struct store_message_call message;
    struct survey_waves *waves;
    struct kept_wave *wave;
    Samordning__V1__SurveyFetchRequest request;
    struct store_survey_hold *head, **tail;
    bool is_stale; /* the wave was changed meanwhile: not for those who ask later */
    TAILQ_ENTRY(wave_fetch) entry;
};

struct survey_waves {
    struct store *store;
    TAILQ_HEAD(kept_waves, kept_wave) kept; /* newest first */
    size_t count;
    TAILQ_HEAD(, wave_fetch) fetches;
};

static void wave_free(struct kept_wave *wave)
{
    arena_release(&wave->arena);
    free(wave);
}

void store_survey_release(struct store *store, struct survey_wave *shown)
{
    struct kept_wave *wave = (struct kept_wave *)(void *)shown;
    if (wave != NULL && --wave->users == 0 && !wave->is_current)
        wave_free(wave);
}

static void wave_forget(struct survey_waves *waves, struct kept_wave *wave)
{
    TAILQ_REMOVE(&waves->kept, wave, entry);
    waves->count--;
    wave->is_current = false;
    if (wave->users == 0)
        wave_free(wave);
}

void survey_waves_forget(struct survey_waves *waves)
{
    struct wave_fetch *fetch;
    while (!TAILQ_EMPTY(&waves->kept))
        wave_forget(waves, TAILQ_FIRST(&waves->kept));
    TAILQ_FOREACH(fetch, &waves->fetches, entry)
    fetch->is_stale = true;
}

static struct kept_wave *wave_find(struct survey_waves *waves, const char *key)
{
    struct kept_wave *wave;
    TAILQ_FOREACH(wave, &waves->kept, entry)
    if (strcmp(wave->key, key) == 0)
        return wave;
    return NULL;
}

static void wave_keep(struct survey_waves *waves, struct kept_wave *wave)
{
    struct kept_wave *old = wave_find(waves, wave->key);
    if (old != NULL)
        wave_forget(waves, old);
    while (waves->count >= WAVES_MAX)
        wave_forget(waves, TAILQ_LAST(&waves->kept, kept_waves));
    wave->is_current = true;
    TAILQ_INSERT_HEAD(&waves->kept, wave, entry);
    waves->count++;
}

static void fetched(struct store_call *call)
{
    struct wave_fetch *fetch = call->owner;
    struct store *store = fetch->waves->store;
    struct kept_wave *wave = fetch->wave;
    struct store_survey_hold *hold;
    enum status status = call->status;
    TAILQ_REMOVE(&fetch->waves->fetches, fetch, entry);
    if (status == STATUS_OK) {
        wave->shown.fetched = (Samordning__V1__SurveyFetchResponse *)(void *)fetch->message.response;
        if (wave->shown.fetched->wave == NULL || wave->shown.fetched->instrument == NULL)
            status = STATUS_INTERNAL;
    }
    if (status == STATUS_OK && !fetch->is_stale)
        wave_keep(fetch->waves, wave);
    wave->users = 1; /* while the calls are answered */
    while ((hold = fetch->head) != NULL) {
        fetch->head = hold->next;
        hold->call.errmsg = call->errmsg;
        if (status == STATUS_OK) {
            wave->users++;
            hold->wave = &wave->shown;
        }
        store_answer(store, &hold->call, status);
    }
    store_survey_release(store, &wave->shown);
    free(fetch);
}

static void fetch_join(struct wave_fetch *fetch, struct store_survey_hold *hold)
{
    *fetch->tail = hold;
    fetch->tail = &hold->next;
}

void store_survey_hold(struct store *store, struct store_survey_hold *hold)
{
    struct survey_waves *waves = store->waves;
    struct kept_wave *wave = wave_find(waves, hold->key);
    struct wave_fetch *fetch;
    hold->next = NULL;
    hold->wave = NULL;
    int64_t now_us = clock_monotonic_us();
    if (wave != NULL && now_us - wave->fetched_us < SURVEY_WAVE_FRESH_US) {
        wave->users++;
        hold->wave = &wave->shown;
        store_answer_later(store, &hold->call, STATUS_OK);
        return;
    }
    TAILQ_FOREACH(fetch, &waves->fetches, entry)
    if (!fetch->is_stale && strcmp(fetch->wave->key, hold->key) == 0) {
        fetch_join(fetch, hold);
        return;
    }
    if (strlen(hold->key) >= WAVE_KEY_SIZE) {
        errmsg_set(&hold->call.errmsg, "wave", "there is no wave with so long a key");
        store_answer_later(store, &hold->call, STATUS_NOT_FOUND);
        return;
    }
    fetch = calloc(1, sizeof *fetch);
    wave = calloc(1, sizeof *wave);
    if (fetch == NULL || wave == NULL) {
        free(fetch);
        free(wave);
        store_answer_later(store, &hold->call, STATUS_NO_MEMORY);
        return;
    }
    snprintf(wave->key, sizeof wave->key, "%s", hold->key);
    wave->fetched_us = now_us; /* what comes is at least as new */
    arena_init(&wave->arena, WAVE_BYTES);
    samordning__v1__survey_fetch_request__init(&fetch->request);
    fetch->waves = waves;
    fetch->wave = wave;
    fetch->tail = &fetch->head;
    fetch->request.wave = wave->key;
    fetch->message.request = &fetch->request.base;
    fetch->message.call =
        (struct store_call){.arena = &wave->arena, .deadline_us = now_us + FETCH_DEADLINE_US, .done = fetched, .owner = fetch};
    fetch_join(fetch, hold);
    TAILQ_INSERT_TAIL(&waves->fetches, fetch, entry);
    store_survey_fetch(store, &fetch->message);
}

struct survey_waves *survey_waves_create(struct store *store)
{
    struct survey_waves *waves = calloc(1, sizeof *waves);
    if (waves == NULL)
        return NULL;
    waves->store = store;
    TAILQ_INIT(&waves->kept);
    TAILQ_INIT(&waves->fetches);
    return waves;
}

void survey_waves_destroy(struct survey_waves *waves)
{
    if (waves != NULL)
        survey_waves_forget(waves);
    free(waves);
}
