/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random days, condensed in pieces that go on in the blocks of the piece before: the same bytes as condensed at once, whenever
 * day_builder_apart allows it. Reconciliation knows no order either.
 *
 * SAMORDNING_SEED and SAMORDNING_ROUNDS choose where to begin and how long to go on; a failure names its seed.
 */
#include "day_builder.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define DAY     16000
#define EVENTS  240
#define PLACES  7
#define LAYERS  4
#define DAY_US  (DAY * INT64_C(86400000000))
#define MINUTES INT64_C(60000000)

static uint64_t state;

static uint64_t draw(uint64_t below)
{
    state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % below;
}

struct world {
    struct event events[EVENTS];
    int32_t labels[EVENTS][PLACES];
    int16_t roles[EVENTS][PLACES], outcomes[EVENTS][PLACES];
    int count;
};

/* Labels of one to four bytes as varints; weights and durations that are rare, usual, or each another one. */
static void random_world(struct world *world, int organisations, bool derived)
{
    static const int32_t actors[] = {5, 40, 300, 2000000};
    int32_t actor_count = actors[draw(4)];
    uint64_t odd = 1 + draw(6);
    world->count = 1 + (int)draw(EVENTS);
    for (int e = 0; e < world->count; e++) {
        struct event *event = &world->events[e];
        int16_t layer = (int16_t)draw(LAYERS);
        *event = (struct event){.id = {[3] = (uint8_t)draw(256), [6] = derived ? 0x80 : 0x70, [8] = 0x80},
                                .content_hash = draw(UINT64_MAX),
                                .day = DAY,
                                .time_us = DAY_US + (int64_t)draw(UINT64_C(80000000000)),
                                .end_us = EVENT_NO_TIME,
                                .recorded_us = (int64_t)draw(1000),
                                .layer = layer,
                                .kind = (uint8_t)layer,
                                .reporter = (int32_t)draw((uint64_t)organisations),
                                .revision = -1,
                                .weight = draw(odd) ? 1 : (double)(1 + draw(1000)) / 37,
                                .count = (uint32_t)draw(PLACES + 1)};
        event->id[14] = (uint8_t)(e >> 8);
        event->id[15] = (uint8_t)e;
        if (draw(odd))
            event->end_us = event->time_us + (int64_t)(draw(2) ? draw(90) * MINUTES : draw(UINT64_C(5000000000)));
        event->labels = world->labels[e];
        event->roles = world->roles[e];
        event->outcome = draw(3) ? NULL : world->outcomes[e];
        for (uint32_t i = 0; i < event->count; i++) {
            world->labels[e][i] = (int32_t)draw((uint64_t)actor_count);
            world->roles[e][i] = (int16_t)draw(ROLE_DECLINED + 1);
            world->outcomes[e][i] = (int16_t)draw(EVENT_OUTCOME_DISAGREEMENT + 1);
        }
    }
}

struct blocks {
    uint8_t *bytes[LAYERS];
    size_t sizes[LAYERS];
};

static bool keep(void *arg, const struct day_builder_block *block)
{
    struct blocks *blocks = arg;
    free(blocks->bytes[block->layer]);
    blocks->bytes[block->layer] = malloc(block->size);
    blocks->sizes[block->layer] = block->size;
    memcpy(blocks->bytes[block->layer], block->bytes, block->size);
    return true;
}

static size_t open_blocks(const struct blocks *blocks, struct day_builder_before before[LAYERS])
{
    size_t count = 0;
    char error[DAY_BLOCK_ERROR_SIZE];
    for (int16_t layer = 0; layer < LAYERS; layer++) {
        if (!blocks->bytes[layer])
            continue;
        before[count].layer = layer;
        ck_assert(day_block_open(&before[count++].block, blocks->bytes[layer], blocks->sizes[layer], error));
    }
    return count;
}

/* False: a piece could not go on in the blocks before it. */
static bool condense(struct day_builder *builder, const struct world *world, int pieces, struct blocks *blocks)
{
    memset(blocks, 0, sizeof *blocks);
    int from = 0;
    for (int piece = 0; piece < pieces; piece++) {
        int to = piece + 1 == pieces ? world->count : from + (int)draw((uint64_t)world->count - (uint64_t)from + 1);
        struct event_list list;
        event_list_init(&list);
        for (int e = from; e < to; e++)
            *event_list_add(&list) = world->events[e];
        struct day_builder_before before[LAYERS];
        struct day_builder_options options = {
            .tie = TIE_UNION, .built = keep, .arg = blocks, .before = before, .before_count = open_blocks(blocks, before)};
        bool apart = day_builder_apart(&list, before, options.before_count);
        ck_assert(!apart || day_builder_run(builder, DAY, &list, &options));
        event_list_release(&list);
        if (!apart)
            return false;
        from = to;
    }
    return true;
}

static void release(struct blocks *blocks)
{
    for (int i = 0; i < LAYERS; i++)
        free(blocks->bytes[i]);
}

static void compare(int organisations, bool derived, bool always)
{
    static struct world world;
    const char *rounds_text = getenv("SAMORDNING_ROUNDS"), *seed_text = getenv("SAMORDNING_SEED");
    uint64_t seed = seed_text ? strtoull(seed_text, NULL, 10) : 1, rounds = rounds_text ? strtoull(rounds_text, NULL, 10) : 150;
    uint64_t gone_on = 0;
    struct day_builder *builder = day_builder_create();
    for (uint64_t end = seed + rounds; seed < end; seed++) {
        state = seed;
        random_world(&world, organisations, derived);
        struct blocks whole, pieces;
        ck_assert(condense(builder, &world, 1, &whole));
        bool could = condense(builder, &world, 2 + (int)draw(4), &pieces);
        ck_assert_msg(could || !always, "seed %llu: cannot go on", (unsigned long long)seed);
        gone_on += could;
        for (int layer = 0; layer < LAYERS && could; layer++)
            ck_assert_msg(whole.sizes[layer] == pieces.sizes[layer] &&
                              (!whole.bytes[layer] || memcmp(whole.bytes[layer], pieces.bytes[layer], whole.sizes[layer]) == 0),
                          "seed %llu: layer %d differs", (unsigned long long)seed, layer);
        release(&whole);
        release(&pieces);
    }
    ck_assert(gone_on > 0);
    day_builder_destroy(builder);
}

START_TEST(one_organisation)
{
    compare(1, true, true);
}
END_TEST

START_TEST(several_organisations_without_derived_ids)
{
    compare(3, false, true);
}
END_TEST

/* Those may tell of the same: only days that by chance have one reporter, or a piece with everything, can go on. */
START_TEST(several_organisations_with_derived_ids)
{
    compare(3, true, false);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("day_resume");
    TCase *tests = tcase_create("day_resume");
    tcase_set_timeout(tests, 240);
    tcase_add_test(tests, one_organisation);
    tcase_add_test(tests, several_organisations_without_derived_ids);
    tcase_add_test(tests, several_organisations_with_derived_ids);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
