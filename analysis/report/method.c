/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes the method section: the choices behind the network, each family's card, the definition and source of every column.
 */
#include "method.h"

#include "civil_time.h"
#include "quality.h"
#include "sections.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void method_period(const struct language *language, const struct spec *spec, char ret_text[200])
{
    char first[LANGUAGE_DATE_SIZE], last[LANGUAGE_DATE_SIZE];
    int year, month, mday;
    civil_from_day(spec->from_day, &year, &month, &mday);
    if (month == 1 && mday == 1 && civil_to_day(year + 1, 1, 1) == spec->to_day) {
        snprintf(ret_text, 200, "%d", year);
        return;
    }
    language_date(language, spec->from_day, first);
    language_date(language, spec->to_day - 1, last);
    if (spec->to_day - spec->from_day == 1)
        snprintf(ret_text, 200, "%s", first);
    else
        snprintf(ret_text, 200, tr(language, "%s to %s"), first, last);
}

static void entry(struct page *page, const char *term, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void entry(struct page *page, const char *term, const char *format, ...)
{
    char text[PAGE_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 loses va_start when it checks several files at once */
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    page_element(page, "dt", NULL, term);
    page_element(page, "dd", NULL, text);
    page_newline(page);
}

static const char *level_words(enum spec_level level)
{
    static const char *const words[] = {N_("actors as reported"), N_("units within ministries and agencies"),
                                        N_("ministries and agencies"), N_("ministries, with their agencies"), N_("sectors")};
    return words[level];
}

static const char *view_words(enum spec_view view)
{
    static const char *const words[] = {N_("as the administration was organised at the time"),
                                        N_("as the administration is organised now"),
                                        N_("only actors that were not reorganised in the period")};
    return words[view];
}

static const char *projection_words(enum spec_projection projection)
{
    static const char *const words[] = {N_("a meeting of k participants gives each pair 1/(k\xe2\x88\x92"
                                           "1); a request gives each addressee 1"),
                                        N_("every pair of participants gets 1 for each interaction"),
                                        N_("a pair has a tie or has none, whatever the number of interactions"),
                                        N_("every pair of participants gets the duration of the interaction")};
    return words[projection];
}

static const char *tie_words(enum spec_tie tie)
{
    static const char *const words[] = {N_("one reporter is enough"), N_("both ends must have reported it"),
                                        N_("as one reporter tells it")};
    return words[tie];
}

static const char *weight_words(enum spec_weight weight)
{
    static const char *const words[] = {N_("events on one pair add up"), N_("the mean of the events on one pair"),
                                        N_("the largest event on one pair")};
    return words[weight];
}

static const char *distance_words(enum spec_distance distance)
{
    static const char *const words[] = {N_("1 divided by the weight"), N_("every tie counts as one step"),
                                        N_("1 minus the share of the largest weight"),
                                        N_("the negative logarithm of the share of the largest weight")};
    return words[distance];
}

/* The kinds of interaction every installation has; others are called what their operator called them. */
static const char *layer_words(const char *name)
{
    static const struct {
        const char *name, *words;
    } known[] = {{"meeting", N_("meeting")},
                 {"conversation", N_("conversation")},
                 {"working_group", N_("working group")},
                 {"government_conference", N_("government conference")},
                 {"council_of_state", N_("Council of State")},
                 {"early_involvement", N_("early involvement")},
                 {"consultation", N_("consultation of ministries")},
                 {"hearing", N_("public hearing")},
                 {"rnote_round", N_("round of a cabinet note")},
                 {"letter", N_("letter")},
                 {"steering_dialogue", N_("steering dialogue")},
                 {"objection", N_("objection")},
                 {"escalation", N_("escalation")}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].words;
    return name;
}

static void choices(struct page *page, const struct spec *spec)
{
    const struct language *language = page->language;
    char period[200], layers[SPEC_LAYERS_MAX * 80] = "";
    method_period(language, spec, period);
    size_t used = 0;
    for (unsigned i = 0; i < spec->layer_count; i++)
        used += (size_t)snprintf(layers + used, sizeof layers - used, "%s%s", i ? ", " : "",
                                 tr(language, layer_words(spec->layers[i])));
    page_open(page, "dl", "class", "card", NULL);
    page_newline(page);
    entry(page, tr(language, "Period"), "%s", period);
    entry(page, tr(language, "Layers"), "%s", spec->layer_count ? layers : tr(language, "all kinds of interaction"));
    if (*spec->case_ref)
        entry(page, tr(language, "Case"), "%s", spec->case_ref);
    if (*spec->case_type)
        entry(page, tr(language, "Type of case"), "%s", spec->case_type);
    entry(page, tr(language, "Actors"), "%s; %s", tr(language, level_words(spec->level)), tr(language, view_words(spec->view)));
    entry(page, tr(language, "From events to ties"), "%s", tr(language, projection_words(spec->projection)));
    entry(page, tr(language, "Direction"), "%s",
          spec->directed ? tr(language, "directed: from the one who asks to the one who is asked")
                         : tr(language, "undirected"));
    entry(page, tr(language, "When reporters differ"), "%s%s%s", tr(language, tie_words(spec->tie)),
          *spec->tie_reporter ? ": " : "", spec->tie_reporter);
    entry(page, tr(language, "Weight of a tie"), "%s", tr(language, weight_words(spec->weight)));
    entry(page, tr(language, "Distance along a tie"), "%s", tr(language, distance_words(spec->distance)));
    entry(page, tr(language, "Seed"), "%llu", (unsigned long long)spec->seed);
    page_close(page);
    page_newline(page);
}

static void definitions(struct page *page, const struct result *result)
{
    const struct language *language = page->language;
    char table_id[96], title[300];
    if (result->table_count == 0)
        return;
    snprintf(table_id, sizeof table_id, "definitions-%.60s", result->card.family);
    snprintf(title, sizeof title, tr(language, "What the columns mean: samordning metrics %s"), result->card.family);
    page_table(page, table_id, title);
    page_open(page, "thead", NULL);
    page_open(page, "tr", NULL);
    page_header_cell(page, "col", NULL, tr(language, "Column"));
    page_header_cell(page, "col", NULL, tr(language, "Heading in this report"));
    page_header_cell(page, "col", NULL, tr(language, "Definition"));
    page_header_cell(page, "col", NULL, tr(language, "Source"));
    page_close(page);
    page_close(page);
    page_newline(page);
    page_open(page, "tbody", NULL);
    page_newline(page);
    for (size_t t = 0; t < result->table_count; t++) {
        for (size_t c = 0; c < result->tables[t].column_count; c++) {
            const struct column *column = &result->tables[t].columns[c];
            page_open(page, "tr", NULL);
            page_open(page, "th", "scope", "row", NULL);
            page_open(page, "code", NULL);
            page_format(page, "%s.%s", result->tables[t].name, column->name);
            page_close(page);
            page_close(page);
            const char *label = column_label(language, column->name);
            /* what only the annex has is no heading here; p and q are */
            page_cell(page, NULL, label == column->name && strlen(label) > 1 ? "\xe2\x80\x93" : label);
            page_foreign(page, "td", column->definition ? column->definition : "");
            page_cell(page, NULL, column->source ? tr(language, column->source) : "");
            page_close(page);
            page_newline(page);
        }
    }
    page_close(page);
    page_table_end(page);
}

static bool same_text(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* Whether a card that was shown before says the same. */
static bool entry_is_known(const struct card *shown, const struct card_entry *entry)
{
    for (size_t i = 0; shown && i < shown->entry_count; i++)
        if (same_text(shown->entries[i].key, entry->key) && same_text(shown->entries[i].value, entry->value))
            return true;
    return false;
}

static bool note_is_known(const struct card *shown, const char *note)
{
    for (size_t i = 0; shown && i < shown->note_count; i++)
        if (same_text(shown->notes[i], note))
            return true;
    return false;
}

/* Keys of a card whose values are counts and nothing else; the other values that may look like numbers are names of waves and
 * actors. tests/tidy/po_test.py holds the list to what the code sets. */
static const char *const counts[] = {"answers",
                                     "answers outside the level or view",
                                     "answers that name nobody the register knows",
                                     "interactions",
                                     "interactions with a name that waits",
                                     "replicates",
                                     "united reports",
                                     "unknown pairs",
                                     "unknown pairs before the treatment"};

static void card_entry_show(struct page *page, const struct card_entry *entry)
{
    page_foreign(page, "dt", entry->key);
    bool is_count = false;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        is_count = is_count || strcmp(entry->key, counts[i]) == 0;
    if (is_count) {
        char text[LANGUAGE_NUMBER_SIZE];
        text[numerals_write(&page->language->numerals, entry->value, strlen(entry->value), text, sizeof text - 1)] = 0;
        page_element(page, "dd", NULL, text);
    } else {
        page_foreign(page, "dd", entry->value);
    }
    page_newline(page);
}

/* What the card says that the one `shown` first does not; NULL: all of it. */
static void card_show(struct page *page, const struct result *result, const struct card *shown, const char *id,
                      const char *title)
{
    const struct language *language = page->language;
    const struct card *card = &result->card;
    char section[64];
    snprintf(section, sizeof section, "method-%s", id);
    page_section(page, section, title);
    const struct {
        const char *term, *value, *known;
    } fields[] = {{N_("Specification"), card->spec, shown ? shown->spec : NULL},
                  {N_("Hash of the specification"), card->spec_hash, shown ? shown->spec_hash : NULL},
                  {N_("Watermark of the data"), card->watermark, shown ? shown->watermark : NULL},
                  {N_("Hash of the input"), card->input_hash, shown ? shown->input_hash : NULL},
                  {N_("Software"), card->software, shown ? shown->software : NULL},
                  {N_("Engine"), card->engine, shown ? shown->engine : NULL},
                  {N_("Computed"), card->computed_at, shown ? shown->computed_at : NULL}};
    page_open(page, "dl", "class", "card", NULL);
    page_newline(page);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].value && *fields[i].value && !same_text(fields[i].value, fields[i].known)) {
            entry(page, tr(language, fields[i].term), "%s", fields[i].value);
        }
    if (!shown || shown->seed != card->seed) {
        entry(page, tr(language, "Seed"), "%llu", (unsigned long long)card->seed);
    }
    for (size_t i = 0; i < card->entry_count; i++) {
        if (!card->entries[i].key || !card->entries[i].value || entry_is_known(shown, &card->entries[i]))
            continue;
        card_entry_show(page, &card->entries[i]);
    }
    if (shown)
        entry(page, tr(language, "Otherwise"), "%s", tr(language, "as of the network, above"));
    page_close(page);
    page_newline(page);
    size_t notes = 0;
    for (size_t i = 0; i < card->note_count; i++)
        notes += card->notes[i] && !note_is_known(shown, card->notes[i]);
    if (notes > 0) {
        page_open(page, "ul", NULL);
        page_newline(page);
        for (size_t i = 0; i < card->note_count; i++) {
            if (!card->notes[i] || note_is_known(shown, card->notes[i]))
                continue;
            page_foreign(page, "li", card->notes[i]);
            page_newline(page);
        }
        page_close(page);
        page_newline(page);
    }
    page_section_end(page);
}

/* A specification's word with everything a shell could read otherwise written as %XX, which a case may be. */
static void plain_word(const char *word, char *plain, size_t size)
{
    size_t used = 0;
    for (; *word && used + 4 < size; word++) {
        unsigned char byte = (unsigned char)*word;
        bool as_it_is = byte < 0x80 && (isalnum(byte) || strchr("=%/._:,-", byte));
        used += (size_t)snprintf(plain + used, size - used, as_it_is ? "%c" : "%%%02X", byte);
    }
    plain[used] = 0;
}

/* The specification as options of the command line. */
static void command_options(const struct spec *spec, char *options, size_t size)
{
    char text[SPEC_TEXT_MAX], plain[SPEC_TEXT_MAX];
    spec_format(spec, text);
    options[0] = 0;
    for (char *rest = text, *word; (word = strsep(&rest, " ")) != NULL;) {
        size_t used = strlen(options), key = strcspn(word, "=");
        if (!word[key] || strcmp(word + key + 1, "all") == 0)
            continue;
        plain_word(word + key + 1, plain, sizeof plain);
        snprintf(options + used, size - used, " --%.*s%s %s", (int)key, word, strncmp(word, "tie=", 4) == 0 ? "-rule" : "",
                 plain);
    }
}

static void again(struct page *page, const struct report_input *input, const struct spec *spec)
{
    const struct language *language = page->language;
    char options[SPEC_TEXT_MAX + 400];
    command_options(spec, options, sizeof options);
    page_section(page, "method-again", tr(language, "How to make the numbers again"));
    page_paragraph(
        page, "%s",
        tr(language, "The same specification and the same watermark give the same numbers. A researcher with access runs:"));
    page_open(page, "pre", "tabindex", "0", NULL);
    page_open(page, "code", NULL);
    page_format(page, "samordning network --format graphml%s\n", options);
    for (size_t i = 1; report_family(i); i++)
        if (report_result(input, report_family(i)))
            page_format(page, "samordning metrics %s%s\n", report_family(i), options);
    page_format(page, "samordning metrics uncertainty%s\n", options);
    page_format(page, "samordning report%s --language %s --output report-%s.html", options, language->tag, language->tag);
    page_close(page);
    page_close(page);
    page_newline(page);
    page_section_end(page);
}

void method_render(struct page *page, const struct report_input *input, const struct spec *spec)
{
    const struct language *language = page->language;
    page_section(page, "method", tr(language, "Method"));
    page_section(page, "reading", tr(language, "How to read this"));
    quality_guards(page);
    page_section_end(page);
    page_section(page, "method-choices", tr(language, "The choices behind the network"));
    if (spec)
        choices(page, spec);
    else
        page_paragraph(page, "%s",
                       tr(language, "The results carry no readable specification, so the choices cannot be listed."));
    page_section_end(page);
    if (spec)
        again(page, input, spec);
    size_t count;
    const struct section_kind *kinds = section_kinds(&count);
    const struct result *network = report_result(input, "network");
    if (network)
        card_show(page, network, NULL, "network", tr(language, "The network"));
    for (size_t i = 0; i < count; i++) {
        const struct result *result = report_result(input, kinds[i].family);
        if (result)
            card_show(page, result, network ? &network->card : NULL, kinds[i].family, tr(language, kinds[i].title));
    }
    page_section_end(page);
}

void method_definitions(struct page *page, const struct report_input *input)
{
    bool any = false;
    for (size_t i = 0; report_family(i); i++)
        any = any || (report_result(input, report_family(i)) && report_result(input, report_family(i))->table_count > 0);
    if (!any)
        return;
    page_section(page, "definitions", tr(page->language, "What the columns mean"));
    for (size_t i = 0; report_family(i); i++)
        if (report_result(input, report_family(i)))
            definitions(page, report_result(input, report_family(i)));
    page_section_end(page);
}
