/* SPDX-License-Identifier: GPL-3.0-or-later
 * The configuration: every key, bad lines with their words, combinations, reload.
 */
#include "config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/samordning-config-XXXXXX";

static void write_file(const char *text)
{
    FILE *out = fopen(path, "w");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

static void set_up(void)
{
    memset(path + sizeof path - 7, 'X', 6);
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void tear_down(void)
{
    unlink(path);
}

START_TEST(defaults_are_within_their_own_limits)
{
    struct config config;
    struct config_error error = {0};
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    ck_assert_msg(config_check(&config, &error) == STATUS_OK, "%s", error.text);
    ck_assert_str_eq(config.listen, "127.0.0.1:7117");
    ck_assert_uint_eq(config.max_frame_bytes, UINT64_C(4) * 1024 * 1024);
    ck_assert(config.tls_1_2);
    ck_assert(!config.http_allow_remote);
    config_release(&config);
}
END_TEST

START_TEST(every_key_is_described)
{
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        ck_assert_ptr_eq(config_key_find(key->name), key);
        ck_assert_msg(strlen(key->help) > 10 && key->help[strlen(key->help) - 1] == '.', "%s", key->name);
        ck_assert_msg(key->type != CONFIG_NUMBER || key->min < key->max, "%s", key->name);
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(config_keys[j].offset != key->offset, "%s and %s share a field", key->name, config_keys[j].name);
    }
}
END_TEST

/* What is printed is read back the same, also with values that are not the defaults. */
START_TEST(sample_is_read_back)
{
    struct config config, again;
    struct config_error error = {0};
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    ck_assert_int_eq(config_init(&again), STATUS_OK);
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        char value[64];
        if (key->type == CONFIG_NUMBER || key->type == CONFIG_BYTES)
            snprintf(value, sizeof value, "%llu", (unsigned long long)(key->min + key->max) / 2);
        else if (key->type == CONFIG_SWITCH)
            snprintf(value, sizeof value, "%s", strcmp(key->fallback, "yes") == 0 ? "no" : "yes");
        else if (key->type == CONFIG_CHOICE)
            snprintf(value, sizeof value, "debug");
        else
            snprintf(value, sizeof value, "/æøå/%zu", i);
        ck_assert_int_eq(config_set(&config, key->name, value, NULL, 0, &error), STATUS_OK);
    }
    FILE *out = fopen(path, "w");
    config_print_sample(out, &config);
    fclose(out);
    ck_assert_msg(config_read(&again, path, &error) == STATUS_OK, "%s", error.text);
    const char *kept[1];
    for (size_t i = 0; i < config_key_count; i++) {
        const char *a = (const char *)&config + config_keys[i].offset, *b = (const char *)&again + config_keys[i].offset;
        bool is_text = config_keys[i].type == CONFIG_TEXT || config_keys[i].type == CONFIG_PATH;
        if (is_text)
            ck_assert_str_eq(*(char *const *)(const void *)a, *(char *const *)(const void *)b);
        else if (config_keys[i].type == CONFIG_SWITCH)
            ck_assert_int_eq(*a, *b);
        else
            ck_assert_int_eq(memcmp(a, b, sizeof(uint64_t)), 0);
    }
    ck_assert_uint_eq(config_take(&config, &again, kept, 1), 0);
    config_release(&config);
    config_release(&again);
}
END_TEST

static const struct {
    const char *text, *words;
} bad_files[] = {
    {"max_batch = mange\n", ":1: max_batch: not a whole number"},
    {"\n# x\nmax_batch = 0\n", ":3: max_batch: 0 is outside 1 to 100000"},
    {"max_batch = -1\n", ":1: max_batch: not a whole number"},
    {"max_batch = 12x\n", ":1: max_batch: not a whole number"},
    {"max_batch = 99999999999999999999\n", ":1: max_batch: too large a number"},
    {"max_frame_bytes = 4 MB\n", ":1: max_frame_bytes: unknown unit: use B, KiB, MiB or GiB"},
    {"max_frame_bytes = 9999999999999 GiB\n", ":1: max_frame_bytes: too large a number"},
    {"finnes_ikke = 1\n", ":1: finnes_ikke: unknown key (samordningd --print-config lists them)"},
    {"bare tull\n", ":1: not of the form key = value"},
    {"log_level = loud\n", ":1: log_level: not one of: error warning info debug"},
    {"log_level =\n", ":1: log_level: not one of: error warning info debug"},
    {"tls_1_2 = kanskje\n", ":1: tls_1_2: neither yes nor no"},
    {"max_batch = 5\nmax_batch = 6\n", ":2: max_batch: given before, on line 1"},
    {"operator_name = \xff\xfe\n", ":1: operator_name: not valid UTF-8"},
};

START_TEST(bad_line_is_named)
{
    struct config config;
    struct config_error error = {0};
    char expected[700];
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    write_file(bad_files[_i].text);
    ck_assert_int_eq(config_read(&config, path, &error), STATUS_INVALID);
    snprintf(expected, sizeof expected, "%s%s", path, bad_files[_i].words);
    ck_assert_str_eq(error.text, expected);
    config_release(&config);
}
END_TEST

