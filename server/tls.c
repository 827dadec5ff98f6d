/* SPDX-License-Identifier: GPL-3.0-or-later
 * Contexts, identities and errors of TLS.
 */
#include "tls.h"

#include "certificate.h"

#include <assert.h>
#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TLS_CHAIN_DEPTH 5
#define TLS_1_2_CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

static int refusal_index(void)
{
    static int index = -1;
    if (index < 0)
        index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    return index;
}

void tls_watch_refusal(SSL *ssl, struct tls_refusal *refusal)
{
    SSL_set_ex_data(ssl, refusal_index(), refusal);
}

/* Decides nothing: notes why OpenSSL refuses and whose certificate it was. */
static int tls_verify_cb(int accepted, X509_STORE_CTX *context)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_refusal *refusal = ssl != NULL ? SSL_get_ex_data(ssl, refusal_index()) : NULL;
    if (!accepted && refusal != NULL && refusal->reason[0] == '\0') {
        X509 *certificate = X509_STORE_CTX_get_current_cert(context);
        snprintf(refusal->reason, sizeof refusal->reason, "%s",
                 X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
        if (certificate != NULL)
            certificate_subject(certificate, refusal->subject, sizeof refusal->subject);
    }
    return accepted;
}

static enum status tls_failed(struct errmsg *errmsg, const char *key, const char *path, const char *what)
{
    char reason[160];
    certificate_why(reason, sizeof reason);
    errmsg_set(errmsg, key, "%s %s (%s)", path, what, reason);
    return STATUS_INVALID;
}

static enum status tls_readable(const char *path, const char *key, struct errmsg *errmsg)
{
    if (access(path, R_OK) == 0)
        return STATUS_OK;
    errmsg_set(errmsg, key, "could not read %s: %s%s", path, strerror(errno),
               errno == ENOENT ? " (samordningd init makes it)" : "");
    return STATUS_INVALID;
}

/* `prefix` is that of the keys the paths come from: "" or "web_". */
static enum status tls_load_pair(SSL_CTX *context, const char *prefix, const char *certificate, const char *key,
                                 int64_t *ret_expires_us, struct errmsg *errmsg)
{
    char certificate_name[32], key_name[32];
    enum status status;
    snprintf(certificate_name, sizeof certificate_name, "%scertificate", prefix);
    snprintf(key_name, sizeof key_name, "%skey", prefix);
    if ((status = tls_readable(certificate, certificate_name, errmsg)) != STATUS_OK ||
        (status = tls_readable(key, key_name, errmsg)) != STATUS_OK)
        return status;
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        return tls_failed(errmsg, certificate_name, certificate, "holds no usable certificate in PEM form");
    EVP_PKEY *private_key;
    status = certificate_read_key(key, &private_key, errmsg);
    if (status != STATUS_OK)
        return status;
    bool belongs = SSL_CTX_use_PrivateKey(context, private_key) == 1 && SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(private_key);
    if (!belongs)
        return tls_failed(errmsg, key_name, key, "does not belong to the certificate");
    *ret_expires_us = certificate_expires_us(SSL_CTX_get0_certificate(context));
    return STATUS_OK;
}

static enum status tls_load_own(SSL_CTX *context, const struct config *config, int64_t *ret_expires_us, struct errmsg *errmsg)
{
    char certificate[PATH_MAX], key[PATH_MAX];
    enum status status = config_path(config, config->certificate, "server.crt", certificate, sizeof certificate);
    if (status == STATUS_OK)
        status = config_path(config, config->key, "server.key", key, sizeof key);
    return status == STATUS_OK ? tls_load_pair(context, "", certificate, key, ret_expires_us, errmsg) : status;
}

static enum status tls_trust(SSL_CTX *context, const char *path, const char *key, struct errmsg *errmsg)
{
    enum status status = tls_readable(path, key, errmsg);
    if (status != STATUS_OK)
        return status;
    if (SSL_CTX_load_verify_file(context, path) != 1)
        return tls_failed(errmsg, key, path, "holds no authorities in PEM form");
    /* The names of the authorities are sent to clients, which choose a certificate by them. */
    STACK_OF(X509_NAME) *known = SSL_CTX_get_client_CA_list(context), *names = known != NULL ? SSL_dup_CA_list(known) : NULL;
    if (names == NULL)
        names = sk_X509_NAME_new_null();
    if (names == NULL || SSL_add_file_cert_subjects_to_stack(names, path) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return tls_failed(errmsg, key, path, "holds no authorities in PEM form");
    }
    SSL_CTX_set_client_CA_list(context, names);
    return STATUS_OK;
}

static enum status tls_load_authorities(SSL_CTX *context, const struct config *config, struct errmsg *errmsg)
{
    char path[PATH_MAX];
    enum status status = config_path(config, config->authority, "authority/ca.crt", path, sizeof path);
    /* An installation may live by an outside CA alone. */
    if (status == STATUS_OK && (config->client_authority[0] == '\0' || access(path, F_OK) == 0))
        status = tls_trust(context, path, "authority", errmsg);
    if (status == STATUS_OK && config->client_authority[0] != '\0') {
        status = config_path(config, config->client_authority, "", path, sizeof path);
        if (status == STATUS_OK)
            status = tls_trust(context, path, "client_authority", errmsg);
    }
    return status;
}

