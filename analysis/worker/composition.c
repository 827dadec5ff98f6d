/* SPDX-License-Identifier: GPL-3.0-or-later
 * Composing the documents of a report.
 */
#include "composition.h"

#include "actor_name.h"
#include "annex.h"
#include "brief.h"
#include "excerpt.h"
#include "paper.h"
#include "parts.h"
#include "report.h"
#include "sql_text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Names of the actors in the report's language, the latest of the period: rows of the query, which own the texts. */
struct names {
    PGresult *rows;
    struct report_name *names;
    size_t count;
};

static int32_t row_actor(const PGresult *rows, int row)
{
    return (int32_t)cell_int(rows, row, 0);
}

static enum status read_names(struct snapshot *snapshot, const char *language, struct names *ret_names)
{
    const struct network *network = snapshot->network;
    *ret_names = (struct names){0};
    if (network->spec.level == LEVEL_SECTOR)
        return STATUS_OK;
    enum status status = database_query(snapshot->database, sql_analysis_names, NULL, 0, &ret_names->rows);
    if (status != STATUS_OK)
        return status;
    ret_names->names = calloc(network->actor_count + 1, sizeof *ret_names->names);
    if (!ret_names->names)
        return database_no_memory(snapshot->database);
    int column = strcmp(language, "nn") == 0 ? 6 : strcmp(language, "en") == 0 ? 7 : 3, rows = PQntuples(ret_names->rows);
    for (size_t i = 0; i < network->actor_count; i++) {
        const struct network_actor *actor = &network->actors[i];
        int low = 0, high = rows; /* the rows are ordered by actor */
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (row_actor(ret_names->rows, middle) < actor->id)
                low = middle + 1;
            else
                high = middle;
        }
        /* The name in this language that belongs to the bokmål name the network shows. */
        for (int row = low; row < rows && row_actor(ret_names->rows, row) == actor->id; row++) {
            const char *shown = cell_text(ret_names->rows, row, 3), *name = cell_text(ret_names->rows, row, column);
            if (!shown || !name || !*name || strcmp(shown, actor->label) != 0)
                continue;
            ret_names->names[ret_names->count++] =
                (struct report_name){.key = actor->key, .name = name, .abbreviation = actor->abbreviation};
            break;
        }
    }
    return STATUS_OK;
}

/* ----------------------------------------------------------------------------------------------------- for whom it is */
/* What the report shows: the results, or excerpts for one actor. */
struct shown {
    const struct result *results[PARTS_MAX];
    struct result *excerpts[PARTS_MAX];
    const char *only_actor;
};

