/* SPDX-License-Identifier: GPL-3.0-or-later
 * CSV files to import requests, for every kind of record. */
#include "arena.h"
#include "command.h"
#include "csv_reader.h"
#include "records.h"
#include "say.h"
#include "session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT_BATCH      500
#define IMPORT_BATCH_MAX  ((size_t)16 << 20)
#define IMPORT_HELD_MAX   ((size_t)256 << 20) /* of a file whose records refer to each other */
#define IMPORT_LIST_MAX   1000                /* entries of one list */
#define IMPORT_FIELDS_MAX 32
#define IMPORT_NUMBER_MAX 64 /* characters */

struct batch {
    ProtobufCMessage *records[IMPORT_BATCH];
    uint64_t lines[IMPORT_BATCH];
    size_t count;
};
struct import {
    const struct record_kind *kind;
    struct session session;
    const struct arguments *arguments;
    const char *file;
    int columns[IMPORT_FIELDS_MAX]; /* of the file; -1 = none */
    struct arena arena;
    struct batch batch;
    struct record_receipt receipts[IMPORT_BATCH];
    ProtobufCMessage **held; /* those that come last */
    uint64_t *held_lines;
    size_t held_count, held_room;
    uint64_t stored, already, changed, rejected;
};

static unsigned field_count(const struct record_kind *kind)
{
    return kind->record->n_fields < IMPORT_FIELDS_MAX ? kind->record->n_fields : IMPORT_FIELDS_MAX;
}

static const char *field_name(const struct record_kind *kind, unsigned field)
{
    return kind->record->fields[field].name;
}

/* What --map says of a field, else the field's own name. */
static const char *column_name(const struct arguments *arguments, const char *field, size_t *ret_size)
{
    const char *map;
    for (size_t i = 0; (map = arguments_nth(arguments, "map", i)); i++) {
        for (const char *entry = map; *entry;) {
            const char *stop = strchrnul(entry, ','), *equals = memchr(entry, '=', (size_t)(stop - entry));
            if (equals && strlen(field) == (size_t)(equals - entry) && strncmp(entry, field, strlen(field)) == 0) {
                *ret_size = (size_t)(stop - equals - 1);
                return equals + 1;
            }
            entry = *stop ? stop + 1 : stop;
        }
    }
    *ret_size = strlen(field);
    return field;
}

static bool check_maps(const struct arguments *arguments, const struct record_kind *kind)
{
    const char *map;
    for (size_t i = 0; (map = arguments_nth(arguments, "map", i)); i++) {
        for (const char *entry = map; *entry;) {
            const char *stop = strchrnul(entry, ','), *equals = memchr(entry, '=', (size_t)(stop - entry));
            bool known = false;
            for (unsigned k = 0; equals && k < field_count(kind); k++)
                known |= strlen(field_name(kind, k)) == (size_t)(equals - entry) &&
                         strncmp(entry, field_name(kind, k), (size_t)(equals - entry)) == 0;
            if (!known) {
                say_error(_("--map: \"%.*s\" is not of the form field=column with a field of a record"), (int)(stop - entry),
                          entry);
                return false;
            }
            entry = *stop ? stop + 1 : stop;
        }
    }
    return true;
}

static bool bind_columns(struct import *import, const struct csv_row *header)
{
    const struct record_kind *kind = import->kind;
    bool named = false;
    for (unsigned k = 0; k < field_count(kind); k++) {
        size_t size;
        const char *field = field_name(kind, k), *name = column_name(import->arguments, field, &size);
        import->columns[k] = -1;
        for (size_t i = 0; i < header->count && size > 0; i++)
            if (header->fields[i].size == size && strncasecmp(header->fields[i].text, name, size) == 0)
                import->columns[k] = (int)i;
        if (import->columns[k] < 0 && size > 0 && name != field) {
            say_error(_("%s: there is no column \"%.*s\""), import->file, (int)size, name);
            return false;
        }
        for (size_t i = 0; kind->any[i]; i++)
            named |= import->columns[k] >= 0 && strcmp(kind->any[i], field) == 0;
    }
    if (!named)
        say_error(_("%s: the column \"%s\" is missing; name it with --map %s=COLUMN"), import->file, kind->any[0],
                  kind->any[0]);
    return named;
}

