/* SPDX-License-Identifier: GPL-3.0-or-later
 * One TLS connection to the daemon: addresses, connect, handshake, bytes. */
#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t connection_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What happened; 0 = nothing in time. */
static short wait_for(int fd, short events, int64_t until_ms)
{
    int64_t left = until_ms > 0 ? until_ms - connection_clock_ms() : 0;
    if (left < 0)
        left = 0;
    struct pollfd pollfd = {.fd = fd, .events = events};
    return poll(&pollfd, 1, left > INT_MAX ? INT_MAX : (int)left) > 0 ? pollfd.revents : 0;
}

/* -------------------------------------------------------------------------------------------------- TLS errors */

/* The innermost reason OpenSSL has, and nothing older. */
static const char *tls_reason(void)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
    return reason != NULL ? reason : "unknown reason";
}

static int no_passphrase_cb(char *buffer, int size, int is_writing, void *arg)
{
    (void)buffer;
    (void)size;
    (void)is_writing;
    (void)arg;
    return -1; /* never ask on a terminal */
}

static int load_files(SSL_CTX *context, const struct settings *s, struct errmsg *errmsg)
{
    SSL_CTX_set_default_passwd_cb(context, no_passphrase_cb);
    if (s->certificate != NULL && SSL_CTX_use_certificate_chain_file(context, s->certificate) != 1) {
        errmsg_set(errmsg, "", "cannot use the certificate %s: %s", s->certificate, tls_reason());
        return SAMORDNING_E_TLS;
    }
    if (s->key != NULL && SSL_CTX_use_PrivateKey_file(context, s->key, SSL_FILETYPE_PEM) != 1) {
        errmsg_set(errmsg, "", "cannot use the private key %s: %s", s->key, tls_reason());
        return SAMORDNING_E_TLS;
    }
    if (s->certificate != NULL && SSL_CTX_check_private_key(context) != 1) {
        errmsg_set(errmsg, "", "the private key %s does not belong to the certificate %s", s->key != NULL ? s->key : "(none)",
                   s->certificate);
        return SAMORDNING_E_TLS;
    }
    int loaded = s->authority != NULL ? SSL_CTX_load_verify_locations(context, s->authority, NULL)
                                      : SSL_CTX_set_default_verify_paths(context);
    if (loaded != 1) {
        errmsg_set(errmsg, "", "cannot use the authority %s: %s", s->authority != NULL ? s->authority : "of the system",
                   tls_reason());
        return SAMORDNING_E_TLS;
    }
    return SAMORDNING_OK;
}

static bool is_address(const char *name)
{
    unsigned char bytes[16];
    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

static bool expect_name(SSL *ssl, const char *name)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    if (is_address(name))
        return X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(param, name, 0) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

/* Certificates are read anew each time, so that renewed ones are used at the next connection. */
static int make_ssl(struct connection *c, const struct settings *s, struct errmsg *errmsg)
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL)
        return SAMORDNING_E_MEMORY;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, CONNECTION_READ_AHEAD);
    int result = load_files(context, s, errmsg);
    if (result == SAMORDNING_OK) {
        c->ssl = SSL_new(context);
        BIO *bio = c->ssl != NULL ? tls_socket_create(&c->socket) : NULL;
        if (bio == NULL) {
            result = SAMORDNING_E_MEMORY;
        } else {
            SSL_set_bio(c->ssl, bio, bio);
            if (!expect_name(c->ssl, s->server_name))
                result = SAMORDNING_E_MEMORY;
        }
    }
    SSL_CTX_free(context); /* the SSL keeps it alive */
    return result;
}

static int describe_handshake(const struct connection *c, const struct settings *s, struct errmsg *errmsg)
{
    long verified = SSL_get_verify_result(c->ssl);
    if (verified != X509_V_OK) {
        errmsg_set(errmsg, "", "%s port %s is not trusted as %s: %s", s->host, s->port, s->server_name,
                   X509_verify_cert_error_string(verified));
        return SAMORDNING_E_TLS;
    }
    if (ERR_peek_last_error() != 0) {
        errmsg_set(errmsg, "", "TLS with %s port %s failed: %s", s->host, s->port, tls_reason());
        return SAMORDNING_E_TLS;
    }
    errmsg_set(errmsg, "", "%s port %s closed the connection during the handshake", s->host, s->port);
    return SAMORDNING_E_CONNECT;
}

static int handshake(struct connection *c, const struct settings *s, int64_t until_ms, struct errmsg *errmsg)
{
    for (;;) {
        ERR_clear_error();
        int done = SSL_connect(c->ssl);
        if (done == 1)
            return SAMORDNING_OK;
        int reason = SSL_get_error(c->ssl, done);
        if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
            return describe_handshake(c, s, errmsg);
        if (wait_for(c->socket.fd, reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until_ms) == 0 &&
            connection_clock_ms() >= until_ms) {
            errmsg_set(errmsg, "", "%s port %s did not finish the TLS handshake in time", s->host, s->port);
            return SAMORDNING_E_CONNECT;
        }
        c->socket.is_empty = false;
    }
}

/* ------------------------------------------------------------------------------------------------------ sockets */

static int try_address(const struct addrinfo *address, int64_t until_ms)
{
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return -1;
    int error = 0;
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        error = errno;
        if (error == EINPROGRESS) {
            socklen_t size = sizeof error;
            if (wait_for(fd, POLLOUT, until_ms) == 0)
                error = ETIMEDOUT;
            else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
                error = errno;
        }
    }
    if (error != 0) {
        close(fd);
        errno = error;
        return -1;
    }
    const struct {
        int level, name, value;
    } wishes[] = {{IPPROTO_TCP, TCP_NODELAY, 1},
                  {SOL_SOCKET, SO_KEEPALIVE, 1},
                  {IPPROTO_TCP, TCP_KEEPIDLE, CONNECTION_KEEP_IDLE_S},
                  {IPPROTO_TCP, TCP_KEEPINTVL, CONNECTION_KEEP_INTERVAL_S},
                  {IPPROTO_TCP, TCP_KEEPCNT, CONNECTION_KEEP_COUNT}};
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++)
        (void)setsockopt(fd, wishes[i].level, wishes[i].name, &wishes[i].value, sizeof wishes[i].value);
    return fd;
}

