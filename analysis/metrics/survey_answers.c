/* SPDX-License-Identifier: GPL-3.0-or-later
 * How often each answer was given, with what may not be shown hidden: distributions, obstacles and promoters, ladders.
 */
#include "survey_study.h"

#include "suppression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STATES 4 /* besides the choices: not relevant, don't know, no contact, not answered */

static const char *const state_names[STATES] = {"not_relevant", "dont_know", "no_contact", "unanswered"};

static const struct column_definition answer_texts[] = {
    {"item", "", "id of the item; of a row of a matrix ITEM.ROW", ""},
    {"text_nb", "", "what was asked, in bokmål", ""},
    {"text_nn", "", "what was asked, in nynorsk", ""},
    {"text_en", "", "what was asked, in English", ""},
    {"state", "",
     "given, not_relevant, dont_know, no_contact, or unanswered (also: not asked, of items that earlier answers hide). Items "
     "asked of actors have a row of answers for each actor and no unanswered",
     ""},
    {"label_nb", "", "the answer, in bokmål", ""},
    {"label_nn", "", "the answer, in nynorsk", ""},
    {"label_en", "", "the answer, in English", ""},
    {"code", "", "code of the answer in the codebook of obstacles and promoters", ""},
};
enum { ANSWER_TEXTS = sizeof answer_texts / sizeof answer_texts[0] };

enum answer_column { VALUE, COUNT, SHARE, HIDDEN, ANSWER_COLUMNS };
static const struct column_definition answer_numbers[ANSWER_COLUMNS] = {
    [VALUE] = {"value", "", "value of the answer; missing for states other than given", ""},
    [COUNT] = {"count", "", "answers; missing when hidden", ""},
    [SHARE] = {"share", "share", "share of the given answers; of a multiple choice, of the respondents who chose any", ""},
    [HIDDEN] = {"suppressed", "0 or 1",
                "1: hidden, because fewer than the minimum cell stand behind it, or because one such count could be computed "
                "from it",
                "Willenborg & de Waal 2001; Gusfield 1988"},
};

enum mean_column { M_GIVEN, M_MEAN, M_SD, M_HIDDEN, MEAN_COLUMNS };
static const struct column_definition mean_numbers[MEAN_COLUMNS] = {
    [M_GIVEN] = {"n", "", "answers with a value", ""},
    [M_MEAN] = {"mean", "", "mean of the given answers; missing when counts of the item are hidden, which it would tell", ""},
    [M_SD] = {"sd", "", "standard deviation of the given answers", ""},
    [M_HIDDEN] = {"suppressed", "0 or 1", "1: hidden", ""},
};

enum factor_column { F_COUNT, F_ANSWERED, F_SHARE, F_LOW, F_HIGH, F_HIDDEN, FACTOR_COLUMNS };
static const struct column_definition factor_numbers[FACTOR_COLUMNS] = {
    [F_COUNT] = {"count", "", "respondents who chose it; rows are sorted by it", ""},
    [F_ANSWERED] = {"answered", "", "respondents who answered the item", ""},
    [F_SHARE] = {"share", "share", "count / answered", ""},
    [F_LOW] = {"share_low", "share", "lower end of its 95 % interval", "Wilson 1927"},
    [F_HIGH] = {"share_high", "share", "upper end of its 95 % interval", "Wilson 1927"},
    [F_HIDDEN] = {"suppressed", "0 or 1", "1: hidden", ""},
};

enum ladder_column { L_STEP, L_COUNT, L_SHARE, L_REACHED, L_HIDDEN, LADDER_COLUMNS };
static const struct column_definition ladder_numbers[LADDER_COLUMNS] = {
    [L_STEP] = {"step", "", "step of the ladder; steps of different ladders do not compare", ""},
    [L_COUNT] = {"count", "", "answers at this step", ""},
    [L_SHARE] = {"share", "share", "share of the given answers at this step", ""},
    [L_REACHED] = {"reached", "share", "share at this step or a higher one; missing when a count of the item is hidden",
                   "Guttman 1950"},
    [L_HIDDEN] = {"suppressed", "0 or 1", "1: hidden", ""},
};
static const struct column_definition ladder_name = {"ladder", "", "name of the ladder", ""};

