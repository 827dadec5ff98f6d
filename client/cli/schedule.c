/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning schedule: reports that are made and delivered again and again. */
#include "civil_time.h"
#include "grid.h"
#include "say.h"
#include "session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 50
#define PAGE_MAX      500

/* A moment for people and programs; "" for none. */
static void add_moment(struct grid *grid, size_t column, int64_t time_us)
{
    char text[CIVIL_TIME_TEXT_SIZE] = "";
    if (time_us != 0)
        civil_time_format(time_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, text);
    grid_text(grid, column, text);
}

/* ---------------------------------------------------------------------------------------------------- the schedules */
static void add_schedules(struct grid *grid, const Samordning__V1__ScheduleResponse *response)
{
    static const char *const columns[] = {"schedule", "next",    "rule",    "start",  "period", "spec",
                                          "language", "formats", "deliver", "latest", "state"};
    grid_table(grid, "schedules");
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++)
        grid_column(grid, columns[c], true);
    for (size_t i = 0; i < response->n_schedules; i++) {
        const Samordning__V1__Schedule *schedule = response->schedules[i];
        grid_text(grid, 0, schedule->key);
        add_moment(grid, 1, schedule->next_us);
        const char *const texts[] = {schedule->rule,     schedule->start,   schedule->period, schedule->spec,
                                     schedule->language, schedule->formats, schedule->deliver};
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
            grid_text(grid, 2 + k, texts[k]);
        add_moment(grid, 9, schedule->latest_us);
        grid_text(grid, 10, schedule->state);
    }
}

static int show_added(const Samordning__V1__ScheduleResponse *response)
{
    char next[CIVIL_TIME_TEXT_SIZE];
    if (response->n_schedules != 1) {
        say_error(_("the daemon's answer makes no sense"));
        return EXIT_CODE_FAILED;
    }
    const Samordning__V1__Schedule *schedule = response->schedules[0];
    civil_time_format(schedule->next_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, next);
    printf(_("%s: runs next %s, delivers %s to %s\n"), schedule->key, next, schedule->formats, schedule->deliver);
    return EXIT_CODE_OK;
}

static int act(struct session *session, const struct arguments *arguments, Samordning__V1__ScheduleAction action,
               Samordning__V1__Schedule *schedule, struct grid *grid)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__ScheduleRequest body = SAMORDNING__V1__SCHEDULE_REQUEST__INIT;
    const Samordning__V1__Response *response;
    body.action = action;
    body.schedule = schedule;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SCHEDULE;
    request.schedule = &body;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_SCHEDULE, &response);
    if (code == EXIT_CODE_OK && action == SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_ADD)
        return show_added(response->schedule);
    if (code == EXIT_CODE_OK)
        add_schedules(grid, response->schedule);
    return code;
}

/* False: what is missing has been said. */
static bool read_schedule(const struct arguments *arguments, Samordning__V1__Schedule *schedule)
{
    const struct {
        const char *name;
        char **field;
        bool needed;
        const char *otherwise;
    } options[] = {
        {"rule", &schedule->rule, true, ""},
        {"start", &schedule->start, true, ""},
        {"period", &schedule->period, false, ""},
        {"spec", &schedule->spec, false, ""},
        {"language", &schedule->language, false, "nb"},
        {"format", &schedule->formats, false, "html"},
        {"deliver", &schedule->deliver, true, ""},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const char *text = arguments_text(arguments, options[i].name, options[i].needed ? NULL : options[i].otherwise);
        if (!text) {
            say_error(_("schedule add needs --rule, --start and --deliver"));
            return false;
        }
        *options[i].field = (char *)(uintptr_t)text;
    }
    return true;
}

/* --------------------------------------------------------------------------------------------------------- history */
static void begin_runs(struct grid *grid)
{
    static const struct {
        const char *name;
        bool is_text;
    } columns[] = {{"run", false},    {"schedule", true},  {"occurrence", true}, {"state", true},  {"why", true},
                   {"missed", false}, {"attempts", false}, {"ended", true},      {"again", true},  {"language", true},
                   {"spec", true},    {"result", true},    {"delivered", true},  {"bytes", false}, {"error", true}};
    grid_table(grid, "runs");
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++)
        grid_column(grid, columns[c].name, columns[c].is_text);
}

