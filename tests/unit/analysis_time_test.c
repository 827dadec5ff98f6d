/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family time: the balance of work in hand, curves, stages and layers, who is told apart from whom.
 */
#include "computed_result.h"
#include "drawn_network.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct reply reply_of(uint64_t request, int32_t addressee, double received, double end, enum reply_end kind)
{
    return (struct reply){.request = request,
                          .cluster = request,
                          .sender = -1,
                          .addressee = addressee,
                          .sent_day = received,
                          .received_day = received,
                          .deadline_day = NAN,
                          .end_day = end,
                          .end = kind};
}

static void expect(const struct result *result, const char *table, const char *column, const char *key_column, const char *key,
                   double value)
{
    double got = computed_number(result, table, column, key_column, key);
    ck_assert_msg(isnan(value) ? isnan(got) : fabs(got - value) < 1e-9, "%s.%s of %s is %.12g, not %.12g", table, column, key,
                  got, value);
}

/* Requests at random to three actors; pending ones end at `until`. */
static struct reply_set drawn(uint64_t seed, size_t requests, double until, bool closed)
{
    struct random_stream stream;
    random_stream_init(&stream, seed, 0);
    struct reply_set set = {.replies = calloc(3 * requests, sizeof *set.replies), .observed_until = until};
    ck_assert_ptr_nonnull(set.replies);
    for (uint64_t request = 1; request <= requests; request++)
        for (int32_t actor = 0; actor < 3; actor++) {
            double received = 0.7 * until * random_stream_unit(&stream);
            double end = received + (closed ? 0.3 : 2) * until * random_stream_unit(&stream);
            bool pending = end > until, answered = random_stream_below(&stream, 5) > 0;
            struct reply reply = reply_of(request, actor, received, pending ? until : end,
                                          pending    ? REPLY_END_PENDING
                                          : answered ? REPLY_END_ANSWERED
                                                     : REPLY_END_COMPETING);
            reply.cluster = request / 3;
            reply.stage = request % 2 ? 4 : 5;
            reply.layer = request % 3 ? 7 : 8;
            set.replies[set.count++] = reply;
        }
    return set;
}

START_TEST(littles_law_holds_in_a_closed_window)
{
    struct network *network = network_drawn("a-b b-c", false);
    for (uint64_t seed = 1; seed <= 20; seed++)
        for (int closed = 0; closed < 2; closed++) {
            struct reply_set set = drawn(seed, 12, 100, closed);
            struct result *result = computed("time", network, &set, NULL);
            double waiting = 0, only = 0;
            for (const char *key = "abc"; *key; key++) {
                char name[] = {*key, 0};
                double law = computed_number(result, "little", "expected_in_progress", "actor", name);
                double mean = computed_number(result, "little", "in_progress_mean", "actor", name);
                double left = computed_number(result, "little", "discrepancy", "actor", name);
                /* L is the area under the number in hand, added up here request by request. */
                double area = 0;
                for (size_t r = 0; r < set.count; r++)
                    if (set.replies[r].addressee == *key - 'a')
                        area += set.replies[r].end_day - set.replies[r].received_day;
                ck_assert_double_eq_tol(mean, area / 100, 1e-9);
                if (closed) {
                    expect(result, "little", "open", "actor", name, 0);
                    ck_assert_double_eq_tol(law, mean, 1e-9);
                }
                if (!isnan(law))
                    ck_assert_double_eq_tol(mean - law, left, 1e-9);
                waiting += computed_number(result, "time", "waiting_share", "actor", name);
                only += computed_number(result, "time", "waiting_share_only", "actor", name);
            }
            ck_assert(waiting >= 1 - 1e-9 && only <= 1 + 1e-9 && only >= 0);
            result_destroy(result);
            free(set.replies);
        }
    network_destroy(network);
}
END_TEST

START_TEST(stages_layers_and_all_add_up)
{
    struct network *network = network_drawn("a-b b-c", false);
    struct reply_set set = drawn(3, 30, 60, false);
    set.replies[0].no_remark = set.replies[0].end == REPLY_END_ANSWERED;
    static const struct metrics_layer layers[] = {{7, "consultation"}};
    struct metrics_input input = {.network = network, .replies = &set, .layers = layers, .layer_count = 1};
    struct result *result = result_create("time");
    char error[400];
    ck_assert_int_eq(metrics_family("time")->compute(&input, result, error), METRICS_OK);
    expect(result, "all", "requests", NULL, NULL, 90);
    expect(result, "stages", "requests", "stage", "consultation", 45);
    expect(result, "stages", "requests", "stage", "hearing", 45);
    expect(result, "layers", "requests", "layer", "consultation", 60);
    expect(result, "layers", "requests", "layer", "8", 30); /* nobody says what it is called */
    expect(result, "time", "requests", "actor", "a", 30);
    expect(result, "time", "cases", "actor", "a", 11);
    ck_assert_uint_eq(result_table(result, "pairs")->row_count, 3);

    /* What has ended in either way, and what has not, is everything; and the curve is the complement of the answers. */
    const struct table *curves = result_table(result, "curves");
    ck_assert_uint_gt(curves->row_count, 50);
    const double *unanswered = table_column(curves, "unanswered")->numbers;
    const double *answered = table_column(curves, "incidence_answered")->numbers;
    const double *otherwise = table_column(curves, "incidence_otherwise")->numbers;
    const double *waiting = table_column(curves, "waiting")->numbers, *day = table_column(curves, "day")->numbers;
    char **of = table_column(curves, "of")->texts, **key = table_column(curves, "key")->texts;
    for (size_t r = 0; r < curves->row_count; r++) {
        ck_assert_double_eq_tol(answered[r] + otherwise[r] + waiting[r], 1, 1e-9);
        ck_assert_double_eq_tol(unanswered[r] + answered[r], 1, 1e-12);
        if (r > 0 && strcmp(of[r], of[r - 1]) == 0 && (!key[r] || (key[r - 1] && strcmp(key[r], key[r - 1]) == 0)))
            ck_assert(day[r] > day[r - 1] && unanswered[r] <= unanswered[r - 1] + 1e-12);
    }
    result_destroy(result);
    free(set.replies);
    network_destroy(network);
}
END_TEST

