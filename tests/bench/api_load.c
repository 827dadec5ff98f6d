/* SPDX-License-Identifier: GPL-3.0-or-later
 * Load on the HTTP API over TLS: one address asked so many times a second, whatever the answers take, or taken once as a whole.
 *
 * usage: bench_api_load --authority FILE --url URL --token TOKEN [--rate N --seconds S --connections C]
 * Requests are due at fixed times, and each takes from when it was due: who answers late is charged for those who wait. Without
 * --rate the answer is read once and thrown away.
 * Prints one line of JSON: requests, failed, seconds, bytes, p50_ms, p99_ms, max_ms.
 */
#include <curl/curl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECTIONS_MAX 64
#define REQUESTS_MAX    ((size_t)1 << 22)

static struct {
    const char *authority, *url, *token;
    double rate, seconds;
    unsigned connections;
} options = {.seconds = 10, .connections = 16};

struct party {
    pthread_t thread;
    unsigned number;
    size_t failed, bytes;
};

static double begun;
static double *took_ms; /* of each request, failed ones too */
static size_t request_count;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void die(const char *what, const char *which)
{
    fprintf(stderr, "bench_api_load: %s %s\n", what, which);
    exit(1);
}

static size_t came(char *data, size_t one, size_t count, void *arg)
{
    struct party *party = arg;
    party->bytes += one * count;
    return one * count;
}

static CURL *prepared(struct party *party)
{
    char header[300];
    snprintf(header, sizeof header, "Authorization: Bearer %s", options.token);
    struct curl_slist *headers = curl_slist_append(NULL, header);
    CURL *curl = curl_easy_init();
    if (!curl || !headers)
        die("out of", "memory");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_URL, options.url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, options.authority);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 256L * 1024);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, came);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, party);
    return curl; /* with its headers until the program ends */
}

static void ask(CURL *curl, struct party *party)
{
    long code = 0;
    if (curl_easy_perform(curl) != CURLE_OK || curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code) != CURLE_OK ||
        code != 200)
        party->failed++;
}

static void *party_run(void *arg)
{
    struct party *party = arg;
    CURL *curl = prepared(party);
    ask(curl, party); /* connected and shaken hands before the clock runs */
    while (now_s() < begun)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    for (size_t i = party->number; i < request_count; i += options.connections) {
        double due = begun + (double)i / options.rate, wait = due - now_s();
        if (wait > 0)
            nanosleep(&(struct timespec){.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - (double)(time_t)wait) * 1e9)}, NULL);
        ask(curl, party);
        took_ms[i] = (now_s() - due) * 1000;
    }
    curl_easy_cleanup(curl);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double share)
{
    return took_ms[(size_t)(share * (double)(request_count - 1))];
}

int main(int argc, char **argv)
{
    static const struct option known[] = {{"authority", required_argument, NULL, 'a'},
                                          {"url", required_argument, NULL, 'u'},
                                          {"token", required_argument, NULL, 't'},
                                          {"rate", required_argument, NULL, 'r'},
                                          {"seconds", required_argument, NULL, 's'},
                                          {"connections", required_argument, NULL, 'c'},
                                          {NULL, 0, NULL, 0}};
    static struct party parties[CONNECTIONS_MAX];
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 'a')
            options.authority = optarg;
        else if (option == 'u')
            options.url = optarg;
        else if (option == 't')
            options.token = optarg;
        else if (option == 'r')
            options.rate = strtod(optarg, NULL);
        else if (option == 's')
            options.seconds = strtod(optarg, NULL);
        else if (option == 'c')
            options.connections = (unsigned)strtoul(optarg, NULL, 10);
        else
            return 64;
    }
    if (!options.authority || !options.url || !options.token || options.connections < 1 ||
        options.connections > CONNECTIONS_MAX || options.rate * options.seconds > (double)REQUESTS_MAX)
        die("see", "usage");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    request_count = options.rate > 0 ? (size_t)(options.rate * options.seconds) : 1;
    took_ms = calloc(request_count, sizeof *took_ms);
    if (!took_ms)
        die("out of", "memory");
    begun = now_s();
    if (options.rate > 0) {
        begun += 0.5;
        for (unsigned i = 0; i < options.connections; i++) {
            parties[i].number = i;
            if (pthread_create(&parties[i].thread, NULL, party_run, &parties[i]) != 0)
                die("could not start", "a thread");
        }
        for (unsigned i = 0; i < options.connections; i++)
            pthread_join(parties[i].thread, NULL);
    } else {
        ask(prepared(&parties[0]), &parties[0]);
        took_ms[0] = (now_s() - begun) * 1000;
    }
    double seconds = now_s() - begun;
    size_t failed = 0, bytes = 0;
    for (unsigned i = 0; i < options.connections; i++) {
        failed += parties[i].failed;
        bytes += parties[i].bytes;
    }
    qsort(took_ms, request_count, sizeof *took_ms, by_size);
    printf("{\"requests\":%zu,\"failed\":%zu,\"seconds\":%.6f,\"bytes\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
           request_count, failed, seconds, bytes, quantile(0.5), quantile(0.99), took_ms[request_count - 1]);
    free(took_ms);
    return 0;
}
