/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file of interactions, read one interaction at a time. */
#include "source.h"
#include "columns.h"
#include "csv_reader.h"
#include "interaction_id.h"
#include "json.h"
#include "row.h"
#include "row_order.h"
#include "tally.h"
#include "validate.h"
#include "vocabulary.h"
#include "window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_RECORD_BYTES_MAX ((size_t)16 << 20) /* one interaction, unpacked */

struct source {
    struct source_options options;
    struct validate_limits limits;
    struct csv_reader *csv;
    struct columns columns;
    struct row_reader *reader;
    struct window *window; /* rows are grouped; NULL = each row is an interaction */
    struct arena arena;    /* of one interaction that is not grouped */
    struct tally copies;
    char name[256];
    uint64_t rows;
    /* the row that waits for the window to be drained */
    struct csv_row row;
    struct csv_field values[FIELD_COUNT + 1];
    bool waiting, draining, ended;
    struct errmsg errmsg;
    /* one interaction of two ends, not grouped */
    Samordning__V1__Interaction interaction;
    Samordning__V1__Participant ends[2];
    Samordning__V1__Participant *end_pointers[2];
    uint8_t id[INTERACTION_ID_SIZE];
};

/* The file's name without folders and without the endings that say how it is packed. */
static void name_of(const char *path, char *ret_name, size_t size)
{
    static const char *const endings[] = {".gz", ".zst", ".zstd", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json"};
    const char *slash = strrchr(path, '/');
    snprintf(ret_name, size, "%s", strcmp(path, "-") == 0 ? "stdin" : slash ? slash + 1 : path);
    for (bool cut = true; cut;) {
        cut = false;
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
            size_t length = strlen(ret_name), ending = strlen(endings[i]);
            if (length > ending && strcmp(ret_name + length - ending, endings[i]) == 0) {
                ret_name[length - ending] = '\0';
                cut = true;
            }
        }
    }
    ret_name[validate_utf8_prefix(ret_name, strlen(ret_name))] = '\0';
}

static char guess_delimiter(const char *text, size_t size)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        quoted ^= text[i] == '"';
        commas += !quoted && text[i] == ',';
        semicolons += !quoted && text[i] == ';';
        tabs += !quoted && text[i] == '\t';
    }
    if (tabs > commas && tabs >= semicolons)
        return '\t';
    return semicolons > commas ? ';' : ',';
}

static size_t choose_window(const struct source *source, const char *path)
{
    if (source->options.window_rows > 0)
        return source->options.window_rows;
    const struct input *input = csv_reader_input(source->csv);
    if (!input_can_be_read_twice(input) || input_total(input) < SOURCE_SCAN_BYTES_MIN)
        return SOURCE_WINDOW_ROWS;
    size_t column = 0;
    while (column < source->columns.count && source->columns.field_of[column] != FIELD_INTERACTION)
        column++;
    return row_order_is_together(path, source->options.latin1, csv_reader_delimiter(source->csv), column, source->columns.count)
               ? 1
               : SOURCE_WINDOW_ROWS;
}

static enum status open_rows(struct source *source, const char *path, struct errmsg *errmsg)
{
    struct csv_row header;
    enum csv_state state = csv_reader_next(source->csv, &header, errmsg);
    if (state == CSV_BAD)
        errmsg_set(errmsg, "", "line %llu, the header: %s", (unsigned long long)header.line, header.reason);
    if (state != CSV_ROW)
        return STATUS_INVALID;
    if (memchr(header.text, '\r', header.size)) {
        errmsg_set(errmsg, "", "the lines end in CR alone, as on old Macs: convert them to LF");
        return STATUS_INVALID;
    }
    enum status status = columns_init(&source->columns, &header, &source->options, errmsg);
    if (status == STATUS_OK)
        status = row_reader_create(&source->columns, &source->options, source->name, &source->reader, errmsg);
    if (status == STATUS_OK && source->columns.has[FIELD_INTERACTION])
        status = window_create(choose_window(source, path), &source->limits, &source->window);
    return status;
}