/* Entries of a list are separated by semicolons (or, where the file's columns are, by bars). */
static char **split_list(struct arena *arena, const struct csv_field *value, size_t *ret_count)
{
    size_t count = 0, room = 1;
    for (size_t at = 0; at < value->size && room < IMPORT_LIST_MAX; at++)
        room += value->text[at] == ';' || value->text[at] == '|';
    char **list = arena_alloc(arena, room * sizeof *list);
    for (size_t at = 0; list && at < value->size && count < room;) {
        size_t end = at;
        while (end < value->size && value->text[end] != ';' && value->text[end] != '|')
            end++;
        size_t first = at, last = end;
        while (first < last && value->text[first] == ' ')
            first++;
        while (last > first && value->text[last - 1] == ' ')
            last--;
        if (last > first) {
            char *item = arena_alloc(arena, last - first + 1);
            if (!item)
                return NULL;
            memcpy(item, value->text + first, last - first);
            item[last - first] = '\0';
            list[count++] = item;
        }
        at = end + 1;
    }
    *ret_count = count;
    return list;
}

static void reject(struct import *import, uint64_t line, const char *field, const char *reason)
{
    fprintf(stderr, "%s:%llu: %s%s%s\n", import->file, (unsigned long long)line, field, field[0] ? ": " : "", reason);
    import->rejected++;
}

/* The receipts of an answer to an import. */
static Samordning__V1__Receipt **receipts_of(const Samordning__V1__Response *response, size_t *ret_count)
{
    if (response->body_case == SAMORDNING__V1__RESPONSE__BODY_ACTOR_IMPORT) {
        *ret_count = response->actor_import->n_receipts;
        return response->actor_import->receipts;
    }
    bool imported = response->body_case == SAMORDNING__V1__RESPONSE__BODY_CASE_IMPORT ||
                    response->body_case == SAMORDNING__V1__RESPONSE__BODY_NEED_IMPORT ||
                    response->body_case == SAMORDNING__V1__RESPONSE__BODY_REORGANISATION_IMPORT;
    *ret_count = imported ? response->case_import->n_receipts : 0; /* one type, so one member of the union */
    return imported ? response->case_import->receipts : NULL;
}

static int send_import(const struct record_kind *kind, struct session *session, ProtobufCMessage **records, size_t sent,
                       struct record_receipt *ret_receipts)
{
    /* Import requests begin with their list of records; every body is the same union of pointers. */
    const ProtobufCFieldDescriptor *list = &kind->import->fields[0];
    union {
        Samordning__V1__ActorImportRequest actors;
        Samordning__V1__CaseImportRequest cases;
        Samordning__V1__NeedImportRequest need;
        Samordning__V1__ReorganisationImportRequest reorganisations;
    } body;
    protobuf_c_message_init(kind->import, &body);
    memcpy((char *)&body + list->quantifier_offset, &sent, sizeof sent);
    memcpy((char *)&body + list->offset, &records, sizeof records);
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    request.body_case = kind->import_body;
    request.actor_import = &body.actors;
    const Samordning__V1__Response *response;
    int code = session_call(session, &request, &response);
    if (code != EXIT_CODE_OK)
        return code;
    size_t count;
    Samordning__V1__Receipt **receipts = receipts_of(response, &count);
    for (size_t i = 0; i < count && i < sent; i++) {
        switch (receipts[i]->state) {
        case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED:
            ret_receipts[i].outcome = RECORD_STORED;
            break;
        case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED:
            ret_receipts[i].outcome = RECORD_ALREADY;
            break;
        case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CORRECTED:
            ret_receipts[i].outcome = RECORD_CHANGED;
            break;
        default:
            ret_receipts[i].problem = (struct record_problem){receipts[i]->field, receipts[i]->reason};
        }
    }
    return EXIT_CODE_OK;
}

