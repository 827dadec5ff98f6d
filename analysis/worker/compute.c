/* SPDX-License-Identifier: GPL-3.0-or-later
 * Families by name: the network itself, each family of metrics, the report made of all of them.
 */
#include "compute.h"

#include "civil_time.h"
#include "composition.h"
#include "disclosure.h"
#include "family.h"
#include "metrics.h"
#include "network_tables.h"
#include "parts.h"
#include "report.h"
#include "sql_text.h"
#include "treatments.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum status computation_init(struct computation *computation, const char *family, const char *language,
                             struct errmsg *ret_errmsg)
{
    *computation = (struct computation){0};
    snprintf(computation->family, sizeof computation->family, "%s", family);
    if (strcmp(family, "report") == 0) {
        const char *wanted = *language ? language : "nb";
        if (strcmp(wanted, "nb") != 0 && strcmp(wanted, "nn") != 0 && strcmp(wanted, "en") != 0) {
            errmsg_set(ret_errmsg, "language", "\"%.20s\" is not one of nb, nn, en", wanted);
            return STATUS_INVALID;
        }
        snprintf(computation->language, sizeof computation->language, "%s", wanted);
        return STATUS_OK;
    }
    if (strcmp(family, "network") == 0 || metrics_family(family))
        return STATUS_OK;
    char known[400] = "network, report";
    size_t count, length = strlen(known);
    const struct metrics_family *families = metrics_families(&count);
    for (size_t i = 0; i < count && length < sizeof known; i++)
        length += (size_t)snprintf(known + length, sizeof known - length, ", %s", families[i].name);
    errmsg_set(ret_errmsg, "family", "there is no family \"%.60s\"; there are %s", family, known);
    return STATUS_INVALID;
}

static bool is_report(const struct computation *computation)
{
    return strcmp(computation->family, "report") == 0;
}

/* Whether this family reads what the specification says of a wave. */
static enum status accepts_wave(const struct computation *computation, const struct spec *spec, struct errmsg *ret_errmsg)
{
    const struct metrics_family *family = metrics_family(computation->family);
    const char *name = computation->family, *reason = NULL;
    unsigned needs = family ? family->needs : 0;
    const struct choices *choices = &spec->choices;
    bool report = strcmp(name, "report") == 0, reads = needs & METRICS_NEED_WAVE, relates = strcmp(name, "relations") == 0,
         compares = needs & METRICS_NEED_EARLIER;
    if (reads && !*choices->wave)
        reason = "it tells of a wave, and wave=KEY is missing";
    else if (spec->of_wave && (report || needs & METRICS_OF_INTERACTIONS))
        reason = "it is of interactions, so it needs a period, from= and to=, and no layer of a survey";
    else if (spec->of_wave && !spec->layer_count && !(reads && !(needs & METRICS_OF_INTERACTIONS)))
        reason = "it needs an item of the wave, layer=survey:ITEM";
    else if (spec->of_wave && spec->layer_count && reads)
        reason = "it is of the whole wave, not of one layer; items=ID chooses";
    else if (!spec->of_wave && *choices->wave && !reads && !report && !relates)
        reason = "it does not read a wave beside the interactions; layer=survey:ITEM makes the network of one";
    else if (!spec->of_wave && *choices->wave && relates && !*choices->items)
        reason = "items=ID must say which answers of the wave explain the ties";
    else if (*choices->items && !reads && !relates)
        reason = "it reads no items of a wave";
    else if (*choices->earlier_wave && strcmp(name, "survey") != 0 && !(spec->of_wave && compares))
        reason = "it does not compare waves";
    if (!reason)
        return STATUS_OK;
    errmsg_set(ret_errmsg, "spec", "%s: %s", name, reason);
    return STATUS_INVALID;
}

