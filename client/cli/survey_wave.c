/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey wave, open, pause, resume, extend, close: the life of a wave. */
#include "civil_time.h"
#include "instrument.h"
#include "say.h"
#include "status.h"
#include "survey.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------- reading options */
/* A time of Oslo; a day stands for its beginning, or for its last second. */
static bool read_time(const struct arguments *arguments, const char *name, bool is_end, int64_t *time_us)
{
    const char *text = arguments_text(arguments, name, NULL);
    Samordning__V1__TimePrecision precision;
    struct errmsg errmsg = {0};
    int64_t time;
    if (!text)
        return true;
    if (civil_time_parse(text, strlen(text), &time, &precision, &errmsg) != STATUS_OK) {
        say_error("--%s: \"%s\": %s", name, text, errmsg.text);
        return false;
    }
    *time_us = is_end ? civil_time_last_moment(time, precision) : time;
    return true;
}

static bool read_day(const struct arguments *arguments, const char *name, char **day)
{
    const char *text = arguments_text(arguments, name, NULL);
    int32_t number;
    if (!text)
        return true;
    if (text[0] && civil_day_parse(text, &number) != STATUS_OK) {
        say_error(_("--%s: \"%s\" is not a date (YYYY-MM-DD)"), name, text);
        return false;
    }
    *day = (char *)(uintptr_t)text;
    return true;
}

static bool read_switch(const struct arguments *arguments, const char *name, protobuf_c_boolean *value)
{
    static const char *const words[] = {"no", "yes", NULL};
    int choice = arguments_choice(arguments, name, words, *value != 0);
    if (choice >= 0)
        *value = choice;
    return choice >= 0;
}

static bool read_number(const struct arguments *arguments, const char *name, uint64_t max, uint32_t *number)
{
    uint64_t value;
    if (!arguments_number(arguments, name, *number, arguments_has(arguments, name) ? 1 : 0, max, &value))
        return false;
    *number = (uint32_t)value;
    return true;
}

static void take_text(const struct arguments *arguments, const char *name, char **field)
{
    *field = (char *)(uintptr_t)arguments_text(arguments, name, *field);
}

/* LANGUAGE=TEXT, or LANGUAGE=FILE, once for each language. */
static bool read_texts(const struct arguments *arguments, const char *name, bool from_file, struct arena *arena,
                       Samordning__V1__LocalText **field)
{
    const char *given;
    for (size_t i = 0; (given = arguments_nth(arguments, name, i)); i++) {
        if (!*field && (*field = arena_alloc(arena, sizeof **field)))
            samordning__v1__local_text__init(*field);
        if (!*field) {
            say_error(_("out of memory"));
            return false;
        }
        const struct {
            const char *code;
            char **text;
        } languages[] = {{"nb=", &(*field)->nb}, {"nn=", &(*field)->nn}, {"en=", &(*field)->en}, {"se=", &(*field)->se}};
        char **text = NULL;
        for (size_t k = 0; k < sizeof languages / sizeof languages[0]; k++)
            if (strncmp(given, languages[k].code, 3) == 0)
                text = languages[k].text;
        if (!text) {
            say_error(_("--%s: \"%s\" does not begin with a language: nb=, nn=, en= or se="), name, given);
            return false;
        }
        size_t size;
        if (!from_file)
            *text = (char *)(uintptr_t)(given + 3);
        else if (!survey_read_text(given + 3, arena, text, &size))
            return false;
    }
    return true;
}

static bool read_instrument(const struct arguments *arguments, struct arena *arena, Samordning__V1__Wave *wave)
{
    const char *text = arguments_text(arguments, "instrument", NULL);
    if (!text)
        return true;
    size_t size = strcspn(text, ":");
    char *key = arena_copy(arena, text, size + 1), *end = NULL;
    if (!key) {
        say_error(_("out of memory"));
        return false;
    }
    key[size] = '\0';
    wave->instrument = key;
    wave->version = text[size] ? (uint32_t)strtoul(text + size + 1, &end, 10) : 0;
    if (text[size] && (*end || wave->version == 0)) {
        say_error(_("--%s: \"%s\" is not KEY or KEY:VERSION"), "instrument", text);
        return false;
    }
    return true;
}

static bool read_wave(const struct arguments *arguments, struct arena *arena, Samordning__V1__Wave *wave)
{
    take_text(arguments, "sender", &wave->sender);
    take_text(arguments, "earlier", &wave->earlier);
    return read_instrument(arguments, arena, wave) && read_texts(arguments, "title", false, arena, &wave->title) &&
           read_texts(arguments, "invitation", true, arena, &wave->invitation) &&
           read_texts(arguments, "reminder", true, arena, &wave->reminder) &&
           read_time(arguments, "opens", false, &wave->opens_at) && read_time(arguments, "closes", true, &wave->closes_at) &&
           read_switch(arguments, "anonymous", &wave->anonymous) && read_switch(arguments, "free-text", &wave->free_text) &&
           read_switch(arguments, "sign-off", &wave->sign_off) && read_switch(arguments, "personal", &wave->personal) &&
           read_number(arguments, "minimum-cell", 100, &wave->minimum_cell) &&
           read_day(arguments, "retention", &wave->retention_until) && read_day(arguments, "on", &wave->on);
}

