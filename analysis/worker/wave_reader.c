/* SPDX-License-Identifier: GPL-3.0-or-later
 * One query a table, one call a row; items of an earlier version take the names of the later one on the way.
 */
#include "wave_reader.h"

#include "sql_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAPPINGS_MAX 20000
#define VALUES_MAX   256 /* of one answer */

struct mapping {
    char *from, *to;
    double from_value, to_value; /* NaN = values are unchanged */
};
struct reading {
    struct database *database;
    struct merge *merge;
    struct wave *wave;
    int32_t day;
    struct mapping *mappings;
    size_t mapping_count;
    int32_t strangers; /* counts down: names the register does not know */
};

static enum status no_room(const struct reading *reading)
{
    return database_no_memory(reading->database);
}

enum status wave_source_find(struct database *database, const char *choice, const char *key, struct wave_source *ret_source)
{
    PGresult *row;
    const struct database_param wanted[] = {PARAM_TEXT(key)};
    enum status status = database_query(database, sql_analysis_wave_find, wanted, 1, &row);
    if (status != STATUS_OK)
        return status;
    if (PQntuples(row) == 0) {
        PQclear(row);
        errmsg_set(&database->error, "spec", "%s: there is no wave \"%s\"", choice, key);
        return STATUS_INVALID;
    }
    *ret_source = (struct wave_source){
        .id = (int32_t)cell_int(row, 0, 0), .version = (int32_t)cell_int(row, 0, 3), .day = (int32_t)cell_int(row, 0, 4)};
    snprintf(ret_source->key, sizeof ret_source->key, "%s", key);
    snprintf(ret_source->instrument, sizeof ret_source->instrument, "%s", cell_text(row, 0, 2));
    PQclear(row);
    const struct database_param id[] = {PARAM_INT4(ret_source->id)};
    status = database_query(database, sql_analysis_wave_digest, id, 1, &row);
    if (status != STATUS_OK)
        return status;
    ret_source->digest = PQntuples(row) ? (uint64_t)cell_int(row, 0, 0) : 0;
    PQclear(row);
    return STATUS_OK;
}

static enum status take_actor(void *arg, const PGresult *row)
{
    const struct reading *reading = arg;
    return merge_add_actor(reading->merge, (int32_t)cell_int(row, 0, 0), reading->day) ? STATUS_OK : no_room(reading);
}

enum status wave_source_add_actors(struct database *database, const struct wave_source *source, struct merge *merge)
{
    struct reading reading = {.database = database, .merge = merge, .day = source->day};
    const struct database_param id[] = {PARAM_INT4(source->id)};
    return database_stream(database, sql_analysis_wave_actors, id, 1, take_actor, &reading);
}

/* --------------------------------------------------------------------------------------------------------- mappings */
static enum status take_mapping(void *arg, const PGresult *row)
{
    struct reading *reading = arg;
    struct mapping *larger = reading->mapping_count < MAPPINGS_MAX
                                 ? realloc(reading->mappings, (reading->mapping_count + 1) * sizeof *larger)
                                 : NULL;
    if (!larger)
        return no_room(reading);
    reading->mappings = larger;
    struct mapping *mapping = &larger[reading->mapping_count++];
    *mapping = (struct mapping){.from = strdup(cell_text(row, 0, 0)),
                                .to = strdup(cell_text(row, 0, 1)),
                                .from_value = cell_null(row, 0, 2) ? NAN : cell_float8(row, 0, 2),
                                .to_value = cell_null(row, 0, 3) ? NAN : cell_float8(row, 0, 3)};
    return mapping->from && mapping->to ? STATUS_OK : no_room(reading);
}

static void forget_mappings(struct reading *reading)
{
    for (size_t m = 0; m < reading->mapping_count; m++) {
        free(reading->mappings[m].from);
        free(reading->mappings[m].to);
    }
    free(reading->mappings);
}

/* What the item, and a value of it, are called in the later version. A matrix takes its rows along. */
static void rename_item(const struct reading *reading, const char *id, char *ret_id, size_t size)
{
    snprintf(ret_id, size, "%s", id);
    size_t stem = strcspn(id, ".");
    for (size_t m = 0; m < reading->mapping_count; m++) {
        const struct mapping *mapping = &reading->mappings[m];
        if (strlen(mapping->from) == stem && strncmp(mapping->from, id, stem) == 0) {
            snprintf(ret_id, size, "%s%s", mapping->to, id + stem);
            return;
        }
    }
}

