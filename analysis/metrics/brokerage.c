/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family brokerage: who stands between whom, by the sectors of the three, against a random graph and against sectors dealt out
 * at random.
 */
#include "broker_roles.h"
#include "families.h"
#include "label_permutation.h"
#include "mixing.h"
#include "multiple.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define PATHS_MAX 50000000 /* open two-paths that are listed: 400 MB */
#define WORK_MAX  4e9      /* two-paths times labellings; beyond it only the random graph is compared with */

static const char *const role_names[BROKER_ROLES] = {"coordinator", "itinerant", "representative", "gatekeeper", "liaison"};

static const struct column_definition count_definitions[BROKER_ROLES + 1] = {
    [BROKER_COORDINATOR] = {"coordinator", "", "open two-paths a -> actor -> b with all three in one sector",
                            "Gould & Fernandez 1989"},
    [BROKER_ITINERANT] = {"itinerant", "", "the same with a and b in one sector, the actor in another",
                          "Gould & Fernandez 1989"},
    [BROKER_REPRESENTATIVE] = {"representative", "", "the same with a in the actor's sector, b in another: what leaves it",
                               "Gould & Fernandez 1989"},
    [BROKER_GATEKEEPER] = {"gatekeeper", "", "the same with b in the actor's sector, a in another: what enters it",
                           "Gould & Fernandez 1989"},
    [BROKER_LIAISON] = {"liaison", "", "the same with three different sectors", "Gould & Fernandez 1989"},
    [BROKER_ROLES] = {"brokerage", "", "all open two-paths through the actor", "Gould & Fernandez 1989"},
};

static const struct column_definition role_text = {"role", "", "role of the actor between the other two",
                                                   "Gould & Fernandez 1989"};
