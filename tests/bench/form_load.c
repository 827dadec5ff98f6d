/* SPDX-License-Identifier: GPL-3.0-or-later
 * Load on the form of surveys: so many respondents at a time, each on a TLS connection of its own, saving the page of a roster
 * as the form's script does while one types, and getting the whole page again after so many saves.
 *
 * usage: bench_form_load --authority FILE --links FILE --section ID --parts ITEM=VALUE,... --respondents N --seconds S
 *                        [--every MS] [--page-after N] [--daemon PID]
 * --every: each respondent begins something so often at most (0: as soon as the last is answered); --page-after 0: no pages.
 * Prints one line of JSON: saves, seconds, saves_per_s, save_p50_ms, save_p95_ms, page_p50_ms, page_p95_ms, failed, and the
 * processor time that this program, the daemon and all of the machine took meanwhile (own_s, daemon_s, machine_s). A save
 * counts when its 200 has come, which the daemon sends after the commit; all connections are made before the time begins.
 */
#include "public_bodies.h"

#include <curl/curl.h>
#include <getopt.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define RESPONDENTS_MAX 2000
#define PAGE_MAX        ((size_t)2 << 20)
#define SAMPLES_MAX     ((size_t)4 << 20)

struct text {
    char *data;
    size_t size, room;
};

struct respondent {
    CURL *curl;
    struct text page;
    char own[16], url[1024], token[256];
    struct text answers; /* the body without token and revision */
    struct text body;
    unsigned long revision;
    unsigned saved; /* since the last page */
    bool is_saving, is_waiting;
    double started, due;
};

struct samples {
    double *ms;
    size_t count;
};

static struct {
    const char *authority, *links, *section, *parts, *daemon;
    size_t respondents;
    double seconds, every_s;
    unsigned page_after;
} options = {.respondents = 500, .seconds = 10};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void die(const char *what, const char *which)
{
    fprintf(stderr, "bench_form_load: %s %s\n", what, which);
    exit(1);
}

static void add(struct text *text, const char *data, size_t size)
{
    if (text->size + size + 1 > text->room) {
        text->room = 2 * (text->size + size + 1);
        text->data = realloc(text->data, text->room);
        if (!text->data || text->room > 2 * PAGE_MAX)
            die("too much", "of a page");
    }
    memcpy(text->data + text->size, data, size);
    text->size += size;
    text->data[text->size] = '\0';
}

static size_t came(char *data, size_t one, size_t count, void *arg)
{
    struct respondent *respondent = arg;
    add(&respondent->page, data, one * count);
    return one * count;
}

/* The value of a hidden field of the page. */
static bool hidden(const struct respondent *respondent, const char *name, char *ret_value, size_t size)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "name=\"%s\" value=\"", name);
    const char *at = respondent->page.data ? strstr(respondent->page.data, wanted) : NULL;
    if (!at)
        return false;
    at += strlen(wanted);
    size_t length = strcspn(at, "\"");
    if (length >= size)
        return false;
    memcpy(ret_value, at, length);
    ret_value[length] = '\0';
    return true;
}

static void add_field(struct respondent *respondent, struct text *body, const char *name, const char *value)
{
    char *pair[2] = {curl_easy_escape(respondent->curl, name, 0), curl_easy_escape(respondent->curl, value, 0)};
    if (!pair[0] || !pair[1])
        die("out of", "memory");
    if (body->size > 0)
        add(body, "&", 1);
    add(body, pair[0], strlen(pair[0]));
    add(body, "=", 1);
    add(body, pair[1], strlen(pair[1]));
    curl_free(pair[0]);
    curl_free(pair[1]);
}

/* Every part of the roster for every other ministry. */
static void fill_in(struct respondent *respondent)
{
    for (unsigned body = 0; body < public_body_count; body++) {
        if (!public_body_is_ministry(body) || strcmp(public_bodies[body].orgnr, respondent->own) == 0)
            continue;
        char parts[1024], name[256];
        snprintf(parts, sizeof parts, "%s", options.parts);
        for (char *rest = parts, *part = strsep(&rest, ","); part; part = strsep(&rest, ",")) {
            char *value = strchr(part, '=');
            if (!value)
                die("a part needs a value:", part);
            *value++ = '\0';
            snprintf(name, sizeof name, "v.%s.%s", part, public_bodies[body].orgnr);
            add_field(respondent, &respondent->answers, name, value);
        }
    }
}

