/* SPDX-License-Identifier: GPL-3.0-or-later
 * From blocks to networks, worked out by hand: levels, views, groups, reorganisations, isolates, waiting names, three states.
 */
#include "civil_time.h"
#include "day_builder.h"
#include "merge.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1-4 ministries (4 new from the reorganisation), 11 agency of 1, 12 agency of 2 and then of 3, 13 department of 1, 20 group,
 * 30 municipality without parent. Label n means actor n; label 99 waits. */
static struct structure *structure;
static struct network *network;
static struct spec spec;
static int32_t day0, reform;

static int32_t day_of(const char *text)
{
    int32_t day;
    ck_assert_int_eq(civil_day_parse(text, &day), STATUS_OK);
    return day;
}

static void start(void)
{
    day0 = day_of("2014-01-01");
    reform = day_of("2014-07-01");
    structure = structure_create();
    static const struct {
        int32_t id;
        const char *key, *kind, *sector, *orgnr;
    } actors[] = {{1, "fin", "ministry", "økonomi", "972417807"}, {2, "kld", "ministry", "miljø", "972417882"},
                  {3, "nfd", "ministry", "næring", "912660680"},  {4, "dfd", "ministry", NULL, NULL},
                  {11, "skatt", "agency", NULL, "974761076"},     {12, "mdir", "agency", NULL, NULL},
                  {13, "fin-a", "department", NULL, NULL},        {20, "alle", "group", NULL, NULL},
                  {30, "bergen", "municipality", NULL, NULL}};
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
        int32_t id = actors[i].id;
        char name[40];
        sprintf(name, "Navn %s", actors[i].key);
        structure_add_actor(structure, id, actors[i].key, actors[i].kind);
        structure_add_name(structure, id, id == 4 ? reform : DAY_ALWAYS, id == 3 ? reform : DAY_NEVER, name, NULL,
                           actors[i].orgnr);
        structure_add_label(structure, id, id, DAY_ALWAYS, DAY_NEVER);
        if (actors[i].sector)
            structure_add_sector(structure, id, DAY_ALWAYS, DAY_NEVER, actors[i].sector);
    }
    structure_add_parent(structure, 11, 1, DAY_ALWAYS, DAY_NEVER);
    structure_add_parent(structure, 12, 2, DAY_ALWAYS, reform);
    structure_add_parent(structure, 12, 1, reform, DAY_NEVER);
    structure_add_parent(structure, 13, 1, DAY_ALWAYS, DAY_NEVER);
    structure_add_member(structure, 20, 2, DAY_ALWAYS, DAY_NEVER);
    structure_add_member(structure, 20, 3, DAY_ALWAYS, reform);
    structure_add_member(structure, 20, 4, reform, DAY_NEVER);
    /* The 1st of July: 3 is split, three quarters to 4 and the rest to 2. */
    structure_add_relation(structure, 1, reform, 3, 4, 0.75);
    structure_add_relation(structure, 1, reform, 3, 2, 0.25);
    structure_add_reporter(structure, 7, "972417807");
    structure_add_reporter(structure, 8, "974761076");
    network = NULL;
}

static void stop(void)
{
    network_destroy(network);
    structure_destroy(structure);
}

struct step {
    int32_t day;
    uint8_t kind;
    int32_t reporter;
    const char *participants; /* "1s 2a", as in the test of blocks */
};

static bool take(void *arg, const struct day_builder_block *block)
{
    char error[400];
    ck_assert_msg(merge_add(arg, block->bytes, block->size, error) == MERGE_OK, "%s", error);
    return true;
}

static struct merge *merge_of(const char *text, const struct step *steps, size_t count)
{
    char error[400];
    char whole[600];
    sprintf(whole, "from=2014-01-01 to=2015-01-01 %s", text);
    ck_assert_msg(spec_parse(whole, &spec, error), "%s", error);
    ck_assert(structure_prepare(structure));
    struct merge *merge = merge_create(&spec, structure);
    struct day_builder *builder = day_builder_create();
    for (size_t i = 0; i < count; i++) {
        struct event_list list;
        event_list_init(&list);
        struct event *event = event_list_add(&list);
        *event = (struct event){.id = {[6] = 0x70, [15] = (uint8_t)i},
                                .day = steps[i].day,
                                .layer = 1,
                                .kind = steps[i].kind,
                                .reporter = steps[i].reporter,
                                .revision = -1,
                                .weight = 1,
                                .end_us = EVENT_NO_TIME};
        int32_t labels[20];
        int16_t roles[20], outcome[20] = {0};
        static const char letters[] = " sachpod!";
        for (const char *at = steps[i].participants; *at;) {
            char *end;
            labels[event->count] = (int32_t)strtol(at, &end, 10);
            int16_t role = (int16_t)(*end && *end != ' ' ? strchr(letters, *end) - letters : 0);
            roles[event->count] = role == 8 ? ROLE_ADDRESSEE : role;
            outcome[event->count++] = role == 8 ? EVENT_OUTCOME_OBJECTION : 0;
            at = *end && *end != ' ' ? end + 1 : end;
            at += *at == ' ';
        }
        event->labels = labels;
        event->roles = roles;
        event->outcome = outcome;
        struct day_builder_options options = {.built = take, .arg = merge};
        ck_assert(day_builder_run(builder, steps[i].day, &list, &options));
        event_list_release(&list);
    }
    day_builder_destroy(builder);
    return merge;
}

