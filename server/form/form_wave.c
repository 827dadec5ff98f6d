/* SPDX-License-Identifier: GPL-3.0-or-later
 * Waves and their questionnaires, fetched once for all who ask within two seconds.
 */
#include "form/form_internal.h"

#include "clock.h"

#include <stdlib.h>
#include <string.h>

#define FETCH_DEADLINE_US INT64_C(10000000)

/* A wave on its way from the store, and the turns that wait for it. */
struct form_fetch {
    struct store_message_call message;
    struct form *form;
    struct form_wave *wave;
    Samordning__V1__SurveyFetchRequest request;
    TAILQ_HEAD(, form_turn) turns;
    TAILQ_ENTRY(form_fetch) entry;
};

static void wave_free(struct form_wave *wave)
{
    arena_release(&wave->arena);
    free(wave);
}

void form_wave_release(struct form *form, struct form_wave *wave)
{
    if (wave != NULL && --wave->users == 0 && !wave->is_current)
        wave_free(wave);
}

static void wave_uncache(struct form *form, struct form_wave *wave)
{
    TAILQ_REMOVE(&form->waves, wave, entry);
    form->wave_count--;
    wave->is_current = false;
    if (wave->users == 0)
        wave_free(wave);
}

void form_waves_clear(struct form *form)
{
    while (!TAILQ_EMPTY(&form->waves))
        wave_uncache(form, TAILQ_FIRST(&form->waves));
}

static struct form_wave *wave_cached(struct form *form, const char *key)
{
    struct form_wave *wave;
    TAILQ_FOREACH(wave, &form->waves, entry)
    if (strcmp(wave->key, key) == 0)
        return wave;
    return NULL;
}

static void wave_use(struct form_turn *turn, struct form_wave *wave)
{
    wave->users++;
    turn->wave = wave;
    turn->instrument = wave->fetched->instrument;
}

static void fetched(struct store_call *call)
{
    struct form_fetch *fetch = call->owner;
    struct form *form = fetch->form;
    struct form_wave *wave = fetch->wave, *old;
    struct form_turn *turn;
    enum status status = call->status;
    TAILQ_REMOVE(&form->fetches, fetch, entry);
    if (status == STATUS_OK) {
        wave->fetched = (Samordning__V1__SurveyFetchResponse *)fetch->message.response;
        if (wave->fetched->wave == NULL || wave->fetched->instrument == NULL)
            status = STATUS_INTERNAL;
    }
    if (status == STATUS_OK) {
        if ((old = wave_cached(form, wave->key)) != NULL)
            wave_uncache(form, old);
        while (form->wave_count >= FORM_WAVES_MAX)
            wave_uncache(form, TAILQ_LAST(&form->waves, form_waves));
        wave->fetched_us = clock_monotonic_us();
        wave->is_current = true;
        wave->users = 1; /* while turns are served */
        TAILQ_INSERT_HEAD(&form->waves, wave, entry);
        form->wave_count++;
    }
    while ((turn = TAILQ_FIRST(&fetch->turns)) != NULL) {
        TAILQ_REMOVE(&fetch->turns, turn, entry);
        if (status == STATUS_OK) {
            wave_use(turn, wave);
            turn->next(turn);
        } else {
            form_store_failed(turn, status);
        }
    }
    if (status == STATUS_OK)
        form_wave_release(form, wave);
    else
        wave_free(wave);
    free(fetch);
}

void form_wave_get(struct form_turn *turn, const char *key, void (*next)(struct form_turn *turn))
{
    struct form *form = turn->form;
    struct form_wave *wave = wave_cached(form, key);
    struct form_fetch *fetch;
    turn->next = next;
    if (wave != NULL && clock_monotonic_us() - wave->fetched_us < FORM_WAVE_FRESH_US) {
        wave_use(turn, wave);
        next(turn);
        return;
    }
    TAILQ_FOREACH(fetch, &form->fetches, entry)
    if (strcmp(fetch->wave->key, key) == 0) {
        TAILQ_INSERT_TAIL(&fetch->turns, turn, entry);
        return;
    }
    fetch = calloc(1, sizeof *fetch);
    wave = calloc(1, sizeof *wave);
    if (fetch == NULL || wave == NULL) {
        free(fetch);
        free(wave);
        form_store_failed(turn, STATUS_NO_MEMORY);
        return;
    }
    snprintf(wave->key, sizeof wave->key, "%s", key);
    arena_init(&wave->arena, FORM_WAVE_BYTES);
    samordning__v1__survey_fetch_request__init(&fetch->request);
    fetch->form = form;
    fetch->wave = wave;
    fetch->request.wave = wave->key;
    fetch->message.request = &fetch->request.base;
    fetch->message.call = (struct store_call){
        .arena = &wave->arena, .deadline_us = clock_monotonic_us() + FETCH_DEADLINE_US, .done = fetched, .owner = fetch};
    TAILQ_INIT(&fetch->turns);
    TAILQ_INSERT_TAIL(&fetch->turns, turn, entry);
    TAILQ_INSERT_TAIL(&form->fetches, fetch, entry);
    store_survey_fetch(form->store, &fetch->message);
}
