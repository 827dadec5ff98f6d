/* SPDX-License-Identifier: GPL-3.0-or-later
 * The smaller parts of libsamordning: bundles, back-off, batches, enrolment keys. */
#include "backoff.h"
#include "batch.h"
#include "frame.h"
#include "samordning.h"
#include "settings.h"

#include <check.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---------------------------------------------------------------------------------------------------------- bundles */

static char directory[64];

static void write_conf(const char *text)
{
    snprintf(directory, sizeof directory, "/tmp/samordning-bundle-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    char path[128];
    snprintf(path, sizeof path, "%s/client.conf", directory);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void remove_conf(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/client.conf", directory);
    unlink(path);
    rmdir(directory);
}

START_TEST(bundles_and_defaults)
{
    struct settings settings;
    ck_assert_int_eq(settings_init(&settings, NULL), SAMORDNING_OK);
    ck_assert_str_eq(settings.host, "127.0.0.1");
    ck_assert_str_eq(settings.port, "7117");
    ck_assert_str_eq(settings.server_name, "127.0.0.1");
    ck_assert_uint_eq(settings.batch, 1000);
    ck_assert_uint_eq(settings.in_flight, 4);
    ck_assert_uint_eq(settings.timeout_ms, 60000);
    ck_assert_ptr_null(settings.spool);
    settings_release(&settings);
    settings_release(&settings);

    write_conf("# fra driftsansvarlig\n\n  host = samordning.dep.no \r\nport=7118\nserver_name = daemon.dep.no");
    struct samordning_options options = {.bundle = directory, .batch = 5};
    ck_assert_int_eq(settings_init(&settings, &options), SAMORDNING_OK);
    ck_assert_str_eq(settings.bundle_error.text, "");
    ck_assert_str_eq(settings.host, "samordning.dep.no");
    ck_assert_str_eq(settings.port, "7118");
    ck_assert_str_eq(settings.server_name, "daemon.dep.no");
    ck_assert_ptr_nonnull(strstr(settings.certificate, "/client.crt"));
    ck_assert_ptr_nonnull(strstr(settings.key, "/client.key"));
    ck_assert_ptr_nonnull(strstr(settings.authority, "/ca.crt"));
    ck_assert_uint_eq(settings.batch, 5);
    settings_release(&settings);

    options.host = "127.0.0.2"; /* what the caller says wins, and names the server unless the bundle does */
    options.key = "/etc/other.key";
    ck_assert_int_eq(settings_init(&settings, &options), SAMORDNING_OK);
    ck_assert_str_eq(settings.host, "127.0.0.2");
    ck_assert_str_eq(settings.server_name, "daemon.dep.no");
    ck_assert_str_eq(settings.key, "/etc/other.key");
    settings_release(&settings);
    remove_conf();
}
END_TEST

static const char *const bad_conf[] = {"host=a\nprot=7117\n", "host=a\nnonsense\n"};

START_TEST(a_bad_line_is_named)
{
    write_conf(bad_conf[_i]);
    const struct samordning_options options = {.bundle = directory};
    struct settings settings;
    ck_assert_int_eq(settings_init(&settings, &options), SAMORDNING_OK);
    ck_assert_ptr_nonnull(strstr(settings.bundle_error.text, "client.conf:2: "));
    settings_release(&settings);
    remove_conf();
}
END_TEST

/* --------------------------------------------------------------------------------------------------------- back-off */

START_TEST(waits_grow_and_spread)
{
    int64_t sum_first = 0;
    int64_t sum_later = 0;
    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct backoff backoff = {.random = seed * UINT64_C(0x9E3779B97F4A7C15)};
        int64_t bound = BACKOFF_FIRST_MS;
        for (int attempt = 0; attempt < 30; attempt++) {
            int64_t wait_ms = backoff_next_ms(&backoff, 0);
            ck_assert(wait_ms >= 1 && wait_ms <= bound);
            sum_first += attempt == 0 ? wait_ms : 0;
            sum_later += attempt == 20 ? wait_ms : 0;
            bound = bound * 2 < BACKOFF_MAX_MS ? bound * 2 : BACKOFF_MAX_MS;
        }
    }
    /* The means of uniform waits, within a tenth. */
    ck_assert(sum_first / 500 > 40 && sum_first / 500 < 60);
    ck_assert(sum_later / 500 > 4500 && sum_later / 500 < 5500);
    struct backoff told = {0};
    for (int i = 0; i < 100; i++) {
        int64_t wait_ms = backoff_next_ms(&told, 20000);
        ck_assert(wait_ms >= 20000 && wait_ms <= 20000 + BACKOFF_MAX_MS / 4);
    }
}
END_TEST

/* ---------------------------------------------------------------------------------------------------------- batches */

static void fill(struct batch *batch, size_t count)
{
    Samordning__V1__Interaction interaction = SAMORDNING__V1__INTERACTION__INIT;
    char type[] = "meeting";
    char source_id[400] = "";
    interaction.type = type;
    interaction.source_id = source_id;
    for (size_t i = 0; i < count; i++) {
        snprintf(source_id, sizeof source_id, "%zu%*s", i, (int)(i % 300), ""); /* lengths of one and two bytes */
        interaction.time = (int64_t)i;
        ck_assert_int_eq(batch_add(batch, &interaction, protobuf_c_message_get_packed_size(&interaction.base), 1000 + i),
                         SAMORDNING_OK);
    }
}

static void seal(struct batch *batch)
{
    char file[] = "prøve.csv";
    Samordning__V1__SubmitRequest rest = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    rest.file = file;
    rest.intent = SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION;
    uint8_t tail[64];
    ck_assert_int_eq(batch_seal(batch, tail, protobuf_c_message_pack(&rest.base, tail)), SAMORDNING_OK);
}

/* The frame as the daemon reads it. */
static void check_frame(struct batch *batch, uint64_t id, size_t first, size_t count)
{
    size_t size = 0;
    const uint8_t *frame = batch_frame(batch, id, 60000, &size);
    struct frame_view view;
    ck_assert_int_eq(frame_next(frame, size, SIZE_MAX, &view), FRAME_COMPLETE);
    ck_assert_uint_eq(view.need, size);
    struct arena arena;
    arena_init(&arena, 64 << 20);
    enum status status = STATUS_OK;
    const Samordning__V1__Request *request = (const Samordning__V1__Request *)frame_unpack(
        &samordning__v1__request__descriptor, frame + view.header_size, view.body_size, &arena, &status);
    ck_assert_ptr_nonnull(request);
    ck_assert_uint_eq(request->id, id);
    ck_assert_uint_eq(request->deadline_ms, 60000);
    ck_assert_str_eq(request->submit->file, "prøve.csv");
    ck_assert_int_eq(request->submit->intent, SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION);
    ck_assert_uint_eq(request->submit->n_interactions, count);
    ck_assert_uint_eq(batch->count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(batch->tags[i], 1000 + first + i);
        ck_assert_int_eq(request->submit->interactions[i]->time, (int64_t)(first + i));
    }
    arena_release(&arena);
}

static const size_t batch_sizes[] = {1, 2, 3, 7, 1000};

START_TEST(batches_are_requests_and_can_be_cut)
{
    const size_t count = batch_sizes[_i];
    struct batch batch;
    struct batch other;
    struct batch loaded;
    ck_assert_int_eq(batch_init(&batch), SAMORDNING_OK);
    ck_assert_int_eq(batch_init(&other), SAMORDNING_OK);
    ck_assert_int_eq(batch_init(&loaded), SAMORDNING_OK);
    fill(&batch, count);
    seal(&batch);
    check_frame(&batch, 1, 0, count);
    check_frame(&batch, UINT64_MAX, 0, count); /* the longest envelope fits in front */
    ck_assert_int_eq(batch_load(&loaded, batch_body(&batch), batch_body_size(&batch), 1000), SAMORDNING_OK);
    check_frame(&loaded, 2, 0, count);
    if (count > 1) {
        ck_assert_int_eq(batch_split(&loaded, &other), SAMORDNING_OK);
        check_frame(&loaded, 3, 0, count / 2);
        check_frame(&other, 4, count / 2, count - count / 2);
    }
    ck_assert_int_eq(batch_load(&loaded, (const uint8_t *)"\x1A\x01x", 3, 0), SAMORDNING_E_SPOOL);
    batch_release(&batch);
    batch_release(&other);
    batch_release(&loaded);
}
END_TEST

/* -------------------------------------------------------------------------------------------------------- enrolment */

static void expect_entry(const X509_NAME *subject, int nid, const char *value)
{
    int at = X509_NAME_get_index_by_NID(subject, nid, -1);
    ck_assert_int_ge(at, 0);
    unsigned char *text = NULL;
    int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    ck_assert_int_eq(size, (int)strlen(value));
    ck_assert_mem_eq(text, value, (size_t)size);
    OPENSSL_free(text);
}

START_TEST(keys_and_requests)
{
    char *key_text = NULL;
    char *csr_text = NULL;
    ck_assert_int_eq(samordning_enrol_key("912660680", "Nærings- og fiskeridepartementet", &key_text, &csr_text),
                     SAMORDNING_OK);
    BIO *bio = BIO_new_mem_buf(csr_text, -1);
    X509_REQ *csr = PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL);
    BIO_free(bio);
    bio = BIO_new_mem_buf(key_text, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    ck_assert_ptr_nonnull(csr);
    ck_assert_ptr_nonnull(key);
    ck_assert_int_eq(X509_REQ_verify(csr, key), 1);
    ck_assert_int_eq(EVP_PKEY_get_bits(key), 256);
    expect_entry(X509_REQ_get_subject_name(csr), NID_organizationIdentifier, "NTRNO-912660680");
    expect_entry(X509_REQ_get_subject_name(csr), NID_commonName, "Nærings- og fiskeridepartementet");
    expect_entry(X509_REQ_get_subject_name(csr), NID_countryName, "NO");
    X509_REQ_free(csr);
    EVP_PKEY_free(key);
    free(key_text);
    free(csr_text);
    /* A long name is cut between characters. */
    ck_assert_int_eq(samordning_enrol_key(
                         "912660680", "Direktoratet for forvaltning, økonomistyring og samordning i offentlige øvrige saker",
                         &key_text, &csr_text),
                     SAMORDNING_OK);
    free(key_text);
    free(csr_text);
    const struct {
        const char *orgnr, *name;
    } wrong[] = {{"912660681", "x"}, {"", "x"}, {"912660680", ""}, {"912660680", "m\xF8te"}, {NULL, "x"}, {"912660680", NULL}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_int_eq(samordning_enrol_key(wrong[i].orgnr, wrong[i].name, &key_text, &csr_text), SAMORDNING_E_ARGUMENT);
}
END_TEST

START_TEST(every_error_has_words)
{
    for (int error = SAMORDNING_E_MEMORY; error < 17; error++)
        ck_assert_str_ne(samordning_error_text(error), "unknown error");
    ck_assert_str_eq(samordning_error_text(-99), "unknown error");
    ck_assert_str_eq(samordning_error_text(99), "unknown status");
    samordning_destroy(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lib");
    TCase *tc = tcase_create("lib");
    tcase_add_test(tc, bundles_and_defaults);
    tcase_add_loop_test(tc, a_bad_line_is_named, 0, 2);
    tcase_add_test(tc, waits_grow_and_spread);
    tcase_add_loop_test(tc, batches_are_requests_and_can_be_cut, 0, sizeof batch_sizes / sizeof batch_sizes[0]);
    tcase_add_test(tc, keys_and_requests);
    tcase_add_test(tc, every_error_has_words);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