static const char *ties_text(const struct network_tie *ties, size_t count, const char *arrow)
{
    static char text[2][2000];
    static int which;
    char *at = text[which = !which];
    char *begin = at;
    *at = '\0';
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "%s%s%s%s %g/%g", i ? "; " : "", network->actors[ties[i].from].key, arrow,
                      network->actors[ties[i].to].key, ties[i].weight, ties[i].count);
    return begin;
}

static const char *ties(void)
{
    return ties_text(network->ties, network->tie_count, network->spec.directed ? ">" : "-");
}

static const char *actors(void)
{
    static char text[1000];
    text[0] = '\0';
    for (size_t i = 0; i < network->actor_count; i++)
        sprintf(text + strlen(text), "%s%s%s", i ? " " : "", network->actors[i].key, network->actors[i].reported ? "*" : "");
    return text;
}

static void build(const char *text, const struct step *steps, size_t count)
{
    network_destroy(network);
    struct merge *merge = merge_of(text, steps, count);
    network = merge_finish(merge);
    ck_assert_ptr_nonnull(network);
    merge_destroy(merge);
}
#define BUILD(text, ...)                                                                                                       \
    do {                                                                                                                       \
        const struct step steps_[] = {__VA_ARGS__};                                                                            \
        build(text, steps_, sizeof steps_ / sizeof steps_[0]);                                                                 \
    } while (0)
#define M EVENT_MEETING
#define R EVENT_REQUEST

START_TEST(actor_level)
{
    BUILD("", {day0, M, 7, "1p 2p 11p"}, {day0 + 9, M, 7, "1p 2p"}, {day0 + 9, M, 7, "12p 3o"});
    ck_assert_str_eq(ties(), "fin-kld 1.5/2; fin-skatt 0.5/1; kld-skatt 0.5/1");
    ck_assert_str_eq(actors(), "fin* kld mdir nfd skatt"); /* alone, and an observer: there without ties */
    ck_assert_double_eq(network->interactions, 3);
    ck_assert_str_eq(network->actors[0].label, "Navn fin");
    ck_assert_str_eq(network->actors[4].sector, "økonomi"); /* its ministry's */
    ck_assert_ptr_null(network->actors[0].abbreviation);
    ck_assert_int_eq(network->actors[4].id, 11);
    BUILD("projection=count direction=directed", {day0, M, 7, "1p 2p"}, {day0, R, 7, "1s 2a"}, {day0, R, 7, "2s 1a"},
          {day0, R, 7, "2s 1a 3c"});
    ck_assert_str_eq(ties(), "fin>kld 2/2; kld>fin 3/3");
    BUILD("projection=count", {day0, M, 7, "1p 2p"}, {day0, R, 7, "1s 2a"}, {day0, R, 7, "2s 1a"}, {day0, R, 7, "2s 1a 3c"});
    ck_assert_str_eq(ties(), "fin-kld 4/4");
    BUILD("projection=binary", {day0, M, 7, "1p 2p"}, {day0, R, 7, "1s 2a"});
    ck_assert_str_eq(ties(), "fin-kld 1/2");
    BUILD("weight=mean", {day0, M, 7, "1p 2p 3p"}, {day0, M, 7, "1p 2p"});
    ck_assert_str_eq(ties(), "fin-kld 0.75/2; fin-nfd 0.5/1; kld-nfd 0.5/1");
    BUILD("weight=max", {day0, M, 7, "1p 2p 3p"}, {day0, M, 7, "1p 2p"});
    ck_assert_str_eq(ties(), "fin-kld 1/2; fin-nfd 0.5/1; kld-nfd 0.5/1");
    BUILD("projection=duration", {day0, M, 7, "1p 2p 3p"}); /* no end: no duration, and no tie of weight 0 */
    ck_assert_str_eq(ties(), "");
    ck_assert_double_eq(network->untimed, 1);
}
END_TEST

