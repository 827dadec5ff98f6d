/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files of questionnaires: reading, what is wrong with them and where, and texts filled in. */
#include "fuzz_target.h"

#include "answers.h"
#include "json.h"
#include "validate.h"

#include <string.h>

#define BUDGET (4U << 20)

static struct instrument_problem problems[INSTRUMENT_PROBLEMS_MAX];

static void check_words(const struct errmsg *errmsg)
{
    FUZZ_CHECK(errmsg->text[0] != '\0');
    FUZZ_CHECK(validate_utf8_prefix(errmsg->text, strlen(errmsg->text)) == strlen(errmsg->text));
}

static size_t check_instrument(const Samordning__V1__Instrument *instrument, const char *text, size_t size)
{
    size_t count = 0;
    enum status status = instrument_check(instrument, problems, &count);
    bool is_broken = false;
    for (size_t i = 0; i < count; i++) {
        unsigned line = 0;
        unsigned column = 0;
        check_words(&problems[i].errmsg);
        instrument_locate(text, size, problems[i].errmsg.field, &line, &column);
        FUZZ_CHECK(line > 0 && column > 0);
        is_broken |= !problems[i].only_opening;
    }
    FUZZ_CHECK(status == (is_broken ? STATUS_INVALID : STATUS_OK) || count == INSTRUMENT_PROBLEMS_MAX);
    if (count == 0)
        FUZZ_CHECK(instrument_missing(instrument, INSTRUMENT_NB) + instrument_missing(instrument, INSTRUMENT_NN) == 0);
    return count;
}

/* What is asked of any instrument, even one that check refuses. */
static void use(const Samordning__V1__Instrument *instrument, struct arena *arena)
{
    const struct answers_context context = {.instrument = instrument};
    size_t count = 0;
    Samordning__V1__AnswerProblem **found = NULL;
    FUZZ_CHECK(answers_check(&context, 0, NULL, NULL, true, arena, &count, &found) != STATUS_OK || count == 0);
    for (size_t s = 0; s < instrument->n_sections; s++) {
        const Samordning__V1__Section *section = instrument->sections[s];
        (void)answers_shows_section(&context, 0, NULL, section);
        for (size_t i = 0; i < section->n_items && i < 20; i++) {
            (void)answers_shows(&context, 0, NULL, section->items[i]->id, "");
            (void)answers_pipe(&context, 0, NULL, INSTRUMENT_NN, instrument_text(section->items[i]->text, INSTRUMENT_NN), NULL,
                               NULL, NULL, arena);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const Samordning__V1__Instrument *instrument = NULL;
    struct arena arena;
    struct errmsg errmsg = {"", ""};
    unsigned line = 0;
    unsigned column = 0;
    arena_init(&arena, BUDGET);
    if (instrument_read(text, size, &arena, &instrument, &errmsg, &line, &column) != STATUS_OK) {
        FUZZ_CHECK(errmsg.text[0] != '\0' && line > 0 && column > 0);
        arena_release(&arena);
        return 0;
    }
    size_t count = check_instrument(instrument, text, size);
    use(instrument, &arena);
    /* The file says it again. */
    json_t *json = json_from_message(&instrument->base);
    FUZZ_CHECK(json != NULL);
    char *written = json_dumps(json, 0);
    struct arena other;
    arena_init(&other, 4 * BUDGET);
    FUZZ_CHECK(instrument_read(written, strlen(written), &other, &instrument, &errmsg, &line, &column) == STATUS_OK);
    FUZZ_CHECK(check_instrument(instrument, written, strlen(written)) == count);
    free(written);
    json_decref(json);
    arena_release(&other);
    arena_release(&arena);
    return 0;
}
