/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning status: what the daemon has and does. */
#include "grid.h"
#include "render.h"
#include "say.h"
#include "session.h"

static void add_status(struct grid *grid, const struct session *session, const Samordning__V1__StatusResponse *status)
{
    const struct {
        const char *name;
        const char *text;
        double number;
    } cells[] = {
        {"organisation", samordning_organisation(session->handle), 0},
        {"interactions", NULL, (double)status->interactions},
        {"supplements", NULL, (double)status->supplements},
        {"withdrawn", NULL, (double)status->withdrawn},
        {"quarantined", NULL, (double)status->quarantined},
        {"refused_classified", NULL, (double)status->refused_classified},
        {"actors", NULL, (double)status->actors},
        {"labels_waiting", NULL, (double)status->labels_waiting},
        {"first_day", status->first_day, 0},
        {"last_day", status->last_day, 0},
        {"days_waiting", NULL, (double)status->days_waiting},
        {"jobs_waiting", NULL, (double)status->jobs_waiting},
        {"jobs_running", NULL, (double)status->jobs_running},
        {"workers", NULL, (double)status->workers},
        {"schema_version", NULL, (double)status->schema_version},
        {"uptime_s", NULL, (double)status->uptime_s},
        {"software", status->software, 0},
    };
    size_t count = sizeof cells / sizeof cells[0];
    grid_table(grid, "status");
    for (size_t i = 0; i < count; i++)
        grid_column(grid, cells[i].name, cells[i].text != NULL);
    for (size_t i = 0; i < count; i++) {
        if (cells[i].text)
            grid_text(grid, i, cells[i].text);
        else
            grid_number(grid, i, cells[i].number);
    }
}

static int status_run(const struct arguments *arguments)
{
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__StatusRequest status = SAMORDNING__V1__STATUS_REQUEST__INIT;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    const Samordning__V1__Response *response;
    int code = session_expect(&session, &request, SAMORDNING__V1__RESPONSE__BODY_SERVER, &response);
    if (code == EXIT_CODE_OK) {
        struct grid grid;
        grid_init(&grid);
        add_status(&grid, &session, response->server);
        if (grid.failed)
            say_error(_("out of memory"));
        code = grid.failed ? EXIT_CODE_FAILED : render_result(&grid.result, arguments, false, NULL);
        grid_release(&grid);
    }
    session_close(&session);
    return code;
}

const struct command command_status = {
    .name = "status",
    .summary = N_("show what the daemon has and does"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"), N_("Counts are those of one's own organisation; researchers and operators see all. "
                                   "labels_waiting are names the register does not know yet; days_waiting are days whose "
                                   "interactions are not condensed for analysis yet.")},
            {NULL}},
    .tables = {option_output, option_connection, option_common},
    .run = status_run,
};
