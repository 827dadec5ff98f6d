/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bounded cache of label ids: found again, evicted, forgotten.
 */
#include "labels.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int32_t find(struct labels *labels, const char *text)
{
    bool waiting = false;
    int32_t id = labels_find(labels, text, strlen(text), &waiting);
    return waiting ? -id : id;
}

START_TEST(test_put_and_find)
{
    struct labels *labels = labels_create(100);
    ck_assert_int_eq(find(labels, "Ærlig"), 0);
    labels_put(labels, "Ærlig", strlen("Ærlig"), 7, false);
    labels_put(labels, "Ærlig ", strlen("Ærlig "), 8, true);
    ck_assert_int_eq(find(labels, "Ærlig"), 7);
    ck_assert_int_eq(find(labels, "Ærlig "), -8);
    ck_assert_int_eq(find(labels, "ærlig"), 0);
    labels_put(labels, "Ærlig", strlen("Ærlig"), 7, true);
    ck_assert_uint_eq(labels_count(labels), 2);
    labels_put(labels, "FIN", 3, 9, false);
    labels_forget_waiting(labels);
    ck_assert_uint_eq(labels_count(labels), 1);
    ck_assert_int_eq(find(labels, "Ærlig"), 0);
    ck_assert_int_eq(find(labels, "FIN"), 9);
    labels_forget_all(labels);
    ck_assert_int_eq(find(labels, "FIN"), 0);
    labels_destroy(labels);
    labels_destroy(NULL);
}
END_TEST

/* Against a plain array: whatever is found is right, never more than the bound is held, and what is used often stays. */
START_TEST(test_eviction)
{
    enum { MAX = 64, NAMES = 1000 };
    struct labels *labels = labels_create(MAX);
    char name[32];
    size_t hits = 0;
    srand(11);
    for (int round = 0; round < 20000; round++) {
        int n = rand() % NAMES;
        snprintf(name, sizeof name, "navn %d", n);
        int32_t id = find(labels, name);
        if (id == 0)
            labels_put(labels, name, strlen(name), n + 1, n % 3 == 0);
        else
            ck_assert_int_eq(id, n % 3 == 0 ? -(n + 1) : n + 1);
        ck_assert_uint_le(labels_count(labels), MAX);
        if (round > MAX) {
            hits += find(labels, "ofte") == 5000;
            labels_put(labels, "ofte", 4, 5000, false);
        }
        if (round % 1777 == 0)
            labels_forget_waiting(labels);
    }
    ck_assert_uint_eq(labels_count(labels), MAX);
    ck_assert_uint_gt(hits, 19800);
    labels_destroy(labels);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("labels");
    TCase *tcase = tcase_create("labels");
    tcase_add_test(tcase, test_put_and_find);
    tcase_add_test(tcase, test_eviction);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
