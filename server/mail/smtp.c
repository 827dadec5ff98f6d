/* SPDX-License-Identifier: GPL-3.0-or-later
 * One letter in a thread of the crew, with libcurl.
 */
#include "smtp.h"
#include "crew.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How far a conversation has come. */
enum smtp_phase { PHASE_SESSION, PHASE_SENDER, PHASE_RECIPIENT, PHASE_DATA, PHASE_LETTER };

/* One letter with all that a thread needs to send it. */
struct transfer {
    struct crew_job in_crew; /* first */
    struct smtp_job *job;
    char *url, *user, *password, *authority, *from, *to;
    bool require_tls;
    enum smtp_phase phase;
    size_t sent;
};
struct smtp {
    const struct config *config;
    struct crew *crew;
};

static void transfer_free(struct transfer *transfer)
{
    if (transfer->password != NULL)
        explicit_bzero(transfer->password, strlen(transfer->password));
    free(transfer->url);
    free(transfer->user);
    free(transfer->password);
    free(transfer->authority);
    free(transfer->from);
    free(transfer->to);
    free(transfer);
}

/* ------------------------------------------------------------------------------------------------ one letter, in a thread */
static size_t give_letter(char *into, size_t size, size_t count, void *arg)
{
    struct transfer *transfer = arg;
    size_t room = size * count, left = transfer->job->size - transfer->sent;
    size_t given = left < room ? left : room;
    memcpy(into, transfer->job->letter + transfer->sent, given);
    transfer->sent += given;
    return given;
}

/* Starts over on another connection, when a kept one turns out to be closed. */
static int rewind_letter(void *arg, curl_off_t offset, int origin)
{
    struct transfer *transfer = arg;
    if (origin != SEEK_SET || offset < 0 || (size_t)offset > transfer->job->size)
        return CURL_SEEKFUNC_FAIL;
    transfer->sent = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static int trace(CURL *easy, curl_infotype type, char *data, size_t size, void *arg)
{
    static const struct {
        const char *word;
        enum smtp_phase phase;
    } commands[] = {{"EHLO", PHASE_SESSION},
                    {"HELO", PHASE_SESSION},
                    {"MAIL", PHASE_SENDER},
                    {"RCPT", PHASE_RECIPIENT},
                    {"DATA", PHASE_DATA}};
    struct transfer *transfer = arg;
    if (type == CURLINFO_DATA_OUT)
        transfer->phase = PHASE_LETTER;
    for (size_t i = 0; type == CURLINFO_HEADER_OUT && i < sizeof commands / sizeof commands[0]; i++)
        if (size >= 4 && memcmp(data, commands[i].word, 4) == 0)
            transfer->phase = commands[i].phase;
    return 0;
}

/* Called at least once a second. */
static int go_on(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    return crew_is_stopping(arg);
}

static bool set_up(CURL *easy, const struct crew *crew, struct transfer *transfer, const struct curl_slist *recipients)
{
    const CURLcode set[] = {
        curl_easy_setopt(easy, CURLOPT_URL, transfer->url),
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
        curl_easy_setopt(easy, CURLOPT_MAIL_FROM, transfer->from),
        curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients),
        curl_easy_setopt(easy, CURLOPT_USE_SSL, transfer->require_tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY),
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2),
        transfer->authority != NULL ? curl_easy_setopt(easy, CURLOPT_CAINFO, transfer->authority) : CURLE_OK,
        transfer->user[0] != '\0' ? curl_easy_setopt(easy, CURLOPT_USERNAME, transfer->user) : CURLE_OK,
        transfer->user[0] != '\0' ? curl_easy_setopt(easy, CURLOPT_PASSWORD, transfer->password) : CURLE_OK,
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L),
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_letter),
        curl_easy_setopt(easy, CURLOPT_READDATA, transfer),
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_letter),
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer),
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)transfer->job->size),
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)SMTP_CONNECT_TIMEOUT_MS),
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)SMTP_TIMEOUT_MS),
        curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)SMTP_TIMEOUT_MS / 1000),
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L),
        curl_easy_setopt(easy, CURLOPT_PROXY, ""), /* never by what the environment says */
        curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED),
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L), /* for the trace alone: nothing is written anywhere */
        curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, trace),
        curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transfer),
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L),
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, go_on),
        curl_easy_setopt(easy, CURLOPT_XFERINFODATA, (void *)(uintptr_t)crew),
    };
    bool good = true;
    for (size_t i = 0; i < sizeof set / sizeof set[0]; i++)
        good = good && set[i] == CURLE_OK;
    return good;
}

static enum smtp_outcome outcome_of(const struct transfer *transfer, CURLcode result, long code)
{
    if (result == CURLE_OK)
        return SMTP_SENT;
    if (transfer->phase < PHASE_RECIPIENT)
        return SMTP_AWAY;
    /* a connection that broke or timed out leaves the last code there was, and that was no refusal */
    return code >= 500 && code < 600 ? SMTP_REFUSED : SMTP_LATER;
}