/* Counts of one item: its choices, then the states. */
struct counted {
    const struct wave_item *item;
    double *counts, *people; /* answers; distinct respondents behind them */
    int32_t *last;           /* respondent counted last */
    bool *hidden;
    size_t choices, cells;
    bool about_actors, multiple, any_hidden;
    double answered; /* respondents who gave a value */
    double n, mean, squares;
};

static bool counts_choices(const struct wave_item *item)
{
    return item->choice_count > 0 &&
           (item->kind == WAVE_SINGLE || item->kind == WAVE_MULTIPLE || item->kind == WAVE_LIKERT || item->kind == WAVE_LADDER);
}

static void count_cell(struct counted *counted, size_t cell, int32_t respondent)
{
    counted->counts[cell]++;
    counted->people[cell] += counted->last[cell] != respondent;
    counted->last[cell] = respondent;
}

static void count_answers(const struct wave *wave, int32_t index, struct counted *counted)
{
    const struct wave_item *item = counted->item;
    int32_t seen = -1, given = -1;
    double respondents = 0;
    for (size_t a = 0; a < wave->answer_count; a++) {
        const struct wave_answer *answer = &wave->answers[a];
        bool no_contact = item->whole >= 0 && answer->item == item->whole && answer->state == WAVE_NO_CONTACT;
        if (answer->item != index && !no_contact)
            continue;
        respondents += seen != answer->respondent;
        seen = answer->respondent;
        if (answer->state != WAVE_GIVEN) {
            count_cell(counted, counted->choices + (size_t)answer->state - 1, answer->respondent);
            continue;
        }
        counted->answered += given != answer->respondent;
        given = answer->respondent;
        for (size_t v = 0; v < answer->value_count; v++) {
            double value = wave->values[answer->value + v], off = value - counted->mean;
            counted->n++;
            counted->mean += off / counted->n;
            counted->squares += off * (value - counted->mean);
            for (size_t c = 0; c < counted->choices; c++)
                if (item->choices[c].value == value)
                    count_cell(counted, c, answer->respondent);
        }
    }
    if (!counted->about_actors) {
        size_t cell = counted->choices + STATES - 1;
        counted->counts[cell] = counted->people[cell] = (double)wave->respondent_count - respondents;
    }
}

/* A multiple choice is a list of its own for each choice: chosen and not. */
static bool hide_multiple(struct counted *counted, double minimum)
{
    for (size_t c = 0; c < counted->choices; c++) {
        double two[2] = {counted->counts[c], counted->answered - counted->counts[c]};
        bool hidden[2] = {false, false}, totals[2] = {true, true};
        struct suppression list = {.rows = 1, .columns = 2, .counts = two, .minimum = minimum, .column_total_hidden = totals};
        if (!suppression_run(&list, hidden))
            return false;
        counted->hidden[c] = hidden[0] || hidden[1];
    }
    double *rest = malloc((STATES + 1) * sizeof *rest);
    bool hidden[STATES + 1] = {false}, totals[STATES + 1];
    if (!rest)
        return false;
    memset(totals, true, sizeof totals);
    rest[0] = counted->answered;
    memcpy(rest + 1, counted->counts + counted->choices, STATES * sizeof *rest);
    struct suppression list = {
        .rows = 1, .columns = STATES + 1, .counts = rest, .minimum = minimum, .column_total_hidden = totals};
    bool ok = suppression_run(&list, hidden);
    free(rest);
    for (size_t c = 0; c < counted->choices; c++)
        counted->hidden[c] = counted->hidden[c] || hidden[0];
    memcpy(counted->hidden + counted->choices, hidden + 1, STATES * sizeof *hidden);
    return ok;
}

