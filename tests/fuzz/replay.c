/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs a fuzz target where there is no libFuzzer: over its seeds, and over seeded mutations of them.
 *
 * usage: fuzz_<name> CORPUS [MUTATIONS [SEED]]. A crash names the number of the input, which the same arguments make again.
 */
#include "fuzz_target.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_MAX 65536
#define SEEDS_MAX 4096

struct seed {
    uint8_t *data;
    size_t size;
};

static struct seed seeds[SEEDS_MAX];
static size_t seed_count;
static uint64_t state;
static unsigned long current;

/* splitmix64 */
static uint64_t next(uint64_t bound)
{
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % bound;
}

static void say_which_cb(int number)
{
    static const char text[] = "replay: crashed in input ";
    char digits[24];
    size_t at = sizeof digits;
    digits[--at] = '\n';
    for (unsigned long n = current; at > 0 && (n > 0 || at == sizeof digits - 1); n /= 10)
        digits[--at] = (char)('0' + n % 10);
    (void)!write(2, text, sizeof text - 1);
    (void)!write(2, digits + at, sizeof digits - at);
    signal(number, SIG_DFL);
    raise(number);
}

static int is_regular(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int read_seeds(const char *directory)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_regular, alphasort);
    if (count < 0) {
        perror(directory);
        return -1;
    }
    for (int i = 0; i < count; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        free(entries[i]);
        FILE *file = fopen(path, "rb");
        if (file == NULL || seed_count == SEEDS_MAX) {
            perror(path);
            return -1;
        }
        seeds[seed_count].data = malloc(INPUT_MAX);
        seeds[seed_count].size = fread(seeds[seed_count].data, 1, INPUT_MAX, file);
        fclose(file);
        seed_count++;
    }
    free(entries);
    return 0;
}

static size_t mutate_once(uint8_t *data, size_t size)
{
    static const uint8_t interesting[] = {0x00, 0x01, 0x7F, 0x80, 0xFF, 0xC3, '"', '\\', '-',
                                          '0',  '9',  ' ',  '\n', ',',  ';',  '{', '['};
    const struct seed *other = &seeds[next(seed_count)];
    size_t at = next(size + 1);
    size_t length = 1 + next(16);
    switch (next(8)) {
    case 0:
        if (at < size)
            data[at] ^= (uint8_t)(1U << next(8));
        return size;
    case 1:
        if (at < size)
            data[at] = (uint8_t)next(256);
        return size;
    case 2:
        if (at < size)
            data[at] = interesting[next(sizeof interesting)];
        return size;
    case 3: /* take out */
        if (length > size - at)
            length = size - at;
        memmove(data + at, data + at + length, size - at - length);
        return size - length;
    case 4: /* put in */
        if (size + length > INPUT_MAX)
            return size;
        memmove(data + at + length, data + at, size - at);
        for (size_t i = 0; i < length; i++)
            data[at + i] = next(2) ? interesting[next(sizeof interesting)] : (uint8_t)next(256);
        return size + length;
    case 5: /* repeat a piece */
        if (length > size - at)
            length = size - at;
        if (size + length > INPUT_MAX)
            return size;
        memmove(data + at + length, data + at, size - at);
        return size + length;
    case 6: /* cut */
        return at;
    default: { /* go on as another seed does */
        size_t from = next(other->size + 1);
        size_t count = other->size - from;
        if (at + count > INPUT_MAX)
            count = INPUT_MAX - at;
        memcpy(data + at, other->data + from, count);
        return at + count;
    }
    }
}

/* Each input lies in a block of exactly its size, so that reading past its end is seen. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    memcpy(exact, data, size);
    current++;
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s CORPUS [MUTATIONS [SEED]]\n", argv[0]);
        return 64;
    }
    if (read_seeds(argv[1]) != 0)
        return 66;
    if (seed_count == 0) {
        fprintf(stderr, "%s: no seeds\n", argv[1]);
        return 66;
    }
    unsigned long mutations = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    state = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    signal(SIGABRT, say_which_cb);
    signal(SIGSEGV, say_which_cb);
    for (size_t i = 0; i < seed_count; i++)
        run(seeds[i].data, seeds[i].size);
    static uint8_t data[INPUT_MAX];
    for (unsigned long i = 0; i < mutations; i++) {
        const struct seed *seed = &seeds[next(seed_count)];
        size_t size = seed->size;
        memcpy(data, seed->data, size);
        for (uint64_t rounds = 1 + next(6); rounds > 0; rounds--)
            size = mutate_once(data, size);
        run(data, size);
    }
    printf("%zu seeds and %lu mutations\n", seed_count, mutations);
    for (size_t i = 0; i < seed_count; i++)
        free(seeds[i].data);
    return 0;
}
