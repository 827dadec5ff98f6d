/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages of records to one table, for every kind of record. */
#include "command.h"
#include "grid.h"
#include "records.h"
#include "render.h"
#include "say.h"
#include "session.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define LIST_PAGE     500
#define LIST_CELL_MAX 4000 /* bytes of a list in one cell; the rest is cut off at an entry */
#define LIST_NEXT_MAX 4000

const struct option_row option_import[] = {
    {"map", 'm', N_("FIELD=COLUMN"), N_("import: the field is in this column; may be repeated"), NULL},
    {"delimiter", 0, N_("CHARACTER"), N_("import: between columns; \"tab\" for a tabulator (default: comma)"), NULL},
    {"encoding", 0, N_("NAME"), N_("import: latin1, for files that are not UTF-8"), "latin1"},
    {"search", 's', N_("TEXT"), N_("list: only those with this in their key, reference, name or title"), NULL},
    {NULL},
};

static void add_cell(struct grid *grid, size_t column, const ProtobufCFieldDescriptor *field, const char *record)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        char cell[LIST_CELL_MAX] = "";
        size_t count, used = 0;
        char *const *texts;
        memcpy(&count, record + field->quantifier_offset, sizeof count);
        memcpy(&texts, record + field->offset, sizeof texts);
        for (size_t i = 0; i < count && used + strlen(texts[i]) + 2 < sizeof cell; i++)
            used += (size_t)snprintf(cell + used, sizeof cell - used, "%s%s", i ? ";" : "", texts[i]);
        grid_text(grid, column, cell);
    } else if (field->type == PROTOBUF_C_TYPE_DOUBLE) {
        double number;
        memcpy(&number, record + field->offset, sizeof number);
        grid_number(grid, column, number);
    } else {
        const char *text;
        memcpy(&text, record + field->offset, sizeof text);
        grid_text(grid, column, text);
    }
}

/* Requests for lists and their answers have one shape: search, limit and after; records, and the cursor. */
_Static_assert(offsetof(Samordning__V1__CaseListRequest, after) == offsetof(Samordning__V1__NeedListRequest, after) &&
                   offsetof(Samordning__V1__CaseListRequest, after) ==
                       offsetof(Samordning__V1__ReorganisationListRequest, after) &&
                   offsetof(Samordning__V1__CaseListResponse, next) == offsetof(Samordning__V1__NeedListResponse, next) &&
                   offsetof(Samordning__V1__CaseListResponse, next) ==
                       offsetof(Samordning__V1__ReorganisationListResponse, next),
               "list_pages fills and reads one for all");

static int list_pages(struct session *session, const struct arguments *arguments, const struct record_kind *kind,
                      struct grid *grid)
{
    char after[LIST_NEXT_MAX] = "";
    grid_table(grid, kind->command);
    for (unsigned k = 0; k < kind->record->n_fields; k++)
        grid_column(grid, kind->record->fields[k].name, kind->record->fields[k].type != PROTOBUF_C_TYPE_DOUBLE);
    for (;;) {
        Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
        union {
            Samordning__V1__CaseListRequest cases;
            Samordning__V1__NeedListRequest need;
            Samordning__V1__ReorganisationListRequest reorganisations;
        } body;
        protobuf_c_message_init(kind->list, &body);
        body.cases.search = (char *)(uintptr_t)arguments_text(arguments, "search", "");
        body.cases.limit = LIST_PAGE;
        body.cases.after = after;
        request.body_case = kind->list_body;
        request.case_list = &body.cases; /* every body is the same union of pointers */
        const Samordning__V1__Response *response;
        int code = session_expect(session, &request, (Samordning__V1__Response__BodyCase)kind->list_body, &response);
        if (code != EXIT_CODE_OK)
            return code;
        const Samordning__V1__CaseListResponse *page = response->case_list;
        for (size_t i = 0; i < page->n_cases; i++)
            for (unsigned k = 0; k < kind->record->n_fields; k++)
                add_cell(grid, k, &kind->record->fields[k], (const char *)page->cases[i]);
        if (!page->next[0] || strcmp(page->next, after) == 0)
            return EXIT_CODE_OK;
        snprintf(after, sizeof after, "%s", page->next);
    }
}

int records_list(const struct arguments *arguments, const struct record_kind *kind)
{
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct grid grid;
    grid_init(&grid);
    int code = list_pages(&session, arguments, kind, &grid);
    code = grid_show(&grid, arguments, code);
    session_close(&session);
    return code;
}
