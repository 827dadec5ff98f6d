/* SPDX-License-Identifier: GPL-3.0-or-later
 * Surveys through the store's verbs, against a private PostgreSQL of its own: links, saving together, kills in the middle,
 * passing on, signing, earlier answers.
 */
#include "answers.h"
#include "arena.h"
#include "clock.h"
#include "json.h"
#include "running_store.h"
#include "store_survey.h"
#include "stored_answers.h"
#include "survey_link.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct principal operator;

/* ------------------------------------------------------------------------------------------------- help */

/* A call of any verb, with memory of its own. */
struct asking {
    struct arena arena;
    bool done;
};

static void answered(struct store_call *call)
{
    ((struct asking *)call->owner)->done = true;
}

static struct store_call call_of(struct asking *asking)
{
    arena_init(&asking->arena, 64 << 20);
    asking->done = false;
    return (struct store_call){.arena = &asking->arena,
                               .principal = operator,
                               .deadline_us = clock_monotonic_us() + DEADLINE_US,
                               .done = answered,
                               .owner = asking};
}

static const char questionnaire[] =
    "{'key': 'prove', 'title': {'nb': 'a', 'nn': 'a'}, 'sections': ["
    "{'id': 'one', 'title': {'nb': 'a', 'nn': 'a'}, 'items': [{'id': 'often', 'kind': 'single', 'text': {'nb': 'a', 'nn': "
    "'a'}, "
    "'choices': [{'value': 1, 'label': {'nb': 'a', 'nn': 'a'}}, {'value': 2, 'label': {'nb': 'a', 'nn': 'a'}}]}]},"
    "{'id': 'two', 'title': {'nb': 'a', 'nn': 'a'}, 'items': [{'id': 'days', 'kind': 'number', 'text': {'nb': 'a', 'nn': "
    "'a'}}]}]}";

static ProtobufCMessage *message_of(struct arena *arena, const char *text, const ProtobufCMessageDescriptor *type)
{
    char *quoted = arena_strdup(arena, text);
    for (char *c = quoted; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json_t *json = json_loads(quoted, 0, NULL);
    ck_assert_ptr_nonnull(json);
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg = {0};
    ck_assert_msg(json_to_message(json, type, arena, &message, &errmsg) == STATUS_OK, "%s: %s", errmsg.field, errmsg.text);
    json_decref(json);
    return message;
}

static void make_wave(const char *key, const char *more)
{
    struct asking asking;
    struct store_message_call c = {.call = call_of(&asking)};
    char text[1000];
    snprintf(text, sizeof text,
             "{'wave': {'key': '%s', 'title': {'nb': 'a', 'nn': 'a'}, 'instrument': 'prove', 'opens_at': 1, 'closes_at': "
             "4102444800000000, 'personal': true%s}}",
             key, more);
    for (int step = 0; step < 2; step++) {
        c.request = message_of(&asking.arena, text, &samordning__v1__survey_wave_request__descriptor);
        ((Samordning__V1__SurveyWaveRequest *)(uintptr_t)c.request)->action =
            step == 0 ? SAMORDNING__V1__WAVE_ACTION__WAVE_CREATE : SAMORDNING__V1__WAVE_ACTION__WAVE_DO_OPEN;
        asking.done = false;
        c.response = NULL;
        store_survey_wave(store, &c);
        wait_for(&asking.done);
        ck_assert_msg(c.call.status == STATUS_OK, "%s: %s", c.call.errmsg.field, c.call.errmsg.text);
    }
    arena_release(&asking.arena);
}

/* Seats of a wave for these panel keys ("" = none), and the hashes of their links. */
static void make_seats(const char *wave, size_t count, const char *panel, uint8_t (*ret_hashes)[32], uint64_t *ret_seats)
{
    struct asking asking;
    struct store_survey_invitation invitation = {.message.call = call_of(&asking)};
    Samordning__V1__SurveyInviteRequest request = SAMORDNING__V1__SURVEY_INVITE_REQUEST__INIT;
    request.wave = (char *)(uintptr_t)wave;
    request.n_invitees = count;
    request.invitees = arena_alloc(&asking.arena, count * sizeof request.invitees[0]);
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__Invitee *invitee = arena_alloc(&asking.arena, sizeof *invitee);
        char ref[32];
        samordning__v1__invitee__init(invitee);
        snprintf(ref, sizeof ref, "s%zu", i);
        invitee->actor = (char *)(uintptr_t) "FIN";
        invitee->ref = arena_strdup(&asking.arena, ref);
        invitee->panel = (char *)(uintptr_t)panel;
        request.invitees[i] = invitee;
    }
    invitation.message.request = &request.base;
    store_survey_invite(store, &invitation);
    wait_for(&asking.done);
    ck_assert_msg(invitation.message.call.status == STATUS_OK, "%s", invitation.message.call.errmsg.text);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_ne(invitation.seats[i], 0);
        ck_assert_int_eq(store_survey_secret(store, invitation.seats[i], SURVEY_LINK_OWNER, 0, (char[44]){0}, ret_hashes[i]),
                         STATUS_OK);
        if (ret_seats != NULL)
            ret_seats[i] = invitation.seats[i];
    }
    struct store_survey_linking linking = {
        .call = invitation.message.call, .count = count, .seats = invitation.seats, .hashes = ret_hashes};
    asking.done = false;
    store_survey_linked(store, &linking);
    wait_for(&asking.done);
    ck_assert_int_eq(linking.call.status, STATUS_OK);
    arena_release(&asking.arena);
}

