/* SPDX-License-Identifier: GPL-3.0-or-later
 * Power and false alarms: how often what `samordning simulate` plants is called, at each strength, and how often anything is
 * called when nothing is planted.
 *
 *   power_study           the whole study as CSV on stdout (tests/study/power_study.csv is its output)
 *   power_study --short   fewer years, and the promises of questions.c held: exit status 1 when one is broken
 *
 * Seeds count from 1; every strength has the same ones. The years are dealt to as many processes as there are cores, which
 * makes no difference to the output.
 */
#include "proportion.h"
#include "questions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define QUESTIONS_MAX 64
#define PROCESSES_MAX 64
#define FOUND_MISSES  1     /* years of the short form in which a truth may go unseen */
#define FLUKE         0.001 /* what more often than nominal must be less likely than */

struct scenario {
    double strength;
    enum planted_sectors sectors;
    unsigned years, years_short;
};
static const struct scenario scenarios[] = {
    {0, SECTORS_REGISTER, 200, 6},   {0, SECTORS_DEALT, 200, 6},     {0.1, SECTORS_REGISTER, 40, 0},
    {0.25, SECTORS_REGISTER, 40, 0}, {0.5, SECTORS_REGISTER, 40, 0}, {0.75, SECTORS_REGISTER, 40, 0},
    {1, SECTORS_REGISTER, 40, 4},
};
#define SCENARIOS (sizeof scenarios / sizeof scenarios[0])

struct tally {
    unsigned asked[QUESTIONS_MAX], called[QUESTIONS_MAX];
};

static bool is_asked(const struct question *question, const struct scenario *scenario)
{
    if (scenario->sectors == SECTORS_DEALT)
        return question->of_sectors;
    return question->kind == ASKED_OF_TRUTH || scenario->strength == 0;
}

/* ------------------------------------------------------------------------------------------------------------- one year */
/* Made when first needed. */
struct views {
    struct planted_view views[PERIOD_COUNT];
    bool made[PERIOD_COUNT];
};

static const struct planted_view *view_of(struct views *views, const struct planted_year *planted, enum planted_period period)
{
    if (!views->made[period])
        planted_view_init(&views->views[period], planted, period);
    views->made[period] = true;
    return &views->views[period];
}

static void ask_year(const struct scenario *scenario, uint64_t seed, struct tally *tally)
{
    struct simulate_plan plan;
    simulate_plan_default(scenario->strength, &plan);
    plan.seed = seed;
    struct planted_year planted;
    planted_year_init(&planted, &plan, scenario->sectors);
    struct views views = {.made = {false}};
    size_t count;
    const struct question *all = questions(&count), *before = NULL;
    struct result *result = NULL;
    for (size_t q = 0; q < count; q++) {
        const struct question *question = &all[q];
        if (!is_asked(question, scenario))
            continue;
        if (!before || strcmp(before->family, question->family) != 0 || before->period != question->period ||
            strcmp(before->choices, question->choices) != 0) {
            result_destroy(result);
            result = planted_result(&planted, view_of(&views, &planted, question->period), question->family, question->choices);
        }
        before = question;
        enum question_answer answer = question->ask(result);
        tally->asked[q] += answer != ANSWER_NONE;
        tally->called[q] += answer == ANSWER_YES;
    }
    result_destroy(result);
    for (int period = 0; period < PERIOD_COUNT; period++)
        if (views.made[period])
            planted_view_release(&views.views[period]);
    planted_year_release(&planted);
}

/* ------------------------------------------------------------------------------------------------------------ all years */
static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static pid_t start(const struct scenario *scenario, unsigned years, unsigned first, unsigned step, int *ret_pipe)
{
    int ends[2];
    if (pipe(ends) != 0)
        fail("pipe");
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        struct tally tally = {.asked = {0}};
        for (unsigned year = first; year < years; year += step)
            ask_year(scenario, 1 + year, &tally);
        close(ends[0]);
        if (write(ends[1], &tally, sizeof tally) != (ssize_t)sizeof tally) /* less than a pipe holds */
            fail("write");
        close(ends[1]);
        exit(0);
    }
    close(ends[1]);
    *ret_pipe = ends[0];
    return child;
}

