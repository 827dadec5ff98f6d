/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning spool: what is not acknowledged yet. */
#include "say.h"
#include "session.h"
#include "summary.h"

#include <stdio.h>
#include <string.h>

static void count_receipt(void *arg, uint64_t tag, const Samordning__V1__Receipt *receipt)
{
    (void)tag;
    summary_count(arg, receipt);
}

static int spool_send(const struct arguments *arguments, const char *spool)
{
    uint64_t retry_for;
    if (!arguments_number(arguments, "retry-for", 0, 0, UINT32_MAX / 1000, &retry_for))
        return EXIT_CODE_USAGE;
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){.spool = spool, .retry_for_s = retry_for}))
        return EXIT_CODE_USAGE;
    struct summary summary = {0};
    uint64_t sent = 0;
    int error = samordning_spool_resume(session.handle, count_receipt, &summary, &sent);
    int code = error == SAMORDNING_OK ? EXIT_CODE_OK : session_explain(&session, error);
    session_close(&session);
    summary.read = sent;
    summary_print_text(stdout, &summary, _("from the spool"));
    session_hint_refused(code, spool);
    return code != EXIT_CODE_OK ? code : summary_exit_code(&summary);
}

static int spool_discard(const char *spool)
{
    uint64_t discarded = 0;
    int error = samordning_spool_discard(spool, &discarded);
    if (error != SAMORDNING_OK) {
        say_error("%s: %s", spool, samordning_error_text(error));
        return EXIT_CODE_INPUT;
    }
    printf(ngettext("%llu interaction was put aside in %s/discarded\n", "%llu interactions were put aside in %s/discarded\n",
                    discarded),
           (unsigned long long)discarded, spool);
    return EXIT_CODE_OK;
}

static int spool_run(const struct arguments *arguments)
{
    char folder[PATH_MAX];
    session_default_spool(arguments, folder, sizeof folder);
    const char *spool = arguments_text(arguments, "spool", folder);
    if (!spool[0]) {
        say_error(_("no spool: give --spool DIR"));
        return EXIT_CODE_USAGE;
    }
    if (strcmp(arguments->action, "send") == 0)
        return spool_send(arguments, spool);
    if (strcmp(arguments->action, "discard") == 0)
        return spool_discard(spool);
    uint64_t waiting = 0;
    int error = samordning_spool_count(spool, &waiting);
    if (error != SAMORDNING_OK) {
        say_error("%s: %s", spool, samordning_error_text(error));
        return EXIT_CODE_INPUT;
    }
    printf(ngettext("%llu interaction waits in %s\n", "%llu interactions wait in %s\n", waiting), (unsigned long long)waiting,
           spool);
    return EXIT_CODE_OK;
}

static const struct option_row spool_options[] = {
    {"spool", 0, N_("DIR"), N_("the spool (default: the bundle's folder below ~/.local/state/samordning/spool)"), "@directory"},
    {"retry-for", 0, N_("SECONDS"), N_("send: keep trying a daemon that is away (default 0)"), NULL},
    {NULL},
};

const struct command command_spool = {
    .name = "spool",
    .summary = N_("show, send or put aside what waits for the daemon"),
    .actions = "status send discard",
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("What submit has read and the daemon has not acknowledged lies in the spool. The next "
                "submit sends it first; spool send sends it alone.\n\n"
                "spool discard puts it aside, into the folder discarded of the spool, where nobody sends it: for "
                "what was read with the wrong certificate and is refused each time. Moved back into the spool, "
                "the files wait again.")},
            {NULL}},
    .tables = {spool_options, option_connection, option_common},
    .run = spool_run,
};
