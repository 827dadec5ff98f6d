/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning layers: the types of interaction there are. */
#include "grid.h"
#include "say.h"
#include "session.h"

#include <string.h>

static const char *const kinds[] = {"meeting", "request", "letter", "objection", NULL};

static int layers_call(struct session *session, const struct arguments *arguments, Samordning__V1__LayerRecord *added,
                       struct grid *grid)
{
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__LayerRequest layer = SAMORDNING__V1__LAYER_REQUEST__INIT;
    layer.add = &added;
    layer.n_add = added != NULL;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_LAYER;
    request.layer = &layer;
    const Samordning__V1__Response *response;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_LAYER, &response);
    if (code != EXIT_CODE_OK)
        return code;
    static const char *const columns[] = {"name", "kind", "label_nb", "label_nn", "label_en"};
    grid_table(grid, "layers");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        grid_column(grid, columns[i], true);
    for (size_t i = 0; i < response->layer->n_layers; i++) {
        const Samordning__V1__LayerRecord *record = response->layer->layers[i];
        grid_text(grid, 0, record->name);
        grid_text(grid, 1, (unsigned)record->kind < 4 ? kinds[record->kind] : "");
        grid_text(grid, 2, record->label_nb);
        grid_text(grid, 3, record->label_nn);
        grid_text(grid, 4, record->label_en);
    }
    return EXIT_CODE_OK;
}

static int layers_run(const struct arguments *arguments)
{
    Samordning__V1__LayerRecord added = SAMORDNING__V1__LAYER_RECORD__INIT;
    bool add = strcmp(arguments->action, "add") == 0;
    int kind = arguments_choice(arguments, "kind", kinds, SAMORDNING__V1__LAYER_KIND__LAYER_LETTER);
    if (kind < 0)
        return EXIT_CODE_USAGE;
    if (add && arguments->operand_count != 1) {
        say_error(_("layers add needs one NAME"));
        return EXIT_CODE_USAGE;
    }
    if (add) {
        added.name = arguments->operands[0];
        added.kind = (Samordning__V1__LayerKind)kind;
        added.label_nb = (char *)(uintptr_t)arguments_text(arguments, "nb", added.name);
        added.label_nn = (char *)(uintptr_t)arguments_text(arguments, "nn", added.label_nb);
        added.label_en = (char *)(uintptr_t)arguments_text(arguments, "en", added.name);
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct grid grid;
    grid_init(&grid);
    int code = grid_show(&grid, arguments, layers_call(&session, arguments, add ? &added : NULL, &grid));
    session_close(&session);
    return code;
}

static const struct option_row layers_options[] = {
    {"kind", 'k', N_("KIND"), N_("add: meeting, request, letter (default) or objection"), "meeting request letter objection"},
    {"nb", 0, N_("TEXT"), N_("add: what it is called in bokmål"), NULL},
    {"nn", 0, N_("TEXT"), N_("add: in nynorsk"), NULL},
    {"en", 0, N_("TEXT"), N_("add: in English"), NULL},
    {NULL},
};

const struct command command_layers = {
    .name = "layers",
    .summary = N_("list and add types of interaction"),
    .actions = "list add",
    .operands = N_("[NAME]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("Each type of interaction is a layer of the network. A meeting ties all who took part; a request runs "
                "from sender to addressee and waits for a reply; a letter runs from sender to addressee; an "
                "objection counts against the tie.")},
            {N_("EXAMPLES"), N_("    samordning layers add comment-to-question --kind letter\n")},
            {NULL}},
    .tables = {layers_options, option_output, option_sorting, option_connection, option_common},
    .run = layers_run,
};
