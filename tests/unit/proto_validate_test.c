/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a decoded message must satisfy, rule by rule. */
#include "validate.h"

#include "civil_time.h"
#include "frame.h"
#include "interaction_id.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW_US INT64_C(1790000000000000)
/* Messages take char *, though nobody writes through it. */
#define TEXT(literal) ((char *)(uintptr_t)(literal))
#define HOUR_US       INT64_C(3600000000)
#define TIME_US       INT64_C(1393662600000000) /* 2014-03-01 09:30 */

static struct validate_limits limits;

/* A good consultation of two ministries that each case below spoils in one place. */
struct sample {
    Samordning__V1__Participant sender, addressee;
    Samordning__V1__Participant *participants[2];
    Samordning__V1__Interaction interaction;
    uint8_t id[INTERACTION_ID_SIZE];
};

static void make_sample(struct sample *s)
{
    static char sender[] = "KLD";
    static char addressee[] = "Nærings- og fiskeridepartementet";
    static char type[] = "consultation";
    samordning__v1__participant__init(&s->sender);
    samordning__v1__participant__init(&s->addressee);
    samordning__v1__interaction__init(&s->interaction);
    s->sender.actor = sender;
    s->sender.role = SAMORDNING__V1__ROLE__ROLE_SENDER;
    s->addressee.actor = addressee;
    s->addressee.role = SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
    s->participants[0] = &s->sender;
    s->participants[1] = &s->addressee;
    s->interaction.type = type;
    s->interaction.time = TIME_US;
    s->interaction.participants = s->participants;
    s->interaction.n_participants = 2;
    validate_limits_default(&limits, NOW_US);
}

static char long_text[400];

#define SPOIL(name, code)                                                                                                      \
    static void name(struct sample *s)                                                                                         \
    {                                                                                                                          \
        Samordning__V1__Interaction *i = &s->interaction;                                                                      \
        Samordning__V1__Participant *p = &s->addressee;                                                                        \
        (void)i;                                                                                                               \
        (void)p;                                                                                                               \
        code;                                                                                                                  \
    }
SPOIL(nothing, )
SPOIL(no_type, i->type = TEXT(""))
SPOIL(nul_type, i->type = TEXT("meet\xFFing"))
SPOIL(latin1_type, i->type = TEXT("m\xF8te"))
SPOIL(long_type, i->type = long_text + 98)
SPOIL(longest_type, i->type = long_text + 99)
SPOIL(control_case, i->case_ref = TEXT("2014/\t7"))
SPOIL(c1_source, i->source = TEXT("a\xC2\x85"
                                  "b"))