static void ask_years(const struct scenario *scenario, unsigned years, struct tally *ret_tally)
{
    *ret_tally = (struct tally){.asked = {0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned processes = cores < 1 ? 1 : cores > PROCESSES_MAX ? PROCESSES_MAX : (unsigned)cores;
    pid_t children[PROCESSES_MAX];
    int pipes[PROCESSES_MAX];
    for (unsigned p = 0; p < processes; p++)
        children[p] = start(scenario, years, p, processes, &pipes[p]);
    for (unsigned p = 0; p < processes; p++) {
        struct tally tally;
        ssize_t size = read(pipes[p], &tally, sizeof tally);
        int state;
        if (size != (ssize_t)sizeof tally || waitpid(children[p], &state, 0) < 0 || state != 0) {
            fprintf(stderr, "study: a process that asked years ended early\n");
            exit(2);
        }
        close(pipes[p]);
        for (size_t q = 0; q < QUESTIONS_MAX; q++) {
            ret_tally->asked[q] += tally.asked[q];
            ret_tally->called[q] += tally.called[q];
        }
    }
}

/* Chance of `called` or more of `asked` at the nominal rate. */
static double chance_of(unsigned called, unsigned asked)
{
    double sum = 0;
    for (unsigned k = called; k <= asked; k++)
        sum += exp(lgamma(asked + 1.0) - lgamma(k + 1.0) - lgamma(asked - k + 1.0) + k * log(QUESTION_LEVEL) +
                   (asked - k) * log1p(-QUESTION_LEVEL));
    return sum;
}

static bool is_kept(const struct question *question, const struct scenario *scenario, unsigned asked, unsigned called)
{
    enum question_promise promise = question->promise[scenario->sectors];
    if (promise == PROMISE_FOUND && scenario->strength == 1)
        return asked > 0 && called + FOUND_MISSES >= asked;
    if (promise == PROMISE_NOMINAL && scenario->strength == 0)
        return asked > 0 && chance_of(called, asked) > FLUKE;
    return true;
}

int main(int argc, char **argv)
{
    bool is_short = argc == 2 && strcmp(argv[1], "--short") == 0;
    if (argc > 1 && !is_short) {
        fprintf(stderr, "usage: power_study [--short]\n");
        return 2;
    }
    size_t count;
    const struct question *all = questions(&count);
    bool kept = true;
    if (count > QUESTIONS_MAX) {
        fprintf(stderr, "study: more questions than room for them\n");
        return 2;
    }
    printf("question,sectors,strength,years,called,share,share_low,share_high\n");
    for (size_t s = 0; s < SCENARIOS; s++) {
        const struct scenario *scenario = &scenarios[s];
        unsigned years = is_short ? scenario->years_short : scenario->years;
        struct tally tally;
        ask_years(scenario, years, &tally);
        for (size_t q = 0; q < count && years; q++) {
            if (!is_asked(&all[q], scenario))
                continue;
            struct proportion share = proportion_wilson(tally.called[q], tally.asked[q]);
            printf("%s,%s,%g,%u,%u,%.3f,%.3f,%.3f\n", all[q].name, scenario->sectors == SECTORS_DEALT ? "dealt" : "register",
                   scenario->strength, tally.asked[q], tally.called[q], share.share, share.low, share.high);
            if (!is_kept(&all[q], scenario, tally.asked[q], tally.called[q])) {
                fprintf(stderr, "study: %s at strength %g: called in %u of %u years\n", all[q].name, scenario->strength,
                        tally.called[q], tally.asked[q]);
                kept = false;
            }
        }
        fflush(stdout);
    }
    return is_short && !kept;
}
