/* SPDX-License-Identifier: GPL-3.0-or-later
 * Path work shared with other workers, who are played by the test itself: whoever does which part, whatever is lost on the way,
 * the bits are those of one worker alone.
 */
#include "drawn_network.h"
#include "drawn_topology.h"
#include "path_work.h"
#include "random_stream.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ACTORS 700 /* two blocks of the sweep */
#define ARRAYS 8

/* What the others do, drawn anew at each turn. */
enum deed { HELP, OWN, LOSE, SPOIL, DELAY, VANISH, DEEDS };

struct yard {
    struct path_share share;
    struct random_stream stream;
    unsigned chances[DEEDS]; /* of 100 */
    struct path_work work;   /* as it came out of the bytes */
    bool *open;              /* parts nobody has finished */
    size_t blocks, parts, left;
    void *sums;
    size_t begun, ended, counts[DEEDS];
};

static bool begin(void *arg, const uint8_t *bytes, size_t size, size_t blocks, size_t parts)
{
    struct yard *yard = arg;
    ck_assert_int_eq(path_work_unpack(bytes, size, &yard->work), CREW_OK);
    ck_assert_uint_ge(parts, 2);
    ck_assert_uint_le(parts, PATH_PARTS_MAX);
    ck_assert_uint_eq(blocks, path_work_blocks(&yard->work));
    ck_assert_uint_eq(path_part(blocks, parts, 0), 0);
    ck_assert_uint_eq(path_part(blocks, parts, parts), blocks);
    yard->open = malloc(parts);
    memset(yard->open, true, parts);
    yard->blocks = blocks;
    yard->parts = yard->left = parts;
    yard->sums = malloc(path_work_sum_bytes(&yard->work) + 1);
    yard->begun++;
    return true;
}

static enum deed draw(struct yard *yard)
{
    uint64_t at = random_stream_below(&yard->stream, 100);
    unsigned deed = HELP;
    for (unsigned sum = yard->chances[HELP]; deed + 1 < DEEDS && at >= sum; sum += yard->chances[deed])
        deed++;
    return (enum deed)deed;
}

static enum path_turn turn(void *arg, size_t *ret_part, const void **ret_sums, size_t *ret_size)
{
    static const struct crew helpers[] = {{.threads = 1, .vectors = VECTORS_PLAIN}, {.threads = 2}};
    struct yard *yard = arg;
    enum deed deed = draw(yard);
    size_t part = (size_t)random_stream_below(&yard->stream, yard->parts);
    ck_assert_uint_gt(yard->left, 0);
    while (!yard->open[part])
        part = (part + 1) % yard->parts;
    yard->counts[deed]++;
    if (deed == VANISH)
        return PATH_TURN_ALONE;
    if (deed == DELAY || deed == LOSE) { /* a helper that dies leaves its part open */
        if (deed == DELAY)
            return PATH_TURN_WAIT;
        deed = OWN;
    }
    *ret_part = part;
    if (deed == OWN)
        return PATH_TURN_COMPUTE;
    memset(yard->sums, 0, path_work_sum_bytes(&yard->work));
    ck_assert_int_eq(path_work_part(&yard->work, path_part(yard->blocks, yard->parts, part),
                                    path_part(yard->blocks, yard->parts, part + 1), &helpers[part % 2], yard->sums),
                     CREW_OK);
    yard->open[part] = false;
    yard->left--;
    *ret_sums = yard->sums;
    *ret_size = path_work_sum_bytes(&yard->work) - (deed == SPOIL);
    return PATH_TURN_ADD;
}

static void done(void *arg, size_t part)
{
    struct yard *yard = arg;
    ck_assert(yard->open[part]);
    yard->open[part] = false;
    yard->left--;
}

static void end(void *arg)
{
    struct yard *yard = arg;
    path_work_release(&yard->work);
    free(yard->open);
    free(yard->sums);
    yard->ended++;
}

static struct yard yard_of(uint64_t seed)
{
    struct yard yard = {.share = {.above_ms = 1e-6, .begin = begin, .turn = turn, .done = done, .end = end}};
    random_stream_init(&yard.stream, seed, 0);
    return yard;
}

/* Everything the three kernels say, one array after the other. */
static enum crew_status measure(const struct topology *topology, const struct crew *crew, double values[ARRAYS][ACTORS])
{
    const struct adjacency *out = &topology->out, *in = &topology->in;
    struct sweep sweep = {.steps = values[0], .inverse = values[1]};
    struct paths paths = {
        .betweenness = values[3], .reached = values[4], .sum = values[5], .in_sum = values[6], .in_inverse = values[7]};
    enum crew_status status = sweep_run(out, in, crew, &sweep);
    if (status == CREW_OK)
        status = betweenness_run(out, in, topology->directed, crew, values[2]);
    if (status == CREW_OK)
        status = paths_run(out, in, topology->directed, crew, &paths);
    return status;
}