enum status computation_accepts(const struct computation *computation, const struct spec *spec, struct errmsg *ret_errmsg)
{
    enum status status = accepts_wave(computation, spec, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    const struct metrics_family *family = metrics_family(computation->family);
    if (*spec->choices.for_actor && !is_report(computation)) {
        errmsg_set(ret_errmsg, "spec", "for: only a report is made for one actor, not %s", computation->family);
        return STATUS_INVALID;
    }
    if (spec->missing != MISSING_UNKNOWN && family && !(family->needs & METRICS_NEED_TIES)) {
        errmsg_set(
            ret_errmsg, "spec",
            "missing: it is about unknown ties, and family %s reads interactions, not ties; without missing= it tells the same",
            computation->family);
        return STATUS_INVALID;
    }
    if (strcmp(computation->family, "network") == 0 ||
        (spec->choices.relations == RELATIONS_ONE && spec->choices.spells == SPELLS_NONE))
        return STATUS_OK;
    errmsg_set(ret_errmsg, "spec", "%s: only family network tells it, not %s",
               spec->choices.relations == RELATIONS_LAYERS ? "relations" : "spells", computation->family);
    return STATUS_INVALID;
}

enum status computation_earlier(const struct computation *computation, const struct spec *spec, bool *ret_wanted,
                                struct spec *ret_earlier, struct errmsg *ret_errmsg)
{
    const struct metrics_family *family = metrics_family(computation->family);
    char error[SPEC_ERROR_SIZE];
    bool anchored = family && family->needs & METRICS_NEED_ANCHOR && spec_is_anchored(spec);
    *ret_wanted = anchored || (family && family->needs & METRICS_NEED_EARLIER);
    if (!*ret_wanted || (anchored ? spec_anchor(spec, ret_earlier, error) : spec_earlier(spec, ret_earlier, error)))
        return STATUS_OK;
    errmsg_set(ret_errmsg, "spec", "%s", error);
    return STATUS_INVALID;
}

void computation_identify(struct computation *computation, const struct snapshot *snapshot)
{
    spec_hash(&snapshot->spec, computation->spec_hash);
    snprintf(computation->watermark, sizeof computation->watermark, "%s", snapshot->watermark);
}

void computation_release(struct computation *computation)
{
    result_destroy(computation->result);
    free(computation->document);
    for (size_t i = 0; i < computation->form_count; i++)
        free(computation->forms[i].content);
}

/* ------------------------------------------------------------------------------------------------------------ families */
/* What spec.missing asks for, of both periods. */
static enum status treat(struct snapshot *snapshot)
{
    char error[400] = "";
    enum metrics_status treated = treatments_apply(snapshot->network, &snapshot->chronicle, &snapshot->treated, error);
    if (treated == METRICS_OK)
        return snapshot->earlier ? treat(snapshot->earlier) : STATUS_OK;
    errmsg_set(&snapshot->database->error, treated == METRICS_REFUSED ? "spec" : "", "%s", error);
    return treated == METRICS_REFUSED ? STATUS_INVALID : STATUS_NO_MEMORY;
}

/* -------------------------------------------------------------------------------------------------------------- report */

static size_t part_count(void)
{
    size_t count = 0;
    while (report_family(count))
        count++;
    assert(count <= PARTS_MAX);
    return count;
}

static void summarise(struct computation *computation, struct snapshot *snapshot, struct result *const *results, size_t parts)
{
    struct result *result = computation->result;
    static const struct column_definition part = {"part", "", "family whose numbers the report shows", ""};
    static const struct column_definition rows = {"rows", "rows", "rows of all its tables", ""};
    size_t table = result_add_table(result, "parts", parts);
    char **names = result_add_texts(result, table, &part);
    double *counts = result_add_numbers(result, table, &rows);
    for (size_t i = 0; i < parts && !result_failed(result); i++) {
        result_set_text(result, &names[i], report_family(i));
        counts[i] = 0;
        for (size_t t = 0; results[i] && t < results[i]->table_count; t++)
            counts[i] += (double)results[i]->tables[t].row_count;
    }
    network_card(family_tied_network(snapshot), result);
    for (size_t i = 0; i < parts && !result->card.engine; i++)
        if (results[i] && results[i]->card.engine && strcmp(results[i]->card.engine, ENGINE_OWN) != 0)
            result_set_text(result, &result->card.engine, results[i]->card.engine);
    family_fill_card(result, snapshot);
}

/* What the report shows: from the memory, or computed, and safe for everybody where that was asked for. */
static enum status get_parts(struct computation *computation, struct snapshot *snapshot, const struct path_share *share,
                             const struct progress *progress, struct parts_memory *memory,
                             struct result *ret_results[PARTS_MAX], size_t count)
{
    const struct choices *choices = &snapshot->spec.choices;
    if (memory && parts_recall(memory, computation->spec_hash, computation->watermark, ret_results))
        return STATUS_OK;
    enum status status = parts_run(snapshot, share, progress, ret_results, count);
    if (status == STATUS_OK && choices->profile == PROFILE_PUBLIC &&
        !disclosure_apply(ret_results, count, (double)choices->minimum_cell))
        status = database_no_memory(snapshot->database);
    return status;
}

static enum status run_report(struct computation *computation, struct snapshot *snapshot, const struct path_share *share,
                              const struct progress *progress, struct parts_memory *memory)
{
    struct result *results[PARTS_MAX] = {NULL};
    size_t parts = part_count();
    enum status status = get_parts(computation, snapshot, share, progress, memory, results, parts);
    if (status == STATUS_OK && !progress_tell(progress, "writing", PARTS_PERMILLE))
        status = database_cancelled(snapshot->database);
    if (status == STATUS_OK)
        status = composition_write(computation, snapshot, results, parts);
    if (status == STATUS_OK) {
        computation->result = result_create("report");
        if (computation->result)
            summarise(computation, snapshot, results, parts);
        if (result_failed(computation->result))
            status = database_no_memory(snapshot->database);
    }
    if (status == STATUS_OK && memory) {
        parts_remember(memory, computation->spec_hash, computation->watermark, results);
        return STATUS_OK;
    }
    for (size_t i = 0; i < parts; i++)
        result_destroy(results[i]);
    return status;
}

enum status computation_read(const struct computation *computation, struct snapshot *snapshot)
{
    const struct metrics_family *family = metrics_family(computation->family);
    unsigned needs = family ? family->needs : 0;
    char error[400];
    int32_t today = civil_day_of((int64_t)time(NULL) * 1000000);
    if (snapshot->spec.choices.profile == PROFILE_PUBLIC &&
        !disclosure_permits(computation->family, &snapshot->spec, today, error)) {
        errmsg_set(&snapshot->database->error, "spec", "%s", error);
        return STATUS_INVALID;
    }
    for (size_t i = 0; is_report(computation) && report_family(i); i++) {
        const struct metrics_family *part = metrics_family(report_family(i));
        needs |= part ? part->needs : 0;
    }
    if (spec_missing_by_accounts(snapshot->spec.missing))
        needs |= METRICS_NEED_CHRONICLE;
    enum status status = snapshot_build_network(snapshot);
    if (status == STATUS_OK && needs & METRICS_NEED_NEED)
        status = snapshot_read_need(snapshot);
    if (status == STATUS_OK && needs & METRICS_NEED_DUTY_RULES)
        status = snapshot_read_rules(snapshot);
    if (status == STATUS_OK && needs & (METRICS_NEED_REPLIES | METRICS_NEED_CHRONICLE))
        status = snapshot_build_events(snapshot, needs & METRICS_NEED_REPLIES, needs & METRICS_NEED_CHRONICLE);
    if (status == STATUS_OK && snapshot->earlier && spec_missing_by_accounts(snapshot->spec.missing))
        status = snapshot_build_events(snapshot->earlier, false, true);
    if (status == STATUS_OK && snapshot->spec.missing != MISSING_UNKNOWN)
        status = treat(snapshot);
    return status;
}

enum status computation_run(struct computation *computation, struct snapshot *snapshot, const struct path_share *share,
                            const struct progress *progress, struct parts_memory *memory)
{
    struct family_span span = {progress, computation->family, 0, 1000};
    if (is_report(computation))
        return run_report(computation, snapshot, share, progress, memory);
    enum status status =
        family_run(computation->family, snapshot, share, &span, &snapshot->database->error, &computation->result);
    const struct choices *choices = &snapshot->spec.choices;
    /* what everybody may see is the same alone as in a report */
    if (status == STATUS_OK && choices->profile == PROFILE_PUBLIC &&
        !disclosure_apply(&computation->result, 1, (double)choices->minimum_cell))
        status = database_no_memory(snapshot->database);
    return status;
}
