/* SPDX-License-Identifier: GPL-3.0-or-later
 * The connection that a command line asks for. */
#include "session.h"
#include "say.h"
#include "status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIMEOUT_SHORT_S    60
#define TIMEOUT_ANALYSIS_S 3600
#define TIMEOUT_MAX_S      UINT64_C(604800)

static bool find_home(const char *variable, const char *below_home, const char *rest, char *ret_path, size_t size)
{
    const char *folder = getenv(variable), *home = getenv("HOME");
    int wrote;
    if (folder && folder[0] == '/')
        wrote = snprintf(ret_path, size, "%s/%s", folder, rest);
    else if (home && home[0])
        wrote = snprintf(ret_path, size, "%s/%s/%s", home, below_home, rest);
    else
        wrote = -1;
    if (wrote > 0 && (size_t)wrote < size)
        return true;
    ret_path[0] = '\0';
    return false;
}

/* A folder for each bundle: what waits must go out under the certificate it was submitted with, never another's. */
void session_default_spool(const struct arguments *arguments, char *ret_path, size_t size)
{
    char bundle[PATH_MAX], real[PATH_MAX], rest[64];
    const char *given = arguments_text(arguments, "bundle", getenv("SAMORDNING_BUNDLE"));
    if (given && given[0])
        snprintf(bundle, sizeof bundle, "%s", given);
    else
        (void)find_home("XDG_CONFIG_HOME", ".config", "samordning", bundle, sizeof bundle);
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a of where the bundle really is */
    for (const char *c = realpath(bundle, real) ? real : bundle; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    snprintf(rest, sizeof rest, "samordning/spool/%016" PRIx64, hash);
    (void)find_home("XDG_STATE_HOME", ".local/state", rest, ret_path, size);
}

bool session_make_folder(const char *path)
{
    char copy[PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy)
        return false;
    for (char *at = copy + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        (void)mkdir(copy, 0700);
        *at = '/';
    }
    return mkdir(copy, 0700) == 0 || errno == EEXIST;
}

static bool find_bundle(struct session *session, const struct arguments *arguments)
{
    const char *bundle = arguments_text(arguments, "bundle", getenv("SAMORDNING_BUNDLE"));
    if (bundle && bundle[0])
        snprintf(session->bundle, sizeof session->bundle, "%s", bundle);
    else if (!find_home("XDG_CONFIG_HOME", ".config", "samordning", session->bundle, sizeof session->bundle)) {
        say_error(_("no bundle: give --bundle DIR or set SAMORDNING_BUNDLE"));
        return false;
    }
    struct stat about;
    if (stat(session->bundle, &about) == 0 && S_ISDIR(about.st_mode))
        return true;
    say_error(_("there is no bundle %s: the operator makes one with samordning enrol; name it with --bundle DIR"),
              session->bundle);
    return false;
}

bool session_open(struct session *session, const struct arguments *arguments, const struct session_choices *choices)
{
    *session = (struct session){0};
    uint64_t timeout_s;
    if (!arguments_number(arguments, "timeout", choices->wait == SESSION_ANALYSIS ? TIMEOUT_ANALYSIS_S : TIMEOUT_SHORT_S, 1,
                          TIMEOUT_MAX_S, &timeout_s) ||
        !find_bundle(session, arguments))
        return false;
    uint64_t retry_ms = choices->retry_for_s > UINT32_MAX / 1000 ? UINT32_MAX : choices->retry_for_s * 1000;
    struct samordning_options options = {
        .host = arguments_text(arguments, "host", NULL),
        .port = arguments_text(arguments, "port", NULL),
        .bundle = session->bundle,
        .timeout_ms = (unsigned)(timeout_s * 1000),
        .retry_for_ms = (unsigned)retry_ms,
        .batch = choices->batch,
        .in_flight = choices->in_flight,
        .spool = choices->spool,
        .software = SAMORDNING_SOFTWARE,
    };
    session->handle = samordning_create(&options);
    if (!session->handle)
        say_error(_("out of memory"));
    return session->handle != NULL;
}

void session_close(struct session *session)
{
    samordning_destroy(session->handle);
    session->handle = NULL;
}

int session_explain(struct session *session, int error)
{
    const char *words = samordning_last_error(session->handle);
    if (!words || !words[0])
        words = samordning_error_text(error);
    say_error("%s", words);
    switch (error) {
    case SAMORDNING_OK:
        return EXIT_CODE_OK;
    case SAMORDNING_E_CONNECT:
    case STATUS_BUSY:
    case STATUS_UNAVAILABLE:
    case STATUS_TIMEOUT:
        return EXIT_CODE_AWAY;
    case SAMORDNING_E_TLS:
    case STATUS_UNAUTHENTICATED:
    case STATUS_FORBIDDEN:
        return EXIT_CODE_FORBIDDEN;
    case SAMORDNING_E_ARGUMENT:
        return EXIT_CODE_USAGE;
    default:
        return EXIT_CODE_FAILED;
    }
}

void session_hint_refused(int code, const char *spool)
{
    uint64_t waiting = 0;
    if (code != EXIT_CODE_FORBIDDEN || spool == NULL || samordning_spool_count(spool, &waiting) != SAMORDNING_OK ||
        waiting == 0)
        return;
    say_hint(_("nothing was taken: what was read waits in %s until this certificate may submit. If it never should have been "
               "sent with "
               "it: samordning spool discard --spool %s"),
             spool, spool);
}

struct phase {
    bool shown;
};

static void show_phase(void *arg, const char *phase, unsigned permille)
{
    struct phase *state = arg;
    if (!say_is_terminal())
        return;
    fprintf(stderr, "\r\033[K%s %u %%", phase, permille / 10);
    fflush(stderr);
    state->shown = true;
}

int session_ask(struct session *session, Samordning__V1__Request *request, const Samordning__V1__Response **ret_response)
{
    struct phase state = {0};
    int error = samordning_call(session->handle, request, show_phase, &state, ret_response);
    if (state.shown)
        fputs("\r\033[K", stderr);
    return error;
}

int session_call(struct session *session, Samordning__V1__Request *request, const Samordning__V1__Response **ret_response)
{
    int error = session_ask(session, request, ret_response);
    return error == SAMORDNING_OK ? EXIT_CODE_OK : session_explain(session, error);
}