struct saving {
    struct asking asking;
    struct store_survey_save save;
    Samordning__V1__Answer answer, *answers[1];
};

static void save_begin(struct saving *saving, const uint8_t *hash, const char *section, uint32_t revision, const char *item,
                       double *value)
{
    *saving = (struct saving){0};
    samordning__v1__answer__init(&saving->answer);
    saving->answer.item = (char *)(uintptr_t)item;
    saving->answer.n_values = 1;
    saving->answer.values = value;
    saving->answers[0] = &saving->answer;
    saving->save = (struct store_survey_save){
        .link_hash = hash, .section = section, .revision = revision, .answer_count = 1, .answers = saving->answers};
    saving->save.call = call_of(&saving->asking);
    store_survey_save(store, &saving->save);
}

static enum status save_end(struct saving *saving)
{
    wait_for(&saving->asking.done);
    return saving->save.call.status;
}

static void save_release(struct saving *saving)
{
    arena_release(&saving->asking.arena);
}

static enum status save_one(const uint8_t *hash, const char *section, uint32_t revision, const char *item, double value)
{
    struct saving saving;
    save_begin(&saving, hash, section, revision, item, &value);
    enum status status = save_end(&saving);
    save_release(&saving);
    return status;
}

static struct store_survey_visit visit(struct asking *asking, const uint8_t *hash)
{
    struct store_survey_visit visit = {.call = call_of(asking), .link_hash = hash};
    store_survey_visit(store, &visit);
    wait_for(&asking->done);
    return visit;
}

static enum status decide(const uint8_t *hash, enum survey_decision decision, double value, enum survey_answer_state *ret_state)
{
    struct asking asking;
    Samordning__V1__Answer answer = SAMORDNING__V1__ANSWER__INIT, *answers[1] = {&answer};
    answer.item = (char *)(uintptr_t) "often";
    answer.n_values = 1;
    answer.values = &value;
    struct store_survey_decide ask = {
        .call = call_of(&asking), .link_hash = hash, .decision = decision, .answer_count = 1, .answers = answers};
    store_survey_decide(store, &ask);
    wait_for(&asking.done);
    enum status status = ask.call.status;
    *ret_state = ask.ret_state;
    arena_release(&asking.arena);
    return status;
}

/* ------------------------------------------------------------------------------------------------ tests */

