/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far a file has been read. */
#include "progress.h"
#include "command.h"
#include "width.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_BAR_INTERVAL_S  0.1
#define PROGRESS_JSON_INTERVAL_S 1.0
#define PROGRESS_BAR_MAX         40

double progress_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_begin(struct progress *progress, enum progress_kind kind, const char *name)
{
    *progress = (struct progress){.kind = kind, .name = name, .started = progress_now()};
    progress->shown = progress->started;
}

static size_t terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void draw_bar(struct progress *progress, double now, uint64_t position, uint64_t total, uint64_t interactions)
{
    char text[160];
    double seconds = now - progress->started, share = total ? (double)position / (double)total : 0;
    double rate = seconds > 0 ? (double)interactions / seconds : 0;
    double left = share > 0 ? seconds / share * (1 - share) : 0;
    if (total)
        snprintf(text, sizeof text, _(" %3.0f %%  %llu  %.0f/s  %d:%02d left"), share * 100, (unsigned long long)interactions,
                 rate, (int)left / 60, (int)left % 60);
    else
        snprintf(text, sizeof text, _("  %llu  %.0f/s"), (unsigned long long)interactions, rate);
    size_t used = width_of(progress->name, strlen(progress->name)) + width_of(text, strlen(text)) + 3,
           columns = terminal_columns();
    size_t bar = total && columns > used + 4 ? columns - used - 1 : 0;
    bar = bar > PROGRESS_BAR_MAX ? PROGRESS_BAR_MAX : bar;
    fprintf(stderr, "\r\033[K%s ", progress->name);
    if (bar > 0) {
        fputc('[', stderr);
        for (size_t i = 0; i < bar; i++)
            fputs((double)i < share * (double)bar ? "█" : "·", stderr);
        fputc(']', stderr);
    }
    fputs(text, stderr);
    fflush(stderr);
    progress->drawn = true;
}

static void write_line(const struct progress *progress, double now, uint64_t position, uint64_t total, uint64_t interactions,
                       bool done)
{
    json_t *line = json_pack("{ss, sI, sI, sI, sf, sb}", "file", progress->name, "bytes", (json_int_t)position, "total_bytes",
                             (json_int_t)total, "interactions", (json_int_t)interactions, "seconds", now - progress->started,
                             "done", (int)done);
    if (line) {
        json_dumpf(line, stderr, JSON_COMPACT);
        fputc('\n', stderr);
    }
    json_decref(line);
}

void progress_show(struct progress *progress, uint64_t position, uint64_t total, uint64_t interactions)
{
    if (progress->kind == PROGRESS_NONE)
        return;
    double now = progress_now();
    if (now - progress->shown < (progress->kind == PROGRESS_BAR ? PROGRESS_BAR_INTERVAL_S : PROGRESS_JSON_INTERVAL_S))
        return;
    progress->shown = now;
    if (progress->kind == PROGRESS_BAR)
        draw_bar(progress, now, position, total, interactions);
    else
        write_line(progress, now, position, total, interactions, false);
}

void progress_end(struct progress *progress, uint64_t position, uint64_t total, uint64_t interactions)
{
    if (progress->kind == PROGRESS_JSON)
        write_line(progress, progress_now(), position, total, interactions, true);
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->kind = PROGRESS_NONE;
}
