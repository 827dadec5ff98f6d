/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning actors import: a register of actors from CSV. */
#include "actors_import.h"
#include "arena.h"
#include "csv_reader.h"
#include "say.h"
#include "session.h"
#include "validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT_BATCH      500
#define IMPORT_BATCH_MAX  ((size_t)16 << 20)
#define IMPORT_LIST_MAX   1000 /* members or aliases of one actor */
#define IMPORT_FIELDS_MAX 16

typedef char *text_field; /* a string member of ActorRecord */

static const struct {
    const char *name;
    size_t offset;
    bool is_list;
} fields[IMPORT_FIELDS_MAX] = {
    {"key", offsetof(Samordning__V1__ActorRecord, key), false},
    {"kind", offsetof(Samordning__V1__ActorRecord, kind), false},
    {"name_nb", offsetof(Samordning__V1__ActorRecord, name_nb), false},
    {"name_nn", offsetof(Samordning__V1__ActorRecord, name_nn), false},
    {"name_en", offsetof(Samordning__V1__ActorRecord, name_en), false},
    {"name_se", offsetof(Samordning__V1__ActorRecord, name_se), false},
    {"abbreviation", offsetof(Samordning__V1__ActorRecord, abbreviation), false},
    {"orgnr", offsetof(Samordning__V1__ActorRecord, orgnr), false},
    {"mail_domain", offsetof(Samordning__V1__ActorRecord, mail_domain), false},
    {"parent", offsetof(Samordning__V1__ActorRecord, parent), false},
    {"sector", offsetof(Samordning__V1__ActorRecord, sector), false},
    {"valid_from", offsetof(Samordning__V1__ActorRecord, valid_from), false},
    {"valid_to", offsetof(Samordning__V1__ActorRecord, valid_to), false},
    {"members", offsetof(Samordning__V1__ActorRecord, members), true},
    {"aliases", offsetof(Samordning__V1__ActorRecord, aliases), true},
    {"source", offsetof(Samordning__V1__ActorRecord, source), false},
};

struct import {
    struct session session;
    const struct arguments *arguments;
    const char *file;
    int columns[IMPORT_FIELDS_MAX]; /* of the file; -1 = none */
    struct arena arena;
    Samordning__V1__ActorRecord *actors[IMPORT_BATCH];
    uint64_t lines[IMPORT_BATCH];
    size_t count;
    uint64_t stored, already, changed, rejected;
};

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

