/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sorted lists, replaced whole when something changed.
 */
#include "access.h"
#include "clock.h"
#include "log.h"
#include "sql_text.h"

#include <stdio.h>
#include <stdlib.h>

#define ACCESS_ROWS_MAX 200000 /* organisations, subjects and revoked certificates in memory */

struct party {
    char *key; /* organisation number, subject, fingerprint, or hash of a token */
    char orgnr[10];
    int32_t organisation;
    uint32_t roles;
    int32_t token;      /* its number */
    int64_t expires_us; /* of a token, wall clock */
};

struct party_list {
    struct party *rows;
    size_t count;
};

enum { BY_ORGNR, BY_SUBJECT, REVOKED, BY_TOKEN, LISTS };

struct layer {
    char *name;
    int code;
};

struct access {
    struct store *store;
    void (*loaded)(struct store *store);
    struct party_list lists[LISTS];
    struct layer *layers;
    size_t layer_count;
    bool is_loaded;
    bool busy, again; /* a load is under way; another one is wanted */
    struct db_request parties_request, layers_request;
};

static int compare(const void *left, const void *right)
{
    return strcmp(((const struct party *)left)->key, ((const struct party *)right)->key);
}

static void release_list(struct party_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->rows[i].key);
    free(list->rows);
    *list = (struct party_list){0};
}

static struct party *append(struct party_list *list, const char *key, const char *orgnr, int32_t organisation, uint32_t roles)
{
    if ((list->count & (list->count - 1)) == 0) {
        struct party *rows = realloc(list->rows, (list->count == 0 ? 1 : list->count * 2) * sizeof rows[0]);
        if (rows == NULL)
            return NULL;
        list->rows = rows;
    }
    struct party *row = &list->rows[list->count]; /* NOLINT(clang-analyzer-unix.Malloc): the list owns its rows */
    char *copy = strdup(key);
    if (copy == NULL)
        return NULL;
    *row = (struct party){.key = copy, .organisation = organisation, .roles = roles};
    snprintf(row->orgnr, sizeof row->orgnr, "%s", orgnr);
    list->count++;
    return row;
}

static struct party *find(const struct party_list *list, const char *key)
{
    struct party wanted = {.key = (char *)(uintptr_t)key};
    return list->count == 0 ? NULL : bsearch(&wanted, list->rows, list->count, sizeof list->rows[0], compare);
}

static void load_over(struct access *access, bool whole)
{
    access->busy = false;
    access->is_loaded = access->is_loaded || whole;
    bool again = access->again;
    access->again = false;
    if (again)
        access_load(access);
    else if (whole)
        access->loaded(access->store);
}

static void layers_done(struct db_request *request)
{
    struct access *access = request->owner;
    if (request->outcome == DB_OK)
        access_layers(access, request->result, 0, 1);
    else if (request->outcome == DB_ERROR)
        log_error(NULL, "could not read the layers", LOG_TEXT("reason", request->error));
    if (!access->store->stopping)
        load_over(access, request->outcome == DB_OK);
}

static void parties_done(struct db_request *request)
{
    struct access *access = request->owner;
    if (request->outcome != DB_OK) {
        if (request->outcome == DB_ERROR)
            log_error(NULL, "could not read who may connect", LOG_TEXT("reason", request->error));
        access->busy = false;
        return; /* asked again when the connection comes back, or at the next notification */
    }
    struct party_list fresh[LISTS] = {0};
    bool whole = true;
    int rows = PQntuples(request->result);
    if (rows > ACCESS_ROWS_MAX) {
        log_error(NULL, "more organisations and certificates than fit", LOG_INT("rows", rows),
                  LOG_INT("most", ACCESS_ROWS_MAX));
        rows = ACCESS_ROWS_MAX;
    }
    for (int i = 0; i < rows && whole; i++) {
        struct party *row = append(&fresh[pg_get_int32(request->result, i, 0) % LISTS], PQgetvalue(request->result, i, 1),
                                   PQgetvalue(request->result, i, 2), pg_get_int32(request->result, i, 3),
                                   (uint32_t)pg_get_int32(request->result, i, 4));
        whole = row != NULL;
        if (whole) {
            row->token = pg_get_int32(request->result, i, 5);
            row->expires_us = pg_get_int64(request->result, i, 6);
        }
    }
    for (size_t i = 0; i < LISTS; i++) {
        if (fresh[i].count > 1)
            qsort(fresh[i].rows, fresh[i].count, sizeof fresh[i].rows[0], compare);
        if (whole) {
            release_list(&access->lists[i]);
            access->lists[i] = fresh[i];
        } else {
            release_list(&fresh[i]);
        }
    }
    access->layers_request =
        (struct db_request){.sql = sql_server_layer_codes, .binary = true, .done = layers_done, .owner = access};
    if (!db_pool_send(access->store->listener, &access->layers_request))
        access->busy = false;
}

