/* SPDX-License-Identifier: GPL-3.0-or-later
 * From letters that are due to letters that were sent.
 */
#include "mail.h"
#include "arena.h"
#include "clock.h"
#include "key_file.h"
#include "letter.h"
#include "log.h"
#include "smtp.h"
#include "store_letter.h"
#include "store_life.h"
#include "store_survey.h"
#include "survey_link.h"

#include <event2/event.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FROM_FALLBACK   "samordning@localhost" /* of letters in a folder */
#define SENDER_FALLBACK "Samordning"

struct mail {
    struct event_base *base;
    const struct config *config;
    struct metrics *metrics;
    struct store *store;
    struct smtp *smtp;
    struct event *look;
    size_t under_way; /* letters taken and not settled */
    bool asking, stopping;
    unsigned away_count;
    int64_t away_until_us;
};

/* Letters taken together: their memory goes when the last one is settled. */
struct batch {
    struct mail *mail;
    struct arena arena;
    struct store_letters take;
    size_t left;
};
struct sending {
    struct batch *batch;
    const struct store_letter *letter;
    char *text;
    struct smtp_job job;
    struct store_letter_settlement settlement;
};

static void look(struct mail *mail);

static void batch_free(struct batch *batch)
{
    arena_release(&batch->arena);
    free(batch);
}

/* ------------------------------------------------------------------------------------------- what became of a letter */
static void drop(struct sending *sending)
{
    struct batch *batch = sending->batch;
    batch->mail->under_way--;
    free(sending->text);
    if (--batch->left == 0)
        batch_free(batch);
}

static void letter_settled(struct store_call *call)
{
    struct sending *sending = call->owner;
    struct mail *mail = sending->batch->mail;
    if (call->status != STATUS_OK && !mail->stopping)
        log_warning(NULL, "could not note what became of a letter; it may go out twice",
                    LOG_UINT("letter", sending->letter->id), LOG_TEXT("reason", call->errmsg.text));
    drop(sending);
    look(mail);
}

static void settle(struct sending *sending, enum letter_outcome outcome, const char *why)
{
    static const enum metric metrics[] = {METRIC_LETTERS_SENT, METRIC_LETTERS_POSTPONED, METRIC_LETTERS_REFUSED, METRIC_COUNT};
    struct mail *mail = sending->batch->mail;
    struct store_letter_settlement *settlement = &sending->settlement;
    if (metrics[outcome] != METRIC_COUNT)
        metrics_add(mail->metrics, metrics[outcome], 1);
    if (outcome == LETTER_REFUSED || outcome == LETTER_LATER)
        log_info(NULL, outcome == LETTER_REFUSED ? "a letter was refused" : "a letter was put off",
                 LOG_UINT("letter", sending->letter->id), LOG_TEXT("wave", sending->letter->wave),
                 LOG_INT("attempt", sending->letter->attempt), LOG_TEXT("reason", why));
    *settlement =
        (struct store_letter_settlement){.call = {.arena = &sending->batch->arena,
                                                  .deadline_us = clock_monotonic_us() + LETTER_LEASE_S * INT64_C(1000000),
                                                  .done = letter_settled,
                                                  .owner = sending},
                                         .letter = sending->letter->id,
                                         .attempt = sending->letter->attempt,
                                         .outcome = outcome,
                                         .attempts_max = (uint32_t)mail->config->mail_attempts,
                                         .wait_ms = mail->config->mail_retry_ms,
                                         .error = why};
    store_letter_settle(mail->store, settlement);
}

/* Nothing can be sent for a while. Says so when it begins, and each time the wait has doubled. */
static void stay_away(struct mail *mail, const char *why)
{
    uint64_t wait_ms = mail->config->mail_retry_ms;
    for (unsigned i = 0; i < mail->away_count && wait_ms < MAIL_AWAY_MAX_MS; i++)
        wait_ms *= 2;
    wait_ms = wait_ms < MAIL_AWAY_MAX_MS ? wait_ms : MAIL_AWAY_MAX_MS;
    wait_ms -= wait_ms / 4;
    wait_ms += randombytes_uniform((uint32_t)(wait_ms / 2 + 1)); /* several daemons do not come back at once */
    int64_t now_us = clock_monotonic_us();
    if (now_us < mail->away_until_us) /* letters that were under way together fail together */
        return;
    mail->away_until_us = now_us + (int64_t)wait_ms * 1000;
    mail->away_count++;
    metrics_set(mail->metrics, METRIC_MAIL_UP, 0);
    log_warning(NULL, "letters cannot be sent and wait", LOG_TEXT("reason", why), LOG_UINT("wait_ms", wait_ms));
}