static double rename_value(const struct reading *reading, const char *id, double value)
{
    size_t stem = strcspn(id, ".");
    for (size_t m = 0; m < reading->mapping_count; m++) {
        const struct mapping *mapping = &reading->mappings[m];
        if (strlen(mapping->from) == stem && strncmp(mapping->from, id, stem) == 0 && mapping->from_value == value &&
            !isnan(mapping->to_value))
            return mapping->to_value;
    }
    return value;
}

/* ----------------------------------------------------------------------------------------------------------- reading */
static enum wave_kind kind_of(const char *name)
{
    static const struct {
        const char *name;
        enum wave_kind kind;
    } kinds[] = {{"single", WAVE_SINGLE}, {"row", WAVE_SINGLE},    {"multiple", WAVE_MULTIPLE}, {"likert", WAVE_LIKERT},
                 {"number", WAVE_NUMBER}, {"ladder", WAVE_LADDER}, {"ranking", WAVE_RANKING},   {"matrix", WAVE_MATRIX},
                 {"roster", WAVE_ROSTER}, {"names", WAVE_NAMES}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].kind;
    return WAVE_OTHER;
}

static char *text_at(const PGresult *row, int column)
{
    return (char *)(uintptr_t)cell_text(row, 0, column); /* read only: the builders copy */
}

static enum status take_item(void *arg, const PGresult *row)
{
    struct reading *reading = arg;
    char id[128], whole[128];
    rename_item(reading, cell_text(row, 0, 0), id, sizeof id);
    rename_item(reading, cell_null(row, 0, 2) ? "" : cell_text(row, 0, 2), whole, sizeof whole);
    struct wave_item item = {.id = id,
                             .kind = kind_of(cell_text(row, 0, 1)),
                             .whole = *whole ? wave_item(reading->wave, whole) : -1,
                             .relation = text_at(row, 3),
                             .to_respondent = cell_int(row, 0, 4) != 0,
                             .scale = text_at(row, 5),
                             .reversed = cell_int(row, 0, 6) != 0,
                             .ladder = text_at(row, 7),
                             .texts = {text_at(row, 8), text_at(row, 9), text_at(row, 10)},
                             .low = cell_null(row, 0, 11) ? NAN : cell_float8(row, 0, 11),
                             .high = cell_null(row, 0, 12) ? NAN : cell_float8(row, 0, 12)};
    return wave_add_item(reading->wave, &item) ? STATUS_OK : no_room(reading);
}

static enum status take_choice(void *arg, const PGresult *row)
{
    struct reading *reading = arg;
    const char *own = cell_text(row, 0, 0);
    char id[128];
    rename_item(reading, own, id, sizeof id);
    struct wave_choice choice = {.value = rename_value(reading, own, cell_float8(row, 0, 1)),
                                 .code = text_at(row, 2),
                                 .labels = {text_at(row, 3), text_at(row, 4), text_at(row, 5)}};
    return wave_add_choice(reading->wave, wave_item(reading->wave, id), &choice) ? STATUS_OK : no_room(reading);
}

/* The largest share of successors is who the answer is of, or about. */
static int32_t place_of(const struct reading *reading, const PGresult *row, int column)
{
    struct merge_place places[MERGE_PLACES_MAX];
    if (cell_null(row, 0, column) ||
        merge_places_of(reading->merge, (int32_t)cell_int(row, 0, column), reading->day, places) == 0)
        return WAVE_NOBODY;
    return places[0].actor;
}

static enum status take_turnout(void *arg, const PGresult *row)
{
    struct reading *reading = arg;
    struct wave_turnout turnout = {.actor = place_of(reading, row, 0),
                                   .invited = (double)cell_int(row, 0, 1),
                                   .started = (double)cell_int(row, 0, 2),
                                   .submitted = (double)cell_int(row, 0, 3)};
    return wave_add_turnout(reading->wave, &turnout) ? STATUS_OK : no_room(reading);
}