static enum status open_csv(struct source *source, const char *path, struct errmsg *errmsg)
{
    struct input *input;
    enum status status = input_open(path, source->options.latin1, &input, errmsg);
    if (status != STATUS_OK)
        return status;
    status = csv_reader_create(input, source->options.delimiter, &source->csv);
    if (status != STATUS_OK)
        return status;
    const char *text;
    size_t size;
    do {
        if (!csv_reader_peek(source->csv, &text, &size, errmsg)) {
            if (errmsg && !errmsg->text[0])
                errmsg_set(errmsg, "", "the file is empty");
            return STATUS_INVALID;
        }
        if (size > 0)
            break;
        struct csv_row blank;
        if (csv_reader_next_line(source->csv, &blank, errmsg) != CSV_ROW) {
            if (errmsg && !errmsg->text[0])
                errmsg_set(errmsg, "", "the file is empty");
            return STATUS_INVALID;
        }
    } while (true);
    if (source->options.format == SOURCE_FORMAT_DETECT && text[0] == '{')
        source->options.format = SOURCE_FORMAT_JSON_LINES;
    if (!source->options.delimiter)
        csv_reader_set_delimiter(source->csv, guess_delimiter(text, size));
    return STATUS_OK;
}

enum status source_open(const char *path, const struct source_options *options, struct source **ret_source,
                        struct errmsg *ret_errmsg)
{
    struct errmsg local = {0};
    struct source *source = calloc(1, sizeof *source);
    if (!source)
        return STATUS_NO_MEMORY;
    source->options = *options;
    arena_init(&source->arena, SOURCE_RECORD_BYTES_MAX);
    validate_limits_default(&source->limits, options->now_us);
    name_of(path, source->name, sizeof source->name);
    enum status status = open_csv(source, path, &local);
    if (status == STATUS_OK && source->options.format != SOURCE_FORMAT_JSON_LINES)
        status = open_rows(source, path, &local);
    if (status != STATUS_OK) {
        if (!local.text[0])
            errmsg_set(&local, "", "%s", status_text(status));
        if (ret_errmsg)
            *ret_errmsg = local;
        source_close(source);
        return status;
    }
    if (source->options.format != SOURCE_FORMAT_JSON_LINES)
        source->options.format = source->columns.format;
    *ret_source = source;
    return STATUS_OK;
}

void source_close(struct source *source)
{
    if (!source)
        return;
    row_reader_destroy(source->reader);
    columns_release(&source->columns);
    window_destroy(source->window);
    csv_reader_destroy(source->csv);
    arena_release(&source->arena);
    tally_release(&source->copies);
    free(source);
}

static enum source_state out_of_memory(struct errmsg *errmsg)
{
    errmsg_set(errmsg, "", "out of memory");
    return SOURCE_FAILED;
}

/* A graded row's text goes nowhere, whatever it was refused for. */
static bool is_graded(const struct source *source)
{
    const struct csv_field *value = &source->values[FIELD_CLASSIFICATION];
    if (value->size == 0)
        return false;
    const struct vocabulary_term *term = vocabulary_by_name(VOCABULARY_CLASSIFICATION, value->text, value->size);
    return !term || term->code > SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_OPEN;
}

static enum source_state reject_row(struct source *source, bool withheld, struct source_item *item)
{
    item->rejection = (struct source_rejection){
        .line = source->row.line, .field = source->errmsg.field, .reason = source->errmsg.text, .withheld = withheld};
    if (!withheld) {
        item->rejection.text = source->row.text;
        item->rejection.text_size = source->row.size;
    }
    return SOURCE_REJECTED;
}

/* The next data row into source->row and source->values. SOURCE_INTERACTION: there is one. */
static enum source_state take_row(struct source *source, struct source_item *item, struct errmsg *errmsg)
{
    enum csv_state state = csv_reader_next(source->csv, &source->row, errmsg);
    if (state == CSV_END)
        return SOURCE_END;
    if (state == CSV_FAILED)
        return SOURCE_FAILED;
    source->rows++;
    if (state == CSV_BAD) {
        errmsg_set(&source->errmsg, "", "%s", source->row.reason);
        return reject_row(source, false, item);
    }
    if (!columns_values(&source->columns, &source->row, source->values)) {
        errmsg_set(&source->errmsg, "", "%zu columns where the header has %zu", source->row.count, source->columns.count);
        return reject_row(source, source->columns.has[FIELD_CLASSIFICATION], item);
    }
    return SOURCE_INTERACTION;
}

