/* SPDX-License-Identifier: GPL-3.0-or-later
 * The program samordning-analyse.
 */
#include "answer.h"
#include "worker.h"

#include <stdio.h>

#define FAMILIES_MAX 64

int main(int argc, char **argv)
{
    struct worker_options options;
    if (!worker_options_parse(argc, argv, &options))
        return 2;
    if (options.help) {
        worker_options_help();
        return 0;
    }
    if (options.version) {
        puts("samordning-analyse (" SAMORDNING_SOFTWARE ")");
        return 0;
    }
    if (options.list) {
        struct answer_family families[FAMILIES_MAX];
        size_t count = answer_families(families, FAMILIES_MAX);
        for (size_t i = 0; i < count; i++)
            printf("%-12s %s\n", families[i].name, families[i].title);
        return 0;
    }
    return worker_run(&options);
}
