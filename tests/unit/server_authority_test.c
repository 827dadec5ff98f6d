/* SPDX-License-Identifier: GPL-3.0-or-later
 * The private CA, signing requests good and bad, files that are never overwritten.
 */
#include "authority.h"
#include "key_file.h"

#include <check.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct authority *authority;

static void set_up(void)
{
    struct errmsg errmsg = {0};
    ck_assert_int_eq(authority_create("prøve", &authority, &errmsg), STATUS_OK);
}

static void tear_down(void)
{
    authority_destroy(authority);
}

/* A request whose subject wishes for something else than it will get. */
static char *make_request(EVP_PKEY *key, EVP_PKEY *signing_key)
{
    X509_REQ *request = X509_REQ_new();
    X509_NAME *name = X509_REQ_get_subject_name(request);
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)"Somebody else", -1, -1, 0);
    X509_NAME_add_entry_by_NID(name, NID_organizationIdentifier, MBSTRING_UTF8, (const unsigned char *)"NTRNO-972417807", -1,
                               -1, 0);
    X509_REQ_set_pubkey(request, key);
    X509_REQ_sign(request, signing_key, EVP_sha256());
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509_REQ(bio, request);
    char *data, *text;
    long size = BIO_get_mem_data(bio, &data);
    text = strndup(data, (size_t)size);
    BIO_free(bio);
    X509_REQ_free(request);
    return text;
}

static X509 *parse(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return certificate;
}

START_TEST(subject_is_forced)
{
    EVP_PKEY *key;
    struct errmsg errmsg = {0};
    struct authority_issue issue;
    char orgnr[10], subject[300], fingerprint[CERTIFICATE_FINGERPRINT_SIZE];
    ck_assert_int_eq(certificate_make_key(&key), STATUS_OK);
    char *csr = make_request(key, key);
    ck_assert_int_eq(authority_sign_request(authority, (const uint8_t *)csr, strlen(csr), "991825827",
                                            "Digitaliseringsdirektoratet, \"æøå\" = +", 30, &issue, &errmsg),
                     STATUS_OK);
    X509 *certificate = parse(issue.pem);
    ck_assert(certificate_orgnr(certificate, orgnr));
    ck_assert_str_eq(orgnr, "991825827");
    certificate_subject(certificate, subject, sizeof subject);
    ck_assert_ptr_null(strstr(subject, "Somebody"));
    ck_assert_ptr_nonnull(strstr(subject, "æøå"));
    certificate_fingerprint(certificate, fingerprint);
    ck_assert_str_eq(fingerprint, issue.fingerprint);
    ck_assert_int_eq(certificate_expires_us(certificate), issue.expires_us);
    ck_assert(X509_get_extended_key_usage(certificate) == XKU_SSL_CLIENT);
    X509 *root = parse(authority_pem(authority));
    ck_assert_int_eq(X509_verify(certificate, X509_get0_pubkey(root)), 1);
    ck_assert_int_eq(X509_check_ca(root), 1);
    ck_assert_int_eq(X509_check_ca(certificate), 0);
    X509_free(root);
    X509_free(certificate);
    authority_issue_release(&issue);
    EVP_PKEY_free(key);
    free(csr);
}
END_TEST

START_TEST(bad_requests_are_refused)
{
    EVP_PKEY *key, *other, *weak = EVP_RSA_gen(1024);
    struct errmsg errmsg = {0};
    struct authority_issue issue;
    ck_assert_int_eq(certificate_make_key(&key), STATUS_OK);
    ck_assert_int_eq(certificate_make_key(&other), STATUS_OK);
    char *texts[] = {make_request(key, other), make_request(weak, weak), strdup("tull"), calloc(1, AUTHORITY_CSR_MAX + 2)};
    const char *words[] = {"its signature is wrong", "the key must be EC", "not a certificate signing request", "larger than"};
    memset(texts[3], 'x', AUTHORITY_CSR_MAX + 1);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(authority_sign_request(authority, (const uint8_t *)texts[i], strlen(texts[i]), "991825827", "x", 30,
                                                &issue, &errmsg),
                         STATUS_INVALID);
        ck_assert_str_eq(errmsg.field, "csr");
        ck_assert_msg(strncmp(errmsg.text, words[i], strlen(words[i])) == 0, "%s", errmsg.text);
        free(texts[i]);
    }
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    EVP_PKEY_free(weak);
}
END_TEST

