/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gists of seeded random interactions say what was put in; cut and damaged ones are noticed or read to an end, never beyond it.
 */
#include "civil_time.h"
#include "digest.h"
#include "gist.h"
#include "random_message.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS   300
#define MOST     40
#define PEOPLE   200 /* more than random_message gives an interaction */
#define RECORDED INT64_C(1400000000123456)

struct world {
    struct arena arena;
    Samordning__V1__Interaction *messages[MOST];
    uint8_t ids[MOST][16];
    int32_t labels[MOST][PEOPLE];
    struct gist_source sources[MOST];
    size_t count;
    uint8_t *bytes;
    size_t size;
};

static void make(struct world *world, uint64_t seed)
{
    struct random_source random = {seed};
    *world = (struct world){0};
    arena_init(&world->arena, 64 << 20);
    world->count = random_below(&random, MOST + 1);
    world->bytes = malloc(GIST_BEGIN_SIZE);
    struct gist_writer writer;
    gist_begin(&writer, world->bytes, RECORDED);
    int64_t time_us = (int64_t)random_below(&random, UINT64_C(1600000000000000));
    for (size_t i = 0; i < world->count; i++) {
        Samordning__V1__Interaction *m =
            (void *)random_message(&random, &samordning__v1__interaction__descriptor, &world->arena);
        time_us += (int64_t)random_below(&random, UINT64_C(20000000000)); /* some hours */
        m->time = time_us;
        m->end = random_below(&random, 2) ? 0 : time_us + (int64_t)random_below(&random, UINT64_C(10000000000));
        m->weight = random_below(&random, 2) ? (double)random_below(&random, 3) : m->weight;
        uint64_t ms = (uint64_t)(time_us / 1000);
        for (int b = 0; b < 16; b++)
            world->ids[i][b] = b < 6 ? (uint8_t)(ms >> (40 - 8 * b)) : (uint8_t)random_below(&random, 256);
        world->ids[i][6] = (uint8_t)((world->ids[i][6] & 0x0F) | (random_below(&random, 2) ? 0x80 : 0x70));
        ck_assert_uint_le(m->n_participants, PEOPLE);
        for (size_t p = 0; p < m->n_participants; p++) {
            world->labels[i][p] = (int32_t)(random_below(&random, 3) ? random_below(&random, 500) : random_next(&random) >> 33);
            world->labels[i][p] *= random_below(&random, 5) ? 1 : -1;
        }
        world->messages[i] = m;
        world->sources[i] = (struct gist_source){.id = world->ids[i],
                                                 .message = m,
                                                 .labels = world->labels[i],
                                                 .content_hash = random_next(&random),
                                                 .reporter = (int32_t)random_below(&random, 2) * 70000,
                                                 .layer = (int16_t)(random_below(&random, 4) ? 1 : 300)};
        world->bytes = realloc(world->bytes, writer.size + gist_put_max(m));
        gist_put(&writer, world->bytes, &world->sources[i]);
    }
    world->size = writer.size;
}

static void release(struct world *world)
{
    free(world->bytes);
    arena_release(&world->arena);
}

static void same(const struct gist_source *source, const struct gist_interaction *said, struct gist_run *run)
{
    const Samordning__V1__Interaction *m = source->message;
    int32_t day = civil_day_of(m->time), labels[PEOPLE];
    int16_t roles[PEOPLE], outcomes[PEOPLE] = {0};
    bool derived = source->id[6] >> 4 == 8;
    ck_assert_int_eq(run->day, day);
    ck_assert_int_eq(run->reporter, source->reporter);
    ck_assert_int_eq(run->layer, source->layer);
    ck_assert_int_eq(run->recorded_at_us, RECORDED);
    ck_assert_int_eq(said->derived, derived);
    ck_assert(!derived || memcmp(said->id_end, source->id + 8, 8) == 0);
    ck_assert_int_eq(said->time_us, derived ? m->time - civil_day_start_us(day) : 0);
    ck_assert_int_eq(said->duration_us, m->end > m->time ? m->end - m->time : 0);
    ck_assert(said->weight == (m->weight == 0 ? 1.0f : (float)m->weight));
    size_t size = m->case_ref ? strlen(m->case_ref) : 0;
    ck_assert_uint_eq(said->case_ref_size, size);
    ck_assert(!size || memcmp(said->case_ref, m->case_ref, size) == 0);
    ck_assert_uint_eq(said->participants, m->n_participants);
    ck_assert(gist_participants(run, labels, roles, outcomes));
    for (size_t p = 0; p < m->n_participants; p++) {
        ck_assert_int_eq(labels[p], abs(source->labels[p]));
        ck_assert_int_eq(roles[p], (int)m->participants[p]->role);
        ck_assert_int_eq(outcomes[p], (int)m->participants[p]->outcome);
    }
}

