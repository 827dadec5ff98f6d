/* SPDX-License-Identifier: GPL-3.0-or-later
 * The codebook: every variable, value, row, actor and kind of missing, with its labels in all languages. */
#include "json.h"
#include "render.h"
#include "survey_data.h"

#include <math.h>
#include <string.h>

static const char *const kinds[] = {"",       "single", "multiple", "likert", "number", "date",       "text",
                                    "roster", "names",  "ranking",  "matrix", "ladder", "information"};

/* In the order of enum instrument_language; what we have no word for in northern Sámi is left empty. */
static const char *const state_labels[SHEET_STATES][INSTRUMENT_LANGUAGES] = {
    {"besvart", "svart på", "answered", ""},          {"ikke relevant", "ikkje relevant", "not relevant", ""},
    {"vet ikke", "veit ikkje", "don't know", ""},     {"ingen kontakt", "ingen kontakt", "no contact", ""},
    {"ubesvart", "ikkje svart på", "unanswered", ""}, {"ikke spurt", "ikkje spurd", "not asked", ""},
};

static const char *kind_name(Samordning__V1__ItemKind kind)
{
    return (unsigned)kind < sizeof kinds / sizeof kinds[0] ? kinds[kind] : "";
}

/* ------------------------------------------------------------------------------------------------------------ CSV */
struct entry {
    const char *what, *variable, *target;
    double value;
    const Samordning__V1__LocalText *label;
    const Samordning__V1__Item *item; /* of a variable */
    const char *section, *part_of, *code;
};

static void write_cell(FILE *file, const char *text)
{
    fputc(',', file);
    render_csv_text(file, text);
}

static void write_entry(FILE *file, const struct entry *entry)
{
    const Samordning__V1__LocalText *label = entry->label;
    const Samordning__V1__Item *item = entry->item;
    char number[RENDER_NUMBER_SIZE];
    render_number(entry->value, number);
    fputs(entry->what, file);
    write_cell(file, entry->variable ? entry->variable : "");
    write_cell(file, entry->target ? entry->target : "");
    fprintf(file, ",%s", number);
    const char *const labels[] = {label ? label->nb : "", label ? label->nn : "", label ? label->en : "",
                                  label ? label->se : ""};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        write_cell(file, labels[i]);
    write_cell(file, entry->code ? entry->code : "");
    const char *const about[] = {
        item ? kind_name(item->kind) : "",
        entry->section ? entry->section : "",
        entry->part_of ? entry->part_of : "",
        item ? item->relation : "",
        item && item->relation[0]
            ? (item->direction == SAMORDNING__V1__TIE_DIRECTION__TIE_TO_RESPONDENT ? "to_respondent" : "from_respondent")
            : "",
        item ? item->scale : "",
        item && item->scale[0] ? (item->reversed ? "yes" : "no") : "",
        item ? item->ladder : "",
        item && item->unit ? instrument_text(item->unit, INSTRUMENT_NB) : ""};
    for (size_t i = 0; i < sizeof about / sizeof about[0]; i++)
        write_cell(file, about[i]);
    fputc('\n', file);
}

static void write_item(FILE *file, const Samordning__V1__Item *item, const char *section, const char *part_of)
{
    write_entry(file, &(struct entry){.what = "variable",
                                      .variable = item->id,
                                      .value = (double)NAN,
                                      .label = item->text,
                                      .item = item,
                                      .section = section,
                                      .part_of = part_of});
    for (size_t i = 0; i < item->n_choices; i++)
        write_entry(file, &(struct entry){.what = "value",
                                          .variable = item->id,
                                          .value = item->choices[i]->value,
                                          .label = item->choices[i]->label,
                                          .code = item->choices[i]->code});
    for (size_t i = 0; i < item->n_rows; i++)
        write_entry(file, &(struct entry){.what = "row",
                                          .variable = item->id,
                                          .target = item->rows[i]->id,
                                          .value = (double)NAN,
                                          .label = item->rows[i]->text});
    for (size_t i = 0; i < item->n_parts; i++)
        write_item(file, item->parts[i], section, item->id);
}

/* An actor once, whatever the number of rosters it is in. */
static bool seen_before(const Samordning__V1__SurveyFetchResponse *wave, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(wave->roster[i]->key, wave->roster[index]->key) == 0)
            return true;
    return false;
}

