/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the private PostgreSQL's files are, and the making of them.
 */
#ifndef SAMORDNING_CLUSTER_FILES_H
#define SAMORDNING_CLUSTER_FILES_H

#include "config.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct cluster_files {
    const struct config *config;
    char home[PATH_MAX - 64]; /* state_dir/postgres */
    char data[PATH_MAX], run[PATH_MAX], log[PATH_MAX], bin[PATH_MAX];
    uid_t uid; /* who PostgreSQL runs as */
    gid_t gid;
    char user[64], daemon_user[64];
    bool drop; /* the daemon is root and must become uid first */
};

/* Finds programs and account, makes directories, checks that the account can get there; runs initdb when there is no cluster
 * yet; writes the configuration. */
MUST_CHECK enum status cluster_files_prepare(struct cluster_files *files, const struct config *config,
                                             struct errmsg *ret_errmsg);

/* Forks a process that runs as the cluster's account with stdout and stderr on `output`. Returns its pid, or -1. */
pid_t cluster_spawn(const struct cluster_files *files, const char *const argv[], int output, bool own_session);

#endif