START_TEST(file_that_is_not_there)
{
    struct config config;
    struct config_error error = {0};
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    ck_assert_int_eq(config_read(&config, "/finnes/ikke.conf", &error), STATUS_NOT_FOUND);
    ck_assert_str_eq(error.text, "/finnes/ikke.conf: could not open: No such file or directory");
    config_release(&config);
}
END_TEST

START_TEST(forms_that_are_taken)
{
    struct config config;
    struct config_error error = {0};
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    write_file("\xef\xbb\xbf# from another editor\r\n  max_batch=7\r\nmax_frame_bytes =  128 KiB \r\n\toperator_name = Økonomi "
               "= alt # her\r\n"
               "tls_1_2 = off");
    ck_assert_msg(config_read(&config, path, &error) == STATUS_OK, "%s", error.text);
    ck_assert_uint_eq(config.max_batch, 7);
    ck_assert_uint_eq(config.max_frame_bytes, UINT64_C(128) * 1024);
    ck_assert_str_eq(config.operator_name, "Økonomi = alt # her");
    ck_assert(!config.tls_1_2);
    config_release(&config);
}
END_TEST

START_TEST(line_without_end)
{
    struct config config;
    struct config_error error = {0};
    char line[6000];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\0';
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    write_file(line);
    ck_assert_int_eq(config_read(&config, path, &error), STATUS_INVALID);
    ck_assert_ptr_nonnull(strstr(error.text, ":1: line longer than"));
    config_release(&config);
}
END_TEST

static const struct {
    const char *key, *value, *words;
} bad_combinations[] = {
    {"state_dir", "", "state_dir: must not be empty"},
    {"listen", "", "listen: must name at least one address"},
    {"max_connections", "10", "max_connections_per_organisation: larger than max_connections"},
    {"max_frame_bytes", "64 MiB", "max_request_bytes: less than four times max_frame_bytes"},
    {"condense_quiet_ms", "100000", "condense_max_wait_ms: less than condense_quiet_ms"},
};

START_TEST(bad_combination_is_named)
{
    struct config config;
    struct config_error error = {0};
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    ck_assert_int_eq(config_set(&config, bad_combinations[_i].key, bad_combinations[_i].value, NULL, 0, &error), STATUS_OK);
    ck_assert_int_eq(config_check(&config, &error), STATUS_INVALID);
    ck_assert_str_eq(error.text, bad_combinations[_i].words);
    config_release(&config);
}
END_TEST

START_TEST(reload_takes_what_it_may)
{
    struct config config, fresh;
    struct config_error error = {0};
    const char *kept[4];
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    ck_assert_int_eq(config_init(&fresh), STATUS_OK);
    write_file("max_batch = 77\nlisten = 0.0.0.0:1\noperator_name = Ny\nstate_dir = /annet\ntls_1_2 = no\n");
    ck_assert_int_eq(config_read(&fresh, path, &error), STATUS_OK);
    ck_assert_uint_eq(config_take(&config, &fresh, kept, 4), 2);
    ck_assert_str_eq(kept[0], "state_dir");
    ck_assert_str_eq(kept[1], "listen");
    config_release(&fresh);
    ck_assert_uint_eq(config.max_batch, 77);
    ck_assert_str_eq(config.operator_name, "Ny");
    ck_assert(!config.tls_1_2);
    ck_assert_str_eq(config.listen, "127.0.0.1:7117");
    config_release(&config);
}
END_TEST

START_TEST(paths_below_the_state_directory)
{
    struct config config;
    struct config_error error = {0};
    char where[200];
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    ck_assert_int_eq(config_set(&config, "state_dir", "/srv/x//", NULL, 0, &error), STATUS_OK);
    ck_assert_int_eq(config_check(&config, &error), STATUS_OK);
    ck_assert_int_eq(config_path(&config, "", "server.crt", where, sizeof where), STATUS_OK);
    ck_assert_str_eq(where, "/srv/x/server.crt");
    ck_assert_int_eq(config_path(&config, "/etc/ssl/a.pem", "server.crt", where, sizeof where), STATUS_OK);
    ck_assert_str_eq(where, "/etc/ssl/a.pem");
    ck_assert_int_eq(config_path(&config, "", "server.crt", where, 5), STATUS_TOO_LARGE);
    config_release(&config);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config");
    TCase *tests = tcase_create("config");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, defaults_are_within_their_own_limits);
    tcase_add_test(tests, every_key_is_described);
    tcase_add_test(tests, sample_is_read_back);
    tcase_add_loop_test(tests, bad_line_is_named, 0, (int)(sizeof bad_files / sizeof bad_files[0]));
    tcase_add_test(tests, file_that_is_not_there);
    tcase_add_test(tests, forms_that_are_taken);
    tcase_add_test(tests, line_without_end);
    tcase_add_loop_test(tests, bad_combination_is_named, 0, (int)(sizeof bad_combinations / sizeof bad_combinations[0]));
    tcase_add_test(tests, reload_takes_what_it_may);
    tcase_add_test(tests, paths_below_the_state_directory);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
