/* SPDX-License-Identifier: GPL-3.0-or-later
 * What those who take part say themselves: who answered, what hinders and promotes, scales; contact they state against what was
 * logged; contact they need against what there is. What may not be shown is hidden in the results already.
 */
#include "sections.h"

#include <math.h>
#include <string.h>

/* The label of a row's answer in the reader's language. */
static const char *answer_label(const struct section *section, const struct table *table, size_t row)
{
    const char *tag = section->language->tag;
    const char *column = strcmp(tag, "nn") == 0 ? "label_nn" : strcmp(tag, "en") == 0 ? "label_en" : "label_nb";
    const char *text = table_text(table, column, row);
    return text ? text : table_text(table, "code", row);
}

static void about_answers(struct section *section, const struct table *wave)
{
    double invited = table_number(wave, "invited", 0), submitted = table_number(wave, "submitted", 0);
    page_item(section->page,
              tr(section->language, "%1$s of the %2$s who were asked have answered (%3$s), from %4$s of %5$s actors."),
              section_count(section, submitted), section_count(section, invited),
              section_percent(section, table_number(wave, "response_rate", 0)),
              section_count(section, table_number(wave, "actors_answered", 0)),
              section_count(section, table_number(wave, "actors_invited", 0)));
    page_item(section->page,
              tr(section->language, "Numbers behind which stand fewer than %1$s respondents, and those they could be computed "
                                    "from, are not shown."),
              section_count(section, table_number(wave, "minimum_cell", 0)));
}

/* The row of an item's answer that most have given; SIZE_MAX: none that may be shown. */
static size_t most_named(const struct table *factors, const char *item)
{
    size_t most = SIZE_MAX;
    for (size_t row = 0; factors && row < factors->row_count; row++) {
        const char *of = table_text(factors, "item", row);
        if (of && strcmp(of, item) == 0 && table_number(factors, "count", row) > 0 &&
            (most == SIZE_MAX || table_number(factors, "count", row) > table_number(factors, "count", most)))
            most = row;
    }
    return most;
}

/* Of the items of the questionnaire that comes with samordning; other questionnaires ask otherwise, and have the table. */
unsigned answer_factors(struct section *section)
{
    static const char *const items[] = {"obstacles", "promoters"};
    const struct table *factors = section_table(section, "factors");
    unsigned said = 0;
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        size_t row = most_named(factors, items[i]);
        const char *label = row == SIZE_MAX ? NULL : answer_label(section, factors, row);
        if (!label)
            continue;
        const char *share = section_percent(section, table_number(factors, "share", row)),
                   *low = section_percent(section, table_number(factors, "share_low", row)),
                   *high = section_percent(section, table_number(factors, "share_high", row));
        if (i == 0)
            page_item(section->page,
                      tr(section->language, "Named most often as what hinders: “%1$s”, by %2$s of those who answered (95%% "
                                            "interval %3$s to %4$s)."),
                      label, share, low, high);
        else
            page_item(section->page,
                      tr(section->language, "Named most often as what promotes: “%1$s”, by %2$s of those who answered (95%% "
                                            "interval %3$s to %4$s)."),
                      label, share, low, high);
        said++;
    }
    return said;
}

void section_survey(struct section *section)
{
    static const char *const factor[][7] = {
        {"label_nb", "count", "answered", "share", "share_low", "share_high", NULL},
        {"label_nn", "count", "answered", "share", "share_low", "share_high", NULL},
        {"label_en", "count", "answered", "share", "share_low", "share_high", NULL},
    };
    static const char *const scale[] = {"scale", "items",     "respondents", "mean", "sd",
                                        "alpha", "alpha_low", "alpha_high",  NULL};
    static const char *const turnout[] = {"actor", "invited", "submitted", "response_rate", NULL};
    const char *tag = section->language->tag;
    const struct table_view views[] = {
        {.id = "survey-turnout", .table = "survey", .caption = N_("Who has answered"), .columns = turnout, .only = "invited"},
        {.id = "survey-factors",
         .table = "factors",
         .caption = N_("What hinders and promotes coordination (95% intervals)"),
         .columns = factor[strcmp(tag, "nn") == 0   ? 1
                           : strcmp(tag, "en") == 0 ? 2
                                                    : 0],
         .sort = "count",
         .only = "count"},
        {.id = "survey-scales",
         .table = "scales",
         .caption = N_("Scales, and how well their items hang together"),
         .columns = scale,
         .only = "respondents"}};
    const struct table *wave = section_table(section, "wave");
    const char *light = table_text(wave, "light", 0);
    if (!(table_number(wave, "invited", 0) > 0)) {
        page_paragraph(section->page, "%s", tr(section->language, "Nobody has been asked yet."));
        return;
    }
    if (light && strcmp(light, "green") != 0)
        section_guard(section, tr(section->language, "Fewer than 80 per cent have answered: rankings made from these answers "
                                                     "depend on who is missing, and a low share can turn them round."));
    section_claims(section);
    about_answers(section, wave);
    answer_factors(section);
    section_claims_end(section);
    section_show(section, views, sizeof views / sizeof views[0]);
}