SPOIL(surrogate_source_id, i->source_id = TEXT("12345678\xED\xA0\x80"))
SPOIL(overlong_source_id, i->source_id = TEXT("\xC0\xAF"))
SPOIL(cut_source_id, i->source_id = TEXT("12345678\xE2\x82"))
SPOIL(emoji_source_id, i->source_id = TEXT("sak \xF0\x9F\x93\x8E"))
SPOIL(no_time, i->time = 0)
SPOIL(old_time, i->time = -1)
SPOIL(first_time, i->time = limits.time_min_us)
SPOIL(before_first_time, i->time = limits.time_min_us - 1)
SPOIL(last_time, i->time = limits.time_max_us)
SPOIL(after_last_time, i->time = limits.time_max_us + 1)
SPOIL(end_before, i->end = TIME_US - 1)
SPOIL(end_same, i->end = TIME_US)
SPOIL(end_far, i->end = INT64_MAX)
SPOIL(bad_stage, i->stage = (Samordning__V1__Stage)13)
SPOIL(negative_stage, i->stage = (Samordning__V1__Stage)-1)
SPOIL(bad_level, i->level = (Samordning__V1__Level)7)
SPOIL(bad_resolved, i->resolved_level = (Samordning__V1__Level)7)
SPOIL(bad_precision, i->time_precision = (Samordning__V1__TimePrecision)3)
SPOIL(open_class, i->classification = SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_OPEN)
SPOIL(graded, i->classification = SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_RESTRICTED)
SPOIL(graded_unknown, i->classification = (Samordning__V1__Classification)99)
SPOIL(graded_and_broken, i->classification = SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_SECRET; i->time = 0)
SPOIL(nan_weight, i->weight = NAN)
SPOIL(infinite_weight, i->weight = INFINITY)
SPOIL(negative_weight, i->weight = -0.5)
SPOIL(small_weight, i->weight = 0.5)
SPOIL(short_id, i->id.len = 15; i->id.data = s->id)
SPOIL(other_id, interaction_id_random(TIME_US + 1000, s->id); i->id.len = 16; i->id.data = s->id)
SPOIL(v4_id, interaction_id_random(TIME_US, s->id); s->id[6] = 0x40; i->id.len = 16; i->id.data = s->id)
SPOIL(good_id, interaction_id_random(TIME_US, s->id); i->id.len = 16; i->id.data = s->id)
SPOIL(alone, i->n_participants = 1)
SPOIL(nobody, i->n_participants = 0)
SPOIL(too_many, limits.participants_max = 1)
SPOIL(no_actor, p->actor = TEXT(""))
SPOIL(bad_actor, p->actor = TEXT("N\xE6ring"))
SPOIL(long_actor, p->actor = long_text + 98)
SPOIL(bad_role, p->role = (Samordning__V1__Role)8)
SPOIL(bad_reply, p->reply_status = (Samordning__V1__ReplyStatus)7)
SPOIL(bad_outcome, p->outcome = (Samordning__V1__Outcome)13)
SPOIL(early_deadline, p->deadline = TIME_US - HOUR_US)
SPOIL(early_reply, p->replied = TIME_US - HOUR_US)
SPOIL(reply_same_date, p->replied = civil_day_start_us(civil_day_of(TIME_US)))
SPOIL(reply_date_before, p->replied = civil_day_start_us(civil_day_of(TIME_US) - 1))
SPOIL(reply_before_received, p->received = TIME_US + 2 * HOUR_US; p->replied = TIME_US + HOUR_US)
SPOIL(deadline_before_received, p->received = TIME_US + 2 * HOUR_US; p->deadline = TIME_US + HOUR_US)
SPOIL(received_before_time, p->received = TIME_US - HOUR_US; p->replied = TIME_US - HOUR_US)
SPOIL(received_far, p->received = INT64_MIN)
SPOIL(deadline_far, p->deadline = limits.time_max_us + 1)
SPOIL(replied_far, p->replied = limits.time_max_us + 1)
SPOIL(self_tie, p->actor = s->sender.actor)
SPOIL(same_role_twice, p->actor = s->sender.actor; p->role = s->sender.role)
SPOIL(same_in_meeting, p->actor = s->sender.actor; p->role = SAMORDNING__V1__ROLE__ROLE_PARTICIPANT;
      s->sender.role = SAMORDNING__V1__ROLE__ROLE_CHAIR)