static void came_back(struct mail *mail)
{
    if (mail->away_count > 0)
        log_info(NULL, "letters are sent again");
    mail->away_count = 0;
    metrics_set(mail->metrics, METRIC_MAIL_UP, 1);
}

static void letter_sent(struct smtp_job *job)
{
    struct sending *sending = job->owner;
    struct mail *mail = sending->batch->mail;
    if (mail->store == NULL) { /* the end: nobody is left to tell */
        drop(sending);
        return;
    }
    switch (job->outcome) {
    case SMTP_SENT:
        came_back(mail);
        settle(sending, LETTER_SENT, "");
        break;
    case SMTP_LATER:
        settle(sending, LETTER_LATER, job->why);
        break;
    case SMTP_REFUSED:
        came_back(mail);
        settle(sending, LETTER_REFUSED, job->why);
        break;
    case SMTP_AWAY:
        stay_away(mail, job->why);
        settle(sending, LETTER_UNTOUCHED, job->why);
    }
}

/* ---------------------------------------------------------------------------------------------------- one letter out */
/* NULL: made; else why it cannot be. */
static const char *make_link(const struct mail *mail, const struct store_letter *letter, char link[MAIL_LINK_MAX])
{
    char secret[SURVEY_LINK_SECRET_SIZE];
    const struct config *config = mail->config;
    bool given = config->web_url[0] != '\0';
    const char *base = given ? config->web_url : config->web_listen;
    size_t size = strlen(base);
    if (size == 0)
        return "web_url is not set, so there are no links to send";
    while (size > 0 && base[size - 1] == '/')
        size--;
    if (store_survey_secret(mail->store, letter->seat, (enum survey_link_kind)letter->link_kind, letter->link_number, secret,
                            NULL) != STATUS_OK)
        return "there is no key to make links with";
    snprintf(link, MAIL_LINK_MAX, "%s%.*s%s%s", given ? "" : "https://", (int)size, base, SURVEY_LINK_PATH, secret);
    sodium_memzero(secret, sizeof secret);
    return NULL;
}

/* A letter has one file, so writing it again changes nothing. */
static bool write_into_folder(struct mail *mail, const struct sending *sending)
{
    struct errmsg errmsg = {0};
    char folder[PATH_MAX], path[PATH_MAX + 100];
    enum status status = config_path(mail->config, mail->config->mail_directory, "mail", folder, sizeof folder);
    if (status == STATUS_OK)
        status = key_directory_make(folder, 0700, &errmsg);
    if (status == STATUS_OK) {
        snprintf(path, sizeof path, "%s/%s-%llu.eml", folder, sending->letter->wave, (unsigned long long)sending->letter->id);
        status = key_file_write(path, sending->text, 0600, true, &errmsg);
    }
    if (status != STATUS_OK)
        stay_away(mail, errmsg.text[0] != '\0' ? errmsg.text : status_text(status));
    return status == STATUS_OK;
}

static void send_letter(struct sending *sending)
{
    struct mail *mail = sending->batch->mail;
    const struct config *config = mail->config;
    const struct store_letter *letter = sending->letter;
    char link[MAIL_LINK_MAX];
    if (mail->stopping) { /* it was being taken when the daemon was told to stop */
        settle(sending, LETTER_UNTOUCHED, "");
        return;
    }
    if (!letter_address_is_good(letter->address)) {
        settle(sending, LETTER_REFUSED, "not an address of e-mail");
        return;
    }
    if (!letter_kind_is_known(letter->kind)) {
        settle(sending, LETTER_REFUSED, "not a kind of letter");
        return;
    }
    const char *why = make_link(mail, letter, link);
    if (why != NULL) {
        stay_away(mail, why);
        settle(sending, LETTER_UNTOUCHED, "");
        return;
    }
    const struct letter_frame frame = {.from = config->mail_from[0] != '\0' ? config->mail_from : FROM_FALLBACK,
                                       .sender = config->operator_name[0] != '\0' ? config->operator_name : SENDER_FALLBACK,
                                       .link = strcmp(letter->kind, "receipt") == 0 ? "" : link,
                                       .now_us = clock_wall_us()};
    size_t size;
    sending->text = letter_compose(letter, &frame, &size);
    sodium_memzero(link, sizeof link);
    if (sending->text == NULL) {
        settle(sending, LETTER_UNTOUCHED, "");
        return;
    }
    if (config->smtp_url[0] == '\0') {
        bool written = write_into_folder(mail, sending);
        if (written)
            came_back(mail);
        settle(sending, written ? LETTER_SENT : LETTER_UNTOUCHED, "");
        return;
    }
    sending->job = (struct smtp_job){
        .recipient = letter->address, .letter = sending->text, .size = size, .done = letter_sent, .owner = sending};
    if (!smtp_send(mail->smtp, &sending->job))
        settle(sending, LETTER_UNTOUCHED, "");
}

