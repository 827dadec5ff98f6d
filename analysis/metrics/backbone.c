/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fitting the model, testing each pair that met, adjusting for how many could have.
 */
#include "backbone.h"

#include "degree_model.h"
#include "multiple.h"

#include <math.h>
#include <stdlib.h>

#define CLASS_NS 2000.0 /* rough cost of a class of meetings for one pair of classes of actors */

static const struct column_definition backbone_texts[] = {
    {"actor_a", "", "one actor", ""},
    {"actor_b", "", "the other actor", ""},
};
enum backbone_column { TOGETHER, EXPECTED, RATIO, P, Q, IN_BACKBONE, BACKBONE_COLUMNS };
static const struct column_definition backbone_definitions[BACKBONE_COLUMNS] = {
    [TOGETHER] = {"together", "", "meetings that tie both", ""},
    [EXPECTED] = {"expected", "", "meetings of both when each actor keeps how often it meets and each meeting how many come",
                  "Saracco et al. 2015"},
    [RATIO] = {"ratio", "observed / expected", "together / expected", ""},
    [P] = {"p", "", "chance of meeting at least so often under that model, exact", "Neal 2014"},
    [Q] = {"q", "", "false discovery rate at which this pair would be called, over all pairs of actors that meet at all",
           "Benjamini & Hochberg 1995"},
    [IN_BACKBONE] = {"in_backbone", "0/1", "1 when q is at most alpha", "Neal, Domagalski & Sagan 2021"},
};

struct met { /* a pair that met */
    size_t a, b;
    size_t low, high; /* their classes in the model */
    double together, expected, p, q;
};

static int compare_met(const void *left, const void *right)
{
    const struct met *a = left, *b = right;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static int compare_classes(const void *left, const void *right)
{
    const struct met *a = left, *b = right;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return (a->high > b->high) - (a->high < b->high);
}

/* Pairs of the same classes have one distribution, and each is a task. */
struct tests {
    const struct degree_model *model;
    struct met *met;
    size_t *start; /* of each task's pairs, and where the last end */
    bool failed;   /* out of memory */
};

static void *begin(void *arg)
{
    (void)arg;
    return calloc(1, sizeof(bool)); /* whether memory has run out here */
}

static void test_classes(void *arg, void *state, size_t task, struct crew_watch *watch)
{
    const struct tests *tests = arg;
    struct met *first = tests->met + tests->start[task], *end = tests->met + tests->start[task + 1];
    struct degree_together together;
    (void)watch; /* a distribution takes less than a millisecond */
    if (!degree_model_together(tests->model, first->low, first->high, &together)) {
        *(bool *)state = true;
        return;
    }
    for (struct met *met = first; met < end; met++) {
        met->expected = together.mean;
        met->p = degree_together_at_least(&together, met->together);
    }
    degree_together_release(&together);
}

static void end(void *arg, void *state, bool done)
{
    struct tests *tests = arg;
    (void)done;
    tests->failed = tests->failed || *(bool *)state;
    free(state);
}

/* Fills expected and p. */
static enum metrics_status test_met(const struct degree_model *model, struct met *met, size_t count, struct families_step *step,
                                    char error[400])
{
    struct tests tests = {.model = model, .met = met, .start = malloc((count + 1) * sizeof *tests.start)};
    size_t tasks = 0;
    if (!tests.start)
        return families_out_of_memory(error);
    if (count > 1)
        qsort(met, count, sizeof *met, compare_classes);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || compare_classes(&met[i - 1], &met[i]) != 0)
            tests.start[tasks++] = i;
    tests.start[tasks] = count;
    struct crew crew = families_crew(step);
    struct crew_job job = {.last = tasks,
                           .task_ns = (double)model->column_class_count * CLASS_NS,
                           .begin = begin,
                           .task = test_classes,
                           .end = end,
                           .arg = &tests};
    enum metrics_status status = families_crewed(crew_run(&crew, &job), error);
    free(tests.start);
    return status == METRICS_OK && tests.failed ? families_out_of_memory(error) : status;
}

enum metrics_status backbone_find(const struct network *network, struct meetings *meetings, double alpha,
                                  struct families_step *step, struct result *result, char error[400])
{
    size_t n = meetings->actor_count, attending = 0, met_count = 0;
    unsigned middle = step->from + (step->to - step->from) / 4;
    struct families_step fitting = {step->input, step->from, middle}, testing = {step->input, middle, step->to};
    struct degree_model model;
    enum degree_status fitted =
        degree_model_init(&model, meetings->attended, n, meetings->sizes, (size_t)meetings->count, families_proceed, &fitting);
    if (fitted != DEGREE_OK)
        return fitted == DEGREE_STOPPED ? METRICS_CANCELLED : families_out_of_memory(error);
    for (size_t i = 0; i < n; i++)
        attending += meetings->attended[i] > 0;
    size_t tests = attending * (attending - (attending > 0)) / 2;
    struct met *met = malloc((tests + 1) * sizeof *met);
    double *p = calloc(tests + 1, sizeof *p);
    enum metrics_status status = met && p ? METRICS_OK : families_out_of_memory(error);
    for (size_t a = 0; a < n && status == METRICS_OK; a++)
        for (size_t b = a + 1; b < n; b++) {
            size_t left = model.row_class[a], right = model.row_class[b];
            if (meetings->together[a * n + b] > 0)
                met[met_count++] = (struct met){.a = a,
                                                .b = b,
                                                .low = left < right ? left : right,
                                                .high = left < right ? right : left,
                                                .together = meetings->together[a * n + b]};
        }
    if (status == METRICS_OK)
        status = test_met(&model, met, met_count, &testing, error);
    for (size_t i = 0; i < tests && status == METRICS_OK; i++)
        p[i] = i < met_count ? met[i].p : 1;
    if (status == METRICS_OK && !multiple_benjamini_hochberg(p, tests, p))
        status = families_out_of_memory(error);
    size_t table = 0;
    if (status == METRICS_OK) {
        for (size_t i = 0; i < met_count; i++) {
            met[i].q = p[i];
            if (met[i].q <= alpha)
                meetings->weights[MEETINGS_BACKBONE][met[i].a * n + met[i].b] =
                    meetings->weights[MEETINGS_BACKBONE][met[i].b * n + met[i].a] = 1;
        }
        if (met_count > 1)
            qsort(met, met_count, sizeof *met, compare_met);
        table = result_add_table(result, "backbone", met_count);
        if (!model.settled)
            result_note(result, "The model behind the backbone did not settle: expected numbers of meetings are approximate.");
    }
    for (size_t c = 0; status == METRICS_OK && c < 2; c++) {
        char **texts = result_add_texts(result, table, &backbone_texts[c]);
        for (size_t r = 0; texts && r < met_count; r++)
            result_set_text(result, &texts[r], network->actors[c == 0 ? met[r].a : met[r].b].key);
    }
    for (size_t c = 0; status == METRICS_OK && c < BACKBONE_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &backbone_definitions[c]);
        for (size_t r = 0; numbers && r < met_count; r++) {
            const double row[] = {[TOGETHER] = met[r].together,
                                  [EXPECTED] = met[r].expected,
                                  [RATIO] = met[r].expected > 0 ? met[r].together / met[r].expected : NAN,
                                  [P] = met[r].p,
                                  [Q] = met[r].q,
                                  [IN_BACKBONE] = met[r].q <= alpha};
            numbers[r] = row[c];
        }
    }
    free(met);
    free(p);
    degree_model_release(&model);
    return status;
}
