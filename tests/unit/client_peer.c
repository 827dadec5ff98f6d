/* SPDX-License-Identifier: GPL-3.0-or-later
 * The other end of a TLS connection for tests of libsamordning. */
#include "client_peer.h"

#include "frame.h"

#include <arpa/inet.h>
#include <check.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ------------------------------------------------------------------------------------------------------------- keys */

struct identity {
    EVP_PKEY *key;
    X509 *certificate;
};

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ck_assert_ptr_nonnull(extension);
    ck_assert_int_eq(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static struct identity make_identity(const char *name, const struct identity *issuer, long valid_s)
{
    static long serial = 1;
    struct identity made = {EVP_EC_gen("P-256"), X509_new()};
    X509 *x = made.certificate;
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), -86400L * 2);
    X509_gmtime_adj(X509_getm_notAfter(x), valid_s);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(issuer != NULL ? issuer->certificate : x));
    X509_set_pubkey(x, made.key);
    X509 *signer = issuer != NULL ? issuer->certificate : x;
    add_extension(x, signer, NID_basic_constraints, issuer != NULL ? "critical,CA:FALSE" : "critical,CA:TRUE");
    add_extension(x, signer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    ck_assert_int_gt(X509_sign(x, issuer != NULL ? issuer->key : made.key, EVP_sha256()), 0);
    return made;
}

static FILE *open_in(const struct peer *peer, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", peer->directory, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    return file;
}

static void write_identity(const struct peer *peer, const struct identity *identity, const char *certificate, const char *key)
{
    FILE *file = open_in(peer, certificate);
    PEM_write_X509(file, identity->certificate);
    fclose(file);
    if (key != NULL) {
        file = open_in(peer, key);
        PEM_write_PrivateKey(file, identity->key, NULL, NULL, 0, NULL, NULL);
        fclose(file);
    }
}

static void free_identity(struct identity *identity)
{
    EVP_PKEY_free(identity->key);
    X509_free(identity->certificate);
}

void peer_spoil_client(struct peer *peer, bool is_foreign)
{
    struct identity authority = make_identity("other authority", NULL, 86400);
    struct identity client = make_identity("client", is_foreign ? &authority : NULL, is_foreign ? 86400 : -86400);
    write_identity(peer, &client, "client.crt", "client.key");
    free_identity(&client);
    free_identity(&authority);
}

static void make_keys(struct peer *peer)
{
    struct identity authority = make_identity("authority", NULL, 86400);
    struct identity server = make_identity("localhost", &authority, 86400);
    struct identity client = make_identity("client", &authority, 86400);
    write_identity(peer, &authority, "ca.crt", NULL);
    write_identity(peer, &server, "server.crt", "server.key");
    write_identity(peer, &client, "client.crt", "client.key");
    peer->context = SSL_CTX_new(TLS_server_method());
    ck_assert_int_eq(SSL_CTX_use_certificate(peer->context, server.certificate), 1);
    ck_assert_int_eq(SSL_CTX_use_PrivateKey(peer->context, server.key), 1);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(peer->context), authority.certificate);
    SSL_CTX_set_verify(peer->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    free_identity(&authority);
    free_identity(&server);
    free_identity(&client);
    FILE *file = open_in(peer, "client.conf");
    fprintf(file, "# bundle of the test\nhost = 127.0.0.1\nport = %s\n", peer->port);
    fclose(file);
}

/* ----------------------------------------------------------------------------------------------------------- storing */

/* The tests put the interaction's number into source_id. Open addressing; 0 marks a free slot. */
static bool store(struct peer *peer, uint64_t number)
{
    size_t slot = (number * UINT64_C(0x9E3779B97F4A7C15)) % PEER_STORED_MAX;
    while (peer->numbers[slot] != 0) {
        if (peer->numbers[slot] == number + 1)
            return false;
        slot = (slot + 1) % PEER_STORED_MAX;
    }
    peer->numbers[slot] = number + 1;
    peer->stored++;
    return true;
}

bool peer_has(const struct peer *peer, uint64_t number)
{
    size_t slot = (number * UINT64_C(0x9E3779B97F4A7C15)) % PEER_STORED_MAX;
    while (peer->numbers[slot] != 0) {
        if (peer->numbers[slot] == number + 1)
            return true;
        slot = (slot + 1) % PEER_STORED_MAX;
    }
    return false;
}

/* --------------------------------------------------------------------------------------------------------- answering */