/* First: the register and the questionnaire of the others. */
START_TEST(test_design)
{
    reconnect();
    sql_run("SELECT * FROM register.import_actors('{\"actors\": [{\"key\": \"FIN\", \"kind\": \"ministry\", \"name_nb\": "
            "\"Finansdepartementet\", \"orgnr\": \"972417807\"}]}')");
    struct asking asking;
    struct store_message_call c = {.call = call_of(&asking)};
    Samordning__V1__SurveyDesignRequest request = SAMORDNING__V1__SURVEY_DESIGN_REQUEST__INIT;
    request.instrument =
        (Samordning__V1__Instrument *)(void *)message_of(&asking.arena, questionnaire, &samordning__v1__instrument__descriptor);
    request.instrument->key = (char *)(uintptr_t) "prove";
    c.request = &request.base;
    store_survey_design(store, &c);
    wait_for(&asking.done);
    ck_assert_msg(c.call.status == STATUS_OK, "%s", c.call.errmsg.text);
    arena_release(&asking.arena);
}
END_TEST

START_TEST(test_links)
{
    struct survey_link_key key, again, other = {{1}};
    struct errmsg errmsg = {0};
    char path[128], first[44], second[44];
    uint8_t hash[32], from_secret[32];
    struct stat there;
    ck_assert_int_eq(survey_link_key_load(directory, &key, &errmsg), STATUS_OK);
    ck_assert_int_eq(survey_link_key_load(directory, &again, &errmsg), STATUS_OK);
    ck_assert_mem_eq(key.bytes, again.bytes, sizeof key.bytes);
    snprintf(path, sizeof path, "%s/survey-link.key", directory);
    ck_assert_int_eq(stat(path, &there), 0);
    ck_assert_uint_eq(there.st_mode & 0777, 0600);

    survey_link_make(&key, 7, SURVEY_LINK_OWNER, 0, first, hash);
    survey_link_make(&key, 7, SURVEY_LINK_OWNER, 0, second, NULL);
    ck_assert_str_eq(first, second);
    ck_assert_uint_eq(strlen(first), 43);
    ck_assert(survey_link_hash(first, from_secret));
    ck_assert_mem_eq(hash, from_secret, sizeof hash);
    survey_link_make(&key, 8, SURVEY_LINK_OWNER, 0, second, NULL);
    ck_assert_str_ne(first, second);
    survey_link_make(&key, 7, SURVEY_LINK_SIGNER, 0, second, NULL);
    ck_assert_str_ne(first, second);
    survey_link_make(&key, 7, SURVEY_LINK_OWNER, 1, second, NULL);
    ck_assert_str_ne(first, second);
    survey_link_make(&other, 7, SURVEY_LINK_OWNER, 0, second, NULL);
    ck_assert_str_ne(first, second);
    static const char *const malformed[] = {"", "short", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/a",
                                            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa="};
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        ck_assert_msg(!survey_link_hash(malformed[i], from_secret), "%s", malformed[i]);

    char elsewhere[80];
    snprintf(elsewhere, sizeof elsewhere, "%s/other", directory);
    ck_assert_int_eq(mkdir(elsewhere, 0700), 0);
    snprintf(path, sizeof path, "%s/survey-link.key", elsewhere);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("not a key\n", file);
    fclose(file);
    ck_assert_int_eq(survey_link_key_load(elsewhere, &again, &errmsg), STATUS_INVALID);
    ck_assert_ptr_nonnull(strstr(errmsg.text, path));
}
END_TEST

START_TEST(test_save_and_visit)
{
    uint8_t hash[1][32], nobody[32] = {9};
    struct asking asking;
    enum survey_answer_state state;
    make_wave("lagre", "");
    make_seats("lagre", 1, "", hash, NULL);
    ck_assert_int_eq(save_one(hash[0], "one", 0, "often", 2), STATUS_OK);
    ck_assert_int_eq(save_one(hash[0], "one", 0, "often", 2), STATUS_OK); /* the same again, as after a lost confirmation */
    ck_assert_int_eq(save_one(nobody, "one", 0, "often", 2), STATUS_NOT_FOUND);
    struct saving late;
    double one = 1;
    save_begin(&late, hash[0], "one", 0, "often", &one);
    ck_assert_int_eq(save_end(&late), STATUS_CONFLICT);
    ck_assert_str_eq(late.save.call.errmsg.field, "revision");
    ck_assert_uint_eq(late.save.now.revision, 1);
    ck_assert_uint_eq(late.save.now.answer_count, 1);
    ck_assert_double_eq(late.save.now.answers[0]->values[0], 2);
    save_release(&late);

    struct store_survey_visit seen = visit(&asking, hash[0]);
    ck_assert_int_eq(seen.call.status, STATUS_OK);
    ck_assert_str_eq(seen.wave, "lagre");
    ck_assert_str_eq(seen.actor, "FIN");
    ck_assert_int_eq(seen.kind, SURVEY_LINK_OWNER);
    ck_assert_int_eq(seen.state, SURVEY_DRAFT);
    ck_assert_uint_eq(seen.page_count, 1);
    ck_assert_str_eq(seen.pages[0].section, "one");
    ck_assert_str_eq(seen.pages[0].answers[0]->item, "often");
    ck_assert_uint_eq(seen.earlier_count, 0);
    arena_release(&asking.arena);
    seen = visit(&asking, nobody);
    ck_assert_int_eq(seen.call.status, STATUS_NOT_FOUND);
    arena_release(&asking.arena);

    ck_assert_int_eq(decide(hash[0], SURVEY_SUBMIT, 2, &state), STATUS_OK);
    ck_assert_int_eq(state, SURVEY_SUBMITTED);
    save_begin(&late, hash[0], "one", 1, "often", &one);
    ck_assert_int_eq(save_end(&late), STATUS_CONFLICT);
    ck_assert_str_eq(late.save.call.errmsg.field, "state");
    save_release(&late);
    ck_assert_int_eq(decide(hash[0], SURVEY_SIGN, 2, &state), STATUS_FORBIDDEN);
}
END_TEST

/* Many people at once, one of whom sends what the database refuses: everybody else is saved, in few statements. */
START_TEST(test_saving_together)
{
    enum { PEOPLE = 300 };
    static uint8_t hashes[PEOPLE][32];
    static struct saving savings[PEOPLE];
    static double values[PEOPLE];
    make_wave("sammen", "");
    make_seats("sammen", PEOPLE, "", hashes, NULL);
    for (int i = 0; i < PEOPLE; i++) {
        values[i] = i % 2 + 1;
        save_begin(&savings[i], hashes[i], i == 150 ? "\xff\xfe" : "one", 0, "often", &values[i]);
    }
    for (int i = 0; i < PEOPLE; i++) {
        ck_assert_int_eq(save_end(&savings[i]), i == 150 ? STATUS_INVALID : STATUS_OK);
        if (i != 150)
            ck_assert_uint_eq(savings[i].save.ret_revision, 1);
        save_release(&savings[i]);
    }
    ck_assert_int_eq(sql_number("SELECT count(*) FROM survey.page p JOIN survey.respondent r ON r.id = p.respondent "
                                "JOIN survey.wave w ON w.id = r.wave WHERE w.key = 'sammen'"),
                     PEOPLE - 1);
    make_wave("igjen", "");
    make_seats("igjen", PEOPLE, "", hashes, NULL);
    long long before = sql_number("SELECT pg_current_xact_id()::text::int8");
    for (int i = 0; i < PEOPLE; i++)
        save_begin(&savings[i], hashes[i], "one", 0, "often", &values[i]);
    for (int i = 0; i < PEOPLE; i++) {
        ck_assert_int_eq(save_end(&savings[i]), STATUS_OK);
        save_release(&savings[i]);
    }
    long long statements = sql_number("SELECT pg_current_xact_id()::text::int8") - before;
    ck_assert_msg(statements < 20, "%d pages in %lld transactions", PEOPLE, statements);
}
END_TEST

START_TEST(test_kills_while_saving)
{
    enum { PEOPLE = 200 };
    static uint8_t hashes[PEOPLE][32];
    static struct saving savings[PEOPLE];
    static double values[PEOPLE];
    make_wave("drept", "");
    make_seats("drept", PEOPLE, "", hashes, NULL);
    for (uint32_t round = 0; round < 3; round++) {
        wait_for_sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'samordningd verbs'");
        for (int i = 0; i < PEOPLE; i++) {
            values[i] = 1 + (i + round) % 2;
            save_begin(&savings[i], hashes[i], "one", round, "often", &values[i]);
            if (i == 60 || i == 150)
                event_base_loop(base, EVLOOP_ONCE);
        }
        pid_t pid = postmaster();
        ck_assert_int_gt(pid, 1);
        if (round == 1) /* a backend in the middle of it: the server restarts all of them */
            pid = (pid_t)sql_number("SELECT pid FROM pg_stat_activity WHERE application_name = 'samordningd verbs' ORDER BY "
                                    "(state = 'active') DESC LIMIT 1");
        kill(pid, SIGKILL);
        for (int i = 0; i < PEOPLE; i++) {
            ck_assert_msg(save_end(&savings[i]) == STATUS_OK, "%s", savings[i].save.call.errmsg.text);
            ck_assert_uint_eq(savings[i].save.ret_revision, round + 1);
            save_release(&savings[i]);
        }
        reconnect();
        char sql[300];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM survey.page p JOIN survey.respondent r ON r.id = p.respondent JOIN survey.wave w ON "
                 "w.id = r.wave WHERE w.key = 'drept' AND p.revision = %u",
                 (unsigned)round + 1);
        ck_assert_int_eq(sql_number(sql), PEOPLE);
    }
    ck_assert_int_eq(sql_number("SELECT count(*) FROM survey.respondent r JOIN survey.wave w ON w.id = r.wave WHERE w.key = "
                                "'drept'"),
                     PEOPLE);
}
END_TEST

