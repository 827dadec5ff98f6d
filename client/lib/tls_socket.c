/* SPDX-License-Identifier: GPL-3.0-or-later
 * A socket as OpenSSL sees it, but written with MSG_NOSIGNAL. */
#include "tls_socket.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sys/socket.h>

static int descriptor(BIO *bio)
{
    const struct tls_socket *socket = BIO_get_data(bio);
    return socket->fd;
}

static int note_retry(BIO *bio, ssize_t count, int retry_flags)
{
    BIO_clear_retry_flags(bio);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_flags(bio, retry_flags | BIO_FLAGS_SHOULD_RETRY);
    return (int)count;
}

static int write_cb(BIO *bio, const char *data, int size)
{
    return note_retry(bio, send(descriptor(bio), data, (size_t)size, MSG_NOSIGNAL), BIO_FLAGS_WRITE);
}

static int read_cb(BIO *bio, char *data, int size)
{
    struct tls_socket *socket = BIO_get_data(bio);
    if (socket->is_empty) {
        errno = EAGAIN;
        return note_retry(bio, -1, BIO_FLAGS_READ);
    }
    ssize_t count = recv(socket->fd, data, (size_t)size, 0);
    socket->is_empty = count > 0 && count < size; /* the end of the stream shows after the next wait */
    return note_retry(bio, count, BIO_FLAGS_READ);
}

static long ctrl_cb(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *method;
static pthread_once_t method_once = PTHREAD_ONCE_INIT;

static void make_method(void)
{
    BIO_METHOD *m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "samordning socket");
    if (m != NULL && BIO_meth_set_write(m, write_cb) == 1 && BIO_meth_set_read(m, read_cb) == 1 &&
        BIO_meth_set_ctrl(m, ctrl_cb) == 1)
        method = m;
    else
        BIO_meth_free(m);
}

BIO *tls_socket_create(struct tls_socket *socket)
{
    pthread_once(&method_once, make_method);
    if (method == NULL)
        return NULL;
    BIO *bio = BIO_new(method);
    if (bio == NULL)
        return NULL;
    BIO_set_data(bio, socket);
    BIO_set_init(bio, 1);
    return bio;
}
