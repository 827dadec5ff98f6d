/* SPDX-License-Identifier: GPL-3.0-or-later
 * The options of submit, read and checked. */
#include "submit_options.h"
#include "civil_time.h"
#include "say.h"
#include "session.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define RETRY_FOR_DEFAULT_S 60
#define IN_FLIGHT_MAX       64
#define BATCH_MAX           100000

const struct option_row submit_option_rows[] = {
    {"input-format", 'i', N_("FORM"), N_("participation, edges or jsonl (default: what the first line shows)"),
     "participation edges jsonl"},
    {"map", 'm', N_("FIELD=COLUMN"),
     N_("the field is in this column; may be repeated or comma separated; FIELD= leaves it out"), NULL},
    {"set", 0, N_("FIELD=VALUE"), N_("for rows that have nothing in this field; may be repeated"), NULL},
    {"type", 't', N_("TYPE"), N_("the same as --set type=TYPE"), "meeting consultation hearing"},
    {"case", 0, N_("REFERENCE"), N_("the same as --set case=REFERENCE"), NULL},
    {"classification", 0, N_("GRADE"), N_("the same as --set classification=GRADE"), "open"},
    {"source", 0, N_("NAME"), N_("the system the file is from (default, for files with identifiers: the file's name)"), NULL},
    {"epoch", 0, N_("DATE"), N_("times are seconds since midnight of DATE in Oslo (or since a given time, or unix)"), NULL},
    {"time", 0, N_("UNIT"), N_("times are plain numbers: unix seconds or unix-ms, in UTC"), "unix unix-ms"},
    {"undirected", 'u', NULL, N_("edges of types that are not built in are meetings, not letters"), NULL},
    {"delimiter", 'd', N_("CHARACTER"), N_("between columns; \"tab\" for a tabulator (default: what the header shows)"), NULL},
    {"encoding", 0, N_("NAME"), N_("utf-8 (default) or latin1"), "utf-8 latin1"},
    {"correct", 0, NULL, N_("replace one's own earlier reports of the same ids; they are kept as history"), NULL},
    {"delivery", 0, N_("FROM..TO"), N_("the file is a complete account of these days (TO not included)"), NULL},
    {"all-actors", 0, NULL, N_("with --delivery: complete for all actors named, not only for one's own organisation"), NULL},
    {"dry-run", 'n', NULL, N_("read, map and check, but send nothing; needs no daemon"), NULL},
    {"rejects", 0, N_("FILE"),
     N_("list of what was not taken in (default FILE.rejected.csv, in the current folder when that of FILE is read-only; only "
        "when there is something)"),
     "@file"},
    {"ids", 0, N_("FILE"), N_("write id, line and identifier of each interaction as CSV"), "@file"},
    {"format", 'f', N_("FORMAT"), N_("of the summary: text (default) or json"), "text json"},
    {"progress", 0, N_("KIND"), N_("bar (default on a terminal), json (a line a second) or none"), "bar json none"},
    {"batch", 0, N_("N"), N_("interactions in a request (default 1000)"), NULL},
    {"in-flight", 0, N_("N"), N_("requests that may wait for an answer (default 4)"), NULL},
    {"retry-for", 0, N_("SECONDS"), N_("keep trying a daemon that is away (default 60)"), NULL},
    {"spool", 0, N_("DIR"), N_("where records wait (default: the bundle's folder below ~/.local/state/samordning/spool)"),
     "@directory"},
    {"no-spool", 0, NULL, N_("keep nothing on disk"), NULL},
    {NULL},
};