START_TEST(says_what_was_put_in)
{
    static struct world world;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        make(&world, seed);
        struct gist_reader reader;
        struct gist_run run;
        struct gist_interaction said;
        size_t i = 0, runs = 0;
        ck_assert(gist_open(&reader, world.bytes, world.size));
        for (; gist_next_run(&reader, &run) == GIST_ITEM; runs++) {
            uint64_t digest = 0;
            enum gist_step step;
            for (; (step = gist_next(&run, &said)) == GIST_ITEM; i++) {
                const struct gist_source *source = &world.sources[i];
                ck_assert_uint_lt(i, world.count);
                same(source, &said, &run);
                digest += digest_report(source->id, source->content_hash, source->reporter, -1, RECORDED, 0);
            }
            ck_assert_int_eq(step, GIST_END);
            ck_assert_uint_eq(digest, run.digest);
        }
        ck_assert_uint_eq(i, world.count);
        ck_assert_int_eq(gist_next_run(&reader, &run), GIST_END);
        size_t changes = world.count > 0;
        for (i = 1; i < world.count; i++)
            changes += civil_day_of(world.messages[i]->time) != civil_day_of(world.messages[i - 1]->time) ||
                       world.sources[i].reporter != world.sources[i - 1].reporter ||
                       world.sources[i].layer != world.sources[i - 1].layer;
        ck_assert_uint_eq(runs, changes);
        release(&world);
    }
}
END_TEST

/* Reads from memory of exactly this size, so that a sanitizer notices what lies beyond. */
static enum gist_step read_to_end(const uint8_t *bytes, size_t size, size_t *ret_items)
{
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    struct gist_reader reader;
    struct gist_run run;
    struct gist_interaction said;
    enum gist_step step = gist_open(&reader, exact, size) ? GIST_ITEM : GIST_BROKEN;
    *ret_items = 0;
    while (step == GIST_ITEM && (step = gist_next_run(&reader, &run)) == GIST_ITEM) {
        while ((step = gist_next(&run, &said)) == GIST_ITEM) {
            int32_t *labels = malloc((said.participants + 1) * sizeof *labels);
            int16_t *codes = malloc((2 * (size_t)said.participants + 1) * sizeof *codes);
            bool whole = gist_participants(&run, labels, codes, codes + said.participants);
            free(labels);
            free(codes);
            if (!whole) {
                step = GIST_BROKEN;
                break;
            }
            ++*ret_items;
        }
        step = step == GIST_END ? GIST_ITEM : step;
    }
    free(exact);
    return step;
}

START_TEST(damage_is_survived)
{
    static struct world world;
    struct random_source random = {77};
    for (uint64_t seed = 0; seed < ROUNDS / 10; seed++) {
        make(&world, seed);
        size_t items;
        for (size_t size = 0; size < world.size; size++) /* ends before its time, but for whole runs */
            if (read_to_end(world.bytes, size, &items) == GIST_END)
                ck_assert_uint_lt(items, world.count);
        for (int i = 0; i < 500; i++) {
            size_t at = random_below(&random, world.size);
            uint8_t before = world.bytes[at];
            world.bytes[at] = (uint8_t)random_below(&random, 256);
            read_to_end(world.bytes, world.size, &items);
            world.bytes[at] = before;
        }
        world.bytes[0]++;
        ck_assert_int_eq(read_to_end(world.bytes, world.size, &items), GIST_BROKEN);
        release(&world);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gist");
    TCase *tests = tcase_create("gist");
    tcase_set_timeout(tests, 100);
    tcase_add_test(tests, says_what_was_put_in);
    tcase_add_test(tests, damage_is_survived);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