/* Answers about several actors come from the same people: it is people that must be enough. */
static bool hide(const struct wave *wave, struct counted *counted)
{
    bool ok = true;
    if (counted->multiple && !counted->about_actors) {
        ok = hide_multiple(counted, wave->minimum_cell);
    } else {
        bool *totals = malloc(counted->cells * sizeof *totals);
        for (size_t c = 0; totals && c < counted->cells; c++) {
            totals[c] = true;
            counted->hidden[c] = counted->people[c] > 0 && counted->people[c] < wave->minimum_cell;
        }
        struct suppression list = {.rows = 1,
                                   .columns = counted->cells,
                                   .counts = counted->counts,
                                   .minimum = wave->minimum_cell,
                                   .column_total_hidden = totals};
        ok = totals && suppression_run(&list, counted->hidden);
        free(totals);
    }
    for (size_t c = 0; c < counted->cells; c++)
        counted->any_hidden = counted->any_hidden || counted->hidden[c];
    if (counted->n > 0 && counted->answered < wave->minimum_cell)
        counted->any_hidden = true;
    return ok;
}

static void counted_release(struct counted *counted)
{
    free(counted->counts);
    free(counted->people);
    free(counted->last);
    free(counted->hidden);
}

static bool counted_init(struct counted *ret_counted, const struct wave *wave, int32_t index)
{
    const struct wave_item *item = &wave->items[index];
    enum wave_kind whole = item->whole < 0 ? WAVE_OTHER : wave->items[item->whole].kind;
    size_t choices = counts_choices(item) ? item->choice_count : 0, cells = choices + STATES;
    *ret_counted = (struct counted){.item = item,
                                    .counts = calloc(cells, sizeof(double)),
                                    .people = calloc(cells, sizeof(double)),
                                    .last = malloc(cells * sizeof(int32_t)),
                                    .hidden = calloc(cells, sizeof(bool)),
                                    .choices = choices,
                                    .cells = cells,
                                    .about_actors = whole == WAVE_ROSTER || whole == WAVE_NAMES,
                                    .multiple = item->kind == WAVE_MULTIPLE};
    bool ok = ret_counted->counts && ret_counted->people && ret_counted->last && ret_counted->hidden;
    if (ok) {
        memset(ret_counted->last, -1, cells * sizeof *ret_counted->last);
        count_answers(wave, index, ret_counted);
    }
    ok = ok && hide(wave, ret_counted);
    if (!ok)
        counted_release(ret_counted);
    return ok;
}

/* ------------------------------------------------------------------------------------------------------------ tables */
static char **text_at(struct result *result, size_t table, size_t column, size_t row)
{
    return &result->tables[table].columns[column].texts[row];
}

static bool state_shown(const struct counted *counted, size_t state)
{
    bool unanswered = state == STATES - 1, no_contact = state == STATES - 2;
    return !(unanswered && counted->about_actors) && !(no_contact && !counted->about_actors);
}

static size_t answer_rows(const struct counted *counted)
{
    size_t rows = counted->choices;
    for (size_t s = 0; s < STATES; s++)
        rows += state_shown(counted, s);
    return rows;
}

static void put_answer(const struct counted *counted, size_t cell, struct result *result, size_t table, double *const *columns,
                       size_t row)
{
    const struct wave_item *item = counted->item;
    const struct wave_choice *choice = cell < counted->choices ? &item->choices[cell] : NULL;
    result_set_text(result, text_at(result, table, 0, row), item->id);
    for (size_t l = 0; l < WAVE_LANGUAGES; l++) {
        result_set_text(result, text_at(result, table, 1 + l, row), item->texts[l]);
        result_set_text(result, text_at(result, table, 5 + l, row), choice ? choice->labels[l] : NULL);
    }
    result_set_text(result, text_at(result, table, 4, row), choice ? "given" : state_names[cell - counted->choices]);
    result_set_text(result, text_at(result, table, 8, row), choice ? choice->code : NULL);
    double whole = counted->multiple ? counted->answered : counted->n;
    columns[VALUE][row] = choice ? choice->value : NAN;
    columns[HIDDEN][row] = counted->hidden[cell];
    columns[COUNT][row] = counted->hidden[cell] ? NAN : counted->counts[cell];
    columns[SHARE][row] =
        choice && !counted->hidden[cell] && whole > 0 && !counted->any_hidden ? counted->counts[cell] / whole : NAN;
}