START_TEST(long_names_are_cut_between_letters)
{
    EVP_PKEY *key;
    struct errmsg errmsg = {0};
    struct authority_issue issue;
    char name[201] = "", found[300];
    for (size_t i = 0; i < 100; i++)
        memcpy(name + 2 * i, "å", 3);
    struct certificate_wish wish = {.kind = CERTIFICATE_CLIENT, .name = name, .orgnr = "991825827", .days = 30};
    ck_assert_int_eq(certificate_make_key(&key), STATUS_OK);
    ck_assert_msg(authority_sign(authority, &wish, key, &issue, &errmsg) == STATUS_OK, "%s", errmsg.text);
    X509 *certificate = parse(issue.pem);
    ck_assert_int_gt(X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_organizationName, found, sizeof found),
                     0);
    ck_assert_uint_eq(strlen(found), (size_t)2 * CERTIFICATE_NAME_MAX);
    X509_free(certificate);
    authority_issue_release(&issue);
    EVP_PKEY_free(key);
}
END_TEST

START_TEST(server_names_and_addresses)
{
    EVP_PKEY *key;
    struct errmsg errmsg = {0};
    struct authority_issue issue;
    struct certificate_wish wish = {
        .kind = CERTIFICATE_SERVER, .name = "samordningd", .hosts = "localhost,127.0.0.1, ::1,,samordning.dep.no", .days = 30};
    ck_assert_int_eq(certificate_make_key(&key), STATUS_OK);
    ck_assert_msg(authority_sign(authority, &wish, key, &issue, &errmsg) == STATUS_OK, "%s", errmsg.text);
    X509 *certificate = parse(issue.pem);
    ck_assert_int_eq(X509_check_host(certificate, "localhost", 0, 0, NULL), 1);
    ck_assert_int_eq(X509_check_host(certificate, "samordning.dep.no", 0, 0, NULL), 1);
    ck_assert_int_eq(X509_check_host(certificate, "annet.dep.no", 0, 0, NULL), 0);
    ck_assert_int_eq(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
    ck_assert_int_eq(X509_check_ip_asc(certificate, "::1", 0), 1);
    ck_assert_int_eq(X509_check_ip_asc(certificate, "127.0.0.2", 0), 0);
    X509_free(certificate);
    authority_issue_release(&issue);
    EVP_PKEY_free(key);
}
END_TEST

START_TEST(files_are_private_and_not_overwritten)
{
    char directory[] = "/tmp/samordning-key-XXXXXX", path[100], below[100], beside[110];
    struct errmsg errmsg = {0};
    struct stat status;
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(below, sizeof below, "%s/a/b", directory);
    snprintf(path, sizeof path, "%s/a/b/ca.key", directory);
    snprintf(beside, sizeof beside, "%s.new", path);
    ck_assert_int_eq(key_directory_make(below, 0700, &errmsg), STATUS_OK);
    ck_assert_int_eq(key_directory_make(below, 0700, &errmsg), STATUS_OK);
    ck_assert_int_eq(key_file_write(path, "first", 0600, false, &errmsg), STATUS_OK);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    ck_assert_int_eq(key_file_write(path, "second", 0600, false, &errmsg), STATUS_CONFLICT);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "not overwritten"));
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_size, 5);
    ck_assert_int_eq(key_file_write(path, "replaced", 0600, true, &errmsg), STATUS_OK);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_size, 8);
    ck_assert_int_ne(access(beside, F_OK), 0);
    ck_assert_int_eq(key_file_write("/proc/finnes/ikke", "x", 0600, false, &errmsg), STATUS_UNAVAILABLE);
    ck_assert_ptr_nonnull(strstr(errmsg.text, "/proc/finnes/ikke"));
    unlink(path);
    rmdir(below);
    snprintf(below, sizeof below, "%s/a", directory);
    rmdir(below);
    rmdir(directory);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("authority");
    TCase *tests = tcase_create("authority");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, subject_is_forced);
    tcase_add_test(tests, bad_requests_are_refused);
    tcase_add_test(tests, long_names_are_cut_between_letters);
    tcase_add_test(tests, server_names_and_addresses);
    tcase_add_test(tests, files_are_private_and_not_overwritten);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