static void add_run(struct grid *grid, const Samordning__V1__ScheduleRun *run)
{
    grid_number(grid, 0, (double)run->id);
    grid_text(grid, 1, run->schedule);
    add_moment(grid, 2, run->occurrence_us);
    grid_text(grid, 3, run->state);
    grid_text(grid, 4, run->by_hand ? "by-hand" : run->missed > 0 ? "missed" : "due");
    grid_number(grid, 5, run->missed);
    grid_number(grid, 6, run->attempts);
    add_moment(grid, 7, run->ended_us);
    add_moment(grid, 8, run->again_us);
    const char *const texts[] = {run->language, run->spec, run->result, run->delivered};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
        grid_text(grid, 9 + k, texts[k]);
    grid_number(grid, 13, (double)run->bytes);
    grid_text(grid, 14, run->error);
}

static void add_shares(struct grid *grid, const Samordning__V1__ScheduleHistoryResponse *page)
{
    static const char *const columns[] = {"year", "language", "documents", "share"};
    grid_table(grid, "languages");
    for (size_t c = 0; c < 4; c++)
        grid_column(grid, columns[c], c == 1);
    for (size_t i = 0; i < page->n_shares; i++) {
        grid_number(grid, 0, page->shares[i]->year);
        grid_text(grid, 1, page->shares[i]->language);
        grid_number(grid, 2, (double)page->shares[i]->documents);
        /* Of bokmål and nynorsk; another language has none. */
        bool is_norwegian = strcmp(page->shares[i]->language, "nb") == 0 || strcmp(page->shares[i]->language, "nn") == 0;
        grid_number(grid, 3, is_norwegian ? page->shares[i]->share : (double)NAN);
    }
}

/* The grid copies what it gets, so the next page may take the answer's memory. */
static int history(struct session *session, const struct arguments *arguments, const char *key, struct grid *grid)
{
    uint64_t limit, after = 0;
    if (!arguments_number(arguments, "limit", LIMIT_DEFAULT, 1, 1000000, &limit))
        return EXIT_CODE_USAGE;
    bool languages = arguments_has(arguments, "languages");
    if (!languages)
        begin_runs(grid);
    do {
        Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
        Samordning__V1__ScheduleHistoryRequest page = SAMORDNING__V1__SCHEDULE_HISTORY_REQUEST__INIT;
        const Samordning__V1__Response *response;
        page.key = (char *)(uintptr_t)key;
        page.limit = (uint32_t)(languages ? 1 : limit < PAGE_MAX ? limit : PAGE_MAX);
        page.after = after;
        request.body_case = SAMORDNING__V1__REQUEST__BODY_SCHEDULE_HISTORY;
        request.schedule_history = &page;
        int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_SCHEDULE_HISTORY, &response);
        if (code != EXIT_CODE_OK)
            return code;
        if (languages) {
            add_shares(grid, response->schedule_history);
            return EXIT_CODE_OK;
        }
        for (size_t i = 0; i < response->schedule_history->n_runs && limit > 0; i++, limit--)
            add_run(grid, response->schedule_history->runs[i]);
        after = response->schedule_history->next;
    } while (after != 0 && limit > 0);
    return EXIT_CODE_OK;
}

/* ------------------------------------------------------------------------------------------------------ the command */
static const struct action {
    const char *name, *operands;
    size_t min, max;
    Samordning__V1__ScheduleAction action;
} actions[] = {
    {"list", "[SCHEDULE]", 0, 1, SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_LIST},
    {"add", "SCHEDULE", 1, 1, SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_ADD},
    {"run", "SCHEDULE", 1, 1, SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_RUN},
    {"remove", "SCHEDULE", 1, 1, SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_REMOVE},
    {"history", "[SCHEDULE]", 0, 1, SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_LIST},
};