/* ---------------------------------------------------------------------------------------------------------- taking */
static void letters_taken(struct store_call *call)
{
    struct batch *batch = call->owner;
    struct mail *mail = batch->mail;
    size_t count = call->status == STATUS_OK ? batch->take.count : 0;
    struct sending *sendings = count > 0 ? arena_alloc(&batch->arena, count * sizeof *sendings) : NULL;
    mail->asking = false;
    if (call->status != STATUS_OK && !status_is_retryable(call->status))
        log_error(NULL, "could not look for letters", LOG_TEXT("reason", call->errmsg.text));
    if (sendings == NULL) { /* or out of memory: their lease ends */
        batch_free(batch);
        return;
    }
    batch->left = count;
    mail->under_way += count;
    /* the batch lives until its last letter is settled, which is never in here */
    for (size_t i = 0; i < count; i++) {
        sendings[i] = (struct sending){.batch = batch, .letter = &batch->take.letters[i]};
        send_letter(&sendings[i]);
    }
}

static void look(struct mail *mail)
{
    if (mail->stopping || mail->asking || mail->under_way >= SMTP_AT_ONCE || !store_is_ready(mail->store) ||
        clock_monotonic_us() < mail->away_until_us)
        return;
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return;
    batch->mail = mail;
    arena_init(&batch->arena, MAIL_BATCH_BYTES);
    batch->take = (struct store_letters){.call = {.arena = &batch->arena, .done = letters_taken, .owner = batch},
                                         .max = (uint32_t)(SMTP_AT_ONCE - mail->under_way),
                                         .attempts_max = (uint32_t)mail->config->mail_attempts};
    mail->asking = true;
    store_letters_take(mail->store, &batch->take);
}

static void look_cb(evutil_socket_t fd, short what, void *arg)
{
    look(arg);
}

/* ------------------------------------------------------------------------------------------------------------- life */
struct mail *mail_create(struct event_base *base, const struct config *config, struct metrics *metrics, struct store *store)
{
    struct mail *mail = calloc(1, sizeof *mail);
    if (mail == NULL)
        return NULL;
    *mail = (struct mail){.base = base, .config = config, .metrics = metrics, .store = store};
    mail->smtp = smtp_create(base, config);
    mail->look = event_new(base, -1, EV_PERSIST, look_cb, mail);
    if (mail->smtp == NULL || mail->look == NULL ||
        event_add(mail->look, &(struct timeval){.tv_sec = MAIL_LOOK_MS / 1000, .tv_usec = MAIL_LOOK_MS % 1000 * 1000L}) != 0) {
        mail_destroy(mail);
        return NULL;
    }
    metrics_set(metrics, METRIC_MAIL_UP, 1);
    return mail;
}

void mail_configured(struct mail *mail)
{
    if (mail == NULL)
        return;
    mail->away_until_us = 0;
    mail->away_count = mail->away_count > 0; /* still away, and said so */
    look(mail);
}

void mail_stop(struct mail *mail)
{
    if (mail != NULL)
        mail->stopping = true;
}

bool mail_is_idle(const struct mail *mail)
{
    return mail == NULL || mail->under_way == 0;
}

void mail_destroy(struct mail *mail)
{
    if (mail == NULL)
        return;
    mail->stopping = true;
    mail->store = NULL;
    smtp_destroy(mail->smtp);
    if (mail->look != NULL)
        event_free(mail->look);
    free(mail);
}
