/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning simulate: a sample year of files, with known truths planted in it. */
#include "simulate.h"

#include "arguments.h"
#include "command.h"
#include "say.h"
#include "simulate_survey.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_STRENGTH 0.8

static bool read_share(const struct arguments *arguments, const char *name, double otherwise, double *ret_share)
{
    const char *text = arguments_text(arguments, name, NULL);
    *ret_share = otherwise;
    if (!text)
        return true;
    char *end;
    double share = strtod(text, &end);
    if (end == text || *end || !(share >= 0.0 && share <= 1.0)) {
        say_error(_("--%s wants a number from 0 to 1, not \"%s\""), name, text);
        return false;
    }
    *ret_share = share;
    return true;
}

static bool read_plan(const struct arguments *arguments, struct simulate_plan *ret_plan)
{
    double strength, witnesses;
    uint64_t year, interactions;
    struct errmsg errmsg = {.field = ""};
    if (!read_share(arguments, "strength", DEFAULT_STRENGTH, &strength))
        return false;
    simulate_plan_default(strength, ret_plan);
    if (!arguments_has(arguments, "strength"))
        ret_plan->broker_strength = 1.0; /* only a broker nobody goes round cuts the network in two */
    if (!arguments_number(arguments, "year", (uint64_t)ret_plan->year, PLAN_YEAR_MIN, PLAN_YEAR_MAX, &year) ||
        !arguments_number(arguments, "interactions", ret_plan->interactions, 1, PLAN_INTERACTIONS_MAX, &interactions) ||
        !arguments_number(arguments, "seed", ret_plan->seed, 0, INT64_MAX, &ret_plan->seed) ||
        !read_share(arguments, "witnesses", ret_plan->witness_share, &witnesses))
        return false;
    ret_plan->year = (int)year;
    ret_plan->interactions = (uint32_t)interactions;
    ret_plan->witness_share = witnesses;
    ret_plan->single_file = arguments_has(arguments, "single-file");
    const char *planted = arguments_text(arguments, "plant", NULL);
    if ((planted && simulate_plan_plant(ret_plan, planted, strength, &errmsg) != STATUS_OK) ||
        simulate_plan_check(ret_plan, &errmsg) != STATUS_OK) {
        say_error("--%s: %s", errmsg.field, errmsg.text);
        return false;
    }
    return true;
}

static int run(const struct arguments *arguments)
{
    const char *out = arguments_text(arguments, "out", NULL);
    struct simulate_plan plan;
    if (arguments->operand_count) {
        say_error(_("simulate takes no \"%s\""), arguments->operands[0]);
        return EXIT_CODE_USAGE;
    }
    if (!read_plan(arguments, &plan))
        return EXIT_CODE_USAGE;
    if (arguments_has(arguments, "survey"))
        return simulate_survey(arguments, &plan);
    if (!out) {
        say_error(_("simulate wants --out DIR, or --survey WAVE"));
        return EXIT_CODE_USAGE;
    }
    struct simulate_summary summary;
    struct errmsg errmsg = {.field = ""};
    if (simulate_write(&plan, out, &summary, &errmsg) != STATUS_OK) {
        say_error("%s", errmsg.text[0] ? errmsg.text : _("out of memory"));
        return EXIT_CODE_INPUT;
    }
    printf(_("%s: %" PRIu64 " interactions of %d among %u actors, %" PRIu64 " of them told by two; %" PRIu64
             " not answered when the "
             "year ends\n"),
           out, summary.interactions, plan.year, summary.actors, summary.told - summary.interactions, summary.pending);
    return EXIT_CODE_OK;
}

