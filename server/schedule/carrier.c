/* SPDX-License-Identifier: GPL-3.0-or-later
 * A document on its way, in a thread.
 */
#include "carrier.h"
#include "key_file.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER_MODE 0755
#define FILE_MODE   0644

struct carrier {
    struct crew *crew;
};

/* -------------------------------------------------------------------------------------------------------- a folder */
static void into_folder(struct carriage *carriage)
{
    struct errmsg errmsg = {0};
    char path[PATH_MAX];
    carriage->outcome = CARRIER_LATER;
    if (snprintf(path, sizeof path, "%s/%s", carriage->folder, carriage->file) >= (int)sizeof path) {
        snprintf(carriage->why, sizeof carriage->why, "the path of %s is too long", carriage->file);
        return;
    }
    enum status status = key_directory_make(carriage->folder, FOLDER_MODE, &errmsg);
    if (status == STATUS_OK)
        status = key_file_write_bytes(path, carriage->bytes, carriage->size, FILE_MODE, true, &errmsg);
    if (status == STATUS_OK)
        carriage->outcome = CARRIER_DONE;
    else
        snprintf(carriage->why, sizeof carriage->why, "%s", errmsg.text);
}

/* ----------------------------------------------------------------------------------------------------- a web server */
static size_t give(char *into, size_t size, size_t count, void *arg)
{
    struct carriage *carriage = arg;
    size_t room = size * count, left = carriage->size - carriage->sent;
    size_t given = left < room ? left : room;
    memcpy(into, carriage->bytes + carriage->sent, given);
    carriage->sent += given;
    return given;
}

static int give_again(void *arg, curl_off_t offset, int origin)
{
    struct carriage *carriage = arg;
    if (origin != SEEK_SET || offset < 0 || (size_t)offset > carriage->size)
        return CURL_SEEKFUNC_FAIL;
    carriage->sent = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

static size_t drop(char *data, size_t size, size_t count, void *arg)
{
    return size * count;
}

/* Called at least once a second. */
static int go_on(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    return crew_is_stopping(arg);
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
    char *line = NULL;
    struct curl_slist *longer = asprintf(&line, "%s: %s", name, value) > 0 ? curl_slist_append(*list, line) : NULL;
    free(line);
    if (longer != NULL)
        *list = longer;
    return longer != NULL;
}

static bool set_up(CURL *easy, const struct crew *crew, struct carriage *carriage, struct curl_slist **headers)
{
    bool has_token = carriage->token[0] != '\0';
    char bearer[600];
    snprintf(bearer, sizeof bearer, "Bearer %s", carriage->token);
    bool good = add_header(headers, "Content-Type", carriage->media_type) && add_header(headers, "Expect", "") &&
                (!has_token || add_header(headers, "Authorization", bearer));
    explicit_bzero(bearer, sizeof bearer);
    const CURLcode set[] = {
        curl_easy_setopt(easy, CURLOPT_URL, carriage->url),
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2),
        carriage->authority[0] != '\0' ? curl_easy_setopt(easy, CURLOPT_CAINFO, carriage->authority) : CURLE_OK,
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L),
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, *headers),
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, give),
        curl_easy_setopt(easy, CURLOPT_READDATA, carriage),
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, give_again),
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, carriage),
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)carriage->size),
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop),
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CARRIER_CONNECT_TIMEOUT_MS),
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)CARRIER_TIMEOUT_MS),
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L),
        curl_easy_setopt(easy, CURLOPT_PROXY, ""), /* never by what the environment says */
        curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED),
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L),
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, go_on),
        curl_easy_setopt(easy, CURLOPT_XFERINFODATA, (void *)(uintptr_t)crew),
    };
    for (size_t i = 0; i < sizeof set / sizeof set[0]; i++)
        good = good && set[i] == CURLE_OK;
    return good;
}

static void judge(struct carriage *carriage, CURLcode result, long code)
{
    if (result == CURLE_OK && code >= 200 && code < 300) {
        carriage->outcome = CARRIER_DONE;
        return;
    }
    bool refused = result == CURLE_OK && code >= 300 && code < 500 && code != 408 && code != 425 && code != 429;
    carriage->outcome = refused ? CARRIER_REFUSED : CARRIER_LATER;
    if (result == CURLE_OK)
        snprintf(carriage->why, sizeof carriage->why, "the web server answered %ld", code);
    else
        snprintf(carriage->why, sizeof carriage->why, "%s", curl_easy_strerror(result));
}

static void by_put(const struct crew *crew, struct carriage *carriage)
{
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = NULL;
    CURLcode result = CURLE_OUT_OF_MEMORY;
    long code = 0;
    if (easy != NULL && set_up(easy, crew, carriage, &headers)) {
        result = curl_easy_perform(easy);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    }
    judge(carriage, result, code);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
}

/* ---------------------------------------------------------------------------------------------------------- the crew */
static void work(const struct crew *crew, struct crew_job *job, void *own)
{
    struct carriage *carriage = (struct carriage *)(void *)job;
    if (carriage->folder != NULL)
        into_folder(carriage);
    else
        by_put(crew, carriage);
}

static void tell(struct crew_job *job)
{
    struct carriage *carriage = (struct carriage *)(void *)job;
    carriage->done(carriage);
}

bool carrier_take(struct carrier *carrier, struct carriage *carriage)
{
    carriage->outcome = CARRIER_LATER;
    snprintf(carriage->why, sizeof carriage->why, "not tried");
    return crew_put(carrier->crew, &carriage->in_crew);
}

struct carrier *carrier_create(struct event_base *base)
{
    static const struct crew_kind kind = {.work = work, .done = tell};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    struct carrier *carrier = calloc(1, sizeof *carrier);
    if (carrier != NULL)
        carrier->crew = crew_create(base, CARRIER_AT_ONCE, &kind);
    if (carrier != NULL && carrier->crew != NULL)
        return carrier;
    free(carrier);
    curl_global_cleanup();
    return NULL;
}

void carrier_destroy(struct carrier *carrier)
{
    if (carrier == NULL)
        return;
    crew_destroy(carrier->crew);
    free(carrier);
    curl_global_cleanup();
}
