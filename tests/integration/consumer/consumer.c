/* SPDX-License-Identifier: GPL-3.0-or-later
 * Uses the installed library as a stranger would: every public function that works without a daemon, and a connection to
 * nobody.
 */
#include <samordning.h>
#include <samordning.pb-c.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition)                                                                                                      \
    do {                                                                                                                       \
        if (!(condition)) {                                                                                                    \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                    \
            return 1;                                                                                                          \
        }                                                                                                                      \
    } while (0)

static unsigned receipts;

static void receive(void *arg, uint64_t tag, const Samordning__V1__Receipt *receipt)
{
    (void)arg;
    (void)tag;
    (void)receipt;
    receipts++;
}

static int take_row(void *arg, const Samordning__V1__ExportRow *row)
{
    unsigned *rows = arg;
    *rows += row->answer != NULL;
    return SAMORDNING_OK;
}

int main(int argc, char **argv)
{
    EXPECT(argc == 2);
    const char *spool = argv[1];
    const struct samordning_options options = {
        .host = "127.0.0.1", .port = "1", .spool = spool, .batch = 2, .software = "consumer"};
    struct samordning *s = samordning_create(&options);
    EXPECT(s != NULL);
    EXPECT(samordning_connect(s) == SAMORDNING_E_CONNECT);
    EXPECT(strstr(samordning_last_error(s), "127.0.0.1 port 1") != NULL);
    EXPECT(strcmp(samordning_organisation(s), "") == 0);
    EXPECT(strcmp(samordning_error_text(9), "busy, try again later") == 0);

    char type[] = "meeting";
    char actors[2][8] = {"KLD", "NFD"};
    Samordning__V1__Participant participants[2] = {SAMORDNING__V1__PARTICIPANT__INIT, SAMORDNING__V1__PARTICIPANT__INIT};
    Samordning__V1__Participant *pointers[2] = {&participants[0], &participants[1]};
    participants[0].actor = actors[0];
    participants[1].actor = actors[1];
    Samordning__V1__Interaction interaction = SAMORDNING__V1__INTERACTION__INIT;
    interaction.type = type;
    interaction.time = 1393662600000000;
    interaction.participants = pointers;
    interaction.n_participants = 2;

    const struct samordning_submission_options submission_options = {.file = "consumer", .receipt = receive};
    struct samordning_submission *submission = NULL;
    EXPECT(samordning_submission_begin(s, &submission_options, &submission) == SAMORDNING_OK);
    for (unsigned i = 0; i < 5; i++) {
        interaction.time++;
        EXPECT(samordning_submission_add(submission, &interaction, i) == SAMORDNING_OK);
    }
    EXPECT(samordning_submission_finish(submission) == SAMORDNING_E_CONNECT);
    EXPECT(strstr(samordning_last_error(s), "5 interactions wait in the spool") != NULL);
    uint64_t waiting = 0;
    EXPECT(samordning_spool_count(spool, &waiting) == SAMORDNING_OK && waiting == 5);
    uint64_t sent = 1;
    EXPECT(samordning_spool_resume(s, receive, NULL, &sent) == SAMORDNING_E_CONNECT && sent == 0);
    EXPECT(receipts == 0);
    unsigned rows = 0;
    EXPECT(samordning_survey_export(s, "difi-2026", take_row, &rows) == SAMORDNING_E_CONNECT && rows == 0);
    samordning_destroy(s);

    char *key = NULL;
    char *csr = NULL;
    EXPECT(samordning_enrol_key("972417921", "wrong number", &key, &csr) == SAMORDNING_E_ARGUMENT);
    EXPECT(samordning_enrol_key("972417920", "Utenriksdepartementet", &key, &csr) == SAMORDNING_OK);
    EXPECT(strncmp(key, "-----BEGIN PRIVATE KEY-----", 27) == 0);
    EXPECT(strncmp(csr, "-----BEGIN CERTIFICATE REQUEST-----", 35) == 0);
    free(key);
    free(csr);
    puts("consumer: fine");
    return 0;
}
