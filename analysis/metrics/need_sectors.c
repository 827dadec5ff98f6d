/* SPDX-License-Identifier: GPL-3.0-or-later
 * Needs and contact added up over the owners of each two sectors.
 */
#include "need_sectors.h"

#include "multiple.h"

#include <math.h>
#include <stdlib.h>

static const struct column_definition sector_texts[] = {
    {"sector_a", "", "one sector", ""},
    {"sector_b", "", "the other sector, or the same", ""},
};
enum sector_column {
    S_NEEDED,
    S_DONE,
    S_MISSING,
    S_UNKNOWN,
    S_REQUIREMENT,
    S_CONGRUENCE,
    S_WEIGHTED,
    S_CONTACT,
    S_EXPECTED,
    S_Z,
    S_P_LOW,
    S_Q_LOW,
    SECTOR_COLUMNS
};
static const struct column_definition sector_numbers[SECTOR_COLUMNS] = {
    [S_NEEDED] = {"needed", "", "pairs of owners of the two sectors with a coordination requirement", NEED_CATALDO},
    [S_DONE] = {"needed_done", "", "of these, pairs with contact", NEED_CATALDO},
    [S_MISSING] = {"needed_missing", "", "of these, pairs without", NEED_CATALDO},
    [S_UNKNOWN] = {"needed_unknown", "", "of these, pairs that nobody who has reported would have told of", ""},
    [S_REQUIREMENT] = {"requirement", "weight", "their requirements summed", NEED_CATALDO},
    [S_CONGRUENCE] = {"congruence", "0..1", "needed_done / (needed_done + needed_missing)", NEED_CATALDO},
    [S_WEIGHTED] = {"weighted", "0..1", "requirement of the pairs with contact / requirement of all known pairs", NEED_CATALDO},
    [S_CONTACT] =
        {"contact", "observed / expected",
         "mean of ratio_configuration over the known needed pairs, by requirement: under 1 = those who need each other "
         "have less contact than their activity suggests; rows are sorted by its z",
         "Newman 2010, configuration model"},
    [S_EXPECTED] = {"contact_expected", "observed / expected",
                    "mean of contact when the same contacts are dealt out to the owners at random", NEED_QAP},
    [S_Z] = {"z", "", "how far contact is from there, in standard deviations", ""},
    [S_P_LOW] = {"p_low", "", "share of the permutations with as little contact, or less", "Phipson & Smyth 2010"},
    [S_Q_LOW] = {"q_low", "", "false discovery rate at which this pair of sectors would be called by p_low",
                 "Benjamini & Hochberg 1995"},
};

struct cell_row {
    int32_t a, b;
    double numbers[SECTOR_COLUMNS];
    double met, known; /* requirement */
};

static int compare_cells(const void *left, const void *right)
{
    const struct cell_row *a = left, *b = right;
    double x = a->numbers[S_Z], y = b->numbers[S_Z];
    if (isnan(x) != isnan(y))
        return isnan(x) ? 1 : -1;
    if (!isnan(x) && x != y)
        return x < y ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static void count_cells(const struct need_study *study, struct cell_row *cells)
{
    for (size_t i = 0; i < study->needed_count; i++) {
        const struct need_pair *pair = &study->pairs[study->needed[i]];
        if (pair->sectors < 0)
            continue;
        struct cell_row *cell = &cells[pair->sectors];
        cell->numbers[S_NEEDED]++;
        cell->numbers[S_REQUIREMENT] += pair->requirement;
        cell->numbers[pair->list == NEEDED_DONE ? S_DONE : pair->list == NEEDED_MISSING ? S_MISSING : S_UNKNOWN]++;
        cell->known += pair->list != NEEDED_UNKNOWN ? pair->requirement : 0;
        cell->met += pair->list == NEEDED_DONE ? pair->requirement : 0;
    }
}

bool need_sectors_table(const struct need_study *study, const struct label_null *nulls, struct result *result)
{
    size_t cells = study->cell_count, kept = 0;
    struct cell_row *rows = calloc(cells + 1, sizeof *rows);
    double *p = malloc((cells + 1) * sizeof *p);
    if (!rows || !p) {
        free(rows);
        free(p);
        return false;
    }
    for (int32_t a = 0; a < (int32_t)study->sector_count; a++)
        for (int32_t b = a; b < (int32_t)study->sector_count; b++) {
            rows[need_study_cell(study, a, b)].a = a;
            rows[need_study_cell(study, a, b)].b = b;
        }
    count_cells(study, rows);
    for (size_t c = 0; c < cells; c++) {
        const struct label_null *null = &nulls[NEED_CELLS + c];
        double *row = rows[c].numbers, known = row[S_DONE] + row[S_MISSING];
        bool varies = known > 0 && null->sd > 0;
        row[S_CONGRUENCE] = known > 0 ? row[S_DONE] / known : NAN;
        row[S_WEIGHTED] = rows[c].known > 0 ? rows[c].met / rows[c].known : NAN;
        row[S_CONTACT] = known > 0 ? null->observed : NAN;
        row[S_EXPECTED] = known > 0 ? null->mean : NAN;
        row[S_Z] = varies ? null->z : NAN;
        row[S_P_LOW] = p[c] = varies ? null->p_low : NAN;
    }
    bool done = multiple_benjamini_hochberg(p, cells, p);
    for (size_t c = 0; c < cells && done; c++) {
        rows[c].numbers[S_Q_LOW] = p[c];
        if (rows[c].numbers[S_NEEDED] > 0)
            rows[kept++] = rows[c];
    }
    if (kept > 1)
        qsort(rows, kept, sizeof *rows, compare_cells);
    size_t table = done ? result_add_table(result, "sectors", kept) : 0;
    for (size_t c = 0; c < 2 && done; c++) {
        char **texts = result_add_texts(result, table, &sector_texts[c]);
        for (size_t r = 0; texts && r < kept; r++)
            result_set_text(result, &texts[r], study->sectors[c == 0 ? rows[r].a : rows[r].b]);
    }
    for (size_t c = 0; c < SECTOR_COLUMNS && done; c++) {
        double *numbers = result_add_numbers(result, table, &sector_numbers[c]);
        for (size_t r = 0; numbers && r < kept; r++)
            numbers[r] = rows[r].numbers[c];
    }
    free(rows);
    free(p);
    return done;
}