const struct section submit_sections[] = {
    {N_("DESCRIPTION"), N_("Reads files (- is standard input), gives each interaction its id, checks it with the rules the "
                           "daemon has, and sends it. The "
                           "same file submitted again stores nothing new. Records the daemon has not acknowledged wait in the "
                           "spool. What cannot be taken "
                           "in is listed with file, line, field, reason and the row as it stood; everything else is kept. gzip "
                           "and zstd are read as they "
                           "are.")},
    {N_("FILES"), N_("Participations: a CSV file with a row for each interaction and participant. Needed are interaction, "
                     "type, time and actor; known "
                     "are also case, stage, end, level, resolved_level, weight, source, source_id, classification, id, role, "
                     "received, deadline, "
                     "deadline_agreed, replied, reply_status and outcome. Rows with the same interaction are one interaction; "
                     "they may lie apart by "
                     "up to 1,000,000 rows. What belongs to the interaction must not differ between its rows.\n\n"
                     "Edges: a CSV file with source, target and time, and perhaps type and weight. In a meeting both take "
                     "part; otherwise the "
                     "source is the sender, the target the addressee. With a column for interaction, rows with the same value "
                     "are one interaction "
                     "of many. Fields of the participant are about the target; system is where the file is from.\n\n"
                     "JSON Lines: an interaction a line, in the JSON form of the protocol's message.\n\n"
                     "Terms (stage, role, outcome, ...) may be written in English, bokmål or nynorsk. Columns that are not "
                     "known are left alone.")},
    {N_("TIMES"), N_("2014-03-01T09:30 (also with seconds, fractions, Z or +01:00), 2014-03-01, 2014-03, 01.03.2014 and "
                     "01.03.2014 09:30; without "
                     "an offset they are Oslo's. A day or a month as a deadline lasts until its end. Plain numbers are refused "
                     "unless it is said what "
                     "they count: --epoch DATE counts seconds from that day's midnight in Oslo, --epoch 2015-06-22T00:00Z from "
                     "that moment; --time "
                     "unix counts from 1970 in UTC, which is an hour later than Oslo's midnight of that day.")},
    {N_("IDS"), N_("An interaction with an identifier (interaction, or source and source_id) has an id made of its time, "
                   "source and identifier: the "
                   "same event reported by two organisations is one interaction with two witnesses if both name the same "
                   "source. Without an "
                   "identifier the id is made of the whole row, and identical rows are told apart by their number. So the "
                   "source must stay the "
                   "same when a file is submitted again: it is the file's name without folder and endings, or --source NAME.")},
    {N_("EXAMPLES"),
     N_("    samordning submit interactions-2025.csv\n"
        "    samordning submit --dry-run --map actor=Korrespondansepart,time=Dato journal.csv\n"
        "    samordning submit --map time=t,source=i,target=j --epoch 2015-06-22 --type meeting contacts.csv.gz\n"
        "    samordning submit --map interaction=meeting_id,time=start,source=department,target=organisation \\\n"
        "                      --type meeting meetings.csv.gz\n"
        "    samordning submit --map time=t --time unix mathoverflow-events.csv.gz\n"
        "    samordning submit --delivery 2025-01-01..2026-01-01 interactions-2025.csv\n")},
    {NULL, NULL},
};

static bool read_repeated(const struct arguments *arguments, const char *name, const char *list[SOURCE_MAPS_MAX],
                          size_t *ret_count)
{
    const char *text;
    for (*ret_count = 0; (text = arguments_nth(arguments, name, *ret_count)); (*ret_count)++) {
        if (*ret_count == SOURCE_MAPS_MAX - 3) { /* room for the shorthands */
            say_error(_("--%s: more than %d of them"), name, SOURCE_MAPS_MAX - 3);
            return false;
        }
        list[*ret_count] = text;
    }
    return true;
}

static bool read_shorthands(struct submit_options *options, const struct arguments *arguments)
{
    static const char *const names[] = {"type", "case", "classification"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = arguments_text(arguments, names[i], NULL);
        if (!text)
            continue;
        int wrote = snprintf(options->shorthand[i], sizeof options->shorthand[i], "%s=%s", names[i], text);
        if (wrote >= (int)sizeof options->shorthand[i]) {
            say_error(_("--%s is too long"), names[i]);
            return false;
        }
        options->source.constants[options->source.constant_count++] = options->shorthand[i];
    }
    return true;
}