static int schedule_run(const struct arguments *arguments)
{
    const struct action *action = NULL;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (strcmp(actions[i].name, arguments->action) == 0)
            action = &actions[i];
    if (!action || arguments->operand_count < action->min || arguments->operand_count > action->max) {
        say_error(_("usage: samordning schedule %s %s"), arguments->action, action ? action->operands : "");
        return EXIT_CODE_USAGE;
    }
    const char *key = arguments->operand_count > 0 ? arguments->operands[0] : "";
    Samordning__V1__Schedule schedule = SAMORDNING__V1__SCHEDULE__INIT;
    schedule.key = (char *)(uintptr_t)key;
    if (action->action == SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_ADD && !read_schedule(arguments, &schedule))
        return EXIT_CODE_USAGE;
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct grid grid;
    grid_init(&grid);
    int code = strcmp(action->name, "history") == 0 ? history(&session, arguments, key, &grid)
                                                    : act(&session, arguments, action->action, &schedule, &grid);
    if (action->action == SAMORDNING__V1__SCHEDULE_ACTION__SCHEDULE_ADD) /* its --format is the report's */
        grid_release(&grid);
    else
        code = grid_show(&grid, arguments, code);
    session_close(&session);
    return code;
}

static const struct option_row schedule_options[] = {
    {"rule", 0, N_("RRULE"), N_("add: when it comes again, an iCalendar recurrence rule (RFC 5545), as FREQ=MONTHLY;BYDAY=1MO"),
     "FREQ=YEARLY FREQ=MONTHLY FREQ=WEEKLY FREQ=DAILY"},
    {"start", 0, N_("TIME"), N_("add: when the rule begins, and the time of day it runs at, as 2026-01-05T09:00"), NULL},
    {"period", 0, N_("NAME"),
     N_("add: what the report is about, by the day it is made: last-year, last-half-year, last-quarter, last-month, last-week, "
        "last-12-months or year-to-date"),
     "last-year last-half-year last-quarter last-month last-week last-12-months year-to-date"},
    {"spec", 0, N_("TEXT"), N_("add: further key=value pairs of the specification, as they are"), NULL},
    {"language", 'l', N_("LANGUAGE"), N_("add: nb (default), nn or en"), "nb nn en"},
    {"deliver", 0, N_("WHERE"), N_("add: folder:NAME, mail:ADDRESS[,ADDRESS...] or put:PATH"), "folder: mail: put:"},
    {"format", 'f', N_("FORMAT"),
     N_("add: forms of the report, some of html (default), pdf, text, csv (a ZIP file) and xlsx with commas between; list and "
        "history: table (default), csv or json"),
     "html pdf text csv xlsx table json"},
    {"limit", 0, N_("N"), N_("history: the newest N (default 50)"), NULL},
    {"languages", 0, NULL, N_("history: how many documents a year in each language, and their share"), NULL},
    {"output", 'o', N_("FILE"), N_("write to FILE, which appears whole or not at all"), "@file"},
    {NULL},
};

extern const struct command command_schedule;
const struct command command_schedule = {
    .name = "schedule",
    .summary = N_("have reports made and delivered again and again"),
    .actions = "list add run remove history",
    .operands = N_("[SCHEDULE]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("add plans a report, or changes the plan of that name. The rule runs on the clock of Oslo: 09:00 stays 09:00 "
                "in "
                "summer and winter. The period is counted from the day the report is due, so a report that is late is about "
                "the "
                "same days.\n\n"
                "The daemon makes the report as samordning report does and delivers it: into a folder below its "
                "delivery_directory, by e-mail through its mail server, or by HTTP PUT below its delivery_url. What fails for "
                "now "
                "is tried again, later each time. When the daemon was away at the time, the report is made once when it is "
                "back, "
                "and history says how many times it stands for.\n\n"
                "run makes one now, beside the rule. remove takes the plan away; its history stays. history shows what became "
                "of "
                "each run; with --languages it counts the documents in bokmål, nynorsk and English, by year: reports made by "
                "hand "
                "or by schedule, and what is to be read in releases.\n\n"
                "An e-mail has the summary as its words, and the other forms attached.")},
            {N_("EXAMPLES"), N_("    samordning schedule add kunnskapsbasen --rule 'FREQ=MONTHLY;BYMONTHDAY=1' \\\n"
                                "        --start 2026-01-01T06:00 --period last-month --language nn --format html,pdf,xlsx "
                                "--deliver folder:kunnskap\n"
                                "    samordning schedule add konferansen --rule FREQ=YEARLY --start 2026-11-02T09:00 \\\n"
                                "        --period last-12-months --deliver mail:post@example.no\n"
                                "    samordning schedule run konferansen\n"
                                "    samordning schedule history konferansen\n"
                                "    samordning schedule history --languages\n")},
            {NULL}},
    .tables = {schedule_options, option_sorting, option_connection, option_common},
    .run = schedule_run,
};
