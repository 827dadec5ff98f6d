/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning enrol: bundles for other organisations. Their keys are made here and never leave this machine. */
#include "csv_table.h"
#include "roles.h"
#include "say.h"
#include "session.h"
#include "validate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST_ARENA_BYTES (1U << 20)

struct organisation {
    const char *orgnr, *name;
};

/* Whole or not at all, and readable only as it should be. */
static bool write_file(const char *folder, const char *name, const void *data, size_t size, mode_t mode)
{
    char path[PATH_MAX], temporary[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(temporary, sizeof temporary, "%s.new", path);
    (void)unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool good = fd >= 0 && write(fd, data, size) == (ssize_t)size && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0 && close(fd) != 0)
        good = false;
    if (good && rename(temporary, path) == 0)
        return true;
    say_error(_("could not write %s: %s"), path, strerror(good ? errno : reason));
    if (fd >= 0)
        unlink(temporary);
    return false;
}

/* The new bundle talks to the same daemon as the one in use. */
static bool write_address(const struct session *session, const struct arguments *arguments, const char *folder)
{
    char path[PATH_MAX + 16], text[2048] = "", line[1024];
    size_t used = 0;
    const char *host = arguments_text(arguments, "host", NULL), *port = arguments_text(arguments, "port", NULL);
    if (host)
        used += (size_t)snprintf(text + used, sizeof text - used, "host = %s\n", host);
    if (port)
        used += (size_t)snprintf(text + used, sizeof text - used, "port = %s\n", port);
    snprintf(path, sizeof path, "%s/client.conf", session->bundle);
    FILE *own = fopen(path, "re");
    while (own && fgets(line, sizeof line, own) && used + strlen(line) < sizeof text) {
        if (line[0] == '#' || (host && strncmp(line, "host", 4) == 0) || (port && strncmp(line, "port", 4) == 0))
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", line);
    }
    if (own)
        fclose(own);
    return write_file(folder, "client.conf", text, used, 0644);
}

static int ask(struct session *session, const struct arguments *arguments, const struct organisation *organisation,
               const char *csr, const Samordning__V1__EnrolResponse **ret_answer)
{
    Samordning__V1__AccessRole roles[ROLES_MAX];
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__EnrolRequest enrol = SAMORDNING__V1__ENROL_REQUEST__INIT;
    enrol.roles = roles;
    if (!roles_read(arguments, SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER, roles, &enrol.n_roles))
        return EXIT_CODE_USAGE;
    enrol.orgnr = (char *)(uintptr_t)organisation->orgnr;
    enrol.name = (char *)(uintptr_t)organisation->name;
    enrol.subject = (char *)(uintptr_t)arguments_text(arguments, "subject", "");
    if (csr)
        enrol.csr = (ProtobufCBinaryData){strlen(csr), (uint8_t *)(uintptr_t)csr};
    request.body_case = SAMORDNING__V1__REQUEST__BODY_ENROL;
    request.enrol = &enrol;
    const Samordning__V1__Response *response;
    int code = session_expect(session, &request, SAMORDNING__V1__RESPONSE__BODY_ENROL, &response);
    if (code != EXIT_CODE_OK)
        return code;
    if (csr && response->enrol->certificate.len == 0) {
        say_error(_("the daemon's answer makes no sense"));
        return EXIT_CODE_FAILED;
    }
    *ret_answer = response->enrol;
    return EXIT_CODE_OK;
}

static bool holds_bundle(const char *folder)
{
    char present[PATH_MAX + 16];
    snprintf(present, sizeof present, "%s/client.crt", folder);
    return access(present, F_OK) == 0;
}

static bool make_folder(const char *folder)
{
    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return true;
    say_error(_("could not make %s: %s"), folder, strerror(errno));
    return false;
}

static int make_bundle(struct session *session, const struct arguments *arguments, const struct organisation *organisation,
                       const char *folder)
{
    char *key = NULL, *csr = NULL;
    const Samordning__V1__EnrolResponse *answer = NULL;
    if (!make_folder(folder))
        return EXIT_CODE_INPUT;
    int error = samordning_enrol_key(organisation->orgnr, organisation->name, &key, &csr);
    if (error != SAMORDNING_OK) {
        say_error("%s", samordning_error_text(error));
        return EXIT_CODE_FAILED;
    }
    int code = ask(session, arguments, organisation, csr, &answer);
    if (code == EXIT_CODE_OK) {
        bool good = write_file(folder, "client.key", key, strlen(key), 0600) &&
                    write_file(folder, "ca.crt", answer->authority.data, answer->authority.len, 0644) &&
                    write_address(session, arguments, folder) &&
                    write_file(folder, "client.crt", answer->certificate.data, answer->certificate.len, 0644);
        code = good ? EXIT_CODE_OK : EXIT_CODE_INPUT;
    }
    if (code == EXIT_CODE_OK)
        printf(_("%s: a bundle for %s (%s)\n"), folder, organisation->name, organisation->orgnr);
    explicit_bzero(key, strlen(key));
    free(key);
    free(csr);
    return code;
}