/* What both ports have in common. NULL: out of memory. */
static SSL_CTX *tls_context(const struct config *config)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL)
        return NULL;
    SSL_CTX_set_min_proto_version(context, config->tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
    SSL_CTX_set_cipher_list(context, TLS_1_2_CIPHERS);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); /* idle connections keep no record buffers */
    return context;
}

/* Browsers offer h2 as well; this is HTTP/1.1. */
static int tls_alpn_cb(SSL *ssl, const unsigned char **ret_chosen, unsigned char *ret_size, const unsigned char *offered,
                       unsigned offered_size, void *arg)
{
    static const unsigned char known[] = "\x08http/1.1";
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, ret_size, known, sizeof known - 1, offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *ret_chosen = chosen;
    return SSL_TLSEXT_ERR_OK;
}

enum status tls_public_context_create(const struct config *config, SSL_CTX **ret_context, struct errmsg *ret_errmsg)
{
    static const unsigned char session_context[] = "samordningd-web";
    char certificate[PATH_MAX], key[PATH_MAX];
    int64_t expires_us;
    SSL_CTX *context = tls_context(config);
    if (context == NULL)
        return STATUS_NO_MEMORY;
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); /* resumption by tickets, which cost no memory here */
    SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1);
    SSL_CTX_set_alpn_select_cb(context, tls_alpn_cb, NULL);
    enum status status;
    if (config->web_certificate[0] == '\0') {
        status = tls_load_own(context, config, &expires_us, ret_errmsg);
    } else {
        status = config_path(config, config->web_certificate, "", certificate, sizeof certificate);
        if (status == STATUS_OK)
            status = config_path(config, config->web_key, "server.key", key, sizeof key);
        if (status == STATUS_OK)
            status = tls_load_pair(context, "web_", certificate, key, &expires_us, ret_errmsg);
    }
    ERR_clear_error();
    if (status != STATUS_OK) {
        SSL_CTX_free(context);
        return status;
    }
    *ret_context = context;
    return STATUS_OK;
}

enum status tls_context_create(const struct config *config, SSL_CTX **ret_context, int64_t *ret_expires_us,
                               struct errmsg *ret_errmsg)
{
    static const unsigned char session_context[] = "samordningd";
    SSL_CTX *context = tls_context(config);
    if (context == NULL)
        return STATUS_NO_MEMORY;
    /* Sessions are not resumed, so nothing of them is kept or sent. */
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, tls_verify_cb);
    SSL_CTX_set_verify_depth(context, TLS_CHAIN_DEPTH);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    int64_t expires_us = 0;
    enum status status = tls_load_own(context, config, &expires_us, ret_errmsg);
    if (status == STATUS_OK)
        status = tls_load_authorities(context, config, ret_errmsg);
    ERR_clear_error();
    if (status != STATUS_OK) {
        SSL_CTX_free(context);
        return status;
    }
    *ret_context = context;
    *ret_expires_us = expires_us;
    return STATUS_OK;
}

enum status tls_identity(SSL *ssl, struct conn_identity *ret_identity)
{
    X509 *certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == NULL || SSL_get_verify_result(ssl) != X509_V_OK)
        return STATUS_UNAUTHENTICATED;
    if (!certificate_orgnr(certificate, ret_identity->orgnr))
        ret_identity->orgnr[0] = '\0';
    certificate_fingerprint(certificate, ret_identity->fingerprint);
    certificate_subject(certificate, ret_identity->subject, sizeof ret_identity->subject);
    return STATUS_OK;
}

void tls_close_notify(struct bufferevent *bev)
{
    SSL *ssl = bufferevent_openssl_get_ssl(bev);
    if (ssl != NULL) {
        SSL_shutdown(ssl);
        ERR_clear_error();
    }
}

/* A bufferevent would write in the next turn of the loop, after telling the kernel that it wants to and before telling it that
 * it no longer does: three calls more for each answer. A write that would block is repeated by the bufferevent. */
bool tls_write_now(struct bufferevent *bev, const uint8_t *data, size_t size)
{
    SSL *ssl = bufferevent_openssl_get_ssl(bev);
    assert(size > 0 && size <= TLS_RECORD_MAX);
    if (ssl == NULL || !SSL_is_init_finished(ssl) || SSL_want(ssl) == SSL_WRITING)
        return false;
    ERR_clear_error();
    int written = SSL_write(ssl, data, (int)size);
    ERR_clear_error();
    return written > 0;
}

const char *tls_version(struct bufferevent *bev)
{
    SSL *ssl = bufferevent_openssl_get_ssl(bev);
    return ssl != NULL ? SSL_get_version(ssl) : NULL;
}

void tls_describe_error(struct bufferevent *bev, short what, char *ret_text, size_t size)
{
    unsigned long code, first = 0;
    int socket_error = EVUTIL_SOCKET_ERROR();
    while ((code = bufferevent_get_openssl_error(bev)) != 0)
        first = first != 0 ? first : code;
    if (what & BEV_EVENT_TIMEOUT)
        snprintf(ret_text, size, "time-out");
    else if (first != 0 && ERR_reason_error_string(first) != NULL)
        snprintf(ret_text, size, "%s", ERR_reason_error_string(first));
    else if (what & BEV_EVENT_EOF)
        snprintf(ret_text, size, "closed by the peer");
    else
        snprintf(ret_text, size, "%s", socket_error != 0 ? evutil_socket_error_to_string(socket_error) : "connection lost");
}
