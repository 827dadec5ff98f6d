/* SPDX-License-Identifier: GPL-3.0-or-later
 * The officials of the simulated year answer a wave: some with their link through the form in the browser, as people do, the
 * others through their ministry's own certificate. */
#include "simulate_survey.h"

#include "browser.h"
#include "csv_table.h"
#include "draw.h"
#include "officials.h"
#include "progress.h"
#include "public_bodies.h"
#include "samordning.h"
#include "samordning.pb-c.h"
#include "say.h"
#include "survey.h"
#include "walk.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SEATS_MAX          100000
#define SEAT_MEMORY        ((size_t)64 << 20)
#define DEFAULT_FORM_SHARE 0.3
#define STREAM_FORM        0x10000000u
#define COMPLAINTS_MAX     10

struct seat {
    const char *ref, *link;
    unsigned body, number; /* the n-th of the body */
};

struct survey {
    const struct arguments *arguments;
    const struct simulate_plan *plan;
    const char *wave, *bundles, *web;
    double form_share;
    struct officials *officials;
    struct arena arena; /* the wave and the cells of the seats */
    Samordning__V1__SurveyFetchResponse *fetched;
    struct seat *seats;
    size_t seat_count, seat_room;
    unsigned per_body[PUBLIC_BODIES_MAX];
    struct samordning *handles[PUBLIC_BODIES_MAX]; /* of ministries, made when first needed */
    struct browser *browser;
    struct {
        uint64_t silent, through_form, through_protocol, before, closed, failed;
    } tally;
};

/* --------------------------------------------------------------------------------------------------- the seats */

enum { COLUMN_REF, COLUMN_ACTOR, COLUMN_LINK, COLUMNS };
static const struct csv_table_column columns[COLUMNS] = {{"ref", true}, {"actor", true}, {"link", true}};

static bool add_seat(struct survey *survey, const char *const *cells, const char *path, uint64_t line)
{
    unsigned body = public_body_find(cells[COLUMN_ACTOR]);
    if (body == PUBLIC_BODY_NONE) {
        say_error(_("%s, line %" PRIu64 ": the simulated year has no \"%s\""), path, line, cells[COLUMN_ACTOR]);
        return false;
    }
    if (survey->seat_count == SEATS_MAX) {
        say_error(_("more than %d seats in one file"), SEATS_MAX);
        return false;
    }
    if (survey->seat_count == survey->seat_room) {
        size_t room = survey->seat_room ? 2 * survey->seat_room : 256;
        struct seat *larger = realloc(survey->seats, room * sizeof *larger);
        if (!larger) {
            say_error(_("out of memory"));
            return false;
        }
        survey->seats = larger;
        survey->seat_room = room;
    }
    survey->seats[survey->seat_count++] =
        (struct seat){.ref = cells[COLUMN_REF], .link = cells[COLUMN_LINK], .body = body, .number = survey->per_body[body]++};
    return true;
}

static bool read_seats(struct survey *survey, const char *path)
{
    struct csv_table table;
    const char *cells[COLUMNS], *reason;
    uint64_t line;
    enum csv_state state = CSV_ROW;
    bool good = csv_table_open(&table, path, false, 0, &survey->arena, COLUMNS, columns);
    while (good && state == CSV_ROW) {
        state = csv_table_next(&table, cells, &line, &reason);
        if (state == CSV_BAD)
            say_error("%s:%" PRIu64 ": %s", path, line, reason);
        good = state == CSV_ROW ? add_seat(survey, cells, path, line) : state == CSV_END;
    }
    csv_table_close(&table);
    if (good && survey->seat_count == 0) {
        say_error(_("%s has no seats"), path);
        good = false;
    }
    return good;
}

/* ---------------------------------------------------------------------------------------------- the two ways in */

static struct samordning *handle_of(struct survey *survey, unsigned body)
{
    if (!survey->handles[body]) {
        char bundle[PATH_MAX];
        snprintf(bundle, sizeof bundle, "%s/%s", survey->bundles, public_bodies[body].orgnr);
        struct samordning_options options = {.host = arguments_text(survey->arguments, "host", NULL),
                                             .port = arguments_text(survey->arguments, "port", NULL),
                                             .bundle = bundle,
                                             .software = SAMORDNING_SOFTWARE};
        survey->handles[body] = samordning_create(&options);
    }
    return survey->handles[body];
}

