/* SPDX-License-Identifier: GPL-3.0-or-later
 * Addresses to listen on, from text and back.
 */
#include "listener.h"

#include "log.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum status listener_address(const char *text, const char *key, struct sockaddr_storage *ret_address, unsigned *ret_size,
                             struct errmsg *ret_errmsg)
{
    char host[256];
    const char *colon = strrchr(text, ':'), *begin = text, *end = colon;
    if (colon == NULL || colon[1] == '\0') {
        errmsg_set(ret_errmsg, key, "%s: not of the form host:port", text);
        return STATUS_INVALID;
    }
    if (text[0] == '[') {
        begin = text + 1;
        end = colon > begin && colon[-1] == ']' ? colon - 1 : NULL;
    }
    if (end == NULL || end <= begin || (size_t)(end - begin) >= sizeof host) {
        errmsg_set(ret_errmsg, key, "%s: not of the form host:port", text);
        return STATUS_INVALID;
    }
    memcpy(host, begin, (size_t)(end - begin));
    host[end - begin] = '\0';
    bool is_any = strcmp(host, "*") == 0;
    struct addrinfo hints = {
        .ai_family = is_any ? AF_INET6 : AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int error = getaddrinfo(is_any ? NULL : host, colon + 1, &hints, &found);
    if (error != 0 && is_any) { /* a host without IPv6 */
        hints.ai_family = AF_INET;
        error = getaddrinfo(NULL, colon + 1, &hints, &found);
    }
    if (error != 0) {
        errmsg_set(ret_errmsg, key, "%s: %s", text, gai_strerror(error));
        return STATUS_INVALID;
    }
    memset(ret_address, 0, sizeof *ret_address);
    memcpy(ret_address, found->ai_addr, found->ai_addrlen);
    *ret_size = found->ai_addrlen;
    freeaddrinfo(found);
    return STATUS_OK;
}

enum status listener_check(const struct config *config, struct errmsg *ret_errmsg)
{
    char *copy = strdup(config->listen), *rest = copy, *text;
    struct sockaddr_storage address;
    unsigned size;
    enum status status = copy != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    while (status == STATUS_OK && (text = strsep(&rest, ", ")) != NULL)
        if (text[0] != '\0')
            status = listener_address(text, "listen", &address, &size, ret_errmsg);
    free(copy);
    return status;
}

void listener_address_text(const struct sockaddr_storage *address, char *ret_text, size_t size)
{
    char host[NI_MAXHOST], port[NI_MAXSERV];
    socklen_t length = address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (getnameinfo((const struct sockaddr *)address, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(ret_text, size, "unknown");
    else
        snprintf(ret_text, size, address->ss_family == AF_INET6 ? "[%.60s]:%s" : "%.60s:%s", host, port);
}

bool listener_address_is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24) == 127;
    return address->ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

void listener_log_bound(const char *message, int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    char bound[64];
    getsockname(fd, (struct sockaddr *)&address, &size);
    listener_address_text(&address, bound, sizeof bound);
    log_info(NULL, message, LOG_TEXT("address", bound));
}