static enum status choose_shown(struct shown *shown, struct snapshot *snapshot, struct result *const *results, size_t parts)
{
    const struct choices *choices = &snapshot->spec.choices;
    char error[400];
    int32_t actor;
    if (*choices->for_actor) {
        if (!actor_name_find(snapshot->network, "for", choices->for_actor, &actor, error)) {
            errmsg_set(&snapshot->database->error, "spec", "%s", error);
            return STATUS_INVALID;
        }
        shown->only_actor = snapshot->network->actors[actor].key;
    }
    for (size_t i = 0; i < parts; i++) {
        shown->results[i] = results[i];
        if (!shown->only_actor || !results[i])
            continue;
        shown->results[i] = shown->excerpts[i] = excerpt_of(results[i], shown->only_actor);
        if (!shown->excerpts[i])
            return database_no_memory(snapshot->database);
    }
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------------------------------ comments */
/* Rows of the query, which own the texts. */
struct said {
    PGresult *rows;
    struct report_comment *comments;
    size_t count;
    int32_t until;
};

static enum status read_comments(struct snapshot *snapshot, struct said *ret_said)
{
    const struct database_param params[] = {PARAM_INT4(snapshot->spec.from_day), PARAM_INT4(snapshot->spec.to_day)};
    enum status status = database_query(snapshot->database, sql_analysis_comments, params, 2, &ret_said->rows);
    if (status != STATUS_OK)
        return status;
    int rows = PQntuples(ret_said->rows);
    ret_said->comments = calloc((size_t)rows + 1, sizeof *ret_said->comments);
    if (!ret_said->comments)
        return database_no_memory(snapshot->database);
    for (int row = 0; row < rows; row++) {
        ret_said->until = (int32_t)cell_int(ret_said->rows, row, 0);
        if (cell_text(ret_said->rows, row, 2))
            ret_said->comments[ret_said->count++] = (struct report_comment){.who = cell_text(ret_said->rows, row, 1),
                                                                            .text = cell_text(ret_said->rows, row, 2),
                                                                            .day = (int32_t)cell_int(ret_said->rows, row, 3)};
    }
    return STATUS_OK;
}

/* ----------------------------------------------------------------------------------------------------------- the forms */
/* The tables as files, which need nothing of the document: beside it, in a thread of their own. */
struct annexing {
    const struct report_input *input;
    struct computation_form *csv, *book;
    bool written;
    char error[400];
};

static void *annex_write(void *arg)
{
    struct annexing *annexing = arg;
    struct computation_form *csv = annexing->csv, *book = annexing->book;
    struct annex *annex = NULL;
    annexing->written = annex_open(annexing->input, &annex, annexing->error) &&
                        annex_csv(annex, &csv->content, &csv->size, annexing->error) &&
                        annex_book(annex, &book->content, &book->size, &book->media_type, annexing->error);
    annex_close(annex);
    return NULL;
}

static enum status write_forms(struct computation *computation, struct snapshot *snapshot, const struct report_input *input)
{
    char error[400] = "";
    struct computation_form *pdf = &computation->forms[0], *text = &computation->forms[1], *csv = &computation->forms[2],
                            *book = &computation->forms[3];
    *pdf = (struct computation_form){"pdf", PAPER_MEDIA_TYPE, NULL, 0};
    *text = (struct computation_form){"text", BRIEF_MEDIA_TYPE, NULL, 0};
    *csv = (struct computation_form){"csv", ANNEX_CSV_MEDIA_TYPE, NULL, 0};
    *book = (struct computation_form){"xlsx", NULL, NULL, 0};
    computation->form_count = 4;
    computation->media_type = REPORT_MEDIA_TYPE;
    struct annexing annexing = {.input = input, .csv = csv, .book = book};
    pthread_t thread;
    bool beside = pthread_create(&thread, NULL, annex_write, &annexing) == 0;
    bool written = report_render(input, computation->language, &computation->document, &computation->document_size, error) &&
                   paper_render(computation->document, computation->document_size, &pdf->content, &pdf->size, error) &&
                   brief_render(computation->document, computation->document_size, &text->content, &text->size, error);
    if (beside)
        pthread_join(thread, NULL);
    else
        annex_write(&annexing);
    if (written && annexing.written)
        return STATUS_OK;
    errmsg_set(&snapshot->database->error, "", "%s", written ? annexing.error : error);
    return STATUS_INTERNAL;
}

enum status composition_write(struct computation *computation, struct snapshot *snapshot, struct result *const *results,
                              size_t parts)
{
    const struct choices *choices = &snapshot->spec.choices;
    struct names names = {0};
    struct said said = {0};
    struct shown shown = {.only_actor = NULL};
    PGresult *who = NULL;
    enum status status = choose_shown(&shown, snapshot, results, parts);
    if (status == STATUS_OK)
        status = read_names(snapshot, computation->language, &names);
    if (status == STATUS_OK)
        status = database_query(snapshot->database, sql_analysis_operator, NULL, 0, &who);
    if (status == STATUS_OK)
        status = read_comments(snapshot, &said);
    if (status == STATUS_OK) {
        bool known = PQntuples(who) > 0;
        const struct report_input input = {.operator_name = known ? cell_text(who, 0, 0) : NULL,
                                           .logo = known ? cell_text(who, 0, 1) : NULL,
                                           .is_public = choices->profile == PROFILE_PUBLIC,
                                           .minimum_cell = (double)choices->minimum_cell,
                                           .only_actor = shown.only_actor,
                                           .comments_until = said.until,
                                           .comments = said.comments,
                                           .comment_count = shown.only_actor ? 0 : said.count,
                                           .results = shown.results,
                                           .result_count = parts,
                                           .actor_names = names.names,
                                           .actor_name_count = names.count,
                                           .labels_waiting = snapshot->labels_waiting};
        status = write_forms(computation, snapshot, &input);
    }
    for (size_t i = 0; i < parts; i++)
        result_destroy(shown.excerpts[i]);
    PQclear(who);
    PQclear(names.rows);
    free(names.names);
    PQclear(said.rows);
    free(said.comments);
    return status;
}