static bool fetch_wave(struct survey *survey)
{
    struct samordning *handle = handle_of(survey, survey->seats[0].body);
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyFetchRequest fetch = SAMORDNING__V1__SURVEY_FETCH_REQUEST__INIT;
    const Samordning__V1__Response *response;
    fetch.wave = (char *)(uintptr_t)survey->wave;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_FETCH;
    request.survey_fetch = &fetch;
    int error = handle ? samordning_call(handle, &request, NULL, NULL, &response) : SAMORDNING_E_MEMORY;
    if (error != SAMORDNING_OK) {
        say_error("%s", handle ? samordning_last_error(handle) : _("out of memory"));
        return false;
    }
    if (response->body_case != SAMORDNING__V1__RESPONSE__BODY_SURVEY_FETCH || !response->survey_fetch->instrument ||
        !response->survey_fetch->wave) {
        say_error(_("the daemon's answer makes no sense"));
        return false;
    }
    survey->fetched = (Samordning__V1__SurveyFetchResponse *)survey_copy(&response->survey_fetch->base, &survey->arena);
    if (!survey->fetched)
        say_error(_("out of memory"));
    return survey->fetched != NULL;
}

static enum status answer_by_protocol(struct survey *survey, const struct seat *seat, size_t count,
                                      Samordning__V1__Answer **answers, struct errmsg *ret_errmsg)
{
    struct samordning *handle = handle_of(survey, seat->body);
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyAnswerRequest answer = SAMORDNING__V1__SURVEY_ANSWER_REQUEST__INIT;
    const Samordning__V1__Response *response;
    answer.wave = (char *)(uintptr_t)survey->wave;
    answer.seat = (char *)(uintptr_t)seat->ref;
    answer.version = survey->fetched->instrument->version;
    answer.n_answers = count;
    answer.answers = answers;
    answer.submit = true;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_ANSWER;
    request.survey_answer = &answer;
    int error = handle ? samordning_call(handle, &request, NULL, NULL, &response) : SAMORDNING_E_MEMORY;
    if (error == SAMORDNING_OK)
        return STATUS_OK;
    errmsg_set(ret_errmsg, "", "%s", handle ? samordning_last_error(handle) : status_text(STATUS_NO_MEMORY));
    return error > 0 ? (enum status)error : STATUS_UNAVAILABLE;
}

static enum status answer_by_form(struct survey *survey, const struct seat *seat, const struct answers_context *context,
                                  size_t count, Samordning__V1__Answer **answers, struct arena *arena, enum walk_end *ret_end,
                                  struct errmsg *ret_errmsg)
{
    char link[2048], authority[PATH_MAX];
    if (!survey->browser) {
        snprintf(authority, sizeof authority, "%s/%s/ca.crt", survey->bundles, public_bodies[seat->body].orgnr);
        survey->browser = browser_create(authority);
        if (!survey->browser)
            return STATUS_NO_MEMORY;
    }
    snprintf(link, sizeof link, "%s%s", seat->link[0] == '/' ? survey->web : "", seat->link);
    return walk_form(survey->browser, link, context, count, answers, arena, ret_end, ret_errmsg);
}

static bool goes_by_form(const struct survey *survey, const struct seat *seat)
{
    struct draw draw;
    draw_init(&draw, survey->plan->seed, STREAM_FORM + (uint64_t)seat->body * 65536 + seat->number);
    return seat->link[0] && draw_chance(&draw, survey->form_share);
}

static void complain(struct survey *survey, const struct seat *seat, const struct errmsg *errmsg)
{
    if (survey->tally.failed++ < COMPLAINTS_MAX)
        say_error(_("seat %s of %s: %s%s%s"), seat->ref, public_bodies[seat->body].abbreviation, errmsg->field,
                  errmsg->field[0] ? ": " : "", errmsg->text);
}

static void answer_seat(struct survey *survey, const struct seat *seat, struct arena *arena)
{
    const struct answers_context context = {.instrument = survey->fetched->instrument,
                                            .roster_count = survey->fetched->n_roster,
                                            .roster = survey->fetched->roster,
                                            .own = public_bodies[seat->body].orgnr,
                                            .free_text = survey->fetched->wave->free_text};
    struct errmsg errmsg = {.text = ""};
    enum walk_end end = WALK_SUBMITTED;
    size_t count;
    Samordning__V1__Answer **answers;
    if (!officials_respond(survey->officials, seat->body, seat->number)) {
        survey->tally.silent++;
        return;
    }
    bool by_form = goes_by_form(survey, seat);
    enum status status = officials_answer(survey->officials, &context, seat->body, seat->number, arena, &count, &answers);
    if (status == STATUS_OK)
        status = by_form ? answer_by_form(survey, seat, &context, count, answers, arena, &end, &errmsg)
                         : answer_by_protocol(survey, seat, count, answers, &errmsg);
    if (status != STATUS_OK) {
        if (!errmsg.text[0])
            errmsg_set(&errmsg, "", "%s", status_text(status));
        complain(survey, seat, &errmsg);
    } else if (end == WALK_CLOSED) {
        survey->tally.closed++;
    } else if (end == WALK_WAS_SUBMITTED) {
        survey->tally.before++;
    } else if (by_form) {
        survey->tally.through_form++;
    } else {
        survey->tally.through_protocol++;
    }
}