START_TEST(shared_or_alone_the_same_bits)
{
    static const unsigned plays[][DEEDS] = {
        {100, 0, 0, 0, 0, 0}, {0, 100, 0, 0, 0, 0}, {40, 30, 10, 10, 10, 0}, {50, 47, 0, 0, 0, 3}};
    static double alone[ARRAYS][ACTORS], shared[ARRAYS][ACTORS];
    for (int directed = 0; directed < 2; directed++) {
        struct network *network = network_random(11 + (uint64_t)directed, ACTORS, 0.006, directed);
        struct topology topology = topology_of(network);
        struct crew crew = {.threads = 2};
        memset(alone, 0, sizeof alone);
        ck_assert_int_eq(measure(&topology, &crew, alone), CREW_OK);
        for (size_t p = 0; p < sizeof plays / sizeof plays[0]; p++) {
            struct yard yard = yard_of(p);
            memcpy(yard.chances, plays[p], sizeof yard.chances);
            yard.share.arg = &yard;
            crew.share = &yard.share;
            memset(shared, 0, sizeof shared);
            ck_assert_int_eq(measure(&topology, &crew, shared), CREW_OK);
            ck_assert_mem_eq(alone, shared, sizeof alone);
            ck_assert_uint_eq(yard.begun, 3);
            ck_assert_uint_eq(yard.ended, 3);
            for (size_t d = 0; d < DEEDS; d++)
                ck_assert((yard.counts[d] > 0) == (plays[p][d] > 0));
        }
        crew.share = NULL;
        topology_release(&topology);
        network_destroy(network);
    }
}
END_TEST

START_TEST(little_work_is_not_shared)
{
    static double values[ARRAYS][ACTORS];
    struct network *network = network_random(3, ACTORS, 0.006, false);
    struct topology topology = topology_of(network);
    struct yard yard = yard_of(1);
    yard.share.arg = &yard;
    struct crew crew = {.threads = 1, .share = &yard.share};
    static const double bounds[] = {1e9, 0};
    for (size_t b = 0; b < 2; b++) {
        yard.share.above_ms = bounds[b];
        ck_assert_int_eq(measure(&topology, &crew, values), CREW_OK);
        ck_assert_uint_eq(yard.begun, 0);
    }
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

static bool refuse(void *arg, unsigned permille)
{
    unsigned *asked = arg;
    ck_assert_uint_le(permille, 1000);
    return --*asked > 0;
}

START_TEST(a_refusal_stops_and_ends_the_share)
{
    static double values[ARRAYS][ACTORS];
    struct network *network = network_random(3, ACTORS, 0.006, true);
    struct topology topology = topology_of(network);
    for (unsigned asks = 1; asks < 40; asks += 9)
        for (unsigned waits = 0; waits < 2; waits++) {
            struct yard yard = yard_of(1);
            unsigned left = asks;
            yard.share.arg = &yard;
            yard.chances[waits ? DELAY : OWN] = 100;
            struct crew crew = {.threads = 1, .proceed = refuse, .arg = &left, .share = &yard.share};
            ck_assert_int_eq(measure(&topology, &crew, values), CREW_STOPPED);
            ck_assert_uint_eq(yard.begun, yard.ended);
            ck_assert_uint_gt(yard.begun, 0);
        }
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

/* What comes out of a database is read with care: cut short or changed anywhere, it is refused or is lists that can be walked.
 */
START_TEST(damaged_bytes_are_refused)
{
    struct network *network = network_random(3, 12, 0.3, true);
    struct topology topology = topology_of(network);
    struct path_work work = {
        .kind = PATH_LENGTHS, .wanted = {.betweenness = true, .in = true}, .out = topology.out, .in = topology.in};
    uint8_t *bytes;
    size_t size;
    ck_assert(path_work_pack(&work, &bytes, &size));
    struct path_work read;
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *exact = malloc(cut + 1);
        memcpy(exact, bytes, cut);
        ck_assert_int_eq(path_work_unpack(exact, cut, &read), CREW_STOPPED);
        free(exact);
    }
    size_t refused = 0;
    for (size_t at = 0; at < size; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes[at] ^= (uint8_t)(1U << bit);
            enum crew_status status = path_work_unpack(bytes, size, &read);
            bool within = status != CREW_NO_MEMORY;
            refused += status == CREW_STOPPED;
            for (size_t a = 0; status == CREW_OK && a < read.out.arc_count; a++)
                within = within && read.out.peer[a] >= 0 && (size_t)read.out.peer[a] < read.out.count &&
                         read.out.start[read.out.count] == read.out.arc_count;
            if (!within)
                ck_abort_msg("bit %u of byte %zu", bit, at);
            path_work_release(&read);
            bytes[at] ^= (uint8_t)(1U << bit);
        }
    ck_assert_uint_gt(refused, 0);
    free(bytes);
    topology_release(&topology);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("path_work");
    TCase *tcase = tcase_create("path_work");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, shared_or_alone_the_same_bits);
    tcase_add_test(tcase, little_work_is_not_shared);
    tcase_add_test(tcase, a_refusal_stops_and_ends_the_share);
    tcase_add_test(tcase, damaged_bytes_are_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