static int send_batch(struct import *import)
{
    struct batch *batch = &import->batch;
    if (batch->count == 0)
        return EXIT_CODE_OK;
    for (size_t i = 0; i < batch->count; i++)
        import->receipts[i] = (struct record_receipt){RECORD_REJECTED, { "", "" }};
    int code = (import->kind->send ? import->kind->send : send_import)(import->kind, &import->session, batch->records,
                                                                       batch->count, import->receipts);
    if (code != EXIT_CODE_OK)
        return code;
    for (size_t i = 0; i < batch->count; i++) {
        const struct record_receipt *receipt = &import->receipts[i];
        import->stored += receipt->outcome == RECORD_STORED;
        import->already += receipt->outcome == RECORD_ALREADY;
        import->changed += receipt->outcome == RECORD_CHANGED;
        if (receipt->outcome == RECORD_REJECTED)
            reject(import, batch->lines[i], receipt->problem.field,
                   receipt->problem.reason[0] ? receipt->problem.reason : _("refused"));
    }
    batch->count = 0;
    if (!import->kind->refers)
        arena_reset(&import->arena);
    return EXIT_CODE_OK;
}

static int take_record(struct import *import, ProtobufCMessage *record, uint64_t line)
{
    import->batch.records[import->batch.count] = record;
    import->batch.lines[import->batch.count++] = line;
    bool full = import->batch.count == IMPORT_BATCH || (!import->kind->refers && import->arena.used > IMPORT_BATCH_MAX / 2);
    return full ? send_batch(import) : EXIT_CODE_OK;
}

static int hold_record(struct import *import, ProtobufCMessage *record, uint64_t line)
{
    if (import->held_count == import->held_room) {
        size_t room = import->held_room ? 2 * import->held_room : 256;
        ProtobufCMessage **held = realloc(import->held, room * sizeof(ProtobufCMessage *));
        import->held = held ? held : import->held;
        uint64_t *lines = held ? realloc(import->held_lines, room * sizeof *lines) : NULL;
        if (!lines) {
            say_error(_("out of memory"));
            return EXIT_CODE_FAILED;
        }
        import->held_lines = lines;
        import->held_room = room;
    }
    import->held[import->held_count] = record;
    import->held_lines[import->held_count++] = line;
    return EXIT_CODE_OK;
}

static int send_rest(struct import *import)
{
    int code = send_batch(import);
    for (size_t i = 0; i < import->held_count && code == EXIT_CODE_OK; i++)
        code = take_record(import, import->held[i], import->held_lines[i]);
    import->held_count = 0;
    if (code == EXIT_CODE_OK)
        code = send_batch(import);
    arena_reset(&import->arena);
    return code;
}

/* One value into its field. False: out of memory, or *ret_reason says what is wrong with it. */
static bool set_field(struct arena *arena, const ProtobufCFieldDescriptor *field, const struct csv_field *value, char *record,
                      const char **ret_reason)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = 0;
        char **list = split_list(arena, value, &count);
        memcpy(record + field->offset, &list, sizeof list);
        memcpy(record + field->quantifier_offset, &count, sizeof count);
        return list != NULL;
    }
    char *text = arena_alloc(arena, value->size + 1);
    if (!text)
        return false;
    memcpy(text, value->text, value->size);
    text[value->size] = '\0';
    if (field->type != PROTOBUF_C_TYPE_DOUBLE) {
        memcpy(record + field->offset, &text, sizeof text);
        return true;
    }
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end || !isfinite(number) || value->size > IMPORT_NUMBER_MAX) {
        *ret_reason = _("is not a number");
        return false;
    }
    memcpy(record + field->offset, &number, sizeof number);
    return true;
}

