/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning actors: the register of actors and the names that wait for one. */
#include "actors_import.h"
#include "grid.h"
#include "say.h"
#include "session.h"

#include <stdio.h>
#include <string.h>

#define LIST_PAGE 500

static void add_actor(struct grid *grid, const Samordning__V1__ActorRecord *actor)
{
    const char *const cells[] = {actor->key,     actor->kind,       actor->abbreviation, actor->name_nb,     actor->name_nn,
                                 actor->name_en, actor->name_se,    actor->orgnr,        actor->mail_domain, actor->parent,
                                 actor->sector,  actor->valid_from, actor->valid_to};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        grid_text(grid, i, cells[i]);
}

static void add_waiting(struct grid *grid, const Samordning__V1__WaitingLabel *label)
{
    char suggestions[600] = "";
    for (size_t i = 0; i < label->n_suggestions; i++) {
        size_t used = strlen(suggestions);
        snprintf(suggestions + used, sizeof suggestions - used, "%s%s", i ? "; " : "", label->suggestions[i]);
    }
    grid_text(grid, 0, label->label);
    grid_number(grid, 1, (double)label->interactions);
    grid_text(grid, 2, label->first_seen);
    grid_text(grid, 3, suggestions);
}

static void begin_table(struct grid *grid, bool waiting)
{
    static const char *const of_actor[] = {"key",     "kind",       "abbreviation", "name_nb",     "name_nn",
                                           "name_en", "name_se",    "orgnr",        "mail_domain", "parent",
                                           "sector",  "valid_from", "valid_to"};
    grid_table(grid, waiting ? "waiting" : "actors");
    if (waiting) {
        grid_column(grid, "label", true);
        grid_column(grid, "interactions", false);
        grid_column(grid, "first_seen", true);
        grid_column(grid, "suggestions", true);
        return;
    }
    for (size_t i = 0; i < sizeof of_actor / sizeof of_actor[0]; i++)
        grid_column(grid, of_actor[i], true);
}

static int list_pages(struct session *session, const struct arguments *arguments, struct grid *grid)
{
    bool waiting = arguments_has(arguments, "waiting");
    char after[400] = "";
    begin_table(grid, waiting);
    for (;;) {
        Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
        Samordning__V1__ActorListRequest list = SAMORDNING__V1__ACTOR_LIST_REQUEST__INIT;
        list.on = (char *)(uintptr_t)arguments_text(arguments, "on", "");
        list.search = (char *)(uintptr_t)arguments_text(arguments, "search", "");
        list.waiting = waiting;
        list.limit = LIST_PAGE;
        list.after = after;
        request.body_case = SAMORDNING__V1__REQUEST__BODY_ACTOR_LIST;
        request.actor_list = &list;
        const Samordning__V1__Response *response;
        int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_ACTOR_LIST, &response);
        if (code != EXIT_CODE_OK)
            return code;
        const Samordning__V1__ActorListResponse *page = response->actor_list;
        for (size_t i = 0; i < page->n_actors && !waiting; i++)
            add_actor(grid, page->actors[i]);
        for (size_t i = 0; i < page->n_waiting && waiting; i++)
            add_waiting(grid, page->waiting[i]);
        if (!page->next[0] || strcmp(page->next, after) == 0)
            return EXIT_CODE_OK;
        snprintf(after, sizeof after, "%s", page->next);
    }
}

static int actors_list(const struct arguments *arguments)
{
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct grid grid;
    grid_init(&grid);
    int code = grid_show(&grid, arguments, list_pages(&session, arguments, &grid));
    session_close(&session);
    return code;
}

struct resolution {
    uint64_t resolved, created;
};

/* One request, or with --all as many as it takes: the daemon does some of the names at a time, and says how far it came. What
 * was done stays done when a later one fails. */
static int resolve_parts(struct session *session, const struct arguments *arguments, struct resolution *ret_done)
{
    char after[1000] = "";
    do {
        Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
        Samordning__V1__ActorResolveRequest resolve = SAMORDNING__V1__ACTOR_RESOLVE_REQUEST__INIT;
        const Samordning__V1__Response *response;
        resolve.labels = arguments->operands;
        resolve.n_labels = arguments->operand_count;
        resolve.actor = (char *)(uintptr_t)arguments_text(arguments, "actor", "");
        resolve.create_kind = (char *)(uintptr_t)arguments_text(arguments, "create", "");
        resolve.valid_from = (char *)(uintptr_t)arguments_text(arguments, "valid-from", "");
        resolve.valid_to = (char *)(uintptr_t)arguments_text(arguments, "valid-to", "");
        resolve.after = after;
        request.body_case = SAMORDNING__V1__REQUEST__BODY_ACTOR_RESOLVE;
        request.actor_resolve = &resolve;
        int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_ACTOR_RESOLVE, &response);
        if (code != EXIT_CODE_OK)
            return code;
        ret_done->resolved += response->actor_resolve->resolved;
        ret_done->created += response->actor_resolve->created;
        snprintf(after, sizeof after, "%s", response->actor_resolve->next);
    } while (after[0] != '\0');
    return EXIT_CODE_OK;
}