static bool read_form(struct submit_options *options, const struct arguments *arguments)
{
    static const char *const formats[] = {"participation", "edges", "jsonl", NULL},
                             *const encodings[] = {"utf-8", "latin1", NULL}, *const times[] = {"unix", "unix-ms", NULL};
    int format = arguments_choice(arguments, "input-format", formats, -2);
    int encoding = arguments_choice(arguments, "encoding", encodings, 0);
    int time_unit = arguments_choice(arguments, "time", times, -2);
    const char *delimiter = arguments_text(arguments, "delimiter", NULL);
    if (format == -1 || encoding == -1 || time_unit == -1)
        return false;
    options->source.format = format < 0 ? SOURCE_FORMAT_DETECT : (enum source_format)(SOURCE_FORMAT_PARTICIPATION + format);
    options->source.latin1 = encoding == 1;
    options->source.time = time_unit < 0 ? SOURCE_TIME_CIVIL : (enum source_time)(SOURCE_TIME_UNIX + time_unit);
    options->source.epoch = arguments_text(arguments, "epoch", NULL);
    for (int i = 0; options->source.epoch && times[i]; i++) {
        if (strcmp(options->source.epoch, times[i]) != 0)
            continue; /* --epoch unix is --time unix */
        options->source.epoch = NULL;
        time_unit = i;
        options->source.time = (enum source_time)(SOURCE_TIME_UNIX + i);
    }
    if (options->source.epoch && time_unit >= 0) {
        say_error(_("give either --epoch or --time"));
        return false;
    }
    if (delimiter && strcmp(delimiter, "tab") != 0 && (strlen(delimiter) != 1 || strchr("\"\r\n", delimiter[0]))) {
        say_error(_("--delimiter: \"%s\" is not one character"), delimiter);
        return false;
    }
    if (delimiter)
        options->source.delimiter = strcmp(delimiter, "tab") == 0 ? '\t' : delimiter[0];
    options->source.undirected = arguments_has(arguments, "undirected");
    options->source.name = arguments_text(arguments, "source", NULL);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    options->source.now_us = (int64_t)now.tv_sec * 1000000;
    return true;
}

static bool read_delivery(struct submit_options *options, const struct arguments *arguments)
{
    const char *text = arguments_text(arguments, "delivery", NULL);
    options->delivery_all_actors = arguments_has(arguments, "all-actors");
    if (!text) {
        if (options->delivery_all_actors)
            say_error(_("--all-actors goes with --delivery"));
        return !options->delivery_all_actors;
    }
    const char *dots = strstr(text, "..");
    int32_t from, to;
    if (dots && dots - text < 16 && strlen(dots + 2) < 16) {
        snprintf(options->delivery_from, sizeof options->delivery_from, "%.*s", (int)(dots - text), text);
        snprintf(options->delivery_to, sizeof options->delivery_to, "%s", dots + 2);
        if (civil_day_parse(options->delivery_from, &from) == STATUS_OK &&
            civil_day_parse(options->delivery_to, &to) == STATUS_OK && from < to)
            return true;
    }
    say_error(_("--delivery: \"%s\" is not of the form 2025-01-01..2026-01-01"), text);
    return false;
}

static bool read_sending(struct submit_options *options, const struct arguments *arguments)
{
    static const char *const kinds[] = {"none", "bar", "json", NULL}, *const summaries[] = {"text", "json", NULL};
    uint64_t batch, in_flight;
    int json = arguments_choice(arguments, "format", summaries, 0);
    int progress = arguments_choice(arguments, "progress", kinds, say_is_terminal() ? PROGRESS_BAR : PROGRESS_NONE);
    if (json < 0 || progress < 0 || !arguments_number(arguments, "batch", 0, 1, BATCH_MAX, &batch) ||
        !arguments_number(arguments, "in-flight", 0, 1, IN_FLIGHT_MAX, &in_flight) ||
        !arguments_number(arguments, "retry-for", RETRY_FOR_DEFAULT_S, 0, UINT32_MAX, &options->retry_for_s))
        return false;
    options->json = json == 1;
    options->progress = (enum progress_kind)progress;
    options->batch = (unsigned)batch;
    options->in_flight = (unsigned)in_flight;
    options->correct = arguments_has(arguments, "correct");
    options->dry_run = arguments_has(arguments, "dry-run");
    options->ids = arguments_text(arguments, "ids", NULL);
    if (arguments_has(arguments, "no-spool"))
        return true;
    session_default_spool(arguments, options->spool_path, sizeof options->spool_path);
    options->spool = arguments_text(arguments, "spool", options->spool_path);
    if (!options->spool[0])
        options->spool = NULL;
    return true;
}

bool submit_options_read(struct submit_options *options, const struct arguments *arguments)
{
    *options = (struct submit_options){0};
    if (arguments->operand_count == 0) {
        say_error(_("submit needs a file, or - for standard input"));
        return false;
    }
    return read_repeated(arguments, "map", options->source.maps, &options->source.map_count) &&
           read_repeated(arguments, "set", options->source.constants, &options->source.constant_count) &&
           read_shorthands(options, arguments) && read_form(options, arguments) && read_delivery(options, arguments) &&
           read_sending(options, arguments);
}