/* ---------------------------------------------------------------------------------------------------- the command */

static bool takes_answers(const Samordning__V1__Wave *wave)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    return wave->state == SAMORDNING__V1__WAVE_STATE__WAVE_OPEN && now_us >= wave->opens_at && now_us < wave->closes_at;
}

static int report(const struct survey *survey)
{
    printf(_("%s: %zu officials asked, %" PRIu64 " answered through the form, %" PRIu64
             " through their ministry's system, %" PRIu64 " had answered before; %" PRIu64 " did not answer\n"),
           survey->wave, survey->seat_count, survey->tally.through_form, survey->tally.through_protocol, survey->tally.before,
           survey->tally.silent);
    if (survey->tally.closed > 0)
        say_error(_("the wave takes no answers: %" PRIu64 " came in vain"), survey->tally.closed);
    if (survey->tally.failed > COMPLAINTS_MAX)
        say_error(_("and %" PRIu64 " more"), survey->tally.failed - COMPLAINTS_MAX);
    if (survey->tally.failed > 0)
        return EXIT_CODE_FAILED;
    return survey->tally.closed > 0 ? EXIT_CODE_REJECTED : EXIT_CODE_OK;
}

static int answer_all(struct survey *survey)
{
    struct progress progress;
    struct arena arena;
    progress_begin(&progress, say_is_terminal() ? PROGRESS_BAR : PROGRESS_NONE, survey->wave);
    arena_init(&arena, SEAT_MEMORY);
    for (size_t i = 0; i < survey->seat_count; i++) {
        answer_seat(survey, &survey->seats[i], &arena);
        arena_reset(&arena);
        progress_show(&progress, i + 1, survey->seat_count, i + 1);
    }
    progress_end(&progress, survey->seat_count, survey->seat_count, survey->seat_count);
    arena_release(&arena);
    return report(survey);
}

int simulate_survey(const struct arguments *arguments, const struct simulate_plan *plan)
{
    struct survey survey = {.arguments = arguments,
                            .plan = plan,
                            .wave = arguments_text(arguments, "survey", ""),
                            .bundles = arguments_text(arguments, "bundles", NULL),
                            .web = arguments_text(arguments, "web", ""),
                            .form_share = DEFAULT_FORM_SHARE};
    const char *links = arguments_text(arguments, "links", NULL), *share = arguments_text(arguments, "form-share", NULL);
    if (!links || !survey.bundles) {
        say_error(_("simulate --survey wants --links FILE and --bundles DIR"));
        return EXIT_CODE_USAGE;
    }
    if (share) {
        char *end;
        survey.form_share = strtod(share, &end);
        if (end == share || *end || !(survey.form_share >= 0.0 && survey.form_share <= 1.0)) {
            say_error(_("--%s wants a number from 0 to 1, not \"%s\""), "form-share", share);
            return EXIT_CODE_USAGE;
        }
    }
    struct errmsg errmsg = {.text = ""};
    arena_init(&survey.arena, SURVEY_MEMORY_MAX);
    int code = EXIT_CODE_FAILED;
    if (!read_seats(&survey, links)) {
        code = EXIT_CODE_INPUT;
    } else if (officials_create(plan, &survey.officials, &errmsg) != STATUS_OK) {
        say_error("%s", errmsg.text[0] ? errmsg.text : _("out of memory"));
    } else if (fetch_wave(&survey)) {
        if (takes_answers(survey.fetched->wave)) {
            code = answer_all(&survey);
        } else {
            say_error(_("the wave %s takes no answers now"), survey.wave);
            code = EXIT_CODE_REJECTED;
        }
    }
    for (unsigned body = 0; body < PUBLIC_BODIES_MAX; body++)
        samordning_destroy(survey.handles[body]);
    browser_destroy(survey.browser);
    officials_destroy(survey.officials);
    free(survey.seats);
    arena_release(&survey.arena);
    return code;
}