void access_load(struct access *access)
{
    if (access->busy) {
        access->again = true;
        return;
    }
    access->busy = true;
    access->parties_request =
        (struct db_request){.sql = sql_server_principals, .binary = true, .done = parties_done, .owner = access};
    if (!db_pool_send(access->store->listener, &access->parties_request))
        access->busy = false;
}

bool access_is_loaded(const struct access *access)
{
    return access->is_loaded;
}

void access_layers(struct access *access, const PGresult *result, int name_column, int code_column)
{
    int rows = PQntuples(result);
    struct layer *layers = calloc((size_t)rows + 1, sizeof layers[0]);
    if (layers == NULL)
        return;
    size_t count = 0;
    for (int i = 0; i < rows; i++) {
        layers[count].name = strdup(PQgetvalue(result, i, name_column));
        layers[count].code = pg_get_int32(result, i, code_column);
        count += layers[count].name != NULL;
    }
    for (size_t i = 0; i < access->layer_count; i++)
        free(access->layers[i].name);
    free(access->layers);
    access->layers = layers;
    access->layer_count = count;
}

static void sort(struct party_list *list)
{
    qsort(list->rows, list->count, sizeof list->rows[0], compare);
}

static void put(struct party_list *list, const char *key, const char *orgnr, int32_t organisation, uint32_t roles)
{
    struct party *row = find(list, key);
    if (row != NULL) {
        row->organisation = organisation;
        row->roles = roles;
        snprintf(row->orgnr, sizeof row->orgnr, "%s", orgnr);
    } else if (append(list, key, orgnr, organisation, roles) != NULL) {
        sort(list);
    }
}

void access_token(struct access *access, const char *hash, const struct principal *principal, int64_t expires_us)
{
    struct party_list *list = &access->lists[BY_TOKEN];
    struct party *row = find(list, hash);
    bool is_new = row == NULL;
    if (is_new)
        row = append(list, hash, principal->orgnr, principal->organisation, principal->roles);
    if (row == NULL)
        return; /* the next load has it */
    row->roles = principal->roles;
    row->token = principal->token;
    row->expires_us = expires_us;
    if (is_new)
        sort(list);
}

void access_enrolled(struct access *access, const char *orgnr, int32_t organisation, uint32_t roles, const char *subject)
{
    put(&access->lists[BY_ORGNR], orgnr, orgnr, organisation, roles);
    for (size_t i = 0; i < access->lists[BY_SUBJECT].count; i++)
        if (access->lists[BY_SUBJECT].rows[i].organisation == organisation)
            access->lists[BY_SUBJECT].rows[i].roles = roles;
    if (subject != NULL && subject[0] != '\0')
        put(&access->lists[BY_SUBJECT], subject, orgnr, organisation, roles);
}

enum status access_principal(const struct access *access, const char *orgnr, const char *subject, const char *fingerprint,
                             struct principal *ret_principal)
{
    if (!access->is_loaded)
        return STATUS_UNAVAILABLE;
    if (fingerprint != NULL && fingerprint[0] != '\0' && find(&access->lists[REVOKED], fingerprint) != NULL)
        return STATUS_UNAUTHENTICATED;
    const struct party *row = NULL;
    if (orgnr != NULL && orgnr[0] != '\0')
        row = find(&access->lists[BY_ORGNR], orgnr);
    if (row == NULL && subject != NULL && subject[0] != '\0')
        row = find(&access->lists[BY_SUBJECT], subject);
    if (row == NULL)
        return STATUS_UNAUTHENTICATED;
    *ret_principal = (struct principal){.organisation = row->organisation, .roles = row->roles};
    memcpy(ret_principal->orgnr, row->orgnr, sizeof ret_principal->orgnr);
    return STATUS_OK;
}

enum status access_token_principal(const struct access *access, const char *hash, struct principal *ret_principal)
{
    if (!access->is_loaded)
        return STATUS_UNAVAILABLE;
    const struct party *row = find(&access->lists[BY_TOKEN], hash);
    if (row == NULL || row->expires_us <= clock_wall_us())
        return STATUS_UNAUTHENTICATED;
    *ret_principal = (struct principal){.organisation = row->organisation, .roles = row->roles, .token = row->token};
    memcpy(ret_principal->orgnr, row->orgnr, sizeof ret_principal->orgnr);
    return STATUS_OK;
}

int access_layer_code(const struct access *access, const char *name)
{
    for (size_t i = 0; i < access->layer_count; i++)
        if (strcmp(access->layers[i].name, name) == 0)
            return access->layers[i].code;
    return -1;
}

struct access *access_create(struct store *store, void (*loaded)(struct store *store))
{
    struct access *access = calloc(1, sizeof *access);
    if (access != NULL) {
        access->store = store;
        access->loaded = loaded;
    }
    return access;
}

void access_destroy(struct access *access)
{
    if (access == NULL)
        return;
    for (size_t i = 0; i < LISTS; i++)
        release_list(&access->lists[i]);
    for (size_t i = 0; i < access->layer_count; i++)
        free(access->layers[i].name);
    free(access->layers);
    free(access);
}
