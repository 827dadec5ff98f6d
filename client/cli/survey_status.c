/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey status: waves and questionnaires, or who has answered in one wave. */
#include "civil_time.h"
#include "render.h"
#include "say.h"
#include "survey.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WATCH_MAX_S 86400

static double rate(uint32_t submitted, uint32_t invited)
{
    return invited > 0 ? (double)submitted / invited : NAN;
}

static void add_waves(struct grid *grid, const Samordning__V1__SurveyListResponse *list)
{
    static const char *const texts[] = {"wave", "title", "state", "instrument"};
    static const char *const numbers[] = {"version", "actors", "invited", "started", "submitted", "withdrawn", "rate"};
    const size_t first = sizeof texts / sizeof texts[0], count = sizeof numbers / sizeof numbers[0];
    grid_table(grid, "waves");
    for (size_t i = 0; i < first; i++)
        grid_column(grid, texts[i], true);
    for (size_t i = 0; i < count; i++)
        grid_column(grid, numbers[i], false);
    grid_column(grid, "opens", true);
    grid_column(grid, "closes", true);
    for (size_t i = 0; i < list->n_waves; i++) {
        const Samordning__V1__WaveSummary *summary = list->waves[i];
        const Samordning__V1__Wave *wave = summary->wave;
        if (!wave)
            continue;
        char opens[CIVIL_TIME_TEXT_SIZE], closes[CIVIL_TIME_TEXT_SIZE];
        civil_time_format(wave->opens_at, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, opens);
        civil_time_format(wave->closes_at, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, closes);
        const char *const cells[] = {wave->key, survey_own_text(wave->title), survey_state_name(wave->state), wave->instrument};
        const double values[] = {wave->version,
                                 summary->actors,
                                 summary->invited,
                                 summary->started,
                                 summary->submitted,
                                 summary->withdrawn,
                                 rate(summary->submitted, summary->invited)};
        for (size_t k = 0; k < first; k++)
            grid_text(grid, k, cells[k]);
        for (size_t k = 0; k < count; k++)
            grid_number(grid, first + k, values[k]);
        grid_text(grid, first + count, opens);
        grid_text(grid, first + count + 1, closes);
    }
}

static void add_instruments(struct grid *grid, const Samordning__V1__SurveyListResponse *list)
{
    grid_table(grid, "instruments");
    grid_column(grid, "instrument", true);
    grid_column(grid, "version", false);
    grid_column(grid, "title", true);
    grid_column(grid, "frozen", true);
    grid_column(grid, "missing_languages", true);
    for (size_t i = 0; i < list->n_instruments; i++) {
        const Samordning__V1__InstrumentSummary *instrument = list->instruments[i];
        char missing[40] = "";
        for (size_t k = 0; k < instrument->n_missing_languages; k++)
            say_list(missing, sizeof missing, instrument->missing_languages[k]);
        grid_text(grid, 0, instrument->key);
        grid_number(grid, 1, instrument->version);
        grid_text(grid, 2, survey_own_text(instrument->title));
        grid_text(grid, 3, instrument->frozen ? "yes" : "no");
        grid_text(grid, 4, missing);
    }
}

static void add_actors(struct grid *grid, const Samordning__V1__WaveSummary *summary)
{
    static const char *const numbers[] = {"invited", "started", "submitted", "undelivered", "rate"};
    grid_table(grid, "actors");
    grid_column(grid, "actor", true);
    grid_column(grid, "name", true);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        grid_column(grid, numbers[i], false);
    for (size_t i = 0; i < summary->n_by_actor; i++) {
        const Samordning__V1__ActorResponse *actor = summary->by_actor[i];
        const double values[] = {actor->invited, actor->started, actor->submitted, actor->undelivered,
                                 rate(actor->submitted, actor->invited)};
        grid_text(grid, 0, actor->actor);
        grid_text(grid, 1, actor->name);
        for (size_t k = 0; k < sizeof values / sizeof values[0]; k++)
            grid_number(grid, 2 + k, values[k]);
    }
}

static int show(struct session *session, const struct arguments *arguments, bool *ret_closed)
{
    const char *wave = arguments->operand_count > 0 ? arguments->operands[0] : NULL;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyListRequest list = SAMORDNING__V1__SURVEY_LIST_REQUEST__INIT;
    const Samordning__V1__Response *response;
    if (wave)
        list.wave = (char *)(uintptr_t)wave;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_LIST;
    request.survey_list = &list;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_SURVEY_LIST, &response);
    if (code != EXIT_CODE_OK)
        return code;
    if (wave && (response->survey_list->n_waves == 0 || !response->survey_list->waves[0]->wave)) {
        say_error(_("there is no wave %s"), wave);
        return EXIT_CODE_FAILED;
    }
    struct grid grid;
    grid_init(&grid);
    add_waves(&grid, response->survey_list);
    if (wave)
        add_actors(&grid, response->survey_list->waves[0]);
    else
        add_instruments(&grid, response->survey_list);
    *ret_closed = wave && response->survey_list->waves[0]->wave->state == SAMORDNING__V1__WAVE_STATE__WAVE_CLOSED;
    code = EXIT_CODE_FAILED;
    if (grid.failed)
        say_error(_("out of memory"));
    else
        code = render_result(&grid.result, arguments, false, wave ? "actors" : "waves");
    grid_release(&grid);
    return code;
}

int survey_status(const struct arguments *arguments)
{
    uint64_t watch_s;
    struct session session;
    if (!arguments_number(arguments, "watch", 0, 1, WATCH_MAX_S, &watch_s) ||
        !session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    bool closed = false, clear = watch_s > 0 && isatty(STDOUT_FILENO);
    int code;
    do {
        if (clear)
            fputs("\033[H\033[2J", stdout);
        code = show(&session, arguments, &closed);
        fflush(stdout);
    } while (code == EXIT_CODE_OK && watch_s > 0 && !closed && sleep((unsigned)watch_s) == 0);
    session_close(&session);
    return code;
}
