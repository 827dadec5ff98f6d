/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever is sent as answers to the built-in questionnaire: checked, shown, mapped, and stored only if it fits. */
#include "fuzz_target.h"

#include "answers.h"
#include "json.h"
#include "validate.h"

#include <string.h>

#define BUDGET (16U << 20)

static struct answers_context context;
static struct arena lasting;

static const Samordning__V1__RosterActor *actor(const char *item, const char *key)
{
    Samordning__V1__RosterActor *row = arena_alloc(&lasting, sizeof *row);
    samordning__v1__roster_actor__init(row);
    row->item = arena_strdup(&lasting, item);
    row->key = arena_strdup(&lasting, key);
    return row;
}

static void set_up(void)
{
    static const Samordning__V1__RosterActor *roster[4];
    const Samordning__V1__Instrument *instrument = NULL;
    struct errmsg errmsg;
    unsigned line = 0;
    unsigned column = 0;
    arena_init(&lasting, BUDGET);
    FUZZ_CHECK(instrument_read(instrument_builtin_json, instrument_builtin_json_size, &lasting, &instrument, &errmsg, &line,
                               &column) == STATUS_OK);
    roster[0] = actor("ministries", "kd");
    roster[1] = actor("ministries", "fin");
    roster[2] = actor("ministries", "smk");
    roster[3] = actor("other_bodies", "nav");
    context = (struct answers_context){.instrument = instrument,
                                       .roster_count = 4,
                                       .roster = (Samordning__V1__RosterActor *const *)(uintptr_t)roster,
                                       .own = "kd",
                                       .free_text = true};
}

static void check_problems(size_t count, Samordning__V1__AnswerProblem *const *problems, bool is_shown)
{
    FUZZ_CHECK(count <= ANSWERS_PROBLEMS_MAX);
    for (size_t i = 0; i < count; i++) {
        FUZZ_CHECK(validate_strings(&problems[i]->base, INSTRUMENT_NAME_BYTES_MAX, NULL) == STATUS_OK);
        FUZZ_CHECK(!is_shown || strcmp(problems[i]->reason, "not_shown") != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (context.instrument == NULL)
        set_up();
    json_t *json = json_loadb((const char *)data, size, 0, NULL);
    struct arena arena;
    ProtobufCMessage *message = NULL;
    arena_init(&arena, BUDGET);
    if (json == NULL ||
        json_to_message(json, &samordning__v1__survey_answer_request__descriptor, &arena, &message, NULL) != STATUS_OK) {
        json_decref(json);
        arena_release(&arena);
        return 0;
    }
    json_decref(json);
    const Samordning__V1__SurveyAnswerRequest *request = (const Samordning__V1__SurveyAnswerRequest *)message;
    size_t count = 0;
    size_t kept_count = 0;
    size_t lost = 0;
    Samordning__V1__AnswerProblem **problems = NULL;
    Samordning__V1__Answer **kept = NULL;
    Samordning__V1__Answer **again = NULL;
    enum status status = answers_check(&context, request->n_answers, request->answers, NULL, false, &arena, &count, &problems);
    FUZZ_CHECK(status == (count == 0 ? STATUS_OK : STATUS_INVALID));
    check_problems(count, problems, true);
    bool is_good = count == 0;
    FUZZ_CHECK(answers_shown(&context, request->n_answers, request->answers, &arena, &kept_count, &kept) == STATUS_OK);
    FUZZ_CHECK(kept_count <= request->n_answers);
    (void)!answers_check(&context, kept_count, kept, NULL, true, &arena, &count, &problems);
    check_problems(count, problems, is_good);
    /* What is shown stays shown when the rest is gone. */
    FUZZ_CHECK(!is_good ||
               (answers_shown(&context, kept_count, kept, &arena, &count, &again) == STATUS_OK && count == kept_count));
    FUZZ_CHECK(answers_map(&context, 1, request->n_answers, request->answers, &arena, &count, &again, &lost) == STATUS_OK);
    FUZZ_CHECK(count + lost >= request->n_answers && (!is_good || lost == 0));
    FUZZ_CHECK(answers_pipe(&context, request->n_answers, request->answers, INSTRUMENT_NB,
                            "{answer:area} {answer:contact_level}", "fin", NULL, NULL, &arena) != NULL);
    arena_release(&arena);
    return 0;
}