/* ------------------------------------------------------------------------------------------- against what was logged */
static void about_statements(struct section *section, const struct table *all)
{
    const struct language *language = section->language;
    page_item(section->page,
              tr(language,
                 "Of %1$s pairs (who says it, about whom) %2$s have contact both stated and logged, %3$s only stated, "
                 "%4$s only logged and %5$s neither."),
              section_count(section, table_number(all, "pairs", 0)), section_count(section, table_number(all, "pairs_both", 0)),
              section_count(section, table_number(all, "pairs_declared_only", 0)),
              section_count(section, table_number(all, "pairs_logged_only", 0)),
              section_count(section, table_number(all, "pairs_neither", 0)));
    if (isnan(table_number(all, "kappa", 0)))
        page_item(section->page, "%s",
                  tr(language, "All pairs say the same in statement or log, so their agreement cannot be told from chance."));
    else
        page_item(section->page,
                  tr(language, "Statement and log agree on %1$s of them; kappa, the agreement beyond chance, is %2$s (95%% "
                               "interval %3$s to %4$s)."),
                  section_percent(section, table_number(all, "agreement", 0)),
                  section_number(section, table_number(all, "kappa", 0), 2),
                  section_number(section, table_number(all, "kappa_low", 0), 2),
                  section_number(section, table_number(all, "kappa_high", 0), 2));
    if (!isnan(table_number(all, "rank_correlation", 0)))
        page_item(section->page,
                  tr(language,
                     "Stated and logged amount of contact have a rank correlation of %1$s over %2$s pairs (p %3$s, actors "
                     "permuted)."),
                  section_number(section, table_number(all, "rank_correlation", 0), 2),
                  section_count(section, table_number(all, "rank_correlation_pairs", 0)),
                  section_probability(section, table_number(all, "rank_correlation_p", 0)));
    if (table_number(all, "ends_pairs", 0) > 0)
        page_item(
            section->page,
            tr(language, "Of %1$s pairs both ends have answered; in %2$s they say the same of whether they have contact."),
            section_count(section, table_number(all, "ends_pairs", 0)),
            section_percent(section, table_number(all, "ends_agreement", 0)));
}

void section_declared(struct section *section)
{
    static const char *const pair[] = {"actor_a",        "actor_b",      "respondents", "declared", "logged",
                                       "declared_place", "logged_place", "difference",  NULL};
    static const char *const actor[] = {
        "actor",     "respondents", "pairs_both",     "pairs_declared_only", "pairs_logged_only",
        "agreement", "kappa",       "over_reporting", "under_reporting",     NULL};
    static const struct table_view views[] = {
        {.id = "declared-pairs",
         .table = "declared_pairs",
         .caption = N_("Where statement and log are furthest apart"),
         .intro = N_("Place 0 is the least contact of all pairs, 1 the most. A difference above 0 is more stated than logged."),
         .columns = pair,
         .top = SECTION_ROWS_TOP},
        {.id = "declared-actors",
         .table = "declared",
         .caption = N_("Statement and log by actor"),
         .columns = actor,
         .only = "respondents"}};
    const struct table *all = section_table(section, "declared_network");
    if (!(table_number(all, "pairs", 0) > 0)) {
        page_paragraph(section->page, "%s",
                       tr(section->language, "Of no pair is both known what respondents state and what was logged."));
        return;
    }
    section_guard(section, tr(section->language, "Statement and log are two measurements of one thing, and neither is the "
                                                 "truth: the log lacks the telephone, memory lacks the routine."));
    section_claims(section);
    about_statements(section, all);
    section_claims_end(section);
    section_show(section, views, sizeof views / sizeof views[0]);
}

/* ------------------------------------------------------------------------------------------ needed less what there is */
static void about_shortfall(struct section *section, const struct table *all)
{
    const struct language *language = section->language;
    page_item(
        section->page,
        tr(language, "In %1$s of %2$s pairs (who says it, about whom) more contact is needed than there is, in %3$s less."),
        section_count(section, table_number(all, "pairs_short", 0)), section_count(section, table_number(all, "pairs", 0)),
        section_count(section, table_number(all, "pairs_surplus", 0)));
    page_item(
        section->page,
        tr(language, "Where both ends were heard, both lack contact in %1$s pairs, and one of them in %2$s: the first case "
                     "is the stronger, for a lack of contact is also a wish."),
        section_count(section, table_number(all, "both_short", 0)), section_count(section, table_number(all, "one_short", 0)));
}

/* Rows come with the largest shortfall first. */
static void about_lacking(struct section *section, const struct table *pairs)
{
    for (size_t row = 0; pairs && row < pairs->row_count && row < SECTION_NAMED_MAX; row++)
        page_item(section->page, tr(section->language, "%1$s lacks contact with %2$s: needed %3$s, there is %4$s."),
                  roster_name(section->roster, table_text(pairs, "actor_a", row)),
                  roster_name(section->roster, table_text(pairs, "actor_b", row)),
                  section_number(section, table_number(pairs, "needed", row), 1),
                  section_number(section, table_number(pairs, "actual", row), 1));
}

void section_shortfall(struct section *section)
{
    static const char *const pair[] = {"actor_a", "actor_b",   "respondents",    "needed",
                                       "actual",  "shortfall", "shortfall_back", NULL};
    static const char *const sector[] = {"sector_a", "sector_b", "pairs_short", "needed", "actual", "shortfall", NULL};
    static const struct table_view views[] = {
        {.id = "shortfall-pairs",
         .table = "shortfall_pairs",
         .caption = N_("Who says that contact with whom is lacking, the largest lack first"),
         .columns = pair,
         .top = SECTION_ROWS_TOP},
        {.id = "shortfall-sectors",
         .table = "shortfall_sectors",
         .caption = N_("Lack of contact between sectors, as those in the first one see it"),
         .columns = sector,
         .only = "shortfall",
         .top = SECTION_ROWS_TOP}};
    const struct table *all = section_table(section, "shortfall_network");
    if (!(table_number(all, "pairs", 0) > 0)) {
        page_paragraph(
            section->page, "%s",
            tr(section->language, "Of no pair have respondents said both what contact they need and what contact there is."));
        return;
    }
    section_claims(section);
    about_shortfall(section, all);
    about_lacking(section, section_table(section, "shortfall_pairs"));
    section_claims_end(section);
    section_show(section, views, sizeof views / sizeof views[0]);
}