static enum status take_back(const uint8_t *hash, enum survey_link_kind kind, uint32_t number)
{
    struct asking asking;
    struct store_survey_revoke ask = {.call = call_of(&asking), .link_hash = hash, .kind = kind, .number = number};
    store_survey_revoke(store, &ask);
    wait_for(&asking.done);
    arena_release(&asking.arena);
    return ask.call.status;
}

static int passed_on_count(const uint8_t *hash)
{
    struct asking asking;
    struct store_survey_passed_on ask = {.call = call_of(&asking), .link_hash = hash};
    store_survey_passed_on(store, &ask);
    wait_for(&asking.done);
    ck_assert_int_eq(ask.call.status, STATUS_OK);
    arena_release(&asking.arena);
    return (int)ask.count;
}

START_TEST(test_passing_on_and_signing)
{
    uint8_t hash[1][32], colleague[32], signer[32], second_signer[32];
    struct asking asking;
    enum survey_answer_state state;
    make_wave("signert", ", 'sign_off': true");
    make_seats("signert", 1, "", hash, NULL);
    char *sections[] = {(char[]){"two"}};

    struct store_survey_delegate pass = {.call = call_of(&asking),
                                         .link_hash = hash[0],
                                         .kind = SURVEY_LINK_CONTRIBUTOR,
                                         .section_count = 1,
                                         .sections = sections};
    store_survey_delegate(store, &pass);
    wait_for(&asking.done);
    ck_assert_msg(pass.call.status == STATUS_OK, "%s", pass.call.errmsg.text);
    ck_assert_uint_eq(pass.ret_number, 1);
    ck_assert(survey_link_hash(pass.ret_secret, colleague));
    uint32_t number = pass.ret_number;
    arena_release(&asking.arena);
    ck_assert_int_eq(save_one(colleague, "two", 0, "days", 3), STATUS_OK);
    ck_assert_int_eq(save_one(colleague, "one", 0, "often", 1), STATUS_FORBIDDEN);
    ck_assert_int_eq(decide(colleague, SURVEY_SUBMIT, 1, &state), STATUS_FORBIDDEN);
    struct store_survey_visit seen = visit(&asking, colleague);
    ck_assert_int_eq(seen.kind, SURVEY_LINK_CONTRIBUTOR);
    ck_assert_uint_eq(seen.section_count, 1);
    ck_assert_str_eq(seen.sections[0], "two");
    arena_release(&asking.arena);

    for (int i = 0; i < 2; i++) {
        pass = (struct store_survey_delegate){.call = call_of(&asking), .link_hash = hash[0], .kind = SURVEY_LINK_SIGNER};
        store_survey_delegate(store, &pass);
        wait_for(&asking.done);
        ck_assert_int_eq(pass.call.status, STATUS_OK);
        ck_assert(survey_link_hash(pass.ret_secret, i == 0 ? signer : second_signer));
        arena_release(&asking.arena);
    }
    ck_assert_int_eq(decide(signer, SURVEY_SIGN, 1, &state), STATUS_GONE); /* the second signer took the first one's place */
    ck_assert_int_eq(decide(second_signer, SURVEY_SIGN, 1, &state), STATUS_CONFLICT); /* nothing to sign */
    ck_assert_int_eq(save_one(second_signer, "one", 0, "often", 1), STATUS_FORBIDDEN);
    ck_assert_int_eq(decide(hash[0], SURVEY_SUBMIT, 1, &state), STATUS_OK);
    ck_assert_int_eq(state, SURVEY_AWAITS_SIGNER);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM survey.answer a JOIN survey.respondent r ON r.id = a.respondent JOIN "
                                "survey.wave w ON w.id = r.wave WHERE w.key = 'signert'"),
                     0);
    ck_assert_int_eq(save_one(hash[0], "one", 0, "often", 1), STATUS_CONFLICT);
    ck_assert_int_eq(decide(second_signer, SURVEY_RETURN, 1, &state), STATUS_OK);
    ck_assert_int_eq(state, SURVEY_DRAFT);
    ck_assert_int_eq(decide(hash[0], SURVEY_SUBMIT, 1, &state), STATUS_OK);
    ck_assert_int_eq(decide(second_signer, SURVEY_SIGN, 1, &state), STATUS_OK);
    ck_assert_int_eq(state, SURVEY_SUBMITTED);
    ck_assert_int_eq(decide(second_signer, SURVEY_SIGN, 1, &state), STATUS_OK); /* once more */

    ck_assert_int_eq(passed_on_count(colleague), 0); /* only the owner sees them */
    ck_assert_int_eq(passed_on_count(hash[0]), 3);
    for (int i = 0; i < 2; i++) { /* once more is as well */
        ck_assert_int_eq(take_back(hash[0], SURVEY_LINK_CONTRIBUTOR, number), STATUS_OK);
        struct store_survey_passed_on passed_on = {.call = call_of(&asking), .link_hash = hash[0]};
        store_survey_passed_on(store, &passed_on);
        wait_for(&asking.done);
        ck_assert_int_eq(passed_on.passed[0].kind, SURVEY_LINK_CONTRIBUTOR);
        ck_assert_uint_eq(passed_on.passed[0].number, number);
        ck_assert_uint_eq(passed_on.passed[0].section_count, 1);
        ck_assert_str_eq(passed_on.passed[0].sections[0], "two");
        ck_assert(passed_on.passed[0].is_revoked);
        ck_assert_int_eq(passed_on.passed[1].kind, SURVEY_LINK_SIGNER);
        ck_assert(passed_on.passed[1].is_revoked && !passed_on.passed[2].is_revoked);
        ck_assert_int_gt(passed_on.passed[2].made_us, INT64_C(1700000000000000));
        arena_release(&asking.arena);
    }
    ck_assert_int_eq(take_back(hash[0], SURVEY_LINK_CONTRIBUTOR, 99), STATUS_NOT_FOUND);
    ck_assert_int_eq(take_back(hash[0], SURVEY_LINK_OWNER, 0), STATUS_FORBIDDEN);
    ck_assert_int_eq(take_back(second_signer, SURVEY_LINK_SIGNER, number + 2), STATUS_FORBIDDEN);
    seen = visit(&asking, colleague);
    ck_assert_int_eq(seen.call.status, STATUS_GONE);
    ck_assert_str_eq(seen.wave, "signert");
    arena_release(&asking.arena);
    ck_assert_int_eq(save_one(colleague, "two", 1, "days", 4), STATUS_GONE);
}
END_TEST

