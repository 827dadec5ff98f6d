/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a browser posts, as fields and as answers of the built-in questionnaire; answers are of its items, checked without harm,
 * and clean text. */
#include "fuzz_target.h"

#include "form/form_body.h"
#include "form/form_seal.h"
#include "json.h"
#include "text.h"

#include <string.h>

#define BUDGET ((size_t)64 << 20)

static const Samordning__V1__Instrument *builtin(void)
{
    static struct arena arena;
    static ProtobufCMessage *message;
    if (message == NULL) {
        json_error_t error;
        struct errmsg errmsg = {"", ""};
        json_t *json = json_loadb(instrument_builtin_json, instrument_builtin_json_size, 0, &error);
        FUZZ_CHECK(json != NULL);
        arena_init(&arena, 16U << 20);
        FUZZ_CHECK(json_to_message(json, &samordning__v1__instrument__descriptor, &arena, &message, &errmsg) == STATUS_OK);
        json_decref(json);
    }
    return (const Samordning__V1__Instrument *)(const void *)message;
}

static void check_section(const struct form_body *body, const Samordning__V1__Section *section, struct arena *arena)
{
    size_t count, problem_count, found;
    Samordning__V1__Answer **answers;
    Samordning__V1__AnswerProblem **problems;
    struct text_finding finding;
    FUZZ_CHECK(form_body_answers(body, section, arena, &count, &answers, &problem_count, &problems) == STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        const Samordning__V1__Section *home = NULL;
        FUZZ_CHECK(instrument_item(builtin(), answers[i]->item, &home, NULL) != NULL && home == section);
        FUZZ_CHECK(answers_find(i, answers, answers[i]->item, answers[i]->target) == NULL);
        FUZZ_CHECK(answers[i]->text[0] == '\0' || text_check(answers[i]->text, FORM_BODY_MAX * 3, true, &finding));
        FUZZ_CHECK(answers[i]->target[0] == '\0' || text_check(answers[i]->target, FORM_BODY_MAX * 3, true, &finding));
    }
    const struct answers_context context = {.instrument = builtin(), .free_text = true};
    enum status status = answers_check(&context, count, answers, section->id, false, arena, &found, &problems);
    FUZZ_CHECK(status == STATUS_OK || (status == STATUS_INVALID && found > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct form_body body;
    arena_init(&arena, BUDGET);
    enum status status = form_body_read((const char *)data, size, &arena, &body);
    FUZZ_CHECK(status == STATUS_OK || status == STATUS_TOO_LARGE);
    for (size_t i = 0; status == STATUS_OK && i < builtin()->n_sections; i++)
        check_section(&body, builtin()->sections[i], &arena);
    arena_release(&arena);

    static const uint8_t key[WEB_KEY_SIZE] = {1};
    struct form_session session;
    char cookie[WEB_COOKIE_MAX] = "";
    memcpy(cookie, data, size < sizeof cookie - 1 ? size : sizeof cookie - 1);
    FUZZ_CHECK(!form_unseal(key, cookie, 1, &session));
    return 0;
}
