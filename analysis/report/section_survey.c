/* SPDX-License-Identifier: GPL-3.0-or-later
 * What those who take part say themselves: who answered, what hinders and promotes, scales. What may not be shown is hidden in
 * the result already.
 */
#include "sections.h"

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

static void about_factors(struct section *section, const struct table *factors)
{
    size_t rows[SECTION_NAMED_MAX], count = section_largest(factors, "count", SECTION_NAMED_MAX, rows);
    for (size_t i = 0; i < count; i++) {
        const char *label = answer_label(section, factors, rows[i]);
        if (label)
            page_item(section->page,
                      tr(section->language, "%1$s of those who answered name “%2$s” (95%% interval %3$s to %4$s)."),
                      section_percent(section, table_number(factors, "share", rows[i])), label,
                      section_percent(section, table_number(factors, "share_low", rows[i])),
                      section_percent(section, table_number(factors, "share_high", rows[i])));
    }
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
    about_factors(section, section_table(section, "factors"));
    section_claims_end(section);
    section_show(section, views, sizeof views / sizeof views[0]);
}