START_TEST(one_case_is_one_voice)
{
    /* Each of six cases asks a five times and gets five equal answers: by case there are six voices, not thirty. */
    struct network *network = network_drawn("a-b", false);
    struct reply replies[30];
    for (uint64_t i = 0; i < 30; i++) {
        uint64_t voice = i / 5;
        replies[i] = reply_of(i, 0, 0, (double)(3 + 4 * voice), REPLY_END_ANSWERED);
        replies[i].cluster = 100 + voice;
    }
    struct reply_set set = {.replies = replies, .count = 30, .observed_until = 100};
    struct result *result = computed("time", network, &set, "tau=90");
    expect(result, "time", "rmst_days", "actor", "a", 13);
    /* By hand: squared distances 100 + 36 + 4 + 4 + 36 + 100 of six case means; sd / sqrt(6), with 6/5 of the jackknife. */
    expect(result, "time", "rmst_days_case_se", "actor", "a", sqrt(280.0 / 36 * 6 / 5));
    expect(result, "time", "rmst_days_se", "actor", "a", sqrt(280.0 / 6 / 30));
    double low = computed_number(result, "time", "median_days_low", "actor", "a");
    double case_low = computed_number(result, "time", "median_days_case_low", "actor", "a");
    ck_assert_double_lt(case_low, low);
    expect(result, "time", "rmst_days_case_se", "actor", "b", NAN);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(the_slow_one_is_told_apart)
{
    struct network *network = network_drawn("a-b b-c c-d", false);
    struct random_stream stream;
    random_stream_init(&stream, 9, 0);
    struct reply replies[160];
    for (uint64_t request = 0; request < 40; request++)
        for (int32_t actor = 0; actor < 4; actor++) {
            double days = -log(1 - random_stream_unit(&stream)) * (actor == 2 ? 20 : 8);
            replies[4 * request + (uint64_t)actor] =
                reply_of(request, actor, 0, fmin(days, 50), days > 50 ? REPLY_END_PENDING : REPLY_END_ANSWERED);
        }
    struct reply_set set = {.replies = replies, .count = 160, .observed_until = 50};
    static const char *const strata[] = {"strata=none", "strata=request"};
    for (size_t s = 0; s < 2; s++) {
        struct result *result = computed("time", network, &set, strata[s]);
        ck_assert_double_lt(computed_number(result, "logrank", "p", NULL, NULL), 0.001);
        for (const char *key = "abcd"; *key; key++) {
            char name[] = {*key, 0};
            double ratio = computed_number(result, "time", "answer_rate_ratio", "actor", name);
            double q = computed_number(result, "time", "q", "actor", name);
            ck_assert(*key == 'c' ? ratio < 0.7 && q < 0.01 : ratio > 0.9);
        }
        const struct table *pairs = result_table(result, "pairs");
        const double *q = table_column(pairs, "q")->numbers;
        char **a = table_column(pairs, "actor_a")->texts, **b = table_column(pairs, "actor_b")->texts;
        for (size_t r = 0; r < pairs->row_count; r++)
            ck_assert((q[r] < 0.05) == (*a[r] == 'c' || *b[r] == 'c'));
        result_destroy(result);
    }
    network_destroy(network);
}
END_TEST

START_TEST(too_many_for_pairs)
{
    struct drawing *drawing = drawing_create(false);
    static struct reply replies[60];
    for (int i = 0; i < 60; i++) {
        char key[] = {(char)('a' + i / 26), (char)('a' + i % 26), 0};
        drawing_actor(drawing, key, NULL);
        replies[i] = reply_of((uint64_t)i, i, 0, i % 7, REPLY_END_ANSWERED);
    }
    struct network *network = drawing_finish(drawing);
    struct reply_set set = {.replies = replies, .count = 60, .observed_until = 50};
    struct result *result = computed("time", network, &set, "strata=none");
    ck_assert_uint_eq(result_table(result, "pairs")->row_count, 0);
    ck_assert(computed_has_note(result, "more than 50"));
    ck_assert(!isnan(computed_number(result, "logrank", "p", NULL, NULL)));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("time");
    TCase *tcase = tcase_create("time");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, littles_law_holds_in_a_closed_window);
    tcase_add_test(tcase, stages_layers_and_all_add_up);
    tcase_add_test(tcase, one_case_is_one_voice);
    tcase_add_test(tcase, the_slow_one_is_told_apart);
    tcase_add_test(tcase, too_many_for_pairs);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
