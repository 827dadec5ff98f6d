/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sample year as files (see simulate.h). */
#include "simulate.h"

#include "delivery.h"
#include "purpose.h"
#include "register.h"
#include "year.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_MAX_BYTES 4096

struct output {
    const struct simulate_plan *plan;
    const struct year *year;
    const char *directory;
    struct simulate_summary summary;
    json_t *files;
    struct errmsg *errmsg;
};

static enum status failed(struct output *output, const char *path)
{
    errmsg_set(output->errmsg, "", "could not write %s: %s", path, strerror(errno));
    return STATUS_UNAVAILABLE;
}

static enum status make_directory(struct output *output)
{
    if (mkdir(output->directory, 0777) != 0 && errno != EEXIST) {
        errmsg_set(output->errmsg, "", "could not make the directory %s: %s", output->directory, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

static enum status open_file(struct output *output, const char *name, char ret_path[PATH_MAX_BYTES], FILE **ret_file)
{
    int size = snprintf(ret_path, PATH_MAX_BYTES, "%s/%s", output->directory, name);
    if (size < 0 || size >= PATH_MAX_BYTES) {
        errmsg_set(output->errmsg, "", "the path of the output directory is too long");
        return STATUS_INVALID;
    }
    FILE *file = fopen(ret_path, "w");
    if (!file)
        return failed(output, ret_path);
    *ret_file = file;
    return STATUS_OK;
}

static enum status write_delivery(struct output *output, const char *name, unsigned reporter)
{
    char path[PATH_MAX_BYTES];
    FILE *file;
    enum status status = open_file(output, name, path, &file);
    if (status != STATUS_OK)
        return status;
    struct delivery_counts counts;
    bool written = delivery_write(file, output->year, reporter, &counts);
    int written_errno = errno;
    if (fclose(file) != 0 || !written) {
        errno = written ? errno : written_errno;
        return failed(output, path);
    }
    output->summary.files++;
    output->summary.told += counts.told;
    output->summary.rows += counts.rows;
    json_t *entry =
        json_pack("{s:s, s:I, s:I}", "file", name, "interactions", (json_int_t)counts.told, "rows", (json_int_t)counts.rows);
    if (entry && reporter != PUBLIC_BODY_NONE)
        json_object_set_new(entry, "reporter", json_string(public_bodies[reporter].orgnr));
    return entry && json_array_append_new(output->files, entry) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status write_deliveries(struct output *output)
{
    if (output->plan->single_file)
        return write_delivery(output, "interactions.csv", PUBLIC_BODY_NONE);
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < public_body_count && status == STATUS_OK; i++) {
        if (!public_body_is_ministry(i) || !public_body_exists(i, output->plan->year))
            continue;
        char name[64];
        snprintf(name, sizeof name, "interactions-%s.csv", public_bodies[i].orgnr);
        status = write_delivery(output, name, i);
    }
    return status;
}

static enum status write_file(struct output *output, const char *name, bool (*write)(FILE *file, const struct year *year))
{
    char path[PATH_MAX_BYTES];
    FILE *file;
    enum status status = open_file(output, name, path, &file);
    if (status != STATUS_OK)
        return status;
    bool written = write(file, output->year);
    int written_errno = errno;
    if (fclose(file) != 0 || !written) {
        errno = written ? errno : written_errno;
        return failed(output, path);
    }
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------------------- the truth */

static json_t *body_json(unsigned body, double strength)
{
    return json_pack("{s:s, s:s, s:f}", "actor", public_bodies[body].orgnr, "abbreviation", public_bodies[body].abbreviation,
                     "strength", strength);
}

static json_t *halves_json(const struct simulate_plan *plan)
{
    json_t *halves = json_pack("[[], []]");
    for (unsigned i = 0; i < public_body_count && halves; i++) {
        unsigned half = public_body_exists(i, plan->year) ? year_half(plan, i) : 2;
        if (half < 2 && json_array_append_new(json_array_get(halves, half), json_string(public_bodies[i].orgnr)) != 0) {
            json_decref(halves);
            return NULL;
        }
    }
    return halves;
}

static json_t *planted_json(const struct simulate_plan *plan)
{
    json_t *planted = json_object();
    bool good = planted != NULL;
    if (good && plan->slow != PUBLIC_BODY_NONE)
        good = json_object_set_new(planted, "slow", body_json(plan->slow, plan->slow_strength)) == 0;
    if (good && plan->broker != PUBLIC_BODY_NONE) {
        json_t *broker = body_json(plan->broker, plan->broker_strength);
        good = broker && json_object_set_new(broker, "halves", halves_json(plan)) == 0;
        good = json_object_set_new(planted, "broker", broker) == 0 && good;
    }
    if (good && plan->silent != PUBLIC_BODY_NONE)
        good = json_object_set_new(planted, "silent", body_json(plan->silent, plan->silent_strength)) == 0;
    if (good && plan->gap[0][0])
        good = json_object_set_new(
                   planted, "gap",
                   json_pack("{s:[ss], s:f}", "sectors", plan->gap[0], plan->gap[1], "strength", plan->gap_strength)) == 0;
    if (good)
        return planted;
    json_decref(planted);
    return NULL;
}

struct tally {
    uint64_t by_happening[HAPPENING_COUNT];
    uint64_t loose[PUBLIC_BODIES_MAX];
    uint64_t participations, pending, witnessed;
};

static void count_year(const struct year *year, struct tally *tally)
{
    *tally = (struct tally){.participations = 0};
    for (size_t i = 0; i < year->interaction_count; i++) {
        const struct year_interaction *interaction = &year->interactions[i];
        tally->by_happening[interaction->happening]++;
        tally->witnessed += interaction->witness != PUBLIC_BODY_NONE;
        for (unsigned j = 0; j < interaction->count; j++) {
            const struct year_participation *participation = &year->participations[interaction->first + j];
            tally->participations++;
            tally->pending += participation->reply_status == SAMORDNING__V1__REPLY_STATUS__REPLY_PENDING;
            tally->loose[participation->body] += participation->spelling == SPELLING_LOOSE;
        }
    }
}

static json_t *types_json(const struct tally *tally)
{
    json_t *types = json_object();
    for (unsigned i = 0; i < HAPPENING_COUNT && types; i++)
        json_object_set_new(types, happening_layer((enum happening)i), json_integer((json_int_t)tally->by_happening[i]));
    return types;
}

static json_t *loose_json(const struct tally *tally)
{
    json_t *names = json_array();
    for (unsigned i = 0; i < public_body_count && names; i++) {
        if (tally->loose[i])
            json_array_append_new(names, json_pack("{s:s, s:s, s:I}", "spelling", public_bodies[i].loose_spelling, "actor",
                                                   public_bodies[i].orgnr, "participations", (json_int_t)tally->loose[i]));
    }
    return names;
}

static enum status write_truth(struct output *output)
{
    struct tally tally;
    count_year(output->year, &tally);
    output->summary.interactions = output->year->interaction_count;
    output->summary.pending = tally.pending;
    const struct simulate_plan *plan = output->plan;
    json_t *truth = json_pack("{s:s, s:b, s:i, s:I, s:I, s:I, s:I, s:I, s:i, s:o, s:o, s:o, s:O}", "software",
                              SAMORDNING_SOFTWARE, "simulated", 1, "year", plan->year, "seed", (json_int_t)plan->seed,
                              "interactions", (json_int_t)output->summary.interactions, "participations",
                              (json_int_t)tally.participations, "pending", (json_int_t)tally.pending, "witnessed",
                              (json_int_t)tally.witnessed, "actors", (int)output->summary.actors, "planted", planted_json(plan),
                              "types", types_json(&tally), "unknown_names", loose_json(&tally), "files", output->files);
    if (!truth)
        return STATUS_NO_MEMORY;
    char path[PATH_MAX_BYTES];
    FILE *file = NULL;
    enum status status = open_file(output, "truth.json", path, &file);
    if (status == STATUS_OK) {
        bool written = json_dumpf(truth, file, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) == 0 && fputc('\n', file) != EOF;
        if (fclose(file) != 0 || !written)
            status = failed(output, path);
    }
    json_decref(truth);
    return status;
}

enum status simulate_write(const struct simulate_plan *plan, const char *out_dir, struct simulate_summary *ret_summary,
                           struct errmsg *ret_errmsg)
{
    enum status status = simulate_plan_check(plan, ret_errmsg);
    struct year *year = NULL;
    if (status == STATUS_OK)
        status = year_create(plan, &year, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    struct output output = {.plan = plan, .year = year, .directory = out_dir, .files = json_array(), .errmsg = ret_errmsg};
    status = output.files ? make_directory(&output) : STATUS_NO_MEMORY;
    static const struct {
        const char *name;
        bool (*write)(FILE *file, const struct year *year);
    } files[] = {{"actors.csv", register_write_actors},
                 {"reorganisations.csv", register_write_reorganisations},
                 {"submitters.csv", register_write_submitters},
                 {"cases.csv", purpose_write_cases},
                 {"need.csv", purpose_write_need}};
    for (size_t i = 0; i < sizeof files / sizeof files[0] && status == STATUS_OK; i++)
        status = write_file(&output, files[i].name, files[i].write);
    for (unsigned i = 0; i < public_body_count; i++)
        output.summary.actors += public_body_exists(i, plan->year);
    if (status == STATUS_OK)
        status = write_deliveries(&output);
    if (status == STATUS_OK)
        status = write_truth(&output);
    if (status == STATUS_OK)
        *ret_summary = output.summary;
    json_decref(output.files);
    year_destroy(year);
    return status;
}