static int add_row(struct import *import, const struct csv_row *row, size_t columns)
{
    const struct record_kind *kind = import->kind;
    if (row->count != columns) {
        char reason[100];
        snprintf(reason, sizeof reason, "%zu columns where the header has %zu", row->count, columns);
        reject(import, row->line, "", reason);
        return EXIT_CODE_OK;
    }
    ProtobufCMessage *record = arena_alloc(&import->arena, kind->record->sizeof_message);
    bool whole = record != NULL;
    if (whole)
        protobuf_c_message_init(kind->record, record);
    struct record_problem problem = {NULL, NULL};
    for (unsigned k = 0; k < field_count(kind) && whole; k++) {
        const struct csv_field *value = import->columns[k] >= 0 ? &row->fields[import->columns[k]] : NULL;
        if (value && value->size > 0 &&
            !set_field(&import->arena, &kind->record->fields[k], value, (char *)record, &problem.reason)) {
            problem.field = field_name(kind, k);
            whole = false;
        }
    }
    if (!whole && !problem.reason) {
        say_error(_("out of memory"));
        return EXIT_CODE_FAILED;
    }
    if (!whole || (kind->complete && !kind->complete(record, import->arguments, import->file, &problem))) {
        reject(import, row->line, problem.field, problem.reason);
        return EXIT_CODE_OK;
    }
    return kind->refers && kind->refers(record) ? hold_record(import, record, row->line)
                                                : take_record(import, record, row->line);
}

static int read_file(struct import *import, const char *path)
{
    struct errmsg errmsg = {0};
    struct input *input;
    struct csv_reader *csv = NULL;
    struct csv_row row;
    const char *delimiter = arguments_text(import->arguments, "delimiter", NULL);
    if (input_open(path, arguments_text(import->arguments, "encoding", NULL) != NULL, &input, &errmsg) != STATUS_OK ||
        csv_reader_create(input, delimiter ? (strcmp(delimiter, "tab") == 0 ? '\t' : delimiter[0]) : 0, &csv) != STATUS_OK) {
        say_error("%s", errmsg.text[0] ? errmsg.text : _("out of memory"));
        return EXIT_CODE_INPUT;
    }
    const char *slash = strrchr(path, '/');
    import->file = slash ? slash + 1 : path;
    int code = EXIT_CODE_INPUT;
    enum csv_state state = csv_reader_next(csv, &row, &errmsg);
    if (state != CSV_ROW)
        say_error("%s: %s", path, state == CSV_END ? _("the file is empty") : state == CSV_BAD ? row.reason : errmsg.text);
    else if (bind_columns(import, &row))
        code = EXIT_CODE_OK;
    size_t columns = row.count;
    while (code == EXIT_CODE_OK && (state = csv_reader_next(csv, &row, &errmsg)) != CSV_END) {
        if (state == CSV_FAILED) {
            say_error("%s: %s", path, errmsg.text);
            code = EXIT_CODE_INPUT;
        } else if (state == CSV_BAD) {
            reject(import, row.line, "", row.reason);
        } else {
            code = add_row(import, &row, columns);
        }
    }
    csv_reader_destroy(csv);
    return code == EXIT_CODE_OK ? send_rest(import) : code;
}

int records_import(const struct arguments *arguments, const struct record_kind *kind)
{
    if (arguments->operand_count == 0) {
        say_error(_("%s import needs a file, or - for standard input"), kind->command);
        return EXIT_CODE_USAGE;
    }
    if (!check_maps(arguments, kind))
        return EXIT_CODE_USAGE;
    struct import *import = calloc(1, sizeof *import);
    if (!import) {
        say_error(_("out of memory"));
        return EXIT_CODE_FAILED;
    }
    import->kind = kind;
    import->arguments = arguments;
    arena_init(&import->arena, kind->refers ? IMPORT_HELD_MAX : IMPORT_BATCH_MAX);
    int code = EXIT_CODE_USAGE;
    if (session_open(&import->session, arguments, &(struct session_choices){0})) {
        code = EXIT_CODE_OK;
        for (size_t i = 0; i < arguments->operand_count && code == EXIT_CODE_OK; i++)
            code = read_file(import, arguments->operands[i]);
        session_close(&import->session);
        printf(_("%s: %llu stored, %llu already there, %llu changed, %llu rejected\n"), gettext(kind->noun),
               (unsigned long long)import->stored, (unsigned long long)import->already, (unsigned long long)import->changed,
               (unsigned long long)import->rejected);
        if (code == EXIT_CODE_OK && import->rejected > 0)
            code = EXIT_CODE_REJECTED;
    }
    arena_release(&import->arena);
    free(import->held);
    free(import->held_lines);
    free(import);
    return code;
}