static int actors_resolve(const struct arguments *arguments)
{
    const char *actor = arguments_text(arguments, "actor", ""), *create = arguments_text(arguments, "create", "");
    if ((actor[0] != '\0') == (create[0] != '\0')) {
        say_error(_("actors resolve needs either --actor KEY or --create KIND"));
        return EXIT_CODE_USAGE;
    }
    if (arguments->operand_count == 0 && !arguments_has(arguments, "all")) {
        say_error(_("actors resolve needs names, or --all with --create KIND for every name that waits"));
        return EXIT_CODE_USAGE;
    }
    if (arguments_has(arguments, "all") && (actor[0] || arguments->operand_count > 0)) {
        say_error(_("--all goes with --create KIND and without names"));
        return EXIT_CODE_USAGE;
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    struct resolution done = {0};
    int code = resolve_parts(&session, arguments, &done);
    if (code == EXIT_CODE_OK || done.resolved > 0)
        printf(_("names: %llu resolved; actors: %llu created\n"), (unsigned long long)done.resolved,
               (unsigned long long)done.created);
    session_close(&session);
    return code;
}

static int actors_run(const struct arguments *arguments)
{
    if (strcmp(arguments->action, "import") == 0)
        return actors_import(arguments);
    return strcmp(arguments->action, "list") == 0 ? actors_list(arguments) : actors_resolve(arguments);
}

static const struct option_row actors_options[] = {
    {"map", 'm', N_("FIELD=COLUMN"), N_("import: the field is in this column; may be repeated"), NULL},
    {"kind", 0, N_("KIND"), N_("import: kind of actors whose row names none (default other)"),
     "ministry department agency regional municipality committee group minister person other"},
    {"source", 0, N_("TEXT"), N_("import: where the register is from (default: the file's name)"), NULL},
    {"delimiter", 0, N_("CHARACTER"), N_("import: between columns; \"tab\" for a tabulator (default: comma)"), NULL},
    {"encoding", 0, N_("NAME"), N_("import: latin1, for files that are not UTF-8"), "latin1"},
    {"on", 0, N_("DATE"), N_("list: as of this day (default today)"), NULL},
    {"search", 's', N_("TEXT"), N_("list: only actors with this in a name, abbreviation or number"), NULL},
    {"waiting", 'w', NULL, N_("list: names that wait for an actor, with suggestions"), NULL},
    {"actor", 0, N_("KEY"), N_("resolve: the names mean this actor"), NULL},
    {"create", 0, N_("KIND"), N_("resolve: make each name an actor of this kind"),
     "ministry department agency regional municipality committee group minister person other"},
    {"all", 0, NULL, N_("resolve: every name that waits (with --create)"), NULL},
    {"valid-from", 0, N_("DATE"), N_("resolve: the name means the actor from this day"), NULL},
    {"valid-to", 0, N_("DATE"), N_("resolve: and no longer on this day"), NULL},
    {NULL},
};

const struct command command_actors = {
    .name = "actors",
    .summary = N_("import, list and resolve actors"),
    .actions = "import list resolve",
    .operands = N_("[FILE...|NAME...]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"), N_("import reads a CSV file with a row for each actor and the columns key, kind, name_nb, "
                                   "name_nn, name_en, name_se, "
                                   "abbreviation, orgnr, mail_domain, parent, sector, valid_from, valid_to, members, aliases, "
                                   "source; other columns are "
                                   "left alone. An actor without a key gets its organisation number, else its abbreviation, "
                                   "else its name as one. Members "
                                   "(of a group) and aliases are separated by semicolons or bars inside their column. "
                                   "Importing a file again changes "
                                   "nothing; other names from another day on are another row with valid_from.\n\n"
                                   "list shows the register, or with --waiting the names in interactions that the register "
                                   "does not know. Interactions "
                                   "with such names are stored, and count as soon as the names are resolved.\n\n"
                                   "resolve says which actor a name means.")},
            {N_("EXAMPLES"), N_("    samordning actors import ministries.csv --kind ministry\n"
                                "    samordning actors import nodes.csv --map name_nb=id,sector=department --kind person\n"
                                "    samordning actors list --waiting\n"
                                "    samordning actors resolve \"Fin.dep.\" \"Finansdep\" --actor 972417807\n"
                                "    samordning actors resolve --all --create person\n")},
            {NULL}},
    .tables = {actors_options, option_output, option_sorting, option_connection, option_common},
    .run = actors_run,
};