static bool send_response(SSL *ssl, const Samordning__V1__Response *response, size_t at_most)
{
    uint8_t *data = NULL;
    size_t size = 0;
    ck_assert_int_eq(frame_pack(&response->base, &data, &size), STATUS_OK);
    bool sent = SSL_write(ssl, data, (int)(size < at_most ? size : at_most)) > 0;
    free(data);
    return sent;
}

static bool answer_submit(struct peer *peer, SSL *ssl, const Samordning__V1__Request *request, enum peer_action action)
{
    const Samordning__V1__SubmitRequest *submit = request->submit;
    Samordning__V1__Receipt *receipts = calloc(submit->n_interactions + 1, sizeof *receipts);
    Samordning__V1__Receipt **pointers = calloc(submit->n_interactions + 1, sizeof(void *));
    pthread_mutex_lock(&peer->lock);
    if (submit->n_interactions > peer->largest_batch)
        peer->largest_batch = (unsigned)submit->n_interactions;
    peer->corrections += submit->intent == SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION;
    peer->arrived += submit->n_interactions;
    for (size_t i = 0; i < submit->n_interactions; i++) {
        samordning__v1__receipt__init(&receipts[i]);
        receipts[i].state = store(peer, strtoull(submit->interactions[i]->source_id, NULL, 10))
                                ? SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED
                                : SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED;
        pointers[i] = &receipts[i];
    }
    pthread_mutex_unlock(&peer->lock);
    Samordning__V1__SubmitResponse body = SAMORDNING__V1__SUBMIT_RESPONSE__INIT;
    body.receipts = pointers;
    body.n_receipts = submit->n_interactions - (action == PEER_FEW_RECEIPTS);
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.id = request->id + (action == PEER_STRANGE_ID ? 1000000 : 0);
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_SUBMIT;
    response.submit = &body;
    bool goes_on = action != PEER_STORE_AND_CLOSE && send_response(ssl, &response, action == PEER_CUT ? 7 : SIZE_MAX);
    free(receipts);
    free(pointers);
    return goes_on && action != PEER_CUT;
}

static bool answer_other(struct peer *peer, SSL *ssl, const Samordning__V1__Request *request)
{
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.id = request->id;
    if (request->body_case == SAMORDNING__V1__REQUEST__BODY_ANALYSIS) {
        Samordning__V1__Progress progress = SAMORDNING__V1__PROGRESS__INIT;
        Samordning__V1__AnalysisResponse analysis = SAMORDNING__V1__ANALYSIS_RESPONSE__INIT;
        char phase[] = "counting";
        progress.phase = phase;
        response.body_case = SAMORDNING__V1__RESPONSE__BODY_ANALYSIS;
        response.analysis = &analysis;
        analysis.progress = &progress;
        response.more = true;
        for (unsigned i = 0; i < peer->progress; i++) {
            progress.permille = i;
            if (!send_response(ssl, &response, SIZE_MAX))
                return false;
        }
        /* A large answer takes many reads. */
        static uint8_t document[3 << 20];
        memset(document, 'x', sizeof document);
        analysis.progress = NULL;
        analysis.document.data = document;
        analysis.document.len = sizeof document;
        response.more = false;
        return send_response(ssl, &response, SIZE_MAX);
    }
    Samordning__V1__StatusResponse server = SAMORDNING__V1__STATUS_RESPONSE__INIT;
    server.interactions = peer->stored;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_SERVER;
    response.server = &server;
    return send_response(ssl, &response, SIZE_MAX);
}

static bool answer_hello(struct peer *peer, SSL *ssl, const Samordning__V1__Request *request)
{
    static char organisation[] = "972417920";
    static char operator_name[] = "Digitaliseringsdirektoratet";
    static char refused[] = "this organisation may not submit";
    Samordning__V1__HelloResponse hello = SAMORDNING__V1__HELLO_RESPONSE__INIT;
    hello.protocol = 1;
    hello.organisation = organisation;
    hello.operator_name = operator_name;
    hello.max_frame_bytes = peer->max_frame_bytes;
    hello.max_batch = peer->max_batch;
    hello.max_in_flight = peer->max_in_flight;
    snprintf(peer->software, sizeof peer->software, "%s", request->hello->software);
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.id = request->id;
    response.status = (Samordning__V1__StatusCode)peer->hello_status;
    if (peer->hello_status == STATUS_OK) {
        response.body_case = SAMORDNING__V1__RESPONSE__BODY_HELLO;
        response.hello = &hello;
    } else {
        response.message = refused;
    }
    return send_response(ssl, &response, SIZE_MAX) && peer->hello_status == STATUS_OK;
}