void survey_codebook_csv(FILE *file, const Samordning__V1__SurveyFetchResponse *wave)
{
    fputs("entry,variable,target,value,label_nb,label_nn,label_en,label_se,code,kind,section,part_of,relation,direction,scale,"
          "reversed,ladder,unit\n",
          file);
    for (int i = 0; i < SHEET_STATES; i++) {
        Samordning__V1__LocalText label = SAMORDNING__V1__LOCAL_TEXT__INIT;
        label.nb = (char *)(uintptr_t)state_labels[i][INSTRUMENT_NB];
        label.nn = (char *)(uintptr_t)state_labels[i][INSTRUMENT_NN];
        label.en = (char *)(uintptr_t)state_labels[i][INSTRUMENT_EN];
        write_entry(file, &(struct entry){.what = "state", .value = i, .label = &label, .code = sheet_states[i]});
    }
    for (size_t s = 0; s < wave->instrument->n_sections; s++)
        for (size_t i = 0; i < wave->instrument->sections[s]->n_items; i++)
            write_item(file, wave->instrument->sections[s]->items[i], wave->instrument->sections[s]->id, "");
    for (size_t i = 0; i < wave->n_roster; i++)
        if (!seen_before(wave, i))
            write_entry(file, &(struct entry){.what = "actor",
                                              .target = wave->roster[i]->key,
                                              .value = (double)NAN,
                                              .label = wave->roster[i]->name,
                                              .code = wave->roster[i]->abbreviation});
}

/* ----------------------------------------------------------------------------------------------------------- JSON */
static void add_variable(json_t *variables, const Samordning__V1__Item *item, const char *section, const char *part_of)
{
    json_t *variable = json_from_message(&item->base);
    json_object_del(variable, "parts");
    json_object_set_new(variable, "kind", json_string(kind_name(item->kind)));
    json_object_set_new(variable, "section", json_string(section));
    if (part_of)
        json_object_set_new(variable, "part_of", json_string(part_of));
    json_array_append_new(variables, variable);
    for (size_t i = 0; i < item->n_parts; i++)
        add_variable(variables, item->parts[i], section, item->id);
}

static json_t *states_json(const struct survey_data *data)
{
    json_t *states = json_array();
    for (int i = 0; i < SHEET_STATES; i++) {
        json_t *label = json_pack("{ss, ss, ss}", "nb", state_labels[i][INSTRUMENT_NB], "nn", state_labels[i][INSTRUMENT_NN],
                                  "en", state_labels[i][INSTRUMENT_EN]);
        json_array_append_new(states, json_pack("{ss, si, so, sI}", "state", sheet_states[i], "value", i, "label", label,
                                                "count", (json_int_t)data->states[i]));
    }
    return states;
}

bool survey_codebook_json(FILE *file, const struct survey_data *data)
{
    const Samordning__V1__SurveyFetchResponse *wave = data->wave;
    const Samordning__V1__Instrument *instrument = wave->instrument;
    json_t *document = json_object(), *sections = json_array(), *variables = json_array(), *actors = json_array();
    for (size_t s = 0; s < instrument->n_sections; s++) {
        const Samordning__V1__Section *section = instrument->sections[s];
        json_t *about = json_pack("{ss}", "id", section->id);
        if (section->title)
            json_object_set_new(about, "title", json_from_message(&section->title->base));
        json_array_append_new(sections, about);
        for (size_t i = 0; i < section->n_items; i++)
            add_variable(variables, section->items[i], section->id, NULL);
    }
    for (size_t i = 0; i < wave->n_roster; i++) {
        if (seen_before(wave, i))
            continue;
        json_t *actor = json_from_message(&wave->roster[i]->base);
        json_object_del(actor, "item");
        json_array_append_new(actors, actor);
    }
    json_object_set_new(document, "wave", wave->wave ? json_from_message(&wave->wave->base) : json_null());
    json_object_set_new(document, "instrument",
                        json_pack("{ss, si, so*}", "key", instrument->key, "version", (int)instrument->version, "title",
                                  instrument->title ? json_from_message(&instrument->title->base) : NULL));
    json_object_set_new(document, "respondents", json_integer((json_int_t)data->respondent_count));
    json_object_set_new(document, "rows", json_integer((json_int_t)data->row_count));
    json_object_set_new(document, "states", states_json(data));
    json_object_set_new(document, "sections", sections);
    json_object_set_new(document, "variables", variables);
    json_object_set_new(document, "actors", actors);
    bool good = document && json_dumpf(document, file, JSON_INDENT(1)) == 0;
    fputc('\n', file);
    json_decref(document);
    return good;
}