static bool wanted(const struct wave *wave, size_t index, const struct choices *choices)
{
    return survey_item_wanted(choices, wave->items[index].id) &&
           (counts_choices(&wave->items[index]) || wave->items[index].kind == WAVE_NUMBER);
}

static void answer_table(const struct counted *counted, size_t count, struct result *result)
{
    double *columns[ANSWER_COLUMNS];
    size_t rows = 0, row = 0;
    for (size_t i = 0; i < count; i++)
        rows += answer_rows(&counted[i]);
    size_t table = result_add_table(result, "answers", rows);
    for (size_t c = 0; c < ANSWER_TEXTS; c++)
        result_add_texts(result, table, &answer_texts[c]);
    if (!families_numbers(result, table, answer_numbers, ANSWER_COLUMNS, columns))
        return;
    for (size_t i = 0; i < count; i++)
        for (size_t cell = 0; cell < counted[i].cells; cell++)
            if (cell < counted[i].choices || state_shown(&counted[i], cell - counted[i].choices))
                put_answer(&counted[i], cell, result, table, columns, row++);
}

/* Of items whose values are quantities. */
static bool has_mean(const struct wave_item *item)
{
    return item->kind == WAVE_LIKERT || item->kind == WAVE_NUMBER || item->kind == WAVE_LADDER;
}

static void mean_table(const struct counted *counted, size_t count, struct result *result)
{
    double *columns[MEAN_COLUMNS];
    size_t rows = 0, row = 0;
    for (size_t i = 0; i < count; i++)
        rows += has_mean(counted[i].item);
    size_t table = result_add_table(result, "means", rows);
    for (size_t c = 0; c < 4; c++)
        result_add_texts(result, table, &answer_texts[c]);
    if (!families_numbers(result, table, mean_numbers, MEAN_COLUMNS, columns))
        return;
    for (size_t i = 0; i < count; i++) {
        if (!has_mean(counted[i].item))
            continue;
        result_set_text(result, text_at(result, table, 0, row), counted[i].item->id);
        for (size_t l = 0; l < WAVE_LANGUAGES; l++)
            result_set_text(result, text_at(result, table, 1 + l, row), counted[i].item->texts[l]);
        bool shown = !counted[i].any_hidden && counted[i].n > 0;
        columns[M_HIDDEN][row] = counted[i].any_hidden;
        columns[M_GIVEN][row] = counted[i].any_hidden ? NAN : counted[i].n;
        columns[M_MEAN][row] = shown ? counted[i].mean : NAN;
        columns[M_SD][row] = shown && counted[i].n > 1 ? sqrt(counted[i].squares / (counted[i].n - 1)) : NAN;
        row++;
    }
}

struct factor {
    const struct counted *counted;
    size_t choice;
};

static int compare_factors(const void *left, const void *right)
{
    const struct factor *a = left, *b = right;
    bool a_hidden = a->counted->hidden[a->choice], b_hidden = b->counted->hidden[b->choice];
    if (a_hidden != b_hidden) /* hidden ones come last, in an order that does not tell their size */
        return a_hidden ? 1 : -1;
    double one = a->counted->counts[a->choice], two = b->counted->counts[b->choice];
    if (!a_hidden && one != two)
        return one > two ? -1 : 1;
    if (a->counted != b->counted)
        return a->counted > b->counted ? 1 : -1;
    return (a->choice > b->choice) - (a->choice < b->choice);
}

