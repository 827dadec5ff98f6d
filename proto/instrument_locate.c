/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where in a JSON text a field stands. jansson keeps no positions, so the text is walked again along the path; it may be broken
 * anywhere, then the walk ends there. */
#include "instrument.h"

#include <stdint.h>
#include <string.h>

struct walk {
    const char *at, *end;
};

static void skip_space(struct walk *walk)
{
    while (walk->at < walk->end && strchr(" \t\r\n", *walk->at) != NULL && *walk->at != '\0')
        walk->at++;
}

static bool take(struct walk *walk, char c)
{
    skip_space(walk);
    if (walk->at == walk->end || *walk->at != c)
        return false;
    walk->at++;
    return true;
}

/* From the opening quote to behind the closing one. */
static void skip_string(struct walk *walk)
{
    for (walk->at++; walk->at < walk->end; walk->at++) {
        if (*walk->at == '\\' && walk->at + 1 < walk->end) {
            walk->at++;
        } else if (*walk->at == '"') {
            walk->at++;
            return;
        }
    }
}

static void skip_value(struct walk *walk)
{
    size_t depth = 0;
    skip_space(walk);
    while (walk->at < walk->end) {
        char c = *walk->at;
        if (c == '"') {
            skip_string(walk);
        } else if (c == '{' || c == '[') {
            depth++;
            walk->at++;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return;
            depth--;
            walk->at++;
        } else if (c == ',' && depth == 0) {
            return;
        } else {
            walk->at++;
            continue; /* of a number or a word: no value ends here */
        }
        if (depth == 0)
            return;
    }
}

/* Both spellings of a name: show_when, showWhen. */
static bool is_name(const char *written, size_t written_size, const char *name, size_t name_size)
{
    size_t w = 0;
    size_t n = 0;
    while (w < written_size && n < name_size) {
        if (written[w] == name[n]) {
            w++;
            n++;
        } else if (name[n] == '_' && n + 1 < name_size && written[w] >= 'A' && written[w] <= 'Z' &&
                   (written[w] | 0x20) == name[n + 1]) {
            w++;
            n += 2;
        } else {
            return false;
        }
    }
    return w == written_size && n == name_size;
}

/* To the value of a member. False: there is none. */
static bool enter_member(struct walk *walk, const char *name, size_t size)
{
    if (!take(walk, '{'))
        return false;
    for (;;) {
        skip_space(walk);
        if (walk->at == walk->end || *walk->at != '"')
            return false;
        const char *key = walk->at + 1;
        skip_string(walk);
        size_t key_size = walk->at - key > 0 ? (size_t)(walk->at - key) - 1 : 0;
        if (!take(walk, ':'))
            return false;
        skip_space(walk);
        if (is_name(key, key_size, name, size))
            return true;
        skip_value(walk);
        if (!take(walk, ','))
            return false;
    }
}

static bool enter_element(struct walk *walk, size_t index)
{
    if (!take(walk, '['))
        return false;
    for (size_t i = 0;; i++) {
        skip_space(walk);
        if (walk->at == walk->end || *walk->at == ']')
            return false;
        if (i == index)
            return true;
        skip_value(walk);
        if (!take(walk, ','))
            return false;
    }
}

/* One step of the path: name or [number]. False: no such place. */
static bool step(struct walk *walk, const char **path)
{
    if (**path == '[') {
        size_t index = 0;
        const char *c = *path + 1;
        for (; *c >= '0' && *c <= '9' && index < SIZE_MAX / 16; c++)
            index = index * 10 + (size_t)(*c - '0');
        if (*c != ']')
            return false;
        *path = c + 1;
        return enter_element(walk, index);
    }
    if (**path == '.')
        (*path)++;
    size_t size = strcspn(*path, ".[");
    const char *name = *path;
    *path += size;
    return size > 0 && enter_member(walk, name, size);
}

void instrument_locate(const char *json, size_t size, const char *path, unsigned *ret_line, unsigned *ret_column)
{
    struct walk walk = {.at = json, .end = json + size};
    skip_space(&walk);
    const char *place = walk.at;
    while (*path != '\0' && step(&walk, &path))
        place = walk.at;
    unsigned line = 1;
    unsigned column = 1;
    for (const char *c = json; c < place; c++) {
        if (*c == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)*c & 0xC0) != 0x80) { /* a character counts once */
            column++;
        }
    }
    *ret_line = line;
    *ret_column = column;
}