START_TEST(ministry_level)
{
    BUILD("level=ministry", {day0, M, 7, "11p 12p"}, {reform, M, 7, "11p 12p"}, {reform, M, 7, "12p 2p"},
          {day0, M, 7, "30p 1p"}, {day0, M, 7, "13p 11p 2p"});
    /* Before the reform the agency 12 is part of kld, from that day on of fin. */
    ck_assert_str_eq(ties(), "fin-kld 3/4");
    ck_assert_str_eq(actors(),
                     "dfd fin* kld nfd"); /* every ministry of the year, tied or not; the municipality has no place here */
    ck_assert_double_eq(network->self_weight, 1.5);
    ck_assert_double_eq(network->self_count, 2);
    ck_assert_double_eq(network->outside_count, 1);
    ck_assert_double_eq(network->interactions, 5);
    BUILD("level=agency", {day0, M, 7, "13p 12p"}, {day0, M, 7, "13p 30p"});
    ck_assert_str_eq(ties(), "bergen-fin 1/1; fin-mdir 1/1");
    BUILD("level=unit", {day0, M, 7, "13p 12p"});
    ck_assert_str_eq(ties(), "fin-a-mdir 1/1");
    ck_assert_str_eq(actors(), "fin-a* mdir"); /* the ministry reported for its department */
}
END_TEST

START_TEST(sector_level)
{
    BUILD("level=sector", {day0, M, 7, "11p 12p"}, {reform, M, 7, "12p 2p"}, {day0, M, 7, "1p 11p"}, {day0, M, 7, "1p 30p"});
    ck_assert_str_eq(ties(), "miljø-økonomi 2/2");
    ck_assert_str_eq(actors(), "miljø næring økonomi");
    ck_assert_double_eq(network->self_count, 1);
    ck_assert_double_eq(network->outside_count, 1);
    BUILD("level=sector", {day0, M, 7, "1p 11p"}, {day0, M, 8, "1p 2p"});
    ck_assert_str_eq(actors(), "miljø næring økonomi*"); /* everybody counted in it reported */
}
END_TEST

START_TEST(views)
{
    const struct step steps[] = {{day0, M, 7, "1p 3p"}, {reform, M, 7, "1p 4p"}};
    build("level=ministry view=as-was", steps, 2);
    ck_assert_str_eq(ties(), "dfd-fin 1/1; fin-nfd 1/1");
    build("level=ministry view=as-now", steps, 2);
    ck_assert_str_eq(ties(), "dfd-fin 1.75/1.75; fin-kld 0.25/0.25");
    ck_assert_str_eq(actors(), "dfd fin* kld");
    build("level=ministry view=stable-core", steps, 2);
    ck_assert_str_eq(ties(), "");
    ck_assert_str_eq(actors(), "fin*"); /* kld took over a part, dfd came, nfd went */
    ck_assert_double_eq(network->outside_count, 2);
    /* as-now moves agencies to today's ministry as well. */
    BUILD("level=ministry view=as-now", {day0, M, 7, "11p 12p"});
    ck_assert_str_eq(ties(), "");
    ck_assert_double_eq(network->self_count, 1);
}
END_TEST

START_TEST(groups)
{
    BUILD("direction=directed", {day0, R, 7, "1s 20a"}, {reform, R, 7, "1s 20a"}, {day0, M, 7, "20p 3p"},
          {day0, R, 7, "2s 20!"});
    /* A letter to all is a letter to each member of that day; members are not tied to one another by it. */
    ck_assert_str_eq(ties(), "fin>dfd 1/1; fin>kld 2/2; fin>nfd 1/1; kld>nfd 2/2; nfd>kld 1/1");
    ck_assert_str_eq(ties_text(network->negative, network->negative_count, ">"), "nfd>kld 1/1");
    ck_assert_double_eq(network->self_count, 2); /* 3 met itself, 2 wrote to itself */
    ck_assert_str_eq(actors(), "dfd fin* kld nfd");
}
END_TEST

START_TEST(negative_ties)
{
    BUILD("", {day0, R, 7, "1s 2! 3a"}, {day0, R, 7, "1s 2!"}, {day0, EVENT_OBJECTION, 7, "3s 1a"});
    ck_assert_str_eq(ties(), "fin-kld 2/2; fin-nfd 1/1");
    ck_assert_str_eq(ties_text(network->negative, network->negative_count, ">"), "kld>fin 2/2; nfd>fin 1/1");
}
END_TEST