static enum source_state next_grouped(struct source *source, struct source_item *item, struct errmsg *errmsg)
{
    for (;;) {
        if (source->draining) {
            const struct window_rejection *rejection;
            switch (window_drain(source->window, &item->interaction, &item->line, &rejection)) {
            case WINDOW_INTERACTION:
                return SOURCE_INTERACTION;
            case WINDOW_REJECTION:
                item->rejection = (struct source_rejection){.line = rejection->line,
                                                            .field = rejection->errmsg.field,
                                                            .reason = rejection->errmsg.text,
                                                            .withheld = rejection->withheld};
                return SOURCE_REJECTED;
            case WINDOW_DRAIN_NO_MEMORY:
                return out_of_memory(errmsg);
            case WINDOW_EMPTY:
                source->draining = false;
                if (source->ended)
                    return SOURCE_END;
            }
        }
        if (!source->waiting) {
            enum source_state state = take_row(source, item, errmsg);
            if (state == SOURCE_END) {
                source->ended = source->draining = true;
                continue;
            }
            if (state != SOURCE_INTERACTION)
                return state;
        }
        struct row row;
        enum status status = row_read(source->reader, source->values, window_arena(source->window), &row, &source->errmsg);
        if (status != STATUS_OK && status != STATUS_NO_MEMORY) {
            source->waiting = false;
            window_note_rejected(source->window, &source->values[FIELD_INTERACTION], source->row.line, source->errmsg.field);
            return reject_row(source, is_graded(source), item);
        }
        enum window_add added =
            status == STATUS_OK ? window_add(source->window, &row, source->row.line, &source->errmsg) : WINDOW_NO_MEMORY;
        if (added == WINDOW_ADDED) {
            source->waiting = false;
        } else if (added == WINDOW_REFUSED) {
            source->waiting = false;
            return reject_row(source, is_graded(source), item);
        } else if (added == WINDOW_NO_MEMORY && source->waiting) {
            return out_of_memory(errmsg); /* even an empty window has no room for it */
        } else {
            source->waiting = source->draining = true;
        }
    }
}

/* Gives the interaction its id, counting copies where only the content tells interactions apart. */
static enum status identify(struct source *source, Samordning__V1__Interaction *interaction)
{
    if (interaction->id.len > 0)
        return STATUS_OK;
    if (interaction->source[0] == '\0' || interaction->source_id[0] == '\0') {
        enum status status = tally_add(&source->copies, interaction_content_hash(interaction), &interaction->copy);
        if (status != STATUS_OK)
            return status;
    }
    interaction_id_derive(interaction, source->id);
    interaction->id = (ProtobufCBinaryData){INTERACTION_ID_SIZE, source->id};
    return STATUS_OK;
}

static void set_field(struct errmsg *errmsg, const char *name)
{
    memmove(errmsg->field, name, strlen(name) + 1); /* name may be the end of the field itself */
}

static void blame_column(struct errmsg *errmsg, enum source_format format)
{
    const char *dot = strrchr(errmsg->field, '.');
    if (strncmp(errmsg->field, "participants[0]", 15) == 0 && format == SOURCE_FORMAT_EDGES)
        set_field(errmsg, "source");
    else if (strncmp(errmsg->field, "participants[1]", 15) == 0)
        set_field(errmsg, dot && strcmp(dot, ".actor") != 0 ? dot + 1 : "target");
    else if (strcmp(errmsg->field, "case_ref") == 0)
        set_field(errmsg, "case");
}

static enum source_state next_edge(struct source *source, struct source_item *item, struct errmsg *errmsg)
{
    enum source_state state = take_row(source, item, errmsg);
    if (state != SOURCE_INTERACTION)
        return state;
    struct row row;
    arena_reset(&source->arena);
    enum status status = row_read(source->reader, source->values, &source->arena, &row, &source->errmsg);
    if (status == STATUS_OK) {
        source->interaction = row.head;
        samordning__v1__participant__init(&source->ends[0]);
        source->ends[0].actor = row.from;
        source->ends[0].role = row.undirected ? SAMORDNING__V1__ROLE__ROLE_PARTICIPANT : SAMORDNING__V1__ROLE__ROLE_SENDER;
        source->ends[1] = row.about;
        source->end_pointers[0] = &source->ends[0];
        source->end_pointers[1] = &source->ends[1];
        source->interaction.participants = source->end_pointers;
        source->interaction.n_participants = 2;
        status = validate_interaction(&source->interaction, &source->limits, &source->errmsg);
        if (status != STATUS_OK)
            blame_column(&source->errmsg, SOURCE_FORMAT_EDGES);
        else
            status = identify(source, &source->interaction);
    }
    if (status == STATUS_NO_MEMORY)
        return out_of_memory(errmsg);
    if (status != STATUS_OK)
        return reject_row(source, status == STATUS_CLASSIFIED || is_graded(source), item);
    item->interaction = &source->interaction;
    item->line = source->row.line;
    return SOURCE_INTERACTION;
}