static const struct {
    void (*spoil)(struct sample *s);
    enum status status;
    const char *field;
} cases[] = {
    {nothing, STATUS_OK, ""},
    {no_type, STATUS_INVALID, "type"},
    {nul_type, STATUS_INVALID, "type"},
    {latin1_type, STATUS_INVALID, "type"},
    {long_type, STATUS_INVALID, "type"},
    {longest_type, STATUS_OK, ""},
    {control_case, STATUS_INVALID, "case_ref"},
    {c1_source, STATUS_INVALID, "source"},
    {surrogate_source_id, STATUS_INVALID, "source_id"},
    {overlong_source_id, STATUS_INVALID, "source_id"},
    {cut_source_id, STATUS_INVALID, "source_id"},
    {emoji_source_id, STATUS_OK, ""},
    {no_time, STATUS_INVALID, "time"},
    {old_time, STATUS_INVALID, "time"},
    {first_time, STATUS_OK, ""},
    {before_first_time, STATUS_INVALID, "time"},
    {last_time, STATUS_OK, ""},
    {after_last_time, STATUS_INVALID, "time"},
    {end_before, STATUS_INVALID, "end"},
    {end_same, STATUS_OK, ""},
    {end_far, STATUS_INVALID, "end"},
    {bad_stage, STATUS_INVALID, "stage"},
    {negative_stage, STATUS_INVALID, "stage"},
    {bad_level, STATUS_INVALID, "level"},
    {bad_resolved, STATUS_INVALID, "resolved_level"},
    {bad_precision, STATUS_INVALID, "time_precision"},
    {open_class, STATUS_OK, ""},
    {graded, STATUS_CLASSIFIED, "classification"},
    {graded_unknown, STATUS_CLASSIFIED, "classification"},
    {graded_and_broken, STATUS_CLASSIFIED, "classification"},
    {nan_weight, STATUS_INVALID, "weight"},
    {infinite_weight, STATUS_INVALID, "weight"},
    {negative_weight, STATUS_INVALID, "weight"},
    {small_weight, STATUS_OK, ""},
    {short_id, STATUS_INVALID, "id"},
    {other_id, STATUS_INVALID, "id"},
    {v4_id, STATUS_INVALID, "id"},
    {good_id, STATUS_OK, ""},
    {alone, STATUS_INVALID, "participants"},
    {nobody, STATUS_INVALID, "participants"},
    {too_many, STATUS_INVALID, "participants"},
    {no_actor, STATUS_INVALID, "participants[1].actor"},
    {bad_actor, STATUS_INVALID, "participants[1].actor"},
    {long_actor, STATUS_INVALID, "participants[1].actor"},
    {bad_role, STATUS_INVALID, "participants[1].role"},
    {bad_reply, STATUS_INVALID, "participants[1].reply_status"},
    {bad_outcome, STATUS_INVALID, "participants[1].outcome"},
    {early_deadline, STATUS_INVALID, "participants[1].deadline"},
    {early_reply, STATUS_INVALID, "participants[1].replied"},
    {reply_same_date, STATUS_OK, ""},
    {reply_date_before, STATUS_INVALID, "participants[1].replied"},
    {reply_before_received, STATUS_INVALID, "participants[1].replied"},
    {deadline_before_received, STATUS_INVALID, "participants[1].deadline"},
    {received_before_time, STATUS_OK, ""},
    {received_far, STATUS_INVALID, "participants[1].received"},
    {deadline_far, STATUS_INVALID, "participants[1].deadline"},
    {replied_far, STATUS_INVALID, "participants[1].replied"},
    {self_tie, STATUS_OK, ""},
    {same_role_twice, STATUS_INVALID, "participants[1].actor"},
    {same_in_meeting, STATUS_INVALID, "participants[1].actor"},
};

START_TEST(each_rule_names_its_field)
{
    memset(long_text, 'x', sizeof long_text - 1);
    struct sample s;
    make_sample(&s);
    cases[_i].spoil(&s);
    struct errmsg errmsg = {"", ""};
    enum status status = validate_interaction(&s.interaction, &limits, &errmsg);
    ck_assert_msg(status == cases[_i].status, "case %d (%s): %s %s", _i, cases[_i].field, errmsg.field, errmsg.text);
    ck_assert_str_eq(errmsg.field, cases[_i].field);
    ck_assert_int_eq(errmsg.text[0] != '\0', status != STATUS_OK);
    ck_assert_uint_eq(validate_utf8_prefix(errmsg.text, strlen(errmsg.text)), strlen(errmsg.text));
    ck_assert_int_eq(validate_interaction(&s.interaction, &limits, NULL), status);
}
END_TEST

static enum status validate_many(size_t n, size_t twin, struct errmsg *errmsg)
{
    struct sample s;
    make_sample(&s);
    limits.participants_max = 20000;
    Samordning__V1__Participant *all = calloc(n, sizeof *all);
    Samordning__V1__Participant **pointers = calloc(n, sizeof(void *));
    char(*names)[48] = calloc(n, sizeof *names);
    for (size_t i = 0; i < n; i++) {
        samordning__v1__participant__init(&all[i]);
        snprintf(names[i], sizeof names[i], "høringsinstans %zu", i == twin ? 0 : i);
        all[i].actor = names[i];
        all[i].role = i == 0 ? SAMORDNING__V1__ROLE__ROLE_SENDER : SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
        pointers[i] = &all[i];
    }
    if (twin > 0)
        all[0].role = SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
    s.interaction.participants = pointers;
    s.interaction.n_participants = n;
    enum status status = validate_interaction(&s.interaction, &limits, errmsg);
    free(names);
    free(pointers);
    free(all);
    return status;
}