enum role_column { COUNT, EXPECTED_GRAPH, Z_GRAPH, EXPECTED_LABELS, SD_LABELS, Z_LABELS, P_LABELS, Q_LABELS, ROLE_COLUMNS };
static const struct column_definition role_definitions[ROLE_COLUMNS] = {
    [COUNT] = {"count", "", "open two-paths in this role", "Gould & Fernandez 1989"},
    [EXPECTED_GRAPH] = {"expected_random_graph", "",
                        "mean in a random graph of the same density, given the sizes of the sectors", "Gould & Fernandez 1989"},
    [Z_GRAPH] = {"z_random_graph", "", "(count - expected_random_graph) / its standard deviation", "Gould & Fernandez 1989"},
    [EXPECTED_LABELS] = {"expected_permutation", "", "mean when the same sectors are dealt out to actors at random",
                         "Good 2005, permutation tests"},
    [SD_LABELS] = {"sd_permutation", "", "standard deviation over these labellings", "Good 2005, permutation tests"},
    [Z_LABELS] = {"z", "", "(count - expected_permutation) / sd_permutation", ""},
    [P_LABELS] = {"p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
    [Q_LABELS] = {"q", "", "false discovery rate at which this row would be called, over all rows with a p value",
                  "Benjamini & Hochberg 1995"},
};

struct plan {
    const struct broker_paths *paths;
    struct families_step step;
};

/* Per actor and role, then each role's sum over the actors. */
static void statistics(void *arg, const int32_t *labels, double *ret_statistics)
{
    const struct plan *plan = arg;
    size_t n = plan->paths->count;
    broker_count(plan->paths, labels, ret_statistics);
    double *sums = ret_statistics + n * BROKER_ROLES;
    for (size_t role = 0; role < BROKER_ROLES; role++)
        sums[role] = 0;
    for (size_t i = 0; i < n * BROKER_ROLES; i++)
        sums[i % BROKER_ROLES] += ret_statistics[i];
}

/* A thread needs nothing of its own. */
static void *open_plan(const void *arg)
{
    return (void *)(uintptr_t)arg;
}

static void close_plan(void *own)
{
    (void)own;
}

static bool proceed(void *arg, unsigned permille)
{
    return families_proceed(&((struct plan *)arg)->step, permille);
}

static int compare_arcs(const void *left, const void *right)
{
    const struct broker_arc *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

/* Binary arcs among the labelled actors. NULL: out of memory. */
static struct broker_arc *arcs_of(const struct mixing *mixing, size_t *ret_count)
{
    size_t count = 0;
    struct broker_arc *arcs = malloc((2 * mixing->tie_count + 1) * sizeof *arcs);
    for (size_t t = 0; arcs && t < mixing->tie_count; t++) {
        arcs[count++] = (struct broker_arc){mixing->ties[t].from, mixing->ties[t].to};
        if (!mixing->directed)
            arcs[count++] = (struct broker_arc){mixing->ties[t].to, mixing->ties[t].from};
    }
    if (count > 1)
        qsort(arcs, count, sizeof *arcs, compare_arcs);
    *ret_count = count;
    return arcs;
}

static void count_table(const struct network *network, const struct mixing *mixing, const double *counts, struct result *result)
{
    size_t table = families_actor_table(network, result, "brokerage");
    for (size_t role = 0; role <= BROKER_ROLES; role++) {
        double *numbers = result_add_numbers(result, table, &count_definitions[role]);
        for (size_t a = 0; numbers && a < mixing->labelled; a++) {
            const double *row = counts + a * BROKER_ROLES;
            numbers[mixing->actor[a]] = role < BROKER_ROLES ? row[role] : row[0] + row[1] + row[2] + row[3] + row[4];
        }
    }
}

static void null_row(const struct label_null *null, const struct broker_moments *moments, double count, double *row)
{
    row[COUNT] = count;
    row[EXPECTED_GRAPH] = moments ? moments->mean : NAN;
    row[Z_GRAPH] = moments && moments->sd > 0 ? (count - moments->mean) / moments->sd : NAN;
    row[EXPECTED_LABELS] = null ? null->mean : NAN;
    row[SD_LABELS] = null ? null->sd : NAN;
    row[Z_LABELS] = null ? null->z : NAN;
    row[P_LABELS] = null && null->sd > 0 ? null->p : NAN;
    row[Q_LABELS] = NAN;
}

/* The rows of a table against both nulls; q over the rows. False: out of memory. */
static bool fill_nulls(struct result *result, size_t table, double (*rows)[ROLE_COLUMNS], size_t count)
{
    double *p = malloc((count + 1) * sizeof *p);
    for (size_t r = 0; p && r < count; r++)
        p[r] = rows[r][P_LABELS];
    bool done = p && multiple_benjamini_hochberg(p, count, p);
    for (size_t c = 0; done && c < ROLE_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &role_definitions[c]);
        for (size_t r = 0; numbers && r < count; r++)
            numbers[r] = c == Q_LABELS ? p[r] : rows[r][c];
    }
    free(p);
    return done;
}

static bool role_table(const struct network *network, const struct mixing *mixing, const size_t *sizes, const double *counts,
                       const struct label_null *nulls, double density, struct result *result)
{
    static const struct column_definition texts[] = {{"actor", "", "stable key of the actor", ""},
                                                     {"name", "", "name of the actor", ""},
                                                     {"sector", "", "sector the actor belongs to", ""}};
    size_t rows = mixing->labelled * BROKER_ROLES;
    double(*values)[ROLE_COLUMNS] = calloc(rows + 1, sizeof *values);
    if (!values)
        return false;
    size_t table = result_add_table(result, "roles", rows);
    for (size_t c = 0; c < 3; c++) {
        char **column = result_add_texts(result, table, &texts[c]);
        for (size_t r = 0; column && r < rows; r++) {
            const struct network_actor *actor = &network->actors[mixing->actor[r / BROKER_ROLES]];
            result_set_text(result, &column[r], c == 0 ? actor->key : c == 1 ? actor->label : actor->sector);
        }
    }
    char **column = result_add_texts(result, table, &role_text);
    for (size_t r = 0; column && r < rows; r++)
        result_set_text(result, &column[r], role_names[r % BROKER_ROLES]);
    for (size_t r = 0; r < rows; r++) {
        struct broker_moments moments = broker_expected(sizes, mixing->group_count, mixing->label[r / BROKER_ROLES], density,
                                                        mixing->directed, (enum broker_role)(r % BROKER_ROLES));
        null_row(nulls ? &nulls[r] : NULL, &moments, counts[r], values[r]);
    }
    bool done = fill_nulls(result, table, values, rows);
    free(values);
    return done;
}

static bool total_table(const struct mixing *mixing, const double *counts, const struct label_null *nulls,
                        struct result *result)
{
    double values[BROKER_ROLES][ROLE_COLUMNS];
    size_t cells = mixing->labelled * BROKER_ROLES, table = result_add_table(result, "totals", BROKER_ROLES);
    char **column = result_add_texts(result, table, &role_text);
    for (size_t role = 0; role < BROKER_ROLES; role++) {
        if (column)
            result_set_text(result, &column[role], role_names[role]);
        null_row(nulls ? &nulls[cells + role] : NULL, NULL, counts[cells + role], values[role]);
    }
    return fill_nulls(result, table, values, BROKER_ROLES);
}

static void describe(const struct mixing *mixing, bool exact, unsigned labellings, uint64_t seed, struct result *result)
{
    result_set_card(result, "brokerage",
                    "binary ties among actors with a sector; an open two-path has no tie from its first to "
                    "its last actor");
    if (!mixing->directed)
        result_set_card(result, "both ways",
                        "the network has no direction: every open pair is walked both ways and counts twice, once as "
                        "representative and once as gatekeeper");
    result_set_card(result, "random graph", "ties independent with the density observed; sectors and their sizes as they are");
    if (labellings > 0)
        families_card_labellings(exact, labellings, seed, result);
    if (mixing->group_count < 2)
        result_note(result, "Fewer than two sectors: nobody can stand between sectors.");
}

enum metrics_status brokerage_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    enum metrics_status status = METRICS_FAILED;
    struct mixing mixing;
    if (!mixing_init(&mixing, network, &ground.topology)) {
        families_end(&ground);
        return families_out_of_memory(error);
    }
    struct broker_paths paths = {0};
    struct plan plan = {&paths, {input, 0, 100}};
    size_t arc_count = 0, cells = mixing.labelled * BROKER_ROLES;
    struct broker_arc *arcs = arcs_of(&mixing, &arc_count);
    size_t *sizes = calloc(mixing.group_count + 1, sizeof *sizes);
    double *counts = calloc(cells + BROKER_ROLES + 1, sizeof *counts);
    struct label_null *nulls = calloc(cells + BROKER_ROLES + 1, sizeof *nulls);
    enum broker_status listed = BROKER_NO_MEMORY;
    if (arcs && sizes && counts && nulls)
        listed = broker_paths_init(&paths, arcs, arc_count, mixing.labelled, PATHS_MAX, proceed, &plan);
    if (listed == BROKER_STOPPED) {
        status = METRICS_CANCELLED;
        goto out;
    }
    if (listed == BROKER_NO_MEMORY)
        goto memory;
    if (listed == BROKER_TOO_MANY) {
        result_note(result, "Brokerage was left out: more than %d open two-paths.", PATHS_MAX);
        status = families_finish(result, error);
        goto out;
    }
    for (size_t a = 0; a < mixing.labelled; a++)
        sizes[mixing.label[a]]++;
    statistics(&plan, mixing.label, counts);
    count_table(network, &mixing, counts, result);

    double n = (double)mixing.labelled, density = n > 1 ? (double)arc_count / (n * (n - 1)) : 0;
    bool exact = false, compared = mixing.group_count > 1;
    unsigned labellings = 0;
    uint64_t wanted = ground.choices->permutations;
    if (compared && (double)paths.start[mixing.labelled] * (double)wanted > WORK_MAX) {
        compared = false;
        result_note(result,
                    "The comparison with sectors dealt out at random was left out: %zu open two-paths and %llu "
                    "labellings are too much work. Ask for fewer with permutations=.",
                    paths.start[mixing.labelled], (unsigned long long)wanted);
    }
    if (compared) {
        plan.step = (struct families_step){input, 100, 950};
        struct label_permutation permutation = {.labels = mixing.label,
                                                .label_count = mixing.labelled,
                                                .statistic_count = cells + BROKER_ROLES,
                                                .permutations = (unsigned)wanted,
                                                .seed = network->spec.seed,
                                                .statistics = statistics,
                                                .proceed = proceed,
                                                .arg = &plan,
                                                .open = open_plan,
                                                .close = close_plan,
                                                .threads = input->threads};
        enum label_permutation_status permuted = label_permutation_run(&permutation, nulls, &exact, &labellings);
        if (permuted == LABEL_PERMUTATION_NO_MEMORY)
            goto memory;
        if (permuted == LABEL_PERMUTATION_STOPPED) {
            status = METRICS_CANCELLED;
            goto out;
        }
    }
    plan.step = (struct families_step){input, 950, 1000};
    if (!proceed(&plan, 0)) {
        status = METRICS_CANCELLED;
        goto out;
    }
    const struct label_null *known = compared ? nulls : NULL;
    if (!role_table(network, &mixing, sizes, counts, known, density, result) || !total_table(&mixing, counts, known, result))
        goto memory;
    describe(&mixing, exact, labellings, network->spec.seed, result);
    families_note_resolution(exact, labellings, nulls, cells, result);
    families_note_unlabelled(network, result);
    status = families_finish(result, error);
    goto out;
memory:
    status = families_out_of_memory(error);
out:
    broker_paths_release(&paths);
    free(arcs);
    free(sizes);
    free(counts);
    free(nulls);
    mixing_release(&mixing);
    families_end(&ground);
    return status;
}