static enum status take_respondent(void *arg, const PGresult *row)
{
    struct reading *reading = arg;
    return wave_add_respondent(reading->wave, place_of(reading, row, 0)) ? STATUS_OK : no_room(reading);
}

static enum status take_answer(void *arg, const PGresult *row)
{
    struct reading *reading = arg;
    const char *own = cell_text(row, 0, 1);
    char id[128];
    rename_item(reading, own, id, sizeof id);
    struct wave_answer answer = {.respondent = (int32_t)cell_int(row, 0, 0),
                                 .item = wave_item(reading->wave, id),
                                 .target = place_of(reading, row, 2),
                                 .named = !cell_int(row, 0, 3)   ? 0
                                          : cell_null(row, 0, 2) ? --reading->strangers
                                                                 : (int32_t)cell_int(row, 0, 2),
                                 .state = (enum wave_state)cell_int(row, 0, 4)};
    if (answer.item < 0) /* a matrix row that the questionnaire does not have */
        return STATUS_OK;
    double values[VALUES_MAX];
    size_t count = 0;
    const char *text = cell_text(row, 0, 5);
    for (char *end; text && *text && count < VALUES_MAX; text = end + (*end == ' ')) {
        double value = strtod(text, &end);
        if (end == text)
            break;
        values[count++] = rename_value(reading, own, value);
    }
    return wave_add_answer(reading->wave, &answer, values, count) ? STATUS_OK : no_room(reading);
}

static enum status read_head(struct reading *reading, const char *key)
{
    PGresult *row;
    const struct database_param wanted[] = {PARAM_TEXT(key)};
    enum status status = database_query(reading->database, sql_analysis_wave_find, wanted, 1, &row);
    if (status != STATUS_OK)
        return status;
    struct wave *wave = reading->wave;
    snprintf(wave->key, sizeof wave->key, "%s", key);
    wave->day = reading->day;
    wave->minimum_cell = (double)cell_int(row, 0, 5);
    wave->personal = cell_int(row, 0, 6) != 0;
    for (int l = 0; l < WAVE_LANGUAGES && status == STATUS_OK; l++) {
        const char *title = cell_text(row, 0, 7 + l);
        wave->titles[l] = title ? strdup(title) : NULL;
        status = title && !wave->titles[l] ? no_room(reading) : STATUS_OK;
    }
    PQclear(row);
    return status;
}

enum status wave_source_read(struct database *database, const struct wave_source *source, const struct wave_source *later,
                             struct merge *merge, struct wave *ret_wave)
{
    struct reading reading = {.database = database, .merge = merge, .wave = ret_wave, .day = source->day};
    const struct database_param id[] = {PARAM_INT4(source->id)};
    const struct database_param questionnaire[] = {PARAM_TEXT(source->instrument), PARAM_INT4(source->version)};
    *ret_wave = (struct wave){0};
    enum status status = STATUS_OK;
    if (later && strcmp(later->instrument, source->instrument) == 0 && later->version != source->version) {
        const struct database_param versions[] = {PARAM_TEXT(later->instrument), PARAM_INT4(later->version),
                                                  PARAM_INT4(source->version)};
        status = database_stream(database, sql_analysis_wave_mappings, versions, 3, take_mapping, &reading);
    }
    if (status == STATUS_OK)
        status = read_head(&reading, source->key);
    if (status == STATUS_OK)
        status = database_stream(database, sql_analysis_wave_items, questionnaire, 2, take_item, &reading);
    if (status == STATUS_OK)
        status = database_stream(database, sql_analysis_wave_choices, questionnaire, 2, take_choice, &reading);
    if (status == STATUS_OK)
        status = database_stream(database, sql_analysis_wave_turnout, id, 1, take_turnout, &reading);
    if (status == STATUS_OK)
        status = database_stream(database, sql_analysis_wave_respondents, id, 1, take_respondent, &reading);
    if (status == STATUS_OK)
        status = database_stream(database, sql_analysis_wave_answers, id, 1, take_answer, &reading);
    forget_mappings(&reading);
    if (status != STATUS_OK)
        wave_release(ret_wave);
    return status;
}
