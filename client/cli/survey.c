/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning survey: questionnaires, waves and answers. */
#include "survey.h"
#include "instrument.h"
#include "language.h"
#include "records.h"
#include "say.h"
#include "whole_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------------- shared */
int survey_show_row(const struct arguments *arguments, const char *table, size_t count, const struct survey_cell *cells)
{
    struct grid grid;
    grid_init(&grid);
    grid_table(&grid, table);
    for (size_t i = 0; i < count; i++)
        grid_column(&grid, cells[i].name, cells[i].text != NULL);
    for (size_t i = 0; i < count; i++) {
        if (cells[i].text)
            grid_text(&grid, i, cells[i].text);
        else
            grid_number(&grid, i, cells[i].number);
    }
    return grid_show(&grid, arguments, EXIT_CODE_OK);
}

const char *survey_state_name(Samordning__V1__WaveState state)
{
    static const char *const names[] = {"planned", "open", "paused", "closed"};
    return (unsigned)state < sizeof names / sizeof names[0] ? names[state] : "";
}

const char *survey_own_text(const Samordning__V1__LocalText *text)
{
    return text ? instrument_text(text, instrument_language_of(language_own())) : "";
}

bool survey_read_text(const char *path, struct arena *arena, char **ret_text, size_t *ret_size)
{
    char *text;
    size_t size;
    int error = whole_file_read(path, SURVEY_MEMORY_MAX, &text, &size);
    if (error != 0) {
        say_error(_("could not read %s: %s"), path, strerror(error));
        return false;
    }
    char *copy = arena_copy(arena, text, size + 1);
    free(text);
    if (!copy) {
        say_error(_("out of memory"));
        return false;
    }
    *ret_text = copy;
    *ret_size = size;
    return true;
}

ProtobufCMessage *survey_copy(const ProtobufCMessage *message, struct arena *arena)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = arena_alloc(arena, size + 1);
    if (!packed)
        return NULL;
    protobuf_c_message_pack(message, packed);
    return protobuf_c_message_unpack(message->descriptor, &arena->allocator, size, packed);
}

int survey_fetch(struct session *session, char *wave, struct arena *arena, const Samordning__V1__SurveyFetchResponse **ret_wave)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SurveyFetchRequest fetch = SAMORDNING__V1__SURVEY_FETCH_REQUEST__INIT;
    const Samordning__V1__Response *response;
    fetch.wave = wave;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SURVEY_FETCH;
    request.survey_fetch = &fetch;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_SURVEY_FETCH, &response);
    if (code != EXIT_CODE_OK)
        return code;
    if (!response->survey_fetch->instrument) {
        say_error(_("the daemon's answer makes no sense"));
        return EXIT_CODE_FAILED;
    }
    *ret_wave = (const Samordning__V1__SurveyFetchResponse *)(void *)survey_copy(&response->survey_fetch->base, arena);
    if (*ret_wave)
        return EXIT_CODE_OK;
    say_error(_("out of memory"));
    return EXIT_CODE_FAILED;
}

/* ------------------------------------------------------------------------------------------------------ the table */
static const struct action {
    const char *name, *operands; /* as they are asked for */
    size_t min, max;
    int (*run)(const struct arguments *arguments);
} actions[] = {
    {"check", "FILE", 1, 1, survey_check},
    {"design", "FILE", 0, 1, survey_design},
    {"wave", "WAVE", 1, 1, survey_wave},
    {"open", "WAVE", 1, 1, survey_move},
    {"pause", "WAVE", 1, 1, survey_move},
    {"resume", "WAVE", 1, 1, survey_move},
    {"extend", "WAVE", 1, 1, survey_move},
    {"close", "WAVE", 1, 1, survey_move},
    {"invite", "WAVE FILE", 2, 2, survey_invite},
    {"remind", "WAVE", 1, 1, survey_remind},
    {"status", "[WAVE]", 0, 1, survey_status},
    {"answer", "WAVE FILE", 2, 2, survey_answer},
    {"withdraw", "WAVE SEAT", 2, 2, survey_withdraw},
    {"export", "WAVE", 1, 1, survey_export},
    {"person", "WAVE SEAT", 2, 2, survey_person},
};

static int survey_run(const struct arguments *arguments)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        const struct action *action = &actions[i];
        if (strcmp(action->name, arguments->action) != 0)
            continue;
        if (arguments->operand_count >= action->min && arguments->operand_count <= action->max)
            return action->run(arguments);
        say_error(_("usage: samordning survey %s %s"), action->name, action->operands);
        return EXIT_CODE_USAGE;
    }
    return EXIT_CODE_USAGE; /* arguments_parse knows the same names */
}