static int reach(struct connection *c, const struct settings *s, int64_t until_ms, struct errmsg *errmsg)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *addresses = NULL;
    int problem = getaddrinfo(s->host, s->port, &hints, &addresses);
    if (problem != 0) {
        errmsg_set(errmsg, "", "cannot find %s port %s: %s", s->host, s->port,
                   problem == EAI_SYSTEM ? strerror(errno) : gai_strerror(problem));
        return problem == EAI_SERVICE ? SAMORDNING_E_ARGUMENT : SAMORDNING_E_CONNECT;
    }
    c->socket = (struct tls_socket){.fd = -1};
    for (const struct addrinfo *a = addresses; a != NULL && c->socket.fd < 0; a = a->ai_next)
        c->socket.fd = try_address(a, until_ms);
    int error = errno;
    freeaddrinfo(addresses);
    if (c->socket.fd < 0) {
        errmsg_set(errmsg, "", "cannot reach %s port %s: %s", s->host, s->port, strerror(error));
        return SAMORDNING_E_CONNECT;
    }
    return SAMORDNING_OK;
}

int connection_open(struct connection *connection, const struct settings *settings, struct errmsg *ret_errmsg)
{
    *connection = (struct connection){.socket = {.fd = -1}};
    int64_t limit = settings->timeout_ms < CONNECTION_OPEN_MAX_MS ? settings->timeout_ms : CONNECTION_OPEN_MAX_MS;
    int64_t until_ms = connection_clock_ms() + limit;
    int result = reach(connection, settings, until_ms, ret_errmsg);
    if (result == SAMORDNING_OK)
        result = make_ssl(connection, settings, ret_errmsg);
    if (result == SAMORDNING_E_MEMORY)
        errmsg_set(ret_errmsg, "", "out of memory");
    if (result == SAMORDNING_OK)
        result = handshake(connection, settings, until_ms, ret_errmsg);
    if (result != SAMORDNING_OK) {
        SSL_free(connection->ssl);
        connection->ssl = NULL;
        if (connection->socket.fd >= 0)
            close(connection->socket.fd);
        connection->socket.fd = -1;
    }
    return result;
}

void connection_close(struct connection *connection)
{
    if (connection->ssl == NULL)
        return;
    ERR_clear_error();
    (void)SSL_shutdown(connection->ssl); /* says goodbye if the socket takes it, and does not wait for an answer */
    ERR_clear_error();
    SSL_free(connection->ssl);
    close(connection->socket.fd);
    *connection = (struct connection){.socket = {.fd = -1}};
}

/* Alerts of the other side tell that it refused our certificate: in TLS 1.3 that comes after the handshake. */
static ssize_t describe_loss(int reason, int system_error, int *ret_error, struct errmsg *errmsg)
{
    *ret_error = SAMORDNING_E_CONNECT;
    if (reason == SSL_ERROR_ZERO_RETURN)
        errmsg_set(errmsg, "", "the daemon closed the connection");
    else if (reason == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        errmsg_set(errmsg, "", "the connection was cut");
    else if (reason == SSL_ERROR_SSL) {
        *ret_error = SAMORDNING_E_TLS;
        errmsg_set(errmsg, "", "the daemon ended TLS: %s", tls_reason());
    } else
        errmsg_set(errmsg, "", "the connection was lost: %s", system_error != 0 ? strerror(system_error) : "end of stream");
    ERR_clear_error();
    return -1;
}

ssize_t connection_read(struct connection *c, void *data, size_t size, int *ret_error, struct errmsg *ret_errmsg)
{
    ERR_clear_error();
    errno = 0;
    int count = SSL_read(c->ssl, data, size > INT_MAX ? INT_MAX : (int)size);
    int system_error = errno;
    c->read_wants_write = false;
    c->may_have_more = count > 0;
    if (count > 0)
        return count;
    int reason = SSL_get_error(c->ssl, count);
    c->read_wants_write = reason == SSL_ERROR_WANT_WRITE;
    if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE)
        return 0;
    return describe_loss(reason, system_error, ret_error, ret_errmsg);
}

ssize_t connection_write(struct connection *c, const void *data, size_t size, int *ret_error, struct errmsg *ret_errmsg)
{
    ERR_clear_error();
    errno = 0;
    int count = SSL_write(c->ssl, data, size > INT_MAX ? INT_MAX : (int)size);
    int system_error = errno;
    c->write_wants_read = false;
    if (count > 0)
        return count;
    int reason = SSL_get_error(c->ssl, count);
    c->write_wants_read = reason == SSL_ERROR_WANT_READ;
    if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE)
        return 0;
    return describe_loss(reason, system_error, ret_error, ret_errmsg);
}

bool connection_wait(struct connection *c, bool wants_write, int64_t until_ms)
{
    if (c->may_have_more)
        return true;
    short events = POLLIN;
    if ((wants_write && !c->write_wants_read) || c->read_wants_write)
        events |= POLLOUT;
    short happened = wait_for(c->socket.fd, events, until_ms);
    if (happened & ~POLLOUT)
        c->socket.is_empty = false;
    return (happened & ~POLLOUT) != 0 || (happened != 0 && c->read_wants_write);
}