static struct store_survey_hold hold(struct asking *asking, const char *key)
{
    struct store_survey_hold hold = {.call = call_of(asking), .key = key};
    store_survey_hold(store, &hold);
    wait_for(&asking->done);
    return hold;
}

START_TEST(test_waves_are_kept_and_changes_seen)
{
    struct asking asking[3];
    make_wave("holdt", "");
    struct store_survey_hold first = hold(&asking[0], "holdt"), second = hold(&asking[1], "holdt");
    ck_assert_msg(first.call.status == STATUS_OK, "%s", first.call.errmsg.text);
    ck_assert_ptr_eq(first.wave, second.wave);
    ck_assert_str_eq(first.wave->fetched->instrument->key, "prove");
    ck_assert_int_eq(first.wave->fetched->wave->state, SAMORDNING__V1__WAVE_STATE__WAVE_OPEN);

    struct asking doing;
    Samordning__V1__Wave wave = SAMORDNING__V1__WAVE__INIT;
    Samordning__V1__SurveyWaveRequest request = SAMORDNING__V1__SURVEY_WAVE_REQUEST__INIT;
    struct store_message_call c = {.call = call_of(&doing), .request = &request.base};
    wave.key = (char *)(uintptr_t) "holdt";
    request.wave = &wave;
    request.action = SAMORDNING__V1__WAVE_ACTION__WAVE_DO_PAUSE;
    store_survey_wave(store, &c);
    wait_for(&doing.done);
    ck_assert_int_eq(c.call.status, STATUS_OK);
    arena_release(&doing.arena);
    struct store_survey_hold third = hold(&asking[2], "holdt");
    ck_assert_int_eq(third.wave->fetched->wave->state, SAMORDNING__V1__WAVE_STATE__WAVE_PAUSED);
    ck_assert_int_eq(first.wave->fetched->wave->state, SAMORDNING__V1__WAVE_STATE__WAVE_OPEN); /* as it was taken */
    store_survey_release(store, first.wave);
    store_survey_release(store, second.wave);
    store_survey_release(store, third.wave);
    for (int i = 0; i < 3; i++)
        arena_release(&asking[i].arena);

    static const char *const absent[] = {"finnes-ikke", "en-noekkel-som-er-mye-lengre-enn-noen-boelge-kan-ha-den"};
    for (int i = 0; i < 2; i++) {
        struct store_survey_hold none = hold(&asking[0], absent[i]);
        ck_assert_int_eq(none.call.status, STATUS_NOT_FOUND);
        ck_assert_ptr_null(none.wave);
        arena_release(&asking[0].arena);
    }
}
END_TEST