static const struct option_row survey_options[] = {
    {"builtin", 0, NULL, N_("design: the questionnaire that comes with samordning"), NULL},
    {"check-only", 0, NULL, N_("design: let the daemon check it and store nothing"), NULL},
    {"instrument", 0, N_("KEY[:VERSION]"), N_("wave: the questionnaire (default: its newest version)"), NULL},
    {"title", 0, N_("LANGUAGE=TEXT"), N_("wave: its title, once for each language"), NULL},
    {"opens", 0, N_("TIME"), N_("wave: takes answers from then on, once it was opened"), NULL},
    {"closes", 0, N_("TIME"), N_("wave, extend: until then; a date means to its end"), NULL},
    {"anonymous", 0, N_("YES|NO"), N_("wave: at close, links and answers are parted for good"), "yes no"},
    {"free-text", 0, N_("YES|NO"), N_("wave: show items of free text"), "yes no"},
    {"sign-off", 0, N_("YES|NO"), N_("wave: answers count when the organisation's signer has agreed"), "yes no"},
    {"personal", 0, N_("YES|NO"), N_("wave: each answers for themselves (default), or one answer for the organisation"),
     "yes no"},
    {"minimum-cell", 0, N_("N"), N_("wave: nothing is published of fewer respondents (default 5)"), NULL},
    {"retention", 0, N_("DATE"), N_("wave: the last day personal data are kept"), NULL},
    {"earlier", 0, N_("WAVE"), N_("wave: the one before it, whose answers are offered by panel key"), NULL},
    {"on", 0, N_("DATE"), N_("wave: the day whose register the rosters show (default: when it opens)"), NULL},
    {"sender", 0, N_("NAME"), N_("wave: whom letters are from (default: the operator)"), NULL},
    {"invitation", 0, N_("LANGUAGE=FILE"), N_("wave: text of the invitation, once for each language"), NULL},
    {"reminder", 0, N_("LANGUAGE=FILE"), N_("wave: text of the reminder, once for each language"), NULL},
    {"links", 0, N_("FILE"), N_("invite: write the links there instead of sending letters"), "@file"},
    {"actor", 0, N_("ACTOR"), N_("remind: only these organisations, may be repeated; person: the organisation of the seat"),
     NULL},
    {"not-within", 0, N_("DAYS"), N_("remind: not those who had a letter so many days ago (default 3)"), NULL},
    {"watch", 0, N_("SECONDS"), N_("status: show it again so often, until interrupted"), NULL},
    {"draft", 0, NULL, N_("answer: keep the answers as a draft, not submitted"), NULL},
    {"language", 'l', N_("LANGUAGE"), N_("export: of the labels, nb (default), nn, en or se"), "nb nn en se"},
    {"directory", 'd', N_("DIR"), N_("export: the new folder to write"), "@directory"},
    {"erase", 0, NULL, N_("person: delete what is held"), NULL},
    {NULL},
};

extern const struct command command_survey;
const struct command command_survey = {
    .name = "survey",
    .summary = N_("ask people: questionnaires, waves, invitations, answers"),
    .actions = "check design wave open pause resume extend close invite remind status answer withdraw export person",
    .operands = N_("[WAVE] [FILE]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("check looks through a questionnaire (a JSON file) without the daemon and says what is wrong as lines "
                "FILE:LINE:COLUMN: FIELD: REASON, or with --format csv or json as a table whose column severity tells errors "
                "from what only keeps waves from opening. design stores it as the next version; a version never changes once a "
                "wave has opened with it.\n\n"
                "wave makes a wave, or changes the named fields of one that has not opened. Times are those of Oslo. open, "
                "pause, resume, extend and close move it on; an open wave closes by itself when its time has come. A wave "
                "cannot open while a text of its questionnaire lacks bokmål or nynorsk.\n\n"
                "invite reads a CSV file with the columns actor, address, language, level, panel and ref; only actor must be "
                "there. Each row is a seat for one respondent; ref is your own mark of it, unique in the wave. Letters with "
                "personal links go out once the wave is open, or the links are written to a file, which is to be kept as "
                "safe as passwords. Inviting the same rows again changes nothing. remind writes to those who have not "
                "answered, and only to them.\n\n"
                "status shows all waves, or one with the response of each organisation as it is now.\n\n"
                "answer sends the answers of one's own organisation: JSON as in the documentation, or CSV with the columns "
                "seat, item, target, state, value and text, a row for each value. withdraw takes a seat's answers back.\n\n"
                "export writes a new folder: answers as one long CSV file, a codebook as CSV and JSON, and programs for R and "
                "Python that read them with labels. person prints what is held about one seat, or deletes it.")},
            {N_("EXIT STATUS"), N_("check: 0 when nothing is wrong, 3 when something is, 7 when the file cannot be read.")},
            {N_("EXAMPLES"),
             N_("    samordning survey check questionnaire.json\n"
                "    samordning survey design --builtin\n"
                "    samordning survey wave difi-2027 --instrument samordning --title nb=\"Samordning 2027\" \\\n"
                "        --title nn=\"Samordning 2027\" --opens 2027-03-01 --closes 2027-03-19 --anonymous yes\n"
                "    samordning survey invite difi-2027 seats.csv\n"
                "    samordning survey open difi-2027\n"
                "    samordning survey status difi-2027\n"
                "    samordning survey remind difi-2027\n"
                "    samordning survey close difi-2027\n"
                "    samordning survey export difi-2027 --directory difi-2027-data\n")},
            {NULL}},
    .tables = {survey_options, option_import, option_output, option_sorting, option_connection, option_common},
    .run = survey_run,
};