/* --type, --case and the like fill what the record leaves out. */
static void fill_constants(const struct source *source, Samordning__V1__Interaction *interaction)
{
    for (size_t i = 0; i < source->options.constant_count; i++) {
        char *text = (char *)(uintptr_t)source->options.constants[i];
        if (strncmp(text, "type=", 5) == 0 && !interaction->type[0])
            interaction->type = text + 5;
        else if (strncmp(text, "case=", 5) == 0 && !interaction->case_ref[0])
            interaction->case_ref = text + 5;
        else if (strncmp(text, "classification=", 15) == 0 && interaction->classification == 0) {
            const struct vocabulary_term *term = vocabulary_by_name(VOCABULARY_CLASSIFICATION, text + 15, strlen(text + 15));
            interaction->classification =
                term ? (Samordning__V1__Classification)term->code : SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_TOP_SECRET;
        }
    }
    if (!interaction->source[0] && (source->options.name || interaction->source_id[0]))
        interaction->source = (char *)(uintptr_t)(source->options.name ? source->options.name : source->name);
}

static enum source_state next_json_line(struct source *source, struct source_item *item, struct errmsg *errmsg)
{
    enum csv_state state = csv_reader_next_line(source->csv, &source->row, errmsg);
    if (state == CSV_END)
        return SOURCE_END;
    if (state == CSV_FAILED)
        return SOURCE_FAILED;
    source->rows++;
    if (state == CSV_BAD) {
        errmsg_set(&source->errmsg, "", "%s", source->row.reason);
        return reject_row(source, false, item);
    }
    json_error_t wrong;
    json_t *json = json_loadb(source->row.text, source->row.size, JSON_REJECT_DUPLICATES, &wrong);
    if (!json) {
        errmsg_set(&source->errmsg, "", "not JSON, at byte %d of the line: %s", wrong.position, wrong.text);
        return reject_row(source, memmem(source->row.text, source->row.size, "classification", 14) != NULL, item);
    }
    ProtobufCMessage *message;
    arena_reset(&source->arena);
    enum status status =
        json_to_message(json, &samordning__v1__interaction__descriptor, &source->arena, &message, &source->errmsg);
    json_t *grade = json_object_get(json, "classification");
    bool withheld = grade && !(json_is_string(grade) && strcasecmp(json_string_value(grade), "open") == 0);
    json_decref(json);
    if (status == STATUS_OK) {
        item->interaction = (Samordning__V1__Interaction *)message;
        item->line = source->row.line;
        fill_constants(source, item->interaction);
        status = validate_interaction(item->interaction, &source->limits, &source->errmsg);
    }
    if (status == STATUS_OK)
        status = identify(source, item->interaction);
    if (status == STATUS_NO_MEMORY) {
        errmsg_set(&source->errmsg, "", "needs more than %zu bytes", SOURCE_RECORD_BYTES_MAX);
        status = STATUS_TOO_LARGE;
    }
    return status == STATUS_OK ? SOURCE_INTERACTION : reject_row(source, withheld || status == STATUS_CLASSIFIED, item);
}

enum source_state source_next(struct source *source, struct source_item *ret_item, struct errmsg *ret_errmsg)
{
    if (source->options.format == SOURCE_FORMAT_JSON_LINES)
        return next_json_line(source, ret_item, ret_errmsg);
    return source->window ? next_grouped(source, ret_item, ret_errmsg) : next_edge(source, ret_item, ret_errmsg);
}

uint64_t source_rows(const struct source *source)
{
    return source->rows;
}

uint64_t source_position(const struct source *source)
{
    return input_position(csv_reader_input(source->csv));
}

uint64_t source_total(const struct source *source)
{
    return input_total(csv_reader_input(source->csv));
}

enum source_format source_format(const struct source *source)
{
    return source->options.format;
}

const char *source_unused_columns(const struct source *source)
{
    return source->columns.unused;
}

enum status source_texts(const char *path, const struct source_options *options, const uint64_t *lines, size_t count,
                         void (*found)(void *arg, size_t index, const char *text, size_t size), void *arg,
                         struct errmsg *ret_errmsg)
{
    struct source *source;
    enum status status = source_open(path, options, &source, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    bool json = source->options.format == SOURCE_FORMAT_JSON_LINES;
    for (size_t at = 0; at < count;) {
        struct csv_row row;
        enum csv_state state =
            json ? csv_reader_next_line(source->csv, &row, ret_errmsg) : csv_reader_next(source->csv, &row, ret_errmsg);
        if (state == CSV_END || state == CSV_FAILED)
            break;
        while (at < count && lines[at] < row.line)
            at++;
        for (; at < count && lines[at] == row.line; at++)
            found(arg, at, row.text, row.size);
    }
    source_close(source);
    return STATUS_OK;
}