/* -------------------------------------------------------------------------------------------------------- answers */
static int show_wave(const struct arguments *arguments, const Samordning__V1__Wave *wave)
{
    char opens[CIVIL_TIME_TEXT_SIZE], closes[CIVIL_TIME_TEXT_SIZE];
    civil_time_format(wave->opens_at, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, opens);
    civil_time_format(wave->closes_at, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, closes);
    const struct survey_cell cells[] = {
        {"wave", wave->key, 0},
        {"state", survey_state_name(wave->state), 0},
        {"title", survey_own_text(wave->title), 0},
        {"instrument", wave->instrument, 0},
        {"version", NULL, wave->version},
        {"opens", opens, 0},
        {"closes", closes, 0},
        {"anonymous", wave->anonymous ? "yes" : "no", 0},
        {"personal", wave->personal ? "yes" : "no", 0},
        {"sign_off", wave->sign_off ? "yes" : "no", 0},
        {"free_text", wave->free_text ? "yes" : "no", 0},
        {"minimum_cell", NULL, wave->minimum_cell},
        {"retention_until", wave->retention_until, 0},
        {"earlier", wave->earlier, 0},
        {"on", wave->on, 0},
        {"sender", wave->sender, 0},
    };
    return survey_show_row(arguments, "wave", sizeof cells / sizeof cells[0], cells);
}

static int ask(struct session *session, const struct arguments *arguments, Samordning__V1__WaveAction action,
               Samordning__V1__Wave *wave)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyWaveRequest body = SAMORDNING__V1__SURVEY_WAVE_REQUEST__INIT;
    const Samordning__V1__Response *response;
    body.action = action;
    body.wave = wave;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_WAVE;
    request.survey_wave = &body;
    int code = survey_call(session, &request, SAMORDNING__V1__RESPONSE__BODY_SURVEY_WAVE, &response);
    if (code != EXIT_CODE_OK)
        return code;
    for (size_t i = 0; i < response->survey_wave->n_warnings; i++)
        say_hint("%s", response->survey_wave->warnings[i]);
    if (response->survey_wave->wave)
        return show_wave(arguments, response->survey_wave->wave);
    say_error(_("the daemon's answer makes no sense"));
    return EXIT_CODE_FAILED;
}

/* The wave as it is, in the arena; NULL in ret_wave: there is none. */
static int fetch(struct session *session, const char *key, struct arena *arena, Samordning__V1__Wave **ret_wave)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyListRequest list = SAMORDNING__V1__SURVEY_LIST_REQUEST__INIT;
    const Samordning__V1__Response *response;
    list.wave = (char *)(uintptr_t)key;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_LIST;
    request.survey_list = &list;
    int error = session_ask(session, &request, &response);
    *ret_wave = NULL;
    if (error == (int)STATUS_NOT_FOUND)
        return EXIT_CODE_OK;
    if (error != SAMORDNING_OK)
        return session_explain(session, error);
    if (response->body_case != SAMORDNING__V1__RESPONSE__BODY_SURVEY_LIST || response->survey_list->n_waves == 0)
        return EXIT_CODE_OK;
    *ret_wave = (Samordning__V1__Wave *)(void *)survey_copy(&response->survey_list->waves[0]->wave->base, arena);
    if (*ret_wave)
        return EXIT_CODE_OK;
    say_error(_("out of memory"));
    return EXIT_CODE_FAILED;
}

static int change(struct session *session, const struct arguments *arguments, struct arena *arena)
{
    Samordning__V1__Wave fresh = SAMORDNING__V1__WAVE__INIT, *wave;
    const char *key = arguments->operands[0];
    int code = fetch(session, key, arena, &wave);
    if (code != EXIT_CODE_OK)
        return code;
    if (!wave) {
        static const char *const needed[] = {"instrument", "title", "opens", "closes"};
        for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
            if (!arguments_has(arguments, needed[i])) {
                say_error(_("there is no wave %s yet: a new one needs --instrument, --title, --opens and --closes"), key);
                return EXIT_CODE_USAGE;
            }
        }
        wave = &fresh;
        wave->key = (char *)(uintptr_t)key;
        wave->personal = true;
    }
    if (!read_wave(arguments, arena, wave))
        return EXIT_CODE_USAGE;
    return ask(session, arguments, SAMORDNING__V1__WAVE_ACTION__WAVE_CREATE, wave);
}

int survey_wave(const struct arguments *arguments)
{
    struct session session;
    struct arena arena;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    arena_init(&arena, SURVEY_MEMORY_MAX);
    int code = change(&session, arguments, &arena);
    arena_release(&arena);
    session_close(&session);
    return code;
}

int survey_move(const struct arguments *arguments)
{
    static const struct {
        const char *name;
        Samordning__V1__WaveAction action;
    } moves[] = {
        {"open", SAMORDNING__V1__WAVE_ACTION__WAVE_DO_OPEN},     {"pause", SAMORDNING__V1__WAVE_ACTION__WAVE_DO_PAUSE},
        {"resume", SAMORDNING__V1__WAVE_ACTION__WAVE_DO_RESUME}, {"extend", SAMORDNING__V1__WAVE_ACTION__WAVE_DO_EXTEND},
        {"close", SAMORDNING__V1__WAVE_ACTION__WAVE_DO_CLOSE},
    };
    Samordning__V1__Wave wave = SAMORDNING__V1__WAVE__INIT;
    Samordning__V1__WaveAction action = SAMORDNING__V1__WAVE_ACTION__WAVE_CREATE;
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        if (strcmp(moves[i].name, arguments->action) == 0)
            action = moves[i].action;
    wave.key = arguments->operands[0];
    if (action == SAMORDNING__V1__WAVE_ACTION__WAVE_DO_EXTEND) {
        if (!read_time(arguments, "closes", true, &wave.closes_at))
            return EXIT_CODE_USAGE;
        if (wave.closes_at == 0) {
            say_error(_("survey extend needs --closes TIME"));
            return EXIT_CODE_USAGE;
        }
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    int code = ask(&session, arguments, action, &wave);
    session_close(&session);
    return code;
}
