/* SPDX-License-Identifier: GPL-3.0-or-later
 * Amounts against their definition taken literally, by hand and over many numbers: the nearest multiple of 2^-64.
 */
#include "amount.h"

#include <check.h>
#include <stdlib.h>

static void exact(double value, uint64_t whole, uint64_t rest)
{
    ck_assert_msg(amount_from(value) == (((amount_t)whole << 64) | rest), "%a", value);
}

START_TEST(amounts_by_hand)
{
    exact(0, 0, 0);
    exact(-1, 0, 0);
    exact(NAN, 0, 0);
    exact(1, 1, 0);
    exact(0.5, 0, UINT64_C(1) << 63);
    exact(0x1.8p+1, 3, 0);
    exact(0x1.fffffffffffffp-1, 0, UINT64_MAX - 2047);
    exact(0x1.fffffffffffffp+62, (UINT64_C(1) << 63) - 1024, 0);
    exact(0x1p-64, 0, 1);
    exact(0x1p-65, 0, 1); /* a half goes up */
    exact(0x1.7p-64, 0, 1);
    exact(0x1.8p-64, 0, 2);
    exact(0x1p-300, 0, 1); /* what is positive is never nothing */
    exact(5e-324, 0, 1);
    exact(0x1.8000000000001p-12, 0, UINT64_C(0x0018000000000001)); /* the last bit of 2^-12 is 2^-64 */
    ck_assert(amount_from(0x1p63) == AMOUNT_MAX);
    ck_assert(amount_from(INFINITY) == AMOUNT_MAX);
}
END_TEST

START_TEST(amounts_are_the_nearest)
{
    uint64_t bits = 88172645463325252U;
    for (int i = 0; i < 20000; i++) {
        bits ^= bits << 13; /* xorshift: any spread of numbers will do */
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value = ldexp((double)(bits >> 11), -(int)(bits % 140));
        if (value >= 0x1p63 || value <= 0)
            continue;
        amount_t amount = amount_from(value);
        if (value >= 0x1p-12) { /* the last of its 53 bits is 2^-64 or more: nothing is lost */
            ck_assert_double_eq(amount_to(amount), value);
        } else {
            double nearest = floor(ldexp(value, 64) + 0.5); /* below 2^52 all of this is exact */
            ck_assert_double_eq((double)amount, nearest < 1 ? 1 : nearest);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("amount");
    TCase *tcase = tcase_create("amount");
    tcase_add_test(tcase, amounts_by_hand);
    tcase_add_test(tcase, amounts_are_the_nearest);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