START_TEST(finds_duplicates_among_ten_thousand)
{
    struct errmsg errmsg = {"", ""};
    const size_t counts[] = {2, 31, 32, 33, 100, 5000, 10000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        ck_assert_int_eq(validate_many(counts[i], 0, &errmsg), STATUS_OK);
        ck_assert_int_eq(validate_many(counts[i], counts[i] - 1, &errmsg), STATUS_INVALID);
        char field[40];
        snprintf(field, sizeof field, "participants[%zu].actor", counts[i] - 1);
        ck_assert_str_eq(errmsg.field, field);
    }
}
END_TEST

START_TEST(ten_thousand_are_too_many_by_default)
{
    struct sample s;
    make_sample(&s);
    Samordning__V1__Participant **pointers = calloc(10000, sizeof(void *));
    for (size_t i = 0; i < 10000; i++)
        pointers[i] = &s.sender;
    s.interaction.participants = pointers;
    s.interaction.n_participants = 10000;
    struct errmsg errmsg;
    ck_assert_int_eq(validate_interaction(&s.interaction, &limits, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "participants");
    ck_assert_ptr_nonnull(strstr(errmsg.text, "10000"));
    free(pointers);
}
END_TEST

START_TEST(strings_of_any_message)
{
    struct sample s;
    make_sample(&s);
    Samordning__V1__Interaction *interactions[] = {&s.interaction, &s.interaction};
    Samordning__V1__SubmitRequest submit = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    submit.interactions = interactions;
    submit.n_interactions = 2;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    struct errmsg errmsg = {"", ""};
    ck_assert_int_eq(validate_strings(&request.base, 300, &errmsg), STATUS_OK);
    s.addressee.actor = TEXT("b\xC3");
    ck_assert_int_eq(validate_strings(&request.base, 300, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "submit.interactions[0].participants[1].actor");
    ck_assert_ptr_nonnull(strstr(errmsg.text, "0xC3"));
    ck_assert_int_eq(validate_strings(&request.base, 300, NULL), STATUS_INVALID);

    Samordning__V1__WithdrawRequest withdraw = SAMORDNING__V1__WITHDRAW_REQUEST__INIT;
    withdraw.reason = TEXT("sendt to ganger,\n\tav en feil");
    ck_assert_int_eq(validate_strings(&withdraw.base, 300, &errmsg), STATUS_OK);
    ck_assert_int_eq(validate_strings(&withdraw.base, 10, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "reason");
    withdraw.reason = TEXT("bell \a");
    ck_assert_int_eq(validate_strings(&withdraw.base, 300, &errmsg), STATUS_INVALID);

    Samordning__V1__ActorResolveRequest resolve = SAMORDNING__V1__ACTOR_RESOLVE_REQUEST__INIT;
    char *labels[] = {TEXT("Sjøfartsdirektoratet"), TEXT("line\nbreak")};
    resolve.labels = labels;
    resolve.n_labels = 2;
    ck_assert_int_eq(validate_strings(&resolve.base, 300, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "labels[1]");

    /* what people read or write in surveys has lines; what names things has not */
    Samordning__V1__Answer answer = SAMORDNING__V1__ANSWER__INIT;
    Samordning__V1__Wave wave = SAMORDNING__V1__WAVE__INIT;
    Samordning__V1__LocalText text = SAMORDNING__V1__LOCAL_TEXT__INIT;
    answer.text = text.nn = (char *)(uintptr_t) "ei line\nog ei til";
    wave.invitation = &text;
    ck_assert_int_eq(validate_strings(&answer.base, 300, &errmsg), STATUS_OK);
    ck_assert_int_eq(validate_strings(&wave.base, 300, &errmsg), STATUS_OK);
    text.nn = (char *)(uintptr_t) "\x01";
    ck_assert_int_eq(validate_strings(&wave.base, 300, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "invitation.nn");
    answer.target = answer.text;
    ck_assert_int_eq(validate_strings(&answer.base, 300, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "target");
}
END_TEST

/* A NUL inside a string, from the wire to the words. */
START_TEST(an_embedded_nul_spoils_one_interaction_only)
{
    const uint8_t good[] = {0x12, 0x07, 'm', 'e', 'e', 't', 'i', 'n', 'g'};
    const uint8_t spoiled[] = {0x12, 0x07, 'm', 'e', 0x00, 't', 'i', 'n', 'g'};
    uint8_t body[22];
    body[0] = 0x0A;
    body[1] = sizeof good;
    memcpy(body + 2, good, sizeof good);
    body[11] = 0x0A;
    body[12] = sizeof spoiled;
    memcpy(body + 13, spoiled, sizeof spoiled);
    struct arena arena;
    arena_init(&arena, 1 << 16);
    enum status status = STATUS_INTERNAL;
    Samordning__V1__SubmitRequest *submit = (Samordning__V1__SubmitRequest *)frame_unpack(
        &samordning__v1__submit_request__descriptor, body, sizeof body, &arena, &status);
    ck_assert_ptr_nonnull(submit);
    ck_assert_uint_eq(submit->n_interactions, 2);
    validate_limits_default(&limits, NOW_US);
    struct errmsg errmsg;
    ck_assert_int_eq(validate_interaction(submit->interactions[0], &limits, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "time"); /* its type is fine */
    ck_assert_int_eq(validate_interaction(submit->interactions[1], &limits, &errmsg), STATUS_INVALID);
    ck_assert_str_eq(errmsg.field, "type");
    ck_assert_ptr_nonnull(strstr(errmsg.text, "NUL"));
    arena_release(&arena);
}
END_TEST

START_TEST(organisation_numbers)
{
    const char *const real[] = {"972417920", "912660680", "991825827", "974760673", "971526920", "983544622"};
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
        ck_assert_msg(validate_orgnr(real[i]), "%s", real[i]);
    const char *const wrong[] = {"",          "97241792",  "9724179200",  "972417921",
                                 "97241792x", " 72417920", "972 417 920", "123456789"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!validate_orgnr(wrong[i]), "%s", wrong[i]);
}
END_TEST

/* Every sequence of up to three bytes against the definition of UTF-8, written down as ranges (RFC 3629, section 4). */
static size_t defined_length(const uint8_t *b, size_t size)
{
    static const struct {
        uint8_t lead_from, lead_to, second_from, second_to;
        size_t length;
    } forms[] = {
        {0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (b[0] < forms[i].lead_from || b[0] > forms[i].lead_to)
            continue;
        if (forms[i].length == 1)
            return 1;
        if (size < forms[i].length || b[1] < forms[i].second_from || b[1] > forms[i].second_to)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if ((b[k] & 0xC0) != 0x80)
                return 0;
        return forms[i].length;
    }
    return 0;
}

START_TEST(utf8_by_definition)
{
    for (uint32_t v = 0; v < 1 << 24; v++) {
        uint8_t bytes[12] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), 0x80, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'};
        size_t expected = 0;
        while (expected < 12) {
            size_t length = defined_length(bytes + expected, 12 - expected);
            if (length == 0)
                break;
            expected += length;
        }
        if (validate_utf8_prefix((const char *)bytes, 12) != expected)
            ck_abort_msg("%02X %02X %02X", bytes[0], bytes[1], bytes[2]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("validate");
    TCase *tc = tcase_create("validate");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, each_rule_names_its_field, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, finds_duplicates_among_ten_thousand);
    tcase_add_test(tc, ten_thousand_are_too_many_by_default);
    tcase_add_test(tc, strings_of_any_message);
    tcase_add_test(tc, an_embedded_nul_spoils_one_interaction_only);
    tcase_add_test(tc, organisation_numbers);
    tcase_add_test(tc, utf8_by_definition);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
