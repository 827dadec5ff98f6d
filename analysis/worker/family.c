/* SPDX-License-Identifier: GPL-3.0-or-later
 * Giving a family what it needs, and its result what every result has.
 */
#include "family.h"

#include "metrics.h"
#include "network_tables.h"
#include "survey_study.h"

#include <stdio.h>
#include <string.h>

const struct network *family_tied_network(const struct snapshot *snapshot)
{
    return snapshot->treated ? snapshot->treated : snapshot->network;
}

static bool tell_span(void *arg, unsigned permille)
{
    const struct family_span *span = arg;
    return progress_tell(span->progress, span->phase, span->from + (span->to - span->from) * permille / 1000);
}

static enum status no_memory(struct errmsg *ret_errmsg)
{
    errmsg_set(ret_errmsg, "", "out of memory");
    return STATUS_NO_MEMORY;
}

static enum status failure(const char *family, enum metrics_status status, const char *error, struct errmsg *ret_errmsg)
{
    if (status == METRICS_CANCELLED) {
        errmsg_set(ret_errmsg, "", "cancelled");
        return STATUS_CANCELLED;
    }
    errmsg_set(ret_errmsg, "", "%s: %s", family, error);
    if (status == METRICS_REFUSED)
        return STATUS_INVALID;
    return strcmp(error, "out of memory") == 0 ? STATUS_NO_MEMORY : STATUS_INTERNAL;
}

void family_fill_card(struct result *result, const struct snapshot *snapshot)
{
    char spec[SPEC_TEXT_MAX], hash[33];
    spec_format(&snapshot->spec, spec); /* without the day that a wave has of itself */
    spec_hash(&snapshot->spec, hash);
    result_set_text(result, &result->card.spec, spec);
    result_set_text(result, &result->card.spec_hash, hash);
    result_set_text(result, &result->card.watermark, snapshot->watermark);
    result_set_text(result, &result->card.input_hash, snapshot->input_hash);
    result_set_text(result, &result->card.software, SAMORDNING_SOFTWARE);
    if (!result->card.engine)
        result_set_text(result, &result->card.engine, ENGINE_OWN);
    result->card.seed = snapshot->spec.seed;
}

static void note_replies(struct result *result, const struct reply_set *replies)
{
    if (replies->undated > 0)
        result_note(result, "%.0f answers (or other ends of a request) have no date and are left out of the times",
                    replies->undated);
    if (replies->unstated > 0)
        result_note(
            result,
            "%.0f addressees have neither a status, a receipt nor a deadline: it is not known that an answer was expected",
            replies->unstated);
    if (replies->collective > 0)
        result_note(result, "%.0f requests went to a group; its members' answers are not told apart", replies->collective);
}

/* Not where a wave only stands beside, as in a report, whose families of the log do not read it. */
static bool is_of_answers(const struct metrics_family *family, const struct spec *spec)
{
    return spec->of_wave || (*spec->choices.wave && (*spec->choices.items || (family && family->needs & METRICS_NEED_WAVE)));
}

bool family_is_alone(const char *name)
{
    const struct metrics_family *family = metrics_family(name);
    return family && family->needs & METRICS_ALONE;
}

enum status family_run(const char *name, struct snapshot *snapshot, const struct path_share *share, struct family_span *span,
                       struct errmsg *ret_errmsg, struct result **ret_result)
{
    struct result *result = result_create(name);
    if (!result)
        return no_memory(ret_errmsg);
    const struct metrics_family *family = metrics_family(name);
    enum status status = STATUS_OK;
    if (!family) {
        network_tables(family_tied_network(snapshot), result);
    } else {
        const struct network *network = family->needs & METRICS_NEED_TIES ? family_tied_network(snapshot) : snapshot->network;
        bool alone = family->needs & METRICS_ALONE;
        struct metrics_layer layers[LAYERS_MAX];
        for (size_t i = 0; i < snapshot->layers.count; i++)
            layers[i] = (struct metrics_layer){snapshot->layers.rows[i].code, snapshot->layers.rows[i].name};
        struct metrics_input input = {.network = network,
                                      .untreated = snapshot->network,
                                      .layers = layers,
                                      .layer_count = snapshot->layers.count,
                                      .replies = family->needs & METRICS_NEED_REPLIES ? &snapshot->replies : NULL,
                                      .chronicle = family->needs & METRICS_NEED_CHRONICLE ? &snapshot->chronicle : NULL,
                                      .need = family->needs & METRICS_NEED_NEED ? &snapshot->need : NULL,
                                      .rules = family->needs & METRICS_NEED_DUTY_RULES ? &snapshot->rules : NULL,
                                      .earlier = snapshot->earlier ? family_tied_network(snapshot->earlier) : NULL,
                                      .wave = *snapshot->source.key ? &snapshot->wave : NULL,
                                      .earlier_wave = *snapshot->earlier_source.key ? &snapshot->earlier_wave : NULL,
                                      .progress = tell_span,
                                      .arg = span,
                                      .share = alone ? share : NULL,
                                      .memory = alone ? &snapshot->shortest : NULL};
        char error[400] = "";
        enum metrics_status computed = family->compute(&input, result, error);
        if (computed != METRICS_OK)
            status = failure(name, computed, error, ret_errmsg);
        network_card(network, result);
        if (family->needs & METRICS_NEED_REPLIES)
            note_replies(result, &snapshot->replies);
    }
    if (is_of_answers(family, &snapshot->spec))
        survey_response_card(&snapshot->wave, result);
    family_fill_card(result, snapshot);
    if (status == STATUS_OK && result_failed(result))
        status = no_memory(ret_errmsg);
    if (status != STATUS_OK) {
        result_destroy(result);
        return status;
    }
    *ret_result = result;
    return STATUS_OK;
}