static const struct option_row options[] = {
    {"out", 'o', N_("DIR"), N_("write the files there (the directory is made if it is missing)"), "@directory"},
    {"survey", 0, N_("WAVE"), N_("instead: let the officials of the year answer this wave"), NULL},
    {"year", 0, N_("YEAR"), N_("the year, 2014 or later (default 2025)"), NULL},
    {"interactions", 'n', N_("NUMBER"), N_("how many interactions (default 12000)"), NULL},
    {"seed", 0, N_("NUMBER"), N_("the same seed gives the same files (default 1)"), NULL},
    {"plant", 0, N_("LIST"),
     N_("what to plant, comma separated, or none (default slow=SD,broker=KDD:1,gap=velferd-kunnskap,silent=LMD)"), "none"},
    {"strength", 0, N_("NUMBER"), N_("0 to 1, for what --plant gives no strength of its own (default 0.8)"), NULL},
    {"witnesses", 0, N_("SHARE"), N_("of the interactions that a second ministry tells of as well (default 0.08)"), NULL},
    {"single-file", 0, NULL, N_("one file with everything, told once, instead of one file for each ministry"), NULL},
    {NULL},
};

static const struct option_row survey_options[] = {
    {"links", 0, N_("FILE"), N_("the seats, as samordning survey invite --links wrote them"), "@file"},
    {"bundles", 0, N_("DIR"), N_("directory with a bundle for each ministry, named by organisation number"), "@directory"},
    {"form-share", 0, N_("SHARE"), N_("of the officials who use their link, through the form in the browser (default 0.3)"),
     NULL},
    {"web", 0, N_("URL"), N_("where the form is, for links that begin with /"), NULL},
    {"host", 0, N_("NAME"), N_("where the daemon is (default: what the bundle says)"), NULL},
    {"port", 0, N_("PORT"), N_("and its port"), NULL},
    {NULL},
};

static const struct section sections[] = {
    {N_("WHAT IT WRITES"),
     N_("actors.csv is the register: the ministries and some of their agencies, with real names and organisation numbers. "
        "interactions-ORGNR.csv is what one ministry would deliver; submitters.csv lists the ministries. cases.csv has the "
        "cases, "
        "need.csv the "
        "instruments, goals and target groups, reorganisations.csv what ministries and agencies were made of before the year; "
        "they are imported with samordning cases, samordning need and samordning reorganisations, after the register and in "
        "this order. "
        "What happens in the files is "
        "invented. truth.json tells what was planted and counts what was written.")},
    {N_("WHAT CAN BE PLANTED"),
     N_("    slow=MINISTRY[:STRENGTH]       its time to answer is multiplied by 4 to the power of the strength\n"
        "    broker=MINISTRY[:STRENGTH]     what spans the two halves of the government takes it in, and its agencies meet "
        "others "
        "only through it, each with that probability\n"
        "    gap=SECTOR-SECTOR[:STRENGTH]   the two sectors share cases, a goal and a target group, but with that probability "
        "they neither meet nor write "
        "to each "
        "other\n"
        "    silent=MINISTRY[:STRENGTH]     few of its officials answer a survey\n"
        "\n"
        "Ministries by abbreviation; the sectors are velferd, kunnskap, næring, miljø, styring and sikkerhet. With none, all "
        "answer "
        "alike and meet by chance.")},
    {N_("ANSWERING A SURVEY"),
     N_("With --survey the officials of the year answer a wave that is open: some with their own link, page by page through "
        "the form "
        "in the browser, the others through their ministry's certificate. What they tell comes from what happened in the year, "
        "with errors of memory; with the same year, seed and --plant as the files it is the same year. Those who have answered "
        "before are not asked again.")},
    {N_("EXAMPLES"), N_("    samordning simulate --out sample --year 2025 --plant slow=JD:0.5\n"
                        "    samordning simulate --out null --plant none --seed 7\n"
                        "    samordning simulate --survey var-2026 --links links.csv --bundles var/bundles")},
    {NULL, NULL},
};

extern const struct command command_simulate;
const struct command command_simulate = {
    .name = "simulate",
    .summary = N_("make a sample year of files, with known truths planted in it"),
    .sections = sections,
    .tables = {options, survey_options, option_common},
    .run = run,
};