START_TEST(waiting_names)
{
    const struct step steps[] = {{day0, M, 7, "1p 99p 98p"}, {day0, M, 7, "1p 2p 99p"}};
    struct merge *merge = merge_of("", steps, 2);
    size_t count;
    const int32_t *unresolved = merge_unresolved(merge, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(unresolved[0], 98);
    ck_assert_int_eq(unresolved[1], 99);
    ck_assert(merge_label_unresolved(merge, 99, day0));
    ck_assert(!merge_label_unresolved(merge, 1, day0));
    network = merge_finish(merge);
    ck_assert_str_eq(ties(), "fin-kld 0.5/1"); /* those who wait were present all the same: k is 3 */
    ck_assert_double_eq(network->interactions, 2);
    ck_assert_int_eq(merge_actor_of(merge, 1, day0), 0);
    ck_assert_int_eq(merge_actor_of(merge, 99, day0), -1);
    merge_destroy(merge);
}
END_TEST

START_TEST(three_states)
{
    BUILD("", {day0, M, 7, "1p 2p"}, {day0, M, 7, "3p 30p"}, {day0, M, 7, "12p"});
    ck_assert_str_eq(actors(), "bergen fin* kld mdir nfd");
    ck_assert_double_eq(network_unknown_dyads(network), 6 - 1); /* pairs of the four silent ones, but the tie that is known */
    BUILD("direction=directed", {day0, M, 7, "1p 2p"}, {day0, M, 7, "3p 30p"}, {day0, M, 7, "12p"});
    ck_assert_double_eq(network_unknown_dyads(network), 12 - 2);
    structure_add_delivery(structure, 8, day0 + 100, day0 + 130, false);
    BUILD("", {day0, M, 7, "1p 2p"}, {day0, M, 7, "11p 12p"});
    ck_assert_str_eq(actors(), "fin* kld mdir skatt*"); /* delivered, though no interaction is its own */
    ck_assert_double_eq(network_unknown_dyads(network), 1);
    structure_add_delivery(structure, 7, day0 - 10, day0 + 200, true);
    BUILD("", {day0, M, 7, "1p 2p"});
    ck_assert(!network->complete);
    structure_add_delivery(structure, 8, day0 + 200, DAY_NEVER, true);
    BUILD("", {day0, M, 7, "1p 2p"}, {day0, M, 7, "3p 30p"});
    ck_assert(network->complete);
    ck_assert_double_eq(network_unknown_dyads(network), 0);
}
END_TEST

START_TEST(undirected_view_and_distances)
{
    BUILD("direction=directed projection=count", {day0, R, 7, "1s 2a 3a"}, {day0, R, 7, "3s 1a"});
    struct network *undirected = network_undirected(network);
    network_destroy(network);
    network = undirected;
    ck_assert_str_eq(ties(), "fin-kld 1/1; fin-nfd 2/2");
    ck_assert_double_eq(network_distance(DISTANCE_INVERSE, 4, 8), 0.25);
    ck_assert_double_eq(network_distance(DISTANCE_UNIT, 4, 8), 1);
    ck_assert_double_eq(network_distance(DISTANCE_COMPLEMENT, 4, 8), 0.5);
    ck_assert_double_eq_tol(network_distance(DISTANCE_LOG, 4, 8), 0.693147180559945, 1e-14);
    ck_assert(network_distance(DISTANCE_COMPLEMENT, 8, 8) > 0);
    ck_assert(network_distance(DISTANCE_LOG, 8, 8) > 0);
}
END_TEST

START_TEST(refuses_foreign_blocks)
{
    const struct step none[1] = {{0}};
    struct merge *merge = merge_of("", none, 0);
    struct day_condenser *condenser = day_condenser_create();
    day_condenser_begin(condenser, day0 - 1, 3, EVENT_MEETING);
    size_t size;
    const uint8_t *bytes = day_condenser_finish(condenser, &size);
    char error[400];
    ck_assert_int_eq(merge_add(merge, bytes, size, error), MERGE_BROKEN);
    ck_assert_ptr_nonnull(strstr(error, "2013-12-31, layer 3: outside the period"));
    ck_assert_int_eq(merge_add(merge, bytes, size - 1, error), MERGE_BROKEN);
    ck_assert_ptr_nonnull(strstr(error, "checksum"));
    day_condenser_destroy(condenser);
    merge_destroy(merge);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("merge");
    TCase *tcase = tcase_create("merge");
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_add_test(tcase, actor_level);
    tcase_add_test(tcase, ministry_level);
    tcase_add_test(tcase, sector_level);
    tcase_add_test(tcase, views);
    tcase_add_test(tcase, groups);
    tcase_add_test(tcase, negative_ties);
    tcase_add_test(tcase, waiting_names);
    tcase_add_test(tcase, three_states);
    tcase_add_test(tcase, undirected_view_and_distances);
    tcase_add_test(tcase, refuses_foreign_blocks);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