static bool factor_table(const struct counted *counted, size_t count, struct result *result)
{
    double *columns[FACTOR_COLUMNS];
    size_t rows = 0;
    for (size_t i = 0; i < count; i++)
        rows += counted[i].choices;
    struct factor *factors = malloc((rows + 1) * sizeof *factors);
    if (!factors)
        return false;
    rows = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < counted[i].choices && !counted[i].about_actors; c++)
            if (counted[i].item->choices[c].code)
                factors[rows++] = (struct factor){&counted[i], c};
    if (rows > 1)
        qsort(factors, rows, sizeof *factors, compare_factors);
    size_t table = result_add_table(result, "factors", rows);
    result_add_texts(result, table, &answer_texts[8]);
    result_add_texts(result, table, &answer_texts[0]);
    for (size_t c = 5; c < 8; c++)
        result_add_texts(result, table, &answer_texts[c]);
    if (families_numbers(result, table, factor_numbers, FACTOR_COLUMNS, columns)) {
        for (size_t r = 0; r < rows; r++) {
            const struct counted *of = factors[r].counted;
            const struct wave_choice *choice = &of->item->choices[factors[r].choice];
            bool hidden = of->hidden[factors[r].choice];
            const char *texts[] = {choice->code, of->item->id, choice->labels[0], choice->labels[1], choice->labels[2]};
            for (size_t c = 0; c < 5; c++)
                result_set_text(result, text_at(result, table, c, r), texts[c]);
            columns[F_HIDDEN][r] = hidden;
            columns[F_COUNT][r] = hidden ? NAN : of->counts[factors[r].choice];
            columns[F_ANSWERED][r] = hidden ? NAN : of->answered;
            double *share[] = {columns[F_SHARE], columns[F_LOW], columns[F_HIGH]};
            if (!hidden)
                families_proportion(share, r, proportion_wilson(of->counts[factors[r].choice], of->answered));
        }
    }
    free(factors);
    return true;
}

static void ladder_table(const struct counted *counted, size_t count, struct result *result)
{
    double *columns[LADDER_COLUMNS];
    size_t rows = 0, row = 0;
    for (size_t i = 0; i < count; i++)
        rows += counted[i].item->kind == WAVE_LADDER ? counted[i].choices : 0;
    size_t table = result_add_table(result, "ladders", rows);
    result_add_texts(result, table, &ladder_name);
    result_add_texts(result, table, &answer_texts[0]);
    for (size_t c = 5; c < 8; c++)
        result_add_texts(result, table, &answer_texts[c]);
    if (!families_numbers(result, table, ladder_numbers, LADDER_COLUMNS, columns))
        return;
    for (size_t i = 0; i < count; i++) {
        const struct counted *of = &counted[i];
        for (size_t c = 0; of->item->kind == WAVE_LADDER && c < of->choices; c++, row++) {
            const struct wave_choice *choice = &of->item->choices[c];
            double reached = 0;
            for (size_t other = 0; other < of->choices; other++)
                reached += of->item->choices[other].value >= choice->value ? of->counts[other] : 0;
            const char *texts[] = {of->item->ladder, of->item->id, choice->labels[0], choice->labels[1], choice->labels[2]};
            for (size_t t = 0; t < 5; t++)
                result_set_text(result, text_at(result, table, t, row), texts[t]);
            bool shown = !of->any_hidden && of->n > 0;
            columns[L_STEP][row] = choice->value;
            columns[L_HIDDEN][row] = of->hidden[c];
            columns[L_COUNT][row] = of->hidden[c] ? NAN : of->counts[c];
            columns[L_SHARE][row] = shown ? of->counts[c] / of->n : NAN;
            columns[L_REACHED][row] = shown ? reached / of->n : NAN;
        }
    }
}

bool survey_answer_tables(const struct wave *wave, const struct choices *choices, struct result *result)
{
    struct counted *counted = calloc(wave->item_count + 1, sizeof *counted);
    size_t count = 0;
    bool ok = counted != NULL, any_hidden = false;
    for (size_t i = 0; ok && i < wave->item_count; i++)
        if (wanted(wave, i, choices)) {
            ok = counted_init(&counted[count], wave, (int32_t)i);
            count += ok;
        }
    for (size_t i = 0; i < count; i++)
        any_hidden = any_hidden || counted[i].any_hidden;
    if (ok) {
        answer_table(counted, count, result);
        mean_table(counted, count, result);
        ok = factor_table(counted, count, result);
        ladder_table(counted, count, result);
    }
    if (any_hidden)
        result_note(result, "Counts of fewer than %.0f respondents, and what they could be computed from, are hidden.",
                    wave->minimum_cell);
    for (size_t i = 0; i < count; i++)
        counted_release(&counted[i]);
    free(counted);
    return ok;
}