static bool answer(struct peer *peer, SSL *ssl, const Samordning__V1__Request *request)
{
    if (request->body_case == SAMORDNING__V1__REQUEST__BODY_HELLO)
        return answer_hello(peer, ssl, request);
    pthread_mutex_lock(&peer->lock);
    unsigned number = peer->requests++;
    pthread_mutex_unlock(&peer->lock);
    enum peer_action action = peer->script != NULL ? peer->script(peer, number, request) : PEER_ANSWER;
    if (action == PEER_CLOSE)
        return false;
    if (action == PEER_SILENCE)
        return true;
    if (action == PEER_NONSENSE)
        return SSL_write(ssl, "\x80\x80\x80\x80\x80\x80", 6) > 0;
    if (action == PEER_REFUSE) {
        char message[] = "not now";
        Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
        response.id = request->id;
        response.status = (Samordning__V1__StatusCode)peer->status;
        response.message = message;
        response.retry_after_ms = peer->retry_after_ms;
        return send_response(ssl, &response, SIZE_MAX);
    }
    return request->body_case == SAMORDNING__V1__REQUEST__BODY_SUBMIT ? answer_submit(peer, ssl, request, action)
                                                                      : answer_other(peer, ssl, request);
}

static bool read_all(SSL *ssl, uint8_t *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        int count = SSL_read(ssl, data + done, (int)(size - done));
        if (count <= 0)
            return false;
        done += (size_t)count;
    }
    return true;
}

static bool serve_one(struct peer *peer, SSL *ssl)
{
    peer->in_company += SSL_pending(ssl) > 0;
    uint8_t header[FRAME_HEADER_MAX];
    struct frame_view view = {0};
    size_t used = 0;
    do {
        if (used == sizeof header || !read_all(ssl, header + used, 1))
            return false;
        used++;
        enum frame_state state = frame_next(header, used, 64 << 20, &view);
        ck_assert(state == FRAME_INCOMPLETE || state == FRAME_COMPLETE);
    } while (view.need == 0);
    size_t size = view.need - used;
    uint8_t *body = malloc(size + 1);
    struct arena arena;
    arena_init(&arena, 512 << 20);
    bool goes_on = read_all(ssl, body, size);
    if (goes_on) {
        enum status status = STATUS_OK;
        const Samordning__V1__Request *request =
            (const Samordning__V1__Request *)frame_unpack(&samordning__v1__request__descriptor, body, size, &arena, &status);
        ck_assert_ptr_nonnull(request);
        goes_on = answer(peer, ssl, request);
    }
    arena_release(&arena);
    free(body);
    return goes_on;
}

static void *serve(void *arg)
{
    struct peer *peer = arg;
    for (;;) {
        struct pollfd fds[2] = {{.fd = peer->listener, .events = POLLIN}, {.fd = peer->stop[0], .events = POLLIN}};
        poll(fds, 2, -1);
        if (fds[1].revents != 0)
            return NULL;
        int fd = accept(peer->listener, NULL, NULL);
        if (fd < 0)
            continue;
        struct timeval patience = {.tv_sec = 20};
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        peer->connections++;
        SSL *ssl = SSL_new(peer->context);
        SSL_set_fd(ssl, fd);
        if (SSL_accept(ssl) == 1)
            while (serve_one(peer, ssl))
                ;
        ERR_clear_error();
        SSL_free(ssl);
        close(fd);
    }
}

void peer_start(struct peer *peer)
{
    signal(SIGPIPE, SIG_IGN); /* for this end; the library takes care of itself */
    snprintf(peer->directory, sizeof peer->directory, "/tmp/samordning-peer-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(peer->directory));
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    ck_assert_int_eq(bind(peer->listener, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(peer->listener, 16), 0);
    ck_assert_int_eq(getsockname(peer->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(peer->port, sizeof peer->port, "%u", ntohs(address.sin_port));
    ck_assert_int_eq(pipe(peer->stop), 0);
    pthread_mutex_init(&peer->lock, NULL);
    make_keys(peer);
    ck_assert_int_eq(pthread_create(&peer->thread, NULL, serve, peer), 0);
}

void peer_stop(struct peer *peer)
{
    ck_assert_int_eq(write(peer->stop[1], "x", 1), 1);
    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    close(peer->listener);
    close(peer->stop[0]);
    close(peer->stop[1]);
    SSL_CTX_free(peer->context);
    static const char *const names[] = {"ca.crt", "server.crt", "server.key", "client.crt", "client.key", "client.conf"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", peer->directory, names[i]);
        unlink(path);
    }
    rmdir(peer->directory);
}