static void prepare(struct respondent *respondent, const char *link, const char *own)
{
    const char *landed = NULL;
    char revision[32];
    long code = 0;
    snprintf(respondent->own, sizeof respondent->own, "%s", own);
    CURL *curl = respondent->curl = curl_easy_init();
    if (!curl)
        die("out of", "memory");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(curl, CURLOPT_CAINFO, options.authority);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, came);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, respondent);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, respondent);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_URL, link);
    if (curl_easy_perform(curl) != CURLE_OK || curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &landed) != CURLE_OK || !landed)
        die("no answer from", link);
    snprintf(respondent->url, sizeof respondent->url, "%.*s/%s", (int)strcspn(landed, "?"), landed, options.section);
    respondent->page.size = 0;
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_URL, respondent->url);
    if (curl_easy_perform(curl) != CURLE_OK || curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code) != CURLE_OK ||
        code != 200 || !hidden(respondent, "token", respondent->token, sizeof respondent->token) ||
        !hidden(respondent, "revision", revision, sizeof revision))
        die("no page at", respondent->url);
    respondent->revision = strtoul(revision, NULL, 10);
    fill_in(respondent);
}

static void start(struct respondent *respondent, CURLM *multi, bool saving)
{
    respondent->is_saving = saving;
    respondent->page.size = 0;
    respondent->started = now_s();
    if (saving) {
        char revision[32];
        snprintf(revision, sizeof revision, "%lu", respondent->revision);
        respondent->body.size = 0;
        add(&respondent->body, respondent->answers.data, respondent->answers.size);
        add_field(respondent, &respondent->body, "token", respondent->token);
        add_field(respondent, &respondent->body, "revision", revision);
        add_field(respondent, &respondent->body, "go", "autosave");
        curl_easy_setopt(respondent->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(respondent->curl, CURLOPT_POSTFIELDSIZE, (long)respondent->body.size);
        curl_easy_setopt(respondent->curl, CURLOPT_POSTFIELDS, respondent->body.data);
    } else {
        curl_easy_setopt(respondent->curl, CURLOPT_HTTPGET, 1L);
    }
    curl_multi_add_handle(multi, respondent->curl);
}

static void note(struct samples *samples, double ms)
{
    if (samples->count < SAMPLES_MAX)
        samples->ms[samples->count++] = ms;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(struct samples *samples, double share)
{
    qsort(samples->ms, samples->count, sizeof samples->ms[0], ascending);
    return samples->count ? samples->ms[(size_t)(share * (double)(samples->count - 1))] : 0.0;
}

static bool answered(struct respondent *respondent, CURLcode result, struct samples *saves, struct samples *pages)
{
    long code = 0;
    char revision[32];
    curl_easy_getinfo(respondent->curl, CURLINFO_RESPONSE_CODE, &code);
    double ms = (now_s() - respondent->started) * 1000;
    if (respondent->is_saving) {
        if (result != CURLE_OK || code != 200)
            return false;
        note(saves, ms);
        respondent->revision++;
        respondent->saved++;
        return true;
    }
    respondent->saved = 0;
    note(pages, ms);
    if (result != CURLE_OK || code != 200 || !hidden(respondent, "revision", revision, sizeof revision))
        return false;
    respondent->revision = strtoul(revision, NULL, 10);
    return true;
}

/* Starts what is due; gives how many have ended for good. */
static size_t start_due(struct respondent *respondents, size_t count, CURLM *multi, double end)
{
    double now = now_s();
    size_t ended = 0;
    for (size_t i = 0; i < count; i++) {
        struct respondent *respondent = &respondents[i];
        if (!respondent->is_waiting || (respondent->due > now && now < end))
            continue;
        respondent->is_waiting = false;
        if (now < end)
            start(respondent, multi, options.page_after == 0 || respondent->saved < options.page_after);
        else
            ended++;
    }
    return ended;
}

struct spent {
    double own_s, daemon_s, machine_s;
};

/* The sum of some of the numbers behind `after` in a file of /proc, in seconds. */
static double proc_s(const char *path, const char *after, size_t first, size_t count)
{
    char text[4096];
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[size] = '\0';
    const char *at = strstr(text, after);
    if (!at)
        die("could not read", path);
    double ticks = 0;
    char *rest = text + (at - text) + strlen(after);
    for (size_t i = 0; i < first + count; i++) {
        rest += strspn(rest, " ");
        ticks += i >= first ? strtod(rest, NULL) : 0;
        rest += strcspn(rest, " \n");
    }
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

static struct spent spent_so_far(void)
{
    struct rusage own;
    char path[64];
    getrusage(RUSAGE_SELF, &own);
    struct spent spent = {.own_s = (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
                                   (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6};
    spent.machine_s = proc_s("/proc/stat", "cpu ", 0, 3) + proc_s("/proc/stat", "cpu ", 5, 2); /* neither idle nor waiting */
    if (options.daemon) {
        snprintf(path, sizeof path, "/proc/%s/stat", options.daemon);
        spent.daemon_s = proc_s(path, ") ", 11, 2); /* utime, stime */
    }
    return spent;
}

static size_t read_links(struct respondent *respondents)
{
    char line[4096];
    size_t count = 0;
    FILE *file = fopen(options.links, "r");
    if (!file || !fgets(line, sizeof line, file))
        die("could not read", options.links);
    while (count < options.respondents && fgets(line, sizeof line, file)) {
        char *rest = line, *ref = strsep(&rest, ","), *actor = strsep(&rest, ","), *address = strsep(&rest, ","), *link = rest;
        if (!ref || !actor || !address || !link)
            die("not a seat:", line);
        link[strcspn(link, "\r\n")] = '\0';
        prepare(&respondents[count++], link, actor);
    }
    fclose(file);
    return count;
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        {"authority", required_argument, NULL, 'a'},   {"links", required_argument, NULL, 'l'},
        {"section", required_argument, NULL, 's'},     {"parts", required_argument, NULL, 'p'},
        {"respondents", required_argument, NULL, 'n'}, {"seconds", required_argument, NULL, 't'},
        {"every", required_argument, NULL, 'e'},       {"page-after", required_argument, NULL, 'g'},
        {"daemon", required_argument, NULL, 'd'},      {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (option == 'a')
            options.authority = optarg;
        else if (option == 'l')
            options.links = optarg;
        else if (option == 's')
            options.section = optarg;
        else if (option == 'p')
            options.parts = optarg;
        else if (option == 'n')
            options.respondents = strtoul(optarg, NULL, 10);
        else if (option == 't')
            options.seconds = strtod(optarg, NULL);
        else if (option == 'e')
            options.every_s = strtod(optarg, NULL) / 1000;
        else if (option == 'g')
            options.page_after = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'd')
            options.daemon = optarg;
        else
            return 64;
    }
    if (!options.authority || !options.links || !options.section || !options.parts || options.respondents > RESPONDENTS_MAX)
        die("needs", "--authority --links --section --parts, and at most 2000 respondents");
    /* Memory once had is kept: giving it back and getting it again for each transfer took a fifth of this program's time. */
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct respondent *respondents = calloc(options.respondents, sizeof *respondents);
    struct samples saves = {malloc(SAMPLES_MAX * sizeof(double)), 0}, pages = {malloc(SAMPLES_MAX * sizeof(double)), 0};
    CURLM *multi = curl_multi_init();
    if (!respondents || !saves.ms || !pages.ms || !multi)
        die("out of", "memory");
    size_t count = read_links(respondents), failed = 0, running = count;
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)RESPONDENTS_MAX);
    struct spent before = spent_so_far();
    double begun = now_s(), end = begun + options.seconds;
    /* Spread over the first interval, and over the saves between two pages: people do not type in step. */
    for (size_t i = 0; i < count; i++) {
        respondents[i].is_waiting = true;
        respondents[i].due = begun + options.every_s * (double)i / (double)count;
        respondents[i].saved = options.page_after > 0 ? (unsigned)(i % options.page_after) : 0;
    }
    while (running > 0) {
        int active, left;
        running -= start_due(respondents, count, multi, end);
        curl_multi_perform(multi, &active);
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
            struct respondent *respondent = NULL;
            CURLcode result = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &respondent);
            curl_multi_remove_handle(multi, message->easy_handle);
            failed += !answered(respondent, result, &saves, &pages);
            respondent->is_waiting = true;
            respondent->due = respondent->started + options.every_s;
        }
        curl_multi_poll(multi, NULL, 0, options.every_s > 0 ? 1 : 0, NULL);
    }
    double seconds = now_s() - begun;
    struct spent after = spent_so_far();
    printf("{\"respondents\": %zu, \"saves\": %zu, \"seconds\": %.3f, \"saves_per_s\": %.1f, \"save_p50_ms\": %.2f, "
           "\"save_p95_ms\": %.2f, "
           "\"page_p50_ms\": %.2f, \"page_p95_ms\": %.2f, \"failed\": %zu, "
           "\"own_s\": %.2f, \"daemon_s\": %.2f, \"machine_s\": %.2f}\n",
           count, saves.count, seconds, (double)saves.count / seconds, quantile(&saves, 0.5), quantile(&saves, 0.95),
           quantile(&pages, 0.5), quantile(&pages, 0.95), failed, after.own_s - before.own_s, after.daemon_s - before.daemon_s,
           after.machine_s - before.machine_s);
    return failed == 0 ? 0 : 1;
}
