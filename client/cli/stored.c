/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fetching and reading results that were kept. */
#include "stored.h"
#include "command.h"
#include "interaction_id.h"
#include "json.h"
#include "say.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STORED_ARENA_BUDGET ((size_t)1 << 32)

bool stored_is_id(const char *text)
{
    uint8_t bytes[INTERACTION_ID_SIZE];
    return interaction_id_parse(text, bytes) == STATUS_OK;
}

static void begin(struct stored *stored)
{
    *stored = (struct stored){.language = "", .media_type = "", .superseded_by = "", .superseded_reason = ""};
    arena_init(&stored->arena, STORED_ARENA_BUDGET);
    grid_init(&stored->grid);
}

void stored_release(struct stored *stored)
{
    samordning__v1__result__free_unpacked(stored->unpacked, NULL);
    stored->grid.result.card = NULL; /* the arena's */
    grid_release(&stored->grid);
    arena_release(&stored->arena);
    for (size_t i = 0; i < sizeof stored->texts / sizeof stored->texts[0]; i++)
        free(stored->texts[i]);
    free(stored->document.data);
    *stored = (struct stored){0};
}

static int no_memory(void)
{
    say_error(_("out of memory"));
    return EXIT_CODE_FAILED;
}

/* --------------------------------------------------------------------------------------------------- the daemon's */
int stored_fetch(struct stored *stored, struct session *session, const char *id, const char *format)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__ResultRequest wanted = SAMORDNING__V1__RESULT_REQUEST__INIT;
    const Samordning__V1__Response *response;
    begin(stored);
    wanted.id = (char *)(uintptr_t)id;
    wanted.format = (char *)(uintptr_t)format;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_RESULT;
    request.result = &wanted;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_RESULT, &response);
    if (code != EXIT_CODE_OK)
        return code;
    if (response->result->n_results != 1) {
        say_error(_("the daemon's answer makes no sense"));
        return EXIT_CODE_FAILED;
    }
    const Samordning__V1__StoredResult *found = response->result->results[0];
    stored->unpacked = samordning__v1__result__unpack(NULL, found->result.len, found->result.data);
    const char *const texts[] = {found->language, found->media_type, found->superseded_by, found->superseded_reason};
    bool whole = true;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        whole = (stored->texts[i] = strdup(texts[i])) != NULL && whole;
    stored->document.data = malloc(found->document.len + 1);
    if (!stored->unpacked || !whole || !stored->document.data)
        return no_memory();
    stored->document.len = found->document.len;
    if (found->document.len > 0)
        memcpy(stored->document.data, found->document.data, found->document.len);
    stored->result = stored->unpacked;
    stored->language = stored->texts[0];
    stored->media_type = stored->texts[1];
    stored->superseded_by = stored->texts[2];
    stored->superseded_reason = stored->texts[3];
    return EXIT_CODE_OK;
}

/* ------------------------------------------------------------------------------------------------------- a file's */
static bool is_text_column(const json_t *rows, const char *name)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) if (json_is_string(json_object_get(row, name))) return true;
    return false;
}

/* One table as render_json writes it. False: it is none. */
static bool read_table(struct grid *grid, const char *name, const json_t *table)
{
    const json_t *columns = json_object_get(table, "columns"), *rows = json_object_get(table, "rows");
    if (!json_is_array(columns) || !json_is_array(rows))
        return false;
    grid_table(grid, name);
    size_t c, r;
    json_t *column, *row;
    json_array_foreach(columns, c, column)
    {
        const char *title = json_string_value(json_object_get(column, "name"));
        if (!title)
            return false;
        bool is_text = is_text_column(rows, title);
        grid_column(grid, title, is_text);
        json_array_foreach(rows, r, row)
        {
            const json_t *cell = json_object_get(row, title);
            if (is_text)
                grid_text(grid, c, json_string_value(cell));
            else
                grid_number(grid, c, json_is_number(cell) ? json_number_value(cell) : NAN);
        }
    }
    return true;
}

static bool read_shown(struct stored *stored, const json_t *document)
{
    const char *name;
    json_t *table;
    json_object_foreach((json_t *)(uintptr_t)json_object_get(document, "tables"), name, table)
    {
        if (!read_table(&stored->grid, name, table))
            return false;
    }
    ProtobufCMessage *card = NULL;
    struct errmsg errmsg = {0};
    if (json_to_message(json_object_get(document, "card"), &samordning__v1__card__descriptor, &stored->arena, &card, &errmsg) !=
        STATUS_OK)
        return false;
    stored->grid.result.card = (Samordning__V1__Card *)(void *)card;
    stored->result = &stored->grid.result;
    return true;
}

/* As the worker writes it, and research.result.body has it. */
static bool read_message(struct stored *stored, const json_t *document)
{
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg = {0};
    if (json_to_message(document, &samordning__v1__result__descriptor, &stored->arena, &message, &errmsg) != STATUS_OK)
        return false;
    stored->result = (const Samordning__V1__Result *)(void *)message;
    return true;
}

int stored_read(struct stored *stored, const char *path)
{
    begin(stored);
    stored->is_file = true;
    json_error_t error;
    FILE *file = fopen(path, "re");
    json_t *document = file ? json_loadf(file, 0, &error) : NULL;
    int reason = errno;
    if (file)
        fclose(file);
    if (!file) {
        say_error(_("could not read %s: %s"), path, strerror(reason));
        return EXIT_CODE_INPUT;
    }
    bool good =
        document && json_is_object(json_object_get(document, "card")) &&
        (json_is_array(json_object_get(document, "tables")) ? read_message(stored, document) : read_shown(stored, document));
    json_decref(document);
    if (stored->grid.failed)
        return no_memory();
    if (good && stored->result->card && stored->result->card->family[0])
        return EXIT_CODE_OK;
    say_error(_("%s is not a result that --format json wrote"), path);
    return EXIT_CODE_INPUT;
}