/* A row's bundle, into a folder named by its number. Rejected: only this row is. */
static int enrol_row(struct session *session, const struct arguments *arguments, const char *list, uint64_t line,
                     const struct organisation *organisation, const char *out)
{
    char folder[PATH_MAX];
    if (!validate_orgnr(organisation->orgnr)) {
        say_error(_("%s:%" PRIu64 ": orgnr: \"%s\" is not an organisation number (nine digits, modulus 11)"), list, line,
                  organisation->orgnr);
        return EXIT_CODE_REJECTED;
    }
    if (!organisation->name[0]) {
        say_error(_("%s:%" PRIu64 ": name: is empty"), list, line);
        return EXIT_CODE_REJECTED;
    }
    if (snprintf(folder, sizeof folder, "%s/%s", out, organisation->orgnr) >= (int)sizeof folder) {
        say_error(_("could not make %s: %s"), out, strerror(ENAMETOOLONG));
        return EXIT_CODE_INPUT;
    }
    if (holds_bundle(folder)) {
        printf(_("%s: is there already\n"), folder);
        return EXIT_CODE_OK;
    }
    return make_bundle(session, arguments, organisation, folder);
}

/* Can be repeated: bundles that are there stay. */
static int enrol_list(struct session *session, const struct arguments *arguments, const char *list, const char *out)
{
    static const struct csv_table_column columns[] = {{"orgnr", true}, {"name", true}};
    struct arena arena;
    struct csv_table table;
    int code = EXIT_CODE_OK;
    if (!make_folder(out))
        return EXIT_CODE_INPUT;
    arena_init(&arena, LIST_ARENA_BYTES);
    bool open = csv_table_open(&table, list, false, 0, &arena, sizeof columns / sizeof columns[0], columns);
    enum csv_state state = open ? CSV_ROW : CSV_FAILED;
    while (state == CSV_ROW || state == CSV_BAD) {
        const char *cells[2], *reason = NULL;
        uint64_t line = 0;
        state = csv_table_next(&table, cells, &line, &reason);
        if (state == CSV_BAD) {
            say_error("%s:%" PRIu64 ": %s", list, line, reason);
            code = EXIT_CODE_REJECTED;
        }
        if (state != CSV_ROW)
            continue;
        int row = enrol_row(session, arguments, list, line, &(struct organisation){cells[0], cells[1]}, out);
        if (row != EXIT_CODE_OK)
            code = row;
        if (row != EXIT_CODE_OK && row != EXIT_CODE_REJECTED)
            break;
    }
    if (state == CSV_FAILED)
        code = EXIT_CODE_INPUT;
    csv_table_close(&table);
    arena_release(&arena);
    return code;
}

/* One organisation, named by options: a bundle, or access for a certificate it has. */
static int enrol_one(struct session *session, const struct arguments *arguments, const struct organisation *organisation,
                     const char *out, const char *subject)
{
    const Samordning__V1__EnrolResponse *answer;
    if (!subject)
        return make_bundle(session, arguments, organisation, out);
    int code = ask(session, arguments, organisation, NULL, &answer);
    if (code == EXIT_CODE_OK)
        printf(_("%s speaks for %s (%s) from now on\n"), subject, organisation->name, organisation->orgnr);
    return code;
}

static int enrol_run(const struct arguments *arguments)
{
    const struct organisation one = {arguments_text(arguments, "orgnr", NULL), arguments_text(arguments, "name", NULL)};
    const char *list = arguments_text(arguments, "list", NULL), *out = arguments_text(arguments, "out", NULL);
    const char *subject = arguments_text(arguments, "subject", NULL);
    bool several = list && out && !one.orgnr && !one.name && !subject;
    bool single = !list && one.orgnr && one.name && (out || subject);
    if (!several && !single) {
        say_error(_("enrol needs --orgnr NUMBER, --name NAME and --out DIR (or --subject NAME); or --list FILE and --out DIR"));
        return EXIT_CODE_USAGE;
    }
    if (single && !validate_orgnr(one.orgnr)) {
        say_error(_("--orgnr: \"%s\" is not an organisation number (nine digits, modulus 11)"), one.orgnr);
        return EXIT_CODE_USAGE;
    }
    if (single && out && holds_bundle(out)) {
        say_error(_("%s holds a bundle already: choose another directory"), out);
        return EXIT_CODE_INPUT;
    }
    struct session session;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    int code = several ? enrol_list(&session, arguments, list, out) : enrol_one(&session, arguments, &one, out, subject);
    session_close(&session);
    return code;
}

static const struct option_row enrol_options[] = {
    {"orgnr", 0, N_("NUMBER"), N_("organisation number"), NULL},
    {"name", 0, N_("NAME"), N_("name of the organisation"), NULL},
    {"list", 0, N_("FILE"),
     N_("several at once: CSV with the columns orgnr and name; each gets a directory of its number below --out"), "@file"},
    {"role", 0, N_("ROLES"), N_("submitter (default), researcher, operator; comma separated"), "submitter researcher operator"},
    {"out", 'o', N_("DIR"), N_("where to write the bundle"), "@directory"},
    {"subject", 0, N_("NAME"), N_("instead: an outside certificate with this subject (RFC 2253) speaks for the organisation"),
     NULL},
    {NULL},
};

const struct command command_enrol = {
    .name = "enrol",
    .summary = N_("give an organisation access (operators)"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"), N_("Makes a key here, has the daemon certify it, and writes a bundle: client.key, client.crt, "
                                   "ca.crt and client.conf with "
                                   "the daemon's address. Hand the directory to the organisation over a safe channel: whoever "
                                   "has it speaks for them. "
                                   "With --subject nothing is written; a certificate the organisation already has, from an "
                                   "authority the daemon trusts, "
                                   "is let in.")},
            {N_("EXAMPLES"), N_("    samordning enrol --orgnr 972417807 --name Finansdepartementet --out fin-bundle\n"
                                "    samordning enrol --list ministries.csv --out bundles\n")},
            {NULL}},
    .tables = {enrol_options, option_connection, option_common},
    .run = enrol_run,
};
