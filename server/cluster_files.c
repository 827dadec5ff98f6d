/* SPDX-License-Identifier: GPL-3.0-or-later
 * Directories, initdb and configuration of the private PostgreSQL.
 */
#include "cluster_files.h"

#include "notify.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET_PATH_MAX 100 /* of 107; the file is called .s.PGSQL.5432 */

static enum status trouble(struct errmsg *errmsg, const char *what, const char *path)
{
    errmsg_set(errmsg, "", "%s %s: %s", what, path, strerror(errno));
    return STATUS_UNAVAILABLE;
}

pid_t cluster_spawn(const struct cluster_files *files, const char *const argv[], int output, bool own_session)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(output, 1);
    dup2(output, 2);
    close_range(3, ~0U, 0);
    if (own_session)
        setsid(); /* an interrupt typed at the daemon's terminal is the daemon's to pass on */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    if (files->drop && (setgroups(0, NULL) != 0 || setgid(files->gid) != 0 || setuid(files->uid) != 0)) {
        dprintf(2, "could not become the account %s: %s\n", files->user, strerror(errno));
        _exit(126);
    }
    if (chdir(files->home) != 0) {
        dprintf(2, "could not enter %s: %s\n", files->home, strerror(errno));
        _exit(126);
    }
    umask(077);
    notify_forget();
    execv(argv[0], (char *const *)(uintptr_t)argv);
    dprintf(2, "could not run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* ----------------------------------------------------------------------------------------------- account */

static enum status find_account(struct cluster_files *files, struct errmsg *errmsg)
{
    files->drop = geteuid() == 0;
    files->uid = geteuid();
    files->gid = getegid();
    const struct passwd *self = getpwuid(geteuid());
    snprintf(files->daemon_user, sizeof files->daemon_user, "%s", self != NULL ? self->pw_name : "");
    if (files->daemon_user[0] == '\0') {
        errmsg_set(errmsg, "", "this account (uid %d) has no name, which PostgreSQL needs", (int)geteuid());
        return STATUS_UNAVAILABLE;
    }
    snprintf(files->user, sizeof files->user, "%s", files->daemon_user);
    if (!files->drop)
        return STATUS_OK;
    const struct passwd *account = getpwnam(files->config->cluster_user);
    if (account == NULL || account->pw_uid == 0) {
        errmsg_set(errmsg, "", "cluster_user: there is no account %s that is not root", files->config->cluster_user);
        return STATUS_UNAVAILABLE;
    }
    files->uid = account->pw_uid;
    files->gid = account->pw_gid;
    snprintf(files->user, sizeof files->user, "%s", account->pw_name);
    return STATUS_OK;
}

/* The first directory on the way to `path` that the account cannot enter; found by a child that has become the account. */
static enum status check_way(const struct cluster_files *files, const char *path, struct errmsg *errmsg)
{
    if (!files->drop)
        return STATUS_OK;
    char way[PATH_MAX];
    snprintf(way, sizeof way, "%s", path);
    for (char *slash = strchr(way + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        pid_t pid = fork();
        if (pid == 0) {
            bool can = setgroups(0, NULL) == 0 && setgid(files->gid) == 0 && setuid(files->uid) == 0 && chdir(way) == 0;
            _exit(can ? 0 : 1);
        }
        int state = 0;
        if (pid < 0 || waitpid(pid, &state, 0) != pid || state != 0) {
            errmsg_set(errmsg, "",
                       "the account %s, which runs the private PostgreSQL, cannot enter %s; allow it (chmod o+x) or put "
                       "state_dir elsewhere",
                       files->user, way);
            return STATUS_UNAVAILABLE;
        }
        if (slash == NULL)
            return STATUS_OK;
        *slash = '/';
    }
}

/* ---------------------------------------------------------------------------------------------- programs */

static bool has_programs(const char *bin)
{
    char initdb[PATH_MAX + 16], postgres[PATH_MAX + 16];
    snprintf(initdb, sizeof initdb, "%s/initdb", bin);
    snprintf(postgres, sizeof postgres, "%s/postgres", bin);
    return access(initdb, X_OK) == 0 && access(postgres, X_OK) == 0;
}

static int data_version(const struct cluster_files *files)
{
    char path[PATH_MAX + 16], text[16] = "";
    snprintf(path, sizeof path, "%s/PG_VERSION", files->data);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    if (fgets(text, sizeof text, file) == NULL)
        text[0] = '\0';
    fclose(file);
    return (int)strtol(text, NULL, 10);
}

static enum status find_programs(struct cluster_files *files, struct errmsg *errmsg)
{
    int wanted = data_version(files), best = 0;
    if (files->config->postgres_bin_dir[0] != '\0') {
        snprintf(files->bin, sizeof files->bin, "%s", files->config->postgres_bin_dir);
        if (has_programs(files->bin))
            return STATUS_OK;
        errmsg_set(errmsg, "", "postgres_bin_dir: %s has no initdb and postgres", files->bin);
        return STATUS_UNAVAILABLE;
    }
    DIR *versions = opendir("/usr/lib/postgresql");
    for (struct dirent *entry; versions != NULL && (entry = readdir(versions)) != NULL;) {
        char bin[PATH_MAX];
        int version = isdigit((unsigned char)entry->d_name[0]) ? (int)strtol(entry->d_name, NULL, 10) : 0;
        snprintf(bin, sizeof bin, "/usr/lib/postgresql/%.200s/bin", entry->d_name);
        if (version >= 15 && (wanted == 0 ? version > best : version == wanted) && has_programs(bin)) {
            best = version;
            memcpy(files->bin, bin, sizeof bin);
        }
    }
    if (versions != NULL)
        closedir(versions);
    if (best > 0)
        return STATUS_OK;
    char path[4096];
    snprintf(path, sizeof path, "%s", getenv("PATH") != NULL ? getenv("PATH") : "");
    for (char *rest = path, *dir; wanted == 0 && (dir = strsep(&rest, ":")) != NULL;) {
        if (dir[0] == '/' && has_programs(dir)) {
            snprintf(files->bin, sizeof files->bin, "%.3000s", dir);
            return STATUS_OK;
        }
    }
    if (wanted > 0)
        errmsg_set(errmsg, "", "%s was made by PostgreSQL %d, which is not installed (or run pg_upgrade)", files->data, wanted);
    else
        errmsg_set(errmsg, "", "no PostgreSQL 15 or newer is installed (package postgresql-15), and database is not set");
    return STATUS_UNAVAILABLE;
}

/* ------------------------------------------------------------------------------------------- directories */

static enum status make_dir(const struct cluster_files *files, const char *path, struct errmsg *errmsg)
{
    struct stat there;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return trouble(errmsg, "could not make", path);
    if (lstat(path, &there) != 0 || !S_ISDIR(there.st_mode)) {
        errmsg_set(errmsg, "", "%s is not a directory", path);
        return STATUS_UNAVAILABLE;
    }
    if (there.st_uid != files->uid && (!files->drop || there.st_uid != 0 || lchown(path, files->uid, files->gid) != 0)) {
        errmsg_set(errmsg, "", "%s belongs to another account than %s", path, files->user);
        return STATUS_UNAVAILABLE;
    }
    if ((there.st_mode & 077) != 0 && chmod(path, 0700) != 0)
        return trouble(errmsg, "could not protect", path);
    return STATUS_OK;
}

static enum status choose_run(struct cluster_files *files, struct errmsg *errmsg)
{
    snprintf(files->run, sizeof files->run, "%s/run", files->home);
    if (strlen(files->run) <= SOCKET_PATH_MAX - strlen("/.s.PGSQL.5432"))
        return make_dir(files, files->run, errmsg);
    /* too long for a socket's address: a short name made from it */
    unsigned char hash[16];
    char hex[33];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)files->home, strlen(files->home), NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(files->run, sizeof files->run, "%s/samordning-%.16s",
             geteuid() == 0 && access("/run", W_OK) == 0 ? "/run" : "/tmp", hex);
    return make_dir(files, files->run, errmsg);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

static enum status run_initdb(const struct cluster_files *files, struct errmsg *errmsg)
{
    char fresh[PATH_MAX + 8], initdb[PATH_MAX + 8];
    snprintf(fresh, sizeof fresh, "%s.new", files->data);
    snprintf(initdb, sizeof initdb, "%s/initdb", files->bin);
    nftw(fresh, remove_one, 16, FTW_DEPTH | FTW_PHYS); /* what an interrupted one left */
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return trouble(errmsg, "could not start", initdb);
    const char *const argv[] = {initdb,
                                "-D",
                                fresh,
                                "-U",
                                "samordning",
                                "--encoding=UTF8",
                                "--locale=C.UTF-8",
                                "--data-checksums",
                                "--auth-local=peer",
                                "--auth-host=reject",
                                "--no-instructions",
                                NULL};
    pid_t pid = cluster_spawn(files, argv, ends[1], false);
    close(ends[1]);
    char said[4096];
    size_t size = 0;
    for (ssize_t got; (got = read(ends[0], said + size, sizeof said - 1 - size)) != 0;) {
        if (got < 0 && errno != EINTR)
            break;
        size += got > 0 ? (size_t)got : 0;
        if (size > sizeof said / 2) { /* the last words matter */
            memmove(said, said + size - sizeof said / 4, sizeof said / 4);
            size = sizeof said / 4;
        }
    }
    close(ends[0]);
    said[size] = '\0';
    int state = -1;
    if (pid < 0 || waitpid(pid, &state, 0) != pid || state != 0) {
        char *line = strstr(said, "initdb: error: ");
        line = line != NULL ? line + strlen("initdb: error: ") : strstr(said, "FATAL:  ");
        line = line != NULL ? line : said;
        line[strcspn(line, "\n")] = '\0';
        errmsg_set(errmsg, "", "could not make the private PostgreSQL in %s: %s", files->data,
                   line[0] != '\0' ? line : "initdb failed");
        return STATUS_UNAVAILABLE;
    }
    if (rename(fresh, files->data) != 0)
        return trouble(errmsg, "could not name", files->data);
    return STATUS_OK;
}

/* --------------------------------------------------------------------------------------- configuration */

static enum status write_file(const struct cluster_files *files, const char *name, const char *text, struct errmsg *errmsg)
{
    char path[PATH_MAX + 32], fresh[PATH_MAX + 40];
    snprintf(path, sizeof path, "%s/%s", files->data, name);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return trouble(errmsg, "could not write", fresh);
    size_t size = strlen(text);
    bool whole = write(fd, text, size) == (ssize_t)size && (!files->drop || fchown(fd, files->uid, files->gid) == 0);
    whole = close(fd) == 0 && whole;
    if (!whole || rename(fresh, path) != 0)
        return trouble(errmsg, "could not write", path);
    return STATUS_OK;
}

static enum status write_configuration(const struct cluster_files *files, struct errmsg *errmsg)
{
    char text[PATH_MAX + 4096];
    snprintf(text, sizeof text,
             "# Written by samordningd at each start; put settings of your own into local.conf beside this file.\n"
             "listen_addresses = ''\n"
             "unix_socket_directories = '%s'\n"
             "unix_socket_permissions = 0700\n"
             "max_connections = 60\n"
             "shared_buffers = %lluMB\n"
             "fsync = on\n"
             "synchronous_commit = on\n"
             "full_page_writes = on\n"
             "wal_compression = lz4\n"
             "min_wal_size = 2GB\n"
             "max_wal_size = 2GB\n"
             "wal_level = replica\n"
             "max_wal_senders = 3\n"
             "checkpoint_timeout = 15min\n"
             "jit = off\n"
             "timezone = 'UTC'\n"
             "log_timezone = 'UTC'\n"
             "lc_messages = 'C.UTF-8'\n"
             "log_line_prefix = '%%m [%%p] '\n"
             "log_checkpoints = off\n"
             "log_min_messages = warning\n"
             "log_min_error_statement = panic\n" /* rejected rows and names stay out of the log */
             "log_parameter_max_length = 0\n"
             "log_parameter_max_length_on_error = 0\n"
             "dynamic_shared_memory_type = posix\n"
             "include_if_exists = 'local.conf'\n",
             files->run, (unsigned long long)(files->config->cluster_shared_buffers >> 20));
    if (write_file(files, "postgresql.conf", text, errmsg) != STATUS_OK)
        return STATUS_UNAVAILABLE;
    if (write_file(files, "pg_hba.conf", "local all samordning peer map=samordning\nlocal all all peer\n", errmsg) != STATUS_OK)
        return STATUS_UNAVAILABLE;
    snprintf(text, sizeof text, "samordning %s samordning\nsamordning %s samordning\n", files->daemon_user, files->user);
    return write_file(files, "pg_ident.conf", text, errmsg);
}

enum status cluster_files_prepare(struct cluster_files *files, const struct config *config, struct errmsg *ret_errmsg)
{
    memset(files, 0, sizeof *files);
    files->config = config;
    if (strlen(config->state_dir) > sizeof files->home - 32 || strchr(config->state_dir, '\'') != NULL ||
        strchr(config->state_dir, '\n') != NULL) {
        errmsg_set(ret_errmsg, "", "state_dir is too long, or has a quote or a newline in its name");
        return STATUS_UNAVAILABLE;
    }
    snprintf(files->home, sizeof files->home, "%s/postgres", config->state_dir);
    snprintf(files->data, sizeof files->data, "%s/data", files->home);
    snprintf(files->log, sizeof files->log, "%s/postgres.log", files->home);
    if (find_account(files, ret_errmsg) != STATUS_OK || find_programs(files, ret_errmsg) != STATUS_OK)
        return STATUS_UNAVAILABLE;
    struct stat there;
    if (mkdir(config->state_dir, 0711) != 0 && errno != EEXIST)
        return trouble(ret_errmsg, "could not make", config->state_dir);
    if (stat(config->state_dir, &there) != 0 || !S_ISDIR(there.st_mode)) {
        errmsg_set(ret_errmsg, "", "%s is not a directory", config->state_dir);
        return STATUS_UNAVAILABLE;
    }
    /* its own directory may be passed through, not read: keys in it are protected one by one */
    if (files->drop && there.st_uid == 0 && (there.st_mode & S_IXOTH) == 0 &&
        chmod(config->state_dir, (there.st_mode & 07777) | S_IXOTH) != 0)
        return trouble(ret_errmsg, "could not allow passing through", config->state_dir);
    if (make_dir(files, files->home, ret_errmsg) != STATUS_OK || check_way(files, files->home, ret_errmsg) != STATUS_OK ||
        choose_run(files, ret_errmsg) != STATUS_OK)
        return STATUS_UNAVAILABLE;
    if (data_version(files) == 0) {
        if (stat(files->data, &there) == 0) {
            errmsg_set(ret_errmsg, "", "%s is there but is no PostgreSQL cluster (no PG_VERSION)", files->data);
            return STATUS_UNAVAILABLE;
        }
        if (run_initdb(files, ret_errmsg) != STATUS_OK)
            return STATUS_UNAVAILABLE;
    }
    return write_configuration(files, ret_errmsg);
}