static void explain(const struct transfer *transfer, CURLcode result, long code, char why[SMTP_WHY_SIZE])
{
    static const char *const phases[] = {"the session", "the sender", "the recipient", "the letter", "the letter"};
    if (result == CURLE_OK)
        why[0] = '\0';
    else if (code >= 400)
        snprintf(why, SMTP_WHY_SIZE, "the mail server refused %s with %ld", phases[transfer->phase], code);
    else
        snprintf(why, SMTP_WHY_SIZE, "%s", curl_easy_strerror(result));
}

/* Each in angle brackets. NULL: out of memory. */
static struct curl_slist *list_recipients(const char *addresses)
{
    struct curl_slist *list = NULL;
    while (*addresses != '\0') {
        int size = (int)strcspn(addresses, ",");
        char *one = NULL;
        struct curl_slist *longer = asprintf(&one, "<%.*s>", size, addresses) > 0 ? curl_slist_append(list, one) : NULL;
        free(one);
        if (longer == NULL) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
        addresses += size;
        addresses += *addresses == ',';
    }
    return list;
}

static void send_one(CURL *easy, const struct crew *crew, struct transfer *transfer)
{
    struct curl_slist *recipients = list_recipients(transfer->to);
    CURLcode result = CURLE_OUT_OF_MEMORY;
    long code = 0;
    curl_easy_reset(easy); /* but its connection stays */
    if (recipients != NULL && set_up(easy, crew, transfer, recipients)) {
        result = curl_easy_perform(easy);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    }
    transfer->job->outcome = outcome_of(transfer, result, code);
    explain(transfer, result, code, transfer->job->why);
    curl_slist_free_all(recipients);
}

static void *thread_begin(void)
{
    return curl_easy_init();
}

static void thread_work(const struct crew *crew, struct crew_job *job, void *own)
{
    if (own != NULL)
        send_one(own, crew, (struct transfer *)(void *)job);
}

static void thread_end(void *own)
{
    if (own == NULL)
        return;
    curl_easy_setopt(own, CURLOPT_SERVER_RESPONSE_TIMEOUT, 1L); /* a goodbye nobody answers must not hold the end up */
    curl_easy_cleanup(own);
}

/* ------------------------------------------------------------------------------------------------------------ the loop */
static void tell(struct crew_job *in_crew)
{
    struct transfer *transfer = (struct transfer *)(void *)in_crew;
    struct smtp_job *job = transfer->job;
    transfer_free(transfer);
    job->done(job);
}

static struct transfer *transfer_create(const struct config *config, struct smtp_job *job)
{
    struct transfer *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL)
        return NULL;
    char authority[PATH_MAX];
    bool has_authority = config->smtp_authority[0] != '\0';
    bool whole = !has_authority || config_path(config, config->smtp_authority, "", authority, sizeof authority) == STATUS_OK;
    transfer->job = job;
    transfer->require_tls = config->smtp_require_tls;
    transfer->url = strdup(config->smtp_url);
    transfer->user = strdup(config->smtp_user);
    transfer->password = strdup(config->smtp_password);
    transfer->authority = has_authority && whole ? strdup(authority) : NULL;
    if (asprintf(&transfer->from, "<%s>", config->mail_from) < 0)
        transfer->from = NULL;
    transfer->to = strdup(job->recipient);
    if (whole && transfer->from != NULL && transfer->to != NULL && transfer->url != NULL && transfer->user != NULL &&
        transfer->password != NULL && (transfer->authority != NULL || !has_authority))
        return transfer;
    transfer_free(transfer);
    return NULL;
}

bool smtp_send(struct smtp *smtp, struct smtp_job *job)
{
    struct transfer *transfer = transfer_create(smtp->config, job);
    if (transfer == NULL)
        return false;
    job->outcome = SMTP_AWAY;
    snprintf(job->why, sizeof job->why, "not tried");
    if (crew_put(smtp->crew, &transfer->in_crew))
        return true;
    transfer_free(transfer);
    return false;
}

struct smtp *smtp_create(struct event_base *base, const struct config *config)
{
    static const struct crew_kind kind = {.begin = thread_begin, .work = thread_work, .end = thread_end, .done = tell};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    struct smtp *smtp = calloc(1, sizeof *smtp);
    if (smtp != NULL) {
        smtp->config = config;
        smtp->crew = crew_create(base, SMTP_AT_ONCE, &kind);
    }
    if (smtp != NULL && smtp->crew != NULL)
        return smtp;
    free(smtp);
    curl_global_cleanup();
    return NULL;
}

void smtp_destroy(struct smtp *smtp)
{
    if (smtp == NULL)
        return;
    crew_destroy(smtp->crew);
    free(smtp);
    curl_global_cleanup();
}