START_TEST(test_earlier_answers)
{
    uint8_t before[1][32], now[1][32], stranger[1][32];
    struct asking asking;
    enum survey_answer_state state;
    make_wave("v1", "");
    make_seats("v1", 1, "samtykke", before, NULL);
    ck_assert_int_eq(save_one(before[0], "one", 0, "often", 2), STATUS_OK);
    ck_assert_int_eq(decide(before[0], SURVEY_SUBMIT, 2, &state), STATUS_OK);
    make_wave("v2", ", 'earlier': 'v1'");
    make_seats("v2", 1, "samtykke", now, NULL);
    make_wave("v2b", ", 'earlier': 'v1'");
    make_seats("v2b", 1, "en annen", stranger, NULL);
    struct store_survey_visit seen = visit(&asking, now[0]);
    ck_assert_msg(seen.call.status == STATUS_OK, "%s", seen.call.errmsg.text);
    ck_assert_uint_eq(seen.earlier_count, 1);
    ck_assert_str_eq(seen.earlier[0]->item, "often");
    ck_assert_double_eq(seen.earlier[0]->values[0], 2);
    ck_assert_int_eq(seen.state, SURVEY_NOT_STARTED);
    arena_release(&asking.arena);
    seen = visit(&asking, stranger[0]);
    ck_assert_uint_eq(seen.earlier_count, 0);
    arena_release(&asking.arena);
}
END_TEST