static bool check_maps(const struct arguments *arguments)
{
    const char *map;
    for (size_t i = 0; (map = arguments_nth(arguments, "map", i)); i++) {
        for (const char *entry = map; *entry;) {
            const char *stop = strchrnul(entry, ','), *equals = memchr(entry, '=', (size_t)(stop - entry));
            bool known = false;
            for (size_t k = 0; equals && k < IMPORT_FIELDS_MAX; k++)
                known |= strlen(fields[k].name) == (size_t)(equals - entry) &&
                         strncmp(entry, fields[k].name, (size_t)(equals - entry)) == 0;
            if (!known) {
                say_error(_("--map: \"%.*s\" is not of the form field=column with a field of an actor"), (int)(stop - entry),
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
    for (size_t k = 0; k < IMPORT_FIELDS_MAX; k++) {
        size_t size;
        const char *name = column_name(import->arguments, fields[k].name, &size);
        import->columns[k] = -1;
        for (size_t i = 0; i < header->count && size > 0; i++)
            if (header->fields[i].size == size && strncasecmp(header->fields[i].text, name, size) == 0)
                import->columns[k] = (int)i;
        if (import->columns[k] < 0 && size > 0 && name != fields[k].name) {
            say_error(_("%s: there is no column \"%.*s\""), import->file, (int)size, name);
            return false;
        }
    }
    bool named = false; /* key, a name, abbreviation or number */
    for (size_t k = 0; k < IMPORT_FIELDS_MAX; k++)
        named |= import->columns[k] >= 0 && (k == 0 || (k >= 2 && k <= 7));
    if (!named) {
        say_error(_("%s: the column \"name_nb\" is missing; name it with --map name_nb=COLUMN"), import->file);
        return false;
    }
    return true;
}

/* Members and aliases are separated by semicolons (or, where the file's columns are, by bars). */
static char **split_list(struct arena *arena, const struct csv_field *value, size_t *ret_count)
{
    size_t count = 0;
    char **list = arena_alloc(arena, IMPORT_LIST_MAX * sizeof *list);
    for (size_t at = 0; list && at < value->size && count < IMPORT_LIST_MAX;) {
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

static int send_batch(struct import *import)
{
    if (import->count == 0)
        return EXIT_CODE_OK;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__ActorImportRequest actors = SAMORDNING__V1__ACTOR_IMPORT_REQUEST__INIT;
    actors.actors = import->actors;
    actors.n_actors = import->count;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_ACTOR_IMPORT;
    request.actor_import = &actors;
    const Samordning__V1__Response *response;
    int code = session_call(&import->session, &request, &response);
    if (code != EXIT_CODE_OK)
        return code;
    size_t receipts =
        response->body_case == SAMORDNING__V1__RESPONSE__BODY_ACTOR_IMPORT ? response->actor_import->n_receipts : 0;
    for (size_t i = 0; i < receipts && i < import->count; i++) {
        const Samordning__V1__Receipt *receipt = response->actor_import->receipts[i];
        switch (receipt->state) {
        case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED:
            import->stored++;
            break;
        case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED:
            import->already++;
            break;
        case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CORRECTED:
            import->changed++;
            break;
        default:
            reject(import, import->lines[i], receipt->field, receipt->reason[0] ? receipt->reason : _("refused"));
        }
    }
    import->count = 0;
    arena_reset(&import->arena);
    return EXIT_CODE_OK;
}

static int add_row(struct import *import, const struct csv_row *row, size_t columns)
{
    if (row->count != columns) {
        char reason[100];
        snprintf(reason, sizeof reason, "%zu columns where the header has %zu", row->count, columns);
        reject(import, row->line, "", reason);
        return EXIT_CODE_OK;
    }
    Samordning__V1__ActorRecord *actor = arena_alloc(&import->arena, sizeof *actor);
    bool failed = !actor;
    if (actor)
        samordning__v1__actor_record__init(actor);
    const char *kind = arguments_text(import->arguments, "kind", NULL),
               *source = arguments_text(import->arguments, "source", NULL);
    if (actor && kind)
        actor->kind = (char *)(uintptr_t)kind;
    if (actor)
        actor->source = (char *)(uintptr_t)(source ? source : import->file);
    for (size_t k = 0; k < IMPORT_FIELDS_MAX && !failed; k++) {
        const struct csv_field *value = import->columns[k] >= 0 ? &row->fields[import->columns[k]] : NULL;
        if (!value || value->size == 0)
            continue;
        if (fields[k].is_list) {
            size_t count = 0;
            char **list = split_list(&import->arena, value, &count);
            failed = !list;
            if (strcmp(fields[k].name, "members") == 0)
                actor->members = list, actor->n_members = list ? count : 0;
            else
                actor->aliases = list, actor->n_aliases = list ? count : 0;
            continue;
        }
        char *text = arena_alloc(&import->arena, value->size + 1);
        failed = !text;
        if (text) {
            memcpy(text, value->text, value->size);
            text[value->size] = '\0';
            *(text_field *)((char *)actor + fields[k].offset) = text;
        }
    }
    if (failed) {
        say_error(_("out of memory"));
        return EXIT_CODE_FAILED;
    }
    if (!actor->key[0])
        actor->key = actor->orgnr[0] ? actor->orgnr : actor->abbreviation[0] ? actor->abbreviation : actor->name_nb;
    if (!actor->name_nb[0])
        actor->name_nb = actor->name_nn[0] ? actor->name_nn : actor->name_en[0] ? actor->name_en : actor->key;
    if (!actor->key[0])
        actor->key = actor->name_nb;
    if (!actor->kind[0])
        actor->kind = (char *)(uintptr_t) "other";
    if (actor->orgnr[0] && !validate_orgnr(actor->orgnr)) {
        reject(import, row->line, "orgnr", _("not an organisation number (nine digits, modulus 11)"));
        return EXIT_CODE_OK;
    }
    if (!actor->key[0]) {
        reject(import, row->line, "name_nb", _("is empty"));
        return EXIT_CODE_OK;
    }
    import->actors[import->count] = actor;
    import->lines[import->count++] = row->line;
    return import->count == IMPORT_BATCH || import->arena.used > IMPORT_BATCH_MAX / 2 ? send_batch(import) : EXIT_CODE_OK;
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
    return code == EXIT_CODE_OK ? send_batch(import) : code;
}

int actors_import(const struct arguments *arguments)
{
    if (arguments->operand_count == 0) {
        say_error(_("actors import needs a file, or - for standard input"));
        return EXIT_CODE_USAGE;
    }
    if (!check_maps(arguments))
        return EXIT_CODE_USAGE;
    struct import *import = calloc(1, sizeof *import);
    if (!import) {
        say_error(_("out of memory"));
        return EXIT_CODE_FAILED;
    }
    import->arguments = arguments;
    arena_init(&import->arena, IMPORT_BATCH_MAX);
    int code = EXIT_CODE_USAGE;
    if (session_open(&import->session, arguments, &(struct session_choices){0})) {
        code = EXIT_CODE_OK;
        for (size_t i = 0; i < arguments->operand_count && code == EXIT_CODE_OK; i++)
            code = read_file(import, arguments->operands[i]);
        session_close(&import->session);
        printf(_("actors: %llu stored, %llu already there, %llu changed, %llu rejected\n"), (unsigned long long)import->stored,
               (unsigned long long)import->already, (unsigned long long)import->changed, (unsigned long long)import->rejected);
        if (code == EXIT_CODE_OK && import->rejected > 0)
            code = EXIT_CODE_REJECTED;
    }
    arena_release(&import->arena);
    free(import);
    return code;
}
