/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading the command line.
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    OPTION_DATABASE = 1,
    OPTION_ONCE,
    OPTION_RUN,
    OPTION_LANGUAGE,
    OPTION_RECOMPUTE,
    OPTION_LIST,
    OPTION_JOBS,
    OPTION_MEMORY,
    OPTION_TIME,
    OPTION_NICE,
    OPTION_SHARE,
    OPTION_VERSION
};

static const struct option names[] = {{"database", required_argument, NULL, OPTION_DATABASE},
                                      {"once", no_argument, NULL, OPTION_ONCE},
                                      {"run", required_argument, NULL, OPTION_RUN},
                                      {"language", required_argument, NULL, OPTION_LANGUAGE},
                                      {"recompute", no_argument, NULL, OPTION_RECOMPUTE},
                                      {"list", no_argument, NULL, OPTION_LIST},
                                      {"jobs", required_argument, NULL, OPTION_JOBS},
                                      {"memory-mib", required_argument, NULL, OPTION_MEMORY},
                                      {"time-limit-s", required_argument, NULL, OPTION_TIME},
                                      {"nice", required_argument, NULL, OPTION_NICE},
                                      {"share-above-ms", required_argument, NULL, OPTION_SHARE},
                                      {"version", no_argument, NULL, OPTION_VERSION},
                                      {"help", no_argument, NULL, 'h'},
                                      {NULL, 0, NULL, 0}};

void worker_options_help(void)
{
    fputs("Usage: samordning-analyse [OPTION]...\n"
          "Takes analysis jobs from the database, condenses days, computes and stores results.\n"
          "\n"
          "  --database=CONNINFO  libpq connection string; default: the environment variable SAMORDNING_DATABASE\n"
          "  --once               condense what waits, answer the jobs that wait, and stop; exit code 1 if one failed\n"
          "  --run=\"FAMILY SPEC\"  answer this, print the result as JSON (a report as HTML), and stop\n"
          "  --language=LANG      with --run=\"report ...\": nb, nn or en (default nb)\n"
          "  --recompute          with --run: compute even if there is a result, and compare the two\n"
          "  --list               list the families and stop\n"
          "  --jobs=N             jobs at the same time (default 1)\n"
          "  --memory-mib=N       address space of one job, 0 for no limit (default 8192)\n"
          "  --time-limit-s=N     time of one job (default 7200)\n"
          "  --nice=N             niceness of jobs (default 5)\n"
          "  --share-above-ms=N   path work expected to take longer is offered to idle workers, 0 for none (default 20000)\n"
          "  --version, --help\n"
          "\n"
          "Stops on SIGTERM or SIGINT: a job that does not finish within two seconds is given back.\n",
          stdout);
}

static bool number(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *ret_number)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno || *end || end == text || *text == '-' || value < min || value > max) {
        fprintf(stderr, "samordning-analyse: --%s: \"%s\" is not a number from %llu to %llu\n", name, text,
                (unsigned long long)min, (unsigned long long)max);
        return false;
    }
    *ret_number = value;
    return true;
}

bool worker_options_parse(int argc, char **argv, struct worker_options *ret_options)
{
    struct worker_options options = {.database = getenv("SAMORDNING_DATABASE"),
                                     .language = "",
                                     .jobs = 1,
                                     .memory_mib = 8192,
                                     .time_limit_s = 7200,
                                     .share_above_ms = 20000,
                                     .nice = 5};
    uint64_t value = 0;
    int option;
    while ((option = getopt_long(argc, argv, "h", names, NULL)) != -1) {
        bool ok = true;
        switch (option) {
        case OPTION_DATABASE:
            options.database = optarg;
            break;
        case OPTION_ONCE:
            options.once = true;
            break;
        case OPTION_RUN:
            options.run = optarg;
            break;
        case OPTION_LANGUAGE:
            options.language = optarg;
            break;
        case OPTION_RECOMPUTE:
            options.recompute = true;
            break;
        case OPTION_LIST:
            options.list = true;
            break;
        case OPTION_JOBS:
            ok = number("jobs", optarg, 1, WORKER_JOBS_MAX, &value);
            options.jobs = (uint32_t)value;
            break;
        case OPTION_MEMORY:
            ok = number("memory-mib", optarg, 0, UINT64_C(1) << 24, &options.memory_mib);
            break;
        case OPTION_TIME:
            ok = number("time-limit-s", optarg, 1, UINT64_C(30) * 86400, &options.time_limit_s);
            break;
        case OPTION_NICE:
            ok = number("nice", optarg, 0, 19, &value);
            options.nice = (int)value;
            break;
        case OPTION_SHARE:
            ok = number("share-above-ms", optarg, 0, UINT64_C(30) * 86400000, &options.share_above_ms);
            break;
        case OPTION_VERSION:
            options.version = true;
            break;
        case 'h':
            options.help = true;
            break;
        default:
            return false; /* getopt has said why */
        }
        if (!ok)
            return false;
    }
    if (optind < argc) {
        fprintf(stderr, "samordning-analyse: unexpected argument \"%s\"; --help lists the options\n", argv[optind]);
        return false;
    }
    if (!options.list && !options.help && !options.version && !options.database) {
        fprintf(stderr, "samordning-analyse: no database: give --database, or set SAMORDNING_DATABASE\n");
        return false;
    }
    *ret_options = options;
    return true;
}