START_TEST(test_names)
{
    uint8_t hash[1][32];
    struct asking asking;
    make_wave("navn", "");
    make_seats("navn", 1, "", hash, NULL);
    struct store_survey_names names = {.call = call_of(&asking), .link_hash = hash[0], .item = "often", .search = "k"};
    store_survey_names(store, &names);
    wait_for(&asking.done);
    ck_assert_int_eq(names.call.status, STATUS_NOT_FOUND); /* no name generator */
    arena_release(&asking.arena);
}
END_TEST

/* ------------------------------------------------------------------------------------------------- as text */

START_TEST(test_stored_text)
{
    double values[] = {3, 0, -1, 0.5, 1e16, 1e300, 5e-324, 0.1};
    Samordning__V1__Answer one = SAMORDNING__V1__ANSWER__INIT, two = SAMORDNING__V1__ANSWER__INIT;
    Samordning__V1__Answer *answers[] = {&one, &two}, **read;
    char contact[] = "contact", ministry[] = "972417807", words[] = "words", cut[] = "cut \xc3", empty[] = "";
    char strange[] = "\"så\\\n\x01 \xf0\x9d\x84\x9e";
    struct arena arena;
    char *text;
    size_t count;
    one.item = contact;
    one.target = ministry;
    one.n_values = sizeof values / sizeof values[0];
    one.values = values;
    two.item = words;
    two.state = SAMORDNING__V1__ANSWER_STATE__ANSWER_DONT_KNOW;
    two.text = strange;
    ck_assert_int_eq(stored_answers_write(2, answers, &text), STATUS_OK);
    ck_assert_str_eq(text, "[{\"item\":\"contact\",\"target\":\"972417807\",\"values\":[3.0,0.0,-1.0,0.5,10000000000000000.0,"
                           "1.0000000000000001e+300,4.9406564584124654e-324,0.10000000000000001]},"
                           "{\"item\":\"words\",\"state\":2,\"text\":\"\\\"så\\\\\\u000a\\u0001 \xf0\x9d\x84\x9e\"}]");
    arena_init(&arena, 1 << 16);
    ck_assert_int_eq(stored_answers_parse(text, strlen(text), &arena, &count, &read), STATUS_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_mem_eq(read[0]->values, values, sizeof values);
    ck_assert_str_eq(read[1]->text, two.text);
    arena_release(&arena);
    free(text);
    ck_assert_int_eq(stored_answers_write(0, NULL, &text), STATUS_OK);
    ck_assert_str_eq(text, "[]");
    free(text);
    two.text = cut;
    ck_assert_int_eq(stored_answers_write(2, answers, &text), STATUS_INVALID);
    two.text = empty;
    values[0] = (double)INFINITY;
    ck_assert_int_eq(stored_answers_write(2, answers, &text), STATUS_INVALID);
}
END_TEST

int main(void)
{
    struct running_organisation agency = {.orgnr = "972417807", .roles = PRINCIPAL_ROLE(3)};
    if (!running_store_start(NULL, &agency, 1))
        return 1;
    operator= agency.ret_principal;
    TCase *tcase = tcase_create("surveys");
    tcase_add_test(tcase, test_stored_text);
    tcase_add_test(tcase, test_design);
    tcase_add_test(tcase, test_links);
    tcase_add_test(tcase, test_save_and_visit);
    tcase_add_test(tcase, test_saving_together);
    tcase_add_test(tcase, test_passing_on_and_signing);
    tcase_add_test(tcase, test_waves_are_kept_and_changes_seen);
    tcase_add_test(tcase, test_earlier_answers);
    tcase_add_test(tcase, test_names);
    tcase_add_test(tcase, test_kills_while_saving);
    return running_store_run(tcase);
}
